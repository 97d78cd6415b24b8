"""What leads on in a return, and what the staff are told. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.message import Audience, Topic
from mediation_engine.domain.workflow import Guidance

LEAD = frozenset({Audience.LEAD})
TOPICS: Mapping[str, Topic] = {
    "ReturnReplaced": Topic(words="有企业更正了月报", to=LEAD),
    "EntryHandedUp": Topic(words="企业转来一件纠纷，已自动立案，请安排承办", to=LEAD),
}
"""By name of the event."""


def towards_result(case: Case, key: str) -> tuple[type[Command], ...]:
    """Nothing of ours leads on: a case is opened by itself, and what becomes of it comes from there."""
    return ()


GUIDANCE = Guidance(
    onward={"entry": towards_result},
    also_called={
        "HandUp": ("上交", "上送", "交调解室"),
        "ReplaceReturn": ("改月报", "重报"),
    },
    met_in_form=frozenset({"is_month", "month_is_over", "zero_or_listed", "none_handed_up", "is_unsettled"}),
)
