"""回避: who has stepped back from a case does nothing in it any more, but hand it on and be let back into it.

Policy: 人民调解法 has no article on recusal. What he recorded before stands; to correct it, too, is for others.
"""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import Refusal
from mediation_engine.domain.roles import Office

from ..facts import facts_of
from .assignment import AcceptRecused, AssignMediator, HandOverAssignment, TakeCase, unaccepting
from .erasure import EraseExhibits
from .host import HandOverCase

STILL_DONE: frozenset[type[Command]] = frozenset(
    {AssignMediator, HandOverAssignment, HandOverCase, AcceptRecused, EraseExhibits}
)
"""What he may still do: hand the case on, write down that the parties accept him; and what the law asks of the room,
whoever its lead is: to erase somebody's files."""
STEPPED_BACK = Refusal(
    "stepped_back",
    "已回避本案的人不再办理（连更正也不办），请由承办的人或室主任办理；自己是室主任的，可以指定别人承办、移交主办。"
    "各方当事人知情后仍同意其办理的，由别人记“当事人知情后仍同意其办理”，再指定承办",
)


def barred(case: Case, actor: str, office: Office, command: type[Command]) -> Refusal | None:
    """Why a member of staff (id) may not give a command in a case, whatever it says and under whichever office."""
    if not facts_of(case).has_stepped_back(actor):
        return None
    comes_back = command is TakeCase and unaccepting(case, actor) is None
    return None if command in STILL_DONE or comes_back else STEPPED_BACK
