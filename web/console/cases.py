"""`mediation case …`: register, list, show, advance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from mediation_engine.decisions import options as looking
from mediation_engine.decisions.closing import missing
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.command import Command as Ordered
from mediation_engine.domain.fields import Text, fields_of
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.machine import T
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import CommandIdReused, PersonTaken
from mediation_engine.ids import new_case_id, new_id, system_randomness
from mediation_engine.input.command_schema import Names, read_form
from mediation_engine.input.new_people import Newcomers, bytes_from, party
from mediation_engine.ports.register import Person
from mediation_engine.ports.views import Wanted
from mediation_engine.record.disclosure import LookReason
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.mediation import Preview
from workflows.facts import facts_of

from ..presenters.capacities import SELF, likely
from ..presenters.case_list import mediator_of
from ..presenters.dossier import places_lacking
from ..presenters.preview import told_difference
from ..presenters.same_names import called, open_cases_with
from . import output
from .cli_context import Desk, Keys, acting, as_json, codes_of, desk, steps_named
from .groups import Command, Group
from .param_types import Id, Number, When

ELSEWHERE = {
    "deadlines": ("deadlines:deadlines", "列出一件案的期限：哪天到期、依据什么、从哪件事起算、过期以后怎样。"),
    "batch": ("batch:batch", "一次付给许多人的，按银行的结果表记：哪些成功，哪些退汇、为什么。"),
    "correct": ("corrections:correct", "更正一步：--set 写要改的项，--at 写要改的时间，没写的照旧。"),
    "corrections": (
        "corrections:corrections",
        "列出本组织和下级各案的更正和误录：哪一步、谁、什么时候、为什么，最近的在前。",
    ),
    "handover": ("handover:handover", "把一位同事承办的未结案件全部移交给另一位，逐件办理，逐件报告。"),
    "roster": (
        "roster:roster",
        "登记花名册（Excel 或 CSV）：一人一行，有一处错就一行也不录，每处错写明第几行、哪一列。",
    ),
    "sign": (
        "signing:sign",
        "按签名册一次记录许多人签了协议：还没有签的个人都算签了，除了 --except 写明的；单位、群体另外记录。",
    ),
    "strike": ("corrections:strike", "误录：这一步没有发生过。原来的记录保留，但从此不算。"),
}


@click.group("case", cls=Group, elsewhere=ELSEWHERE)
def case() -> None:
    """登记和办理案件。"""


def giving(command: Any) -> Any:
    """Options of every order, whatever is filled in."""
    options = (
        click.option("--command-id", type=Id(), metavar="编号", help="操作编号；同一编号重复提交只生效一次"),
        click.option("--preview", is_flag=True, help="只看会发生什么，不写入"),
    )
    for option in options:
        command = option(command)
    return acting(as_json(command))


def ordering(command: Any) -> Any:
    """Options of every order that fills something in."""
    options = (
        click.option(
            "--at", type=When(), metavar="时间", help="发生时间，如 2026-11-23、2026-11；不写就是现在，.. 为不详"
        ),
        click.option(
            "--set",
            "filled",
            multiple=True,
            metavar="项=值",
            help="填写一项，可重复；有哪些项见 mediation workflow form",
        ),
    )
    for option in options:
        command = option(command)
    return giving(command)


@case.command("new", cls=Command)
@click.option(
    "--applicant", multiple=True, required=True, metavar="姓名", help="申请人，可重复；单位和群体在名称后写明，见上例"
)
@click.option("--respondent", multiple=True, metavar="姓名", help="被申请人，写法相同，可重复")
@click.option("--id", "case_id", type=Id(), metavar="编号", help="案件编号；不写自动产生")
@click.option(
    "--workflow", default="fast_track", show_default=True, metavar="流程", help="按哪个流程；不写版本就用当天适用的"
)
@ordering
@desk
def new(
    desk: Desk,
    /,
    applicant: tuple[str, ...],
    respondent: tuple[str, ...],
    case_id: str | None,
    workflow: str,
    **given: Any,
) -> None:
    """登记一件新案。

    \b
    例：mediation case new --applicant 王某 --respondent 某五金厂:单位 \\
          --set 调解程序=人民调解 --set 纠纷类型=拖欠劳动报酬 --set 简要情况=欠两个月工资
    一群人写明人数：--applicant 包装车间工人:一群人:12；人数不清楚就写 包装车间工人:一群人。
    """
    rules = desk.service.catalogue.to_open(workflow, desk.service.today())
    command_id = given["command_id"] or new_id(system_randomness, 16)
    # Everything made up for an order comes from its id: given again, it is the same order.
    organisation = desk.actor(given["actor"]).organisation
    randomness = bytes_from(organisation, command_id)
    opened = case_id or new_case_id(randomness)
    people, rows = [], []
    for side, names in (("申请人", applicant), ("被申请人", respondent)):
        for name in names:
            person, count = party(side, name, randomness)
            people.append(person)
            rows.append({"person": person.id, "side": side, "kind": person.kind.value, "count": count})
    command = read_form(
        rules.opening,
        {"organisation": organisation}
        | _with_codes(rules.opening, filled_in(given["filled"]), codes_of(rules, ()))
        | {"named": rows},
    )
    _tell_of_alike(desk, called(people), given, but=opened)
    give_order(desk, command, opened, people=people, workflow=rules, **given | {"command_id": command_id})


@case.command("again", cls=Command)
@click.argument("before", metavar="案件")
@click.option("--id", "case_id", type=Id(), metavar="编号", help="新案的编号；不写自动产生")
@ordering
@desk
def again(desk: Desk, /, before: str, case_id: str | None, **given: Any) -> None:
    """再起纠纷：照已结案件的当事人登记一件新案，以前的案子由系统记下。

    同一项义务没有履行的不用另立案：在那项义务上“记录违约”，原案恢复履行监督。

    \b
    例：mediation case again 7K3M --set 简要情况=又欠一个月工资
    """
    view = read_case(desk, desk.case_id(before), given["actor"], given["office"], "again")
    if view.case.facts.closed is None:
        raise click.UsageError("这件案件还没有结案：新的争议请加到本案的争议事项里，不必另立案")
    facts, command_id = facts_of(view.case), given["command_id"] or new_id(system_randomness, 16)
    rules = desk.service.catalogue.to_open(
        view.workflow.family if view.workflow else view.case.workflow, desk.service.today()
    )
    opened = case_id or new_case_id(bytes_from(desk.actor(given["actor"]).organisation, command_id))
    rows = [
        {"person": of.person, "side": of.side.code, "kind": of.kind.value, "count": of.count}
        for of in facts.parties.values()
    ]
    fixed = {"organisation": desk.actor(given["actor"]).organisation, "named": rows, "predecessor": view.case.id}
    usual = {"track": facts.track} | ({"dispute": facts.dispute} if facts.dispute else {})
    typed = _with_codes(rules.opening, filled_in(given["filled"]), codes_of(rules, ()))
    names = {spec.label: spec.name for spec in fields_of(rules.opening)}
    said = {names.get(key, key): value for key, value in typed.items()}
    command = read_form(rules.opening, usual | said | fixed)
    give_order(desk, command, opened, workflow=rules, **given | {"command_id": command_id})


def _tell_of_alike(desk: Desk, names: Mapping[str, bool], given: dict[str, Any], *, but: str) -> None:
    """Open cases with the same names, before another is opened: whether it is the same matter a person has to say."""
    who = desk.actor(given["actor"])
    same = open_cases_with(desk.service.store, desk.service.catalogue, names, who.organisation, but=but)
    for it in same:
        words = (
            f"! 未结的案件里也有{it.names}：{it.number}（{it.case}）{it.parties}，{it.standing}；同一件事请不要再登记"
        )
        click.echo(words, err=True)
    if same:
        desk.look_at_list(who, desk.office(who, given["office"]), "same", len(same))


def _with_codes(kind: type, filled: dict[str, Any], codes: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is kept as a code may be called by its label."""
    own = {name: codes[spec.name] for spec in fields_of(kind) if spec.name in codes for name in (spec.name, spec.label)}
    return {name: own[name].get(value, value) if name in own else value for name, value in filled.items()}


@case.command("list", cls=Command)
@click.option("--most", type=Number(1, 10_000), default=50, show_default=True, metavar="件数", help="最多列出多少件")
@click.option("--after", default="", metavar="编号", help="从这个案件编号之后接着列")
@click.option("--mediator", metavar="人员", help="只列由谁承办的；写 - 列还没有承办调解员的")
@acting
@as_json
@desk
def list_(
    desk: Desk, most: int, after: str, mediator: str | None, actor: str | None, office: Office | None, json_: bool
) -> None:
    """列出案件；当事人的姓名只列给写明了身份的人（--as），并留下查阅记录。"""
    who = desk.actor(actor) if desk.is_known(actor) else None
    with desk.service.store.read() as unit:
        own = reach(unit.register, who.organisation) if who else None
        wanted = Wanted(organisations=own, mediator=mediator_of(mediator and desk.staff(mediator)))
        rows = unit.views.search(wanted, after=after, most=most)
        staff = {a.id: a.name for a in unit.register.actors()}
    if json_:
        desk.json(rows)
        return
    if not rows:
        desk.out.print("后面没有案件了。" if after else "还没有案件。用 mediation case new 登记一件。")
        return
    names = _names(desk, [row.case for row in rows], desk.office(who, office), who) if who else {}
    desk.out.print(output.case_rows(rows, desk.service.catalogue.workflows, names, staff))
    if len(rows) == most:
        desk.out.print(f"已列出 {most} 件；接着列：mediation case list --after {rows[-1].case}")


def _names(desk: Desk, cases: list[str], office: Office, who: Actor) -> dict[str, str]:
    """Who is a party to some cases, for somebody who says who he is; the look is put on record."""
    views = desk.service.outlines(cases, office, who)
    desk.look_at_list(who, office, "list", len(cases))
    return {view.case.id: heading(view.parties) for view in views}


@case.command("show", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def show_(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """显示一件案件现在的情况。"""
    view = read_case(desk, case_id, actor, office, "show")
    found = view.case
    if json_:
        states = {key: instance.state for key, instance in found.instances.items()}
        told = {"case": found.id, "version": found.version, "phase": found.phase, "states": states}
        desk.json(told | {"facts": found.facts})
        return
    desk.out.print(output.one_case(view))


def read_case(desk: Desk, case_id: str, actor: str | None, office: Office | None, what: str) -> CaseView:
    """A view of the case for the office it is read under; the look is put on record."""
    found = desk.case_id(case_id)
    reader = desk.actor(actor)
    held = desk.office(reader, office)
    view = desk.service.view(found, held, reader)
    desk.look(reader, held, view.case, what)
    return view


@case.command("history", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def history(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """显示一件案件的全部经过。"""
    view = read_case(desk, case_id, actor, office, "history")
    if json_:
        desk.json([it.line for it in view.lines])
        return
    desk.out.print(output.timeline(view.lines, view.teller))


@case.command("reason", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("reason", metavar="理由")
@acting
@desk
def reason_(desk: Desk, case_id: str, reason: str, actor: str | None, office: Office | None) -> None:
    """说明理由，查看由别人承办的案件里私下说的话和底线；理由记入查阅记录，当天有效。

    \b
    例：mediation case reason 7K3M 替承办人接待或办理 --as sun
    """
    given = LookReason.named(reason)
    if given is None:
        raise click.UsageError(f"理由应是其中一个：{'、'.join(it.label for it in LookReason)}")
    who = desk.actor(actor)
    found = desk.service.case(desk.case_id(case_id))
    desk.service.give_reason(who.id, desk.office(who, office), found, given)
    desk.out.print("理由已记入查阅记录，今天看得到本案私下说的话和底线。")


@case.command("available", cls=Command)
@click.argument("case_id", metavar="案件")
@click.option("--on", metavar="事项", help="只看一项，如 协议1；不写则看全部")
@acting
@as_json
@desk
def available(desk: Desk, case_id: str, on: str | None, actor: str | None, office: Office | None, json_: bool) -> None:
    """列出现在可以办理的步骤，以及其余步骤为何不能办理。"""
    view = read_case(desk, case_id, actor, office, "available")
    thing, rules = desk.key_of(view)(on) if on else None, desk.service.catalogue.in_force(view.case.rules)
    shown = looking.available(
        rules, view.case, view.office, view.today, on=thing, every=thing is None, by=view.access.by
    )
    if json_:
        rows = [
            {
                "command": o.command.name(),
                "label": o.command.label,
                "on": o.key,
                "allowed": o.allowed,
                "refusals": [asdict(r) for r in o.refusals],
            }
            for o in shown.options
        ]
        desk.json(rows)
        return
    desk.out.print(output.options(shown.options, view.teller, view.office))


@case.command("missing", cls=Command)
@click.argument("case_id", metavar="案件")
@acting
@as_json
@desk
def missing_(desk: Desk, case_id: str, actor: str | None, office: Office | None, json_: bool) -> None:
    """这件案离结案还差什么：每项最短的办法，下一步由谁，还缺什么。"""
    view = read_case(desk, case_id, actor, office, "missing")
    rules = desk.service.catalogue.in_force(view.case.rules)
    needs = missing(rules, view.case, view.today)
    if json_:
        desk.json([asdict(need) for need in needs])
        return
    desk.out.print(output.needs(needs, view.teller))
    for wait in rules.waits(view.case):
        desk.out.print(output.waiting(wait, rules, view.teller))
    if lacks := places_lacking(view):
        desk.out.print(f"案卷里还缺：{'、'.join(lacks)}；见 mediation dossier show {view.case.id}")


@case.command("do", cls=Command)
@click.argument("case_id", metavar="案件")
@click.argument("step", metavar="步骤")
@click.option(
    "--on", multiple=True, metavar="事项", help="针对哪一项，如 协议1、王某（他的那一项），可重复；新的一项不写"
)
@click.option("--expect", multiple=True, metavar="事项=版本", help="您所见的版本；已变化就不办理，可重复")
@click.option(
    "--waive", multiple=True, metavar="前提=理由", help="室主任变通本室规定（不能变通法律）：前提写其中几个字"
)
@click.option(
    "--capacity",
    metavar="身份",
    help="当事人的步骤由谁办理：本人，或代理人的姓名、代理与代表1；不写就是唯一有权办的那位，没有就是本人",
)
@ordering
@desk
def do(
    desk: Desk,
    /,
    case_id: str,
    step: str,
    on: tuple[str, ...],
    capacity: str | None,
    expect: tuple[str, ...],
    waive: tuple[str, ...],
    **given: Any,
) -> None:
    """办理一个步骤。

    能办理哪些步骤见 mediation case available，要填哪些项见 mediation workflow form。

    \b
    例：mediation case do 7K3M 记录会议 --at 2026-11-20 --set 结果=有待继续调解
        mediation case do 7K3M 告知权利义务 --on 王某 --on 某五金厂
        mediation case do 7K3M 记录谈妥 --set '协议条款=[{"内容": "月底前付清", "种类": "付款", "金额": "1.2万"}]'
    """
    view = named_in(desk, case_id, given)
    workflow = desk.service.catalogue.in_force(view.case.rules)
    [(_, kind)] = steps_named([workflow], step)
    given["command_id"] = given["command_id"] or new_id(system_randomness, 16)
    key, newcomers = desk.key_of(view), Newcomers(bytes_from(view.case.id, given["command_id"]))
    codes = codes_of(workflow, desk.service.catalogue.roles)
    filled, roles = _with_codes(kind, filled_in(given["filled"]), codes), codes["role"]
    unknown = [v for k, v in filled.items() if k in ("role", "代表哪一方") and v not in roles.values()]
    if unknown:
        raise click.UsageError(f"没有“{unknown[0]}”这个角色，请写其中一个：{'、'.join(roles)}")
    command = read_form(
        kind, filled, Names(key=key, person=newcomers.enter, staff=desk.staff, today=desk.service.today())
    )
    things = tuple(_thing(view, workflow, kind, key, word) for word in on)
    expects = {key(word): version for word, version in _versions(expect).items()}
    given |= {"expects": expects, "waives": _waivers(workflow, waive)}
    given["capacity"] = likely(workflow, view, kind, things) if capacity is None else capacity_named(key, capacity)
    give_order(desk, command, view.case.id, on=things, people=newcomers.of_kind(command), **given)


def named_in(desk: Desk, case_id: str, given: Mapping[str, Any]) -> CaseView:
    """A case for the names alone: as it stood when the order was given, where the same is given again."""
    view, id = desk.service.view(desk.case_id(case_id), Office.AUDITOR), given["command_id"]
    return view.when_given(desk.actor(given["actor"]).organisation, id) if id else view


def _thing(view: CaseView, workflow: Workflow, kind: type[Ordered], key: Keys, word: str) -> str:
    """What a step is on: by its own name, or by the party whose it is, 确认协议 --on 王某."""
    machine = workflow.machine_for(kind, view.case)
    named = key(word, machine.name if machine else "", "party")
    if machine is None or machine_of(named) != "party" or machine.name == "party":
        return named
    sources = {r.source for r in machine.rows if isinstance(r, T) and r.command is kind and r.source is not None}
    own = [k for k in view.case.of(machine.name) if view.case.facts.acts_for(k) == named]
    open_to = [k for k in own if view.case.is_in(k, *sources)]
    if len(open_to) > 1:
        raise click.UsageError(f"“{word}”有几项，请写明：{'、'.join(map(view.teller.numbered, open_to))}")
    return open_to[0] if open_to else named


def capacity_named(key: Keys, named: str) -> str:
    """A capacity by name or number; empty for the party itself."""
    return "" if named == SELF else key(named, "capacity")


def _waivers(workflow: Workflow, pairs: tuple[str, ...]) -> dict[str, Text]:
    """--waive 前提=理由 …: a rule of policy named by some words of its sentence, and the reason."""
    policy = workflow.policy_sentences
    waivers: dict[str, Text] = {}
    for pair in pairs:
        words, _, reason = pair.partition("=")
        codes = [code for code, sentence in policy.items() if words and (words == code or words in sentence)]
        if len(codes) != 1 or not reason.strip():
            known = "；".join(policy.values())
            raise click.UsageError(f"“{pair}”应写成 前提=理由，前提写下列一条中的几个字，只对得上一条：{known}")
        waivers[codes[0]] = Text(reason.strip())
    return waivers


def filled_in(pairs: tuple[str, ...]) -> dict[str, Any]:
    """--set 项=值 …"""
    filled: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"“{pair}”应写成 项=值")
        if name.strip() in filled:
            raise click.UsageError(f"“{name.strip()}”填写了两次")
        filled[name.strip()] = value
    return filled


def _versions(pairs: tuple[str, ...]) -> dict[str, int]:
    versions = {}
    for pair in pairs:
        key, _, version = pair.partition("=")
        if not version.isdecimal():
            raise click.UsageError(f"“{pair}”应写成 事项=版本，如 agreement/1=12")
        versions[key] = int(version)
    return versions


def give_order(
    desk: Desk,
    command: Ordered,
    case_id: str,
    *,
    actor: str | None,
    office: Office | None,
    command_id: str,
    preview: bool,
    json_: bool,
    at: Occurred | None = None,
    filled: tuple[str, ...] = (),
    people: list[Person] | None = None,
    workflow: Workflow | None = None,
    **given: Any,
) -> None:
    """Give the order, or look at what it would do, and print the lines."""
    person = desk.actor(actor)
    held = desk.office(person, office)
    order = Order(
        id=command_id,
        case=case_id,
        command=command,
        actor=person.id,
        office=held,
        occurred=at,
        workflow=workflow.name if workflow else "",
        **given,
    )
    if workflow is None:
        desk.naming = lambda key: desk.service.view(case_id, held, person).teller.thing(key)
    if preview:
        _print_preview(desk, order, desk.service.preview(order, people or ()), json_)
        return
    try:
        receipt = desk.service.submit(order, people or ())
    except PersonTaken as taken:  # its id comes from the order's: the order was given before, with another name
        raise CommandIdReused(command_id=command_id) from taken
    if json_:
        answer = {"case": receipt.case, "first": receipt.first, "last": receipt.last, "lines": receipt.lines}
        desk.json(answer)
        return
    desk.out.print(f"已记下，案件 {receipt.case}，第{_range(receipt.first, receipt.last)}条：")
    view = desk.service.view_of_receipt(receipt, held, person)
    desk.out.print(output.timeline(view.lines, view.teller))


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}—{last}"


def _print_preview(desk: Desk, order: Order, preview: Preview, json_: bool) -> None:
    if preview.refused is not None:
        raise preview.refused
    if json_:
        desk.json(preview.lines)
        return
    assert preview.view is not None
    desk.out.print("预览，尚未写入：")
    desk.out.print(output.timeline(preview.view.lines, preview.view.teller))
    if differs := told_difference(order, preview):
        desk.out.print("与现在的内容比较：")
        desk.out.print(output.differences(differs))
