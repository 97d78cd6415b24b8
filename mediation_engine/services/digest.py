"""The morning digest (晨报): once a working day one message with what is overdue, due today, waiting and unread, for
those who want that instead of each by itself.

Written once a day whatever number of workers there are: its id is made of whom it is for and of the day. Its words are
made when it is sent, so what was put right meanwhile is not in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ..descriptions.lines import Teller
from ..descriptions.messages import message_words
from ..domain.formatting import CHINA, day_words
from ..domain.message import DIGEST, Takes
from ..domain.workflow import WAIT
from ..errors import YearUnknown
from ..ports.messages import Contact, Message, Sending
from ..ports.store import Store, Unit
from ..read_models.projections import DueDate
from ..rules.catalogue import Catalogue
from .calendar import calendar_in
from .due_sweep import message_id

PUNCTUAL = timedelta(hours=1)
"""What is written later than so long after its hour is late, and says so."""
MOST_TOLD = 20
"""Lines of one heading; the others are counted."""
MOST_READ = 200
SATURDAY = 5
LATE = "早上没有按时发出：当时自动办理没有运行，或者晨报是后来才选的。"


def write_digests(store: Store, catalogue: Catalogue, channels: Collection[str], hour: time) -> int:
    """Write today's digests that are not written yet, once their hour has come; how many are to be sent.

    One with nothing in it is written and not sent, so that nobody has it in the afternoon.
    """
    with store.read() as unit:
        if not _wanting(unit, channels, hour):
            return 0
    written = 0
    with store.write() as unit:
        for actor, contacts in _wanting(unit, channels, hour).items():
            message = _digest(unit, actor, hour)
            sendings = [Sending(message=message.id, channel=it.channel, next=unit.now) for it in contacts]
            is_wanted = bool(sections(unit, catalogue, actor))
            unit.messages.put([message], sendings if is_wanted else [])
            written += is_wanted
    return written


def _wanting(unit: Unit, channels: Collection[str], hour: time) -> dict[str, list[Contact]]:
    """Who is to have a digest now: contacts by member of staff."""
    now = unit.now.astimezone(CHINA)
    found = dict[str, list[Contact]]()
    for contact in unit.messages.contacts() if channels and now.time() >= hour else ():
        if contact.takes is Takes.DIGEST and contact.channel in channels:
            found.setdefault(contact.actor, []).append(contact)
    if not found or not _is_working(unit, now.date()):
        return {}
    active = {actor.id for actor in unit.register.actors() if actor.active}
    return {actor: contacts for actor, contacts in found.items() if actor in active and _is_new(unit, actor)}


def _is_new(unit: Unit, actor: str) -> bool:
    return not unit.messages.some(actor, [_id(unit, actor)])


def _id(unit: Unit, actor: str) -> str:
    return message_id(actor, DIGEST, unit.now.astimezone(CHINA).date().isoformat())


def _is_working(unit: Unit, day: date) -> bool:
    """By the calendar in force; of a year that nobody knows by the weekday, so that nobody goes without."""
    try:
        return not calendar_in(unit).is_rest(day)
    except YearUnknown:
        return day.weekday() < SATURDAY


def _digest(unit: Unit, actor: str, hour: time) -> Message:
    now = unit.now.astimezone(CHINA)
    return Message(
        id=_id(unit, actor),
        recipient=actor,
        topic=DIGEST,
        case="",
        instance="",
        workflow="",
        day=now.date(),
        written=unit.now,
        late=now > datetime.combine(now.date(), hour, CHINA) + PUNCTUAL,
        urgent=False,
        read=unit.now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands in a digest under one heading."""

    heading: str
    lines: Sequence[str]
    count: int
    """Of all there are; more than stand there, maybe."""


def sections(unit: Unit, catalogue: Catalogue, actor: str) -> list[Section]:
    """What concerns somebody this morning, under those headings that have anything."""
    today, views = unit.now.astimezone(CHINA).date(), unit.views
    late = views.due_dates(today - timedelta(days=1), mediator=actor, most=MOST_READ)
    now = views.due_dates(today, since=today, mediator=actor, most=MOST_READ)
    waits = views.due_dates(today, mediator=actor, waiting=True, most=MOST_READ)
    listed = {(it.case, it.instance, it.kind) for it in (*late, *now)}
    unread = unit.messages.of(actor, most=MOST_READ, unread=True)
    news = [it for it in unread if it.version is not None or (it.case, it.instance, it.topic) not in listed]
    found: dict[str, Sequence[DueDate | Message]] = {
        "逾期": late,
        "今天到期": now,
        "等着处理": waits,
        "没有看的消息": news,
    }
    return [
        Section(heading=heading, lines=[_line(unit, catalogue, it) for it in items[:MOST_TOLD]], count=len(items))
        for heading, items in found.items()
        if items
    ]


def _line(unit: Unit, catalogue: Catalogue, it: DueDate | Message) -> str:
    """The number of a case and what there is to do in it; no name."""
    held = unit.views.row(it.case)
    number = (held.number if held else None) or "尚无案号的案件"
    workflow = catalogue.reading(held.workflow) if held else None
    if isinstance(it, Message):
        return f"{number}　{message_words(workflow, it).title}"
    if it.kind == WAIT:
        thing = Teller(workflow=workflow, names={}, words={}, actors={}).numbered(it.instance)
        return f"{number}　{thing}，{day_words(it.due)}起"
    told = Message(
        id="",
        recipient="",
        topic=it.kind,
        case=it.case,
        instance=it.instance,
        workflow="",
        day=it.due,
        written=unit.now,
        late=False,
        urgent=False,
    )
    return f"{number}　{message_words(workflow, told).title}，{day_words(it.due)}"


def digest_text(found: Sequence[Section], message: Message) -> tuple[str, str]:
    """Subject and body of a digest."""
    counts = "，".join(f"{section.heading}{_count(section.count)}项" for section in found) or "没有要办的事"
    late = [LATE] if message.late else []
    told = [line for section in found for line in _told(section)]
    return f"晨报：{counts}", "\n".join([f"{day_words(message.day)}", *late, *told])


def _count(all: int, some: int | None = None) -> str:
    """A number; that there are more, where no more were counted."""
    return f"{all if some is None else some}{'以上' if all == MOST_READ else ''}"


def _told(section: Section) -> list[str]:
    more = section.count - len(section.lines)
    rest = [f"　另有{_count(section.count, more)}项"] if more else []
    return ["", f"{section.heading}（{_count(section.count)}）", *(f"　{line}" for line in section.lines), *rest]
