"""Facts of a monthly return: what was stated, when, by whom; the small disputes that were listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, cast

from msgspec import Struct

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.facts import CaseFacts, ListRow, fact
from mediation_engine.domain.fields import Text
from mediation_engine.domain.month import Month
from mediation_engine.domain.occurred import Occurred

from ...vocabulary import Grievance, News
from .vocabulary import UP, EntryState, Reported, ReportManner, Result

OTHER = "/other"
"""After the key of the first small dispute: the enterprise that all of them are with."""


class Statement(Struct, frozen=True, kw_only=True):
    """What was stated of the month, once; a later one takes its place."""

    nothing: Annotated[bool, fact("本月无新纠纷")]
    signer: Annotated[Text, fact("签名的人")]
    filed: Annotated[Occurred, fact("报的时间")]
    late: Annotated[bool, fact("补报")] = False
    manner: Annotated[ReportManner, fact("怎样报的")] = ReportManner.LINK


class Entry(Struct, frozen=True, kw_only=True):
    """A small dispute in the enterprise."""

    worker: Annotated[str, fact("职工", "person")]
    other: Annotated[str, fact("对方", "person")]
    about: Annotated[Grievance, fact("什么事")]
    result: Annotated[Result, fact("结果")]
    state: Annotated[EntryState, fact("现状")] = EntryState.LISTED
    people: Annotated[int, fact("职工人数")] = 1
    amount: Annotated[int | None, fact("金额", "money")] = None
    raised: Annotated[str, fact("哪天提出")] = ""
    words: Annotated[Text | None, fact("简要情况")] = None
    told: Annotated[bool, fact("已告知可以找调解室")] = False
    statement: Annotated[int, fact("第几次填报")] = 1
    case: Annotated[str | None, fact("案件")] = None
    news: Annotated[News | None, fact("调解室的结果")] = None

    @property
    def stands(self) -> bool:
        """Whether it is part of the return as it is now."""
        return self.state is not EntryState.REPLACED


@dataclass
class ReturnFacts(CaseFacts):
    """All facts of the return of one committee for one month."""

    month: Annotated[str, fact("月份")] = ""
    expected: Annotated[bool, fact("应报")] = True
    """Whether the committee was there at the end of the month."""
    announced: Annotated[tuple[Entry, ...], fact("尚待列入的纠纷")] = ()
    """Small disputes that the same order is to bring in."""
    stating: Annotated[tuple[Statement, ...], fact("尚待列入的填报")] = ()
    """The statement that the same order is to bring in."""
    statements: dict[str, Statement] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def statement(self) -> Statement | None:
        """What is stated of the month now: the last."""
        return next(reversed(self.statements.values()), None)

    @property
    def reported(self) -> Reported:
        """How the month stands."""
        held = self.statement
        return Reported.MISSING if held is None else Reported.ZERO if held.nothing else Reported.LISTED

    @property
    def was_late(self) -> bool:
        """Whether it was first reported after its day."""
        first = next(iter(self.statements.values()), None)
        return first is not None and first.late

    def standing(self) -> dict[str, Entry]:
        """The small disputes of the return as it is now."""
        return {key: it for key, it in self.entries.items() if it.stands}

    def unsettled(self) -> list[str]:
        """Those (keys) that the enterprise has not settled, and that the room could take."""
        found = self.standing().items()
        return [key for key, it in found if it.result is not Result.SETTLED and it.state not in UP]

    def handed_up(self) -> list[str]:
        """Those (keys) that are in the hands of the room."""
        return [key for key, it in self.entries.items() if it.state in UP]

    # -- what the engine asks

    def people(self) -> Mapping[str, str]:
        return {key: it.worker for key, it in self.entries.items()}

    def others(self) -> Mapping[str, str]:
        """The enterprise, once: by the first of its disputes."""
        return {key + OTHER: it.other for key, it in [*self.standing().items()][:1]}

    def sides(self) -> Sequence[tuple[str, Sequence[str]]]:
        entries = tuple(self.standing())
        return [("职工", entries), ("单位", (entries[0] + OTHER,))] if entries else []

    def subject(self) -> tuple[str, ...]:
        month = Month.read(self.month)
        return tuple(filter(None, (f"{month.label}月报" if month else "", self.reported.label)))

    def named_by(self, key: str) -> tuple[str, ...]:
        entry = self.entries.get(key)
        return (entry.worker,) if entry else ()

    def linked(self) -> Sequence[str]:
        return tuple(it.case for it in self.entries.values() if it.case)

    def list_row(self, is_over: Callable[[str], bool]) -> ListRow:
        return ListRow(parties=len(self.standing()))


def facts_of(of: Case | Situation) -> ReturnFacts:
    """Facts of a return: of one, or of what a guard sees."""
    return cast(ReturnFacts, of.facts)
