"""Who acts for whom: what a representative may do, what is marked, what stands, what is disowned, and what ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediation_engine.audit import audit
from mediation_engine.decisions.closing import missing
from mediation_engine.domain.command import Command
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.recorded_order import RecordedOrder
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import ActorNotFound, CommandNotAllowed, GuardRefused, OutsideOwnRemit
from mediation_engine.services.maintenance import audit_store, case_file
from workflows.parts.agreement import AffixSeal, DraftAgreement, SignAsMediator
from workflows.parts.block import RecordTalk
from workflows.parts.capacity import DisownCapacity, EndCapacity, EnterCapacity, RatifyCapacity
from workflows.parts.confirmation import ConfirmAgreement, DeclineToSign, RatifyConfirmation, RecordOpinion, Witness
from workflows.parts.party import EnterRoster, JoinCase, RecordAbility, RecordConsent, RefuseMediation
from workflows.parts.payment import RecordPayment
from workflows.vocabulary import Ability, AuthorityPaper, CapacityEnd, CapacityKind, Side, SigningManner

from ..support.rechaining import fields, rechained, whole
from ..support.story import NOW, PAY, Story
from ..support.thorough import much
from .test_walk import walk

WORKER, FIRM, DRAFT = "confirmation/1", "confirmation/2", "agreement/1"
SIGNED = ConfirmAgreement(manner=SigningManner.SIGNATURE, identity_checked=True)
TODAY = date(2026, 11, 23)


def representative(story: Story, person: str = "zhang", **more: Any) -> None:
    """Somebody of the register gives orders of a representative."""
    actor = Actor(id=person, name="张某", organisation="", offices=frozenset({Office.REPRESENTATIVE}), **more)
    with story.store.write() as unit:
        unit.register.put_actor(actor)


def by_hand(story: Story, command: Command, *on: str, **given: Any) -> Order:
    """An order of a representative."""
    return story.order(command, *on, by=Office.REPRESENTATIVE, **{"actor": "zhang", "capacity": "capacity/1"} | given)


def marks(story: Story) -> set[str]:
    [line] = [it for it in story.lines if it.command][-1:]
    return {d.code for d in line.defects}


def sound(story: Story) -> bool:
    return not [f for _, found in audit_store(story.store, story.door.catalogue) for f in found if not f.known]


def barred(story: Story, order: Order) -> bool:
    """Whether an order would be barred for whom it is about and in which capacity."""
    refused = story.door.preview(order).refused
    return refused is not None and {r.code for r in refused.refusals} == {"capacity"}


# -- one case through


@pytest.mark.quick
def test_an_agent_signs_for_the_worker_and_the_head_seals_for_the_firm(story: Story) -> None:
    agent = story.drafted("labour_mediation").acting_for("party/1")
    head = story.acting_for("party/2", person="zhao", kind=CapacityKind.HEAD, paper=AuthorityPaper.CERTIFICATE)
    representative(story)
    story.door.submit(by_hand(story, SIGNED, WORKER, capacity=agent))
    assert (story.lines[-1].actor, story.lines[-1].capacity) == ("zhang", agent)
    story.confirm(FIRM, capacity=head)
    story.do(SignAsMediator(), DRAFT)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert story.state(DRAFT) == "effective"
    assert story.case.facts.confirmations[FIRM].signers == (head,)
    assert sound(story)


@pytest.mark.parametrize(
    ("named", "found"),
    [("capacity/2", "wrong_office"), ("party/1", "wrong_office"), ("capacity/9", "wrong_office"), ("", "wrong_office")],
)
def test_a_capacity_put_in_place_of_another_is_found_even_where_all_digests_are_made_anew(
    story: Story, named: str, found: str
) -> None:
    story.drafted().acting_for("party/1")
    story.acting_for("party/2", person="zhao", kind=CapacityKind.HEAD, paper=AuthorityPaper.CERTIFICATE)
    representative(story)
    story.door.submit(by_hand(story, SIGNED, WORKER))
    file = case_file(story.store, story.name)
    *before, last = map(whole, file.orders)
    forged = rechained([*before, RecordedOrder(**{**fields(last), "capacity": named})])
    told = [f for f in audit(replace(file, orders=forged, projection=None), story.door.catalogue) if not f.known]
    assert {f.fault.value for f in told} >= {found}


# -- what a representative may do


@pytest.mark.parametrize("on", [(FIRM,), (WORKER, FIRM), ()])
def test_a_representative_acts_for_its_principal_and_for_nobody_else(story: Story, on: tuple[str, ...]) -> None:
    story.drafted().acting_for("party/1")
    representative(story)
    with pytest.raises(CommandNotAllowed):
        story.door.submit(by_hand(story, SIGNED, *on))


@pytest.mark.parametrize("capacity", ["", "party/1", "capacity/2", "capacity/9"])
def test_and_in_no_other_capacity_than_its_own(story: Story, capacity: str) -> None:
    story.drafted().acting_for("party/1")
    story.acting_for("party/1", person="wu")
    representative(story)
    assert barred(story, by_hand(story, SIGNED, WORKER, capacity=capacity))
    assert not barred(story, by_hand(story, SIGNED, WORKER))


@pytest.mark.parametrize("last", [-1, 0, 1, None])
def test_the_last_day_counts_whole_and_by_the_clock_of_china(story: Story, last: int | None) -> None:
    until = None if last is None else TODAY + timedelta(days=last)
    story.drafted().acting_for("party/1", until=until)
    representative(story)
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)
    for moment, day in ((midnight - timedelta(minutes=1), TODAY), (midnight, TODAY + timedelta(days=1))):
        story.clock.now = moment
        assert barred(story, by_hand(story, SIGNED, WORKER)) == (until is not None and day > until)


def test_what_is_dated_back_to_when_it_stood_is_barred_once_it_stands_no_more(story: Story) -> None:
    story.drafted().acting_for("party/1", since=TODAY, until=TODAY)
    representative(story)
    early, now = Occurred("2026-11-22"), Occurred("2026-11-23")
    assert barred(story, by_hand(story, SIGNED, WORKER, occurred=early))
    story.clock.now = NOW + timedelta(days=1)
    assert barred(story, by_hand(story, SIGNED, WORKER, occurred=now))


def test_powers_are_what_the_paper_lists_and_for_a_head_or_guardian_what_the_law_gives(story: Story) -> None:
    story.drafted().acting_for("party/1", settle=False)
    representative(story)
    assert barred(story, by_hand(story, SIGNED, WORKER))
    assert barred(story, by_hand(story, DeclineToSign(), WORKER))
    assert not barred(story, by_hand(story, RecordOpinion(opinion=Text("太少")), WORKER))
    head = story.acting_for("party/2", kind=CapacityKind.HEAD, settle=False, take_part=False)
    assert not barred(story, by_hand(story, SIGNED, FIRM, capacity=head))


def test_a_party_acts_for_itself_by_its_own_key_unless_it_is_a_ward_or_a_unit(story: Story) -> None:
    story.accepted()
    for person, key in (("worker", "party/1"), ("firm", "party/2")):
        representative(story, person)
        order = by_hand(story, RecordConsent(), key, actor=person, capacity=key)
        assert barred(story, order) == (key == "party/2")
    own = by_hand(story, RecordConsent(), "party/1", actor="worker", capacity="party/1")
    for ability in Ability:
        story.do(RecordAbility(ability=ability), "party/1")
        assert barred(story, own) == (not ability.is_full)


def test_no_capacity_is_named_of_what_is_no_partys_act(story: Story) -> None:
    """Else it would tell an auditor with whom a talk apart was."""
    agent = story.accepted().acting_for("party/1")
    assert barred(story, story.order(RecordTalk(party="party/1"), capacity=agent))


def test_whose_link_is_dead_does_nothing(story: Story) -> None:
    story.drafted().acting_for("party/1")
    representative(story, active=False)
    with pytest.raises(ActorNotFound):
        story.door.submit(by_hand(story, SIGNED, WORKER))


# -- an order of a representative, by other means


@settings(max_examples=much(12, 150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_an_order_of_a_representative_goes_through_if_and_only_if_a_standing_capacity_covers_it(seed: int) -> None:
    """Told from the lines of a random walk; what guards say besides is not asked here."""
    story = walk(seed, 25)
    for n, (party, kind) in enumerate((("party/1", CapacityKind.AGENT), ("party/2", CapacityKind.HEAD))):
        until = TODAY + timedelta(days=(seed >> n) % 3 - 1)
        if story.case.phase.startswith("intake") or story.case.facts.closed is None:
            story.acting_for(party, person=("firm", "worker")[n], kind=kind, settle=seed % 2 == 0, until=until)
    for person in ("worker", "firm"):
        representative(story, person)
    offered = [
        o
        for o in story.door.available("A1", Office.REPRESENTATIVE, every=True).options
        if o.allowed and o.key and o.command.name() in ACTS
    ]
    named = ("", *story.case.facts.parties, *story.case.facts.capacities)
    for option in offered[:: max(1, len(offered) // 4)]:
        assert option.key is not None
        for person in ("worker", "firm"):
            for capacity in named:
                order = by_hand(story, ACTS[option.command.name()], option.key, actor=person, capacity=capacity)
                assert barred(story, order) != covered(story, order, option.key), (order, story.lines[-1].version)


ACTS: dict[str, Command] = {
    "ConfirmAgreement": SIGNED,
    "RecordConsent": RecordConsent(),
    "RefuseMediation": RefuseMediation(),
    "RecordOpinion": RecordOpinion(opinion=Text("再想想")),
}


def covered(story: Story, order: Order, on: str) -> bool:
    """Whether somebody may, by what the lines say of the capacity it names, or of the party itself."""
    lines = list(story.view(Office.MEDIATOR).lines)
    party = next((it.event.party for it in lines if it.line.instance == on and hasattr(it.event, "party")), on)
    if not order.capacity.startswith("capacity/"):
        return order.capacity == party and own_hand(lines, party) == order.actor
    own = [it for it in lines if it.line.instance == order.capacity]
    entered, told = own[0].given, [it.line.event for it in own]
    said = [event for event in told if event in ("CapacityDisowned", "CapacityRatified")]
    disowned = said[-1:] == ["CapacityDisowned"]
    begun = (since is None or since <= TODAY for since in successors(lines, order.capacity))
    over = "CapacityEnded" in told or any(begun)
    listed = entered.settle if order.command.name() == "ConfirmAgreement" else entered.take_part
    able = listed or entered.kind not in (CapacityKind.AGENT, CapacityKind.EMPLOYEE)
    guards = entered.kind is not CapacityKind.GUARDIAN or not any(is_able(lines, p) for p in entered.principals)
    within = (entered.since or TODAY) <= TODAY <= (entered.until or TODAY)
    mine = entered.person == order.actor and party in entered.principals
    return mine and able and guards and within and not over and not disowned


def successors(lines: list[Any], capacity: str) -> Iterator[date | None]:
    for it in lines:
        if isinstance(it.given, EnterCapacity) and it.given.replaces == capacity:
            yield it.given.since


def own_hand(lines: list[Any], party: str) -> str | None:
    """Who a party is, where it is a person of full ability."""
    said = said_of(next(it for it in lines if it.line.instance == party))
    is_person = getattr(said, "kind", PartyKind.PERSON) is PartyKind.PERSON
    return said.person if is_person and is_able(lines, party) else None


def is_able(lines: list[Any], party: str) -> bool:
    said = [said_of(it) for it in lines if it.line.instance == party and it.line.event in ABILITY]
    return bool(said[-1].ability.is_full)


def said_of(it: Any) -> Any:
    """What a line says of its party: that of a roster is the first on it."""
    return it.given.rows[0] if isinstance(it.given, EnterRoster) else it.given or it.event


ABILITY = ("PartyRegistered", "RosterEntered", "PartyJoined", "AbilityRecorded")


# -- money that an agent receives


def received(story: Story, at: str = "2026-11-23", **given: Any) -> list[tuple[str, bool]]:
    """The firm pays somebody who acts for the worker and is in the case himself: what is marked, and if unjudged."""
    story.effective().do(JoinCase(person="zhang", side=Side.RELATED))
    story.acting_for("party/1", **given)
    paid = RecordPayment(obligation="obligation/1", amount=1_200_000, payer="party/2", payee="party/3", credited=True)
    receipt = story.do(replace(paid, for_payee="party/1"), at=at)
    assert story.state("obligation/1") == "performed", "that it was paid stands whatever it is worth"
    return [(d.code, d.unjudged) for d in receipt.lines[0].defects]


def test_money_that_an_agent_receives_without_the_power_to_is_marked(story: Story) -> None:
    assert received(story) == [("may_receive", False)]
    assert sound(story)


@pytest.mark.parametrize(
    "given",
    [
        {"receive_money": True},
        {"kind": CapacityKind.HEAD},
        {"receive_money": True, "until": TODAY},
        {"person": "firm"},
    ],
)
def test_with_it_or_by_law_or_by_who_is_no_agent_it_is_not(story: Story, given: dict[str, Any]) -> None:
    assert received(story, **given) == []


@pytest.mark.parametrize(("at", "unjudged"), [("2026-11-22", False), ("2026-11", True)])
def test_it_is_to_stand_on_the_day(story: Story, at: str, unjudged: bool) -> None:
    assert received(story, at, receive_money=True, since=TODAY) == [("may_receive", unjudged)]


# -- what is written down


def test_staff_write_down_what_was_signed_without_authority_and_it_is_held(story: Story) -> None:
    over = story.drafted().acting_for("party/1", until=TODAY - timedelta(days=1))
    story.confirm(WORKER, capacity=over)
    assert marks(story) == {"authority_shown"}
    assert story.state(WORKER) == "held"
    story.do(RatifyConfirmation(), WORKER)
    assert story.state(WORKER) == "given"
    assert sound(story)


def test_but_not_as_the_act_of_somebody_elses_representative(story: Story) -> None:
    other = story.drafted().acting_for("party/2")
    assert barred(story, story.order(SIGNED, WORKER, capacity=other))


def test_other_acts_without_authority_are_marked_too(story: Story) -> None:
    over = story.accepted().acting_for("party/1", take_part=False)
    story.do(RecordConsent(), "party/1", capacity=over)
    assert marks(story) == {"may_act_for"}
    story.do(RecordConsent(), "party/2")
    assert marks(story) == set()


def test_what_was_signed_while_it_stood_stands(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    story.confirm(WORKER, capacity=agent)
    story.do(EndCapacity(reason=CapacityEnd.REVOKED), agent)
    assert story.state(WORKER) == "given"
    assert story.state(agent) == "ended"


def test_an_end_that_came_before_the_signature_is_told_later_and_takes_the_effect_away(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    story.confirm(WORKER, capacity=agent)
    story.do(EndCapacity(reason=CapacityEnd.REVOKED), agent, at="2026-11-20")
    assert story.state(WORKER) == "held"


@pytest.mark.parametrize("at", ["2026-11-23", ".."])
def test_whether_an_end_came_before_or_after_cannot_be_judged_to_the_day(story: Story, at: str) -> None:
    agent = story.drafted().acting_for("party/1")
    story.do(EndCapacity(reason=CapacityEnd.RESIGNED), agent, at=at)
    story.confirm(WORKER, capacity=agent)
    [defect] = [d for d in story.lines[-1].defects if d.code == "authority_shown"]
    assert defect.unjudged
    assert story.state(WORKER) == "given"


def test_a_disowned_capacity_holds_what_was_signed_until_it_is_ratified(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    story.confirm(WORKER, capacity=agent)
    story.do(DisownCapacity(), agent)
    assert story.state(WORKER) == "held"
    story.do(RatifyCapacity(), agent)
    assert (story.state(WORKER), story.state(agent)) == ("given", "standing")


def test_after_effect_it_stands_as_disputed(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    story.confirm(WORKER, capacity=agent)
    story.confirm(FIRM)
    story.do(SignAsMediator(), DRAFT)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    story.do(DisownCapacity(), agent)
    assert (story.state(DRAFT), story.state(WORKER)) == ("effective", "denied")
    story.do(RatifyConfirmation(), WORKER)
    assert story.state(WORKER) == "given"
    assert sound(story)


def test_several_sign_beside_each_other_and_one_who_may_is_enough(story: Story) -> None:
    story.accepted().do(JoinCase(person="child", side=Side.APPLICANT, ability=Ability.MINOR))
    mother = story.acting_for("party/3", kind=CapacityKind.GUARDIAN, paper=AuthorityPaper.KINSHIP)
    story.do(DraftAgreement(signers=("party/2", "party/3"), terms=(PAY,)))
    story.confirm("confirmation/2", also=(mother,))
    assert marks(story) == set()
    assert story.state("confirmation/2") == "given"
    with pytest.raises(GuardRefused, match="同一当事人"):
        story.confirm("confirmation/1", also=(mother,))


def test_a_representative_says_of_nobody_else_that_they_signed(story: Story) -> None:
    story.accepted().do(JoinCase(person="child", side=Side.APPLICANT, ability=Ability.MINOR))
    agent = story.acting_for("party/3")
    mother = story.acting_for("party/3", person="mother", kind=CapacityKind.GUARDIAN, paper=AuthorityPaper.KINSHIP)
    story.do(DraftAgreement(signers=("party/2", "party/3"), terms=(PAY,)))
    representative(story)
    order = by_hand(story, replace(SIGNED, also=(mother,)), "confirmation/2", capacity=agent)
    assert barred(story, order)
    assert not barred(story, replace(order, command=SIGNED))


def test_delegates_settle_with_the_consent_of_those_they_stand_for(story: Story) -> None:
    elected = story.drafted().acting_for("party/1", kind=CapacityKind.DELEGATE, paper=AuthorityPaper.ELECTION)
    story.confirm(WORKER, capacity=elected)
    assert (marks(story), story.state(WORKER)) == ({"represented_consent"}, "held")
    story.confirm(WORKER, capacity=elected, represented_agreed=True)
    assert (marks(story), story.state(WORKER)) == (set(), "given")


@pytest.mark.parametrize(("track", "expected"), [("people_mediation", set()), ("labour_mediation", {"manner_counts"})])
def test_a_name_written_by_another_over_ones_own_fingerprint_is_recorded_everywhere(
    story: Story, track: str, expected: set[str]
) -> None:
    witnesses = (Witness(person="wu"), Witness(person="zheng"))
    manner = SigningManner.WRITTEN_FOR
    story.drafted(track).confirm(WORKER, manner=manner, written_by="qian", read_by="li", witnesses=witnesses)
    assert marks(story) == expected
    story.confirm(WORKER, manner=SigningManner.SEAL, witnesses=witnesses)
    assert marks(story) == set()


def test_one_witness_twice_is_one(story: Story) -> None:
    twice = (Witness(person="wu"), Witness(person="wu"))
    story.drafted().confirm(WORKER, manner=SigningManner.WRITTEN_FOR, written_by="qian", witnesses=twice)
    assert marks(story) == {"written_before_witnesses"}


def test_an_opinion_is_no_refusal_to_sign(story: Story) -> None:
    story.drafted().do(RecordOpinion(opinion=Text("嫌少，但愿意签")), WORKER)
    assert story.state(WORKER) == "awaited"
    story.confirm(WORKER)
    assert story.state(WORKER) == "given"


# -- what is entered


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, set()),
        ({"paper": AuthorityPaper.NONE}, {"paper_shown"}),
        ({"settle": False, "take_part": False}, {"powers_listed"}),
        ({"kind": CapacityKind.GUARDIAN}, {"ward_registered"}),
        ({"kind": CapacityKind.HEAD}, {"heads_a_unit"}),
        ({"person": "firm"}, {"one_side_only"}),
    ],
)
def test_what_is_irregular_about_a_capacity_is_marked(story: Story, given: dict[str, Any], expected: set[str]) -> None:
    story.accepted().acting_for("party/1", **given)
    assert marks(story) == expected


def test_whoever_acts_for_both_sides_is_marked_while_the_first_stands(story: Story) -> None:
    first = story.accepted().acting_for("party/1")
    story.acting_for("party/2")
    assert marks(story) == {"one_side_only"}
    story.do(EndCapacity(reason=CapacityEnd.RESIGNED), first)
    story.do(EndCapacity(reason=CapacityEnd.RESIGNED), "capacity/2")
    story.acting_for("party/2")
    assert marks(story) == set()


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("told", [False, True])
def test_a_guardian_with_a_share_of_its_own_sets_the_wards_share_apart(story: Story, apart: bool, told: bool) -> None:
    story.accepted().do(JoinCase(person="child", side=Side.APPLICANT, ability=Ability.UNDER_16))
    person = "mother" if told else "worker"
    given = {"kind": CapacityKind.GUARDIAN, "person": person, "co_heir": told, "share_set_apart": apart}
    story.acting_for("party/3", paper=AuthorityPaper.KINSHIP, **given)
    assert marks(story) == (set() if apart else {"share_set_apart"})


@pytest.mark.parametrize("ability", Ability)
def test_a_child_that_asks_for_wages_is_marked_as_child_labour(story: Story, ability: Ability) -> None:
    story.accepted().do(JoinCase(person="child", side=Side.APPLICANT, ability=ability))
    expected = {"child_labour_reported"} if ability is Ability.UNDER_16 else set()
    assert marks(story) == expected
    story.do(RecordAbility(ability=ability), "party/1")
    assert marks(story) == expected


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"principals": ()}, "代哪位当事人"),
        ({"person": "worker"}, "本人办自己的事"),
        ({"since": TODAY, "until": TODAY - timedelta(days=1)}, "不能早于"),
        ({"replaces": "capacity/9"}, "不在本案中"),
    ],
)
def test_what_makes_no_sense_is_refused(story: Story, given: dict[str, Any], why: str) -> None:
    story.accepted()
    command = replace(EnterCapacity(principals=("party/1",), person="zhang"), **given)
    with pytest.raises(GuardRefused, match=why):
        story.do(command)


def test_one_that_is_replaced_stands_until_the_other_begins_and_is_replaced_once(story: Story) -> None:
    first = story.drafted().acting_for("party/1")
    second = story.acting_for("party/1", person="wu", replaces=first, since=TODAY + timedelta(days=1))
    assert (story.state(first), story.state(second)) == ("replaced", "standing")
    representative(story)
    assert not barred(story, by_hand(story, SIGNED, WORKER))
    story.clock.now = NOW + timedelta(days=1)
    assert barred(story, by_hand(story, SIGNED, WORKER))
    for wrong in ({"replaces": first}, {"replaces": second, "principals": ("party/2",)}):
        with pytest.raises(GuardRefused, match="还有效"):
            story.do(replace(EnterCapacity(principals=("party/1",), person="zheng"), **wrong))


def test_what_was_ratified_after_it_had_ended_is_over(story: Story) -> None:
    agent = story.accepted().acting_for("party/1")
    story.do(EndCapacity(reason=CapacityEnd.EXPIRED), agent)
    story.do(DisownCapacity(), agent)
    story.do(RatifyCapacity(), agent)
    assert story.state(agent) == "ended"


# -- corrections


def test_a_capacity_that_others_rest_on_is_neither_struck_nor_corrected_to_another(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    entered = story.case.version
    story.confirm(WORKER, capacity=agent)
    right = EnterCapacity(principals=("party/1",), person="zhang", settle=True, paper=AuthorityPaper.MANDATE)
    with pytest.raises(GuardRefused, match="在此之后办的"):
        story.do(StrikeOrder(order=entered, reason=Text("记错")), by=Office.LEAD)
    others = ({"person": "wu"}, {"principals": ("party/2",)}, {"settle": False}, {"until": TODAY - timedelta(days=9)})
    for wrong in others:
        with pytest.raises(GuardRefused):
            story.do(CorrectOrder(order=entered, reason=Text("记错")), by=Office.LEAD, instead=replace(right, **wrong))
    mended = replace(right, paper_day=date(2026, 11, 1))
    story.do(CorrectOrder(order=entered, reason=Text("补日期")), by=Office.LEAD, instead=mended)
    assert sound(story)


def test_one_that_replaced_another_by_mistake_gives_it_back(story: Story) -> None:
    first = story.accepted().acting_for("party/1")
    story.acting_for("party/1", person="wu", replaces=first)
    entered = next(line.version for line in story.lines if line.instance == "capacity/2")
    story.do(StrikeOrder(order=entered, reason=Text("没有换人")), by=Office.LEAD)
    assert story.state(first) == "standing"
    assert story.case.facts.capacities[first].ended is None
    assert sound(story)


def test_a_correction_may_name_another_capacity(story: Story) -> None:
    agent = story.accepted().acting_for("party/1")
    story.do(RecordConsent(), "party/1")
    given, consented = story.case.version, CorrectOrder(order=story.case.version, reason=Text("是代理人说的"))
    story.do(consented, "party/1", by=Office.LEAD, instead=RecordConsent(), capacity=agent)
    told = story.view(Office.MEDIATOR).restated[story.case.version]
    assert [new.line.capacity for _, new in told] == [agent]
    assert told[0][1].line.version == given
    assert sound(story)


def test_an_end_entered_by_mistake_takes_nothing_away_once_it_is_struck(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    story.confirm(WORKER, capacity=agent)
    story.confirm(FIRM)
    story.do(SignAsMediator(), DRAFT)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    story.do(EndCapacity(reason=CapacityEnd.REVOKED), agent, at="2026-11-20")
    assert story.state(WORKER) == "denied"
    ended = next(line.version for line in story.lines if line.event == "CapacityEnded")
    story.do(StrikeOrder(order=ended, reason=Text("取消的是另一份")), by=Office.LEAD)
    assert (story.state(agent), story.state(WORKER)) == ("standing", "given")
    assert sound(story)


# -- who reads what


def test_a_representative_reads_joint_words_and_those_of_its_principals_while_its_capacity_stands(
    story: Story,
) -> None:
    story.accepted()
    for party, words in (("party/1", "最低一万"), ("party/2", "最多八千")):
        story.do(RefuseMediation(reason=Text(words)), party)
    agent = story.acting_for("party/1", note=Text("由其叔叔代理"))
    zhang = Actor(id="zhang", name="张某", organisation="", offices=frozenset({Office.REPRESENTATIVE}))
    read = set(story.door.words("A1", Office.REPRESENTATIVE, zhang).values())
    assert {"最低一万", "由其叔叔代理"} <= read
    assert "最多八千" not in read
    view = story.door.view("A1", Office.REPRESENTATIVE, zhang)
    assert "最低一万" in view.words.values()
    assert "最多八千" not in view.words.values()
    story.do(EndCapacity(reason=CapacityEnd.REVOKED), agent)
    for look in (story.door.words, story.door.view):
        with pytest.raises(OutsideOwnRemit):
            look("A1", Office.REPRESENTATIVE, zhang)
        with pytest.raises(OutsideOwnRemit):
            look("A1", Office.REPRESENTATIVE)


# -- what leads on


def test_where_a_ward_is_to_sign_entering_its_guardian_comes_first(story: Story) -> None:
    story.accepted().do(JoinCase(person="child", side=Side.APPLICANT, ability=Ability.MINOR))
    story.do(DraftAgreement(signers=("party/2", "party/3"), terms=(PAY,)))
    assert first_step(story, "confirmation/2") == "登记代理与代表"
    mother = story.acting_for("party/3", kind=CapacityKind.GUARDIAN, paper=AuthorityPaper.KINSHIP)
    assert first_step(story, "confirmation/2") == "记录谁签了协议"
    story.confirm("confirmation/2", capacity=mother)
    story.do(DisownCapacity(), mother)
    assert first_step(story, "confirmation/2") == "本人追认"


def first_step(story: Story, key: str) -> str:
    rules = story.door.catalogue.named(story.case.workflow)
    [need] = [need for need in missing(rules, story.case, NOW.date()) if need.key == key]
    return need.path[0]
