"""A message in words: what, about which thing, on which day, what leads on. No name, no word of what anybody said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ..domain.formatting import CHINA, day_words
from ..domain.matter import CASE
from ..domain.message import DIGEST, MOVED, Topic
from ..domain.workflow import Workflow
from .lines import Teller


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWords:
    """What is shown and sent of a message."""

    title: str
    day: str
    """The day, and how it stands to today."""
    onward: str
    """What to do next."""
    step: str
    """The step (name of a command) that leads on, where it is one."""
    late: str
    """That it is told late, and why that may be; empty where it is not."""


class Told(Protocol):
    """What of a message its words are made of: see `ports.messages.Message`."""

    @property
    def topic(self) -> str: ...
    @property
    def instance(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def written(self) -> datetime: ...
    @property
    def late(self) -> bool: ...
    @property
    def version(self) -> int | None: ...


def message_words(workflow: Workflow | None, message: Told, today: date | None = None) -> MessageWords:
    """Put a message into words; with what leads on as of today, where that is given."""
    if message.topic == DIGEST:
        return MessageWords(title="晨报", day=day_words(message.day), onward="打开工作台看看", step="", late="")
    is_event = message.version is not None
    topic = (workflow.topic_of(message.topic) if workflow else None) or Topic()
    is_past = not is_event and today is not None and message.day < today
    step = (topic.past_step if is_past else "") or topic.step
    command = workflow.commands.get(step) if workflow and step else None
    opening = f"打开{(workflow.matter if workflow else CASE).label}"
    return MessageWords(
        title=_event(workflow, topic, message) if is_event else _due(workflow, topic, message),
        day=f"{day_words(message.day)}{'记录' if is_event else _ahead(message)}",
        onward=f"{opening}，办理“{command.label}”" if command else f"{opening}看看",
        step=step if command else "",
        late=_late(message) if message.late else "",
    )


def _event(workflow: Workflow | None, topic: Topic, message: Told) -> str:
    kind = workflow.events.get(message.topic) if workflow else None
    return topic.words or (kind.label if kind else "案件有新情况")


def _due(workflow: Workflow | None, topic: Topic, message: Told) -> str:
    rule = workflow.deadline_rules.get(message.topic.removeprefix(MOVED)) if workflow else None
    if rule is not None and message.topic.startswith(MOVED):
        return f"{rule.label}：放假安排变了，最后一天也变了"
    if rule is not None:
        return f"{topic.words}：{'期限快到了' if _days_ahead(message) > 0 else '期限到了'}"
    thing = Teller(workflow=workflow, names={}, words={}, actors={}).numbered(message.instance)
    return f"{thing}：{'快到期了' if _days_ahead(message) > 0 else topic.words or '到期'}"


def _days_ahead(message: Told) -> int:
    """How many days before it falls due it is told of."""
    return (message.day - message.written.astimezone(CHINA).date()).days


def _ahead(message: Told) -> str:
    days = _days_ahead(message)
    return f"到期，提前{days}天提醒" if days > 0 else "到期"


def _late(message: Told) -> str:
    days = (message.written.astimezone(CHINA).date() - message.day).days
    what = "这件事" if message.version is None else "记录"
    return f"迟了{days}天才提醒：当时自动办理没有运行，或者{what}是后来补登的"
