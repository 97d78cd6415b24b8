"""Any report of the shape is taken as it stands; any file that is not of the shape is refused as a whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.decisions.closing import missing
from mediation_engine.domain.line import Line, Provenance
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault
from mediation_engine.record.sealing import refs_in
from mediation_engine.services.maintenance import audit_store, rebuild
from web.case_import import take_reports
from web.case_import.file_format import CHANNELS, OUTCOMES, STEPS, checked, read_reports
from web.case_import.samples import reported_cases

from ...support.story import NOW, Story
from ...support.thorough import much

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
EXAMPLES = int(os.environ.get("REPORTS", much(25, 60)))
"""How many are tried; more on demand: REPORTS=1000 pytest tests/web/case_import/test_any_report.py."""
DATES = (None, "2019", "2019-05", "2020-02-29", "2021-11-08", "2018-01-01/2018-03-04", "2017-06~", "2024-05-01T09:30")
SAYINGS = (
    "",
    "双方到场",
    "多次调解未果",
    "先后3次协商",
    "当场付清2万元",
    "第一期付款5000元",
    "尚欠1万元未付",
    "全部履行完毕",
    "法院裁定确认协议有效",
    "双方共同申请司法确认",
    "法院驳回司法确认申请",
    "到仲裁庭置换仲裁调解书",
    "在司法所签字",
    "一方签字,另一方拒签",
    "结案后一方起诉",
    "法院委派至调委会",
    "12人领到工资",
    "20人签约",
)
TERMS = (
    "某厂于2025-12-31前支付王某3万元",
    "李某分三期付清货款,每期5000元",
    "公司赔偿2.5万元,逾期另付违约金3000元",
    "王某放弃其余请求",
    "当面道歉",
    "恢复原岗位",
    "按工资的30%补偿",
    "春节前付十二万元",
    "付2000美元",
    "如再犯,另行处理",
    "款项由镇政府代发",
)
NAMES = ("王某", "李某", "某厂", "某电器公司", "王某", "某村部分村民", "死者赵某亲属")
SUMS = st.one_of(st.none(), st.sampled_from([0, 1, 0.01, 680, 15000, 99999.99, 10**11]), st.integers(0, 10**9))
COUNTS = st.one_of(st.none(), st.sampled_from([0, 1, 12, 20, 1000, 1_000_000]))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


@st.composite
def reports(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A file of one to three reports; every note can be told from every other."""
    found = []
    for n in range(draw(st.integers(1, 3))):
        steps = draw(st.lists(st.sampled_from(STEPS), max_size=14))
        timeline = [
            {
                "date": draw(st.sampled_from(DATES)),
                "step": step,
                "note_zh": f"〔{n}-{i}〕" + draw(st.sampled_from(SAYINGS)),
            }
            for i, step in enumerate(steps)
        ]
        disputants = [
            {
                "side": draw(st.sampled_from(["applicant", "respondent", "related"])),
                "kind": draw(st.sampled_from(["person", "enterprise", "group"])),
                "name_masked": draw(st.sampled_from(NAMES)),
                "count": draw(COUNTS),
            }
            for _ in range(draw(st.integers(0, 4)))
        ]
        roles = st.sampled_from(["host", "justice", "department", "mentor", "disputants"])
        orgs = st.sampled_from(["某镇人民调解委员会", "某法院", "镇政府", "某市总工会", "退休老书记"])
        bodies = [{"role": draw(roles), "org": draw(orgs)} for _ in range(draw(st.integers(0, 5)))]
        found.append(
            {
                "id": f"c-{n}" if n != 1 else "c-0-2",
                "source_url": draw(maybe(st.just("https://example.org/1"))),
                "published": draw(st.sampled_from(DATES)),
                "province_city": draw(maybe(st.just("浙江省永康市"))),
                "dispute_type_zh": draw(st.sampled_from(["拖欠工资", "邻里纠纷", "没见过的纠纷", "工伤赔偿"])),
                "channel": draw(maybe(st.sampled_from([*CHANNELS]))),
                "summary_en_zh": draw(maybe(st.just(f"摘要{n}"))),
                "disputants": disputants,
                "bodies": bodies,
                "timeline": timeline,
                "amount_claimed_yuan": draw(SUMS),
                "amount_agreed_yuan": draw(SUMS),
                "terms_zh": draw(st.lists(st.sampled_from(TERMS), max_size=4, unique=True)),
                "outcome": draw(maybe(st.sampled_from([*OUTCOMES]))),
                "days_to_resolve": draw(maybe(st.integers(0, 400))),
                "unusual": draw(maybe(st.just(f"特别之处{n}"))),
            }
            | draw(st.sampled_from([{}, {"x_note": f"自注{n}"}, {"x_list": [1, {"深": "处"}], "x_no": False}]))
        )
    return found


def told(report: dict[str, Any], story: Story) -> tuple[list[str], list[tuple[Line, str]]]:
    """The ids of a report's cases, and their lines with what is said in them."""
    with story.store.read() as unit:
        ids = [c for c in unit.record.cases() if c.partition(":")[0] == report["id"]]
        words = {key: t.words or "" for c in ids for key, t in unit.record.texts(c).items()}
    lines = [line for c in ids for line in story.door.history(c)]
    return ids, [(line, "\n".join(_spoken(line, words))) for line in lines]


def _spoken(line: Line, words: dict[str, str]) -> list[str]:
    held = [msgspec.json.decode(part) for part in (line.given, line.data) if part]
    return [words[ref.id] for ref in refs_in(held)]


def is_told_as_it_stands(report: dict[str, Any], story: Story) -> None:
    """Every step in order, with its date; sums, counts and every word as they were written; nothing else agreed."""
    ids, lines = told(report, story)
    said = iter([(line, words) for line, words in lines if line.provenance is not Provenance.ASSUMED])
    for entry in report["timeline"]:
        line = next((line for line, words in said if entry["note_zh"] in words), None)
        assert line is not None, f"{entry} is lost, or out of order"
        assert line.occurred.text == (entry["date"] or "..")
        assert line.provenance is Provenance.REPORTED
    facts = [story.door.case(c).facts for c in ids]
    spoken = "\n".join(words for _, words in lines)
    assert all(words in spoken for words in report["terms_zh"])
    assert all(report[key] is None or str(report[key]) in spoken for key in ("unusual", "summary_en_zh", "published"))
    assert [p.count for p in facts[0].parties.values()] == [d["count"] for d in report["disputants"]]
    assert facts[0].amount_claimed == _fen(report["amount_claimed_yuan"])
    totals = [a.amount for f in facts for a in f.agreements.values() if a.amount is not None]
    agreed = report["amount_agreed_yuan"]
    assert totals == ([] if agreed is None else [_fen(agreed)]) or f"协议金额：{agreed}元" in spoken
    agreements = sum(e["step"] == "agreement" for e in report["timeline"])
    assert sum(len(f.agreements) for f in facts) in ({agreements} if agreements else {0, 1})
    assert all(not p.remedy_told or f.closed or f.closed_before for f in facts for p in f.parties.values())


def _fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * 100)


def is_in_order(story: Story) -> None:
    """The audit finds nothing but known defects, the read models are the fold, and what is missing can be asked."""
    for _, findings in audit_store(story.store, story.door.catalogue):
        assert [f for f in findings if not f.known] == []
    assert rebuild(story.store, story.door.catalogue) == []
    with story.store.read() as unit:
        names = unit.record.cases()
    for name in names:
        case = story.door.case(name)
        workflow = story.door.catalogue.in_force(case.rules)
        assert (missing(workflow, case, NOW.date()) == []) or case.facts.closed is None or workflow.open_parts(case)
        assert story.door.available(name, Office.LEAD, every=True).options


@settings(UNHURRIED, max_examples=EXAMPLES)
@given(given_reports=reports())
def test_any_report_is_taken_as_it_stands(given_reports: list[dict[str, Any]]) -> None:
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    taken = take_reports(story.door, checked(given_reports, "x"))
    for report in given_reports:
        is_told_as_it_stands(report, story)
    is_in_order(story)
    before = {c: story.door.history(c) for c in taken}
    assert take_reports(story.door, checked(given_reports, "x")) == taken
    assert {c: story.door.history(c) for c in taken} == before


@pytest.mark.parametrize(
    ("step", "acted"),
    [
        ("accepted", ("CaseAccepted", "..", Provenance.INFERRED)),
        ("terminated", ("MediationTerminated", "..", Provenance.INFERRED)),
    ],
)
def test_an_act_dated_before_what_it_rests_on_is_noted_with_its_day(
    step: str, acted: tuple[str, str, Provenance]
) -> None:
    days = [("registered", "2021-11-08"), ("accepted", "2021-11-09"), (step, "2020-02-29")]
    timeline = [
        {"step": name, "date": day, "note_zh": f"〔{n}〕"}
        for n, (name, day) in enumerate(days)
        if n != 1 or step != name
    ]
    report = FINE | {"timeline": timeline}
    story = Story(MemoryStore(FixedClock(NOW)), FixedClock(NOW))
    take_reports(story.door, checked([report], "x"))
    told = [(line.event, line.occurred.text, line.provenance) for line in story.door.history("x-1")]
    assert ("NoteRecorded", "2020-02-29", Provenance.REPORTED) in told
    assert acted in told
    is_in_order(story)


# -- files that are not of the shape

WRONG: list[Any] = [None, 5, -1, 1.5, True, "字", [], {}, [1], {"a": 1}, float("nan"), float("inf"), "\ud800", "a\x00b"]
PLACES: dict[str, Callable[[dict[str, Any], Any], None]] = {
    "id": lambda r, v: r.update(id=v if not isinstance(v, str) else v + " "),
    "published": lambda r, v: r.update(published=v if v is not None else "2020-13"),
    "dispute_type_zh": lambda r, v: r.update(dispute_type_zh=v if not isinstance(v, str) else v + "\n"),
    "channel": lambda r, v: r.update(channel=v if v is not None else "tv"),
    "disputants": lambda r, v: r.update(disputants=v if v != [] else "无"),
    "disputants第1项 side": lambda r, v: r["disputants"][0].update(side=v),
    "disputants第1项 kind": lambda r, v: r["disputants"][0].update(kind=v),
    "disputants第1项 count": lambda r, v: r["disputants"][0].update(count=v if v not in (None, 5) else "约20"),
    "bodies第1项 role": lambda r, v: r["bodies"][0].update(role=v),
    "timeline": lambda r, v: r.update(timeline=v if v != [] else {"step": "registered"}),
    "timeline第1项 step": lambda r, v: r["timeline"][0].update(step=v),
    "timeline第1项 date": lambda r, v: r["timeline"][0].update(date=v if v is not None else "2023-02-30"),
    "timeline第1项 note_zh": lambda r, v: r["timeline"][0].update(note_zh=7 if v in (None, "字") else v),
    "amount_claimed_yuan": lambda r, v: r.update(amount_claimed_yuan=-3 if v in (None, 5, 1.5) else v),
    "amount_agreed_yuan": lambda r, v: r.update(amount_agreed_yuan=0.001 if v in (None, 5, 1.5) else v),
    "terms_zh": lambda r, v: r.update(terms_zh=v if v not in ([],) else "无"),
    "outcome": lambda r, v: r.update(outcome=v if v is not None else "won"),
    "days_to_resolve": lambda r, v: r.update(days_to_resolve="三天" if v in (None, 5) else v),
    "surprise": lambda r, v: r.update(surprise=v),
    "x_note": lambda r, v: r.update(x_note="\x1b[31m" if v in (None, 5) or not isinstance(v, str) else v + "\ud801"),
}


@settings(UNHURRIED, max_examples=EXAMPLES)
@given(place=st.sampled_from(sorted(PLACES)), wrong=st.sampled_from(WRONG), which=st.integers(0, 23))
def test_a_fault_in_any_place_is_named_with_its_place_and_nothing_is_taken(place: str, wrong: Any, which: int) -> None:
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    spoilt = json.loads(json.dumps(reported_cases()))
    PLACES[place](spoilt[which], wrong)
    with pytest.raises(FileFault) as fault:
        take_reports(story.door, checked(spoilt, "坏.json"))
    said = str(fault.value)
    assert f"第{which + 1}件" in said
    assert place.partition("第")[0].strip() in said
    said.encode()  # nothing that no screen can show
    assert any("\u4e00" <= c <= "\u9fff" for c in said)
    with story.store.read() as unit:
        assert unit.record.cases() == []


FINE = {
    "id": "x-1",
    "dispute_type_zh": "拖欠工资",
    "disputants": [],
    "bodies": [],
    "timeline": [{"step": "registered", "date": None, "note_zh": "来访"}],
}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (json.dumps([FINE], ensure_ascii=False).encode("gb18030"), "须以 UTF-8 保存"),
        (json.dumps([FINE]).encode()[:-9], "不是有效的 JSON"),
        (b"", "第1行第1列起不是有效的 JSON"),
        (b"[]", "应为一列案件"),
        (b"{}", "应为一列案件"),
        (b'"x"', "应为一列案件"),
        (b"[" * 100_000, "层次过深"),
        (b'[{"id": "x", "amount_claimed_yuan": NaN}]', "“NaN”不是有效的数字"),
        (b'[{"id": "x", "amount_claimed_yuan": ' + b"9" * 5000 + b"}]", "有一个数字长得读不了"),
        (b'[{"id": "x", "id": "y"}]', "“id”在同一组里写了2次"),
        (json.dumps([FINE, FINE]).encode(), "编号“x-1”出现2次"),
        (json.dumps([FINE | {"disputants": [{"side": "left"}]}, 7]).encode(), "第2件：应为一组“项: 值”"),
    ],
    ids=["gb18030", "cut", "empty", "no case", "a group", "words", "deep", "nan", "digits", "key", "id", "two faults"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, written: bytes, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(written)
    with pytest.raises(FileFault, match=said.replace("[", r"\[")):
        read_reports(path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([FINE]).encode())
    assert [r["id"] for r in read_reports(path)] == ["x-1"]
