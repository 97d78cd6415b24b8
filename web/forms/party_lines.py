"""A party as a line of a form: what is wanted of it at once, by what it is; the rest is filled in with the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mediation_engine.domain.fields import FieldSpec, fields_of
from mediation_engine.domain.people import DETAILS, Details, PartyKind, PersonDetails, age
from mediation_engine.errors import FormFaults
from mediation_engine.input.command_schema import read_form
from mediation_engine.input.person_details import checked
from mediation_engine.input.roster import OF_AGE, WORKING_AGE
from workflows.vocabulary import Ability

from .command_form import Faults, Typed, flat

WANTED: Mapping[PartyKind, tuple[str, ...]] = {
    PartyKind.PERSON: ("phones", "number", "birth", "cannot_read"),
    PartyKind.ENTERPRISE: ("phones", "credit_code", "representative"),
    PartyKind.GROUP: ("phones", "contact_person"),
}
"""What is asked of each kind in its line, by the fields of its details."""
NUMBERS = "、"
"""What stands between two telephones."""
UNTOLD_AGE = "照出生日期今年{age}岁：靠自己的劳动收入生活，还是不靠，请在“行为能力”里选"
OTHER_AGE = "照出生日期今年{age}岁，与选的“{ability}”不符，请核对"
NOT_ITS = "“{kind}”不填{label}，请清空，或改选当事人是什么"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A control of a line."""

    name: str
    label: str
    look: str
    """line | tick"""
    kinds: tuple[str, ...]
    """Of which kinds of parties (codes) it is asked."""
    value: str
    longest: int = 0
    example: str = ""
    faults: tuple[str, ...] = ()
    masked: str = ""
    """What is known and neither shown whole nor asked."""
    is_wide: bool = False
    """Whether what is typed is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was filled in, sound as far as nothing is wrong with it."""

    details: Details
    faults: Mapping[str, list[str]]
    """Sentences by the name of the control."""
    warnings: tuple[str, ...] = ()
    """What is strange but may be so."""


def _specs(kinds: Iterable[PartyKind]) -> dict[str, tuple[FieldSpec, list[PartyKind]]]:
    """The fields that are asked of some kinds, each once, with of which."""
    found: dict[str, tuple[FieldSpec, list[PartyKind]]] = {}
    for kind in kinds:
        specs = {spec.name: spec for spec in fields_of(DETAILS[kind])}
        for name in WANTED[kind]:
            found.setdefault(name, (specs[name], []))[1].append(kind)
    return found


def cells(
    place: str,
    typed: Typed,
    faults: Faults,
    kinds: Iterable[PartyKind] = PartyKind,
    masked: Mapping[str, str] | None = None,
) -> list[Cell]:
    """The controls of a line; what is `masked` (by field) is shown so and not asked."""
    return [
        Cell(
            name=f"{place}.{name}",
            label=spec.label,
            look="tick" if spec.kind == "flag" else "line",
            kinds=tuple(kind.value for kind in of),
            value=typed.get(f"{place}.{name}", ""),
            longest=spec.longest or LONGEST,
            example=EXAMPLES.get(name, ""),
            faults=tuple(faults.get(f"{place}.{name}", ())),
            masked=(masked or {}).get(name, ""),
            is_wide=name in WIDE,
        )
        for name, (spec, of) in _specs(kinds).items()
    ]


LONGEST = 60
WIDE = frozenset({"number", "credit_code", "representative"})
EXAMPLES = {"birth": "2012-05-06", "number": "身份证号"}


def typed_of(place: str, details: Details, kind: PartyKind) -> Iterator[tuple[str, str]]:
    """What is known as it would be typed."""
    for name in WANTED[kind]:
        held = getattr(details, name)
        if name == "phones":
            held = NUMBERS.join(str(phone.number) for phone in held)
        yield f"{place}.{name}", "是" if held is True else "" if held in (None, False) else str(held)


def filled(
    place: str,
    typed: Typed,
    kind: PartyKind,
    known: Details,
    today: date,
    but: Collection[str] = (),
) -> Filled:
    """What was typed in a line over what is known; `but` some fields, that stay as they are."""
    specs = _specs(PartyKind)
    said = {name: typed.get(f"{place}.{name}", "").strip() for name in specs}
    faults = {
        f"{place}.{name}": [NOT_ITS.format(kind=kind.label, label=specs[name][0].label)]
        for name, value in said.items()
        if value and name not in WANTED[kind]
    }
    asked = [name for name in WANTED[kind] if name not in but]
    try:
        read = read_form(type(known), {name: _answer(name, said[name]) for name in asked})
    except FormFaults as fault:
        wrong = fault.places if isinstance(fault.places, dict) else {}
        faults |= {f"{place}.{name}": flat(wrong[name]) for name in asked if name in wrong}
        return Filled(details=known, faults=faults)
    given = {name: getattr(read, name) for name in asked}
    found = checked(replace(known, **given | _labels_kept(known, given)), today)
    faults |= {f"{place}.{where[0]}": [sentence] for where, sentence in found.faults.items()}
    return Filled(details=found.details, faults=faults, warnings=tuple(found.warnings.values()))


def _labels_kept(known: Details, given: Mapping[str, Any]) -> dict[str, Any]:
    """Telephones that stay are whose they were."""
    labels = {phone.number: phone for phone in known.phones}
    return {"phones": tuple(labels.get(it.number, it) for it in given["phones"])} if "phones" in given else {}


def _answer(name: str, said: str) -> Any:
    """What was typed as `read_form` takes it."""
    if name == "phones":
        return [{"number": number.strip()} for number in said.split(NUMBERS) if number.strip()]
    return ("是" if said else "否") if name == "cannot_read" else said


def ability_of(chosen: Ability, details: Details, today: date) -> Ability:
    """Whether somebody acts for himself, by what was chosen and by the day of birth (民法典 第18—20条).

    FormFaults where the two do not go together, or at sixteen and seventeen nobody has said which it is.
    """
    if not isinstance(details, PersonDetails) or details.birth is None:
        return chosen
    years = age(details.birth, today)
    if years < WORKING_AGE and chosen is Ability.FULL:  # nothing was chosen, and there is nothing to choose
        return Ability.UNDER_16
    if WORKING_AGE <= years < OF_AGE and chosen is Ability.FULL:
        raise FormFaults({"ability": [UNTOLD_AGE.format(age=years)]})
    if chosen not in _possible(years):
        raise FormFaults({"ability": [OTHER_AGE.format(age=years, ability=chosen.label)]})
    return chosen


def _possible(years: int) -> tuple[Ability, ...]:
    if years < WORKING_AGE:
        return (Ability.UNDER_16,)
    return (Ability.OWN_WAGES, Ability.MINOR) if years < OF_AGE else (Ability.FULL, Ability.INCAPABLE)
