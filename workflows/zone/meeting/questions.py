"""What decisions about a meeting ask from outside it: its number, and what organisations are called."""

from __future__ import annotations

from mediation_engine.domain.decision_context import Question, Surroundings
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.guard import Refusal
from mediation_engine.errors import GuardRefused

from .vocabulary import MEETING

SENTENCE = (
    "没有编号是“{0}”的案件、警情、事项，请核对。写全，如“{1}人调字第5号”，括号、空格不论；第5号只有一件的，写“5”也行"
)


def _called(around: Surroundings, organisation: str) -> str:
    """What an organisation is called in numbers."""
    known = around.organisation(organisation)
    return known.short_name if known else ""


def _number(around: Surroundings, organisation: str, year: int) -> str:
    host = _called(around, organisation)
    return f"（{year}）{host}{MEETING.label}第{around.next_number(host, MEETING.label, year)}号"


def _found(around: Surroundings, organisation: str, named: tuple[str, ...]) -> tuple[str, ...]:
    ids = {words: around.find(words, organisation) for words in named if words}
    if lost := [words for words, id in ids.items() if id is None]:
        sentence = SENTENCE.format(
            "”“".join(lost), f"（{around.now.astimezone(CHINA).year}）{_called(around, organisation)}"
        )
        raise GuardRefused([Refusal("unknown_topic", sentence)], command="PutOnTable")
    return tuple(ids.get(words) or "" for words in named)


def _body_names(around: Surroundings, organisations: tuple[str, ...]) -> tuple[str, ...]:
    known = {id: around.organisation(id) for id in organisations if id}
    if lost := [id for id, it in known.items() if it is None]:
        raise GuardRefused([Refusal("unknown_body", f"组织名录里没有“{'”“'.join(lost)}”，请从名录里选")])
    return tuple(it.name if (it := known.get(id)) else "" for id in organisations)


MEETING_NUMBER = Question("number", _number)
"""The next number of a meeting of an organisation (id) in a year."""
BODY_NAMES = Question("body_names", _body_names)
"""What organisations (ids) are called, in their order."""
FOUND = Question("found", _found)
"""What is on the table (ids), by ids or numbers, as far as it is the business of an organisation (id); empty for what
is named by neither."""

QUESTIONS = (MEETING_NUMBER, BODY_NAMES, FOUND)
