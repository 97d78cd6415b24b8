"""下一步: the few steps that lead on, for the reader; or what is waited for."""

from __future__ import annotations

from dataclasses import dataclass

from .case_options import Asking
from .next_move import next_move
from .next_offers import offered
from .papers import ListedPaper, listed
from .refusal_reasons import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """All of the panel."""

    first: tuple[Way, ...] = ()
    """What is offered, the most pressing first; few."""
    prints: tuple[ListedPaper, ...] = ()
    """What is to be printed, so that somebody can sign it."""
    waits: str = ""
    """Where the case does not wait for the reader: for whom or what it does."""
    why_not: str = ""
    """Why nothing at all can be done."""


def next_steps(asked: Asking) -> Next:
    """The panel, for the reader."""
    if asked.view.stepped_back:
        left = any(option.allowed for option in asked.options)
        return Next(why_not="您已回避，本案由别人办理。" + ("您还能办的，在“全部步骤”里。" if left else ""))
    move = next_move(asked)
    wanted = set(asked.workflow.guidance.prints(asked.case))
    prints = tuple(it for it in listed(asked.view) if (it.code, it.key) in wanted) if wanted else ()
    waits = f"{move.what}：{move.why}" if move and move.why else ""
    return Next(first=tuple(offered(asked)), prints=prints, waits=waits)
