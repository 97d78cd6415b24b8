"""调解记录: what was said at a session, with the fixed opening and closing (人民调解法 第27条)."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.paper import (
    Entries,
    Paper,
    PaperKind,
    PaperReading,
    Paragraph,
    Signatures,
    Style,
    always,
    chosen,
)

from ..facts import facts_of
from ..parts.session import RecordSession, ScheduleSession
from ..parts.states import SessionState
from ..vocabulary import DossierPlace, ExhibitKind, Presence, SessionResult
from .parties import MOST_IN_BLOCKS, is_labour, manner
from .sheet import room_paper
from .story import between, or_ruled, paragraphs

RESULTS = (SessionResult.SETTLED, SessionResult.NOT_SETTLED, SessionResult.TO_BE_CONTINUED)
LINES_FOR_MINUTES = 12
"""To be filled in by hand where the minutes have not been written down."""


def minutes(reading: PaperReading, key: str) -> Paper:
    """One session: when, where, who, what was said, what came of it."""
    facts, labour = facts_of(reading.case), is_labour(reading)
    of = facts.sessions[key]
    given = next((c for c in reversed(reading.commands(key)) if isinstance(c, RecordSession)), None)
    planned = next((c for c in reading.commands(key) if isinstance(c, ScheduleSession)), None)
    written = [*paragraphs(reading.said(given.minutes))] if given and given.minutes else []
    place = reading.said(planned.place) if planned and planned.place else ""
    came = "、".join(map(reading.thing, of.attended))
    return room_paper(
        reading,
        title="劳动争议调解记录" if labour else "人民调解记录",
        day=(of.held and of.held.last_day()) or reading.today,
        blocks=(
            Entries(
                (
                    (("时间", of.held.words() if of.held else ""), ("地点", place)),
                    (("当事人", came),),
                    (("参加人", "、".join(_guests(reading, given))),),
                    (("调解员", "、".join(reading.mediators())),),
                )
            ),
            Paragraph("记录：", Style.HEAD),
            Paragraph(reading.wording("minutes_opening", between=between(reading))),
            *or_ruled(written, LINES_FOR_MINUTES),
            *_opinions(reading, given),
            Paragraph(f"调解结果：{chosen([(result.label, result is of.result) for result in RESULTS])}", Style.HEAD),
            Paragraph(reading.wording("minutes_closing")),
            Signatures(
                left=(f"当事人（{manner(labour=False)}）：",) * max(1, min(len(of.attended), MOST_IN_BLOCKS)),
                right=(f"{'调解员' if labour else '人民调解员'}（签名）：", "记录人（签名）："),
            ),
        ),
    )


def _guests(reading: PaperReading, given: RecordSession | None) -> list[str]:
    """Those at the table who are neither parties nor mediators."""
    if given is None:
        return []
    members = facts_of(reading.case).members
    seats = [row for row in given.attendance if row.presence is Presence.PRESENT and row.member in members]
    names = [f"{reading.name(members[row.member].person)}（{reading.name(members[row.member].role)}）" for row in seats]
    return [*names, *(f"{reading.name(guest.person)}（{guest.role.label}）" for guest in given.guests)]


def _opinions(reading: PaperReading, given: RecordSession | None) -> list[Paragraph]:
    rows = given.attendance if given else ()
    members = facts_of(reading.case).members
    return [
        Paragraph(f"{reading.name(members[row.member].person)}：{reading.said(row.opinion)}")
        for row in rows
        if row.opinion and row.member in members
    ]


def _held(case: Case, key: str) -> bool:
    return case.is_in(key, SessionState.HELD) and facts_of(case).sessions[key].counts


MINUTES = PaperKind(
    code="minutes", label="调解记录", about="session", place=DossierPlace.MINUTES, content=minutes, when=_held,
    tells=always, exhibit=ExhibitKind.MINUTES, basis="人民调解法 第27条；人民调解工作若干规定 第33条",
)  # fmt: skip
