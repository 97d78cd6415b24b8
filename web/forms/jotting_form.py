"""A jotting as it is made, and what a form says that begins from one: its words, and its own time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Readers, fields_of
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.days import typed_when
from mediation_engine.services.jottings import LONGEST, Opened
from workflows.parts.block import RecordTalk
from workflows.parts.exhibit import FileExhibit
from workflows.parts.note import RecordNote
from workflows.parts.visit import RecordVisit
from workflows.phases.intake import RegisterCase
from workflows.vocabulary import ExhibitKind

from ..presenters.jottings import LONGEST_TITLE
from .command_form import ID, PREFIX, Typed
from .occurred_field import WHEN

JOTTING = "jotting"
"""What a form and an address call the jotting that is filed with it."""
WORDS, CASE = "words", "case"
SAYS: dict[str, str] = {
    RecordTalk.name(): "said",
    RecordVisit.name(): "said",
    RecordNote.name(): "words",
    FileExhibit.name(): "title",
    RegisterCase.name(): "matter",
}
"""As what a jotting can be filed, and the field that takes its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JottingForm:
    """A jotting as it was typed."""

    typed: Typed

    @classmethod
    def begun(cls, typed: Typed) -> JottingForm:
        """An empty one, about a case where the address names it."""
        fresh = MultiDict({CASE: typed.get(CASE, "")})
        fresh[ID] = new_id(system_randomness, 16)
        return cls(typed=fresh)

    @property
    def words(self) -> str:
        return self.typed.get(WORDS, "").strip()

    @property
    def case(self) -> str | None:
        """The case it is about, where one was chosen."""
        return self.typed.get(CASE, "")[:64] or None

    def checked(self, files: int) -> dict[str, list[str]]:
        """What is wrong with it."""
        wrong = dict[str, list[str]]()
        if not self.words and not files:
            wrong[WORDS] = ["写一句话、拍张照片或者录一段音，至少要有一样"]
        if len(self.words) > LONGEST:
            wrong[WORDS] = [f"最多 {LONGEST} 个字，现在 {len(self.words)} 个；请分两条记"]
        if not re.fullmatch(r"[0-9A-Za-z-]{8,64}", self.typed.get(ID, "")):
            wrong[ID] = ["这张表不完整，请重新打开再记；文字可以先复制下来"]
        return wrong


HOW: dict[str, tuple[str, ...]] = {
    "电话": ("来电", "电话"),
    "微信": ("微信",),
    "视频": ("视频",),
    "上门": ("上门", "到他家", "到她家"),
    "来访": ("来访", "来室里", "到室里"),
}
"""Words by which a jotting says how somebody was spoken to, by the label of the choice."""
HOWEVER, WHOM = "manner", "party"
"""The fields that say how, and to whom."""


def said_of(words: str, command: type[Command], parties: Mapping[str, str]) -> dict[str, str]:
    """What a jotting plainly says of how and to whom somebody spoke: fields of a form, where only one can be meant.

    `parties` are their names by key.
    """
    fields, found = {spec.name: spec for spec in fields_of(command)}, dict[str, str]()
    whom = [key for key, name in parties.items() if name and name in words]
    if WHOM in fields and len(whom) == 1:
        found[WHOM] = whom[0]
    how = [label for label, said in HOW.items() if any(it in words for it in said)]
    choices = fields[HOWEVER].choices or () if HOWEVER in fields else ()
    manner = [it for it in choices if isinstance(it, Labelled) and [it.label] == how]
    return found | ({HOWEVER: manner[0].code} if manner else {})


def begun_with(it: Opened, typed: Typed, command: str, said: Mapping[str, str] = MappingProxyType({})) -> Typed:
    """What a form says that begins from a jotting: the words, when it was made, and what these say of other fields."""
    made, filled = it.made.astimezone(CHINA), MultiDict(typed)
    for name, value in said.items():
        filled.setdefault(PREFIX + name, value)
    filled.setdefault(PREFIX + SAYS[command], it.words[:LONGEST_TITLE] if command == FileExhibit.name() else it.words)
    filled.setdefault(WHEN, typed_when(Occurred.read(f"{made:%Y-%m-%dT%H:%M}")))
    return filled


def exhibit_order(order: Order) -> Order:
    """The order that files the photos and recordings of a jotting beside what its words became: for those who handle
    the case, and for whom it is about."""
    party = getattr(order.command, "party", None)
    command = FileExhibit(
        kind=_kind_of(order.command),
        party=party,
        readers=Readers.OWN if party else Readers.HOST,
        visit=order.on[0] if order.on and isinstance(order.command, RecordVisit) else None,
    )
    return Order(
        id=f"{order.id[:56]}.files",
        case=order.case,
        command=command,
        actor=order.actor,
        office=order.office,
        occurred=order.occurred,
    )


def _kind_of(command: Command) -> ExhibitKind:
    return ExhibitKind.VISIT if isinstance(command, RecordVisit) else ExhibitKind.OTHER
