"""The top of the console: options for every command, and what each kind of error ends with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import msgspec
from rich.console import Console

from mediation_engine.clock import Clock
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.machine import DeclarationFault
from mediation_engine.errors import (
    FileFault,
    FormFaults,
    MediationError,
    Refused,
    why,
)

from ..http.statuses import BROKEN, USAGE, outcome_of
from ..presenters.who_could import about
from . import accounts, cases, corrections, database, demo, import_cases, keys, record, serve, texts, tokens, workflow
from .cli_context import Desk
from .groups import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--db", metavar="地址", help="数据库文件或地址；默认取 MEDIATION_DB、config.toml，最后是 var/mediation.db"
)
@click.option("--config", metavar="文件", type=click.Path(path_type=Path), help="配置文件，默认 config.toml（若有）")
@click.pass_obj
def mediation(desk: Desk, db: str | None, config: Path | None) -> None:
    """五方会诊调解流程引擎：登记、推进、回放、校验调解案件。

    \b
    头一回用：mediation demo 看演示；mediation init 建数据库；mediation case new 登记案件。

    \b
    退出码：0 成功          1 校验发现问题    2 用法或填写有误  3 不予办理
            4 内容已有变化  5 没有找到        6 数据库、文件或配置有误
    """
    desk.db, desk.config = db, config


cases.case.add_command(corrections.correct)
cases.case.add_command(corrections.strike)
cases.case.add_command(corrections.corrections)
for command in (record.init, cases.case, record.replay, record.audit, record.checkpoint, record.export):
    mediation.add_command(command)
for command in (
    record.rebuild,
    database.db,
    accounts.account,
    import_cases.import_,
    workflow.workflow,
    demo.demo,
    serve.serve_,
    tokens.token,
    keys.key,
    texts.text,
):
    mediation.add_command(command)


def run(arguments: list[str], clock: Clock | None = None) -> int:
    """Run the program, by the clock that is given, else by the database's and the host's own; its exit code."""
    desk = Desk(clock=clock)
    try:
        outcome = mediation.main(arguments, prog_name="mediation", standalone_mode=False, obj=desk)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        click.echo("已中止。", err=True)
        return USAGE
    except click.ClickException as fault:
        fault.show()
        return USAGE
    except (MediationError, DeclarationFault) as fault:
        _tell(fault, desk.naming)
        return outcome_of(fault).exit
    except OSError as fault:
        _tell(FileFault(path=fault.filename or "", why=why(fault)), desk.naming)
        return BROKEN
    except msgspec.DecodeError:  # nothing but a stored line is read so
        click.echo("✗ 有一条记录无法读取，内容可能已被改动；请运行 mediation audit --all 查明是哪一条。", err=True)
        return BROKEN
    finally:
        desk.close()
    return outcome if isinstance(outcome, int) else 0


def _tell(fault: Exception, naming: Callable[[str], str]) -> None:
    screen = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if isinstance(fault, Refused):
        screen.print("不能办理：")
        for refusal in fault.refusals:
            basis = f"　依据：{refusal.basis}" if refusal.basis != POLICY else ""
            things = [key for key in refusal.about if key not in refusal.sentence]
            screen.print(f"  ✗ {refusal.sentence}{about(things, naming)}{basis}")
    elif isinstance(fault, FormFaults):
        screen.print("填写的内容有误：")
        for label, sentences in fault.faults.items():
            screen.print(f"  ✗ {label}：{'，'.join(sentences)}")
    else:
        screen.print(f"✗ {fault}")
