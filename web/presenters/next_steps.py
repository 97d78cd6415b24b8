"""下一步: the few steps that lead on, for the reader; or what is waited for."""

from __future__ import annotations

from dataclasses import dataclass

from .case_options import ACTING, Asking
from .next_move import Move, next_move
from .next_offers import is_later, offered
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
    """Where the case does not wait for the reader: for whom or what it does, in sentences."""
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
    first = tuple(offered(asked))
    is_open = bool(prints) or any(not is_later(asked, way) for way in first)
    return Next(first=first, prints=prints, waits=_waits(asked, move, is_open) if move and move.why else "")


def _waits(asked: Asking, move: Move, is_open: bool) -> str:
    if asked.office not in ACTING:
        lead = "本案"
    elif move.is_dated and is_open:
        lead = "没有今天必须办的，下面列出的随时可以办。"
    else:
        lead = "现在不用您办。"
    return f"{lead}接下来是{move.what}：{move.why}。"
