"""自查: the rules by which a room checks its own dossiers, by head a file, and what is looked for over all cases.

They tell and decide nothing: no fingerprint covers them.
"""

from __future__ import annotations

from mediation_engine.domain.self_check import CheckRule

from . import acceptance, binding, complete, evidence, law, paperwork, visits

RULES: tuple[CheckRule, ...] = (
    *acceptance.RULES,
    *complete.RULES,
    *paperwork.RULES,
    *evidence.RULES,
    *law.RULES,
    *visits.RULES,
    *binding.RULES,
)
"""In the order of the heads."""
