"""The orders behind a record, as they were asked: with the words themselves, and what the record does not repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

import msgspec

from mediation_engine.decisions.again import order_of
from mediation_engine.decisions.correct import correction_of, standing_order
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.correcting import Correcting
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Line
from mediation_engine.domain.order import Order
from mediation_engine.domain.recorded_order import RecordedOrder, lines_of
from mediation_engine.domain.workflow import Workflow
from mediation_engine.record.codec import digest_of_value
from mediation_engine.record.sealing import StoredText, TextRef, refs_by_place, refs_in

Texts = Mapping[str, StoredText]
GONE = "（不知道说了什么）"
"""In place of words that have been erased since: the order is known without them."""


def as_asked(workflow: Workflow, stood: RecordedOrder, texts: Texts, before: Sequence[Line]) -> Order | None:
    """The order that was given after some lines, word by word; None where none gives the digest in the record."""
    order = as_sealed(workflow, stood, before)
    return with_words(order, texts) if order else None


def as_sealed(workflow: Workflow, stood: RecordedOrder, before: Sequence[Line]) -> Order | None:
    """The same as it was sealed."""
    orders = _sealed(workflow, stood, before)
    return next((o for o in orders if digest_of_value((o.command.name(), o)).hex() == stood.asked), None)


def with_words(order: Order, texts: Texts) -> Order:
    """A sealed order as it was given."""
    said = {name: unsealed(getattr(order, name), texts) for name in ("command", "instead", "waives")}
    return replace(order, organisation="", **said)


def _sealed(workflow: Workflow, stood: RecordedOrder, before: Sequence[Line]) -> Iterator[Order]:
    """Every way the order may have been asked: for now or for the time now was, what it is about named or not.

    Whether it said what it expects is not recorded otherwise.
    """
    told = correction_of(workflow, before, lines_of(stood)) or order_of(workflow, lines_of(stood))
    if told is None:
        return
    if isinstance(told.command, Correcting):
        corrected = standing_order(workflow, before, told.command.order)
        was = refs_by_place(corrected.order.command) if corrected else {}
        same = {place for place, ref in refs_by_place(told.instead).items() if was.get(place) == ref}
        told = replace(told, unchanged=frozenset(same))
    seen = {line.instance: line.version for line in before}
    opening = "" if before else workflow.name
    phases = {machine.name for machine in workflow.phases}
    others = tuple(key for key in told.on if machine_of(key) not in phases)
    for occurred, on in product((told.occurred, None), dict.fromkeys((told.on, others, ()))):
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
        return Text(texts[ref.id].words or GONE)
    if isinstance(value, tuple):
        return tuple(unsealed(v, texts) for v in value)
    if isinstance(value, dict):
        return {k: unsealed(v, texts) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: unsealed(getattr(value, f.name), texts) for f in fields(value)})
    return value
