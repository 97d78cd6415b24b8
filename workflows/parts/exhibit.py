"""An exhibit (材料): what people bring or sign, as a file. Filed at any time; never changed, only replaced or withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import ClassVar

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import (
    CHOSEN,
    HOST_ONLY,
    JOINT,
    Readers,
    Text,
    choice,
    chosen_label,
    files,
    ref,
    text,
)
from mediation_engine.domain.files import FileRef
from mediation_engine.domain.guard import MET, POLICY, Answer, given_as, guard, met_if
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import ALWAYS, Machine, Spawns, T
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY

from ..facts import Exhibit, MediationFacts, facts_of
from ..tabs import Tab
from ..vocabulary import DossierPlace, ExhibitKind, Side
from . import cards
from .states import ExhibitState as S

USUAL_PLACE = {
    ExhibitKind.IDENTITY: DossierPlace.IDENTITY,
    ExhibitKind.AUTHORITY: DossierPlace.AUTHORITY,
    ExhibitKind.EVIDENCE: DossierPlace.EVIDENCE,
    ExhibitKind.MINUTES: DossierPlace.MINUTES,
    ExhibitKind.SIGNED: DossierPlace.AGREEMENT,
    ExhibitKind.RECEIPT: DossierPlace.RECEIPT,
    ExhibitKind.VISIT: DossierPlace.VISIT,
}
"""Where a kind of paper lies in the dossier, unless somebody says otherwise."""
ABOUT = ("session", "agreement", "payment", "batch", "visit", "proceeding")
"""What an exhibit can belong to, by the names of its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileExhibit(Command):
    label: ClassVar[str] = "收存材料"
    help: ClassVar[str] = "照片、扫描件、录音、文书；一次交几个文件的，各收存为一件"
    kind: ExhibitKind = choice("种类")
    title: Text | None = text("名称", longest=100, disclosure=CHOSEN, help="如：身份证正面、转账回单；不要写证件号码")
    party: str | None = ref("谁的材料", "party", default=None)
    readers: Readers = choice("谁能看", default=Readers.JOINT)
    session: str | None = ref("哪次会议的", "session", default=None, rare=True)
    agreement: str | None = ref("哪份协议的", "agreement", default=None, rare=True)
    payment: str | None = ref("哪笔付款的", "payment", default=None, rare=True)
    batch: str | None = ref("哪次批量付款的", "batch", default=None, rare=True)
    visit: str | None = ref("哪次走访的", "visit", default=None, rare=True)
    proceeding: str | None = ref("哪个司法程序的", "proceeding", default=None, rare=True)
    place: DossierPlace | None = choice("卷内位置", default=None, help="不选就按种类放", rare=True)
    files: tuple[FileRef, ...] = files("文件")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInExhibit(Command):
    label: ClassVar[str] = "提交材料"
    help: ClassVar[str] = "当事人自己交来的；由调解员收下的，用“收存材料”"
    party: str = ref("谁的材料", "party")
    readers: Readers = choice("谁能看", default=Readers.OWN)
    kind: ExhibitKind = choice("种类", default=ExhibitKind.EVIDENCE)
    payment: str | None = ref("哪笔付款的", "payment", default=None)
    title: Text | None = text("名称", longest=100, disclosure=CHOSEN)
    files: tuple[FileRef, ...] = files("文件")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeExhibit(Command):
    label: ClassVar[str] = "用另一件替换"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "如拍糊了重拍的；原来的一件保留，注明已被替换"
    single: ClassVar[bool] = True
    by: str = ref("用哪一件替换", "exhibit", help="先收存新的一件")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawExhibit(Command):
    label: ClassVar[str] = "撤回材料"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "交错的、本人要求撤回的；原件仍保留，注明已撤回"
    gives_up: ClassVar[bool] = True
    reason: Text = text("原因", disclosure=HOST_ONLY, default=MISSING)


def filed(given: FileExhibit | HandInExhibit) -> Exhibit:
    """What is known of an exhibit but its file; nothing where a reader is not told."""
    if not isinstance(given.readers, Readers):
        return Exhibit()
    named = tuple(key for name in ABOUT if (key := getattr(given, name, None)) is not None)
    place = getattr(given, "place", None) or USUAL_PLACE.get(given.kind)
    label = chosen_label(given) or HOST_ONLY
    return Exhibit(kind=given.kind, title=given.title, party=given.party, label=label, about=named, place=place)


def _file(facts: MediationFacts, line: Line, given: FileExhibit | HandInExhibit) -> None:
    """Take in an exhibit, and what was handed in with it."""
    exhibit = filed(given)
    if exhibit.kind is not None:
        first, *others = given.files
        exhibit = replace(exhibit, file=first)
        facts.to_file = tuple((line.instance, file) for file in others)
    facts.exhibits[line.instance] = exhibit


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitFiled(Event[FileExhibit]):
    label: ClassVar[str] = "材料已收存"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _file(facts, line, self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitHandedIn(Event[HandInExhibit]):
    label: ClassVar[str] = "当事人提交了材料"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _file(facts, line, self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitFiledWith(Event[None]):
    label: ClassVar[str] = "材料一并收存"
    given: None = None
    first: str
    """The exhibit that it was handed in with."""

    def apply(self, facts: MediationFacts, line: Line) -> None:
        file = facts.to_file[0][1] if facts.to_file else None
        facts.to_file = facts.to_file[1:]
        facts.exhibits[line.instance] = replace(facts.exhibits[self.first], file=file)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitBrought(Event[None]):
    label: ClassVar[str] = "申请时交的材料已收存"
    given: None = None

    def apply(self, facts: MediationFacts, line: Line) -> None:
        file, facts.brought = next(iter(facts.brought), None), facts.brought[1:]
        facts.exhibits[line.instance] = Exhibit() if file is None else _brought(facts, file)


def _brought(facts: MediationFacts, file: FileRef) -> Exhibit:
    """What an applicant handed in: nobody has looked yet at what it shows, so it is for the mediators alone."""
    applicant = next((key for key, party in facts.parties.items() if party.side is Side.APPLICANT), None)
    kind = ExhibitKind.EVIDENCE
    return Exhibit(kind=kind, file=file, party=applicant, label=HOST_ONLY, place=USUAL_PLACE[kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitSuperseded(Event[SupersedeExhibit]):
    label: ClassVar[str] = "材料已被替换"

    def apply(self, facts: MediationFacts, line: Line) -> None:
        facts.exhibits[line.instance] = replace(facts.exhibits[line.instance], replaced_by=self.given.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitWithdrawn(Event[WithdrawExhibit]):
    label: ClassVar[str] = "材料已撤回"


def handed_in_with(case: Case) -> Iterator[ExhibitFiledWith]:
    """An exhibit for each further file."""
    return (ExhibitFiledWith(first=first) for first, _ in facts_of(case).to_file)


def brought(case: Case) -> Iterator[ExhibitBrought]:
    """An exhibit for each file that came with an application."""
    return (ExhibitBrought() for _ in facts_of(case).brought)


@guard("请选择要收存的文件", "policy", fixed=True, of_form=True)
def file_given(s: Situation) -> Answer:
    given = given_as(s, FileExhibit) or given_as(s, HandInExhibit)
    return met_if(given is None or bool(given.files))


@guard("只给本人看的，请写明是谁的材料", "policy", fixed=True, of_form=True)
def own_named(s: Situation) -> Answer:
    given = given_as(s, FileExhibit)
    return met_if(given is None or given.readers is not Readers.OWN or given.party is not None)


@guard("身份证明、授权材料应写明是谁的", "policy")
def owner_named(s: Situation) -> Answer:
    given = given_as(s, FileExhibit)
    if given is None:
        return MET
    return met_if(given.party is not None or given.kind not in (ExhibitKind.IDENTITY, ExhibitKind.AUTHORITY))


@guard("替换它的须是另一件收存着的材料，给同样的人看", "policy", fixed=True, of_form=True)
def same_readers(s: Situation) -> Answer:
    given, facts = given_as(s, SupersedeExhibit), facts_of(s)
    if given is None:
        return MET
    old, new = facts.exhibits[s.key or ""], facts.exhibits[given.by]
    return met_if(given.by != s.key and s.case.is_in(given.by, S.FILED) and old.label == new.label)


PLACE = "人民调解法 第27条"

# fmt: off
ROWS = (
    # from    command           to            by        only if                  records             basis
    T(None,   FileExhibit,      S.FILED,      MEDIATOR, (file_given, own_named), ExhibitFiled,       PLACE, (owner_named,)),
    T(None,   HandInExhibit,    S.FILED,      PARTY,    (file_given,),           ExhibitHandedIn,    PLACE),
    T(S.FILED, SupersedeExhibit, S.SUPERSEDED, MEDIATOR, (same_readers,),        ExhibitSuperseded,  POLICY),
    T(S.FILED, WithdrawExhibit, S.WITHDRAWN,  MEDIATOR, (),                      ExhibitWithdrawn,   POLICY),
    Spawns(S.FILED, handed_in_with, ExhibitFiledWith, PLACE),
    Spawns(S.FILED, brought, ExhibitBrought, PLACE),
)
# fmt: on


def apart(case: Case, key: str) -> bool:
    """Whether an exhibit is not for everybody."""
    exhibit = facts_of(case).exhibits.get(key)
    return exhibit is None or exhibit.label != JOINT


EXHIBIT = Machine.declare(
    "exhibit",
    "材料",
    S,
    ROWS,
    final={S.SUPERSEDED, S.WITHDRAWN},
    resting={S.FILED},
    alive=ALWAYS,
    shown=Presentation(
        title="材料",
        tab=Tab.PAPERS,
        empty="还没有收存材料。",
        place=44,
        card=cards.exhibit,
        apart=apart,
        summary=cards.exhibit_summary,
    ),
)
