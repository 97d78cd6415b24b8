"""docs/record.md says what the bytes are: its example is made anew from the page, its tables are those of the code."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import hmac
import io
import json
import re
import runpy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mediation_engine.domain.line import Correction, Defect
from mediation_engine.domain.recorded_order import RecordedLine, RecordedOrder
from mediation_engine.export.case_file import FORMAT, VERIFIER, read_cases, write_case
from mediation_engine.export.checkpoint import CHECKPOINT_FORMAT
from mediation_engine.record.codec import canonical, decode_order, encode_order

pytestmark = pytest.mark.quick

PAGE = (Path(__file__).parents[3] / "docs/record.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w*\n(.*?)\n```$", PAGE.partition("## An example")[2], re.DOTALL | re.MULTILINE)
BODIES, DIGESTS, (WORDS, SALT, PLACE, REFERENCE) = BLOCKS[0:4:2], BLOCKS[1:4:2], BLOCKS[4].splitlines()
EXPORT, CHECKPOINT = BLOCKS[5], BLOCKS[6]


def test_the_digests_follow_from_the_bodies() -> None:
    before = bytes(32)
    for body, digest in zip(BODIES, DIGESTS, strict=True):
        before = hashlib.sha256(before + body.encode()).digest()
        assert before.hex() == digest


def test_the_bodies_are_canonical_and_the_program_writes_them_so() -> None:
    for body in BODIES:
        plain = json.dumps(json.loads(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert body == plain
        assert encode_order(decode_order(body.encode())) == body.encode()


def test_every_character_is_written_as_the_page_says() -> None:
    value = {chr(n): chr(n) for n in (*range(0x300), 0x2028, 0xFEFF, 0xFFFF, 0x1F600)} | {"n": [10**30, -1, None, True]}
    assert canonical(value).decode() == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_the_reference_follows_from_words_salt_and_place() -> None:
    order = json.loads(BODIES[1])
    key = hashlib.sha256(f"{order['organisation']}\n{order['id']}\n{PLACE}".encode()).hexdigest()[:32]
    digest = hmac.new(bytes.fromhex(SALT), WORDS.encode(), "sha256").hexdigest()
    assert f"text:{key}:party/1:{digest}" == REFERENCE == order["given"][PLACE]


def test_the_file_holds_just_this_and_the_program_reads_it() -> None:
    rows = [json.loads(line) for line in EXPORT.splitlines()]
    orders = [row for row in rows if row["what"] == "order"]
    assert [base64.b64decode(row["body"]).decode() for row in orders] == BODIES
    assert [row["digest"] for row in orders] == DIGESTS
    assert rows[0]["format"] == FORMAT
    (file,) = read_cases(EXPORT.encode().splitlines(), "page")
    assert b"\n".join(write_case(file)).decode() == EXPORT


def test_the_verifier_finds_it_whole(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "point").write_text(CHECKPOINT, encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = runpy.run_path(str(VERIFIER))["main"]([str(tmp_path / "file"), str(tmp_path / "point")])
    assert code == 0, said.getvalue()
    assert "文字核对1段" in said.getvalue()
    assert "存证点核对第3条" in said.getvalue()
    assert json.loads(CHECKPOINT)["format"] == CHECKPOINT_FORMAT


def defaults_of(kind: type) -> dict[str, Any]:
    """Each field and what is left out; `...` where nothing is."""
    if issubclass(kind, msgspec.Struct):
        fields: Any = msgspec.structs.fields(kind)
        none: Any = msgspec.NODEFAULT
    else:
        fields, none = dataclasses.fields(kind), dataclasses.MISSING
    found = {}
    for field in fields:
        made = field.default_factory() if field.default_factory is not none else ...
        found[field.name] = made if field.default is none else field.default
    return {name: it if it is ... else json.loads(canonical(it)) for name, it in found.items()}


KINDS = {"ORDER": RecordedOrder, "LINE": RecordedLine, "DEFECT": Defect, "CORRECTION": Correction}


@pytest.mark.parametrize("name", KINDS)
def test_page_and_verifier_know_every_field_and_what_is_left_out(name: str) -> None:
    known, fields = runpy.run_path(str(VERIFIER)), defaults_of(KINDS[name])
    assert known[name].keys() == fields.keys() <= set(re.findall(r"`(\w+)`", PAGE))
    left_out = {field: it for field, it in fields.items() if it is not ... and field != "given"}
    assert left_out == {field: it for field, it in known["DEFAULTS"].items() if field in left_out}
    assert not {field for field, it in fields.items() if it is ...} & known["DEFAULTS"].keys()
