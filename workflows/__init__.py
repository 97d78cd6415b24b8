"""The content: which workflows there are. Phases and parts are tables; this floor reaches no database and no web."""

from mediation_engine.domain.workflow import Workflow

from .fast_track_2026 import FAST_TRACK


def installed() -> tuple[Workflow, ...]:
    """Every workflow of this package, each version beside the others."""
    return (FAST_TRACK,)
