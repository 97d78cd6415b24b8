"""The cases of the made-up room. A later feature adds its own to the file of its subject, or a file of its own here."""

from .alerts import ALERTS
from .labour import LABOUR
from .matters import MATTERS
from .meetings import MEETINGS
from .people import PEOPLE

STORIES = (*LABOUR, *PEOPLE, *ALERTS, *MATTERS, *MEETINGS)
"""In no order that matters: what is told when, the steps say."""

__all__ = ["STORIES"]
