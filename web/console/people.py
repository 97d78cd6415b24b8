"""`mediation person …`: the register of people, as on its pages."""

from __future__ import annotations

import re
from typing import Any

import click

from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import fields_of
from mediation_engine.domain.masking import MASKED
from mediation_engine.domain.people import DETAILS, RegisterReason
from mediation_engine.domain.roles import MEDIATOR, Actor, Office
from mediation_engine.errors import FormFaults, OfficeNotHeld, PersonErased
from mediation_engine.input.command_schema import read_form
from mediation_engine.input.corrections import filled_of
from mediation_engine.input.person_details import checked, name_typed, others_typed
from mediation_engine.services.erasing import erase_person
from mediation_engine.services.people import Known

from ..presenters import person as shown
from . import output
from .cases import filled_in
from .cli_context import Desk, acting, as_json, desk
from .groups import Command, Group
from .param_types import Label
from .texts import erasing

NAMED, CALLED = "姓名", "曾用名"
"""What is set beside the details."""


@click.group("person", cls=Group)
def person() -> None:
    """名册：查找当事人，填写资料，看完整的号码（有记录），依法删除。"""


def _reader(desk: Desk, actor: str | None, office: Office | None) -> tuple[Actor, Office]:
    """Who looks, under an office that may. OfficeNotHeld."""
    who = desk.actor(actor)
    held = desk.office(who, office)
    if held not in MEDIATOR:
        raise OfficeNotHeld(actor=who.name, office="调解员或室主任")
    return who, held


def _id(desk: Desk, who: Actor, word: str) -> str:
    """The id of somebody by it or by the whole name. PersonNotFound; a usage error where several have the name."""
    found = [p for p in desk.register.find(who, word) if word in p.names]
    if len(found) > 1:
        raise click.UsageError(f"“{word}”有 {len(found)} 位，请写编号：{'、'.join(p.id for p in found)}")
    return found[0].id if found else word


@person.command("find", cls=Command)
@click.argument("words", metavar="字")
@acting
@as_json
@desk
def find(desk: Desk, words: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """查找：姓名里的几个字、拼音首字母，或者完整的电话、证件号码、信用代码。"""
    who, held = _reader(desk, actor, office)
    found = desk.register.find(who, words)
    desk.look_at_list(who, held, "people", len(found))
    if json_:
        desk.json([{"id": p.id, "name": p.name, "kind": p.kind.value, "version": p.version} for p in found])
        return
    table = output.grid("编号", "姓名或名称", "主体", "也叫")
    for p in found:
        table.add_row(p.id, p.name, p.kind.label, p.other_names or "")
    desk.out.print(table if found else "没有找到。电话和号码要写全。")


@person.command("show", cls=Command)
@click.argument("id", metavar="人")
@click.option("--whole", metavar="项", help=f"看完整的一项，如 {'、'.join(MASKED.values())}；会留下记录")
@click.option("--why", type=Label(RegisterReason), metavar="理由", help="为什么要看；室主任不必写")
@acting
@as_json
@desk
def show(
    desk: Desk,
    id: str,
    whole: str | None,
    why: RegisterReason | None,
    actor: str | None,
    office: Office | None,
    json_: bool,
) -> None:
    """显示一个人或单位（编号或全名）：资料（号码、电话、住址遮住）、他的案件、可能是同一人的登记。

    \b
    例：mediation person show 7K3M… --whole 电话 --why 联系当事人
    """
    who, held = _reader(desk, actor, office)
    known = desk.register.known(who, _id(desk, who, id))
    name = _field(known, whole) if whole else ""
    if name and why is None and held is not Office.LEAD:
        raise click.UsageError(f"请用 --why 写明为什么要看：{'、'.join(r.label for r in RegisterReason)}")
    desk.service.look_at_person(who.id, held, known.person, f"person {name}".strip(), why.code if why else "")
    rows = shown.rows(known.details, {name})
    if json_:
        desk.json(_as_json(known, rows))
        return
    _print(desk, known, rows)


def _field(known: Known, word: str) -> str:
    """The field that is called so, among those that are masked."""
    labels = {shown.label_of(known.person.kind, name): name for name in MASKED}
    if word not in labels or not word:
        raise click.UsageError(f"没有“{word}”这一项；可看的：{'、'.join(filter(None, labels))}")
    return labels[word]


def _as_json(known: Known, rows: list[shown.Row]) -> dict[str, Any]:
    return {
        "id": known.person.id,
        "version": known.person.version,
        "name": known.person.name,
        "other_names": known.person.other_names,
        "kind": known.person.kind.value,
        "details": {row.name: row.value for row in rows},
        "masked": [row.name for row in rows if row.is_masked],
        "erased": known.is_erased,
        "cases": [row.case for row in known.cases],
        "same": [p.id for p in known.same],
        "alike": [{"id": it.person.id, "why": it.why} for it in known.alike],
    }


def _print(desk: Desk, known: Known, rows: list[shown.Row]) -> None:
    it = known.person
    others = f"，也叫 {it.other_names}" if it.other_names else ""
    desk.out.print(f"{it.name}（{it.kind.label}，编号 {it.id}，第{it.version}版）{others}")
    if known.is_erased:
        desk.out.print("已依法删除，找不回来。")
    if not known.readable:
        desk.out.print("资料打不开：保密钥匙不是当时的那一把，或内容被改动过。")
    table = output.grid("项", "内容")
    for row in rows:
        table.add_row(row.label, row.value)
    if rows:
        desk.out.print(table)
    wanting = shown.wanting(it.kind, known.details)
    if wanting and not known.is_erased:
        desk.out.print(f"文书上还要：{'、'.join(wanting)}")
    for alike in known.alike:
        desk.out.print(f"可能是同一人：{alike.person.name}（{alike.person.id}，{alike.why}）")
    for same in known.same:
        desk.out.print(f"同一人的其他登记：{same.name}（{same.id}）")
    for case in known.cases:
        desk.out.print(f"案件：{case.number or '尚无案号'}（{case.case}）{'已结案' if case.closed else '在办'}")


@person.command("set", cls=Command)
@click.argument("id", metavar="人")
@click.option("--set", "filled", multiple=True, required=True, metavar="项=值", help="填一项，可重复；值空着就是删去")
@acting
@desk
def set_(desk: Desk, id: str, filled: tuple[str, ...], actor: str | None, office: Office | None) -> None:
    """填写或修改资料；没写的项照旧。可填的项见下例和 person show。

    \b
    例：mediation person set 王某 --set 证件号码=330784199003071238 --set 电话=13812345678 \\
          --set 性别=男 --set 民族=汉族 --set 职业=工人 --set 住址=永康市某村12号 --set 不识字=是
        mediation person set 某五金厂 --set 法定代表人=吕某 --set 住所=永康市某路8号
        mediation person set 7K3M… --set '电话=[{"号码": "13812345678", "哪个电话": "本人"}]' --set 曾用名=王小二
    """
    who, _ = _reader(desk, actor, office)
    known = desk.register.known(who, _id(desk, who, id))
    if known.is_erased:
        raise PersonErased
    given = filled_in(filled)
    party = known.person.kind
    kind, name, others = DETAILS[party], given.pop(NAMED, None), given.pop(CALLED, None)
    labels = {spec.label: spec.name for spec in fields_of(kind)}
    given = {name: _rows_of(kind, name, value) for name, value in given.items()}
    before = filled_of(known.details, {})
    wanted = read_form(kind, before | {labels.get(key, key): value for key, value in given.items()})
    found = checked(wanted, desk.service.today())
    if found.faults:
        raise FormFaults({_told(kind, place): [sentence] for place, sentence in found.faults.items()})
    made = desk.register.change(
        who,
        known.person.id,
        expects=known.person.version,
        name=None if name is None else name_typed(name, party),
        other_names=None if others is None else others_typed(others, party),
        details=found.details,
    )
    for place, sentence in found.warnings.items():
        click.echo(f"! {_told(kind, place)}：{sentence}", err=True)
    desk.out.print("没有改动。" if made == known.person else f"已保存，现在是第{made.version}版。")


def _rows_of(kind: type, name: str, typed: str) -> Any:
    """电话=13812345678、13912345678 as rows; what is written as rows already, or is none, as it is."""
    row = next((spec.row for spec in fields_of(kind) if name in (spec.name, spec.label)), None)
    if row is None or typed.lstrip()[:1] in ("", "[", "{"):
        return typed
    [column] = [spec.name for spec in fields_of(row) if spec.required]
    return [{column: part} for part in re.split(r"[、，,\s]+", typed.strip())]


def _told(kind: type, place: tuple[str, ...]) -> str:
    """A place in words: 电话第1行号码."""
    specs = {spec.name: spec for spec in fields_of(kind)}
    spec = specs[place[0]]
    if len(place) == 1 or spec.row is None:
        return spec.label
    column = {it.name: it.label for it in fields_of(spec.row)}[place[2]]
    return f"{spec.label}第{int(place[1]) + 1}行{column}"


@person.command("same", cls=Command)
@click.argument("one", metavar="编号")
@click.argument("other", metavar="另一编号")
@click.option("--not", "apart", is_flag=True, help="收回：不是同一人")
@acting
@desk
def same(desk: Desk, one: str, other: str, apart: bool, actor: str | None, office: Office | None) -> None:
    """说明两个编号是同一人；各案里的记录不变，在名册里一起看。"""
    who, _ = _reader(desk, actor, office)
    desk.register.say_same(who, one, other, stands=not apart)
    desk.out.print("已记下：不是同一人。" if apart else "已记下：是同一人。")


@person.command("erase", cls=Command)
@click.argument("id", metavar="人")
@erasing
@acting
@desk
def erase(
    desk: Desk, id: str, reason: str, basis: str, ground: ErasureGround, actor: str | None, office: Office | None
) -> None:
    """依法删除一个人的资料：姓名、号码、电话、住址、他的钥匙和只属于他的材料都找不回来。由室主任办理，他不能还有在办案件。

    \b
    例：mediation person erase 7K3M… --reason 本人申请，纠纷已了结 --basis 个人信息保护法第47条 --as wang
    """
    who, _ = _reader(desk, actor, office)
    people, why = desk.register, {"basis": basis, "reason": reason}
    person = _id(desk, who, id)
    cases = [row.case for row in people.known(who, person).cases]
    _, files = erase_person(desk.service, people, who, person, ground=ground, **why)
    with desk.service.store.write() as unit:
        for path in shown.forms(person, cases):
            unit.drafts.end_at(path)
    with_files = f"，连同只属于他的材料{files}件" if files else ""
    desk.out.print(f"已依法删除{with_files}。旧备份里还有他的资料：恢复时会照存证点再删一遍，过期的备份请销毁。")
