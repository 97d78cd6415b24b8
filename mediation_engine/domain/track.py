"""Legal tracks: under which law a case is handled. What differs between them is the workflow's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One legal track; the version is in its code, and the fingerprint of the rules covers it."""

    code: str
    label: str
