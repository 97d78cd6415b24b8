"""A block: separate talks with one disputant or body. A caucus during a session is a talk in its block; what is said is its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import HOST_ONLY, OF_PARTY, Text, choice, ref, text
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
    manner: Contact = choice("方式", default=Contact.IN_PERSON)
    said: Text | None = text("对方说了什么", longest=3000, disclosure=OF_PARTY)
    offer: Text | None = text("提出的金额或条件", longest=300, disclosure=OF_PARTY)
    bottom_line: Text | None = text("底线", help="只有承办调解员可见")

    def home(self, case: Case) -> str | None:
        """Talks with the same disputant or body stand together, whether or not somebody says so."""
        if self.party is None and self.member is None:
            return None
        return next((key for key, block in facts_of(case).blocks.items() if _is_with(block, self)), None)


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
        block = facts.blocks.get(line.instance) or Block(party=self.given.party, member=self.given.member)
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


def _is_with(block: Block, talk: RecordTalk) -> bool:
    """Whether a block is with the same disputant or body."""
    return (block.party, block.member) == (talk.party, talk.member)


@guard("一次沟通只记一位当事人，或一个机关、单位", "policy", fixed=True)
def with_one(s: Situation) -> Answer:
    given = given_as(s, RecordTalk)
    return met_if(given is None or not (given.party and given.member))


@guard("沟通须记在该当事人本人名下，或该机关、单位名下", "policy", fixed=True)
def same_party(s: Situation) -> Answer:
    given = given_as(s, RecordTalk)
    if s.key is None or given is None:
        return MET
    return met_if(_is_with(facts_of(s).blocks[s.key], given))


R22 = "人民调解法 第22条"
FIRST, SAME = (with_one,), (same_party,)

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
