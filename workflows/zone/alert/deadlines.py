"""The periods of an alert, all of them the room's own rule: no law fixes any. They decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mediation_engine.domain.calendar import Calendar
from mediation_engine.domain.case import Case
from mediation_engine.domain.deadline import DeadlineRule, Run, Whose
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.message import HANDLERS, Audience
from mediation_engine.domain.periods import PeriodUnit

from .facts import facts_of
from .feedback import P186

CASE = ""
"""In place of an instance: the alert as a whole."""
SETTINGS: Mapping[str, tuple[int, int, int]] = {
    "alert_contact": (1, 1, 7),
    "alert_result": (3, 1, 30),
    "alert_feedback": (1, 1, 10),
}
"""What the room sets itself: how many days (or working days) usually, at least, at most."""
ALL = HANDLERS | {Audience.LEAD}


def _contact(case: Case, _: Calendar) -> Iterator[Run]:
    """Somebody goes there or calls soon after it came."""
    facts = facts_of(case)
    if facts.pushed is not None:
        made = [it.made for it in facts.contacts.values()] + [it.since for it in facts.outcomes.values()]
        yield Run(instance=CASE, since=facts.pushed, met=made[0] if made else None, is_over=facts.closed is not None)


def _result(case: Case, _: Calendar) -> Iterator[Run]:
    """It is taken some way within days."""
    facts = facts_of(case)
    if facts.pushed is not None:
        taken = [it.since for it in facts.outcomes.values()]
        yield Run(instance=CASE, since=facts.pushed, met=taken[0] if taken else None, is_over=facts.closed is not None)


def _feedback(case: Case, _: Calendar) -> Iterator[Run]:
    """The police are told what came of it."""
    for key, outcome in facts_of(case).outcomes.items():
        if outcome.is_untold:
            yield Run(instance=key, since=outcome.since)


DEADLINES = (
    DeadlineRule(
        code="alert_contact",
        label="首次联系",
        version="2026",
        whose=Whose.ROOM,
        number=SETTINGS["alert_contact"][0],
        setting="alert_contact",
        unit=PeriodUnit.DAYS,
        begins="警情推送到本室",
        events=("AlertPushed",),
        runs=_contact,
        basis=POLICY,
        after="人没有稳住，容易再打起来",
        warns=(1,),
        step="RecordContact",
        to=ALL,
    ),
    DeadlineRule(
        code="alert_result",
        label="作出处置",
        version="2026",
        whose=Whose.ROOM,
        number=SETTINGS["alert_result"][0],
        setting="alert_result",
        unit=PeriodUnit.DAYS,
        begins="警情推送到本室",
        events=("AlertPushed",),
        runs=_result,
        basis=POLICY,
        after="当场化解、转调解、升级或者退回，要有一样",
        warns=(1,),
        step="ReferToMediation",
        to=ALL,
    ),
    DeadlineRule(
        code="alert_feedback",
        label="反馈公安",
        version="2026",
        whose=Whose.ROOM,
        number=SETTINGS["alert_feedback"][0],
        setting="alert_feedback",
        unit=PeriodUnit.WORKDAYS,
        begins="有了结果",
        events=("SettledOnSpot", "AgreementReported", "PerformanceReported", "BreachReported", "FailureReported"),
        runs=_feedback,
        basis=P186,
        is_number_ours=True,
        after="公安不知道履行没有，没法决定处罚不处罚",
        warns=(1,),
        step="TellPolice",
        to=ALL,
    ),
)
