"""People named for the first time: entered in the register with the order that names them; lines hold only ids."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import count as numbers
from itertools import islice

from ..domain.command import Command
from ..domain.names import STRANGE, written
from ..domain.people import PartyKind
from ..errors import FormFaults
from ..ids import Randomness, new_id
from ..ports.register import Person
from .characters import UNPRINTABLE

LONGEST_NAME = 100


def bytes_from(scope: str, command_id: str) -> Randomness:
    """Bytes that an order's id, which is random itself, determines among those of its case or its organisation.

    Whoever gives the same id elsewhere finds out nothing by it, and stands in nobody's way.
    """
    blocks = (hashlib.sha256(f"{scope}\n{command_id}\n{n}".encode()).digest() for n in numbers())
    stream = (byte for block in blocks for byte in block)
    return lambda length: bytes(islice(stream, length))


# 名称, 名称:单位, 名称:一群人:12; a Chinese keyboard writes ：.
TYPED = re.compile(r"\s*([^:：]*?)\s*(?:[:：]\s*([^:：]+?)\s*(?:[:：]\s*([0-9]{1,6})\s*)?)?")


def party(side: str, typed: str, randomness: Randomness) -> tuple[Person, int | None]:
    """What was typed for a party, as somebody for the register, and how many that is; None where nobody knows."""
    parts = TYPED.fullmatch(typed)
    name, kind, number = parts.groups() if parts else ("", None, None)
    found = PartyKind.named(kind or PartyKind.PERSON.label)
    if parts is None or found is None or (number and found is not PartyKind.GROUP):
        raise FormFaults({side: [f"“{typed}”应写成 姓名、名称:单位 或 名称:一群人:人数"]})
    count = int(number) if number else None if found is PartyKind.GROUP else 1
    return someone(side, name, found, randomness), count


def someone(label: str, name: str, kind: PartyKind, randomness: Randomness) -> Person:
    """Somebody for the register; FormFaults under `label` where the name is none."""
    if not name or len(name) > LONGEST_NAME or UNPRINTABLE.search(name) or "\n" in name:
        raise FormFaults({label: [f"姓名或名称应有1到{LONGEST_NAME}个字，不含不可显示的字符"]})
    if STRANGE.search(name):
        raise FormFaults({label: ["有的字别的电脑显示不出，请换一种输入法重打；打不出的先用同音字，并在说明里写明"]})
    return Person(id=new_id(randomness, 16), name=written(name), kind=kind)


class Newcomers:
    """Who is named for the first time: entered in the register with the order, for no name may stand in a line."""

    def __init__(self, randomness: Randomness) -> None:
        self.randomness = randomness
        self.people: list[Person] = []

    def enter(self, name: str) -> str:
        """The new id of somebody of this name."""
        person = someone("姓名或名称", name, PartyKind.PERSON, self.randomness)
        self.people.append(person)
        return person.id

    def of_kind(self, command: Command) -> list[Person]:
        """They, of the kind that the command says a joining party is."""
        kind = getattr(command, "kind", None)
        return [replace(p, kind=kind) for p in self.people] if isinstance(kind, PartyKind) else self.people

    def enter_once(self, name: str) -> str:
        """The same for somebody a form may name in several places."""
        known = next((p.id for p in self.people if p.name == written(name)), None)
        return known or self.enter(name)
