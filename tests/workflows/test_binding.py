"""Nobody is bound who did not sign, and no text is signed or sealed whose sums contradict each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from workflows.facts import Term
from workflows.parts.agreement import (
    AdoptOrally,
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    ReachAgreement,
    SignAsMediator,
)
from workflows.parts.party import JoinCase
from workflows.parts.proceeding import RecordConfirmed
from workflows.vocabulary import ProceedingKind, Side, TermKind

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

SURETY, DRAFT = "party/3", "agreement/1"
BOTH = ("party/1", "party/2")
BY_SURETY = replace(PAY, words=Text("担保人付"), payer=SURETY, amount=9_000_000)
TO_SURETY = replace(PAY, words=Text("付给担保人"), payee=SURETY, amount=100)


def terms(*amounts: int) -> tuple[Term, ...]:
    return tuple(replace(PAY, words=Text(f"付{amount}"), amount=amount) for amount in amounts)


@pytest.fixture
def three(story: Story) -> Story:
    """A worker, a firm, and somebody who stands surety."""
    story.accepted().do(JoinCase(person="worker", side=Side.RESPONDENT))
    return story


def confirmed(story: Story) -> None:
    """Whoever has yet to confirm the current text does."""
    story.confirm(*(key for key in story.case.facts.confirmations if story.state(key) == "awaited"))


def signed(story: Story, *said: Term, signers: tuple[str, ...] = BOTH, amount: int | None = None) -> list[str]:
    """Reached, drafted, signed and sealed; the marks on the draft."""
    story.do(ReachAgreement(terms=said, amount=amount))
    draft = story.do(DraftAgreement(signers=signers), DRAFT).lines[0]
    confirmed(story)
    story.do(SignAsMediator(), DRAFT)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    return [defect.code for defect in draft.defects if defect.code != "terms_clear"]


def owing(story: Story) -> list[str | None]:
    return [owed.payer for owed in story.case.facts.obligations.values()]


def test_who_did_not_sign_owes_nothing_and_that_is_told_when_the_text_is_drafted(three: Story) -> None:
    assert signed(three, PAY, BY_SURETY) == ["obligors_sign"]
    assert three.case.facts.agreements[DRAFT].effective is not None
    assert owing(three) == ["party/2"]


def test_who_is_obliged_and_signs_owes(three: Story) -> None:
    assert signed(three, PAY, BY_SURETY, signers=(*BOTH, SURETY)) == []
    assert owing(three) == ["party/2", SURETY]


def test_a_benefit_to_somebody_who_did_not_sign_arises(three: Story) -> None:
    assert signed(three, TO_SURETY) == []
    assert owing(three) == ["party/2"]


def test_what_a_court_confirmed_binds_as_it_stands(three: Story) -> None:
    signed(three, PAY, BY_SURETY)
    three.do(RecordConfirmed(kind=ProceedingKind.JUDICIAL, agreement=DRAFT))
    assert owing(three) == ["party/2", SURETY]


def test_an_oral_agreement_has_no_signers_and_binds_whom_it_names(three: Story) -> None:
    three.do(ReachAgreement(terms=(PAY, BY_SURETY)))
    three.do(AdoptOrally(), DRAFT)
    assert owing(three) == ["party/2", SURETY]


def test_an_amended_text_whose_sums_contradict_each_other_is_neither_signed_nor_sealed(story: Story) -> None:
    story.accepted().do(ReachAgreement(terms=terms(7_000_000, 3_000_000), amount=10_000_000))
    story.do(DraftAgreement(signers=BOTH), DRAFT)
    story.do(AmendAgreement(terms=terms(3_000_000)), DRAFT)
    confirmed(story)
    for command, by in ((SignAsMediator(), Office.MEDIATOR), (AffixSeal(), Office.LEAD)):
        with pytest.raises(GuardRefused, match="现行文本各项付款之和须等于协议总金额"):
            story.do(command, DRAFT, by=by)
    story.do(AmendAgreement(terms=terms(3_000_000, 7_000_000)), DRAFT)
    confirmed(story)
    story.do(SignAsMediator(), DRAFT)
    story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert story.state(DRAFT) == "effective"


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        (terms(7_000_000, 3_000_000), None),
        ((replace(PAY, amount=None), *terms(3_000_000)), 10_000_000),
        ((Term(words=Text("赔礼道歉"), kind=TermKind.ACT),), 10_000_000),
    ],
)
def test_where_a_sum_is_not_known_nothing_contradicts(story: Story, said: tuple[Term, ...], amount: int | None) -> None:
    story.accepted()
    signed(story, *said, amount=amount)
    assert story.state(DRAFT) in {"effective", "performed"}


DUE = date(2026, 12, 31)
CLEAR = replace(PAY, due=DUE)


@pytest.mark.parametrize(
    ("term", "clear"),
    [
        (CLEAR, True),
        (replace(CLEAR, due=None, trigger=Text("伤愈后三日内")), True),
        (replace(CLEAR, amount=None, formula=Text("按鉴定等级计算")), True),
        (PAY, False),
        (replace(CLEAR, payee=None), False),
        (replace(CLEAR, payer=None), False),
        (replace(CLEAR, amount=None), False),
        (replace(CLEAR, kind=TermKind.ACT, amount=None), True),
        (replace(CLEAR, kind=TermKind.ACT, due=None), False),
        (replace(CLEAR, kind=TermKind.ABSTAINING, payee=None, due=None, amount=None), True),
        (replace(CLEAR, kind=TermKind.CONTINUING, payer=None), False),
    ],
)
def test_a_term_that_does_not_say_who_what_and_when_is_told_at_drafting(story: Story, term: Term, clear: bool) -> None:
    draft = story.accepted().do(DraftAgreement(signers=BOTH, terms=(term,))).lines[0]
    assert ("terms_clear" in {d.code for d in draft.defects}) is not clear


def test_of_a_sum_in_parts_only_the_parts_have_to_be_clear(story: Story) -> None:
    whole = Term(words=Text("共一万二"), kind=TermKind.PAY, amount=1_200_000)
    parts = tuple(replace(CLEAR, words=Text(f"第{n}期"), amount=600_000, part_of=1) for n in (1, 2))
    draft = story.accepted().do(DraftAgreement(signers=BOTH, terms=(whole, *parts))).lines[0]
    assert not draft.defects
