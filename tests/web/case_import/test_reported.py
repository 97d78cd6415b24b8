"""The 24 real, publicly reported cases, run in their own order: what each history must say, from the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.sql import SqlStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.maintenance import audit_store, case_file
from web.case_import import amount_parser, take_reports
from web.case_import.file_format import checked
from web.case_import.importer import RECORDER
from web.case_import.samples import reported_cases
from workflows.facts import facts_of
from workflows.parts.note import RecordNote
from workflows.vocabulary import (
    CapacityKind,
    CohortOutcome,
    Elsewhere,
    Extent,
    ProceedingKind,
    SessionResult,
    Source,
    TermKind,
)

from ...support.story import NOW, Story

REPORTS = checked(reported_cases(), "sample")
BY_NAME = {r["id"]: r for r in REPORTS}
NAMES = sorted(BY_NAME)


@pytest.fixture(scope="module")
def told() -> Story:
    """All reports taken through one door."""
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    take_reports(story.door, REPORTS)
    return story


def case(told: Story, name: str) -> Case:
    return told.door.case(next(n for n in NAMES if name in n))


def lines(told: Story, name: str) -> list[Line]:
    return told.door.history(next(n for n in NAMES if name in n))


def assumed(told: Story, name: str) -> list[str | None]:
    return [x.command for x in lines(told, name) if x.command and x.provenance is Provenance.ASSUMED]


def words(told: Story, name: str) -> list[str]:
    with told.store.read() as unit:
        return [t.words or "" for t in unit.record.texts(name).values()]


# -- the same in every store


def test_every_kind_of_database_tells_the_same_histories(
    told: Story, database_store: SqlStore, clock: FixedClock
) -> None:
    kept = Story(database_store, clock)
    take_reports(kept.door, REPORTS)
    assert {name: case_file(database_store, name) for name in NAMES} == {
        name: case_file(told.store, name) for name in NAMES
    }
    found = dict(audit_store(database_store, kept.door.catalogue))
    assert sorted(found) == NAMES
    assert [f for findings in found.values() for f in findings if not f.known] == []
    with database_store.read() as unit, told.store.read() as remembered:
        assert unit.views.case_rows() == remembered.views.case_rows()
        assert unit.views.notices() == remembered.views.notices()


def test_whoever_a_report_names_as_acting_for_a_party_acts_for_it(told: Story) -> None:
    acting = {}
    for name in NAMES:
        of = facts_of(told.door.case(name))
        names = told.door.view(name, Office.MEDIATOR).names
        acting |= {names[c.person]: (names[c.principals[0]].partition("(")[0], c.kind) for c in of.capacities.values()}
    head, delegate = CapacityKind.HEAD, CapacityKind.DELEGATE
    assert acting == {
        "马某": ("某农业科技有限公司", head),
        "李某": ("南京市六合区某模具公司", head),
        "徐某": ("会泽县某村民小组", delegate),
        "熊某": ("宣威市某村民小组", delegate),
    }


# -- what is true of every one


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_the_report_is_kept(told: Story, name: str) -> None:
    kept, report = "\n".join(words(told, name)), BY_NAME[name]
    notes = [e["note_zh"] for e in report["timeline"]]
    extra = [v for k, v in report.items() if k.startswith("x_")]
    for said in (*notes, *report["terms_zh"], *extra, report["summary_en_zh"], report["unusual"], report["source_url"]):
        assert said is None or said in kept


STEPS = {
    "RegisterCase": "registered",
    "RecordReapplication": "registered",
    "AcceptCase": "accepted",
    "RecordTalk": "block_talk",
    "RecordSession": "joint_session",
    "RecordNotHeld": "adjourned",
    "ReachAgreement": "agreement",
    "ReportPerformance": "performed",
    "RecordVisit": "visit",
    "TerminateMediation": "terminated",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_steps_stand_in_the_order_and_on_the_days_reported(told: Story, name: str) -> None:
    said = [(e["step"], e["date"] or "..") for e in BY_NAME[name]["timeline"] if e["step"] in STEPS.values()]
    stand = [
        (STEPS[x.command], x.occurred.text)
        for x in lines(told, name)
        if x.command in STEPS and x.provenance is Provenance.REPORTED
    ]
    assert stand == said


@pytest.mark.parametrize("name", NAMES)
def test_nothing_counts_but_what_was_reported(told: Story, name: str) -> None:
    steps = [e["step"] for e in BY_NAME[name]["timeline"]]
    found = case(told, name)
    assert found.facts.sessions_held() == steps.count("joint_session")
    assert len(found.facts.agreements) == steps.count("agreement")
    assert sum(b.talks for b in found.facts.blocks.values()) == steps.count("block_talk")
    assert len(found.facts.parties) == len(BY_NAME[name]["disputants"])
    assert len(found.facts.members) == sum(b["role"] != "host" for b in BY_NAME[name]["bodies"])


@pytest.mark.parametrize("name", NAMES)
def test_the_sum_agreed_is_the_one_reported(told: Story, name: str) -> None:
    reported = BY_NAME[name]["amount_agreed_yuan"]
    totals = [a.total for a in case(told, name).facts.agreements.values() if a.total is not None]
    assert sum(totals) == (reported or 0) * 100


def test_the_audit_is_clean_but_for_known_defects_and_a_second_run_adds_nothing(told: Story) -> None:
    before = {n: len(told.door.history(n)) for n in NAMES}
    take_reports(told.door, REPORTS)
    assert {n: len(told.door.history(n)) for n in NAMES} == before
    for _, found in audit_store(told.store, told.door.catalogue):
        assert all(f.known for f in found)


def test_no_name_and_no_free_words_stand_in_a_line(told: Story) -> None:
    for name in NAMES:
        spoken = "".join(words(told, name))
        for line in lines(told, name):
            data = bytes(line.data).decode()
            assert not any(d["name_masked"] in data for d in BY_NAME[name]["disputants"])
            for part in data.split('"'):
                assert TextRef.read(part) is not None or not (len(part) > 10 and part in spoken) or part == name


def test_what_is_assumed_is_only_what_a_gate_demands(told: Story) -> None:
    demanded = {"AcceptCase", "TellRemedies", "DraftAgreement", "ConfirmAgreement", "SignAsMediator", "AffixSeal"}
    assert {command for name in NAMES for command in assumed(told, name)} <= demanded
    for name in NAMES:
        if "accepted" in [e["step"] for e in BY_NAME[name]["timeline"]]:
            assert "AcceptCase" not in assumed(told, name)


# -- what is true of each


def agreement(c: Case, number: int = 1) -> Any:
    return c.facts.agreements[f"agreement/{number}"]


EACH: dict[str, Callable[[Case], object]] = {
    "yizheng": lambda c: (
        c.facts.cohorts["cohort/1"].count == 218
        and c.facts.cohorts["cohort/1"].outcome is CohortOutcome.PAID
        and agreement(c).terms[0].amount is None  # “150万余元” is no exact sum
        and c.facts.payments["payment/1"].occurred.text == "2010-07-03"
    ),
    "meicun": lambda c: (
        c.phase == "coordination/1"
        and c.state("agreement/1") == "reached"  # nobody reports who signed
        and agreement(c).terms[0].payer == "party/2"
        and agreement(c).reached.text == "2019-10-31"
        and c.facts.parties["party/1"].count is None
    ),
    "jiyuan": lambda c: (
        c.state("agreement/1") == c.state("agreement/2") == "reached"
        and agreement(c, 2).reached.text == "2021-11-08"
        and c.facts.cohorts["cohort/1"].outcome is CohortOutcome.SETTLED
        and c.facts.issues["issue/1"].amount_claimed == 120_000_000
    ),
    "longgang": lambda c: (
        c.facts.sessions["session/1"].result is SessionResult.NOT_SETTLED
        and c.facts.sessions["session/1"].times is None  # “多轮”
        and c.facts.proceedings["proceeding/1"].kind is ProceedingKind.ARBITRAL
        and c.state("proceeding/1") == "confirmed"
        and c.state("agreement/1") == "effective"
    ),
    "jingdong": lambda c: (
        c.state("proceeding/1") == "filed"  # applied for is not confirmed
        and agreement(c).terms[0].due == date(2025, 12, 31)
        and c.state("obligation/1") == "pending"
    ),
    "anji": lambda c: (
        [c.facts.cohorts[k].count for k in ("cohort/1", "cohort/2")] == [14, 18]  # 18 paid, 14 waiting
        and [c.state(k) for k in ("cohort/1", "cohort/2")] == ["open", "ended"]
        and c.facts.cohorts["cohort/2"].outcome is CohortOutcome.PAID
        and [t.amount for t in agreement(c).terms[:2]] == [16_000_000, 4_000_000]
        and [(t.payer, t.payee) for t in agreement(c).terms[:2]] == [("party/2", "party/1"), ("party/3", "party/1")]
        and {t.custodian for t in agreement(c).terms[:2]} == {c.facts.members["member/3"].person}  # “交镇政府”
        and agreement(c).total == 20_000_000
        and agreement(c).reported is Extent.PART
        and c.facts.source is Source.SUPERIOR
    ),
    "chuandao": lambda c: (
        c.facts.cohorts["cohort/1"].about  # “20多名”
        and agreement(c).total == 1_736_000
        and agreement(c).terms[0].payer == "party/3"  # the landlord, for the owner who has gone
        and c.facts.issues["issue/1"].amount_claimed == 19_000_000
        and c.state("cohort/1") == "open"
        and c.facts.parties["party/3"].side.value == "related"
    ),
    "linhai": lambda c: c.facts.track == "people_mediation" and agreement(c).total is None,
    "yiting": lambda c: (
        c.facts.sessions["session/2"].held is None  # adjourned: no round
        and c.state("issue/1") == "open"
        and c.facts.closed is None
    ),
    "huaian": lambda c: (
        agreement(c).terms[0].payer == "party/3"
        and agreement(c).terms[0].payee == "party/1"
        and c.facts.payments["payment/1"].amount == 2_000_000
        and agreement(c).reported is Extent.PART
        and c.facts.blocks["block/1"].talks == 2
    ),
    "yuanan": lambda c: (
        c.state("proceeding/1") == "confirmed"
        and c.state("obligation/1") == "performed"
        and c.state("obligation/2") == "pending"
        and c.facts.obligations["obligation/2"].kind is TermKind.CONTINGENT
        and c.phase == "follow_up/1"
    ),
    "luan": lambda c: (
        (agreement(c).terms[0].payer, agreement(c).terms[0].payee) == ("party/2", None)  # a cooperative is paid
        and [t.kind.value for t in agreement(c).terms] == ["pay", "contingent", "act", "abstaining"]
        and [t.amount for t in agreement(c).terms] == [16_590_000, None, None, None]
        and c.facts.sent_by_it
        and c.facts.elsewhere is Elsewhere.COURT
    ),
    "pingshan": lambda c: (
        c.facts.source is Source.SUPERIOR
        and agreement(c).terms == ()  # that there is an agreement is no term of it
        and c.facts.cohorts["cohort/1"].about  # “十多人”
        and not c.facts.in_zone  # assigned by a superior: no zone is assumed
    ),
    "shihezi": lambda c: c.facts.source is Source.POLICE and not c.facts.payments,
    "tianchang": lambda c: (
        agreement(c).total is None
        and c.facts.payments["payment/1"].amount is None
        and agreement(c).reported is Extent.PART
    ),
    "hospital": lambda c: (
        c.state("agreement/1") == "performed"
        and c.facts.closed_before == "remainder"  # “已履行结案后”
        and (c.phase, c.facts.closed) == ("challenge/1", None)
        and c.state("proceeding/1") == "filed"
        and c.facts.proceedings["proceeding/1"].kind is ProceedingKind.LITIGATION
        and agreement(c).terms[2].kind is TermKind.CONTINGENT  # give back first, then claim again
        and agreement(c).total == 9_999_900
    ),
    "huize": lambda c: (
        not c.facts.payments and agreement(c).reported is Extent.UNREPORTED and agreement(c).total is None
    ),
    "danfeng": lambda c: (
        c.state("agreement/1") == "performed"
        and agreement(c).effective is None  # performed in fact; nobody reports signatures
        and agreement(c).reached.text == "2010-04-10"
    ),
    "wenlin": lambda c: agreement(c).total == 68_000 and c.state("agreement/1") == "performed",
    "fruit-trees": lambda c: (
        c.facts.payments["payment/1"].amount is None  # the 3,900 were given back, not paid
        and not any(c.is_in(k) for k in c.of("party"))
        and all(c.state(k) == "engaged" for k in c.of("party"))  # not coming is no refusal
        and len(c.facts.visits) == 1
    ),
    "xiangfen": lambda c: (
        [s.result for s in c.facts.sessions.values() if s.held]
        == [SessionResult.NOT_SETTLED] * 4 + [SessionResult.UNREPORTED]
        and c.facts.sessions_held() == 5
        and c.facts.issues["issue/1"].amount_claimed == 30_000_000
    ),
    "huiji": lambda c: (
        c.facts.closed == "failed"
        and c.facts.proceedings["proceeding/1"].kind is ProceedingKind.LITIGATION
        and all(p.remedy_told for p in c.facts.parties.values())
    ),
    "sanfu": lambda c: (
        c.state("agreement/1") == "effective"
        and agreement(c).effective.text == ".."
        and agreement(c).total is None
        and [t.kind for t in agreement(c).terms] == [TermKind.ACT, TermKind.ACT]
    ),
    "baofeng": lambda c: c.facts.sessions_held() == 1 and not c.facts.payments and agreement(c).total is None,
}


def test_there_is_something_to_say_of_each() -> None:
    assert len(EACH) == len(NAMES) == 24
    assert all(sum(key in name for name in NAMES) == 1 for key in EACH)


@pytest.mark.parametrize("name", EACH)
def test_its_history_says_what_the_report_says(told: Story, name: str) -> None:
    assert EACH[name](case(told, name))


# -- files of others


def report(**given: Any) -> dict[str, Any]:
    """A small report to vary."""
    base = {
        "id": "x-1",
        "dispute_type_zh": "拖欠工资",
        "disputants": [{"side": "applicant", "kind": "person", "name_masked": "王某", "count": 1}],
        "bodies": [],
        "timeline": [{"date": None, "step": "registered", "note_zh": "来访"}],
    }
    return base | given


def entries(*steps: str) -> list[dict[str, Any]]:
    return [{"date": None, "step": step, "note_zh": f"{n}：{step}"} for n, step in enumerate(steps)]


ODD = {
    "no timeline": [],
    "no registration": entries("joint_session"),
    "performed before anything": entries("performed", "agreement", "registered"),
    "breach, talks again, a second agreement": entries(
        "registered", "agreement", "performed", "breach", "block_talk", "joint_session", "agreement", "performed"
    ),
    "talks after termination": entries("registered", "joint_session", "terminated", "block_talk", "agreement", "visit"),
    "terminated twice": entries("registered", "terminated", "terminated"),
    "confirmed by the parties": entries("registered", "agreement", "confirmed", "visit"),
    "everything twice": entries(*list(STEPS.values()) * 2, "confirmed", "judicial_confirmation", "breach", "referred"),
    "confirmation with nothing to confirm": entries("judicial_confirmation", "confirmed", "referred", "breach"),
}


@pytest.mark.parametrize(
    "outcome", [None, "agreed", "oral_agreement", "failed", "referred", "withdrawn", "breached_then_performed"]
)
@pytest.mark.parametrize("timeline", ODD.values(), ids=ODD)
def test_a_timeline_in_any_order_is_taken_and_audits_clean(
    story: Story, timeline: list[dict[str, Any]], outcome: str | None
) -> None:
    both = [*report()["disputants"], {"side": "respondent", "kind": "enterprise", "name_masked": "某厂", "count": None}]
    for disputants in (both, both[:1], []):
        given = report(id=f"x-{len(disputants)}", disputants=disputants, timeline=timeline, outcome=outcome)
        (first, *_) = take_reports(story.door, checked([given], "x"))
        notes = [t.words or "" for c in take_reports(story.door, checked([given], "x")) for t in _texts(story, c)]
        assert all(any(e["note_zh"] in n for n in notes) for e in timeline)
        assert story.door.case(first).version
    for _, found in audit_store(story.store, story.door.catalogue):
        assert all(f.known for f in found)


def _texts(story: Story, case_id: str) -> list[Any]:
    with story.store.read() as unit:
        return list(unit.record.texts(case_id).values())


def test_a_case_that_was_closed_goes_on_as_a_successor(story: Story) -> None:
    timeline = entries("registered", "terminated", "joint_session")
    assert take_reports(story.door, checked([report(timeline=timeline)], "x")) == ["x-1", "x-1:2"]
    assert story.door.case("x-1:2").facts.predecessor == "x-1"


def test_every_fault_of_a_file_is_named_with_its_place_and_nothing_is_taken(story: Story) -> None:
    faulty = [
        report(timeline=[{"date": "2020-02-30", "step": "dance", "note_zh": 5}]),
        report(id="x-2", disputants=[{"side": "left", "kind": "person", "name_masked": "王某", "count": -1}]),
        report(id="x-2", amount_agreed_yuan="一万", surprise=1, x_fine=1),
        7,
    ]
    with pytest.raises(FileFault) as fault:
        checked(faulty, "f.json")
    said = str(fault.value)
    for place in (
        "第1件（x-1） timeline第1项 date：“2020-02-30”不是有效日期",
        "第1件（x-1） timeline第1项 step：不在可选范围",
        "第1件（x-1） timeline第1项 note_zh：类型不对",
        "第2件（x-2） disputants第1项 side",
        "第2件（x-2） disputants第1项 count",
        "第3件（x-2） amount_agreed_yuan",
        "第3件（x-2） surprise：没有这一项",
        "第4件：",
        "编号“x-2”出现2次",
    ):
        assert place in said
    assert "x_fine" not in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"summary_en_zh": "改了说法"}, "与已录入的报道不同"),
        ({"timeline": entries("registered", "joint_session")}, "与已录入的报道不同"),
        ({"timeline": entries("registered")}, "与已录入的报道不同"),
        ({"bodies": [{"role": "host", "org": "另一个调解室"}]}, "与已录入的报道不同"),
    ],
)
def test_an_edited_report_is_not_taken_again_and_says_so(story: Story, change: dict[str, Any], said: str) -> None:
    first = report(
        timeline=entries("registered", "block_talk", "agreement"), bodies=[{"role": "host", "org": "调解室"}]
    )
    take_reports(story.door, checked([first], "x"))
    before = story.door.history("x-1")
    with pytest.raises(FileFault, match=said):
        take_reports(story.door, checked([report(id="x-0"), first | change], "x"))
    assert story.door.history("x-1") == before
    with story.store.read() as unit:
        assert unit.record.cases() == ["x-1"], "the other report of the file is not taken either"


def test_a_longer_report_goes_on_where_the_first_one_ended(story: Story) -> None:
    short, long = entries("registered", "block_talk"), entries("registered", "block_talk", "agreement")
    take_reports(story.door, checked([report(timeline=short)], "x"))
    take_reports(story.door, checked([report(timeline=long)], "x"))
    assert story.door.history("x-1")[-1].command == "ReachAgreement"


def test_a_case_opened_by_hand_keeps_its_id(story: Story) -> None:
    story.registered()
    with pytest.raises(FileFault, match="A1：案件编号已被另行登记"):
        take_reports(story.door, checked([report(id="A1")], "x"))


def test_a_report_is_not_continued_over_what_was_done_by_hand(story: Story) -> None:
    take_reports(story.door, checked([report(timeline=entries("registered", "accepted"))], "x"))
    story.name = "x-1"
    by_hand = story.order(RecordNote(words=Text("来电")), by=Office.LEAD, actor=RECORDER.id)
    story.door.submit(by_hand)
    with pytest.raises(FileFault, match="不能再接着录入"):
        take_reports(story.door, checked([report(timeline=entries("registered", "accepted", "agreement"))], "x"))


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("赔偿1.2345万元", 1_234_500),
        ("某厂已付12,000元", 1_200_000),
        ("付15万元", 15_000_000),
        ("付0.001元", None),
        ("150万余元", None),
        ("2万元,余款3万元", None),
        ("退回3900元", None),
    ],
)
def test_a_sum_is_read_to_the_fen_or_not_at_all(said: str, fen: int | None) -> None:
    assert amount_parser.one_sum(said) == fen


@pytest.mark.parametrize("name", ["", "  ", "王\n某", "王\x1b[31m某", "王\x00某"])
def test_a_name_that_cannot_be_written_on_a_line_is_refused(name: str) -> None:
    disputants = [{"side": "applicant", "kind": "person", "name_masked": name, "count": 1}]
    with pytest.raises(FileFault, match="name_masked"):
        checked([report(disputants=disputants)], "x")


def test_a_day_that_does_not_exist_in_a_term_is_no_day(story: Story) -> None:
    given = report(timeline=entries("registered", "agreement"), terms_zh=["某厂于2026-02-30前支付工资"])
    take_reports(story.door, checked([given], "x"))
    assert agreement(story.door.case("x-1")).terms[0].due is None


def test_where_one_report_cannot_be_taken_none_is(story: Story) -> None:
    future = report(id="x-9", timeline=[{"date": "2030-01-01", "step": "registered", "note_zh": ""}])
    with pytest.raises(FileFault, match="第2件（x-9） timeline第1项 date：发生时间不能晚于现在"):
        take_reports(story.door, checked([report(), future], "x"))
    with story.store.read() as unit:
        assert unit.record.cases() == []
