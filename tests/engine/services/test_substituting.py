"""Who stands in for the lead does so on its days, for its acts, and the record says that he only stood in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, LeadAct, Office
from mediation_engine.errors import CommandNotAllowed, GuardRefused, OfficeNotHeld
from mediation_engine.ids import seeded_randomness
from mediation_engine.record.codec import decode_order
from mediation_engine.services.maintenance import audit_store
from mediation_engine.services.substituting import end_substitution, name_substitute, substitutions
from workflows.parts.agreement import AffixSeal, SignAsMediator
from workflows.parts.assignment import AssignMediator
from workflows.parts.block import RecordTalk
from workflows.parts.note import RecordNote
from workflows.phases.intake import AcceptCase, DeclineCase, Declining, PartyRow
from workflows.vocabulary import Ability, Elsewhere, Side, Source

from ...support.story import NOW, STAFF, ZHOU, Story, register

LEAD, LI = STAFF[Office.LEAD], STAFF[Office.MEDIATOR]
TODAY = date(2026, 11, 23)
ALL = frozenset(LeadAct)
APPLICANT_ROW = PartyRow(person="worker", side=Side.APPLICANT)
RESPONDENT_ROW = PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE)
THIRD_ROW = PartyRow(person="worker", side=Side.APPLICANT)
GROUP_ROW = PartyRow(person="firm", side=Side.RESPONDENT, kind=PartyKind.GROUP, count=12)


def stands_in(
    story: Story, *acts: LeadAct, first: date = TODAY, last: date = TODAY, who: Actor = LI, by: Actor = LEAD
) -> str:
    return name_substitute(story.store, seeded_randomness(story.told), by, who, first, last, acts or ALL).id


def by_li(story: Story, command: object, *on: str, **given: object) -> None:
    story.do(command, *on, by=Office.LEAD, actor="li", **given)  # type: ignore[arg-type]


def sound(story: Story) -> None:
    assert [f for _, found in audit_store(story.store, story.door.catalogue) for f in found if not f.known] == []


def test_the_record_says_that_he_stood_in_and_an_audit_believes_it(story: Story) -> None:
    story.registered()
    named = stands_in(story, LeadAct.ACCEPT)
    by_li(story, AcceptCase())
    with story.store.read() as unit:
        body = unit.record.orders("A1")[-1].body
    assert (decode_order(body).office, decode_order(body).substitution) == ("lead", named)
    line = next(it for it in story.view(Office.MEDIATOR).lines if it.line.event == "CaseAccepted")
    assert story.view(Office.MEDIATOR).teller.line(line).who == "李调解（代室主任）"
    sound(story)
    assert end_substitution(story.store, LEAD, named) is not None
    sound(story)


def test_whoever_holds_the_office_himself_stands_in_for_nobody(story: Story) -> None:
    story.accepted()
    with story.store.read() as unit:
        bodies = [order.body for order in unit.record.orders("A1")]
    assert all(decode_order(body).substitution is None and b"substitution" not in body for body in bodies)


def test_without_a_substitution_the_office_is_not_held(story: Story) -> None:
    story.registered()
    with pytest.raises(OfficeNotHeld):
        by_li(story, AcceptCase())


# 16:00 UTC is midnight in China.
@pytest.mark.parametrize(
    ("now", "held"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 15, 59, 59, 999_999, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), False),
    ],
)
def test_it_stands_from_midnight_in_china_to_midnight_in_china(story: Story, now: datetime, held: bool) -> None:
    story.clock.now = NOW - timedelta(days=3)
    story.registered()
    stands_in(story, first=date(2026, 11, 23), last=date(2026, 11, 24))
    story.clock.now = now
    if held:
        by_li(story, AcceptCase())
    else:
        with pytest.raises(OfficeNotHeld):
            by_li(story, AcceptCase())


@pytest.mark.parametrize("acts", [{act} for act in LeadAct])
def test_it_covers_its_acts_and_no_others(story: Story, acts: set[LeadAct]) -> None:
    story.drafted().confirm("confirmation/1", "confirmation/2")
    story.do(SignAsMediator(), "agreement/1")
    stands_in(story, *acts)
    if acts == {LeadAct.SEAL}:
        by_li(story, AffixSeal(), "agreement/1")
        return
    words = "、".join(act.label for act in acts)
    with pytest.raises(CommandNotAllowed, match=f"代行的职务只有：{words}"):
        by_li(story, AffixSeal(), "agreement/1")


def test_what_it_does_not_name_stays_with_the_lead(story: Story) -> None:
    story.registered()
    stands_in(story)
    for command in (DeclineCase(reason=Declining.OTHER), AssignMediator(staff="li"), RecordNote(words=Text("记一笔"))):
        with pytest.raises(CommandNotAllowed) as refused:
            by_li(story, command)
        assert [r.code for r in refused.value.refusals] == ["not_covered"]


def test_a_rule_is_set_aside_only_by_whom_that_is_given_to(story: Story) -> None:
    story.do(register(), by=Office.LEAD, workflow="fast_track_2026")
    waives = {"somebody_leads": Text("上级指定")}
    first = stands_in(story, LeadAct.ACCEPT)
    with pytest.raises(CommandNotAllowed):
        by_li(story, AcceptCase(), waives=waives)
    end_substitution(story.store, LEAD, first)
    stands_in(story, LeadAct.ACCEPT, LeadAct.WAIVE)
    by_li(story, AcceptCase(), waives=waives)
    notes = [n for it in story.view(Office.LEAD).lines for n in story.view(Office.LEAD).teller.line(it).notes]
    assert any(note.startswith("代室主任准予变通") for note in notes)
    sound(story)


def test_once_taken_back_it_stands_no_more(story: Story) -> None:
    story.registered()
    named = stands_in(story)
    assert end_substitution(story.store, LEAD, named) is not None
    assert end_substitution(story.store, LEAD, named) is None
    with pytest.raises(OfficeNotHeld):
        by_li(story, AcceptCase())
    assert [it.ended is not None for it in substitutions(story.store, "room")] == [True]


def test_who_is_stopped_stands_in_for_nobody(story: Story) -> None:
    story.with_colleague().registered()
    stands_in(story, who=ZHOU)
    story.with_colleague(replace(ZHOU, offices=frozenset({Office.AUDITOR})))
    with pytest.raises(OfficeNotHeld):
        story.do(AcceptCase(), by=Office.LEAD, actor="zhou")


def test_only_the_lead_names_one_and_a_substitute_does_not(story: Story) -> None:
    stands_in(story)
    for nobody in (LI, STAFF[Office.AUDITOR]):
        with pytest.raises(OfficeNotHeld):
            stands_in(story, by=nobody)
        with pytest.raises(OfficeNotHeld):
            end_substitution(story.store, nobody, "x")


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"who": STAFF[Office.AUDITOR]}, ["unfit_staff"]),
        ({"who": replace(LI, id="nobody")}, ["unfit_staff"]),
        ({"who": LEAD}, ["unfit_staff"]),
        ({"last": TODAY - timedelta(days=1)}, ["days", "over"]),
        ({"last": TODAY + timedelta(days=366)}, ["too_long"]),
        ({"first": TODAY - timedelta(days=9), "last": TODAY - timedelta(days=1)}, ["over"]),
    ],
)
def test_what_makes_no_sense_is_refused_with_every_reason(
    story: Story, given: dict[str, object], codes: list[str]
) -> None:
    with pytest.raises(GuardRefused) as refused:
        stands_in(story, **given)  # type: ignore[arg-type]
    assert [r.code for r in refused.value.refusals] == codes
    assert substitutions(story.store, "room") == []


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 9), (-1, 0), (2, 2), (-9, 9)])
def test_on_one_day_somebody_stands_in_by_one_alone(story: Story, first: int, last: int) -> None:
    story.with_colleague()
    days = {"first": TODAY + timedelta(first), "last": TODAY + timedelta(last)}
    standing = stands_in(story, LeadAct.SEAL, last=TODAY + timedelta(2))
    with pytest.raises(GuardRefused, match=r"在2026年11月23日（周一）至2026年11月25日（周三）代行用印，.*先收回"):
        stands_in(story, LeadAct.ACCEPT, **days)  # type: ignore[arg-type]
    stands_in(story, who=ZHOU, **days)  # type: ignore[arg-type]
    stands_in(story, first=TODAY + timedelta(3), last=TODAY + timedelta(4))
    end_substitution(story.store, LEAD, standing)
    if last < 3:
        stands_in(story, LeadAct.ACCEPT, **days)  # type: ignore[arg-type]


def test_who_stands_in_reads_no_more_than_a_mediator(story: Story) -> None:
    story.with_colleague().accepted().do(RecordTalk(party="party/1", said=Text("只要八千")))
    stands_in(story, who=ZHOU)
    assert "只要八千" not in story.door.view("A1", Office.LEAD, ZHOU).words.values()
    assert "只要八千" in story.door.view("A1", Office.LEAD, LEAD).words.values()


class TestLeaveToAcceptSmallDisputes:
    @pytest.fixture
    def leave(self, story: Story) -> Story:
        """李调解 may accept small disputes, and nothing else of the lead's."""
        days = TODAY, TODAY + timedelta(days=300)
        name_substitute(story.store, seeded_randomness(9), LEAD, LI, *days, [LeadAct.ACCEPT_SMALL])
        return story

    def test_a_small_one_is_accepted_and_the_line_says_by_which_leave(self, leave: Story) -> None:
        leave.registered().do(AcceptCase(), by=Office.LEAD, actor="li")
        with leave.store.read() as unit:
            [held] = unit.substitutions.substitutions()
        assert {line.substitution for line in leave.lines if line.event == "CaseAccepted"} == {held.id}
        assert [f for _, found in audit_store(leave.store, leave.door.catalogue) for f in found] == []

    @pytest.mark.parametrize(
        "given",
        [
            {"weighty": True},
            {"source": Source.SUPERIOR},
            {"elsewhere": Elsewhere.POLICE, "sent_by_it": True},
            {"named": (APPLICANT_ROW, GROUP_ROW)},
            {"named": (APPLICANT_ROW, RESPONDENT_ROW, THIRD_ROW)},
            {"named": (replace(APPLICANT_ROW, ability=Ability.UNDER_16), RESPONDENT_ROW)},
        ],
        ids=["weighty", "from above", "with the police", "a group", "three", "a child"],
    )
    def test_no_other_is(self, leave: Story, given: dict[str, Any]) -> None:
        leave.do(register(**given), workflow="fast_track_2026")
        with pytest.raises(CommandNotAllowed, match="代行的职务只有：受理简易纠纷"):
            leave.do(AcceptCase(), by=Office.LEAD, actor="li")
        leave.do(AcceptCase(), by=Office.LEAD)

    def test_nothing_else_of_the_leads_is_done_by_it(self, leave: Story) -> None:
        leave.registered()
        for command in (DeclineCase(reason=Declining.OTHER), AssignMediator(staff="li")):
            with pytest.raises(CommandNotAllowed):
                leave.do(command, by=Office.LEAD, actor="li")
        with pytest.raises(CommandNotAllowed):
            leave.do(AcceptCase(), by=Office.LEAD, actor="li", waives={"somebody_leads": Text("不必")})
        with pytest.raises(OfficeNotHeld):
            leave.door.look("li", Office.LEAD, leave.case, "case")

    def test_on_the_day_after_the_last_it_is_over(self, leave: Story) -> None:
        leave.registered()
        leave.clock.now += timedelta(days=302)
        with pytest.raises(OfficeNotHeld):
            leave.do(AcceptCase(), by=Office.LEAD, actor="li")
