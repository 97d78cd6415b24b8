"""Somebody's messages, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mediation_engine.descriptions.messages import MessageWords, message_words
from mediation_engine.domain.formatting import moment_words
from mediation_engine.domain.matter import CASE
from mediation_engine.ports.messages import Heartbeat, Message, Sending
from mediation_engine.rules.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMessage:
    """A message as it is shown."""

    id: str
    case: str
    number: str
    names: str
    """Of the parties, where the reader may know them."""
    words: MessageWords
    written: datetime
    urgent: bool
    read: bool


def told_messages(
    messages: Sequence[Message],
    catalogue: Catalogue,
    numbers: Mapping[str, str],
    names: Mapping[str, str],
    today: date,
) -> list[ToldMessage]:
    """Put messages into words; numbers and names of their cases by the case's id."""
    return [
        ToldMessage(
            id=it.id,
            case=it.case,
            number=numbers[it.case] or _unnumbered(catalogue, it) if it.case in numbers else "现在的职务看不到是哪一件",
            names=names.get(it.case, ""),
            words=message_words(catalogue.reading(it.workflow), it, today),
            written=it.written,
            urgent=it.urgent,
            read=it.read is not None,
        )
        for it in messages
    ]


def _unnumbered(catalogue: Catalogue, message: Message) -> str:
    workflow = catalogue.reading(message.workflow)
    return "尚无案号" if workflow is None or workflow.matter == CASE else "没有编号"


def standing_of(sending: Sending) -> str:
    """How a sending stands, in words."""
    if sending.dead:
        return f"不再试：{sending.fault}"
    if sending.tries:
        why = sending.fault or "正在发"
        return f"试过 {sending.tries} 次（{why}），{moment_words(sending.next)} 再试"
    return "等着发"


def worker_words(heartbeat: Heartbeat | None, now: datetime, late: timedelta, *, expected: bool) -> str:
    """That no worker turns, and what to do; empty where one does, or none is wanted."""
    if heartbeat is None:
        return (
            "自动办理还没有运行过：到期不会有提醒。各步骤照常可办；请管理员运行 mediation worker。" if expected else ""
        )
    age = heartbeat.age(now)
    if age <= late:
        return ""
    return (
        f"自动办理停了{_span(age)}（最后一次是 {moment_words(heartbeat.at)}），到期提醒会晚到。各步骤照常可办；"
        "请管理员运行 mediation worker，停的时候到期的会补上。"
    )


def _span(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60
    return f"{days}天" if days else f"{hours}小时" if hours else f"{max(1, minutes)}分钟"
