"""verify.py: checks an exported file without this program, and finds in its bytes what audit finds."""

from __future__ import annotations

import ast
import copy
import io
import json
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.audit import CaseFile, Checkpoint, Fault, Finding, Head, audit_against
from mediation_engine.clock import FixedClock
from mediation_engine.domain.roles import Office
from mediation_engine.errors import FileFault
from mediation_engine.export.case_file import VERIFIER, read_cases, readable, write_case
from mediation_engine.export.checkpoint import read_checkpoint, write_checkpoint
from mediation_engine.export.signing import new_key, read_key
from mediation_engine.record.disclosure import Access
from mediation_engine.services.maintenance import case_file, case_ids, checkpoint
from web.case_import import take_reports
from web.case_import.file_format import checked
from web.case_import.samples import reported_cases
from web.wiring import catalogue

from ...histories.record import HERE
from ...support.exports import WAYS, Hands, Row, cases_of, cut_and_mend, drop_and_mend, edit_and_mend, file_of
from ...support.story import NOW, Story

HISTORIES = {
    path.stem: b"\n".join(row for row in path.read_bytes().splitlines() if row.startswith(b'{"what"'))
    for path in sorted(HERE.glob("*.jsonl"))
}
"""The golden histories as a file that was exported."""
BYTES = {Fault.GAP, Fault.ALTERED, Fault.MOVED, Fault.BROKEN_CHAIN, Fault.TIME_RUNS_BACK, Fault.TEXT, Fault.CHECKPOINT}
"""What audit finds without knowing any rule."""
CATALOGUE = catalogue()
ROUNDS = 8
"""How often each way of tampering is tried: more than 200 files."""


@dataclass(frozen=True)
class Said:
    """What a check says: how it ended, and of each case the lines at which something is wrong."""

    code: int
    lines: tuple[frozenset[int], ...]
    text: str = ""


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Said]:
    """Runs the verifier over some bytes, in this process."""
    main, folder = runpy.run_path(str(VERIFIER))["main"], tmp_path_factory.mktemp("files")

    def run(*files: bytes) -> Said:
        paths = [folder / str(n) for n in range(len(files))]
        for path, raw in zip(paths, files, strict=True):
            path.write_bytes(raw)
        out = io.StringIO()
        with redirect_stdout(out):
            code = main([str(path) for path in paths])
        of_cases = re.split(r"^案件 .*$", out.getvalue(), flags=re.MULTILINE)[1:]
        return Said(code, tuple(map(lines_in, of_cases)), out.getvalue())

    return run


def lines_in(said: str) -> frozenset[int]:
    """The lines of a case at which something is wrong; words count where the orders are sound, as for audit."""
    found = re.findall(r"^  (?:第(-?\d+)条|全案)：(.*)$", said, re.MULTILINE)
    of_orders = [at for at, what in found if "文字" not in what]
    sound = all("不完整" in what for _, what in found if "文字" not in what)
    return frozenset(int(at) for at in ([at for at, _ in found] if sound else of_orders) if at)


def audited(raw: bytes, heads: bytes | None = None) -> tuple[Said, Said]:
    """What audit finds: in the bytes, and in all."""
    try:
        files = read_cases(raw.splitlines(), "file")
    except FileFault:
        return Said(2, ()), Said(2, ())
    known = read_checkpoint(heads, "heads").cases if heads else {}
    own = {file.case: known[file.case] for file in files if file.case in known}
    found = [[f for f in fs if not f.known] for _, fs in audit_against(files, CATALOGUE, own)]
    return told([[f for f in fs if f.fault in BYTES] for fs in found]), told(found)


def told(found: list[list[Finding]]) -> Said:
    lines = tuple(frozenset(f.version for f in fs if f.version is not None) for fs in found)
    return Said(int(any(found)), lines)


@pytest.fixture(scope="module")
def reports() -> Story:
    """The 24 reported cases."""
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    take_reports(story.door, checked(reported_cases(), "sample"))
    return story


def exported(file: CaseFile, office: Office = Office.MEDIATOR) -> bytes:
    return b"\n".join(write_case(readable(file, Access(office)))) + b"\n"


@pytest.mark.parametrize("name", HISTORIES)
def test_it_finds_every_golden_history_whole(name: str, check: Callable[..., Said]) -> None:
    said = check(HISTORIES[name])
    assert (said.code, set(said.lines)) == (0, {frozenset()}), said.text


@pytest.mark.parametrize("office", [Office.MEDIATOR, Office.AUDITOR])
def test_it_finds_the_reported_cases_whole_together_and_as_they_stood(
    reports: Story, office: Office, check: Callable[..., Said]
) -> None:
    cases = [case_file(reports.store, case) for case in case_ids(reports.store)]
    assert len(cases) == 24
    (now, heads), key = checkpoint(reports.store), read_key(new_key())
    said = check(b"".join(exported(case, office) for case in cases), write_checkpoint(heads, now.isoformat(), key))
    assert said.code == 0, said.text
    assert said.text.count("。存证点核对第") == 24


def test_it_tells_words_that_were_withheld_from_words_that_were_erased(
    reports: Story, check: Callable[..., Said]
) -> None:
    file = max((case_file(reports.store, case) for case in case_ids(reports.store)), key=lambda f: len(f.texts))
    withheld = sum(text.label != "joint" for text in file.texts.values())
    said = check(exported(file, Office.AUDITOR))
    assert (said.code, withheld > 0) == (0, True), said.text
    left = len(file.texts) - withheld
    assert f"文字核对{left}段，没有核对：未提供{withheld}段，已删除0段" in said.text
    (kept, *_) = [id for id, text in file.texts.items() if text.label == "joint"]
    wiped = file.texts | {kept: structs.replace(file.texts[kept], words=None, salt=None)}
    said = check(exported(CaseFile(case=file.case, orders=file.orders, texts=wiped), Office.AUDITOR))
    assert said.code == 1, "words are gone, and no order erased them"
    (erased,) = [rows for rows in cases_of(HISTORIES["fast_track_2026"]) if rows[0]["case"] == "E1"]
    said = check(file_of(erased))
    assert (said.code, "未提供0段，已删除2段" in said.text) == (0, True), said.text


def has(least: int, what: str, case: list[Row]) -> bool:
    """Whether there are enough of something to swap two, after the first."""
    return sum(row["what"] == what for row in case) >= least


def tampered() -> list[tuple[str, bytes]]:
    """Files each of which was tampered with in one way, and the way."""
    cases = [rows for raw in HISTORIES.values() for rows in cases_of(raw)]
    cases = sorted((case for case in cases if has(3, "order", case) and has(2, "text", case)), key=len)[:16]
    files = []
    for seed, way in enumerate([way for _ in range(ROUNDS) for way in WAYS]):
        random = Random(seed)
        rows, other = random.sample(cases, 2)
        hands = Hands(random, copy.deepcopy(rows), copy.deepcopy(other))
        way(hands)
        files.append((f"{way.__name__}-{seed}", file_of(hands.rows)))
    return files


def test_it_agrees_with_audit_on_files_that_were_tampered_with(check: Callable[..., Said]) -> None:
    files, whole = tampered(), []
    assert len(files) >= 200
    for name, raw in files:
        said, (of_bytes, of_all) = check(raw), audited(raw)
        if of_all.code == 2:
            assert said.code == 2, (name, said.text)
            continue
        assert said.code != 2, (name, said.text)
        for mine, theirs, everything in zip(said.lines, of_bytes.lines, of_all.lines, strict=True):
            assert theirs <= mine <= everything, (name, said.text, of_all)
        assert said.code >= of_bytes.code, (name, said.text)
        whole += [] if said.code else [name.partition("-")[0]]
    blind = {"cut_and_mend", "drop_and_mend", "edit_and_mend", "garble"}
    assert set(whole) <= blind, "only where everything was made good again is a checkpoint needed"


def test_it_agrees_with_audit_on_what_a_checkpoint_betrays(check: Callable[..., Said]) -> None:
    """Where everything was made good again, and where the file is from before the checkpoint, or after."""
    (rows, other), seen = sorted((c for raw in HISTORIES.values() for c in cases_of(raw)), key=len)[:2], set()
    orders = [row for row in rows if row["what"] == "order"]
    heads = {rows[0]["case"]: Head(version=rows[0]["lines"], digest=rows[0]["digest"])}
    for seed, way in enumerate((cut_and_mend, drop_and_mend, edit_and_mend, lambda _hands: None)):
        hands = Hands(Random(seed), copy.deepcopy(rows), other)
        way(hands)
        before = orders[len(orders) // 2]
        half = Head(version=before["first"] + before["count"] - 1, digest=before["digest"])
        for kept in (heads, {rows[0]["case"]: half}, {"elsewhere": half}):
            written = write_checkpoint(Checkpoint(cases=kept), "2026-11-23T01:00:00+00:00")
            said, (of_bytes, of_all) = check(file_of(hands.rows), written), audited(file_of(hands.rows), written)
            assert of_bytes.lines[0] <= said.lines[0] <= of_all.lines[0], said.text
            assert said.code == of_bytes.code, said.text
            seen.add((way.__name__, said.code))
    assert {(way.__name__, 1) for way in (cut_and_mend, drop_and_mend, edit_and_mend)} < seen
    assert ("<lambda>", 0) in seen
    assert ("<lambda>", 1) not in seen


# -- by itself

OLDEST = (3, 9)
PYTHONS = {
    "this": sys.executable,
    "3.9": next(map(str, Path.home().glob(".pyenv/versions/3.9*/bin/python3.9")), None) or shutil.which("python3.9"),
}
"""This one, and the oldest it is written for, where there is one."""


def alone(python: str, *words: str, folder: Path) -> tuple[int, str]:
    """Run it without packages, without our folder, without a locale."""
    (folder / VERIFIER.name).write_bytes(VERIFIER.read_bytes())
    command = [python, "-I", "-S", VERIFIER.name, *words]
    ran = subprocess.run(command, cwd=folder, env={"LC_ALL": "C"}, capture_output=True, timeout=60, check=False)
    assert not ran.stderr, ran.stderr.decode()
    return ran.returncode, ran.stdout.decode()


@pytest.mark.parametrize("name", PYTHONS)
def test_it_runs_alone_on_an_interpreter_that_has_no_packages(name: str, tmp_path: Path) -> None:
    python = PYTHONS[name]
    if python is None or subprocess.run([python, "-V"], capture_output=True, check=False).returncode:
        pytest.skip(f"no Python {name} here")
    raw = HISTORIES["fast_track_2026"]
    heads = {rows[0]["case"]: Head(version=rows[0]["lines"], digest=rows[0]["digest"]) for rows in cases_of(raw)[:1]}
    (tmp_path / "whole.jsonl").write_bytes(b"".join(file_of(rows) for rows in cases_of(raw)[:1]))
    (tmp_path / "edited.jsonl").write_bytes(raw.replace(b'"first":6,', b'"first":7,', 1))
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "heads.json").write_bytes(write_checkpoint(Checkpoint(cases=heads), "2026-11-23T01:00:00+00:00"))
    code, said = alone(python, "whole.jsonl", "heads.json", folder=tmp_path)
    assert code == 0, said
    assert "0处问题" in said
    code, said = alone(python, "edited.jsonl", folder=tmp_path)
    assert code == 1, said
    assert "案件 T1：" in said
    assert "  第6条：第5条之后是第7条，中间缺少记录" in said
    assert "也看不出整个文件是否重做过（要用存证点）" in said
    for words in (["binary"], ["whole.jsonl", "binary"], ["none"], ["."], [], ["whole.jsonl", "none"]):
        code, said = alone(python, *words, folder=tmp_path)
        assert (code, bool(said)) == (2, True), (words, said)


def test_it_is_short_and_written_for_python_3_9_and_imports_nothing_of_ours() -> None:
    source = VERIFIER.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 150
    tree = ast.parse(source, feature_version=OLDEST)
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


# -- hostile files

ROWS = [row for raw in HISTORIES.values() for row in raw.splitlines()[:40]]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.integers(10**18, 10**40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = sorted({name for row in ROWS for name in json.loads(row)})
EDITED = st.builds(
    lambda row, name, value: json.dumps(json.loads(row) | {name: value}).encode(),
    st.sampled_from(ROWS),
    st.sampled_from([*NAMES, "new"]),
    VALUES,
)
LINES = st.one_of(
    st.sampled_from(ROWS),
    EDITED,
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.binary(),
    st.sampled_from([b"[" * 200_000, b'{"what":"case","x":' * 50_000, b"9" * 10_000, b'{"what":"\\ud800"}', b"NaN"]),
)
WHOLE = HISTORIES["fast_track_2026"].splitlines()
ONE = [row for row in WHOLE if json.loads(row)["case"] == json.loads(WHOLE[0])["case"]]
"""The first case, with the words that go with it."""


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.lists(LINES, max_size=8), st.binary() | VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_file_and_no_checkpoint_make_it_stumble(check: Callable[..., Said], rows: list[bytes], heads: bytes) -> None:
    raw = b"\n".join(rows)
    assert check(raw).code in (0, 1, 2)
    assert check(raw, heads).code == 2
    assert check(heads).code == 2


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.text(), VALUES, VALUES)
def test_no_head_in_a_checkpoint_makes_it_stumble(
    check: Callable[..., Said], case: str, version: Any, digest: Any
) -> None:
    cases = {case: [version, digest], "T1": [version, digest], "": version}
    heads = {"format": "mediation-checkpoint/1", "made": "", "cases": cases}
    assert check(b"\n".join(ONE), json.dumps(heads).encode()).code in (1, 2)


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_not_one_byte_of_a_body_or_a_digest_changes_unseen(check: Callable[..., Said], data: st.DataObject) -> None:
    """Nor does another value in any column."""
    rows: list[Row] = list(map(json.loads, ONE))
    row = rows[data.draw(st.integers(0, len(rows) - 1))]
    name = data.draw(st.sampled_from(sorted(row)))
    was = row[name]
    row[name] = data.draw(st.just(was) | VALUES | st.text("0123456789abcdef", min_size=64, max_size=64))
    assert (check(file_of(rows)).code == 0) == (type(was) is type(row[name]) and was == row[name])
