"""Words of what an item of the zone leads to, whatever kind of item it is."""

from __future__ import annotations

from mediation_engine.domain.labels import Labelled


class Program(Labelled):
    """By which workflow (its family) a case is opened for it."""

    FAST_TRACK = "fast_track", "速调"
    CONSULTATION = "consultation", "五方会诊"


class OutcomeKind(Labelled):
    """Which way an item was taken; several may follow one another."""

    ON_THE_SPOT = "on_the_spot", "当场化解"
    MEDIATION = "mediation", "转调解"
    PANEL = "panel", "升级五方会诊"
    LINKED = "linked", "并入已有案件"


class OutcomeState(Labelled):
    """How it stands: settled at once, or as the case that it led to stands on its issue."""

    SETTLED = "settled", "已当场化解"
    WAITING = "waiting", "待立案"
    MEDIATING = "mediating", "调解中"
    AGREED = "agreed", "已达成协议"
    PERFORMED = "performed", "已履行"
    BREACHED = "breached", "没有按协议履行"
    FAILED = "failed", "没有调成"


RUNNING = frozenset({OutcomeState.WAITING, OutcomeState.MEDIATING, OutcomeState.AGREED})
"""Those that something is still to come of."""
TO_TELL = frozenset(OutcomeState) - {OutcomeState.WAITING, OutcomeState.MEDIATING}
"""Those that are told to who sent it (治安管理处罚法 第9条: it depends on them whether somebody is punished)."""
