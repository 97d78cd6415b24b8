"""Commands on the record as a whole: init, replay, audit, checkpoint, export, rebuild."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.text import Text

from mediation_engine.adapters.blobs.carrying import beside_backup
from mediation_engine.adapters.files import write_whole
from mediation_engine.adapters.sql.files import is_database
from mediation_engine.adapters.sql.restore import audit_backup
from mediation_engine.audit import Checkpoint, Finding, Standing, audit_against
from mediation_engine.decisions.options import steps
from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.roles import Actor, Office, offices_of
from mediation_engine.errors import CaseNotFound, ExhibitDamaged, FileFault, why
from mediation_engine.export.case_file import (
    VERIFIER,
    folder_beside,
    look_beside,
    read_cases,
    readable,
    write_case,
)
from mediation_engine.export.checkpoint import write_checkpoint
from mediation_engine.record.journal import Chain
from mediation_engine.services import maintenance
from mediation_engine.services.case_view import CaseView

from .. import wiring
from ..presenters.replay import end_of
from ..security.room_key_file import make_room_key
from ..security.signing_key import make_key
from . import accounts, output
from .cli_context import Desk, acting, as_json, desk
from .groups import Command
from .param_types import Whole

SAMPLE_STAFF = (
    ("li", "李调解", Office.MEDIATOR),
    ("wang", "王主任", Office.LEAD),
    ("chen", "陈核查", Office.AUDITOR),
)
"""Staff entered where the settings name none, so that one can begin."""


@click.command("init", cls=Command)
@desk
def init(desk: Desk) -> None:
    """建立或升级数据库，登记调解组织和人员。"""
    organisation, staff = desk.settings.organisation, desk.settings.staff
    if not staff:
        staff = tuple(
            Actor(id=i, name=n, organisation=organisation.id, offices=frozenset({o})) for i, n, o in SAMPLE_STAFF
        )
    wiring.set_up(desk.url, organisation, staff, desk.clock)
    desk.out.print(f"数据库已就绪：{desk.place}")
    names = "、".join(f"{a.name}（{a.id}，{'、'.join(o.label for o in Office if o in a.offices)}）" for a in staff)
    desk.out.print(f"{organisation.name}：{names}")
    _first_passwords(desk, staff)
    if desk.key is None:
        make_key(desk.settings.key)
        desk.out.print(f"存证点的签名密钥：{desk.settings.key}，请另存一份；公钥见 mediation key public。")
    if desk.room_key is None:
        make_room_key(desk.settings.room_key)
        desk.out.print(
            f"保密钥匙：{desk.settings.room_key}，证件号码、电话和材料用它加密；请打印一份锁好：mediation key print。"
        )
    if not desk.settings.staff:
        desk.out.print("以上是示例人员；请按 config.example.toml 写好 config.toml 后再运行一次 mediation init。")


def _first_passwords(desk: Desk, staff: tuple[Actor, ...]) -> None:
    """One for everybody who has no account yet: shown once, good for one sign-in."""
    with desk.service.store.read() as unit:
        new = [a for a in staff if offices_of(a) and unit.accounts.account(a.id) is None]
    for actor in new:
        desk.out.print(f"网页的一次性密码，只显示这一次，24小时内有效：{actor.id}　{accounts.give(desk, actor)}")


@click.command("replay", cls=Command)
@click.argument("case_id", metavar="案件")
@click.option("--at", "at", type=Whole(), metavar="条数", help="回放到第几条；不写则到最后")
@acting
@as_json
@desk
def replay(desk: Desk, case_id: str, at: int | None, actor: str | None, office: Office | None, json_: bool) -> None:
    """回放案件到某一条：当时各项状态，谁能做什么，其余为何不能。"""
    found = desk.case_id(case_id)
    reader = desk.actor(actor)
    view = desk.service.view(found, desk.office(reader, office), reader)
    version = view.case.version
    last = version if at is None else at
    if not 1 <= last <= version:
        raise click.UsageError(f"该案共{version}条，--at 应在1到{version}之间")
    desk.look(reader, view.office, view.case, f"replay {last}")
    case, workflow = view.at(last), view.workflow
    it = view.lines[last - 1]
    line = it.line
    doing = steps(workflow, case, line.recorded) if workflow else {}
    if json_:
        states = {key: instance.state for key, instance in case.instances.items()}
        can = {
            o.value: [
                {"command": x.command.name(), "on": x.key, "refusals": [asdict(r) for r in x.refusals]} for x in found
            ]
            for o, found in doing.items()
        }
        desk.json({"case": case.id, "version": last, "recorded": line.recorded, "states": states, "offices": can})
        return
    teller = view.teller
    desk.out.print(f"回放 {case.id}：第{last}条 / 共{version}条，记录于 {moment_words(line.recorded)}")
    desk.out.print(output.timeline([it], teller))
    end = end_of(view.lines, last)
    if end > last:
        desk.out.print(Text(f"这一条与到第{end}条为止的各条是同一次办理，中间不会停下。", "yellow"))
    desk.out.print(output.one_case(replace(view, case=case)))
    if doing:
        desk.out.print(output.who_can(doing, teller))
    else:
        again = "请重新安装再看：pip install -e . 或 make .venv/installed"
        desk.out.print(f"没有安装流程 {case.workflow}，不能推知当时谁能办理什么；{again}。")


@click.command("audit", cls=Command)
@click.argument("case_id", required=False, metavar="[案件]")
@click.option("--all", "all_", is_flag=True, help="校验全部案件")
@click.option("--file", "file", type=click.Path(path_type=Path), metavar="文件", help="校验导出的文件或备份")
@click.option("--checkpoint", "checkpoint_", type=click.Path(path_type=Path), metavar="文件", help="与另存的存证点核对")
@click.option("--public", metavar="公钥", help="用这个公钥核对存证点的签名；不写则用本机的签名密钥")
@as_json
@desk
def audit(
    desk: Desk,
    case_id: str | None,
    all_: bool,
    file: Path | None,
    checkpoint_: Path | None,
    public: str | None,
    json_: bool,
) -> int:
    """校验记录：是否完整未被改动，每一步是否合乎当时的规则；--all 连名册、人员、账号、令牌、查阅记录一起。

    截去末尾、整体改写或换回旧备份，须与另处保存的存证点核对才能发现。
    """
    if sum((case_id is not None, all_, file is not None)) != 1:
        raise click.UsageError("请指明一个案件、--all 或 --file 文件 三者之一")
    stood = desk.checkpoint(checkpoint_, public) if checkpoint_ else None
    results, beside = _audited(desk, case_id, file, stood)
    if json_:
        rows = [asdict(f) | {"known": f.known} for _, found in (*results, *beside) for f in found]
        desk.json(rows)
        return int(any(not row["known"] for row in rows))
    counted, faults, marked = output.findings(desk.out, results)
    faults += output.findings_beside(desk.out, beside)
    sound = "全部记录完整" if marked else "全部完整合规"
    verdict = sound if not faults else f"发现 {faults} 处问题"
    against = "，已与存证点核对" if stood is not None else ""
    desk.out.print(f"校验 {counted} 件：{verdict}；已注明瑕疵 {marked} 处{against}。")
    if stood is not None:
        desk.out.print(Text(f"这份存证点{stood.standing.label}。", "" if stood.standing is Standing.OURS else "yellow"))
    return int(faults > 0)


def _audited(
    desk: Desk, case_id: str | None, file: Path | None, stood: Checkpoint | None
) -> tuple[Iterable[tuple[str, list[Finding]]], Iterable[tuple[Chain, list[Finding]]]]:
    """(case, findings), and (chain, findings) where a whole database is looked at."""
    if file is not None and is_database(file):
        return audit_backup(file, desk.catalogue, stood, desk.shelf(beside_backup(file)).look_at)
    if file is not None:
        files = read_cases(_bytes(file).splitlines(), str(file), look_beside(file))
        own = {c.case for c in files}
        known = {case: head for case, head in stood.cases.items() if case in own} if stood else None
        return audit_against(files, desk.catalogue, known), ()
    store, heads = desk.service.store, stood.cases if stood else None
    cases, look = None if case_id is None else [_case_named(desk, case_id)], desk.shelf().look_at
    results = maintenance.audit_store(store, desk.service.catalogue, cases, heads, look)
    return results, () if cases else maintenance.audit_chains(store, stood.chains if stood else None)


def _case_named(desk: Desk, words: str) -> str:
    """The case's id; one that has vanished from the list is still known by its lines."""
    with desk.service.store.read() as unit:
        ids = unit.views.find_case(words) or [c for c in unit.record.cases() if c == words]
    if len(ids) > 1:
        raise click.UsageError(f"“{words}”对应多个案件：{'、'.join(ids)}")
    if not ids:
        raise CaseNotFound(case=words)
    return ids[0]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FileFault(path=path, why=why(fault)) from fault


@click.command("checkpoint", cls=Command)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="文件", help="存到文件；不写则输出到屏幕")
@desk
def checkpoint(desk: Desk, out: Path | None) -> None:
    """存证：写下每件案件、名册和查阅记录的末条校验码并签名，请保存到数据库以外、他人改不到的地方。"""
    now, stands = maintenance.checkpoint(desk.service.store, catalogue=desk.service.catalogue)
    key = desk.key
    content = write_checkpoint(stands, now.isoformat(), key)
    if out is None:
        click.echo(content.decode())
        return
    _write(out, content)
    desk.out.print(f"已存证 {len(stands.cases)} 件：{out}。请把它存到别处（另一台电脑、打印件或上级单位）。")
    if key is None:
        desk.out.print(Text("没有签名：请先运行 mediation key make，再存证一次。", "yellow"))


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as fault:
        raise FileFault(path=path, why=f"写不进去（{why(fault)}）") from fault


@click.command("export", cls=Command)
@click.argument("case_id", required=False, metavar="[案件]")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="文件或目录", help="存到哪里；不写则输出到屏幕")
@click.option("--verifier", is_flag=True, help="不导出案件，只要核对程序 verify.py")
@acting
@desk
def export(
    desk: Desk, case_id: str | None, out: Path | None, verifier: bool, actor: str | None, office: Office | None
) -> None:
    """导出一件案件的原始记录，旁边放一个核对程序 verify.py。

    没有本系统的人用 Python 就能核对：python3 verify.py 文件 [存证点]；有本系统的用 audit --file，还能校验是否合乎规则。
    导出人的职务无权查看的陈述不随文件导出，不影响校验。
    """
    if (case_id is None) != verifier:
        raise click.UsageError("请指明一个案件，或只用 --verifier")
    if case_id is None:
        _hand_out_verifier(desk, out)
        return
    found = desk.service.case(desk.case_id(case_id))
    reader = desk.actor(actor)
    held = desk.office(reader, office)
    view = desk.service.view_of_record(found.id, held, reader)
    view.check_whole()
    desk.service.look(reader.id, held, found, "export")
    opens = {it.id for ref in view.case.facts.files().values() if (it := FileHeld.read(ref))} if out else set()
    file = maintenance.case_file(desk.service.store, found.id, desk.shelf().look_at if out else maintenance.unseen)
    released = readable(file, view.access, opens)
    content = b"\n".join(write_case(released)) + b"\n"
    if out is None:
        click.echo(content.decode(), nl=False)
        return
    out = out / f"{re.sub(r'[^0-9A-Za-z_-]', '_', found.id)}.jsonl" if out.is_dir() else out
    _write(out, content)
    taken, damaged = _write_exhibits(desk, reader, view, opens, out)
    held_back = sum(released.texts[key] != text for key, text in file.texts.items())
    said = f"；{held_back} 段陈述{held.label}无权查看，没有导出" if held_back else ""
    desk.out.print(f"已导出 {found.id}，{found.version} 条：{out}（内含陈述原文，请妥善保管{said}）")
    if taken:
        desk.out.print(f"材料 {taken} 件，未加密，在 {folder_beside(out)}，与导出的文件放在一起才能核对。")
    for words in damaged:
        desk.out.print(Text(f"✗ {words}", "red"))
    apart = len(file.exhibits) - len(opens)
    if apart:
        desk.out.print(f"另有 {apart} 件材料{held.label}无权查看或已不作数，没有导出。")
    _hand_out_verifier(desk, out.parent, out.name)


def _write_exhibits(
    desk: Desk, reader: Actor, view: CaseView, opens: Collection[str], out: Path
) -> tuple[int, list[str]]:
    """Write the exhibits that may be opened beside an exported file, each a look on record; how many, and what is wrong
    with others."""
    if not opens:
        return 0, []
    service, folder, damaged = desk.exhibit_service, folder_beside(out), []
    folder.mkdir(parents=True, exist_ok=True)
    for id in sorted(opens):
        try:
            key, held, content = service.content(view, id)
            desk.look(reader, view.office, view.case, f"exhibit {key}")
            _write(folder / f"{id}.{held.ending}", content)
        except ExhibitDamaged as fault:
            damaged.append(f"编号 {id[:8]} 的{fault}")
    return len(opens) - len(damaged), damaged


def _hand_out_verifier(desk: Desk, out: Path | None, file: str = "文件") -> None:
    """Print it, or write it to a file or into a directory; nothing else that is there is overwritten."""
    program = VERIFIER.read_bytes()
    if out is None:
        click.echo(program.decode(), nl=False)
        return
    path = out / VERIFIER.name if out.is_dir() else out
    if path.exists() and _bytes(path) != program:
        desk.out.print(f"没有放核对程序：{path} 已有另一个文件。要放，请先把它移开，再用 export --verifier。")
        return
    _write(path, program)
    desk.out.print(f"核对程序：{path}，用法：python3 {VERIFIER.name} {file} [存证点]")


@click.command("rebuild", cls=Command)
@desk
def rebuild(desk: Desk) -> None:
    """由记录重建案件列表、待办和日程；由名册重建按号码、电话的查找。"""
    service = desk.service
    changed = maintenance.rebuild(service.store, service.catalogue)
    found = desk.register.find_again() if desk.room_key else 0
    if found:
        desk.out.print(f"有 {found} 人按号码、电话查不到，已重建。")
    if changed:
        desk.out.print(f"已重建，{len(changed)} 件有出入并已改正：{'、'.join(changed[:20])}")
    else:
        desk.out.print("已重建，与原有数据完全一致。")
