"""An order with its words sealed: what is decided and written, and the texts that lie beside the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..domain.case import machine_of
from ..domain.command import Command
from ..domain.correcting import Correcting
from ..domain.fields import HOST_ONLY, JOINT, OF_PARTY, Text, chosen_label, fields_of
from ..domain.guard import Refusal
from ..domain.line import Line
from ..domain.order import Order
from ..domain.workflow import Workflow
from ..errors import GuardRefused
from ..ids import Randomness
from ..record.codec import check_readable, read_event
from ..record.sealing import GONE, SealedBefore, StoredText, refs_by_place, seal, seal_reasons, texts_by_place
from ..record.standing import standing


def sealed(
    order: Order,
    *,
    workflow: Workflow | None,
    before: Sequence[Line],
    sealed_before: SealedBefore,
    randomness: Randomness,
) -> tuple[Order, list[StoredText]]:
    """The order with references in place of its words, and the texts to store.

    `before` are the lines of the case that a correction may speak of. GuardRefused where words cannot stay as they
    were sealed.
    """
    how: Any = {"case": order.case, "before": sealed_before, "randomness": randomness}
    key = f"{order.organisation}\n{order.id}"
    party = next((on for on in order.on if machine_of(on) == "party"), None)
    corrected, waived = _corrected(order, workflow, before)
    label = _label(corrected, party) if corrected else party
    command, texts = seal(order.command, order=key, party=label, **how)
    check_readable(command)
    instead = order.instead
    if instead is not None:
        kept = {place: ref for place, ref in refs_by_place(corrected).items() if place in order.unchanged}
        instead, more = seal(instead, order=f"{key}\ninstead", party=party, kept=kept, **how)
        texts += more
        check_readable(instead)
        _check_kept(instead, kept, order)
    # What was set aside for an order stays so for what it should have been, for the same reason, and nothing else does.
    waives, reasons = (waived, []) if instead else seal_reasons(order.waives, order=key, **how)
    return replace(order, command=command, instead=instead, waives=waives), texts + reasons


def _corrected(
    order: Order, workflow: Workflow | None, before: Sequence[Line]
) -> tuple[Command | None, dict[str, Text]]:
    """The command that an order corrects, as it stands, and what was set aside for it."""
    if not isinstance(order.command, Correcting) or workflow is None:
        return None, {}
    for line in standing(before):
        kind = workflow.events.get(line.event)
        if line.version == order.command.order and kind and line.correction is None:
            event = read_event(kind, line)
            waived = {guard: Text(reason) for guard, reason in line.waives.items()}
            return (event.given if event else None), waived
    return None, {}


def _label(corrected: Command, party: str | None) -> str:
    """Who may read why something was corrected: whoever may read it itself."""
    chosen = chosen_label(corrected)
    if chosen is not None:
        return chosen
    said = {spec.disclosure for spec in _texts_of(type(corrected))}
    if OF_PARTY in said:
        return getattr(corrected, "party", None) or party or HOST_ONLY
    return HOST_ONLY if HOST_ONLY in said else JOINT


def _texts_of(kind: type) -> list[Any]:
    specs = list(fields_of(kind))
    inner = [deep for spec in specs if spec.row for deep in _texts_of(spec.row)]
    return [spec for spec in specs if spec.kind == "text"] + inner


def _check_kept(instead: Command, kept: Mapping[str, Any], order: Order) -> None:
    """GuardRefused where words that are gone would not stay where they were.

    What else is named as unchanged stays as it was sealed, or is sealed anew where others may read it now.
    """
    stays = {place for place, ref in refs_by_place(instead).items() if kept.get(place) == ref}
    said = texts_by_place(order.instead)
    wordless = {place for place in order.unchanged if not said.get(place)}
    if (wordless | {place for place, words in said.items() if words in GONE}) - stays:
        sentence = "有已删除的原话换了位置，或所属的当事人变了，不能照旧：请重新填写，或留在原处"
        raise GuardRefused([Refusal("words_unkept", sentence)], command=order.command.name())
