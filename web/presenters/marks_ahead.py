"""What a step would be recorded with as things stand and as it was filled in: said before it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mediation_engine.decisions.decide import NOTHING, answer, guarded, references, row_of
from mediation_engine.domain.case import Situation
from mediation_engine.domain.command import Command
from mediation_engine.domain.guard import with_day
from mediation_engine.domain.line import Defect
from mediation_engine.domain.occurred import Occurred, on
from mediation_engine.services.case_view import CaseView

from . import naming
from .case_options import Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A defect that a line would have."""

    code: str
    """By which a form says that it was shown: the guard, and what it is about."""
    words: str

    def of(self, kind: type[Command]) -> Mark:
        """It as of another step than the form's own."""
        return Mark(code=f"{kind.name()}:{self.code}", words=f"{kind.label}：{self.words}")


def marks_ahead(
    asked: Asking, kind: type[Command], chosen: Sequence[str], given: Command | None, occurred: Occurred | None
) -> list[Mark]:
    """The marks of a form that nobody has sent yet, as far as they can be told; those of gates are told elsewhere.

    None for what names a thing that the case does not have: that is refused before anything is asked of it.
    """
    if given is not None and any(named not in asked.case.instances for _, _, named in references(given)):
        return []
    defects = (d for key in chosen or (None,) for d in _defects(asked, kind, key, tuple(chosen), given, occurred))
    return marks_of(asked, defects)


def _defects(
    asked: Asking,
    kind: type[Command],
    key: str | None,
    chosen: tuple[str, ...],
    given: Command | None,
    occurred: Occurred | None,
) -> Iterator[Defect]:
    today = asked.view.today
    situation = Situation(
        case=asked.case,
        key=key,
        given=given,
        today=today,
        on=chosen,
        occurred=occurred or on(today),
        actor=asked.view.access.by or "",
        office=asked.office,
    )
    _, row, _ = row_of(asked.workflow, kind, situation)
    if row is not None:
        refusals, defects = guarded(row, situation, NOTHING, answer)
        yield from () if refusals else defects


def marks_in(asked: Asking, view: CaseView) -> list[Mark]:
    """The marks of the lines that an order would write."""
    return marks_of(asked, (defect for it in view.lines for defect in it.line.defects))


def marks_of(asked: Asking, defects: Iterable[Defect]) -> list[Mark]:
    """Defects in words; what cannot be judged is none, nor what the lead sets aside."""
    sentences = asked.workflow.guard_sentences
    found: dict[str, Mark] = {}
    for defect in defects:
        if not defect.unjudged and defect.waived is None:
            code = "+".join((defect.code, *defect.about))
            about = "、".join(naming.thing(asked.case, asked.teller, key) for key in defect.about)
            sentence = with_day(sentences.get(defect.code, defect.code), defect.since)
            found[code] = Mark(code=code, words=f"{sentence}（{about}）" if about else sentence)
    return list(found.values())
