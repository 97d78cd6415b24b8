"""What leads on in a return, and what the staff are told. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.message import Audience, Topic
from mediation_engine.domain.proposal import Proposed, Usual
from mediation_engine.domain.workflow import Guidance

from .entry import HandUp
from .facts import facts_of

LEAD = frozenset({Audience.LEAD})
TOPICS: Mapping[str, Topic] = {
    "ReturnReplaced": Topic(words="有企业更正了月报", to=LEAD),
    "EntryHandedUp": Topic(words="企业转来一件纠纷，已自动立案，请安排承办", to=LEAD),
}
"""By name of the event."""


def _unsettled(case: Case, _: date) -> Iterator[Proposed]:
    entries = facts_of(case).entries
    for key in facts_of(case).unsettled():
        yield Proposed(on=(key,), why=f"企业{entries[key].result.label}，要调解室来调的")


NEXT = (Usual(HandUp, _unsettled),)
GUIDANCE = Guidance(
    next=NEXT,
    from_elsewhere=frozenset({"entry"}),
    also_called={
        "HandUp": ("上交", "上送", "交调解室"),
        "ReplaceReturn": ("改月报", "重报"),
    },
    met_in_form=frozenset({"is_month", "month_is_over", "zero_or_listed", "none_handed_up", "is_unsettled"}),
)
