"""What is wrong with something that was sent: named fault by fault up to a bound, what there is to choose from once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from ..domain.limits import MOST_FAULTS

Fault = tuple[str, str]
"""A place, and a sentence on what is wrong there."""


class Choices(str):
    """A sentence that ends in all there is to choose from; `short` says the same without them."""

    short: str
    choices: str

    def __new__(cls, short: str, choices: Iterable[str], before: str = "：") -> Choices:
        found = [*choices]
        listed = ("；" if any("、" in it for it in found) else "、").join(found) or "无"
        made = super().__new__(cls, f"{short}{before}{listed}")
        made.short, made.choices = short, listed
        return made


def first_faults(faults: Iterable[Fault]) -> tuple[dict[str, list[str]], bool]:
    """The first faults by place, and whether there are more: nothing is asked for beyond."""
    found, told, rest = dict[str, list[str]](), set[str](), iter(faults)
    for place, sentence in islice(rest, MOST_FAULTS):
        found.setdefault(place, []).append(_once(sentence, told))
    return found, next(rest, None) is not None


def _once(sentence: str, told: set[str]) -> str:
    if not isinstance(sentence, Choices):
        return sentence
    is_new = sentence.choices not in told
    told.add(sentence.choices)
    return str(sentence) if is_new else sentence.short
