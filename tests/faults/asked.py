"""The orders behind a record, as they were asked: with the words themselves, and what the record does not repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

import msgspec

from mediation_engine.decisions.again import order_of
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.recorded_order import RecordedOrder, lines_of
from mediation_engine.domain.workflow import Workflow
from mediation_engine.record.codec import digest_of_value
from mediation_engine.record.sealing import StoredText, TextRef, refs_in

Texts = Mapping[str, StoredText]


def as_asked(workflow: Workflow, stood: RecordedOrder, texts: Texts, seen: Mapping[str, int]) -> Order | None:
    """The order that was given, word by word; None where none gives the digest that stands in the record.

    `seen` are the versions of the instances before it: whether it said what it expects is not recorded otherwise.
    """
    for order in _sealed(workflow, stood, seen):
        if digest_of_value((order.command.name(), order)).hex() == stood.asked:
            return replace(
                order, command=unsealed(order.command, texts), waives=unsealed(order.waives, texts), organisation=""
            )
    return None


def _sealed(workflow: Workflow, stood: RecordedOrder, seen: Mapping[str, int]) -> Iterator[Order]:
    """Every way the order may have been asked: for now or for the time now was, the phase named or not, and so on."""
    told = order_of(workflow, lines_of(stood))
    if told is None:
        return
    opening = workflow.name if type(told.command) is workflow.opening else ""
    phases = {machine.name for machine in workflow.phases}
    others = tuple(key for key in told.on if machine_of(key) not in phases)
    for occurred, on in product((told.occurred, None), dict.fromkeys((told.on, others))):
        for expects in ({}, {key: seen[key] for key in on if key in seen}):
            yield replace(told, occurred=occurred, on=on, workflow=opening, expects=expects)


def refs_of(order: RecordedOrder) -> list[TextRef]:
    """The texts an order speaks of, each once."""
    sealed, words = [order.given, *(line.data for line in order.lines)], list(order.waives.values())
    if order.correction is not None:
        sealed += [order.correction.given, *(line.data for line in order.correction.instead)]
        words += order.correction.waives.values()
    return list(dict.fromkeys(refs_in([*map(msgspec.json.decode, sealed), *words])))


def unsealed(value: Any, texts: Texts) -> Any:
    """A value with the words themselves where there were references to them."""
    if isinstance(value, str) and (ref := TextRef.read(value)):
        return Text(texts[ref.id].words or "")
    if isinstance(value, tuple):
        return tuple(unsealed(v, texts) for v in value)
    if isinstance(value, dict):
        return {k: unsealed(v, texts) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: unsealed(getattr(value, f.name), texts) for f in fields(value)})
    return value
