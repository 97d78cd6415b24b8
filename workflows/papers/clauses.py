"""常用条款: terms that many agreements have, by type of dispute, with what the mediator fills in left open."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from msgspec import Struct

from mediation_engine.domain.case import Case
from mediation_engine.domain.labels import Labelled

from ..facts import facts_of
from ..vocabulary import Dispute, Side, TermKind

BLANK = "＿"
"""Stands where something is to be filled in."""
LONGEST = 1000
_FIGURES = re.compile(r"[0-9０-９](?:[0-9０-９,，.．:：/\-]*[0-9０-９])?[Xx]?|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}")
CHOICES: Mapping[str, type[Labelled]] = {"kind": TermKind, "disputes": Dispute, "payer": Side, "payee": Side}
WORDS = ("words", "default", "caution")


class Clause(Struct, frozen=True, kw_only=True):
    """A term to begin with."""

    name: str
    words: str
    kind: TermKind
    disputes: frozenset[Dispute] = frozenset()
    """Types of dispute it is for; empty for all."""
    payer: Side | None = None
    payee: Side | None = None
    default: str = ""
    caution: str = ""
    """What to mind when it is used."""


Clauses = Mapping[str, Clause]
"""By name."""


@cache
def clauses() -> Clauses:
    """Those that come with the program."""
    given = tomllib.loads(resources.files(__package__).joinpath("clauses.toml").read_text(encoding="utf-8"))
    return {name: _clause(name, of) for name, of in given.items()}


def clauses_with(own: Mapping[str, Any]) -> Clauses:
    """The clauses with a room's own beside them, or in their place; those without words are left out.

    Raises:
        ValueError: what is wrong with them, each with its name.
    """
    faults = [fault for name, of in own.items() for fault in _faults(name, of)]
    if faults:
        raise ValueError("；".join(faults))
    both = {**clauses(), **{name: _clause(name, of) for name, of in own.items()}}
    return {name: it for name, it in both.items() if it.words}


def suited(among: Clauses, case: Case) -> Sequence[Clause]:
    """Clauses for a case: those for its type of dispute first, then those for all."""
    dispute = facts_of(case).dispute
    own = [it for it in among.values() if dispute in it.disputes]
    return [*own, *(it for it in among.values() if not it.disputes)]


def somebody_of(case: Case, side: Side | None) -> str:
    """The one party on a side; empty where there are several, or no side is meant."""
    there = [key for key, party in facts_of(case).parties.items() if party.side is side]
    return there[0] if len(there) == 1 else ""


def blanks_in(words: str) -> int:
    """How many places are still to be filled in."""
    return len(re.findall(f"{BLANK}+", words))


def without_names(words: str, names: Collection[str]) -> str:
    """Words of another case with a blank for each of its people, and for every number, sum and day."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        words = re.sub(r"\s*".join(map(re.escape, name)), BLANK * 2, words)
    return _FIGURES.sub(BLANK * 2, words)


def _clause(name: str, of: Mapping[str, Any]) -> Clause:
    return Clause(
        name=name,
        words=of["words"].strip(),
        kind=TermKind.named(of.get("kind", "")) or TermKind.ACT,
        disputes=frozenset(filter(None, map(Dispute.named, of.get("disputes", ())))),
        payer=Side.named(of.get("payer", "")),
        payee=Side.named(of.get("payee", "")),
        default=of.get("default", ""),
        caution=of.get("caution", ""),
    )


def _faults(name: str, of: Any) -> Iterator[str]:
    if not isinstance(of, Mapping):
        yield f'“{name}”应写成一节：["{name}"]'
        return
    if unknown := of.keys() - {*WORDS, *CHOICES}:
        yield f"“{name}”里没有 {'、'.join(sorted(unknown))} 这一项"
    for key in WORDS:
        words = of.get(key, "" if key != "words" else None)
        if not isinstance(words, str) or len(words) > LONGEST:
            yield f"“{name}”的 {key} 应为文字，最多{LONGEST}个字"
    for key, kind in CHOICES.items():
        labels, there = of.get(key, []), [it.label for it in kind]
        if any(label not in there for label in (labels if isinstance(labels, list) else [labels])):
            yield f"“{name}”的 {key} 只能写：{'、'.join(there)}"
    if not isinstance(of.get("disputes", []), list):
        yield f'“{name}”的 disputes 应写成一列：["…"]'
