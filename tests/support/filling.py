"""Filling in any command at random from its own field specifications: the tests know no command by name."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import FieldSpec, fields_of

from .story import NOW

PEOPLE = ("worker", "firm")
STAFF = ("li", "wang")
WORDS = "说了一些话"


def fill(command: type[Command], case: Case, on: str | None, random: Random) -> Command:
    """A command with plausible values: things of this case, sensible sums and days, sometimes nothing."""
    made: Command = _fill(command, case, on, random)
    return made


def _fill(cls: type, case: Case, on: str | None, random: Random) -> Any:
    given = {}
    for spec in fields_of(cls):
        value = _value(spec, case, on, random)
        if value is not None and (spec.required or random.random() < 0.7):
            given[spec.name] = value
    return cls(**given)


def _value(spec: FieldSpec, case: Case, on: str | None, random: Random) -> Any:
    match spec.kind:
        case "text":
            return WORDS
        case "day":
            return date(2026, 11, 1) + timedelta(days=random.randrange(90))
        case "time":
            return f"{random.randrange(24):02d}:{random.randrange(60):02d}"
        case "money":
            return random.choice((1, 500_000, 1_200_000))
        case "count":
            return random.randrange(1, 30)
        case "choice":
            assert spec.choices is not None
            return random.choice(list(spec.choices))
        case "flag":
            # Whoever has not signed has no row: a form leaves it out.
            return spec.name == "signed" or random.random() < 0.5
        case "ref":
            return _own(spec, case, on, random)
        case "refs":
            keys = case.of(spec.machine)
            return tuple(random.sample(keys, random.randrange(len(keys) + 1)))
        case "person":
            return random.choice(PEOPLE)
        case "staff":
            return random.choice(STAFF)
        case "rows":
            assert spec.row is not None
            return tuple(_fill(spec.row, case, on, random) for _ in range(random.randrange(1, 3)))
        case "code":
            return _code(spec, case, on, random)
        case "files":
            return None
    raise AssertionError(spec.kind)


def _own(spec: FieldSpec, case: Case, on: str | None, random: Random) -> str | None:
    if spec.name == "party" and on in case.facts.blocks and random.random() < 0.9:
        return case.facts.blocks[on].party
    keys = case.of(spec.machine)
    return random.choice(keys) if keys else f"{spec.machine}/1" if spec.required else None


def _code(spec: FieldSpec, case: Case, on: str | None, random: Random) -> str | None:
    if spec.name == "text_hash":
        return case.facts.confirmations[on].text_hash if on in case.facts.confirmations else "0" * 64
    if spec.name == "kind":
        return random.choice(("grid", "reception", "errand", "petition"))
    if options := case.facts.codes(spec.name, ()):
        return random.choice(options)[0]
    if spec.name == "district":
        return random.choice(("east", "west"))
    if spec.name == "track":
        return random.choice(("people_mediation", "labour_mediation"))
    if spec.name == "role":
        return random.choice(("justice", "department", "mentor", "host"))
    return (
        random.choice(("room", "other"))
        if spec.name == "organisation" and case.version
        else "room"
        if spec.required
        else None
    )


def some_time(random: Random) -> str | None:
    """When it happened, as reports have it."""
    day = (NOW - timedelta(days=random.randrange(1, 60))).date().isoformat()
    return random.choice((None, None, day, day[:7], day[:4], f"{day[:7]}~", ".."))
