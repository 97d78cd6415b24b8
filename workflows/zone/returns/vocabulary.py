"""Words of a monthly return: how a month stands, what became of a small dispute."""

from __future__ import annotations

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.matter import Matter

RETURN = Matter(code="return", label="月报")


class Reported(Labelled):
    """How the month of a committee stands."""

    LISTED = "listed", "有纠纷"
    ZERO = "zero", "本月无新纠纷"
    MISSING = "missing", "未报"


class Result(Labelled):
    """What became of a small dispute in the enterprise itself."""

    SETTLED = "settled", "已化解"
    GOING_ON = "going_on", "还在调"
    FAILED = "failed", "没有调成"


class ReportManner(Labelled):
    """How a return reached the room."""

    LINK = "link", "链接"
    PAPER = "paper", "纸面"
    CALL = "call", "电话（补签）"


class EntryState(Labelled):
    """How a small dispute stands: with the enterprise, or handed up to the room and what becomes of it there."""

    LISTED = "listed", "在企业"
    WAITING = "waiting", "待立案"
    HANDED_UP = "handed_up", "已转调解室"
    REPLACED = "replaced", "已更正"


UP = frozenset({EntryState.WAITING, EntryState.HANDED_UP})
"""Those that are in the hands of the room."""
