"""Versions of rules: a case is opened under the one of its day and stays under it; the next holds only what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.plugins import installed_roles, installed_workflows
from mediation_engine.audit import Fault
from mediation_engine.clock import FixedClock
from mediation_engine.domain.guard import POLICY, Guard, met_if
from mediation_engine.domain.machine import DeclarationFault, Follows, T
from mediation_engine.domain.roles import Office
from mediation_engine.drawings import drawn_files
from mediation_engine.errors import CommandNotAllowed, GuardRefused, NothingInForce, UnknownWorkflow
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.rules.fingerprint import rule_lines, rules_of
from mediation_engine.services.maintenance import audit_store
from workflows.parts.agreement import AGREEMENT, AdoptOrally, AffixSeal, ReachAgreement
from workflows.parts.states import AgreementState
from workflows.phases.intake import AcceptCase
from workflows.rules_2026.consultation import CONSULTATION
from workflows.rules_2026.fast_track import FAST_TRACK

from ...outside.rules_2027 import CONSULTATION_2027, contents_recorded
from ...support.story import PAY, Story, register

BOTH = Catalogue([*installed_workflows(), CONSULTATION_2027], installed_roles())
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
NOON = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
DUE = replace(PAY, due=date(2027, 3, 1))


def names(catalogue: Catalogue, day: date) -> list[str]:
    return [w.name for w in catalogue.for_new_cases(day)]


class TestARuleThatChanges:
    @pytest.fixture
    def told(self) -> Story:
        """A case opened on the last day of 2026, under the rules of 2026."""
        clock = FixedClock(NOON)
        story = Story(MemoryStore(clock), clock)
        story.door.catalogue = BOTH
        story.do(register(in_zone=True, weighty=True), workflow="consultation_2026")
        return story

    @pytest.fixture
    def new(self, told: Story) -> Story:
        """A case opened a day later, in the same store, under the rules of 2027."""
        told.clock.now += timedelta(days=1)
        story = Story(told.store, told.clock, "A2")
        story.door.catalogue = BOTH
        story.do(register(in_zone=True, weighty=True), workflow="consultation_2027")
        return story

    def test_the_old_case_goes_on_as_before_and_only_the_new_one_meets_the_new_guard(
        self, told: Story, new: Story
    ) -> None:
        for story in (told, new):
            story.do(AcceptCase(), by=Office.LEAD)
            story.do(ReachAgreement(terms=(PAY,)))
        told.do(AdoptOrally(), "agreement/1")
        with pytest.raises(GuardRefused, match="每笔款项写明期限"):
            new.do(AdoptOrally(), "agreement/1")
        new.do(ReachAgreement(terms=(DUE,)))
        new.do(AdoptOrally(), "agreement/2")
        assert {line.rules for line in told.lines} == {rules_of(CONSULTATION)}
        assert {line.rules for line in new.lines} == {rules_of(CONSULTATION_2027)}
        assert all(f.known for _, findings in audit_store(told.store, BOTH) for f in findings)

    def test_a_case_opened_under_a_version_of_another_day_is_refused_with_the_one_to_use(self, told: Story) -> None:
        early = Story(told.store, told.clock, "A3")
        early.door.catalogue = BOTH
        version = "“五方会诊”的这一版规则（consultation_2027）自2027年1月1日（周五）起适用于新案"
        sentence = f"{version}，2026年12月31日（周四）登记的请用consultation_2026"
        with pytest.raises(CommandNotAllowed, match=sentence):
            early.do(register(in_zone=True, weighty=True), workflow="consultation_2027")
        early.clock.now += timedelta(days=1)
        sentence = "到2026年12月31日（周四）为止适用于新案，2027年1月1日（周五）登记的请用consultation_2027"
        with pytest.raises(CommandNotAllowed, match=sentence):
            early.do(register(in_zone=True, weighty=True), workflow="consultation_2026")

    def test_audit_finds_a_case_opened_under_a_version_of_another_day(self, told: Story) -> None:
        ended = replace(CONSULTATION, in_force_until=date(2026, 12, 30))
        (findings,) = (f for _, f in audit_store(told.store, Catalogue([ended])))
        (fault,) = {f.fault for f in findings if not f.known}
        assert fault is Fault.NO_SUCH_EDGE

    def test_nothing_else_differs_and_the_version_before_is_untouched(self) -> None:
        before, after = set(rule_lines(CONSULTATION)), set(rule_lines(CONSULTATION_2027))
        assert {line.split(" | ")[4] for line in before ^ after} == {"AdoptOrally", "WaivePaper"}
        assert rules_of(BOTH.named("consultation_2026")) == rules_of(CONSULTATION)

    def test_its_whole_table_is_written_and_only_what_differs_is_drawn(self) -> None:
        files = drawn_files(CONSULTATION_2027)
        here = "consultation_2027"
        assert set(files) == {f"{here}/table.md", f"{here}/agreement.mmd", f"{here}/agreement.svg"}
        table = files[f"{here}/table.md"]
        assert "与 consultation_2026 不同的是“协议”，其余照旧" in table
        assert contents_recorded.sentence in table
        assert table.count("\n## ") == drawn_files(CONSULTATION)["consultation_2026/table.md"].count("\n## ")


class TestDays:
    def test_one_version_of_each_family_is_offered_on_a_day(self) -> None:
        assert names(BOTH, date(2025, 12, 31)) == []
        assert names(BOTH, LAST) == ["consultation_2026", "fast_track_2026"]
        assert names(BOTH, FIRST) == ["fast_track_2026", "consultation_2027"]

    def test_a_family_stands_for_its_version_of_the_day_and_a_name_for_itself(self) -> None:
        assert BOTH.to_open("consultation", LAST).name == "consultation_2026"
        assert BOTH.to_open("consultation", FIRST).name == "consultation_2027"
        assert BOTH.to_open("consultation_2026", FIRST).name == "consultation_2026"
        with pytest.raises(NothingInForce, match="2025年12月31日（周三）没有可以登记新案的流程"):
            BOTH.to_open("consultation", date(2025, 12, 31))
        with pytest.raises(UnknownWorkflow):
            BOTH.to_open("arbitration", LAST)

    def test_versions_of_a_family_do_not_overlap(self) -> None:
        for last in (FIRST, date(2027, 6, 30)):
            with pytest.raises(DeclarationFault, match="consultation_2026 and consultation_2027 are both in force"):
                Catalogue([replace(CONSULTATION, in_force_until=last), CONSULTATION_2027])
        twin = replace(CONSULTATION, name="consultation_too")
        with pytest.raises(DeclarationFault, match="both in force on 2026-01-01"):
            Catalogue([CONSULTATION, twin])

    def test_days_between_two_versions_have_none(self) -> None:
        early = Catalogue([replace(CONSULTATION, in_force_until=date(2026, 11, 30)), CONSULTATION_2027])
        assert names(early, date(2026, 11, 30)) == ["consultation_2026"]
        assert names(early, LAST) == []
        assert early.named("consultation_2026").successor == "consultation_2027"

    def test_a_version_ends_after_it_begins_and_begins_after_the_one_it_amends(self) -> None:
        with pytest.raises(DeclarationFault, match="last day is before its first"):
            replace(CONSULTATION, in_force_until=date(2025, 12, 31))
        with pytest.raises(DeclarationFault, match="begins no earlier"):
            CONSULTATION.amended(name="consultation_too", in_force_from=CONSULTATION.in_force_from)
        with pytest.raises(DeclarationFault, match="of another family"):
            CONSULTATION.amended(name="other_2027", in_force_from=FIRST, family="other")

    def test_days_and_names_are_no_part_of_the_rules(self) -> None:
        same = CONSULTATION.amended(name="consultation_2028", in_force_from=date(2028, 1, 1))
        assert list(rule_lines(same)) == list(rule_lines(CONSULTATION))


class TestAmending:
    def test_a_guard_is_changed_wherever_it_stands(self) -> None:
        never = Guard("not_suspended", "从不", POLICY, lambda s: met_if(False))
        amended = AGREEMENT.amended(guards={"not_suspended": never})
        had = [isinstance(r, T) and "not_suspended" in {g.code for g in r.only_if} for r in AGREEMENT.rows]
        assert [isinstance(r, T) and never in r.only_if for r in amended.rows] == had
        assert sum(had) == 2

    def test_a_row_is_changed_taken_out_and_added(self) -> None:
        edge = (AgreementState.DRAFTED, AffixSeal)
        row = AGREEMENT.commanded["drafted", AffixSeal]
        stricter = replace(row, basis="某法 第1条")
        assert AGREEMENT.amended(rows={edge: stricter}).commanded["drafted", AffixSeal] is stricter
        without = AGREEMENT.amended(rows={edge: None})
        assert ("drafted", AffixSeal) not in without.commanded
        assert without.amended(more=(row,)).rows == (*without.rows, row)

    def test_a_condition_is_changed_in_every_row_that_rests_on_it(self) -> None:
        amended = AGREEMENT.amended(conditions={"confirmed_by_court": lambda case, key: None})
        kept = [r.when.__name__ for r in amended.rows if isinstance(r, Follows)]
        assert kept.count("confirmed_by_court") == 0
        assert kept.count("<lambda>") == 2

    def test_what_hits_nothing_is_refused(self) -> None:
        new = Guard("new", "新", POLICY, lambda s: met_if(True))
        with pytest.raises(DeclarationFault, match="machine agreement: nothing to amend: guard misspelt"):
            AGREEMENT.amended(guards={"misspelt": new})
        with pytest.raises(DeclarationFault, match="condition misspelt"):
            AGREEMENT.amended(conditions={"misspelt": lambda case, key: None})
        with pytest.raises(DeclarationFault, match="AffixSeal from reached"):
            AGREEMENT.amended(rows={(AgreementState.REACHED, AffixSeal): None})
        with pytest.raises(DeclarationFault, match="no machine to amend named mediation"):
            CONSULTATION.amended(
                name="consultation_2027", in_force_from=FIRST, machines=(FAST_TRACK.machines["mediation"],)
            )

    def test_an_amended_table_is_checked_as_any_other(self) -> None:
        doubled = AGREEMENT.commanded["drafted", AffixSeal]
        with pytest.raises(DeclarationFault, match="two edges for AffixSeal from drafted"):
            AGREEMENT.amended(more=(doubled,))
