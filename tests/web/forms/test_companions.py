"""一起办: the table of what goes together is sound; what is given together is given as one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.companion import Companion, Sitting
from mediation_engine.domain.fields import Text, fields_of
from mediation_engine.domain.files import takes_files
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FormFaults, Refused
from mediation_engine.record.fold import DecodedLine
from web.forms.companions import THERE, TOGETHER, Given, companions_of, given_of
from web.forms.step_form import Step, begun, open_step, order_of
from web.presenters.case_options import Asking
from web.wiring import catalogue
from workflows.companions import COMPANIONS
from workflows.parts.member import InviteMember
from workflows.parts.payment import RecordPayment
from workflows.phases.intake import RegisterCase
from workflows.vocabulary import AuthorityPaper

from ...support.story import NOW, STAFF, Story

pytestmark = pytest.mark.quick

Typed = Mapping[str, str]
WORKFLOWS = [w for w in catalogue().workflows.values() if w.guidance.companions]
PAIRS = [(main, it) for main, found in COMPANIONS.items() for it in found]
MANAGER = {
    "together.EnterCapacity.f.person.new": "施某",
    "together.EnterCapacity.f.paper": AuthorityPaper.MANDATE.code,
    "together.EnterCapacity.f.paper_day": "2026-11-17",
}
DAY = {"together.ScheduleSession.f.planned": "2026-11-25", "together.ScheduleSession.f.planned_at": "14:30"}
SAID = {"f.party": "party/2", "f.said": "分两期付"}


def invited(story: Story) -> Story:
    story.accepted().do(InviteMember(role="justice", person="judge", agreed_by=("party/1",)))
    return story


def paid(story: Story) -> Story:
    pay = RecordPayment(obligation="obligation/1", amount=1_200_000, payer="party/2", payee="party/1")
    story.effective().do(pay)
    return story


SIGNED = {"f.identity_checked": "是", "f.signatures.0.signed": "是"}
SITTINGS: Mapping[tuple[str, str], tuple[Callable[[Story], Story], Typed]] = {
    ("RecordTalk", "TellRights"): (Story.accepted, SAID),
    ("RecordTalk", "EnterCapacity"): (Story.accepted, {**SAID, **MANAGER}),
    ("RecordTalk", "ScheduleSession"): (Story.accepted, {**SAID, **DAY}),
    ("EnterCapacity", "TellRights"): (
        Story.accepted,
        {"f.principals": "party/2", "f.person.new": "施某", "f.paper": AuthorityPaper.MANDATE.code},
    ),
    ("RecordSession", "ScheduleSession"): (Story.accepted, {"f.result": "to_be_continued", **DAY}),
    ("ReachAgreement", "DraftAgreement"): (
        Story.accepted,
        {"f.terms.0.words": "月底付清", "f.terms.0.amount": "12000", "f.amount": "12000"},
    ),
    ("RecordSignatures", "SignAsMediator"): (Story.drafted, SIGNED),
    ("ConfirmAgreement", "SignAsMediator"): (
        Story.drafted,
        {"on": "confirmation/1", "f.manner": "signature", "f.identity_checked": "是"},
    ),
    ("RecordPayment", "CloseAsPerformed"): (
        Story.effective,
        {"f.shares.0.amount": "12000", "f.payer": "party/2", "f.payee": "party/1"},
    ),
    ("RecordPerformance", "CloseAsPerformed"): (Story.effective, {"on": "obligation/1"}),
    ("RecordVisit", "CloseAsPerformed"): (paid, {"on": "visit/1", "f.finding": "stable"}),
    ("RecordCall", "CloseAsPerformed"): (paid, {"f.party": "party/1"}),
    ("RaiseRisk", "ReportRisk"): (Story.accepted, {"f.danger": "fight", "together.ReportRisk.f.receiver": "police"}),
    ("AgreeToMember", "SeatMember"): (invited, {"on": "member/1", "f.agreed_by": "party/2"}),
}
"""For each pair: a case in which both can be given, and what is filled in."""


def fresh() -> Story:
    clock = FixedClock(NOW)
    return Story(MemoryStore(clock), clock)


def form_of(story: Story, main: str, typed: Typed) -> Step:
    """The form of a step as it is opened, with some of it filled in."""
    view = story.door.view("A1", Office.MEDIATOR, STAFF[Office.MEDIATOR])
    asked = Asking(view=view, workflow=story.door.catalogue.in_force(view.case.rules))
    opened = open_step(
        asked, main, MultiDict({"id": "form-of-the-test", **{n: v for n, v in typed.items() if n == "on"}})
    )
    assert opened is not None
    return begun(opened)


def sent(step: Step, typed: Typed, ticked: tuple[str, ...]) -> Step:
    """The form as a browser sends it."""
    values: MultiDict[str, str] = MultiDict(step.typed)
    for target in step.targets.chosen:
        values[f"v.{target}"] = step.seen(target)
    for it in companions_of(step):
        for name, value in (*it.carried, *it.step.typed.items(multi=True)):
            name = name if name.startswith(TOGETHER) else f"{it.place}{name}"
            if name == THERE or value not in values.getlist(name):
                values.add(name, value)
    for name, value in typed.items():
        values[name] = value
    values.setlist(TOGETHER, list(ticked))
    again = open_step(step.asked, step.kind.name(), values)
    assert again is not None
    return again


def given_by(step: Step) -> Given:
    order, people = order_of(step, STAFF[Office.MEDIATOR].id)
    return given_of(step, order, people, STAFF[Office.MEDIATOR].id)


def one_by_one(story: Story, made: Given) -> None:
    """Each order by itself, as it would be given on a form of its own that was opened just then."""
    for n, order in enumerate(made.orders):
        story.door.submit(replace(order, expects={}), made.people if n == 0 else ())


def said(story: Story) -> list[tuple[Any, ...]]:
    """The record, without the ids of orders and without what depends on them."""
    lines: tuple[DecodedLine, ...] = story.view(Office.LEAD).lines
    told = (it.line for it in lines)
    return [
        (it.instance, it.event, it.source, it.target, it.occurred, it.office, it.actor, it.command, it.defects)
        for it in told
    ]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.name)
def test_what_goes_together_are_steps_of_the_workflow_each_named_once(workflow: Workflow) -> None:
    for main, found in workflow.guidance.companions.items():
        assert main in workflow.commands
        assert len({it.command for it in found}) == len(found)
        assert {it.command for it in found} <= {*workflow.commands.values()}


@pytest.mark.parametrize(("main", "companion"), PAIRS, ids=lambda it: it if isinstance(it, str) else it.command.name())
def test_what_is_asked_of_a_companion_is_a_field_of_it_and_no_file(main: str, companion: Companion) -> None:
    story = fresh().accepted()
    names = {spec.name for spec in fields_of(companion.command)}
    sitting = Sitting(case=story.case, on=(), given=None, today=NOW.date(), actor="li")
    assert {*companion.asks(sitting), *companion.begins(sitting), *companion.follows(sitting)} <= names
    assert not takes_files(companion.command)


def test_every_pair_is_tried() -> None:
    apart = {RegisterCase.name()}  # it has a form of its own
    assert {*SITTINGS} == {(main, it.command.name()) for main, it in PAIRS if main not in apart}


@pytest.mark.parametrize(
    ("pair", "sitting"), SITTINGS.items(), ids=lambda it: "+".join(it) if isinstance(it[0], str) else ""
)
def test_each_pair_is_offered_and_given_together_is_given_as_one_after_another(
    pair: tuple[str, str], sitting: tuple[Callable[[Story], Story], Typed]
) -> None:
    (main, companion), (tell, typed) = pair, sitting
    together, apart = tell(fresh()), tell(fresh())
    step = form_of(together, main, typed)
    assert companion in [it.code for it in companions_of(step)]
    made = given_by(sent(step, typed, (companion,)))
    assert [order.command.name() for order in made.orders] == [main, companion]
    ahead = together.door.preview_together(made.orders, made.people)
    assert [it.refused for it in ahead] == [None, None]
    before = len(together.lines)
    together.door.submit_together(made.orders, made.people)
    one_by_one(apart, made)
    assert said(together) == said(apart)
    assert together.case.facts == apart.case.facts or companion in ("EnterCapacity", "DraftAgreement")
    told = [it.event for preview in ahead for it in preview.lines]
    assert told == [it.event for it in together.lines[before:]]


TALK = ("TellRights", "EnterCapacity", "ScheduleSession")


@settings(deadline=None, max_examples=40)
@given(
    ticked=st.sets(st.sampled_from(TALK)),
    party=st.sampled_from(["party/1", "party/2", ""]),
    also=st.booleans(),
    when=st.sampled_from(["", "昨天", "2026-11-23 8:00"]),
)
def test_any_of_what_goes_with_a_talk_is_given_whole_or_not_at_all(
    ticked: set[str], party: str, also: bool, when: str
) -> None:
    together, apart = fresh().accepted(), fresh().accepted()
    typed = {"f.party": party, "when": when}
    typed |= MANAGER if "EnterCapacity" in ticked else {}
    typed |= DAY if "ScheduleSession" in ticked else {}
    if also:
        typed["f.also"] = "party/1" if party == "party/2" else "party/2"
    step = sent(form_of(together, "RecordTalk", {}), typed, tuple(sorted(ticked)))
    before = len(together.lines)
    try:
        made = given_by(step)
    except FormFaults:
        return
    try:
        together.door.submit_together(made.orders, made.people)
    except Refused:
        assert len(together.lines) == before
        with pytest.raises(Refused):
            one_by_one(apart, made)
        return
    assert {it.command for it in together.lines[before:]} == {"RecordTalk", *ticked}
    one_by_one(apart, made)
    assert said(together) == said(apart)
    again = together.door.submit_together(made.orders, made.people)
    assert [it.first for it in again] == sorted(it.first for it in again)
    assert len(together.lines) == len(apart.lines)


def test_orders_rest_on_what_was_there_when_the_form_was_opened() -> None:
    story = fresh().accepted()
    made = given_by(sent(form_of(story, "RecordTalk", {}), SAID, ("TellRights",)))
    first: Order = made.orders[0]
    assert first.expects == {"party/2": story.case.instances["party/2"].seen}
    assert Text("分两期付") == getattr(first.command, "said", None)
