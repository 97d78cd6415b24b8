"""登记事项 as a form: made of what its kind declares, and of what is the same for all."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, make_dataclass
from dataclasses import fields as dataclass_fields
from datetime import date
from functools import cache
from typing import Any, get_type_hints

from mediation_engine.domain.command import Called
from mediation_engine.domain.fields import FieldSpec, Text, count, day, flag, money, text
from mediation_engine.domain.item_kind import FieldSort, ItemField, ItemKind, OwnWords
from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER, Actor
from mediation_engine.domain.zone import Zone
from mediation_engine.errors import FormFaults
from mediation_engine.input.new_people import Newcomers
from workflows.zone.matter.entry import DetailRow, RegisterMatter, details_of, wanting
from workflows.zone.matter.vocabulary import Standing

from .checkboxes import Option
from .command_form import PREFIX, Sheet, Typed, without_nobody
from .form_fields import Known
from .item_form import ItemForm, districts_in

OWN = "k_"
"""How the name of a control begins that asks a field of the kind."""
MAKES: dict[FieldSort, tuple[Any, Any, str]] = {
    FieldSort.TEXT: (text, Text | None, "words"),
    FieldSort.DAY: (day, date | None, "day"),
    FieldSort.COUNT: (count, int | None, "number"),
    FieldSort.MONEY: (money, int | None, "amount"),
    FieldSort.FLAG: (flag, bool, "said"),
}
"""By the sort of a field: how it is specified, its type, and where in a row of details its value stands."""


@cache
def asked_of(kind: ItemKind) -> type[Called]:
    """The form of a kind: its own fields between what happened and who is concerned."""
    fields = [_same("words", label=kind.words), *map(_own, kind.fields)]
    fields += [_same("named", label=f"{kind.asker}、对方"), _same("place"), _same("district")]
    fields += [_same("number", label=kind.number), _same("origin")]
    made: type[Called] = make_dataclass("MatterAsked", fields, bases=(Called,), frozen=True, kw_only=True)
    made.label = RegisterMatter.label
    return made


def _same(name: str, **changes: Any) -> tuple[str, Any, Any]:
    """A field of the command, called otherwise where the kind says so."""
    declared = next(it for it in dataclass_fields(RegisterMatter) if it.name == name)
    spec = {"spec": {**declared.metadata["spec"], **changes}}
    made = field(metadata=spec) if declared.default is MISSING else field(default=declared.default, metadata=spec)
    return name, get_type_hints(RegisterMatter)[name], made


def _own_words(kind: ItemKind, zone: Zone, who: Actor) -> dict[str, str]:
    """What the form of a kind begins with for a grid worker, by the name of the field."""
    grid = zone.grid_of(who.id)
    words = {OwnWords.NAME.code: who.name, OwnWords.GRID.code: grid.name if grid else ""}
    own = {OWN + it.code: words[it.own] for it in kind.fields if it.own}
    return own | ({"district": grid.district} if grid and grid.district else {})


def _own(of: ItemField) -> tuple[str, Any, Any]:
    make, type_, _ = MAKES[of.sort]
    more: dict[str, Any] = {"help": of.help}
    more |= {"longest": 200} if of.sort is FieldSort.TEXT else {}
    if of.required and of.sort is not FieldSort.FLAG:
        more["default"] = MISSING
    return OWN + of.code, type_, make(of.label, **more)


@dataclass(frozen=True, kw_only=True)
class MatterForm(ItemForm):
    """A matter about to be registered: asked for is who comes."""

    leading = "words"
    asked = (Standing.ASKER,)
    further = Standing.OTHER
    kind: ItemKind

    @classmethod
    def of(cls, kind: ItemKind, zone: Zone, typed: Typed, today: date, grid_worker: Actor | None = None) -> MatterForm:
        """The form as it was filled in; for a `grid_worker` it begins with his own name and grid."""

        def choices(spec: FieldSpec, options: list[Option]) -> list[Option]:
            named = {Standing.ASKER.code: kind.asker} if spec.name == "standing" else {}
            return [(code, named.get(code, label)) for code, label in options]

        known = Known(
            codes=districts_in(zone),
            choices=choices,
            today=today,
            presets=_own_words(kind, zone, grid_worker) if grid_worker else {},
            handlers=MEDIATOR_OR_GRID_WORKER,
        )
        none = frozenset() if zone.districts else frozenset({"district"})
        none |= {"number", "origin"} if grid_worker else set()
        return cls(kind=kind, sheet=Sheet.of(asked_of(kind), typed, known, none))

    def _command(self, typed: Sheet, newcomers: Newcomers, organisation: str) -> RegisterMatter:
        filled: Any = typed.with_typed(without_nobody(typed.typed)).read(newcomers.enter_once)
        rows = (self._row(it, getattr(filled, OWN + it.code)) for it in self.kind.fields)
        same = ("words", "named", "place", "district", "number", "origin")
        command = RegisterMatter(
            kind=self.kind.code,
            details=tuple(row for row in rows if row is not None),
            organisation=organisation,
            **{name: getattr(filled, name) for name in same} | self._origin(filled),
        )
        if wanted := wanting(self.kind, details_of(command.details, self.kind)):
            raise FormFaults({f"{PREFIX}{OWN}{it.code}": [it.help or "这一项要填"] for it in wanted})
        return command

    def _origin(self, filled: Any) -> dict[str, str]:
        """Whose number it is: where nobody says, the kind's."""
        return {"origin": self.kind.label} if filled.number and not filled.origin else {}

    def _row(self, of: ItemField, value: Any) -> DetailRow | None:
        return DetailRow(field=of.code, **{MAKES[of.sort][2]: value}) if value not in (None, False) else None
