"""What lies beside the record, as plain rows: handed to the count by other means, which imports nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from msgspec import to_builtins

from mediation_engine.ports.store import Unit

from .recount import Register


def beside(unit: Unit, cases: Iterable[Iterable[dict[str, Any]]]) -> Register:
    """The directory, the names of those who are in alerts, who is the same as whom."""
    lines = [line for orders in cases for order in orders for line in order["lines"]]
    given = [order.get("given", {}) for orders in cases for order in orders]
    ids = {it["person"] for it in (*given, *(line.get("data", {}) for line in lines)) if it and it.get("person")}
    return Register(
        organisations=[to_builtins(asdict(it)) for it in unit.register.organisations()],
        names={id: person.name for id, person in unit.register.people(ids).items()},
        same=unit.register.same_people(),
    )
