"""A made-up room of today: people with numbers and papers, cases in every phase, told as if it had worked for months.

Nothing here is real. Every order goes through the one door at a moment of its own, by a clock that is handed in, so the
record reads like any other and is audited like any other. A later feature adds its case in `cases/`.
"""

from .room import ROOM, STAFF, SURROUNDINGS, with_campaign
from .teller import ROOM_ITSELF, World, told_in

__all__ = ["ROOM", "ROOM_ITSELF", "STAFF", "SURROUNDINGS", "World", "told_in", "with_campaign"]
