"""The small machines beside the phases, in the order of the workflows of 2026."""

from ..parts.agreement import AGREEMENT
from ..parts.assignment import ASSIGNMENT
from ..parts.batch import BATCH
from ..parts.block import BLOCK
from ..parts.call import CALL
from ..parts.capacity import CAPACITY
from ..parts.cohort import COHORT
from ..parts.confirmation import CONFIRMATION
from ..parts.data_request import DATA_REQUEST
from ..parts.delivery import DELIVERY
from ..parts.erasure import ERASURE
from ..parts.exhibit import EXHIBIT
from ..parts.extension import EXTENSION
from ..parts.grading import GRADING
from ..parts.host import HOST
from ..parts.issue import ISSUE
from ..parts.loan import LOAN
from ..parts.member import MEMBER
from ..parts.note import NOTE
from ..parts.obligation import OBLIGATION
from ..parts.origin import ORIGIN
from ..parts.party import PARTY
from ..parts.payment import PAYMENT
from ..parts.prior_attempt import ATTEMPT
from ..parts.proceeding import PROCEEDING
from ..parts.risk import RISK
from ..parts.session import SESSION
from ..parts.statement import STATEMENT
from ..parts.suspension import SUSPENSION
from ..parts.visit import VISIT

PARTS = (
    HOST,
    PARTY,
    CAPACITY,
    COHORT,
    ISSUE,
    GRADING,
    ATTEMPT,
    BLOCK,
    MEMBER,
    SESSION,
    AGREEMENT,
    CONFIRMATION,
    PROCEEDING,
    OBLIGATION,
    BATCH,
    PAYMENT,
    VISIT,
    RISK,
    SUSPENSION,
    EXTENSION,
    EXHIBIT,
    STATEMENT,
    DELIVERY,
    LOAN,
    NOTE,
    ORIGIN,
    CALL,
    DATA_REQUEST,
    ERASURE,
    ASSIGNMENT,
)
"""In the order their consequences are looked at."""
