"""Signatures: who may sign for whom, what counts, what a weaker record cannot do, and what is denied afterwards."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from mediation_engine.decisions.closing import missing
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CommandNotAllowed, GuardRefused
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.maintenance import audit_store
from workflows.facts import Term
from workflows.parts.agreement import AffixSeal, AmendAgreement, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.confirmation import (
    ConfirmAgreement,
    DeclineToSign,
    Denial,
    RatifyConfirmation,
    RecordDenial,
    RecordGenuine,
    RecordSignatures,
    Signature,
)
from workflows.parts.grading import ChangeTrack
from workflows.parts.obligation import RecordBreach
from workflows.parts.party import JoinCase, RecordAbility
from workflows.parts.payment import RecordPayment
from workflows.parts.proceeding import FileProceeding
from workflows.parts.session import RecordSession
from workflows.phases.follow_up import CloseAsPerformed, CloseNamingRemainder
from workflows.vocabulary import Ability, CapacityKind, ProceedingKind, SessionResult, Side, SigningManner

from ..support.story import NOW, PAY, Story

pytestmark = pytest.mark.quick

WORKER, FIRM, DRAFT = "confirmation/1", "confirmation/2", "agreement/1"
PLAIN = (SigningManner.SIGNATURE, SigningManner.SEAL, SigningManner.FINGERPRINT)


def marks(story: Story) -> set[str]:
    [line] = [it for it in story.lines if it.command][-1:]
    return {d.code for d in line.defects}


def codes(refused: pytest.ExceptionInfo[GuardRefused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


def seal(story: Story) -> None:
    story.do(SignAsMediator(), DRAFT)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)


# -- manners


def test_there_is_a_manner_for_every_set_of_plain_ones() -> None:
    sets = {frozenset(some) for n in (1, 2, 3) for some in combinations(PLAIN, n)}
    others = (SigningManner.UNREPORTED, SigningManner.WRITTEN_FOR)
    told = [frozenset(p for p in PLAIN if m.has(p)) for m in SigningManner if m not in others]
    assert len(told) == len(sets)
    assert set(told) == sets


@pytest.mark.parametrize("manner", [m for m in SigningManner if m is not SigningManner.UNREPORTED])
@pytest.mark.parametrize("track", ["people_mediation", "labour_mediation"])
def test_on_the_labour_track_only_a_lone_fingerprint_does_not_count(
    story: Story, track: str, manner: SigningManner
) -> None:
    story.drafted(track).confirm(WORKER, manner=manner)
    story.confirm(FIRM)
    story.do(SignAsMediator(), DRAFT)
    if track == "labour_mediation" and manner in (SigningManner.FINGERPRINT, SigningManner.WRITTEN_FOR):
        with pytest.raises(GuardRefused) as refused:
            story.do(AffixSeal(), DRAFT, by=Office.LEAD)
        assert codes(refused) == {"all_confirmed"}
    else:
        story.do(AffixSeal(), DRAFT, by=Office.LEAD)
        assert story.state(DRAFT) == "effective"


def test_a_text_keeps_the_track_it_was_drafted_under_whatever_track_the_case_changes_to(story: Story) -> None:
    story.drafted("labour_mediation").confirm(WORKER, manner=SigningManner.FINGERPRINT)
    assert marks(story) == {"manner_counts"}
    story.confirm(FIRM)
    story.do(ChangeTrack(track="people_mediation", reason=Text("改为人民调解")), by=Office.LEAD)
    story.do(SignAsMediator(), DRAFT)
    with pytest.raises(GuardRefused) as refused:
        story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert codes(refused) == {"all_confirmed"}
    story.do(AmendAgreement(words=Text("按人民调解重新签署")), DRAFT)
    story.confirm("confirmation/3", manner=SigningManner.FINGERPRINT)
    story.confirm("confirmation/4")
    seal(story)
    assert story.state(DRAFT) == "effective"


# -- who signs


def test_without_the_hash_it_is_the_text_that_is_out_for_signature(story: Story) -> None:
    story.drafted().do(ConfirmAgreement(manner=SigningManner.SIGNATURE, identity_checked=True), WORKER)
    assert story.state(WORKER) == "given"
    assert marks(story) == set()


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        (WORKER, {"identity_checked": False}, {"identity_checked"}),
        (WORKER, {"capacity": "capacity/1"}, set()),
        (WORKER, {"manner": SigningManner.WRITTEN_FOR}, {"written_before_witnesses"}),
        (FIRM, {"manner": SigningManner.SIGNATURE}, {"signer_named"}),
        (FIRM, {"manner": SigningManner.SIGNATURE, "capacity": "capacity/2"}, set()),
        (FIRM, {"manner": SigningManner.SIGNATURE, "signed_as": Text("赵某")}, set()),
        (FIRM, {"manner": SigningManner.SEAL}, set()),
    ],
)
def test_what_is_irregular_about_a_signature_is_marked(
    story: Story, key: str, given: dict[str, Any], expected: set[str]
) -> None:
    story.drafted().acting_for("party/1")
    story.acting_for("party/2", kind=CapacityKind.HEAD)
    story.confirm(key, **given)
    assert marks(story) == expected
    assert story.state(key) == "given"


def group(story: Story) -> str:
    """The confirmation of a group of 61."""
    story.accepted().do(JoinCase(person="worker", side=Side.APPLICANT, kind=PartyKind.GROUP, count=61))
    story.do(DraftAgreement(signers=("party/2", "party/3"), terms=(PAY,)))
    return next(k for k, c in story.case.facts.confirmations.items() if c.party == "party/3")


def test_a_group_is_not_bound_before_its_members_are_recorded_to_agree(story: Story) -> None:
    key = group(story)
    story.confirm(key, capacity=story.acting_for("party/3", kind=CapacityKind.DELEGATE))
    assert marks(story) == {"represented_consent"}
    assert story.state(key) == "held"
    story.do(RatifyConfirmation(), key)
    assert story.state(key) == "given"


def test_with_its_members_consent_and_the_names_of_who_signed_it_is(story: Story) -> None:
    key = group(story)
    story.confirm(key, represented_agreed=True, signed_as=Text("王某、李某"))
    assert marks(story) == set()
    assert story.state(key) == "given"


# -- a weaker record


@pytest.mark.parametrize(
    "weaker",
    [
        {"capacity": "capacity/1"},
        {"capacity": "capacity/1", "manner": SigningManner.SIGNATURE},
        {"manner": SigningManner.FINGERPRINT},
    ],
)
def test_a_weaker_record_takes_the_place_of_none(story: Story, weaker: dict[str, Any]) -> None:
    story.drafted("labour_mediation").confirm(WORKER)
    story.acting_for("party/1", settle=False)
    before = story.case.facts.confirmations[WORKER]
    with pytest.raises(GuardRefused) as refused:
        story.confirm(WORKER, **weaker)
    assert codes(refused) == {"not_weaker"}
    assert story.case.facts.confirmations[WORKER] == before
    story.confirm(WORKER, capacity=story.acting_for("party/1"))
    assert story.state(WORKER) == "given"


def test_a_better_one_takes_the_place_of_one_that_does_not_count_or_is_held(story: Story) -> None:
    story.drafted("labour_mediation").confirm(WORKER, manner=SigningManner.FINGERPRINT)
    story.confirm(WORKER)
    story.confirm(FIRM, capacity=story.acting_for("party/2", settle=False))
    assert story.state(FIRM) == "held"
    story.confirm(FIRM)
    seal(story)
    assert story.state(DRAFT) == "effective"


# -- denied


def test_before_effect_a_denied_signature_bars_the_seal(story: Story) -> None:
    story.drafted().confirm(WORKER, FIRM)
    story.do(RecordDenial(ground=Denial.FORGED), WORKER)
    story.do(SignAsMediator(), DRAFT)
    with pytest.raises(GuardRefused) as refused:
        story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert codes(refused) == {"all_confirmed"}
    story.confirm(WORKER)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert story.state(DRAFT) == "effective"


@pytest.mark.parametrize("way", [RatifyConfirmation(), RecordGenuine(note=Text("笔迹相符"))])
def test_after_effect_the_agreement_stands_as_disputed_until_it_is_cleared_up(story: Story, way: object) -> None:
    story.effective().do(RecordDenial(ground=Denial.NO_AUTHORITY), FIRM)
    assert (story.state(DRAFT), story.state(FIRM)) == ("effective", "denied")
    story.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    with pytest.raises(GuardRefused) as refused:
        story.do(CloseAsPerformed())
    assert codes(refused) == {"nothing_denied"}
    asked = FileProceeding(kind=ProceedingKind.JUDICIAL, agreement=DRAFT, applicants=("party/1", "party/2"))
    with pytest.raises(GuardRefused) as refused:
        story.do(asked)
    assert codes(refused) == {"not_denied"}
    story.do(way, FIRM)  # type: ignore[arg-type]
    story.do(asked)
    story.do(CloseAsPerformed())
    assert story.state("follow_up/1") == "performed"


def test_a_case_may_be_closed_over_a_denied_signature_that_is_named(story: Story) -> None:
    story.effective().do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    story.do(RecordDenial(ground=Denial.FORGED), WORKER)
    story.do(CloseNamingRemainder(remainder=Text("工人否认签名，已告知可以起诉")))
    assert story.state("follow_up/1") == "remainder"


def test_a_new_text_ends_the_quarrel_about_the_old_one(story: Story) -> None:
    story.drafted().confirm(WORKER)
    story.do(RecordDenial(ground=Denial.NOT_MEANT), WORKER)
    story.do(AmendAgreement(words=Text("写明白些")), DRAFT)
    assert story.state(WORKER) == "void"


# -- amending


def test_the_same_words_typed_again_are_no_amendment_and_others_are(story: Story) -> None:
    story.drafted()
    story.do(AmendAgreement(words=Text("分两期付清")), DRAFT)
    asked = next(key for key in story.case.of("confirmation") if story.state(key) == "awaited")
    story.confirm(asked)
    rows = AmendAgreement.drawn_from(story.case, DRAFT)
    assert rows is not None
    typed_again = replace(rows, words=Text("分两期付清"), terms=tuple(typed(story, term) for term in rows.terms))
    with pytest.raises(GuardRefused, match="没有改动"):
        story.do(typed_again, DRAFT)
    refused = story.door.preview(story.order(typed_again, DRAFT)).refused
    assert refused is not None
    assert "没有改动" in str(refused)
    assert story.state(asked) == "given"
    story.do(replace(typed_again, words=Text("分三期付清")), DRAFT)
    assert story.state(asked) == "void"


def typed(story: Story, term: Term) -> Term:
    """A term with its words as somebody would type them again."""
    with story.store.read() as unit:
        held = unit.record.texts("A1")
    ref = TextRef.read(term.words)
    return replace(term, words=Text(held[ref.id].words or "")) if ref else term


def test_what_an_amendment_leaves_out_stays_and_nothing_at_all_is_no_amendment(story: Story) -> None:
    story.drafted().confirm(WORKER)
    with pytest.raises(GuardRefused, match="没有改动"):
        story.do(AmendAgreement(), DRAFT)
    assert story.state(WORKER) == "given"
    held = story.case.facts.agreements[DRAFT]
    for same in (AmendAgreement(signers=held.signers), AmendAgreement(issues=held.issues)):
        with pytest.raises(GuardRefused, match="没有改动"):
            story.do(same, DRAFT)
    story.do(AmendAgreement(amount=PAY.amount), DRAFT)
    now = story.case.facts.agreements[DRAFT]
    assert (now.terms, now.signers, now.amount) == (held.terms, held.signers, PAY.amount)
    assert story.state(WORKER) == "void"


def test_an_amendment_and_a_draft_can_begin_with_what_there_is(story: Story) -> None:
    story.accepted().do(ReachAgreement(terms=(PAY,), amount=PAY.amount, words=Text("月底付清")))
    reached = story.case.facts.agreements[DRAFT]
    drawn = DraftAgreement.drawn_from(story.case, DRAFT)
    assert drawn is not None
    assert (drawn.terms, drawn.amount, drawn.words) == (reached.terms, reached.amount, reached.words)
    assert DraftAgreement.drawn_from(story.case, "agreement/9") is None


def test_no_two_confirmations_of_one_party_to_one_text_are_alive(story: Story) -> None:
    story.drafted().confirm(WORKER)
    with pytest.raises(CommandNotAllowed):
        story.do(ConfirmAgreement(manner=SigningManner.SIGNATURE))


# -- what is offered next


def offered(story: Story, key: str) -> tuple[str, ...]:
    rules = story.door.catalogue.named(story.case.workflow)
    [need] = [need for need in missing(rules, story.case, NOW.date()) if need.key == key]
    return (*need.path[:1], *need.instead)


def test_after_a_successful_session_the_next_step_is_to_record_what_was_reached(story: Story) -> None:
    story.accepted().do(RecordSession(attended=("party/1", "party/2"), rights_told=True, result=SessionResult.SETTLED))
    assert offered(story, "issue/1") == ("记录谈妥",)


def test_after_a_refusal_to_sign_changing_the_text_is_offered(story: Story) -> None:
    story.drafted().do(DeclineToSign(), WORKER)
    assert offered(story, WORKER) == ("确认协议", "修改协议书")


def test_of_money_that_is_owed_the_payment_is_offered_first(story: Story) -> None:
    story.effective()
    assert offered(story, "obligation/1") == ("记录付款", "记录已履行")
    story.do(RecordBreach(), "obligation/1")
    assert offered(story, "obligation/1") == ("记录付款", "记录已履行", "督促履行")


# -- several on one sheet


def signature(confirmation: str, manner: SigningManner = SigningManner.SIGNATURE, **given: Any) -> Signature:
    return Signature(confirmation=confirmation, manner=manner, **given)


def together(*rows: Signature, **given: Any) -> RecordSignatures:
    return RecordSignatures(signatures=rows, **{"identity_checked": True} | given)


def defects(story: Story) -> dict[str, set[str]]:
    """What the last order is marked with, by what each line is about."""
    last = [line for line in story.lines if line.first == story.lines[-1].first]
    return {line.instance: {d.code for d in line.defects} for line in last}


def test_each_signs_in_a_manner_and_a_capacity_of_its_own_in_one_order(story: Story) -> None:
    head = story.drafted().acting_for("party/2", kind=CapacityKind.HEAD)
    sealed = signature(FIRM, manner=SigningManner.SIGNATURE_SEAL, capacity=head)
    receipt = story.do(together(signature(WORKER), sealed))
    held = story.case.facts.confirmations
    assert [line.instance for line in receipt.lines if line.command] == [WORKER, FIRM]
    assert (held[WORKER].manner, held[WORKER].capacity) == (SigningManner.SIGNATURE, "")
    assert (held[FIRM].manner, held[FIRM].capacity) == (SigningManner.SIGNATURE_SEAL, head)
    assert held[WORKER].checked
    assert held[FIRM].checked
    seal(story)
    assert story.state(DRAFT) == "effective"


def test_who_has_not_signed_is_no_row_and_stays_awaited(story: Story) -> None:
    story.drafted().do(together(signature(WORKER)))
    assert (story.state(WORKER), story.state(FIRM)) == ("given", "awaited")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (signature(WORKER, signed=False), "signed_once"),
        (signature(FIRM, capacity="capacity/1"), "signed_for_itself"),
    ],
)
def test_a_row_that_cannot_be_refuses_the_whole_sheet_and_is_named(story: Story, row: Signature, code: str) -> None:
    story.drafted().acting_for("party/1")
    with pytest.raises(GuardRefused) as refused:
        story.do(together(row))
    assert {(r.code, r.about) for r in refused.value.refusals} == {(code, (row.confirmation,))}


def test_the_same_party_twice_on_one_sheet_is_refused(story: Story) -> None:
    story.drafted()
    with pytest.raises(GuardRefused) as refused:
        story.do(together(signature(WORKER), signature(WORKER)))
    assert codes(refused) == {"signed_once"}


def test_a_sheet_of_nobody_is_refused(story: Story) -> None:
    story.drafted()
    with pytest.raises(CommandNotAllowed, match="至少要填一行"):
        story.do(together())


def test_what_the_sheet_says_of_one_marks_its_own_line_alone(story: Story) -> None:
    lone = signature(WORKER, manner=SigningManner.FINGERPRINT)
    bare = signature(FIRM, manner=SigningManner.SIGNATURE)
    story.drafted("labour_mediation").do(together(lone, bare))
    assert defects(story) == {WORKER: {"manner_counts"}, FIRM: {"signer_named"}}
    story.do(SignAsMediator(), DRAFT)
    with pytest.raises(GuardRefused) as refused:
        story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert codes(refused) == {"all_confirmed"}


def test_a_ward_that_signs_by_itself_on_a_sheet_is_held(story: Story) -> None:
    story.accepted().do(RecordAbility(ability=Ability.UNDER_16), "party/1")
    story.do(DraftAgreement(signers=("party/1", "party/2"), terms=(PAY,)))
    story.do(together(signature(WORKER)))
    assert "guardian_signs" in {d.code for d in story.lines[-2].defects}
    assert story.state(WORKER) == "held"


def test_an_agent_without_authority_to_settle_is_held_on_a_sheet_as_by_itself(story: Story) -> None:
    agent = story.drafted().acting_for("party/1", settle=False)
    story.do(together(signature(WORKER, capacity=agent)))
    assert story.state(WORKER) == "held"


def test_a_form_begins_with_a_row_for_each_still_to_sign_ticked_only_for_whom_is_asked(story: Story) -> None:
    agent = story.drafted().acting_for("party/1")
    drawn = RecordSignatures.drawn_from(story.case, "")
    assert drawn is not None
    assert drawn.signatures == (
        signature(WORKER, signed=False, capacity=agent),
        signature(FIRM, signed=False, manner=SigningManner.SIGNATURE_SEAL),
    )
    asked = RecordSignatures.drawn_from(story.case, FIRM)
    assert asked is not None
    assert [row.signed for row in asked.signatures] == [False, True]


def test_after_an_amendment_the_form_begins_with_how_each_signed_before(story: Story) -> None:
    story.drafted().confirm(WORKER, manner=SigningManner.SIGNATURE_FINGERPRINT)
    story.do(AmendAgreement(words=Text("分两期")), DRAFT)
    drawn = RecordSignatures.drawn_from(story.case, DRAFT)
    assert drawn is not None
    assert [(row.manner, row.signed) for row in drawn.signatures] == [
        (SigningManner.SIGNATURE_FINGERPRINT, False),
        (SigningManner.SIGNATURE_SEAL, False),
    ]


def test_nothing_is_drawn_where_nobody_has_to_sign(story: Story) -> None:
    story.accepted()
    assert RecordSignatures.drawn_from(story.case, "") is None


def test_an_audit_decides_a_sheet_again(story: Story) -> None:
    story.drafted().do(together(signature(FIRM), signature(WORKER)))
    assert [f for _, found in audit_store(story.store, story.door.catalogue) for f in found if not f.known] == []


def test_a_line_of_a_sheet_tells_of_its_own_signature_alone(story: Story) -> None:
    named = signature(FIRM, manner=SigningManner.SEAL, signed_as=Text("某五金厂（赵某）"))
    story.drafted().do(together(signature(WORKER), named))
    view = story.view(Office.MEDIATOR)
    worker, firm = (view.teller.line(it) for it in view.lines[-2:])
    assert ("所签姓名或名称", "某五金厂（赵某）") in firm.details
    assert "某五金厂（赵某）" not in str(worker.details)
    assert ("已核对签署人身份", "是") in worker.details
