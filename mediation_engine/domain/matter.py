"""What kind of thing a workflow is about: a case (案件), or an item of another kind, such as a police alert (警情).

Lists, boards and figures of one kind show nothing of another; machines, record, replay and audit are the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A kind of thing that workflows are about."""

    code: str
    """What lists tell it from others by."""
    label: str
    """What one of them is called."""


CASE = Matter(code="case", label="案件")
"""A dispute in the hands of the room."""


def held_by(matter: str, organisation: str, number: str) -> tuple[str, str, str]:
    """What nothing else may have: the number of a case, whoever's it is; of something else, with whose it is, since two
    organisations may be told of the same from outside."""
    return matter, "" if matter == CASE.code else organisation, number
