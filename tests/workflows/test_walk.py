"""Random walks through whole cases: choose among what is available, apply it, and hold the record to its promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.plugins import installed_workflows as installed
from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.decisions.options import available
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.line import Provenance
from mediation_engine.domain.matter import CASE, Matter
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import Office
from mediation_engine.errors import Refused
from mediation_engine.ports.store import Store
from mediation_engine.record.counting import projected
from mediation_engine.services.calendar import calendar_in
from mediation_engine.services.counting import count
from mediation_engine.services.maintenance import audit_store, case_file, rebuild
from workflows.facts import Agreement, MediationFacts, Obligation, facts_of
from workflows.parts.assignment import RecuseMediator
from workflows.parts.capacity import EnterCapacity
from workflows.parts.erasure import EraseTexts, TextRow
from workflows.parts.exhibit import FileExhibit
from workflows.parts.ledger import paid_for
from workflows.parts.payment import RecordPayment
from workflows.parts.proceeding import FileProceeding, RecordDecided
from workflows.parts.queries import STRENGTHENING
from workflows.phases.follow_up import CloseAsPerformed
from workflows.tracks import LABOUR, track_of
from workflows.vocabulary import AgreementForm, Grievance, ProceedingEffect, ProceedingKind, SigningManner
from workflows.zone.alert.vocabulary import ALERT
from workflows.zone.matter.kinds import shipped
from workflows.zone.matter.vocabulary import MATTER
from workflows.zone.meeting.vocabulary import MEETING
from workflows.zone.returns.vocabulary import RETURN

from ..support.exhibits import handed, made_up
from ..support.filling import fill, some_time
from ..support.story import NOW, PAY, ZHOU, Story, come, convened, filed, push, register
from ..support.thorough import much

ACTING = (Office.MEDIATOR, Office.LEAD)
Beginning = Callable[[Story, str], Story]
STEPS = 50
AFTER = 35
"""More steps, for a case that was opened again late."""


def walk(
    seed: int,
    steps: int = STEPS,
    store: Store | None = None,
    clock: FixedClock | None = None,
    aim: str | None = None,
    begin: Beginning | None = None,
    matter: Matter = CASE,
) -> Story:
    """A case walked at random, late towards one of its ends; from its registration, or some way on."""
    random, clock = Random(seed), clock or FixedClock(NOW)
    story = Story(store or MemoryStore(clock), clock)
    track = random.choice(("people_mediation", "labour_mediation"))
    workflow = random.choice([w for w in installed() if w.matter == matter]).name
    if begin:
        begin(story, track)
        story.told = STEPS // 2
    elif matter == ALERT:
        story.do(push(), workflow=workflow)
    elif matter == MATTER:
        story.do(come(random.choice(shipped()).code), workflow=workflow)
    elif matter == MEETING:
        story.do(convened(plan=None), workflow=workflow)
    elif matter == RETURN:
        story.do(filed(month="2026-10"), workflow=workflow)
    else:
        story.do(register(track, in_zone=True, weighty=random.random() < 0.8), workflow=workflow)
    chosen = random.choice(ENDS)
    aim = aim or chosen
    for _ in range(steps):
        step(story, random, aim)
    for _ in range(AFTER if steps == STEPS else 0):
        if story.case.phase.startswith("challenge/"):
            step(story, random, aim)
    return story


def step(story: Story, random: Random, aim: str) -> None:
    """One order chosen among what an office is offered; refused only for what was filled in."""
    office = random.choice(ACTING)
    offered = [o for o in story.door.available("A1", office, every=True).options if o.allowed]
    if not offered:
        return
    late = story.told > STEPS * 0.7
    kept = ENDING | (ENDING_ITEMS if story.told % 7 else frozenset())
    going_on = [o for o in offered if late or o.command.name() not in kept] or offered
    # First a machine, then a command: the many things one can do to parties should not crowd out the rest.
    machines = sorted({o.machine.name for o in going_on})
    weights = WEIGHTS | AFTERWARDS if story.case.facts.closed or story.case.facts.closed_before else WEIGHTS
    machine = random.choices(machines, [weights.get(m, 1) for m in machines])[0]
    option = random.choice([o for o in going_on if o.machine.name == machine])
    if option.command is RecuseMediator and not is_of_first(story, option.key):
        return  # somebody has to be left
    ending = [o for o in offered if o.command.name() in ((*CLOSING, aim) if late else CLOSING[:2])]
    if ending and random.random() < 0.5:  # offered so seldom that it would hardly ever be chosen
        option = random.choice(ending)
    case = story.case
    command = fitting(story, fill(option.command, case, option.key, random), random)
    on = (option.key,) if option.key and option.key != case.phase else ()
    if on and machine == "party" and random.random() < 0.5:  # one order over all of whom it is true
        on = tuple(o.key for o in going_on if o.command is option.command and o.key)
    when = some_time(random)
    order = story.order(
        command,
        *on,
        by=office,
        occurred=Occurred(when) if when else None,
        provenance=random.choice(list(Provenance)),
        expects={k: case.instances[k].seen for k in on},
    )
    before = case.version
    try:
        story.door.submit(order, (), handed(command))
    except Refused:
        assert story.case.version == before
        return
    assert story.door.submit(order).last == story.case.version
    if story.case.facts.has_stepped_back("li"):
        story.with_colleague().holders[Office.MEDIATOR] = ZHOU.id


def is_of_first(story: Story, key: str | None) -> bool:
    """Whether an assignment is of the first mediator of the room."""
    return key is not None and facts_of(story.case).assignments[key].staff == "li"


def fitting(story: Story, command: Command, random: Random) -> Command:
    """A command with what chance alone would hardly fill in: whom money is between, ids of words of the case, files."""
    if isinstance(command, EnterCapacity):
        before = facts_of(story.case).capacities.get(command.replaces or "")
        return replace(command, principals=before.principals if before else command.principals, until=None)
    if isinstance(command, FileExhibit):
        ids = range(some := 10 * story.told, some + random.randrange(1, 3))
        return replace(command, files=tuple(made_up(id) for id in ids))
    if isinstance(command, RecordPayment) and random.random() < 0.7:  # most are between whom they should be
        return replace(command, payer=None, payee=None, for_payer=None, for_payee=None)
    if not isinstance(command, EraseTexts):
        return command
    with story.store.read() as unit:
        ids = sorted(unit.record.texts("A1"))
    return replace(command, texts=tuple(TextRow(text=id) for id in random.sample(ids, min(1, len(ids)))))


WEIGHTS = (
    {"agreement": 4, "confirmation": 4, "party": 3, "issue": 2, "obligation": 4, "payment": 2, "capacity": 2}
    | dict.fromkeys(("intake", "mediation", "coordination", "consultation", "follow_up", "challenge"), 4)
    | {"erasure": 0.3}
)
AFTERWARDS = {"proceeding": 12, "challenge": 30, "agreement": 0}
"""Once a case has been closed: what may open it again, and what comes of that."""
CLOSING = ("CloseAsPerformed", "CloseAsDecided", "CloseNamingRemainder")
ENDING = {
    *("WithdrawApplication", "DeclineCase", "TransferCase", "TerminateMediation"),
    *("CloseAsMistaken", "CloseAsDuplicate"),
}
ENDING_ITEMS = frozenset({"ReturnAlert", "FinishAlert", "EndMatter", "CallOffMeeting"})
"""An alert, a matter or a meeting may end early, at each seventh order."""
ENDS = (*CLOSING, *sorted(ENDING))
"""One of them is aimed at in every walk, late."""


def held_to_its_promises(story: Story) -> None:
    """Chain and law hold, read models equal the fold, and every open part has a way on."""
    (results,) = [f for _, f in audit_store(story.store, story.door.catalogue)]
    assert [f for f in results if not f.known] == []
    case = story.case
    assert rightful(case) == []
    workflow = story.door.catalogue.named(case.workflow)
    count(story.store, story.door.catalogue)
    with story.store.read() as unit:
        held = unit.views.projection("A1")
        assert held == projected(story.door.catalogue, "A1", unit.record.orders("A1"), calendar_in(unit))
    assert rebuild(story.store, story.door.catalogue) == []
    assert [line.version for line in story.lines] == list(range(1, case.version + 1))
    for key in workflow.open_parts(case):
        offered = [available(workflow, case, office, NOW.date(), on=key).options for office in ACTING]
        assert any(o.allowed for options in offered for o in options), f"no way on for {key} in {case.state(key)}"


def rightful(case: Case) -> list[str]:
    """What of the contents of a case cannot be right, whatever was recorded."""
    facts = case.facts
    if not isinstance(facts, MediationFacts):
        return []
    return [
        *(f"{k} binds who did not sign" for k, o in facts.obligations.items() if not _may_be_owed(case, o)),
        *(f"{k} counts against its direction" for k in facts.payments if not _goes_its_way(case, k)),
        *(f"{k} is in effect before its text" for k, a in facts.agreements.items() if _before_its_text(a)),
        *(f"{k} has two confirmations" for k, n in _alive(case).items() if n > 1),
        *(f"{k} is in effect by another track" for k in facts.agreements if not _by_its_track(case, k)),
    ]


def _may_be_owed(case: Case, owed: Obligation) -> bool:
    held = facts_of(case).agreements.get(owed.agreement or "")
    written = held is not None and held.form is AgreementForm.WRITTEN and not ruled(case, owed.agreement or "")
    turned = owed.payer is None or held is None or owed.payer not in [t.payer for t in held.terms]
    return held is None or not written or turned or owed.payer in held.signers


def _goes_its_way(case: Case, key: str) -> bool:
    paid, owed = facts_of(case).payments[key], facts_of(case).obligations
    payer, payee = paid.for_payer or paid.payer, paid.for_payee or paid.payee
    mine = [owed[k] for k in paid_for(case, key)]
    return all(payer in (None, o.payer) or o.payer is None for o in mine) and all(
        payee in (None, o.payee) or o.payee is None for o in mine
    )


def _before_its_text(held: Agreement) -> bool:
    return bool(held.effective and held.drafted and held.effective.is_before(held.drafted))


def _alive(case: Case) -> Counter[tuple[str, str, str]]:
    """Confirmations that are not void, by agreement, text and party."""
    held = facts_of(case).confirmations.items()
    return Counter((c.agreement, c.text_hash, c.party) for k, c in held if case.state(k) != "void")


def _by_its_track(case: Case, key: str) -> bool:
    """Whether what is sealed and took effect by all acts has only signatures that count by the track of its text."""
    held = facts_of(case).agreements[key]
    track = track_of(held.track)
    if held.sealed is None or held.effective is None or track is None or ruled(case, key):
        return True
    given = [c for k, c in facts_of(case).confirmations.items() if c.agreement == key and case.state(k) == "given"]
    mine = [c for c in given if c.text_hash == held.text_hash and c.party in held.signers]
    return all(c.manner is not None and c.manner.has(*track.manners) for c in mine)


def ruled(case: Case, key: str) -> bool:
    """Whether a court or another body has ever confirmed an agreement."""
    held = facts_of(case).proceedings.values()
    return any(p.agreement == key and p.kind in STRENGTHENING and p.decided is not None for p in held)


def _unsigned(facts: MediationFacts) -> None:
    facts.agreements["agreement/1"] = structs.replace(facts.agreements["agreement/1"], signers=("party/1",))


def _early(facts: MediationFacts) -> None:
    facts.agreements["agreement/1"] = structs.replace(facts.agreements["agreement/1"], effective=Occurred("2026-11-01"))


def _twice(facts: MediationFacts) -> None:
    facts.confirmations["confirmation/2"] = facts.confirmations["confirmation/1"]


def _otherwise(facts: MediationFacts) -> None:
    one = facts.confirmations["confirmation/1"]
    facts.confirmations["confirmation/1"] = structs.replace(one, manner=SigningManner.FINGERPRINT)
    facts.agreements["agreement/1"] = structs.replace(facts.agreements["agreement/1"], track="labour_mediation")


@pytest.mark.parametrize("spoil", [_unsigned, _early, _twice, _otherwise])
def test_contents_that_cannot_be_right_are_noticed(spoil: Callable[[MediationFacts], None], story: Story) -> None:
    story.effective()
    case = story.case.copy()
    assert rightful(case) == []
    spoil(facts_of(case))
    assert rightful(case)


@settings(max_examples=much(40, 200), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_any_walk_leaves_a_lawful_record_equal_to_its_read_models(seed: int) -> None:
    held_to_its_promises(walk(seed))


@settings(max_examples=much(20, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_any_walk_of_a_return_does_so_too(seed: int) -> None:
    held_to_its_promises(walk(seed, steps=12, matter=RETURN))


@settings(max_examples=much(20, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_any_walk_of_a_meeting_does_so_too(seed: int) -> None:
    held_to_its_promises(walk(seed, steps=12, matter=MEETING))


@settings(max_examples=much(20, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_any_walk_of_an_alert_does_so_too(seed: int) -> None:
    held_to_its_promises(walk(seed, matter=ALERT))


@settings(max_examples=much(20, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_any_walk_of_a_matter_does_so_too(seed: int) -> None:
    held_to_its_promises(walk(seed, matter=MATTER))


def decided_elsewhere(story: Story, track: str) -> Story:
    """Paid and closed; then an arbitration body put its own decision in the place of the agreement."""
    story.effective(track).do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    story.do(CloseAsPerformed())
    story.do(FileProceeding(kind=ProceedingKind.ARBITRATION, agreement="agreement/1", by="party/1"))
    story.do(RecordDecided(effect=ProceedingEffect.SUPERSEDES), "proceeding/1")
    return story


def led_to(story: Story, track: str) -> Story:
    """An item of the zone led to it."""
    return story.registered(track).linked()


def sent_in(story: Story, track: str) -> Story:
    """Somebody has applied."""
    return story.submitted(Grievance.WAGES if track == LABOUR.code else Grievance.NEIGHBOUR)


@pytest.mark.parametrize("seed", range(10))
def test_a_walk_from_an_application_keeps_the_promises_too(seed: int) -> None:
    held_to_its_promises(walk(seed, 20, begin=sent_in))


@pytest.mark.thorough
def test_the_walks_reach_every_state_of_every_machine() -> None:
    """Otherwise the walks would prove less than they seem to."""
    wanted = {(m.name, s.value) for w in installed() for m in w.machines.values() for s in m.states}
    items = (walk(seed, matter=matter) for seed in range(100) for matter in (ALERT, MATTER))
    walks = (walk(seed, begin=begin) for seed in range(300) for begin in (None, Story.effective))
    # Where chance alone seldom leads.
    later = (walk(seed, begin=decided_elsewhere) for seed in range(10))
    sent = (walk(seed, 15, begin=begin) for seed in range(20) for begin in (sent_in, led_to))
    aimed = (walk(seed, aim=end) for seed in range(300, 500) for end in sorted(ENDING))
    returns = (walk(seed, steps=12, matter=matter) for seed in range(50) for matter in (RETURN, MEETING))
    for story in chain(later, sent, items, returns, walks, aimed):
        wanted -= {(line.instance.partition("/")[0], line.target) for line in story.lines}
        if not wanted:
            return
    assert not wanted


@pytest.mark.parametrize("seed", range(5))
def test_a_case_as_of_an_earlier_version_is_the_case_as_it_then_was(seed: int) -> None:
    story = walk(seed, 20)
    for version in range(1, story.case.version + 1):
        case = story.door.case("A1", version)
        assert case.version == version
        assert case.instances[story.lines[version - 1].instance].state == story.lines[version - 1].target


@pytest.mark.parametrize("seed", range(3))
def test_the_same_walk_leaves_the_same_record_in_every_store(
    seed: int, database_store: SqlStore, clock: FixedClock
) -> None:
    walked = walk(seed, 25, database_store, clock)
    held_to_its_promises(walked)
    again = walk(seed, 25)
    count(again.store, again.door.catalogue)
    assert case_file(database_store, "A1") == case_file(again.store, "A1")
