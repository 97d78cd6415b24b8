"""Audit: is the record whole, and was every step lawful under the rules then in force?

Works on stored bytes, never on a snapshot. `integrity` asks if they still say what was written (chain, keys, texts,
checkpoint); `lawfulness` decides each order again and compares the lines; `chains` looks at what lies beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..rules.catalogue import Catalogue
from .chains import audit_chain
from .findings import CaseFile, Checkpoint, Fault, FileKept, Finding, Head, Standing, finding
from .integrity import against_head, beside, number_again, sound_orders
from .lawfulness import unlawful

__all__ = [
    "CaseFile",
    "Checkpoint",
    "Fault",
    "FileKept",
    "Finding",
    "Head",
    "Standing",
    "against_head",
    "audit",
    "audit_against",
    "audit_chain",
]


def audit(file: CaseFile, catalogue: Catalogue, head: Head | None = None) -> list[Finding]:
    """Everything that can be found, in order of line; empty but for known defects where all is well.

    After the first order whose bytes are not sound nothing that follows can be held against the rules: `Fault`s of
    law are reported only up to there.
    """
    sound, findings = sound_orders(file)
    if head is not None:
        findings += against_head(file, head)
    findings += unlawful(file, sound, catalogue)
    if sound and len(sound) == len(file.orders):
        findings += beside(file, sound, catalogue)
    return sorted(findings, key=lambda f: (f.version is None, f.version or 0))


def audit_against(
    files: Iterable[CaseFile], catalogue: Catalogue, heads: Mapping[str, Head] | None
) -> Iterator[tuple[str, list[Finding]]]:
    """(case, findings) for each file; and for each case of a checkpoint that is not there any more.

    No two may have one number.
    """
    missing, taken = set(heads or ()), dict[tuple[str, ...], str]()
    for file in files:
        missing.discard(file.case)
        yield file.case, audit(file, catalogue, (heads or {}).get(file.case)) + number_again(file, catalogue, taken)
    for case in sorted(missing):
        yield case, [finding(Fault.CHECKPOINT, case, 1, "存证点中有此案，现在整案不见了")]
