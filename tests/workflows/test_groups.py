"""Groups: a roster by one order, one sheet signed by many, those who did not come split off with their own text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.audit import Fault, Finding
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from mediation_engine.ports.register import Person
from mediation_engine.services.maintenance import audit_store
from web.presenters.case_details import Casework
from workflows.facts import MONEY, Term, terms_of
from workflows.parts import cards
from workflows.parts.agreement import (
    AbandonAgreement,
    AdoptOrally,
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    ReachAgreement,
    ReportPerformance,
    SignAsMediator,
    SplitOff,
)
from workflows.parts.cohort import DeclareCohort
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.exhibit import FileExhibit, WithdrawExhibit
from workflows.parts.issue import DisposeIssue
from workflows.parts.ledger import paid_on, received
from workflows.parts.party import DeclareListComplete, EnterRoster, JoinCase, RosterRow
from workflows.parts.payment import AllocatePayment, RecordPayment
from workflows.phases.follow_up import CloseAsPerformed
from workflows.vocabulary import Ability, Disposition, ExhibitKind, Extent, Side, SigningManner, TermKind

from ..support.exhibits import handed, made_up
from ..support.story import NOW, Story

pytestmark = pytest.mark.quick

FIRM, DRAFT = "party/2", "agreement/1"
PEACE = Term(words=Text("双方再无其他争议"), kind=TermKind.ABSTAINING)


def rows(count: int) -> tuple[RosterRow, ...]:
    return tuple(RosterRow(person=f"w{n}", claimed=100 * n, months=Text("8月")) for n in range(1, count + 1))


def known(story: Story, count: int) -> Story:
    """The register has so many workers."""
    with story.store.write() as unit:
        for n in range(1, count + 1):
            unit.register.put_person(Person(id=f"w{n}", name=f"工人{n}", kind=PartyKind.PERSON, organisation="room"))
    return story


def listed(story: Story, count: int = 3, **given: object) -> list[str]:
    """So many workers on a roster; their keys."""
    known(story.accepted() if not story.told else story, count)
    receipt = story.do(EnterRoster(rows=rows(count), **given))  # type: ignore[arg-type]
    return [line.instance for line in receipt.lines if line.event in ("RosterEntered", "PartyRegistered")]


def pays(payee: str, amount: int | None, **more: object) -> Term:
    return Term(words=Text(f"付给{payee}"), kind=TermKind.PAY, payer=FIRM, payee=payee, amount=amount, **more)  # type: ignore[arg-type]


def drafted(story: Story, keys: list[str], *more: Term, amount: int | None = None) -> None:
    """An agreement that pays each of them, out for signature."""
    terms = (*(pays(key, 100 * n) for n, key in enumerate(keys, 1)), PEACE, *more)
    story.do(DraftAgreement(signers=(FIRM, *keys), terms=terms, amount=amount))


def confirmation_of(story: Story, party: str, agreement: str = DRAFT) -> str:
    held = story.case.facts.confirmations
    return [k for k, c in held.items() if (c.party, c.agreement) == (party, agreement)][-1]


def sign(story: Story, parties: Iterable[str], agreement: str = DRAFT, **more: str) -> None:
    on = [confirmation_of(story, party, agreement) for party in parties]
    story.do(ConfirmAgreement(manner=SigningManner.SIGNATURE_SEAL, identity_checked=True, **more), *on)


def seal(story: Story, agreement: str = DRAFT) -> None:
    story.do(SignAsMediator(), agreement)
    story.do(AffixSeal(), agreement, by=Office.LEAD)


def unlawful(story: Story) -> list[Finding]:
    """What an audit finds that was not marked when it was recorded."""
    found = (it for _, some in audit_store(story.store, story.door.catalogue) for it in some)
    return [it for it in found if it.fault is not Fault.KNOWN_DEFECT]


def refused(story: Story, command: object, *on: str) -> set[str]:
    with pytest.raises(GuardRefused) as fault:
        story.do(command, *on)  # type: ignore[arg-type]
    return {r.code for r in fault.value.refusals}


# -- the roster


def test_all_on_a_roster_come_in_by_one_order(story: Story) -> None:
    keys = listed(story, 63)
    assert keys == [f"party/{n}" for n in range(3, 66)]
    assert {line.command_id for line in story.lines if line.instance in keys} == {story.lines[-1].command_id}
    facts = story.case.facts
    assert [facts.parties[key].claimed for key in keys] == [100 * n for n in range(1, 64)]
    assert all(facts.parties[key].months for key in keys)
    assert facts.announced == ()
    assert unlawful(story) == []


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"rows": ()}, "somebody_listed"),
        ({"rows": (RosterRow(person="w1", claimed=0),)}, "sums_positive"),
        ({"rows": rows(1) * 2}, "each_listed_once"),
        ({"rows": (RosterRow(person="worker", claimed=5),)}, "each_listed_once"),
        ({"rows": rows(1), "group": "party/1"}, "group_named"),
    ],
)
def test_what_a_roster_cannot_be_is_refused(story: Story, bad: dict[str, object], code: str) -> None:
    known(story.accepted(), 2)
    assert refused(story, EnterRoster(**bad)) == {code}  # type: ignore[arg-type]
    assert len(story.case.facts.parties) == 2


def marks(story: Story) -> set[str]:
    return {d.code for line in story.lines if line.command == "EnterRoster" for d in line.defects}


@pytest.mark.parametrize(("count", "expected", "state"), [(3, set(), "left"), (4, {"count_fits"}, "engaged")])
def test_a_group_listed_whole_gives_way_to_its_people(story: Story, count: int, expected: set[str], state: str) -> None:
    story.accepted().do(JoinCase(person="worker", side=Side.APPLICANT, kind=PartyKind.GROUP, count=count))
    keys = listed(story, 3, group="party/3")
    assert story.state("party/3") == state
    assert marks(story) == expected
    assert all(story.case.facts.parties[key].group == "party/3" for key in keys)


def test_people_stand_in_the_issues_where_their_group_stood(story: Story) -> None:
    from workflows.phases.intake import PartyRow

    group = PartyRow(person="worker", side=Side.APPLICANT, kind=PartyKind.GROUP, count=2)
    firm = PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE)
    story.registered(named=(group, firm))
    keys = listed(story, 2, group="party/1")
    assert story.case.facts.issues["issue/1"].parties == (FIRM, *keys)


def test_a_cohort_listed_whole_has_its_answer_and_the_list_is_declared_by_hand(story: Story) -> None:
    story.accepted().do(DeclareCohort(party="party/1", count=3))
    listed(story, 3, cohort="cohort/1")
    assert story.state("cohort/1") == "ended"
    assert not story.case.facts.list_complete
    story.do(DeclareListComplete(), "party/1")
    assert story.case.facts.list_complete


def test_a_group_that_has_signed_is_not_listed_any_more(story: Story) -> None:
    story.accepted().do(JoinCase(person="worker", side=Side.APPLICANT, kind=PartyKind.GROUP, count=3))
    story.do(DraftAgreement(signers=(FIRM, "party/3"), terms=(pays("party/3", 300),)))
    known(story, 3)
    assert refused(story, EnterRoster(rows=rows(3), group="party/3")) == {"group_signs_nothing"}


def test_a_child_on_a_roster_is_marked(story: Story) -> None:
    known(story.accepted(), 1)
    story.do(EnterRoster(rows=(RosterRow(person="w1", claimed=5, ability=Ability.UNDER_16),)))
    assert "child_labour_reported" in marks(story)


# -- the sheet


def file_sheet(story: Story, kind: ExhibitKind = ExhibitKind.SIGNED) -> None:
    command = FileExhibit(kind=kind, files=(made_up(1),))
    story.door.submit(story.order(command), exhibits=handed(command))


def test_many_sign_by_one_order_that_names_the_sheet(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    file_sheet(story)
    sign(story, keys, sheet="exhibit/1")
    held = story.case.facts.confirmations
    assert {held[confirmation_of(story, key)].sheet for key in keys} == {"exhibit/1"}


def test_a_sheet_is_a_signed_paper_that_was_not_withdrawn(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    file_sheet(story, ExhibitKind.EVIDENCE)
    signed = ConfirmAgreement(manner=SigningManner.SIGNATURE, sheet="exhibit/1")
    assert refused(story, signed, confirmation_of(story, keys[0])) == {"sheet_filed"}


def test_one_that_was_withdrawn_is_none(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    file_sheet(story)
    story.do(WithdrawExhibit(reason=Text("拍错了")), "exhibit/1")
    signed = ConfirmAgreement(manner=SigningManner.SIGNATURE, sheet="exhibit/1")
    assert refused(story, signed, confirmation_of(story, keys[0])) == {"sheet_filed"}


# -- splitting off


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_whoever_is_absent_both_texts_together_say_what_the_one_said(data: st.DataObject) -> None:
    story = Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW))
    keys = listed(story, 6)
    stated = data.draw(st.sampled_from([None, 2100]))
    drafted(story, keys, amount=stated)
    absent = data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=5, unique=True))
    there = [key for key in keys if key not in absent]
    sign(story, [*there, FIRM])
    before = story.case.facts.agreements[DRAFT]
    story.do(SplitOff(absent=tuple(absent)), DRAFT)
    first, second = story.case.facts.agreements.values()
    assert (first.text_hash, first.text_version, first.terms) == (before.text_hash, 1, before.terms)
    assert first.total is not None
    assert second.total is not None
    assert first.total + second.total == before.total == 2100
    assert set(first.signers) == {FIRM, *there}
    assert set(second.signers) == {FIRM, *absent}
    assert {story.state(confirmation_of(story, key)) for key in there} == {"given"}
    assert {story.state(confirmation_of(story, key)) for key in absent} == {"void"}
    seal(story)
    owed = story.case.facts.obligations.values()
    assert {o.payee for o in owed if o.kind is TermKind.PAY} == set(there)
    assert sum(o.amount or 0 for o in owed) == first.total
    assert unlawful(story) == []


def parted(story: Story) -> list[str]:
    """Three workers, the last of them split off; the agreement of the others in effect."""
    keys = listed(story)
    drafted(story, keys)
    sign(story, [FIRM, *keys[:2]])
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    seal(story)
    return keys


def test_what_is_split_off_is_reached_on_the_day_of_the_whole_and_holds_the_general_terms(story: Story) -> None:
    keys = parted(story)
    first, second = story.case.facts.agreements.values()
    assert (second.reached, second.issues, second.split_from) == (first.reached, first.issues, DRAFT)
    assert [(t.payee, t.kind) for t in second.terms] == [(keys[2], TermKind.PAY), (None, TermKind.ABSTAINING)]
    assert story.state("agreement/2") == "reached"


def split_with(story: Story, keys: list[str], *terms: Term, absent: tuple[str, ...]) -> set[str]:
    story.do(DraftAgreement(signers=(FIRM, *keys), terms=terms))
    return refused(story, SplitOff(absent=absent), DRAFT)


def test_who_has_signed_or_pays_or_is_left_with_nothing_is_not_split_off(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    sign(story, keys[:1])
    assert refused(story, SplitOff(absent=(keys[0],)), DRAFT) == {"absent_unsigned"}
    assert refused(story, SplitOff(absent=(FIRM,)), DRAFT) == {"payers_stay", "terms_apart"}
    assert refused(story, SplitOff(absent=()), DRAFT) == {"absent_named"}
    assert refused(story, SplitOff(absent=("party/1",)), DRAFT) == {"absent_named"}


def test_at_least_two_signers_stay_the_payer_among_them(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    assert refused(story, SplitOff(absent=tuple(keys)), DRAFT) == {"payers_stay"}


def test_who_has_no_term_of_his_own_cannot_be_split_off(story: Story) -> None:
    keys = listed(story)
    terms = (pays(keys[0], 100), pays(keys[1], 100))
    assert split_with(story, keys, *terms, absent=(keys[2],)) == {"terms_apart"}


def test_a_duty_whose_shares_belong_to_others_cannot_be_parted(story: Story) -> None:
    keys = listed(story)
    terms = (pays(keys[2], 300), pays(keys[0], 100, part_of=1), pays(keys[2], 200, part_of=1))
    assert split_with(story, keys, *terms, absent=(keys[2],)) == {"terms_apart"}


def test_instalments_go_with_what_they_belong_to_and_are_numbered_anew() -> None:
    whole = Term(words=Text("共付"), kind=TermKind.PAY, payer=FIRM)
    terms = (
        whole,
        pays("party/3", 100, part_of=1),
        pays("party/4", 300, part_of=1),
        Term(words=Text("一期"), kind=TermKind.PAY, payer=FIRM, amount=100, part_of=3),
        Term(words=Text("二期"), kind=TermKind.PAY, payer=FIRM, amount=200, part_of=3),
    )
    assert terms_of(terms, {"party/4"}) == (3, 4, 5)
    assert terms_of(terms, {"party/3"}) == (2,)
    assert terms_of(terms, {"party/3", "party/4"}) == (1, 2, 3, 4, 5)


def test_an_amendment_begins_with_the_text_of_those_who_stay(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys, amount=600)
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    drawn = AmendAgreement.drawn_from(story.case, DRAFT)
    assert drawn is not None
    assert [term.payee for term in drawn.terms] == [keys[0], keys[1], None]
    assert (drawn.amount, drawn.signers) == (300, (FIRM, *keys[:2]))
    story.do(AmendAgreement(words=Text("改在厂里付")), DRAFT)
    held = story.case.facts.agreements[DRAFT]
    assert (len(held.terms), held.amount, held.total, held.left_out) == (3, 300, 300, ())
    assert set(held.signers) == {FIRM, *keys[:2]}
    assert story.state(confirmation_of(story, keys[0])) == "awaited"


def test_more_can_be_split_off_later(story: Story) -> None:
    keys = listed(story, 4)
    drafted(story, keys)
    story.do(SplitOff(absent=(keys[3],)), DRAFT)
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    assert story.case.facts.agreements[DRAFT].left_out == (3, 4)
    assert [a.total for a in story.case.facts.agreements.values()] == [300, 400, 300]


def test_it_takes_effect_no_sooner_than_the_absent_were_split_off(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    sign(story, [FIRM, *keys[:2]])
    signed = story.lines[-1].when
    split = story.do(SplitOff(absent=(keys[2],)), DRAFT).lines[0].when
    story.do(SignAsMediator(), DRAFT, at=signed)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD, at=signed)
    effective = story.case.facts.agreements[DRAFT].effective
    assert effective is not None
    assert effective.text == split


# -- closing


def pay_all(story: Story) -> None:
    for key, owed in story.case.facts.obligations.items():
        if owed.kind is TermKind.PAY and story.state(key) == "pending":
            story.do(RecordPayment(obligation=key, amount=owed.amount))


def test_a_case_closes_as_performed_when_both_agreements_are_in_effect(story: Story) -> None:
    keys = parted(story)
    assert "nothing_unsigned" in refused(story, CloseAsPerformed())
    story.do(DraftAgreement(), "agreement/2")
    sign(story, [FIRM, keys[2]], "agreement/2")
    seal(story, "agreement/2")
    pay_all(story)
    story.do(CloseAsPerformed())
    assert story.case.facts.closed == "performed"


def test_where_only_the_first_is_what_the_others_asked_for_is_open_until_it_goes_another_way(story: Story) -> None:
    keys = parted(story)
    pay_all(story)
    story.do(AbandonAgreement(reason=Text("不同意")), "agreement/2")
    assert story.state("issue/1") == "settled"
    assert story.case.facts.issues["issue/2"].parties == (FIRM, keys[2])
    assert refused(story, CloseAsPerformed()) == {"nothing_open"}
    story.do(DisposeIssue(disposition=Disposition.COURT), "issue/2")
    story.do(CloseAsPerformed())
    assert story.case.facts.closed == "performed"


# -- what an attack found


def second_in_effect(story: Story, *absent: str) -> None:
    story.do(DraftAgreement(), "agreement/2")
    sign(story, [FIRM, *absent], "agreement/2")
    seal(story, "agreement/2")
    pay_all(story)


@pytest.mark.parametrize("early", [True, False])
def test_where_only_the_part_split_off_is_in_effect_what_the_others_asked_for_stays_open(
    story: Story, early: bool
) -> None:
    keys = listed(story)
    drafted(story, keys)
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    for abandon in (early, not early):
        if abandon:
            story.do(AbandonAgreement(reason=Text("不同意")), DRAFT)
        else:
            second_in_effect(story, keys[-1])
    left = [k for k, issue in story.case.facts.issues.items() if issue.left_from == DRAFT]
    assert [story.state(key) for key in left] == ["open"]
    assert "nothing_open" in refused(story, CloseAsPerformed())


def test_a_duty_of_parts_that_were_split_off_one_by_one_is_nobodys(story: Story) -> None:
    keys = listed(story)
    whole = Term(words=Text("共付"), kind=TermKind.PAY, payer=FIRM, amount=200)
    parts = (pays(keys[1], 100, part_of=1), pays(keys[2], 100, part_of=1), pays(keys[0], 50))
    story.do(DraftAgreement(signers=(FIRM, *keys), terms=(whole, *parts)))
    for key in keys[1:]:
        story.do(SplitOff(absent=(key,)), DRAFT)
    story.do(AmendAgreement(words=Text("改在厂里付")), DRAFT)
    assert story.case.facts.agreements[DRAFT].total == 50
    sign(story, [FIRM, keys[0]])
    seal(story)
    assert [o.amount for o in story.case.facts.obligations.values()] == [50]


def test_where_all_that_is_left_was_paid_before_it_is_performed(story: Story) -> None:
    keys = listed(story, 2)
    paid = Term(words=Text("已付"), kind=TermKind.PAID, payer=FIRM, payee=keys[0], amount=100)
    story.do(DraftAgreement(signers=(FIRM, *keys), terms=(paid, pays(keys[1], 100))))
    sign(story, [FIRM, keys[0]])
    story.do(SplitOff(absent=(keys[1],)), DRAFT)
    seal(story)
    assert story.state(DRAFT) == "performed"


def test_from_what_replaces_an_agreement_nobody_is_split_off(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    sign(story, [FIRM, *keys])
    seal(story)
    terms = tuple(pays(key, 90) for key in keys)
    story.do(DraftAgreement(signers=(FIRM, *keys), terms=terms, replaces=DRAFT))
    assert refused(story, SplitOff(absent=(keys[2],)), "agreement/2") == {"replaces_none"}


# -- what a later attack found


SURETY = Term(words=Text("保证人对全部款项承担连带责任"), kind=TermKind.CONTINGENT, payer="party/1")


def terms_of_part(story: Story) -> list[tuple[str | None, TermKind]]:
    return [(term.payer, term.kind) for term in story.case.facts.agreements["agreement/2"].terms]


@pytest.mark.parametrize("kind", [k for k in TermKind if k not in MONEY])
def test_what_is_owed_to_nobody_in_particular_holds_for_those_split_off_too(story: Story, kind: TermKind) -> None:
    keys = listed(story)
    term = replace(SURETY, kind=kind)
    story.do(DraftAgreement(signers=(FIRM, "party/1", *keys), terms=(*(pays(key, 100) for key in keys), term)))
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    assert terms_of_part(story) == [(FIRM, TermKind.PAY), ("party/1", kind)]
    assert set(story.case.facts.agreements["agreement/2"].signers) == {FIRM, "party/1", keys[2]}
    second_in_effect(story, keys[2], "party/1")
    owed = story.case.facts.obligations.values()
    assert [o.payer for o in owed if o.agreement == "agreement/2"] == [FIRM, "party/1"]


def test_a_general_term_with_parts_goes_along_as_a_whole(story: Story) -> None:
    keys = listed(story)
    heading = Term(words=Text("双方另外约定"), kind=TermKind.ACT)
    parts = (replace(SURETY, part_of=4), replace(PEACE, part_of=4), pays(keys[0], 5, part_of=4))
    story.do(DraftAgreement(signers=(FIRM, "party/1", *keys), terms=(*(pays(k, 100) for k in keys), heading, *parts)))
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    taken = story.case.facts.agreements["agreement/2"].terms
    assert [(t.kind, t.part_of) for t in taken] == [
        (TermKind.PAY, None),
        (TermKind.ACT, None),
        (TermKind.CONTINGENT, 2),
        (TermKind.ABSTAINING, 2),
    ]


def test_what_somebody_who_is_paid_promises_stays_with_his_own_bargain(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys, replace(PEACE, payer=keys[0]), replace(SURETY, payer=keys[1]))
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    assert terms_of_part(story) == [
        (FIRM, TermKind.PAY),
        (None, TermKind.ABSTAINING),
        (keys[1], TermKind.CONTINGENT),
    ]


def test_money_that_is_said_to_be_nobodys_is_not_counted_twice(story: Story) -> None:
    keys = listed(story)
    paid = Term(words=Text("此前已付"), kind=TermKind.PAID, payer=FIRM, amount=50)
    drafted(story, keys, paid)
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    assert [a.total for a in story.case.facts.agreements.values()] == [350, 300]


def amended(keys: list[str], **more: object) -> AmendAgreement:
    return AmendAgreement(signers=(FIRM, *keys), terms=tuple(pays(k, 100) for k in keys), **more)  # type: ignore[arg-type]


APART = "parted_stay_apart"


def test_terms_of_somebody_split_off_do_not_come_back_while_they_stand_in_their_own_agreement(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    story.do(SplitOff(absent=(keys[2],)), DRAFT)
    for command, on in (
        (amended(keys), DRAFT),
        (AmendAgreement(signers=(FIRM, *keys)), DRAFT),
        (DraftAgreement(signers=(FIRM, keys[0], keys[2]), terms=(pays(keys[0], 100),)), "agreement/2"),
    ):
        with pytest.raises(GuardRefused) as fault:
            story.do(command, on)
        [refusal] = fault.value.refusals
        assert (refusal.code, refusal.about) == (APART, (keys[2] if on == DRAFT else keys[0], other(on)))
    story.do(AbandonAgreement(), "agreement/2")
    story.do(amended(keys), DRAFT)
    assert set(story.case.facts.agreements[DRAFT].signers) == {FIRM, *keys}


def other(agreement: str) -> str:
    return "agreement/2" if agreement == DRAFT else DRAFT


def test_nor_by_way_of_what_replaces_either_of_them(story: Story) -> None:
    keys = parted(story)
    second_in_effect(story, keys[2])
    both = {"signers": (FIRM, *keys), "terms": tuple(pays(k, 90) for k in keys)}
    assert refused(story, DraftAgreement(**both, replaces=DRAFT)) == {APART}  # type: ignore[arg-type]
    assert refused(story, DraftAgreement(**both, replaces="agreement/2")) == {APART}  # type: ignore[arg-type]
    story.do(DraftAgreement(signers=(FIRM, keys[2]), terms=(pays(keys[2], 90),), replaces="agreement/2"))
    sign(story, [FIRM, keys[2]], "agreement/3")
    seal(story, "agreement/3")
    assert refused(story, DraftAgreement(**both, replaces=DRAFT)) == {APART}  # type: ignore[arg-type]


def test_texts_in_the_place_of_one_another_may_take_in_somebody_new(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys[:2])
    sign(story, [FIRM, *keys[:2]])
    seal(story)
    for _ in range(2):
        story.do(DraftAgreement(signers=(FIRM, *keys), terms=tuple(pays(k, 90) for k in keys), replaces=DRAFT))
    assert story.state("agreement/3") == "drafted"


def test_an_oral_agreement_takes_in_nobody_who_was_parted_either(story: Story) -> None:
    keys = parted(story)
    terms = tuple(pays(k, 90) for k in keys)
    story.do(ReachAgreement(terms=terms, replaces=DRAFT))
    assert refused(story, AdoptOrally(), "agreement/3") == {APART}


# -- money that was booked before


def advanced(story: Story, amount: int = 100) -> list[str]:
    """Three workers, and an advance to the last of them on the agreement with all."""
    keys = listed(story)
    drafted(story, keys)
    story.do(RecordPayment(agreement=DRAFT, payee=keys[2], payer=FIRM, amount=amount), at="2026-11-23")
    return keys


def in_effect(story: Story, keys: list[str], absent: list[str]) -> None:
    """Some were split off, and both agreements are in effect."""
    there = [key for key in keys if key not in absent]
    sign(story, [FIRM, *there])
    story.do(SplitOff(absent=tuple(absent)), DRAFT)
    seal(story)
    story.do(DraftAgreement(), "agreement/2")
    sign(story, [FIRM, *absent], "agreement/2")
    seal(story, "agreement/2")


def counted(story: Story) -> dict[tuple[str | None, str | None], int]:
    """What the ledger holds, by agreement and payee."""
    owed = story.case.facts.obligations
    return {(o.agreement, o.payee): paid for k, o in owed.items() if (paid := paid_on(story.case, k))}


@pytest.mark.parametrize("absent", [[2], [1, 2], [0, 2]])
def test_an_advance_counts_once_where_the_duty_of_whom_it_was_paid_to_stands(story: Story, absent: list[int]) -> None:
    keys = advanced(story)
    in_effect(story, keys, [keys[n] for n in absent])
    assert counted(story) == {("agreement/2", keys[2]): 100}
    assert (received(story.case, DRAFT), received(story.case, "agreement/2")) == ([], [100])
    reading = Casework(story.view(Office.MEDIATOR))
    shown = {k: [g.title for g in cards.agreement(reading, k).groups] for k in (DRAFT, "agreement/2")}
    assert ("付款" in shown[DRAFT], "付款" in shown["agreement/2"]) == (False, True)
    assert unlawful(story) == []


def test_an_advance_to_somebody_who_stays_stays_with_him(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys)
    story.do(RecordPayment(agreement=DRAFT, payee=keys[0], amount=40), at="2026-11-23")
    in_effect(story, keys, [keys[2]])
    assert counted(story) == {(DRAFT, keys[0]): 40}


def test_an_advance_follows_whoever_is_split_off_twice(story: Story) -> None:
    keys = advanced(story)
    story.do(SplitOff(absent=tuple(keys[1:])), DRAFT)
    story.do(DraftAgreement(), "agreement/2")
    sign(story, [FIRM, keys[1]], "agreement/2")
    story.do(SplitOff(absent=(keys[2],)), "agreement/2")
    story.do(DraftAgreement(), "agreement/3")
    sign(story, [FIRM, keys[2]], "agreement/3")
    seal(story, "agreement/2")
    seal(story, "agreement/3")
    assert counted(story) == {("agreement/3", keys[2]): 100}


def test_that_all_is_performed_is_not_borne_out_by_what_others_were_paid(story: Story) -> None:
    keys = advanced(story, amount=300)
    in_effect(story, keys, [keys[2]])
    receipt = story.do(ReportPerformance(extent=Extent.ALL), DRAFT)
    assert [d.code for d in receipt.lines[0].defects] == ["ledger_agrees"]


def test_said_to_be_for_the_duty_of_the_part_it_counts_for_that_alone(story: Story) -> None:
    keys = advanced(story)
    in_effect(story, keys, [keys[2]])
    [own] = [k for k, o in story.case.facts.obligations.items() if o.payee == keys[2]]
    story.do(AllocatePayment(obligation=own), "payment/1")
    assert (received(story.case, DRAFT), received(story.case, "agreement/2")) == ([], [100])


def test_booked_anew_on_the_part_it_is_the_same_payment(story: Story) -> None:
    keys = advanced(story)
    in_effect(story, keys, [keys[2]])
    again = RecordPayment(agreement="agreement/2", payee=keys[2], payer=FIRM, amount=100)
    assert [d.code for d in story.do(again, at="2026-11-23").lines[0].defects] == ["not_again"]
    assert counted(story) == {("agreement/2", keys[2]): 100}


def test_what_nobody_said_to_whom_it_was_paid_is_for_nobody_after_a_parting(story: Story) -> None:
    keys = listed(story, 2)
    drafted(story, keys)
    story.do(RecordPayment(agreement=DRAFT, payer=FIRM, amount=100, credited=True), at="2026-11-01")
    in_effect(story, keys, [keys[1]])
    assert counted(story) == {}


def test_whom_it_was_paid_to_tells_for_which_duty_it_is(story: Story) -> None:
    keys = advanced(story)
    sign(story, [FIRM, *keys])
    seal(story)
    assert counted(story) == {(DRAFT, keys[2]): 100}


def test_what_the_whole_takes_off_is_not_paid_to_the_part_again(story: Story) -> None:
    keys = listed(story)
    drafted(story, keys, Term(words=Text("此前已付"), kind=TermKind.PAID, payer=FIRM, amount=50))
    early = RecordPayment(agreement=DRAFT, payee=keys[2], amount=50, credited=True)
    story.do(early, at="2026-01-01")
    in_effect(story, keys, [keys[2]])
    assert counted(story) == {}
