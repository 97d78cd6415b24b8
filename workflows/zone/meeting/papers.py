"""Papers of a meeting: 例会通知, by which people are asked to come, and 会议纪要 with what they are to do."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import civil_words
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.paper import (
    OPEN,
    Block,
    Entries,
    Grid,
    Paper,
    PaperKind,
    PaperReading,
    Paragraph,
    Signatures,
    Style,
)

from ...papers.sheet import room_paper
from ...papers.story import paragraphs
from ..matter.facts import facts_of as facts_of_matter
from .cards import attendee_as
from .facts import Task, facts_of
from .task import doer_and_day
from .vocabulary import AttendeeState


def notice(reading: PaperReading, key: str) -> Paper:
    """Who is asked to come, when, where, about what, with which plan."""
    return room_paper(
        reading,
        title="例会通知",
        day=reading.today,
        blocks=(
            Paragraph(f"{'、'.join(_people(reading)) or '各有关单位、人员'}：", Style.PLAIN),
            Paragraph(reading.wording("meeting_notice", host=reading.host.name)),
            *_fixed(reading),
            *_topics(reading),
            *_told("方案：", reading, facts_of(reading.case).plan),
            Signatures(right=("召集人：",), seal=reading.host.name),
        ),
    )


def minutes(reading: PaperReading, key: str) -> Paper:
    """Who came, what was said, who is to do what by when."""
    facts = facts_of(reading.case)
    came, absent = (_people(reading, state) for state in (AttendeeState.CAME, AttendeeState.ABSENT))
    besides = [reading.said(facts.besides)] if facts.besides else []
    return room_paper(
        reading,
        title="会议纪要",
        day=reading.today,
        blocks=(
            *_fixed(reading),
            Entries(((("到会", "、".join([*came, *besides])), ("缺席", "、".join(absent) or "无")),)),
            *_topics(reading),
            *_told("纪要：", reading, facts.minutes),
            *_tasks(reading),
            Signatures(left=("记录人：",), right=("主持人：",), seal=reading.host.name),
        ),
    )


def _fixed(reading: PaperReading) -> Iterator[Block]:
    facts = facts_of(reading.case)
    theme, about = facts.theme.label if facts.theme else "", reading.said(facts.about) if facts.about else ""
    when = facts.held.words() if facts.held else facts.when
    place = reading.said(facts.place) if facts.place else ""
    said = "：".join(filter(None, (theme, about)))
    yield Entries(
        ((("主题", said), ("时间", when)), (("地点", place), ("召集人", reading.staff_name(facts.convener or ""))))
    )


def _people(reading: PaperReading, state: AttendeeState | None = None) -> list[str]:
    """Those who are to come, or of whom something was so."""
    keys = facts_of(reading.case).attendees
    return [_named(reading, key) for key in keys if state is None or reading.case.is_in(key, state)]


def _named(reading: PaperReading, key: str) -> str:
    """演示一片（片区专职副片长）: by name, and as what or for whom."""
    about = "、".join(attendee_as(reading, key))
    return f"{reading.thing(key)}（{about}）" if about else reading.thing(key)


def _topics(reading: PaperReading) -> Iterator[Block]:
    topics = facts_of(reading.case).topics.values()
    if topics:
        yield Paragraph("议题：", Style.HEAD)
    for n, it in enumerate(topics, 1):
        said = (reading.said(it.words) if it.words else "", reading.number_of(it.about or ""))
        yield Paragraph(f"{n}．{'，'.join(filter(None, said)) or '另附'}")


def _told(head: str, reading: PaperReading, words: str | None) -> Iterator[Block]:
    if words:
        yield Paragraph(head, Style.HEAD)
        yield from paragraphs(reading.said(words))


def _tasks(reading: PaperReading) -> Iterator[Block]:
    tasks = facts_of(reading.case).tasks.values()
    rows = [
        (str(n), reading.said(it.words), *doer_and_day(reading, it), _struck_off(reading, it))
        for n, it in enumerate(tasks, 1)
    ]
    if rows:
        yield Paragraph("任务清单：", Style.HEAD)
        yield Grid(head=("序号", "做什么", "责任人", "期限", "销号"), rows=tuple(rows), widths=(1, 4, 2, 3, 2))


def _struck_off(reading: PaperReading, task: Task) -> str:
    """How a task stands as a matter; to be filled in where that cannot be told."""
    matter = reading.other(task.matter or "")
    if matter is None:
        return OPEN
    facts = facts_of_matter(matter)
    done_on = facts.ended.last_day() if facts.ended else None
    if facts.how is None or done_on is None:
        return "超期" if task.due < reading.today else "待销号"
    return f"{'已销号' if facts.how.done else facts.how.label}（{civil_words(done_on)}）"


def _is_to_be_held(case: Case, key: str) -> bool:
    return case.facts.closed is None


def _was_held(case: Case, key: str) -> bool:
    return facts_of(case).held is not None


NOTICE = PaperKind(
    code="meeting_notice", label="例会通知", about="", place=None, content=notice, when=_is_to_be_held,
    of_room=True, basis=POLICY,
)  # fmt: skip
MINUTES = PaperKind(
    code="meeting_minutes", label="会议纪要", about="", place=None, content=minutes, when=_was_held,
    of_room=True, basis=POLICY,
)  # fmt: skip
PAPERS = (NOTICE, MINUTES)
"""In the order in which they are wanted."""
