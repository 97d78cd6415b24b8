"""The small machines beside the phases, shared by the workflows of 2026: one file each, its table on one screen."""

from .agreement import AGREEMENT
from .block import BLOCK
from .confirmation import CONFIRMATION
from .issue import ISSUE
from .obligation import OBLIGATION
from .party import PARTY
from .payment import PAYMENT
from .proceeding import PROCEEDING
from .session import SESSION
from .visit import VISIT

PARTS = (PARTY, ISSUE, BLOCK, SESSION, AGREEMENT, CONFIRMATION, PROCEEDING, OBLIGATION, PAYMENT, VISIT)
"""In the order their consequences are looked at."""
