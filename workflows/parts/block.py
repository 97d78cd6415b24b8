"""A block: separate talks with one disputant or body. A caucus during a session is a talk in its block; what is said is its own."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_command
from typing import ClassVar, Self

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import HOST_ONLY, OF_PARTY, Text, choice, ref, refs, text
from mediation_engine.domain.guard import MET, Answer, given_as, guard, met_if
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR

from ..facts import Block, MediationFacts, facts_of
from ..tabs import Tab
from . import cards
from .queries import TALKS
from .states import BlockState as S


class Contact(Labelled):
    """How a party was spoken to."""

    IN_PERSON = "in_person", "当面"
    VISIT = "visit", "上门"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"
    CHAT = "chat", "微信"
    CAUCUS = "caucus", "会中单独谈"
    UNREPORTED = "unreported", "不清楚"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTalk(Command):
    label: ClassVar[str] = "记录单独沟通"
    party: str | None = ref(
        "当事人", "party", default=None, disclosure=HOST_ONLY, help="与机关、单位谈的，或不知与谁谈的，留空"
    )
    member: str | None = ref(
        "机关、单位", "member", default=None, disclosure=HOST_ONLY, help="与会诊成员所在的机关、单位分头沟通"
    )
    also: tuple[str, ...] = refs(
        "同时在场的还有",
        "party",
        disclosure=HOST_ONLY,
        beside="party",
        help="几位当事人一起谈的，其余的勾在这里，各人名下都记一次；原话只归在上面那一位名下",
    )
    manner: Contact = choice("方式", default=Contact.IN_PERSON)
    said: Text | None = text("对方说了什么", longest=3000, disclosure=OF_PARTY)
    offer: Text | None = text("提出的金额或条件", longest=300, disclosure=OF_PARTY)
    bottom_line: Text | None = text("底线")

    def home(self, case: Case) -> str | None:
        """Talks with the same disputant or body stand together, whether or not somebody says so."""
        if self.party is None and self.member is None:
            return None
        return _block_with(case, self.party, self.member)

    def homes(self, case: Case) -> tuple[str | None, ...]:
        return tuple(_block_with(case, party, None) for party in self.whom) if self.also else ()

    def completed(self, case: Case) -> Self:
        """Whoever it was with is not there a second time."""
        return replace_command(self, also=tuple(key for key in self.also if key != self.party))

    @property
    def whom(self) -> tuple[str | None, ...]:
        """The parties it was with, as far as that is told."""
        return (self.party, *(self.also if isinstance(self.also, tuple) else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkReady(Command):
    label: ClassVar[str] = "可以坐下来谈了"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSettled(Command):
    label: ClassVar[str] = "工作做通了"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkBlocked(Command):
    label: ClassVar[str] = "谈不拢"
    one_by_one: ClassVar[bool] = True
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("卡在哪里")


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRecorded(Event[RecordTalk]):
    label: ClassVar[str] = "已单独沟通"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        whom = self.given.whom
        party = whom[min(line.ordinal, len(whom) - 1)]
        block = facts.blocks.get(line.instance) or Block(party=party, member=self.given.member)
        counted = line.provenance is not Provenance.ASSUMED
        facts.blocks[line.instance] = replace(block, talks=block.talks + counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockReady(Event[MarkReady]):
    label: ClassVar[str] = "一方可以坐下来谈了"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSettled(Event[MarkSettled]):
    label: ClassVar[str] = "一方工作做通了"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockStuck(Event[MarkBlocked]):
    label: ClassVar[str] = "一方谈不拢"


def _block_with(case: Case, party: str | None, member: str | None) -> str | None:
    """The block with a disputant or body."""
    blocks = facts_of(case).blocks.items()
    return next((key for key, block in blocks if (block.party, block.member) == (party, member)), None)


@guard("一次沟通只记一位当事人，或一个机关、单位", "policy", fixed=True)
def with_one(s: Situation) -> Answer:
    given = given_as(s, RecordTalk)
    return met_if(given is None or not (given.party and given.member))


@guard("几个人一起谈的，先选一位当事人，其余的各勾一次；不与机关、单位写在一起", "policy", fixed=True, of_form=True)
def together_apart(s: Situation) -> Answer:
    given = given_as(s, RecordTalk)
    if given is None or not given.also:
        return MET
    return met_if(given.party is not None and given.member is None and len(set(given.whom)) == len(given.whom))


@guard("沟通须记在该当事人本人名下，或该机关、单位名下", "policy", fixed=True)
def same_party(s: Situation) -> Answer:
    given = given_as(s, RecordTalk)
    if s.key is None or given is None:
        return MET
    block = facts_of(s).blocks[s.key]
    return met_if(block.party in given.whom and block.member == given.member)


R22 = "人民调解法 第22条"
FIRST, SAME = (with_one, together_apart), (same_party, together_apart)

# fmt: off
ROWS = (
    # from       command      to         by        only if records       basis
    T(None,      RecordTalk,  S.OPEN,    MEDIATOR, FIRST,  TalkRecorded, R22),
    T(S.OPEN,    RecordTalk,  S.OPEN,    MEDIATOR, SAME,   TalkRecorded, R22),
    T(S.READY,   RecordTalk,  S.OPEN,    MEDIATOR, SAME,   TalkRecorded, R22),
    T(S.SETTLED, RecordTalk,  S.OPEN,    MEDIATOR, SAME,   TalkRecorded, R22),
    T(S.BLOCKED, RecordTalk,  S.OPEN,    MEDIATOR, SAME,   TalkRecorded, R22),
    T(S.OPEN,    MarkReady,   S.READY,   MEDIATOR, (),     BlockReady,   "policy"),
    T(S.OPEN,    MarkSettled, S.SETTLED, MEDIATOR, (),     BlockSettled, "policy"),
    T(S.OPEN,    MarkBlocked, S.BLOCKED, MEDIATOR, (),     BlockStuck,   "policy"),
)
# fmt: on

BLOCK = Machine.declare(
    "block",
    "分头沟通",
    S,
    ROWS,
    resting={S.OPEN, S.READY, S.SETTLED, S.BLOCKED},
    alive=TALKS,
    shown=Presentation(
        title="分头沟通",
        tab=Tab.TALKS,
        rows=True,
        empty="还没有分别谈过。",
        place=42,
        joint=False,
        urgent=frozenset({S.BLOCKED}),
        card=cards.block,
        summary=cards.block_summary,
    ),
)
