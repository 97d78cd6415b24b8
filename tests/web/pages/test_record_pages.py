"""回放, 校验, 导出, 查阅记录, 流程图: the pages that look into the record."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from mediation_engine.audit import Checkpoint, Head, audit
from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.roles import Office
from mediation_engine.drawings import STYLE, svg
from mediation_engine.export.case_file import read_cases
from mediation_engine.export.checkpoint import read_checkpoint, write_checkpoint
from mediation_engine.export.signing import new_key, read_key
from mediation_engine.services import maintenance
from web.pages.access_log import look_words
from web.presenters import replay
from web.presenters.machine_drawing import drawn, rows, way
from workflows.parts.block import RecordTalk

from ...support.rewriting import orders_of, rewrite
from ...support.story import NOW, Story, erase, register
from ...support.worlds import TOKEN
from ..conftest import STRANGER, Browser

SignedIn = Callable[[Office | str], Browser]
PRIVATE = "最少八千不能再少"


@pytest.fixture
def auditor(web_client: SignedIn) -> Browser:
    return web_client(Office.AUDITOR)


def looks(story: Story) -> list[str]:
    with story.store.read() as unit:
        return [read.what for read in unit.views.reads("A1")]


# -- replay


def test_a_replay_stands_at_the_last_line_unless_asked(auditor: Browser, told: Story) -> None:
    page = auditor.get("/cases/A1/replay").text
    last = len(told.lines)
    assert f"第 <strong>{last}</strong> 条，共 {last} 条" in page
    assert "已是末条" in page


def test_every_line_can_be_opened_and_is_rebuilt_from_the_lines_before_it_only(auditor: Browser, told: Story) -> None:
    for line in told.lines:
        page = auditor.get(f"/cases/A1/replay?at={line.version}").text
        case = told.door.case("A1", line.version)
        telling = told.view(Office.AUDITOR).teller
        for key in case.instances:
            if key.partition("/")[0] in {m.name for m in telling.workflow.parts}:  # type: ignore[union-attr]
                assert telling.state(key, case.state(key)) in page
        not_yet = told.case.instances.keys() - case.instances.keys()
        stood = page[page.index('id="stood"') : page.index('id="could"')]
        assert not [k for k in not_yet if k.startswith("agreement/") and telling.thing(k) in stood]


def test_the_first_line_shows_a_case_coming_into_being(auditor: Browser) -> None:
    page = auditor.get("/cases/A1/replay?at=1").text
    assert "已是首条" in page
    assert "上一条" not in page
    assert '<td>全案</td><td>程序</td><td class="none" data-of="原来">—</td><td>人民调解</td>' in page


def test_a_replay_says_who_could_do_what_and_why_others_could_not(auditor: Browser) -> None:
    page = auditor.get("/cases/A1/replay?at=1").text
    could = page[page.index('id="could"') :]
    assert re.search(r"室主任</span> \d+ 个步骤</summary>\s*<ul>.*受理", could, re.DOTALL)
    assert re.search(r"当时办不了的 \d+ 个步骤，和为什么</summary>", auditor.get("/cases/A1/replay?at=12").text)


@pytest.mark.parametrize(
    ("asked", "at", "said"),
    [
        ("at=3", 3, ""),
        ("at=0", None, "没有第“0”条"),
        ("at=999", None, "没有第“999”条"),
        ("at=%3Cscript%3E", None, "没有第“&lt;script&gt;”条"),
        ("day=2026-11-23", None, ""),
        ("day=2026-11-22", 1, "到2026年11月22日（周日）还没有记录"),
        ("day=2027-01-01", None, ""),
        ("day=23.11.", None, "“23.11.”不是日期"),
    ],
)
def test_a_place_is_found_or_it_is_said_why_not(
    asked: str, at: int | None, said: str, auditor: Browser, told: Story
) -> None:
    page = auditor.get(f"/cases/A1/replay?{asked}").text
    assert f"第 <strong>{at or len(told.lines)}</strong> 条" in page
    assert said in page
    assert ('role="alert"' in page) == bool(said)


def test_a_day_is_a_day_in_china(told: Story) -> None:
    lines = told.lines
    assert replay.place(lines, "", NOW.date().isoformat()).at == len(lines)
    assert day_words(NOW.date()) in replay.place(lines, "", "2020-01-01").fault


def test_a_replay_by_the_office_reads_private_words_and_by_the_auditor_does_not(
    web_client: SignedIn, auditor: Browser, told: Story
) -> None:
    told.do(RecordTalk(party="party/1", said=Text(PRIVATE)))
    assert PRIVATE in web_client(Office.MEDIATOR).get("/cases/A1/replay").text
    page = auditor.get("/cases/A1/replay").text
    assert PRIVATE not in page
    assert "（内容不公开）" in page


def test_a_moment_is_made_from_the_fold_of_the_lines(told: Story) -> None:
    lines = told.lines
    for at in (1, 7, len(lines)):
        here = replay.moment(told.view(Office.AUDITOR), at)
        states = {thing.state for _, things in here.things for thing in things}
        case = told.door.case("A1", at)
        telling = told.view(Office.AUDITOR).teller
        small = {m.name for m in telling.workflow.parts}  # type: ignore[union-attr]
        assert states == {telling.state(k, case.state(k)) for k in case.instances if k.partition("/")[0] in small}


# -- verifying


def test_a_sound_case_is_said_to_be_whole(auditor: Browser) -> None:
    page = auditor.get("/cases/A1/audit").text
    assert "<strong>完整，有已知瑕疵 2 处</strong>" in page, (
        "no day to pay on, and nobody told of its rights before the seal"
    )


def test_known_defects_stand_apart_from_faults(auditor: Browser, told: Story) -> None:
    found = audit(maintenance.case_file(told.store, "A1"), told.door.catalogue)
    told.do(RecordTalk(party="party/1", said=Text(PRIVATE)))
    erase(told, PRIVATE)
    page = auditor.get("/cases/A1/audit").text
    assert f"完整，有已知瑕疵 {len(found) + 1} 处" in page
    known = page[page.index('id="known"') :]
    assert "文字或材料已删除" in known
    assert "已单独沟通" in known  # the line it is about
    assert "没有发现问题。" in page


def test_an_altered_line_is_named(auditor: Browser, told: Story) -> None:
    body = maintenance.case_file(told.store, "A1").orders[2].body
    rewrite(told, 8, body=body.replace(b"2026", b"2027"))
    page = auditor.get("/cases/A1/audit").text
    assert "<strong>第 8 条起不符</strong>" in page
    assert "内容被改动" in page
    assert 'href="/cases/A1/replay?at=8"' in page


def test_a_line_that_cannot_be_read_at_all_is_still_reported(auditor: Browser, told: Story) -> None:
    rewrite(told, 6, body=b"{")
    answer = auditor.get("/cases/A1/audit")
    assert answer.status_code == 200
    assert "<strong>第 6 条起不符</strong>" in answer.text
    assert looks(told) == ["audit"]
    assert auditor.get("/cases/A1/export").status_code == 200
    assert "第 6 条起不符" in auditor.get("/audit").text


def test_a_case_of_others_is_not_verified_for_a_stranger_however_damaged(web_client: SignedIn, told: Story) -> None:
    stranger = web_client("sun")
    rewrite(told, 1, body=b"{")
    for end in ("", "/replay", "/missing", "/reads", "/audit", "/export", "/steps/RecordNote"):
        foreign, none = (stranger.get(f"/cases/{case}{end}") for case in ("A1", "NONE"))
        assert (foreign.status_code, foreign.data) == (none.status_code, none.data), end
    assert looks(told) == []


def send(browser: Browser, path: str, content: bytes, name: str = "存证点.json") -> TestResponse:
    browser.get(path)
    return browser.send(path, checkpoint=(BytesIO(content), name))


def test_a_checkpoint_that_was_taken_away_tells_of_a_cut_end(auditor: Browser, told: Story) -> None:
    content = auditor.get("/audit/checkpoint").data
    page = send(auditor, "/cases/A1/audit", content).text
    assert f"已与存证点核对：存证时的末条是第 {len(told.lines)} 条" in page
    assert "<strong>完整，有已知瑕疵 2 处</strong>" in page
    assert "1 件全部相符" in send(auditor, "/audit", content).text
    del orders_of(told)[-2:]
    assert "与存证点不符" in send(auditor, "/cases/A1/audit", content).text
    assert "1 件中有 1 件不符" in send(auditor, "/audit", content).text


def test_a_checkpoint_without_the_case_is_said_to_be_without_it(auditor: Browser) -> None:
    assert (
        "存证点文件里没有这件案件" in send(auditor, "/cases/A1/audit", write_checkpoint(Checkpoint(cases={}), "")).text
    )


def test_a_case_that_vanished_is_missed_by_the_checkpoint(auditor: Browser, told: Story) -> None:
    held, key = read_checkpoint(auditor.get("/audit/checkpoint").data, ""), read_key(new_key())
    auditor.application.extensions["key"] = key
    more = replace(held, cases={**held.cases, "GONE": held.cases["A1"]})
    page = send(auditor, "/audit", write_checkpoint(more, "", key)).text
    assert "2 件中有 1 件不符" in page
    assert "是本室的存证点，签名相符" in page


def test_a_made_up_checkpoint_does_not_tell_which_cases_others_have(auditor: Browser, told: Story) -> None:
    theirs = Story(told.store, told.clock, "B1")
    theirs.do(register(organisation="elsewhere"), actor=STRANGER.id, workflow="fast_track_2026")
    own = read_checkpoint(auditor.get("/audit/checkpoint").data, "").cases

    def answer(case: str) -> str:
        made_up = Checkpoint(cases={**own, case: Head(version=1, digest="00" * 32)})
        return send(auditor, "/audit", write_checkpoint(made_up, "")).text

    pages = [TOKEN.sub("", answer(case)) for case in ("B1", "B2")]
    assert pages[0] == pages[1]
    assert "1 件全部相符" in pages[0]
    assert "没有签名" in pages[0]
    assert "另有 1 件不归本组织，没有核对" in pages[0]


def test_a_checkpoint_signed_by_another_is_refused_beside_the_field(auditor: Browser) -> None:
    held = read_checkpoint(auditor.get("/audit/checkpoint").data, "")
    auditor.application.extensions["key"] = read_key(new_key())
    for path in ("/audit", "/cases/A1/audit"):
        answer = send(auditor, path, write_checkpoint(held, "", read_key(new_key())))
        assert answer.status_code == 422
        assert "不是本室的存证点" in answer.text


def test_rows_changed_behind_the_program_are_counted_and_not_named(auditor: Browser, told: Story) -> None:
    page = auditor.get("/audit").text
    assert page.count("完整") >= 4
    del told.store._tables.bound["actors", ("li",)]  # type: ignore[attr-defined]
    page = auditor.get("/audit").text
    assert "1 处不符" in page
    assert "有人不经程序改动过" in page
    assert "人员 li" not in page


@pytest.mark.parametrize("path", ["/cases/A1/audit", "/audit"])
def test_what_is_no_checkpoint_is_refused_beside_the_field(path: str, auditor: Browser) -> None:
    answer = send(auditor, path, b"{}")
    assert answer.status_code == 422
    assert "不是存证点文件" in answer.text
    nothing = auditor.send(path)
    assert nothing.status_code == 422
    assert "还没有选择文件" in nothing.text
    assert 'aria-invalid="true"' in nothing.text


def test_a_checkpoint_names_no_case_of_others(web_client: SignedIn, told: Story) -> None:
    with told.store.read() as unit:
        assert unit.record.cases() == ["A1"]
    assert maintenance.checkpoint(told.store, {"elsewhere"})[1].cases == {}
    counted, found = maintenance.compare(told.store, maintenance.checkpoint(told.store)[1], {"elsewhere"})
    assert (counted, found) == (0, [])


# -- export


def test_an_exported_case_can_be_verified_without_the_private_words(auditor: Browser, told: Story) -> None:
    told.do(RecordTalk(party="party/1", said=Text(PRIVATE)))
    answer = auditor.get("/cases/A1/export")
    name = unquote(re.search(r"filename\*=UTF-8''([^;]+)", answer.headers["Content-Disposition"])[1])  # type: ignore[index]
    assert name == f"{told.case.facts.number}.jsonl"
    assert PRIVATE not in answer.text
    [file] = read_cases(answer.data.splitlines(), name)
    assert [f for f in audit(file, told.door.catalogue) if not f.known] == []
    assert looks(told) == ["export"]


def test_the_program_that_checks_an_export_lies_beside_it(auditor: Browser, told: Story, tmp_path: Path) -> None:
    (address,) = re.findall(r'href="([^"]+verify\.py)"', auditor.get("/cases/A1/audit").text)
    (tmp_path / "verify.py").write_bytes(auditor.get(address).data)
    (tmp_path / "A1.jsonl").write_bytes(auditor.get("/cases/A1/export").data)
    (tmp_path / "heads.json").write_bytes(auditor.get("/audit/checkpoint").data)
    command = [sys.executable, "-I", "-S", "verify.py", "A1.jsonl", "heads.json"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, encoding="utf-8").stdout
    assert f"案件 A1：{len(maintenance.case_file(told.store, 'A1').orders)}步{told.case.version}条，0处问题" in said
    assert f"存证点核对第{told.case.version}条" in said


def test_a_mediators_export_holds_the_words(web_client: SignedIn, told: Story) -> None:
    told.do(RecordTalk(party="party/1", said=Text(PRIVATE)))
    assert PRIVATE in web_client(Office.MEDIATOR).get("/cases/A1/export").text


# -- who looked


def test_every_page_leaves_one_line_and_the_lines_can_be_read(auditor: Browser, told: Story) -> None:
    drawing = "/workflows/fast_track_2026/mediation?case=A1"
    for path in ("/cases/A1/replay?at=3", "/cases/A1/audit", "/cases/A1/export", drawing, "/cases/A1/reads"):
        assert auditor.get(path).status_code == 200
    assert looks(told) == ["replay 3", "audit", "export", "workflow", "reads"]
    page = auditor.get("/cases/A1/reads").text
    for words in ("回放第3条", "校验", "导出", "流程图", "陈核查"):
        assert words in page


def test_reads_are_shown_a_page_at_a_time(auditor: Browser, told: Story) -> None:
    for _ in range(60):
        auditor.get("/cases/A1/reads")
    page = auditor.get("/cases/A1/reads").text
    assert page.count("<tr>") == 51
    assert "看更早的 11 次" in page
    assert auditor.get("/cases/A1/reads?upto=11").text.count("<tr>") == 12


def test_looks_are_told_in_words() -> None:
    assert look_words("replay 2026-11-23") == "回放到2026-11-23"
    assert look_words("something new") == "something new"


# -- drawings


def test_a_drawing_on_a_page_carries_no_style(auditor: Browser) -> None:
    page = auditor.get("/workflows/fast_track_2026/agreement").text
    assert 'class="machine-drawing"' in page
    assert "<style" not in page
    assert "style=" not in page
    assert STYLE in (Path(replay.__file__).parents[1] / "static" / "drawing.css").read_text(encoding="utf-8")


def test_every_machine_has_its_page(auditor: Browser, told: Story) -> None:
    index = auditor.get("/workflows").text
    for workflow in told.door.catalogue.workflows.values():
        for machine in workflow.machines.values():
            path = f"/workflows/{workflow.name}/{machine.name}"
            assert f'href="{path}"' in index
            assert machine.label in auditor.get(path).text
            assert auditor.get(f"{path}.mmd").text.startswith("stateDiagram-v2")
    assert auditor.get("/workflows/none/agreement").status_code == 404
    assert auditor.get("/workflows/fast_track_2026/none.mmd").status_code == 404


def test_a_drawing_opened_from_a_case_marks_the_way_it_went(told: Story) -> None:
    workflow = told.door.catalogue.workflows["fast_track_2026"]
    for machine in workflow.machines.values():
        gone = way(told.lines, machine)
        assert ("本案走过的路" in drawn(machine, gone)) == bool(gone)
        # Two rows may have the same effect on different grounds: a line of theirs stands with both.
        assert {n for row in rows(machine, gone) for n in row.lines} == {n for lines in gone.values() for n in lines}
    assert drawn(machine, {}) == svg(machine).replace(f"<style>\n{STYLE}</style>", "")


def test_a_case_of_another_workflow_is_not_drawn_into_this_one(auditor: Browser) -> None:
    assert auditor.get("/workflows/consultation_2026/mediation?case=A1").status_code == 404
