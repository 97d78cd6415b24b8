"""The top of the console: options for every command, and what each kind of error ends with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .groups import Group

if TYPE_CHECKING:  # whoever asks for help waits for none of it
    from mediation_engine.clock import Clock

    from .cli_context import Desk

COMMANDS = {
    "access": ("access:access", "链接：请没有账号的人办一件事（如请网格员走访一次），列出、撤销。"),
    "account": ("accounts:account", "网页的账号：发一次性密码、解锁、重设动态口令、停用。"),
    "application": ("applications:application", "申请：列出还没有登记的调解申请，最迟哪天答复。"),
    "audit": ("record:audit", "校验记录：是否完整未被改动，每一步是否合乎当时的规则。"),
    "calendar": ("calendar:calendar", "工作日历：看哪天休息、哪天上班，算期限到哪天，导入放假通知。"),
    "case": ("cases:case", "登记和办理案件。"),
    "checkpoint": ("record:checkpoint", "存证：写下每件案件、名册和查阅记录的末条校验码并签名。"),
    "db": ("database:db", "照看数据库：升级、检查、备份、恢复。"),
    "demo": (
        "demo:demo",
        "用公开报道的真实案例和一间虚构的调解室演示：总表、经过、回放、还差什么、工作台、校验。",
    ),
    "dossier": ("dossiers:dossier", "一件案的案卷：列出里面有什么、缺什么，做成整卷 PDF，导出电子卷。"),
    "exhibit": ("exhibits:exhibit", "案件的材料：收存、列出、取出、清理。"),
    "export": ("record:export", "导出一件案件的原始记录，旁边放一个核对程序 verify.py。"),
    "figures": ("figures:figures", "数说战果：一个期间的各项数字，每个数字算什么、背后是哪些案件。"),
    "import": ("import_cases:import_", "录入公开报道的案例（JSON），各按报道的次序办理。"),
    "init": ("record:init", "建立或升级数据库，登记调解组织和人员。"),
    "key": ("keys:key", "密钥：给存证点签名的，和加密证件号码、电话、材料的保密钥匙。"),
    "organisation": ("organisation:organisation", "组织名录：导出成表（Excel 或 CSV），改好了再收回来。"),
    "ledger": ("ledger:ledger", "台账：本室自己的台账（Excel 或 CSV），一行一件案件，先检查，再录入。"),
    "message": ("messages:message", "消息：谁用什么方式接收，没有发到的列出、重发；今天要打的电话。"),
    "paper": ("papers:paper", "一件案的文书：列出能做哪些，做成 PDF、Word 或网页。"),
    "person": ("people:person", "名册：查找当事人，填写资料，看完整的号码（有记录），依法删除。"),
    "rebuild": ("record:rebuild", "由记录重建案件列表、待办和日程。"),
    "replay": ("record:replay", "回放案件到某一条：当时各项状态，谁能做什么，其余为何不能。"),
    "self-check": ("self_check:self_check", "自查：哪里不合规、依据什么、怎样改；一件案或全部案件，确有理由的说明。"),
    "serve": ("serve:serve_", "打开网页，供浏览器办案。"),
    "text": ("texts:text", "案件里的文字：列出编号，依法删除。"),
    "token": ("tokens:token", "管理接口令牌：其他程序凭令牌经 /api/v1 查看和办理案件。"),
    "worker": ("worker:worker", "自动办理：到期的提醒承办人，该发的消息发出去。"),
    "workflow": ("workflow:workflow", "查看、检查、绘制调解流程。"),
}
"""Where each command is declared and what it is for: the beginning of what the command says of itself."""


@click.group(
    cls=Group, elsewhere=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--db", metavar="地址", help="数据库文件或地址；默认取 MEDIATION_DB、config.toml，最后是 var/mediation.db"
)
@click.option("--config", metavar="文件", type=click.Path(path_type=Path), help="配置文件，默认 config.toml（若有）")
@click.pass_context
def mediation(context: click.Context, db: str | None, config: Path | None) -> None:
    """五方会诊调解流程引擎：登记、推进、回放、校验调解案件。

    \b
    头一回用：mediation demo 看演示；mediation init 建数据库；mediation case new 登记案件。

    \b
    退出码：0 成功          1 校验发现问题    2 用法或填写有误  3 不予办理
            4 内容已有变化  5 没有找到        6 数据库、文件或配置有误
    """
    context.obj = context.obj(db, config)


def run(arguments: list[str], clock: Clock | None = None) -> int:
    """Run the program, by the clock that is given, else by the database's and the host's own; its exit code."""
    desks: list[Desk] = []

    def lay(db: str | None, config: Path | None) -> Desk:
        from .cli_context import Desk

        desks.append(Desk(clock=clock, db=db, config=config))
        return desks[0]

    try:
        outcome = mediation.main(arguments, prog_name="mediation", standalone_mode=False, obj=lay)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except Exception as fault:
        from .endings import told

        return told(fault, desks[0].naming if desks else str)
    finally:
        for desk in desks:
            desk.close()
    return outcome if isinstance(outcome, int) else 0
