"""What a party does by itself: from the tables, never about another, worth what the mediator's own entry is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from msgspec import structs

from mediation_engine.decisions.decide import decide
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.decision_context import Outside
from mediation_engine.domain.fields import HOST_ONLY, Readers, Text, fields_of
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import CommandNotAllowed, Refused
from mediation_engine.record.fold import fold_upto
from mediation_engine.services.maintenance import audit_store
from tests.histories import record
from workflows.parts.agreement import AdoptOrally, ReachAgreement
from workflows.parts.assignment import AskForChange, RefuseChange, WithdrawWish
from workflows.parts.data_request import AskForCorrection, CloseDataRequest
from workflows.parts.exhibit import FileExhibit, HandInExhibit, filed
from workflows.parts.party import RecordConsent
from workflows.parts.payment import AcknowledgePayment, DisputePayment, RecordPayment
from workflows.parts.statement import MakeStatement, ReadStatement
from workflows.parts.visit import AnswerQuestions, PlanQualityVisit
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.vocabulary import CapacityKind, Reply

from ..support.exhibits import made_up
from ..support.filling import fill
from ..support.story import PAY, Story

OWN = {"by": Office.REPRESENTATIVE, "actor": "worker", "capacity": "party/1"}
HEAD = {"by": Office.REPRESENTATIVE, "actor": "head", "capacity": "capacity/1"}
DUE = date(2026, 11, 30)
RECEIVED = AcknowledgePayment(party="party/1", obligation="obligation/1", amount=1_200_000)
ANSWERS = AnswerQuestions(party="party/1", agreement="agreement/1", fair=Reply.YES, said=Text("慢了点"))


@pytest.fixture
def paying(story: Story) -> Story:
    """An agreement in effect; the worker gives orders himself, a head for the firm."""
    story.effective(terms=(replace(PAY, due=DUE),)).acting_for("party/2", person="head", kind=CapacityKind.HEAD)
    with story.store.write() as unit:
        for id in ("worker", "head"):
            offices = frozenset({Office.REPRESENTATIVE})
            unit.register.put_actor(Actor(id=id, name=id, organisation="room", offices=offices))
    return story


def refused(story: Story, command: Command, *on: str, **by: Any) -> str:
    with pytest.raises(Refused) as fault:
        story.do(command, *on, **by)
    return "；".join(it.sentence for it in fault.value.refusals)


def sound(story: Story) -> bool:
    return all(f.known for _, found in audit_store(story.store, story.door.catalogue) for f in found)


# -- nothing about another

PARTIES_OWN = [
    (machine, command)
    for machine in FAST_TRACK.parts
    for command in machine.commands
    if any(isinstance(r, T) and r.command is command and Office.REPRESENTATIVE in r.by for r in machine.rows)
]


def told() -> Iterator[Story]:
    """Stories that between them bring what a party can speak about into its states."""
    makers: tuple[Callable[[Any], Story], ...] = (
        record.by_itself,
        record.by_phone,
        record.represented,
        record.visited,
        record.paid_in_batches,
        record.through_a_custodian,
        record.exhibited,
        record.handled,
    )
    return (make(FAST_TRACK) for make in makers)


def states(story: Story) -> Iterator[Case]:
    """The case after each of its orders."""
    with story.store.read() as unit:
        stored = unit.record.orders(story.name)
    return (fold_upto(story.door.catalogue, story.name, stored, order.last) for order in stored)


def about(case: Case, key: str) -> str | None:
    """Whose a thing is that a party speaks about, by what stands in the facts; None for nobody's."""
    facts = case.facts
    kind = key.partition("/")[0]
    if kind == "party":
        return key
    held = {
        "confirmation": facts.confirmations,
        "obligation": facts.obligations,
        "payment": facts.payments,
        "visit": facts.visits,
    }.get(kind, {})
    it = held.get(key)
    if kind == "payment":
        owed = facts.obligations.get(it.obligation or "")
        return it.for_payee or it.payee or (owed.payee if owed else None)
    return getattr(it, "payee", None) or getattr(it, "party", None)


def tried(machine: Machine, command: type[Command], case: Case) -> Iterator[tuple[Command, str | None]]:
    """The command for each party, on each thing of its kind, and on none."""
    sources = {row.source for row in machine.rows if isinstance(row, T) and row.command is command}
    keys = [*case.of(machine.name), *([None] if None in sources else [])]
    for key in keys:
        for party in ("party/1", "party/2"):
            try:
                filled = fill(command, case, key, Random(f"{key}{party}"))
            except AssertionError:
                continue
            named = [name for name in command.parties if name in {spec.name for spec in fields_of(command)}]
            yield replace(filled, **dict.fromkeys(named, party)), key
            if not named:
                break


def barred(case: Case, order: Order) -> bool:
    """Whether the order is refused, whatever for."""
    outside = Outside(now=case.recorded or record.NOW, rules="", hash_of=lambda _: "", answers=lambda *_: None)
    try:
        decide(FAST_TRACK, case, order, outside)
    except Refused:
        return True
    return False


def others(case: Case, command: Command, key: str | None) -> bool:
    """Whether an order would be about the other side: what it names, what it is given on, money that is owed to it."""
    whose = {about(case, key)} if key and not key.startswith("assignment/") else set()
    owed = getattr(command, "obligation", None)
    return "party/1" not in (named := {*command.on_behalf_of(), *whose} - {None}) or bool(
        named - {"party/1"} or (owed and about(case, owed) != "party/1")
    )


def test_nobody_can_do_anything_for_the_other_side_whatever_state_it_is_in() -> None:
    """Every step of a party, on every thing, for every party, after every order of the stories; told by the facts."""
    fits = set[str]()
    for story in told():
        for case in states(story):
            acting = own_hand(case)
            for machine, command in PARTIES_OWN if acting else ():
                for filled, key in tried(machine, command, case):
                    if command.name() in fits and not others(case, filled, key):
                        continue
                    actor, capacity = acting or ("", "")
                    order = Order(
                        id="x",
                        case=case.id,
                        command=filled,
                        actor=actor,
                        office=Office.REPRESENTATIVE,
                        on=(key,) if key else (),
                        capacity=capacity,
                    )
                    if others(case, filled, key):
                        assert barred(case, order), (command.name(), key, filled)
                    elif not barred(case, order):
                        fits.add(command.name())
    assert fits >= {command.name() for _, command in PARTIES_OWN} - NEVER_BY_CHANCE


NEVER_BY_CHANCE = {"ConfirmAgreement", "ConfirmOnline", "HandInExhibit", "AcknowledgePayment"}
"""What a form filled in at random hardly ever is: these are given in the tests of their own."""


def own_hand(case: Case) -> tuple[str, str] | None:
    """Who acts for the first party by himself, and as what."""
    party = case.facts.parties.get("party/1")
    return (party.person, "party/1") if party is not None and party.ability.is_full else None


# -- money


@pytest.mark.quick
def test_who_is_owed_says_that_it_came_and_it_counts_at_once(paying: Story) -> None:
    paying.do(RECEIVED, **OWN)
    assert paying.state("obligation/1") == paying.state("agreement/1") == "performed"
    paying.do(
        RecordPayment(
            agreement="agreement/1", obligation="obligation/1", payer="party/2", payee="party/1", amount=1_200_000
        )
    )
    mine, theirs = (structs.replace(it, occurred=None) for it in paying.case.facts.payments.values())  # type: ignore[arg-type]
    assert mine == theirs
    assert sound(paying)


@pytest.mark.parametrize("by", [OWN | {"capacity": "capacity/1"}, HEAD, {"by": Office.MEDIATOR}])
def test_nobody_else_says_so_for_him(paying: Story, by: dict[str, Any]) -> None:
    assert refused(paying, RECEIVED, **by)


def test_who_owes_cannot_book_it_as_his_own(paying: Story) -> None:
    assert "只有收款的一方" in refused(paying, replace(RECEIVED, party="party/2"), **HEAD)


def test_an_agent_may_say_so_who_may_take_the_money(paying: Story) -> None:
    for power in (False, True):
        agent = paying.acting_for("party/1", person="head", receive_money=power)
        by = HEAD | {"capacity": agent}
        if power:
            paying.do(RECEIVED, **by)
        else:
            assert "权限不包括" in refused(paying, RECEIVED, **by)


@pytest.mark.parametrize("at", ["2026-11-01", "2026-11-23"])
def test_what_would_not_count_is_not_booked_but_told(paying: Story, at: str) -> None:
    if at == "2026-11-23":
        paying.do(RecordPayment(obligation="obligation/1", amount=500_000), at=at)
    assert "请核对" in refused(paying, replace(RECEIVED, amount=500_000), at=at, **OWN)


def test_money_in_custody_is_the_mediators_to_book(paying: Story) -> None:
    paying.do(ReachAgreement(terms=(replace(PAY, custodian="town"),)))
    paying.do(AdoptOrally(), "agreement/2")
    assert "经人代收" in refused(paying, replace(RECEIVED, obligation="obligation/2"), **OWN)


def test_who_received_through_somebody_disputes_it_and_he_does_not(paying: Story) -> None:
    paid = RecordPayment(obligation="obligation/1", amount=100_000, payee="party/2", for_payee="party/1")
    paying.do(paid)
    assert refused(paying, DisputePayment(), "payment/1", **HEAD)
    paying.do(DisputePayment(), "payment/1", **OWN)
    assert paying.state("payment/1") == "disputed"


# -- questions, another mediator, words


def test_questions_are_answered_once_by_whom_they_are_for(paying: Story) -> None:
    paying.do(PlanQualityVisit(due=DUE, party="party/1"))
    planned = paying.case.of("visit")[-1]
    assert refused(paying, replace(ANSWERS, party="party/2"), planned, **HEAD)
    paying.do(ANSWERS, planned, **OWN)
    visit = paying.case.facts.visits[planned]
    assert (paying.state(planned), visit.agreement, visit.by_party) == ("done", "agreement/1", True)
    assert "已经回答过了" in refused(paying, ANSWERS, **OWN)
    paying.do(replace(ANSWERS, party="party/2"), **HEAD)
    assert sound(paying)


def test_nothing_is_asked_of_what_has_no_effect(story: Story) -> None:
    story.drafted()
    with story.store.write() as unit:
        offices = frozenset({Office.REPRESENTATIVE})
        unit.register.put_actor(Actor(id="worker", name="王某", organisation="room", offices=offices))
    assert "协议生效以后" in refused(story, ANSWERS, **OWN)


def test_a_wish_for_another_mediator_is_taken_back_by_whom_it_is_of(paying: Story) -> None:
    paying.do(AskForChange(party="party/1"), "assignment/1", **OWN)
    assert "没有要求更换" in refused(paying, WithdrawWish(party="party/2"), "assignment/1", **HEAD)
    assert refused(paying, WithdrawWish(party="party/1"), "assignment/1", **HEAD)
    paying.do(AskForChange(party="party/2"), "assignment/1", **HEAD)
    paying.do(WithdrawWish(party="party/1"), "assignment/1", **OWN)
    assert paying.state("assignment/1") == "challenged"
    paying.do(RefuseChange(reason=Text("没有理由")), "assignment/1", by=Office.LEAD)
    assert paying.state("assignment/1") == "standing"


def test_what_a_party_sends_waits_to_be_read_and_what_is_typed_in_does_not(paying: Story) -> None:
    paying.do(MakeStatement(party="party/1", words=Text("其实八千就够")), **OWN)
    paying.do(MakeStatement(party="party/2", readers=Readers.JOINT, words=Text("月底付")))
    facts = paying.case.facts
    assert [paying.state(key) for key in facts.statements] == ["new", "read"]
    assert [it.label for it in facts.statements.values()] == ["party/1", "joint"]
    paying.do(ReadStatement(), "statement/1")
    assert paying.state("statement/1") == "read"
    assert refused(paying, ReadStatement(), "statement/2")
    told = paying.view(Office.AUDITOR).case.facts.statements["statement/1"]
    assert (told.party, told.label) == (None, HOST_ONLY)


def test_a_request_about_data_outlives_the_case_and_has_the_days_of_the_room(paying: Story) -> None:
    paying.do(AskForCorrection(party="party/1", words=Text("电话换了")), **OWN)
    [clock] = [it for it in paying.view(Office.MEDIATOR).clocks if it.rule.code == "correction"]
    assert clock.last == date(2026, 11, 23) + timedelta(days=15)
    assert FAST_TRACK.machines["data_request"].outlives
    paying.do(CloseDataRequest(done=Text("已改")), "data_request/1")
    [clock] = [it for it in paying.view(Office.MEDIATOR).clocks if it.rule.code == "correction"]
    assert clock.run.met is not None


def test_what_is_handed_in_is_the_same_exhibit_as_if_the_mediator_had_filed_it() -> None:
    given: dict[str, Any] = {"kind": record.ExhibitKind.RECEIPT, "party": "party/1", "files": (made_up(1),)}
    for readers in (Readers.OWN, Readers.JOINT):
        more = given | {"readers": readers, "payment": "payment/1", "title": Text("回单")}
        assert filed(HandInExhibit(**more)) == filed(FileExhibit(**more))


def test_steps_of_the_staff_stay_theirs(paying: Story) -> None:
    with pytest.raises(CommandNotAllowed):
        paying.do(RecordPayment(amount=1, payer="party/1"), **OWN)
    with pytest.raises(CommandNotAllowed):
        paying.do(RecordConsent(), "party/2", **OWN)
