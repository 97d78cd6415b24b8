"""Facts of a matter: its kind as it was when it came, what was filled in, who has it in hand, what was done, how it
ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, cast

from msgspec import Struct

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.facts import ListRow, fact
from mediation_engine.domain.fields import Text
from mediation_engine.domain.item_kind import ItemEnding, ItemKind, Stage
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind

from ...phases.intake import PartyRow
from ...vocabulary import Side, Source
from ..outcome import ItemFacts, Sent
from ..vocabulary import OutcomeState
from .vocabulary import Content, Manner, Standing

ENTRY = "entry/1"
"""The first phase, which every matter has once."""
SIDES = {Standing.ASKER: Side.APPLICANT, Standing.OTHER: Side.RESPONDENT, Standing.RELATED: Side.RELATED}
UNDONE = frozenset({OutcomeState.BREACHED, OutcomeState.FAILED})
"""What of a case undoes that a matter is over."""


class Concerned(Struct, frozen=True, kw_only=True):
    """Somebody whom the matter is about."""

    person: Annotated[str, fact("姓名或名称", "person")]
    standing: Annotated[Standing, fact("是谁")]
    kind: Annotated[PartyKind, fact("主体")] = PartyKind.PERSON


class Filled(Struct, frozen=True, kw_only=True):
    """What was filled in for a field of the kind."""

    field: Annotated[str, fact("哪一项")]
    words: Annotated[Text | None, fact("文字")] = None
    day: Annotated[date | None, fact("日期")] = None
    number: Annotated[int | None, fact("数目")] = None
    amount: Annotated[int | None, fact("金额", "money")] = None
    said: Annotated[bool, fact("是")] = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was."""
        return not (self.words or self.day or self.number or self.amount is not None or self.said)


class Measure(Struct, frozen=True, kw_only=True):
    """Something that was done about it."""

    manner: Annotated[Manner, fact("方式")]
    made: Annotated[Occurred, fact("时间")]
    people: Annotated[int | None, fact("出动人数")] = None


class Rating(Struct, frozen=True, kw_only=True):
    """How content somebody is."""

    content: Annotated[Content, fact("满意不满意")]
    said: Annotated[Occurred, fact("时间")]


@dataclass
class MatterFacts(ItemFacts):
    """All facts of one matter."""

    kind: Annotated[ItemKind | None, fact("种类")] = None
    """As it was when the matter came."""
    district: Annotated[str, fact("片区")] = ""
    district_name: Annotated[str, fact("片区名称")] = ""
    came: Annotated[Occurred | None, fact("来的时间")] = None
    reception: Annotated[date | None, fact("接访日")] = None
    """The reception day on which it came; None where it came on another day, or does not belong to one."""
    filled: Annotated[tuple[Filled, ...], fact("填写的内容")] = ()
    """What was filled in, in the order of the kind's fields."""
    announced: Annotated[tuple[Concerned, ...], fact("登记时写明、尚待列入的人")] = ()
    """People named at registration whom the same order is to bring in."""
    reported_by: Annotated[str | None, fact("上报的网格员", "staff")] = None
    """The grid worker who registered it himself."""
    meeting: Annotated[str | None, fact("哪次例会布置的")] = None
    """The meeting (id) that gave it to somebody to do."""
    handler: Annotated[str | None, fact("承办人", "staff")] = None
    assigned: Annotated[Occurred | None, fact("交办时间")] = None
    due: Annotated[date | None, fact("交办的期限")] = None
    """The day set when it was assigned."""
    signed: Annotated[Occurred | None, fact("签收时间")] = None
    answered: Annotated[Occurred | None, fact("反馈时间")] = None
    verified: Annotated[Occurred | None, fact("核实时间")] = None
    ending: Annotated[str | None, fact("怎样办结")] = None
    """How it ended (code of the kind)."""
    ground: Annotated[str | None, fact("认定依据")] = None
    """By what that was recognised (code)."""
    ended: Annotated[Occurred | None, fact("办结时间")] = None
    first_ended: Annotated[Occurred | None, fact("第一次办结的时间")] = None
    again: Annotated[Occurred | None, fact("重新办理的时间")] = None
    undone_before: Annotated[tuple[str, ...], fact("办结时已知没有办成的处置")] = ()
    """Outcomes (keys) that had come to nothing when it ended."""
    ratings_before: Annotated[int, fact("办结前的评价")] = 0
    """How many ratings there were when it ended."""
    measures_before: Annotated[int, fact("重新办理前的办理记录")] = 0
    """How many measures there were when it was last taken up again."""
    has_sheet: Annotated[bool, fact("登记内容已列入")] = False
    concerned: dict[str, Concerned] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    ratings: dict[str, Rating] = field(default_factory=dict)

    def passes(self, stage: Stage) -> bool:
        """Whether it passes a stage."""
        return self.kind is not None and self.kind.passes(stage)

    def day(self, field: str) -> date | None:
        """The day that was filled in for a field."""
        return next((it.day for it in self.filled if it.field == field), None)

    @property
    def how(self) -> ItemEnding | None:
        """How it ended, in full; None while it is open."""
        return self.kind.ending(self.ending) if self.kind and self.ending else None

    @property
    def deadline(self) -> date | None:
        """The day that was set for its end: when it was assigned, or by what was filled in."""
        ends = (self.day(it.field) for it in (self.kind.deadlines if self.kind else ()) if it.stage is Stage.END)
        return self.due or next(filter(None, ends), None)

    @property
    def in_time(self) -> bool | None:
        """Whether it first ended by the day that was set; None where it has not, or none was."""
        done = self.first_ended.day if self.first_ended else None
        return done <= self.deadline if done and self.deadline else None

    @property
    def is_handled_now(self) -> bool:
        """Whether something was done since it came, or was last taken up again; to open a case is something."""
        return len(self.measures) > self.measures_before or bool(self.outcomes and self.again is None)

    @property
    def is_taken_ill(self) -> bool:
        """Whether somebody said since it was last in hand that he is not content."""
        return any(it.content is Content.NOT for it in tuple(self.ratings.values())[self.ratings_before :])

    def undone(self) -> tuple[str, ...]:
        """Outcomes (keys) of which nothing came, or that are not kept."""
        return tuple(key for key, it in self.outcomes.items() if it.state in UNDONE)

    def linked(self) -> Collection[str]:
        return (*ItemFacts.linked(self), *([self.meeting] if self.meeting else []))

    # -- of a case that it leads to

    def for_case(self) -> tuple[PartyRow, ...]:
        people = self.concerned.values()
        return tuple(PartyRow(person=it.person, side=SIDES[it.standing], kind=it.kind) for it in people)

    def sent(self) -> Sent:
        return Sent(source=(Source.named(self.kind.source) if self.kind else None) or Source.OTHER)

    # -- what the engine asks

    def people(self) -> Mapping[str, str]:
        return {key: one.person for key, one in self.concerned.items()}

    def sides(self) -> Sequence[tuple[str, Sequence[str]]]:
        by = [(it, [key for key, one in self.concerned.items() if one.standing is it]) for it in Standing]
        return [(self.called(it), keys) for it, keys in by if keys]

    def called(self, standing: Standing) -> str:
        """What somebody is called who is in it as this."""
        return self.kind.asker if self.kind and standing is Standing.ASKER else standing.label

    def staff(self) -> Mapping[str, str]:
        return {ENTRY: self.handler} if self.handler else {}

    def lead_mediator(self) -> str | None:
        return self.handler

    def reporter(self) -> str | None:
        return self.reported_by

    def subject(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.kind.label if self.kind else "", self.district_name)))

    def named_by(self, key: str) -> tuple[str, ...]:
        return (self.concerned[key].person,) if key in self.concerned else ()

    def code_words(self, field: str, code: str) -> str:
        if field == "district" and code == self.district:
            return self.district_name
        if field == "kind" and self.kind and code == self.kind.code:
            return self.kind.label
        return dict(self.codes(field, ())).get(code, "")

    def codes(self, field: str, on: Sequence[str]) -> Sequence[tuple[str, str]]:
        if field == "field" and self.kind:
            return [(it.code, it.label) for it in self.kind.fields]
        if field == "ending" and self.kind:
            return [(it.code, it.label) for it in self.kind.endings]
        if field == "ground" and self.kind:
            return list(dict.fromkeys(pair for it in self.kind.endings for pair in it.grounds))
        return ()

    def list_row(self, is_over: Callable[[str], bool]) -> ListRow:
        kind = self.kind.code if self.kind else None
        district = self.district or None
        return ListRow(parties=len(self.concerned), district=district, kind=kind, reporter=self.reported_by)


def facts_of(of: Case | Situation) -> MatterFacts:
    """Facts of a matter: of one, or of what a guard sees."""
    return cast(MatterFacts, of.facts)
