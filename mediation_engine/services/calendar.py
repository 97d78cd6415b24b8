"""The calendar of a store: what came with the program and what was handed in; and taking a notice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..calendar.shipped import calendar_with, feasts
from ..domain.calendar import Calendar, CalendarYear
from ..domain.roles import Office
from ..errors import ActorNotFound, OfficeNotHeld, YearOfficial
from ..input.holiday_notice import Notice, digest_of_text, read_notice
from ..ports.calendars import ImportedYear, Recount, days_text
from ..ports.store import Store, Unit

KEEPERS = frozenset({Office.LEAD, Office.ADMINISTRATOR})
"""Offices that may hand in a notice: it moves the deadlines of the whole room, for which the lead answers; the
administrator keeps the program up to date. The notice is public and held against the law, so either will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What handing in a notice comes to."""

    notice: Notice
    before: CalendarYear
    """The year as it was known."""
    after: CalendarYear
    """As it is known since; the same where the text was in already."""

    @property
    def is_new(self) -> bool:
        """Whether anything is written."""
        return self.after is not self.before

    @property
    def replaces(self) -> bool:
        """Whether days of an official year change, which is done on request alone."""
        return self.is_new and self.before.is_official and not _agrees(self.notice, self.before)


def known_calendar(store: Store) -> Calendar:
    """The calendar in force."""
    with store.read() as unit:
        return calendar_in(unit)


def calendar_in(unit: Unit) -> Calendar:
    """The calendar in force, within a transaction."""
    return calendar_of(tuple(unit.calendars.imported()))


@lru_cache(maxsize=4)
def calendar_of(imported: tuple[ImportedYear, ...]) -> Calendar:
    """The calendar of notices, with what came with the program."""
    return calendar_with(it.calendar_year(digest_of_text(it.text)) for it in imported)


def imported_years(store: Store, year: int) -> list[ImportedYear]:
    """Every notice of a year that was ever taken, the last one first."""
    with store.read() as unit:
        return [it for it in reversed(unit.calendars.imported()) if it.year == year]


def preview_notice(store: Store, pasted: str) -> Taking:
    """What handing in a notice would come to; nothing is written. NoticeUnfit."""
    notice = read_notice(pasted, feasts())
    with store.read() as unit:
        return _taking(unit, notice, by="")[0]


def import_notice(store: Store, actor: str, pasted: str, *, replace: bool = False) -> Taking:
    """Take a notice. NoticeUnfit; ActorNotFound, OfficeNotHeld; YearOfficial where the year has another and replacing
    it is not said."""
    notice = read_notice(pasted, feasts())
    with store.write("calendar") as unit:
        by = _keeper(unit, actor)
        taking, entry = _taking(unit, notice, by)
        if taking.replaces and not replace:
            raise YearOfficial(year=notice.year, paper=taking.before.paper or "没有文号")
        if entry is not None:
            unit.journal.by = by
            unit.calendars.add(entry)
            unit.calendars.put_recount(Recount(year=entry.year, version=entry.version))
        return taking


def _taking(unit: Unit, notice: Notice, by: str) -> tuple[Taking, ImportedYear | None]:
    before = calendar_in(unit).year(notice.year)
    if before.text_digest == notice.digest:
        return Taking(notice=notice, before=before, after=before), None
    versions = [it.version for it in unit.calendars.imported() if it.year == notice.year]
    entry = ImportedYear(
        year=notice.year,
        version=max(versions, default=0) + 1,
        paper=notice.paper,
        paper_day=notice.paper_day,
        text=notice.text,
        days=days_text(notice.days),
        imported_by=by,
        imported_at=unit.now,
    )
    return Taking(notice=notice, before=before, after=entry.calendar_year(notice.digest)), entry


def _agrees(notice: Notice, before: CalendarYear) -> bool:
    """Whether a notice says what came with the program, which has no text: then it only adds the text."""
    return not before.text_digest and notice.days == before.days


def _keeper(unit: Unit, id: str) -> str:
    """Id of somebody who may hand in a notice. ActorNotFound, OfficeNotHeld."""
    actor = unit.register.actor(id)
    if actor is None or not actor.active:
        raise ActorNotFound(actor=id)
    if KEEPERS.isdisjoint(actor.offices):
        raise OfficeNotHeld(actor=actor.name, office=f"{Office.ADMINISTRATOR.label}或{Office.LEAD.label}")
    return actor.id
