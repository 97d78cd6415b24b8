"""What a report says as structure is recorded as such; nothing is recorded beyond it, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import Case
from mediation_engine.domain.line import Provenance
from mediation_engine.errors import FileFault
from web.case_import import amount_parser, take_reports, term_parser, vocabulary
from web.case_import.file_format import checked
from web.case_import.samples import reported_cases
from workflows.facts import facts_of
from workflows.vocabulary import CohortOutcome, Extent, ProceedingKind, SigningManner, TermKind

from ...support.story import NOW, Story
from ...support.thorough import much
from .test_any_report import UNHURRIED, is_in_order, reports
from .test_reported import BY_NAME, NAMES, words
from .test_reported import told as told

__all__ = ["told"]


def taken(*timeline: dict[str, Any], **said: Any) -> Case:
    """A report with some steps, taken; what is not said is unknown."""
    report = {
        "id": "c1",
        "dispute_type_zh": "货款纠纷",
        "disputants": [
            {"side": "applicant", "kind": "person", "name_masked": "王某", "count": 1},
            {"side": "respondent", "kind": "enterprise", "name_masked": "某厂", "count": 1},
        ],
        "bodies": [{"role": "host", "org": "某镇人民调解委员会"}, {"role": "department", "org": "镇政府"}],
        "timeline": [{"step": "registered"}, *timeline],
    }
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    take_reports(story.door, checked([report | said], "x"))
    take_reports(story.door, checked([report | said], "x"))  # the second time nothing is new
    return story.door.case("c1")


def fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * 100)


# -- the samples: both are read


@pytest.mark.parametrize("name", NAMES)
def test_every_sum_of_a_sample_stands_in_its_report(told: Story, name: str) -> None:
    report = BY_NAME[name]
    said = {report["amount_claimed_yuan"], report["amount_agreed_yuan"]}
    said |= {row["amount_yuan"] for row in report["terms"] or ()}
    said |= {row["amount_yuan"] for entry in report["timeline"] for row in entry["paid"]}
    stand = set(sums(told.door.case(name)))
    assert stand <= {fen(yuan) for yuan in said}
    prose = "".join((*report["terms_zh"], *(entry["note_zh"] or "" for entry in report["timeline"])))
    plain = prose.replace(",", "")
    for row in (*(report["terms"] or ()), *(row for entry in report["timeline"] for row in entry["paid"])):
        assert row["amount_yuan"] is None or as_written(row["amount_yuan"], plain)


def sums(held: Case) -> Iterator[int]:
    facts = facts_of(held)
    claimed = [facts.amount_claimed, *(it.amount_claimed for it in facts.issues.values())]
    of_terms = [term.amount for it in facts.agreements.values() for term in it.terms]
    totals = [it.amount for it in facts.agreements.values()]
    yield from (it for it in (*claimed, *of_terms, *totals) if it is not None)
    yield from (it.amount for it in facts.payments.values() if it.amount is not None)


def as_written(yuan: float, prose: str) -> bool:
    """Whether a sum stands in words: in yuan or in ten thousands."""
    ways = (f"{yuan:g}", f"{yuan / 10_000:g}万")
    return any(way in prose for way in ways)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_sample_says_as_structure_is_recorded_so(told: Story, name: str) -> None:
    report, held = BY_NAME[name], told.door.case(name)
    facts = facts_of(held)
    agreements = [*facts.agreements.values()]
    stand = [(t.kind, t.payer, t.payee, t.amount, t.due) for it in agreements for t in it.terms]
    assert stand == [
        (
            TermKind.named(row["kind"]),
            f"party/{row['payer']}" if row["payer"] else None,
            f"party/{row['payee']}" if row["payee"] else None,
            fen(row["amount_yuan"]),
            date.fromisoformat(row["due"]) if row["due"] else None,
        )
        for row in report["terms"]
    ]
    outcomes = [(c["count"], CohortOutcome.named(c["outcome"])) for e in report["timeline"] for c in e["cohorts"]]
    assert [(it.count, it.outcome) for it in facts.cohorts.values() if it.outcome] == outcomes
    kinds = [ProceedingKind.named(e["kind"]) for e in report["timeline"] if e["kind"] and e["result"] != "granted"]
    assert [it.kind for it in facts.proceedings.values() if it.kind in kinds] == kinds
    signed = [f"party/{row['by']}" for e in report["timeline"] for row in e["signed"]]
    assert {it.party for k, it in facts.confirmations.items() if held.state(k) != "awaited"} >= set(signed)


@pytest.mark.parametrize("name", NAMES)
def test_every_day_of_a_sample_stands_in_its_report(told: Story, name: str) -> None:
    days = {entry["date"] or ".." for entry in BY_NAME[name]["timeline"]} | {".."}
    assert {line.occurred.text for line in told.door.history(name)} <= days


def test_no_sample_has_a_term_that_leaves_something_open() -> None:
    for report in BY_NAME.values():
        assert report["terms"] is not None
        for row in report["terms"]:
            assert not term_parser.is_no_duty(row["words"])


# -- each field


def test_terms_belong_to_the_agreement_they_name_and_a_second_one_replaces_the_first() -> None:
    held = taken(
        {"step": "agreement", "amount_yuan": 30000},
        {"step": "agreement", "amount_yuan": 20000, "replaces": 1},
        terms_zh=["某厂付王某3万元", "某厂付王某2万元", "付款日另行协商"],
        terms=[
            {"words": "某厂付王某3万元", "kind": "pay", "agreement": 1, "payer": 2, "payee": 1, "amount_yuan": 30000},
            {"words": "某厂付王某2万元", "kind": "pay", "agreement": 2, "payer": 2, "payee": 1, "amount_yuan": 20000},
        ],
    )
    first, second = facts_of(held).agreements.values()
    assert [t.amount for t in first.terms] == [3_000_000] and [t.amount for t in second.terms] == [2_000_000]
    assert (first.total, second.total, second.replaces) == (3_000_000, 2_000_000, "agreement/1")


def test_shares_name_what_they_are_part_of() -> None:
    both = ["某厂付王某3万元，每月1万五", "每月1万五"]
    whole = {"words": both[0], "kind": "pay", "payer": 2, "payee": 1, "amount_yuan": 30000}
    part = {"words": both[1], "kind": "pay", "payer": 2, "payee": 1, "amount_yuan": 15000, "part_of": 1}
    held = taken({"step": "agreement"}, terms_zh=both, terms=[whole, part, part], amount_agreed_yuan=30000)
    [it] = facts_of(held).agreements.values()
    assert [t.part_of for t in it.terms] == [None, 1, 1] and it.total == 3_000_000


def test_who_signed_and_how_is_kept() -> None:
    held = taken(
        {"step": "agreement", "signed": [{"by": 1, "manner": "fingerprint"}, {"by": 2, "manner": "seal"}]},
        terms_zh=["某厂付王某3万元"],
    )
    confirmations = facts_of(held).confirmations
    assert {it.party: it.manner for it in confirmations.values()} == {
        "party/1": SigningManner.FINGERPRINT,
        "party/2": SigningManner.SEAL,
    }


def test_who_paid_whom_is_kept_payment_by_payment() -> None:
    paid = [{"payer": 2, "payee": 1, "amount_yuan": 100}, {"payer": 2, "payee": 1, "amount_yuan": 50}]
    held = taken({"step": "agreement"}, {"step": "performed", "paid": paid, "extent": "part"})
    facts = facts_of(held)
    assert [(it.payer, it.payee, it.amount) for it in facts.payments.values()] == [
        ("party/2", "party/1", 10_000),
        ("party/2", "party/1", 5_000),
    ]
    assert facts.agreements["agreement/1"].reported is Extent.PART


def test_a_cohort_is_split_by_the_numbers_that_are_told() -> None:
    people = [
        {"side": "applicant", "kind": "group", "name_masked": "32名工人", "count": 32},
        {"side": "respondent", "kind": "enterprise", "name_masked": "某厂", "count": 1},
    ]
    cohorts = [{"count": 18, "outcome": "paid"}, {"count": 4, "outcome": "withdrew"}]
    held = taken({"step": "agreement"}, {"step": "performed", "cohorts": cohorts}, disputants=people)
    assert [(it.count, it.outcome) for it in facts_of(held).cohorts.values()] == [
        (10, None),
        (18, CohortOutcome.PAID),
        (4, CohortOutcome.WITHDREW),
    ]


def test_what_another_body_tried_is_none_of_ours() -> None:
    held = taken(
        {"step": "joint_session", "other_body": "某村调委会", "result": "not_settled", "note_zh": "村里先调，未成"},
        {"step": "terminated", "other_body": "某派出所"},
        {"step": "agreement"},
    )
    facts = facts_of(held)
    assert facts.closed is None and facts.sessions_held() == 0
    assert not any(party.remedy_told for party in facts.parties.values())
    assert len(held.of("attempt")) == 2


def test_the_kind_and_the_result_of_a_proceeding_are_kept() -> None:
    held = taken(
        {"step": "referred", "kind": "litigation", "result": "withdrawn"}, {"step": "referred", "kind": "enforcement"}
    )
    assert [it.kind for it in facts_of(held).proceedings.values()] == [
        ProceedingKind.LITIGATION,
        ProceedingKind.ENFORCEMENT,
    ]
    assert [held.state(key) for key in held.of("proceeding")] == ["withdrawn", "filed"]


def test_a_number_of_sessions_or_visits_is_what_is_told() -> None:
    held = taken({"step": "joint_session", "times": 4}, {"step": "agreement"}, {"step": "visit", "times": 3})
    assert [it.times for it in facts_of(held).sessions.values() if it.held] == [4]
    assert len(facts_of(held).visits) == 3


def test_households_are_kept_and_are_no_head_count() -> None:
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    report = json.loads(json.dumps(reported_cases()[0])) | {"id": "c1"}
    report["disputants"][0] |= {"count": None, "households": 6}
    take_reports(story.door, checked([report], "x"))
    assert "户数：6" in "\n".join(words(story, "c1"))
    assert facts_of(story.door.case("c1")).parties["party/1"].count is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"terms": [{"words": "没有这一条", "kind": "pay"}]}, "应与 terms_zh 里的一条一字不差"),
        ({"terms_zh": ["付"], "terms": [{"words": "付", "kind": "pay", "payer": 9}]}, "没有第9个，一共2个"),
        ({"terms_zh": ["付"], "terms": [{"words": "付", "kind": "债"}]}, "不在可选范围"),
        ({"timeline": [{"step": "agreement", "replaces": 3}]}, "没有第3个，一共1个"),
        ({"timeline": [{"step": "performed", "paid": [{"payer": 0}]}]}, "应从1数起"),
    ],
)
def test_structure_that_names_nothing_is_told_with_its_place(change: dict[str, Any], why: str) -> None:
    with pytest.raises(FileFault, match=why):
        taken(**change)


# -- prose is read only where one reading is certain


@pytest.mark.parametrize("said", ["数十万元", "几十万元", "数百元", "近百万元", "上千元", "好几万元", "150万余元"])
def test_a_vague_sum_is_none(said: str) -> None:
    assert amount_parser.one_sum(f"赔偿{said}") is None


@pytest.mark.parametrize(
    "said",
    ["赔偿金额没有约定", "赔偿金额未见报道", "其余待另行协商", "未约定违约责任", "拟支付5万元", "付款方式未约定"],
)
def test_what_is_left_open_binds_nobody_and_stays_in_words(said: str) -> None:
    held = taken({"step": "agreement"}, terms_zh=[said])
    [it] = facts_of(held).agreements.values()
    assert it.terms == () and not facts_of(held).obligations


def test_what_stands_in_brackets_makes_no_condition_of_a_payment() -> None:
    held = taken({"step": "agreement"}, terms_zh=["某厂于2026-12-31前支付王某5万元(逾期后付清)"])
    [term] = facts_of(held).agreements["agreement/1"].terms
    assert (term.kind, term.payer, term.payee, term.amount) == (TermKind.PAY, "party/2", "party/1", 5_000_000)
    assert term.due == date(2026, 12, 31)


@pytest.mark.parametrize("said", ["101人", "101名职工全部领到", "101位"])
def test_all_of_them_are_named_by_any_word_for_people(said: str) -> None:
    assert vocabulary.names_all(101, said)


@pytest.mark.parametrize("said", ["101户", "其中101名", "101人以上", "另有1101人"])
def test_households_and_some_among_others_are_not_all(said: str) -> None:
    assert not vocabulary.names_all(101, said)


def test_a_suit_that_is_withdrawn_is_no_second_one_and_a_seizure_is_none() -> None:
    held = taken({"step": "referred", "note_zh": "向法院起诉"}, {"step": "referred", "note_zh": "原告撤诉"})
    assert [held.state(key) for key in held.of("proceeding")] == ["withdrawn"]
    held = taken({"step": "referred", "note_zh": "法院查封了账户"}, {"step": "referred", "note_zh": "申请强制执行"})
    assert [it.kind for it in facts_of(held).proceedings.values()] == [ProceedingKind.ENFORCEMENT]


@pytest.mark.parametrize(
    ("said", "times"), [("四次到现场", None), ("先后四次上门", None), ("第四次上门", 1), ("4次调解", 4)]
)
def test_comings_and_goings_are_no_count_of_sessions(said: str, times: int | None) -> None:
    assert vocabulary.times(said) == times


# -- any structure is taken as it stands


@st.composite
def structured(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Reports as anybody may write them, with structure where they like."""
    found: list[dict[str, Any]] = draw(reports())
    for report in found:
        people, bodies = len(report["disputants"]), len(report["bodies"])
        for entry in report["timeline"]:
            entry["other_body"] = draw(st.sampled_from([None, None, "某村调委会"]))
        own = sum(entry["step"] == "agreement" and not entry["other_body"] for entry in report["timeline"])
        agreements = max(1, own)

        def one(most: int) -> Any:
            return draw(st.none() if not most else st.one_of(st.none(), st.integers(1, most)))

        def maybe(*said: Any) -> Any:
            return draw(st.sampled_from([None, None, *said]))

        if report["terms_zh"] and draw(st.booleans()):
            report["terms"] = [
                {
                    "words": words,
                    "kind": draw(st.sampled_from([it.value for it in TermKind])),
                    "agreement": one(agreements),
                    "payer": one(people),
                    "payee": one(people),
                    "custodian": one(bodies),
                    "amount_yuan": maybe(1, 500.5),
                    "due": maybe("2026-12-31", "2020"),
                }
                for words in report["terms_zh"]
            ]
        for entry in report["timeline"]:
            entry |= {
                "times": maybe(1, 3),
                "amount_yuan": maybe(5, 70),
                "agreement": one(agreements),
                "extent": maybe("all", "part", "breached"),
                "result": maybe("settled", "not_settled", "granted", "applied", "intended", "dismissed", "withdrawn"),
                "kind": maybe(*(it.value for it in ProceedingKind)),
                "signed": [{"by": n} for n in range(1, people + 1)] if draw(st.booleans()) else [],
                "paid": [{"payer": one(people), "payee": one(people), "amount_yuan": maybe(3)}]
                * draw(st.integers(0, 2)),
                "cohorts": [{"count": draw(st.integers(1, 20)), "outcome": "paid"}] * draw(st.integers(0, 2)),
            }
    return found


@settings(UNHURRIED, max_examples=much(20, 60))
@given(structured())
def test_any_structure_is_taken_and_every_note_is_kept(found: list[dict[str, Any]]) -> None:
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    loaded = checked(found, "x")
    take_reports(story.door, loaded)
    for report in loaded:
        with story.store.read() as unit:
            ids = [c for c in unit.record.cases() if c.partition(":")[0] == report["id"]]
            spoken = "\n".join(t.words or "" for c in ids for t in unit.record.texts(c).values())
        for said in (*(entry["note_zh"] for entry in report["timeline"]), *report["terms_zh"]):
            assert said in spoken
        lines = [line for c in ids for line in story.door.history(c)]
        assert {line.provenance for line in lines} <= set(Provenance)
    is_in_order(story)
