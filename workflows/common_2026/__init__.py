"""The small machines beside the phases, shared by the workflows of 2026: one file each, its table on one screen."""

from .agreement import AGREEMENT
from .attempt import ATTEMPT
from .block import BLOCK
from .cohort import COHORT
from .confirmation import CONFIRMATION
from .grading import GRADING
from .host import HOST
from .issue import ISSUE
from .member import MEMBER
from .note import NOTE
from .obligation import OBLIGATION
from .party import PARTY
from .payment import PAYMENT
from .proceeding import PROCEEDING
from .risk import RISK
from .session import SESSION
from .suspension import SUSPENSION
from .term import EXTENSION
from .visit import VISIT

PARTS = (
    HOST,
    PARTY,
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
    PAYMENT,
    VISIT,
    RISK,
    SUSPENSION,
    EXTENSION,
    NOTE,
)
"""In the order their consequences are looked at."""
