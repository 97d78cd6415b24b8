"""`mediation db …`: upgrade, check, backup, restore."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import click
from rich.table import Column, Table
from rich.text import Text

from mediation_engine.adapters.blobs.carrying import Carried, beside_backup, carry
from mediation_engine.adapters.sql import prepare, shown
from mediation_engine.adapters.sql.backup import Held, back_up
from mediation_engine.adapters.sql.checks import Check, checks
from mediation_engine.adapters.sql.files import beside, digest_file
from mediation_engine.adapters.sql.last_backup import LastBackup, note
from mediation_engine.adapters.sql.restore import Restored, exhibits_in, restore
from mediation_engine.audit import Standing
from mediation_engine.domain.files import size_words
from mediation_engine.domain.formatting import CHINA, moment_words
from mediation_engine.errors import MediationError, StoreNotReady, StoreUnavailable, why

from ..security.room_key_file import is_printed
from . import output
from .cli_context import Desk, as_json, desk
from .groups import Command, Group
from .texts import read_erasures

MOST_TOLD = 20
"""More cases than this are counted, not named."""


@click.group("db", cls=Group)
def db() -> None:
    """照看数据库：升级、检查、备份、恢复。"""


@db.command("upgrade", cls=Command)
@desk
def upgrade_(desk: Desk) -> None:
    """新建数据库，或把它的结构升到最新。

    要么全部升完，要么原样不动，中途断电也一样；已有的记录一个字节也不改。升级前请先备份。
    """
    before, after = prepare(desk.url, desk.catalogue)
    if before is None:
        desk.out.print(f"已新建数据库 {shown(desk.url)}，结构版本 {after}。登记人员请运行 mediation init。")
    elif before == after:
        desk.out.print(f"数据库结构已是最新（{after}），没有改动。")
    else:
        desk.out.print(f"数据库结构已从 {before} 升到 {after}：原有记录未动，列表、待办和日程已由记录重建。")


@db.command("check", cls=Command)
@click.option("--quick", is_flag=True, help="不逐条校验记录，只看其余各项")
@as_json
@desk
def check(desk: Desk, quick: bool, json_: bool) -> int:
    """检查数据库靠不靠得住，逐项列出；有不对的以 1 退出。"""
    found = list(checks(desk.url, desk.now(), *(() if quick else (desk.catalogue, desk.shelf()))))
    with suppress(StoreNotReady, StoreUnavailable):  # that is told above
        found.append(_key_check(desk))
    wrong = sum(not c.sound for c in found)
    if json_:
        desk.json([asdict(c) for c in found])
    else:
        desk.out.print(_table(found))
        verdict = f"✗ {wrong} 项不对" if wrong else "一切正常"
        desk.out.print(f"{shown(desk.url)}：{verdict}{'（没有逐条校验记录）' if quick else ''}。")
    return int(wrong > 0)


def _key_check(desk: Desk) -> Check:
    """Whether the room's key opens what is encrypted, people are found, and a paper copy of the key was made."""
    key, what = desk.room_key, "保密钥匙"
    if key is None:
        with desk.service.store.read() as unit:
            kept = len(unit.register.keyed_people())
        lost = f"不在，{kept} 人的资料打不开：请放回钥匙文件，或用打印件恢复（mediation key enter）"
        return Check(what=what, sound=not kept, words=lost if kept else "还没有产生（mediation key make）")
    wrong = list(desk.register.faults())
    told = "；".join(f"{id} {why}" for id, why in wrong[:MOST_TOLD])
    if wrong:
        return Check(
            what=what, sound=False, words=f"{len(wrong)} 人的资料不对：{told}。查不到的可用 mediation rebuild 重建"
        )
    printed = "有打印件" if is_printed(desk.settings.room_key) else "还没有打印过，请运行 mediation key print"
    return Check(what=what, sound=True, words=f"编号 {key.fingerprint}，资料都打得开；{printed}")


def _table(found: list[Check]) -> Table:
    table = Table.grid(Column(no_wrap=True), Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for one in found:
        table.add_row(output.YES if one.sound else output.NO, one.what, one.words)
    return table


@db.command("backup", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option(
    "--checkpoint", "away", type=click.Path(path_type=Path), metavar="文件", help="存证点写到这里；不写则在备份旁边"
)
@desk
def backup(desk: Desk, file: Path, away: Path | None) -> int:
    """备份到一个文件和旁边的目录 exhibits（材料）；写的是目录，就在其中按时间命名（存证点也一样）。

    不必停下别人的工作：备份的是开始那一刻的全部内容。旁边另有校验码文件（.sha256），要与备份放在一起；
    存证点（.checkpoint.json）请存到别处，恢复时用来核对是不是最新的备份。不会覆盖已有的文件。
    """
    begun = desk.now()
    path = file / f"mediation-{begun.astimezone(CHINA):%Y%m%d-%H%M%S}.db" if file.is_dir() else file
    heads_at = beside((away or path.parent) / path.name, ".checkpoint.json")[0] if not away or away.is_dir() else away
    try:
        with desk.exhibits.held():  # nothing is swept between the database, which comes first, and the files
            held = back_up(desk.url, path, heads_at, desk.clock, desk.key, desk.catalogue)
            carried = carry(exhibits_in(path), desk.exhibits, beside_backup(path))
    except (MediationError, OSError) as fault:
        words = why(fault) if isinstance(fault, OSError) else str(fault)
        note(desk.url, LastBackup(at=begun, file=str(path.absolute()), failed=words))
        raise
    note(desk.url, LastBackup(at=begun, file=str(path.absolute()), newest=held.newest))
    desk.out.print(f"已备份并核对：{path}，{_size(held)}，是 {moment_words(begun)} 的内容。")
    desk.out.print(f"校验码：{digest_file(path)}，请与备份放在一起。")
    desk.out.print(f"存证点：{heads_at}，请存到别处（另一台电脑、打印件或上级单位）。")
    desk.out.print("备份内含姓名和陈述原文，请妥善保管，并存一份到另一台电脑或移动硬盘。")
    _say_carried(desk, carried, path)
    if held.unguarded:
        desk.out.print(Text("数据库只增不改的保护不完好，备份也一样；恢复到新库时会重新建立。", "yellow"))
    return int(bool(carried.damaged))


def _say_carried(desk: Desk, carried: Carried, path: Path) -> None:
    if carried.count:
        where = beside_backup(path).path
        words = f"材料：{carried.count} 件，{size_words(carried.size)}，在 {where}"
        desk.out.print(f"{words}，要与备份放在一起；各份备份共用，已有的不重抄。")
    _say_damaged(desk, carried)


def _say_damaged(desk: Desk, carried: Carried) -> None:
    if carried.damaged:
        desk.out.print(Text(f"✗ 有 {len(carried.damaged)} 件材料的文件取不出来：", "red"))
    for row, fault in carried.damaged[:MOST_TOLD]:
        desk.out.print(f"    案件 {row.case}　编号 {row.id[:8]}：{fault}")


def _size(held: Held) -> str:
    return f"{len(held.stands.cases)} 件案件，{held.lines} 条记录"


@db.command("restore", cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option(
    "--checkpoint", "heads_at", type=click.Path(path_type=Path), metavar="文件", help="与存在别处的存证点核对新旧"
)
@click.option("--public", metavar="公钥", help="用这个公钥核对存证点的签名；不写则用本机的签名密钥")
@click.option(
    "--erasures",
    "erased_at",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="照这份清单再删一遍已依法删除的文字和当事人（mediation text erasures）；存证点里记着的不用另给",
)
@click.option("--without-digest", is_flag=True, help="校验码文件已丢失，仍要恢复；须校验无一处问题")
@desk
def restore_(
    desk: Desk, file: Path, heads_at: Path | None, public: str | None, erased_at: Path | None, without_digest: bool
) -> int:
    """把备份恢复到空的或还没有的数据库，并全部校验。

    数据库里已有内容就不恢复；备份已损坏或被改动过也不恢复。要么全部恢复，要么一条也没有，中途断电也一样。
    备份来自旧版本的，恢复后升到最新。恢复到哪里由 --db 或配置决定，可以是另一种数据库。
    """
    begun = time.monotonic()
    stood = desk.checkpoint(heads_at, public) if heads_at else None
    texts, people = read_erasures(erased_at) if erased_at else ([], [])
    brought: list[Carried] = []
    found = restore(
        file,
        desk.url,
        desk.catalogue,
        stood,
        erased=texts,
        people=people,
        with_digest=not without_digest,
        bring=lambda rows: brought.append(carry(rows, beside_backup(file), desk.exhibits)),
        look=desk.shelf().look_at,
        clock=desk.clock,
    )
    desk.out.print(f"已恢复到 {shown(desk.url)}：{_size(found.held)}，用时 {time.monotonic() - begun:.1f} 秒。")
    for carried in brought:
        _say_brought(desk, carried)
    _say_verified(desk, found)
    _say_newest(desk, found, stood is not None)
    if stood is not None and stood.standing is not Standing.OURS:
        desk.out.print(Text(f"这份存证点{stood.standing.label}。", "yellow"))
    _say_erased(desk, found)
    return int(not found.is_sound)


def _say_brought(desk: Desk, carried: Carried) -> None:
    if carried.count:
        words = f"材料：{carried.count} 件，{size_words(carried.size)}，已放到 {desk.exhibits.path}。"
        desk.out.print(words)
    _say_damaged(desk, carried)
    if carried.count and desk.room_key is None:
        words = "没有保密钥匙，材料打不开：请放回原来的钥匙文件，或用纸面备份恢复（mediation key enter）。"
        desk.out.print(Text(words, "yellow"))


def _say_erased(desk: Desk, found: Restored) -> None:
    if found.erased_again:
        desk.out.print(
            Text(f"备份以后依法删除的 {len(found.erased_again)} 段文字或材料已再次删去，请由室主任补上记录：", "yellow")
        )
        for case, ids in groupby(found.erased_again, key=itemgetter(0)):
            desk.out.print(f"    mediation text erase {case} {' '.join(id for _, id in ids)} --reason … --basis …")
    if found.people_erased_again:
        told = f"备份以后依法删除的 {len(found.people_erased_again)} 名当事人的资料已再次删去，请由室主任补上记录："
        desk.out.print(Text(told, "yellow"))
        for id in found.people_erased_again:
            desk.out.print(f"    mediation person erase {id} --reason … --basis …")


def _say_verified(desk: Desk, found: Restored) -> None:
    """What was compared; and faults that came with the backup."""
    if found.beside:
        desk.out.print(Text("✗ 备份时就有不经程序改动过的名册、人员或查阅记录：", "red"))
        output.findings_beside(desk.out, found.beside)
    if not found.findings:
        desk.out.print("已校验：与备份逐字节相同，记录前后衔接，文字、列表与记录相符，每一步合乎规则。")
        return
    desk.out.print(Text(f"✗ 与备份逐字节相同，但备份时就有 {len(found.findings)} 件案件的记录有问题：", "red"))
    output.findings(desk.out, found.findings)
    desk.out.print("内容已照原样恢复，以便查明；列表不符的可用 mediation rebuild 重建。")


def _say_newest(desk: Desk, found: Restored, compared: bool) -> None:
    """How much may be lost."""
    newest = found.held.newest
    if newest:
        desk.out.print(f"最新一条记录于 {moment_words(newest)}；此后办理的都不在这份备份里，请对照纸面材料补录。")
    if found.chains_behind:
        names = "、".join(chain.label for chain in found.chains_behind)
        desk.out.print(Text(f"✗ 与存证点相比，{names}缺最后若干笔改动，请对照补录。", "red"))
    if found.behind:
        _say_behind(desk, found)
    elif found.chains_behind:
        desk.out.print("案件的记录与存证点核对，一条不缺。")
    elif compared:
        desk.out.print("已与存证点核对：存证时有的，一条不缺。")
    else:
        desk.out.print(
            "没有与存证点核对，不能断定这是最新的备份；若有存证点，可运行 mediation audit --all --checkpoint。"
        )


def _say_behind(desk: Desk, found: Restored) -> None:
    lost = sum(b.known - b.there for b in found.behind)
    desk.out.print(Text(f"✗ 这是一份旧备份：与存证点相比，{len(found.behind)} 件案件共缺 {lost} 条：", "red"))
    for one in found.behind[:MOST_TOLD]:
        there = f"备份只到第{one.there}条" if one.there else "备份中没有此案"
        desk.out.print(f"    案件 {one.case}　存证时有{one.known}条，{there}，缺 {one.known - one.there} 条")
    if len(found.behind) > MOST_TOLD:
        desk.out.print(f"    ……另有 {len(found.behind) - MOST_TOLD} 件")
    desk.out.print("备份里有的已全部恢复。请先找更新的备份，恢复到另一个空库；确实没有，再用这一份，并补录所缺。")
