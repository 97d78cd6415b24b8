"""Facts of a meeting: its four things, who was to come and did, what was on the table, what it gave people to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, cast

from msgspec import Struct

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.facts import CaseFacts, ListRow, fact
from mediation_engine.domain.fields import Text
from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.occurred import Occurred

from .vocabulary import Four, Theme

CALLING = "calling/1"
"""The one phase, which every meeting has once."""


class Attendee(Struct, frozen=True, kw_only=True):
    """Who is to come: one of the staff, somebody of the register, or whom an organisation sends."""

    staff: Annotated[str | None, fact("本室的人", "staff")] = None
    person: Annotated[str | None, fact("姓名", "person")] = None
    body: Annotated[str | None, fact("单位")] = None
    """An organisation of the directory (id)."""
    body_name: Annotated[str, fact("单位名称")] = ""
    """What it was called then."""
    post: Annotated[str | None, fact("职务")] = None


class Topic(Struct, frozen=True, kw_only=True):
    """What is spoken of: a case, an alert, a matter, or something in words."""

    about: Annotated[str | None, fact("哪一件")] = None
    """Its id."""
    words: Annotated[Text | None, fact("议什么")] = None


class Task(Struct, frozen=True, kw_only=True):
    """What somebody is to do afterwards, by when."""

    words: Annotated[Text, fact("做什么")]
    due: Annotated[date, fact("期限")]
    staff: Annotated[str | None, fact("责任人", "staff")] = None
    body: Annotated[Text | None, fact("责任单位或没有账号的人")] = None
    given: Annotated[Occurred | None, fact("布置的时间")] = None
    matter: Annotated[str | None, fact("事项")] = None
    """The matter (id) that it became."""


@dataclass
class MeetingFacts(CaseFacts):
    """All facts of one meeting."""

    convener: Annotated[str | None, fact("召集人", "staff")] = None
    called: Annotated[Occurred | None, fact("何时召集")] = None
    told: Annotated[Occurred | None, fact("何时通知开会")] = None
    """Since when those who are to come know of it."""
    theme: Annotated[Theme | None, fact("主题")] = None
    day: Annotated[date | None, fact("哪天")] = None
    time: Annotated[str, fact("几点")] = ""
    about: Annotated[Text | None, fact("具体说什么事")] = None
    place: Annotated[Text | None, fact("地点")] = None
    plan: Annotated[Text | None, fact("方案")] = None
    minutes: Annotated[Text | None, fact("会议纪要")] = None
    besides: Annotated[Text | None, fact("没有通知、也来了的人")] = None
    has_sheet: Annotated[bool, fact("四定已列入")] = False
    held: Annotated[Occurred | None, fact("开会的时间")] = None
    came: Annotated[tuple[str, ...], fact("到会的人")] = ()
    to_come: Annotated[tuple[Attendee, ...], fact("尚待列入的参会人员")] = ()
    on_table: Annotated[tuple[Topic, ...], fact("尚待列入的议题")] = ()
    to_give: Annotated[tuple[Task, ...], fact("尚待列入的任务")] = ()
    """Of all three: what the same order is to bring in."""
    attendees: dict[str, Attendee] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)

    def unfixed(self) -> Iterator[Four]:
        """Which of the four things are not fixed."""
        fixed = {
            Four.THEME: self.theme is not None,
            Four.TIME: self.day is not None and bool(self.time),
            Four.PEOPLE: bool(self.attendees or self.to_come),
            Four.PLAN: self.plan is not None,
        }
        yield from (it for it, is_fixed in fixed.items() if not is_fixed)

    @property
    def when(self) -> str:
        """The day and the time of day, in words; empty where no day is fixed."""
        return " ".join(filter(None, (day_words(self.day), self.time))) if self.day else ""

    # -- what the engine asks

    def others(self) -> Mapping[str, str]:
        return {key: it.person for key, it in self.attendees.items() if it.person}

    def staff(self) -> Mapping[str, str]:
        own = {CALLING: self.convener} if self.convener else {}
        return own | {key: it.staff for key, it in self.attendees.items() if it.staff}

    def lead_mediator(self) -> str | None:
        return self.convener

    def concerns(self, by: str) -> bool:
        return by == self.convener or any(it.staff == by for it in self.attendees.values())

    def due_days(self, open: Collection[str]) -> Iterator[tuple[str, date]]:
        if CALLING in open and self.day is not None and self.told is not None and self.closed is None:
            yield CALLING, self.day

    def subject(self) -> tuple[str, ...]:
        return tuple(filter(None, (f"{self.theme.label}例会" if self.theme else "例会", self.when)))

    def code_words(self, field: str, code: str) -> str:
        names = {it.body: it.body_name for it in (*self.attendees.values(), *self.to_come)}
        return names.get(code, "") if field == "body" else ""

    def linked(self) -> Collection[str]:
        return tuple(dict.fromkeys((*self.mentions(), *(it.matter for it in self.tasks.values() if it.matter))))

    def mentions(self) -> Collection[str]:
        return tuple(dict.fromkeys(it.about for it in self.topics.values() if it.about))

    def list_row(self, is_over: Callable[[str], bool]) -> ListRow:
        return ListRow(parties=len(self.attendees), kind=self.theme.code if self.theme else None)


def facts_of(of: Case | Situation) -> MeetingFacts:
    """Facts of a meeting: of one, or of what a guard sees."""
    return cast(MeetingFacts, of.facts)
