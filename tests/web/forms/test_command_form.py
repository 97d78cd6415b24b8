"""Every command of both workflows as a form: it renders, and what it posts is read back as the same command."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum
from html import unescape
from random import Random
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import JOINT, FieldSpec, fields_of
from mediation_engine.domain.formatting import capital_words
from mediation_engine.errors import FormFaults
from mediation_engine.record.disclosure import readers_of
from web.forms.command_form import PREFIX, Sheet, Typed
from web.forms.form_fields import Known
from web.pages.steps import pages
from web.wiring import catalogue
from workflows.facts import MediationFacts
from workflows.parts.agreement import AbandonAgreement, ReachAgreement
from workflows.parts.party import JoinCase
from workflows.parts.session import RecordSession

from ...support.filling import fill

pytestmark = pytest.mark.quick

COMMANDS = {f"{w.name} {c}": kind for w in catalogue().workflows.values() for c, kind in w.commands.items()}
MACHINES = {m for w in catalogue().workflows.values() for m in w.machines}
CASE = Case("A1", version=1, counts=dict.fromkeys(MACHINES, 3), facts=MediationFacts())
FORM = """{% import "parts/steps.html" as steps %}{% for a in sheet.fields %}{{ steps.field(a) }}{% endfor %}"""


def things(spec: FieldSpec) -> list[tuple[str, str]]:
    return [(key, f"名{key}") for key in CASE.of(spec.machine)]


def codes(spec: FieldSpec) -> list[tuple[str, str]]:
    found = {
        "track": ["people_mediation", "labour_mediation"],
        "role": ["justice", "department", "mentor", "host"],
        "organisation": ["room", "other"],
        "text_hash": ["0" * 64],
    }
    return [(code, f"名{code}") for code in found.get(spec.name, [])]


KNOWN = Known(
    things=things, codes=codes, people=(("worker", "王某"), ("firm", "某五金厂")), staff=(("li", "李"), ("wang", "王"))
)


def typed_for(value: Any, place: str = PREFIX) -> Typed:
    """A command as somebody would type it."""
    typed: Typed = MultiDict()
    for spec in fields_of(type(value)):
        held, name = getattr(value, spec.name), place + spec.name
        if spec.kind == "rows":
            typed[name] = str(len(held))
            for n, row in enumerate(held):
                typed.update(typed_for(row, f"{name}.{n}."))
        else:
            typed.setlist(name, said(spec, held))
    return typed


def in_order(value: Any) -> Any:
    """The same with what was ticked in the order of the page, something ticked where it must be, and without rows in
    which nothing is written."""
    ticked = {s: tuple(sorted(getattr(value, s.name))) for s in fields_of(type(value)) if s.kind == "refs"}
    refs = {s.name: keys or (("party/1",) if s.required else ()) for s, keys in ticked.items()}
    rows = {s.name: map(in_order, getattr(value, s.name)) for s in fields_of(type(value)) if s.row}
    return replace(value, **refs, **{name: tuple(filter(says_something, own)) for name, own in rows.items()})


def says_something(row: Any) -> bool:
    return any(getattr(row, spec.name) for spec in fields_of(type(row)))


def said(spec: FieldSpec, held: Any) -> list[str]:
    if held in (None, False, ()):
        return []
    if spec.kind == "money":
        return [f"{held // 100}.{held % 100:02d}"]
    if spec.kind == "refs":
        return list(held)
    return ["是"] if held is True else [str(held.value if isinstance(held, Enum) else held)]


def posted(html: str) -> Typed:
    """What a browser would post of the controls on a page, nothing touched."""
    typed: Typed = MultiDict()
    for found in re.finditer(r"<(input)([^>]*)>|<(select|textarea)([^>]*)>\n?(.*?)</\3>", html, re.S):
        kind, written, inner = found[1] or found[3], found[2] or found[4] or "", found[5] or ""
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', written))
        name, value = attributes.get("name"), unescape(attributes.get("value", ""))
        if kind == "input" and attributes.get("type") in ("checkbox", "radio") and " checked" not in written:
            continue
        if kind == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', inner) or re.search(
                r'<option value="([^"]*)"', inner
            )
            value = unescape(chosen[1]) if chosen else ""
        if kind == "textarea":
            value = unescape(inner)
        if name:
            typed.add(name, value)
    return typed


@pytest.fixture(scope="module")
def paper() -> Flask:
    """Templates alone, without anything behind them."""
    found = Flask("web")
    found.register_blueprint(pages)
    return found


def page(paper: Flask, sheet: Sheet) -> str:
    with paper.test_request_context():
        return render_template_string(FORM, sheet=sheet)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_a_form_shows_and_posts_is_the_command_it_was_filled_in_with(paper: Flask, name: str) -> None:
    kind = COMMANDS[name]
    for seed in range(3):
        wanted = in_order(fill(kind, CASE, None, Random(seed)))
        html = page(paper, Sheet.of(kind, typed_for(wanted), KNOWN))
        read = Sheet.of(kind, posted(html), KNOWN).read(lambda name: f"id of {name}")
        assert read == wanted


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_field_of_a_fresh_form_has_its_label_its_help_and_its_readers_where_not_all_in_the_case(
    paper: Flask, name: str
) -> None:
    sheet = Sheet.of(COMMANDS[name], MultiDict(), KNOWN).begun()
    html = page(paper, sheet)
    for asked in sheet.fields:
        assert asked.spec.label in html
        assert f'name="{asked.name}"' in html or f'name="{asked.name}.new"' in html
        assert asked.spec.help in unescape(html)
        readers = readers_of(asked.spec.disclosure, asked.readers) if asked.spec.kind == "text" else ""
        assert (readers in asked.notes) is bool(readers and asked.spec.disclosure != JOINT)
        assert all(unescape(html).count(note) for note in asked.notes)
    assert not re.search(r" style=| on\w+=|disabled", html)


@pytest.mark.parametrize(("written", "told"), [(400, []), (401, ["已写401个字，最多500个字"])])
def test_how_long_a_text_may_be_is_said_once_it_is_nearly_full(written: int, told: list[str]) -> None:
    [note] = [asked for asked in read(AbandonAgreement, reason="长" * written).fields if asked.spec.name == "reason"]
    assert note.notes == told


def read(kind: type[Command], **typed: str) -> Sheet:
    return Sheet.of(kind, MultiDict({PREFIX + k.replace("__", "."): v for k, v in typed.items()}), KNOWN)


def refused(sheet: Sheet) -> Sheet:
    """The sheet with what is wrong on it."""
    with pytest.raises(FormFaults) as fault:
        sheet.read(str)
    return sheet.with_faults(fault.value.faults)


def test_faults_stand_beside_their_fields_in_rows_too_and_what_was_typed_is_kept(paper: Flask) -> None:
    typed = {"terms": "3", "terms__2__words": "付清", "terms__2__amount": "一万", "amount": "1.234", "words": "谈妥了"}
    sheet = refused(read(ReachAgreement, **typed))
    assert [place for place, _, _ in sheet.summary()] == ["f.terms.2.amount", "f.amount"]
    html = page(paper, sheet)
    assert "“一万”不是金额" in html
    assert 'value="一万"' in html
    assert "谈妥了" in html


def test_rows_left_as_they_were_do_not_count() -> None:
    sheet = read(RecordSession, attendance="2", attendance__0__presence="present", result="settled", guests="1")
    made = sheet.read(str)
    assert isinstance(made, RecordSession)
    assert (made.attendance, made.guests) == ((), ())


def test_another_row_keeps_what_was_typed() -> None:
    sheet = read(ReachAgreement, terms="1", terms__0__words="付清").with_row("f.terms")
    table = next(a for a in sheet.fields if a.spec.name == "terms")
    assert [row[0].value for row in table.rows] == ["付清", ""]


def test_somebody_known_is_chosen_and_somebody_new_is_entered() -> None:
    chosen = read(JoinCase, person="worker", side="applicant").read(lambda name: f"id of {name}")
    new = read(JoinCase, person__new="张三", side="applicant").read(lambda name: f"id of {name}")
    assert [getattr(c, "person", "") for c in (chosen, new)] == ["worker", "id of 张三"]


def test_both_at_once_are_refused_beside_the_field() -> None:
    sheet = refused(read(JoinCase, person="worker", person__new="张三", side="applicant"))
    assert "只留一样" in sheet.faults["f.person"][0]


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (712_000_000, "柒佰壹拾贰万元整"),
        (1_000, "壹拾元整"),
        (10_000_500, "壹拾万零伍元整"),
        (100_050_000, "壹佰万零伍佰元整"),
        (2_000_000_001, "贰仟万元零壹分"),
        (5, "伍分"),
        (0, "零元整"),
        (10**13, "壹仟亿元整"),
    ],
)
def test_sums_are_written_as_on_cheques(fen: int, words: str) -> None:
    assert capital_words(fen) == f"人民币{words}"
