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
