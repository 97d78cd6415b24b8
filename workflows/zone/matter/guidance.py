"""What leads on in a matter, what opens a gate, what the staff are told. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.item_kind import Stage
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.message import HANDLERS, Audience, Topic
from mediation_engine.domain.proposal import Proposed, Usual
from mediation_engine.domain.workflow import Guidance

from ..outcome import RecordNotAgreed, ReferToMediation, running
from .concerned import AddConcerned
from .entry import AssignMatter, EndMatter, FillInMatter, filled_in
from .entry import S as EntryState
from .facts import MatterFacts, facts_of
from .handling import AnswerMatter, SendBackMatter, SignForMatter, VerifyMatter
from .handling import S as HandlingState
from .measure import RecordMeasure
from .rating import RecordRating
from .vocabulary import Standing

ALL = HANDLERS | {Audience.LEAD}
TOPICS: Mapping[str, Topic] = {
    "MatterRegistered": Topic(words="有新的事项", to=frozenset({Audience.LEAD})),
    "MatterAssigned": Topic(words="有事项交给您办", to=HANDLERS, step="SignForMatter"),
    "MatterSentBack": Topic(words="事项没有办好，请再办", to=HANDLERS),
    "TalksResumed": Topic(to=HANDLERS),
    "AgreementReported": Topic(words="转调解的案件已达成协议", to=HANDLERS),
    "PerformanceReported": Topic(words="转调解的案件已履行", to=HANDLERS),
    "BreachReported": Topic(words="转调解的案件没有按协议履行", to=ALL),
    "FailureReported": Topic(words="转调解的案件没有调成", to=ALL),
}
"""By name of the event."""


def _is(case: Case, state: Labelled) -> bool:
    phase = "entry" if isinstance(state, EntryState) else "handling"
    return case.phase.startswith(f"{phase}/") and case.is_in(case.phase, state)


def _while(
    state: Labelled, so: Callable[[MatterFacts], bool] = lambda _: True
) -> Callable[[Case, date], Iterator[Proposed]]:
    """Proposed while it is in a state, and something is so."""

    def proposed(case: Case, _: date) -> Iterator[Proposed]:
        if _is(case, state) and so(facts_of(case)):
            yield Proposed()

    return proposed


def _over(case: Case, _: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    done = facts.is_handled_now and not facts.passes(Stage.ANSWER) and not running(case)
    if _is(case, HandlingState.TO_END) or (_is(case, HandlingState.IN_HAND) and done):
        yield Proposed()


def _ended_at_once(case: Case, _: date) -> Iterator[Proposed]:
    kind = facts_of(case).kind
    ends = bool(kind and any(it.at_once for it in kind.endings)) and not running(case)
    if ends and _is(case, EntryState.REGISTERED):
        yield Proposed()


def _not_handled(facts: MatterFacts) -> bool:
    return not facts.is_handled_now and (facts.passes(Stage.HANDLE) or not facts.passes(Stage.ANSWER))


def _to_answer(facts: MatterFacts) -> bool:
    return facts.passes(Stage.ANSWER) and (facts.is_handled_now or not facts.passes(Stage.HANDLE))


def _lost(case: Case, _: date) -> Iterator[Proposed]:
    lost = [key for key, it in facts_of(case).outcomes.items() if it.is_lost]
    yield from (Proposed(about=(key,), why="没有找到要并入的案件") for key in lost)


def _at_odds(case: Case, _: date) -> Iterator[Proposed]:
    there = {it.standing for it in facts_of(case).concerned.values()}
    is_open = _is(case, EntryState.REGISTERED) or _is(case, HandlingState.IN_HAND)
    if is_open and {Standing.ASKER, Standing.OTHER} <= there and not facts_of(case).outcomes:
        yield Proposed(why="双方谈不拢、要立字据的，立一件案")


def _unrated(case: Case, _: date) -> Iterator[Proposed]:
    facts = facts_of(case)
    is_done = facts.closed is not None and facts.how is not None and facts.how.done
    is_anybody = any(it.standing is Standing.ASKER for it in facts.concerned.values())
    if is_done and is_anybody and not facts.ratings:
        yield Proposed(why="问一问满意不满意")


NEXT = (
    Usual(RecordNotAgreed, _lost),
    Usual(AssignMatter, _while(EntryState.REGISTERED)),
    Usual(EndMatter, _ended_at_once),
    Usual(SignForMatter, _while(HandlingState.TO_SIGN)),
    Usual(RecordMeasure, _while(HandlingState.IN_HAND, _not_handled)),
    Usual(AnswerMatter, _while(HandlingState.IN_HAND, _to_answer)),
    Usual(VerifyMatter, _while(HandlingState.TO_VERIFY)),
    Usual(SendBackMatter, _while(HandlingState.TO_VERIFY)),
    Usual(EndMatter, _over),
    Usual(ReferToMediation, _at_odds, is_aside=True),
    Usual(RecordRating, _unrated),
)
OPENS: Mapping[str, tuple[type[Command], ...]] = {
    "both_known": (AddConcerned,),
    "was_handled": (RecordMeasure,),
    "was_answered": (AnswerMatter,),
    "stages_passed": (RecordMeasure, AnswerMatter),
    filled_in.code: (FillInMatter,),
}


def usual_ending(case: Case, _key: str) -> Mapping[str, str]:
    """As it mostly ends: at once where nobody has been asked to handle it, else well."""
    kind = facts_of(case).kind
    at_once = _is(case, EntryState.REGISTERED)
    usual = (it.code for it in kind.endings if it.done and it.at_once is at_once) if kind else iter(())
    return {"ending": code} if (code := next(usual, "")) else {}


GUIDANCE = Guidance(
    from_elsewhere=frozenset({"outcome"}),
    usual={"EndMatter": usual_ending},
    opens=OPENS,
    next=NEXT,
    also_called={
        "AssignMatter": ("转办", "派单", "分派"),
        "SignForMatter": ("接收", "收到"),
        "RecordMeasure": ("走访", "化解措施", "跟进"),
        "AnswerMatter": ("回复", "答复"),
        "VerifyMatter": ("回访", "核查"),
        "EndMatter": ("销号", "当场解决", "当场答复", "结束"),
        "ReferToMediation": ("导入调解", "立案"),
        "RecordRating": ("满意度", "回访"),
    },
    answered_by={"recognised": ("ground",)},
    met_in_form=frozenset(
        {
            "handler_named",
            "known_ending",
            "recognised",
            "ends_at_once",
            "signed_by_handler",
            "no_case_running",
            "nothing_running",
        }
    ),
)
