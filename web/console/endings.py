"""What the console says of a fault, and the exit code it ends with."""

from __future__ import annotations

from collections.abc import Callable

import click
import msgspec
from rich.console import Console

from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.machine import DeclarationFault
from mediation_engine.errors import FileFault, FormFaults, MediationError, NoticeUnfit, Refused, why

from ..http.statuses import BROKEN, USAGE, outcome_of
from ..presenters.who_could import about


def told(fault: Exception, naming: Callable[[str], str]) -> int:
    """Say what happened; the exit code. `naming` is how a refusal calls the things it is about. What is a fault of the
    program itself goes on."""
    if isinstance(fault, click.Abort):
        click.echo("已中止。", err=True)
        return USAGE
    if isinstance(fault, click.ClickException):
        fault.show()
        return USAGE
    if isinstance(fault, MediationError | DeclarationFault):
        _tell(fault, naming)
        return outcome_of(fault).exit
    if isinstance(fault, OSError):
        _tell(FileFault(path=fault.filename or "", why=why(fault)), naming)
        return BROKEN
    if isinstance(fault, msgspec.DecodeError):  # nothing but a stored line is read so
        click.echo("✗ 有一条记录无法读取，内容可能已被改动；请运行 mediation audit --all 查明是哪一条。", err=True)
        return BROKEN
    raise fault


def _tell(fault: Exception, naming: Callable[[str], str]) -> None:
    screen = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if isinstance(fault, Refused):
        screen.print("不能办理：")
        for refusal in fault.refusals:
            basis = f"　依据：{refusal.basis}" if refusal.basis != POLICY else ""
            things = [key for key in refusal.about if key not in refusal.sentence]
            screen.print(f"  ✗ {refusal.sentence}{about(things, naming)}{basis}")
    elif isinstance(fault, NoticeUnfit):
        screen.print("这份放假通知没有导入，请对照通知原文改好再导入：")
        for wrong in fault.faults:
            screen.print(f"  ✗ {wrong}")
    elif isinstance(fault, FormFaults):
        screen.print("填写的内容有误：")
        for label, sentences in fault.faults.items():
            screen.print(f"  ✗ {label}：{'，'.join(sentences)}")
    else:
        screen.print(f"✗ {fault}")
