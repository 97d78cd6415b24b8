"""The calendar and where periods end, in words; for pages and the console alike."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mediation_engine.domain.calendar import A_DAY, Calendar, CalendarYear, DayKind, NamedDay
from mediation_engine.domain.formatting import civil_words, day_words, moment_words
from mediation_engine.domain.periods import PeriodEnd, PeriodUnit
from mediation_engine.input.holiday_notice import Notice
from mediation_engine.ports.calendars import ImportedYear
from mediation_engine.services.calendar import Taking

PROVISIONAL = "暂定，待国务院办公厅通知"


def status_words(year: CalendarYear) -> str:
    """官方, or that it is provisional."""
    return year.status.label if year.is_official else PROVISIONAL


def counted_words(end: PeriodEnd) -> str:
    """What is counted: 从2026年9月1日（周二）起30日，当天不计入."""
    return f"从{day_words(end.start)}起{end.number}{end.unit.label}，当天不计入"


def why_words(end: PeriodEnd) -> str:
    """Why the last day is not the raw one; nothing where it is."""
    names = "、".join(end.names)
    if end.unit is PeriodUnit.WORKDAYS:
        return f"中间的周末、{names}不算" if names else ""
    if end.expected == end.raw:
        return ""
    return f"{day_words(end.raw)}是休息日（{names or '周末'}），顺延到休息结束后的第一个工作日"


def three_days(end: PeriodEnd) -> Iterator[tuple[str, str, str]]:
    """What each of the days of a provisional end is called, the day, and what it is for."""
    workdays = end.unit is PeriodUnit.WORKDAYS
    raw = ("最早可能", "如果通知安排周末上班") if workdays else ("不顺延", "期限的最后一天本来是这一天")
    yield raw[0], day_words(end.raw), raw[1]
    yield "预计", day_words(end.expected), "按现在知道的放假日子"
    yield "最迟可能", day_words(end.latest), "过了这一天，才能说对方逾期或者失去权利"
    yield "自己要办的", day_words(end.duty), "这一天以前办完，无论怎样通知都不误期"


def period_json(end: PeriodEnd) -> dict[str, Any]:
    """The same for a program; days as 2026-10-08."""
    return {
        "start": end.start,
        "number": end.number,
        "unit": end.unit.value,
        "raw": end.raw,
        "expected": end.expected,
        "latest": end.latest,
        "duty": end.duty,
        "provisional": not end.is_settled,
        "names": end.names,
        "why": why_words(end),
    }


def year_json(year: CalendarYear) -> dict[str, Any]:
    """A year for a program."""
    return {
        "year": year.year,
        "status": year.status.value,
        "paper": year.paper,
        "paper_day": year.paper_day,
        "text_sha256": year.text_digest,
        "imported_by": year.imported_by,
        "imported_at": year.imported_at,
        "days": [{"day": it.day, "kind": it.kind.value, "name": it.name} for it in year.days],
    }


def source_words(year: CalendarYear, importer: str = "") -> str:
    """Where what is known of a year is from."""
    if not year.is_official:
        return "只按《全国年节及纪念日放假办法》：法定节日，和落在周六、周日时的补假；调休要等通知"
    paper = f"{year.paper or '没有写明文号'}，{civil_words(year.paper_day)}" if year.paper_day else year.paper
    if year.imported_at is None:
        return f"{paper}；随程序提供"
    return f"{paper}；{importer or year.imported_by}于{moment_words(year.imported_at)}导入"


def older_words(it: ImportedYear, importer: str) -> str:
    """A notice that another has taken the place of."""
    return f"{it.paper or '没有文号'}，{civil_words(it.paper_day)}；{importer}于{moment_words(it.imported_at)}导入"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row of one kind and name."""

    first: date
    last: date
    kind: DayKind
    name: str

    @property
    def words(self) -> str:
        """Its days: 2月16日（周一）至2月19日（周四）."""
        first, last = day_words(self.first).partition("年")[2], day_words(self.last).partition("年")[2]
        return first if self.first == self.last else f"{first}至{last}"


def stretches(days: Iterable[NamedDay]) -> list[Stretch]:
    """The days of a year, those in a row that are alike put together."""
    found: list[Stretch] = []
    for it in days:
        last = found[-1] if found else None
        if last and (last.kind, last.name) == (it.kind, it.name) and it.day - last.last == A_DAY:
            found[-1] = replace(last, last=it.day)
        else:
            found.append(Stretch(it.day, it.day, it.kind, it.name))
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month as it is shown."""

    day: date
    mark: str
    """休 or 班 where it is not what its weekday makes it."""
    name: str
    """What it is, in words."""
    tone: str
    """rest, off, work, or nothing for a day like any other."""
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it is shown: weeks from Monday on, without a day None."""

    number: int
    weeks: list[list[Cell | None]]
    named: list[Stretch]


def months(calendar: Calendar, year: int, today: date) -> list[Month]:
    """The twelve months of a year."""
    found = []
    for number in range(1, 13):
        days = [date(year, number, n) for n in range(1, monthrange(year, number)[1] + 1)]
        cells: list[Cell | None] = [_cell(calendar, day, today) for day in days]
        padded = [None] * days[0].weekday() + cells + [None] * (6 - days[-1].weekday())
        weeks = [padded[n : n + 7] for n in range(0, len(padded), 7)]
        found.append(Month(number, weeks, stretches(it for day in days if (it := calendar.named(day)))))
    return found


def _cell(calendar: Calendar, day: date, today: date) -> Cell:
    named, is_rest = calendar.named(day), calendar.is_rest(day)
    if named is None:
        return Cell(day, "", "", "rest" if is_rest else "", day == today)
    words = f"{named.name}{named.kind.label}"
    return Cell(day, "休" if is_rest else "班", words, "off" if is_rest else "work", day == today)


def notice_words(notice: Notice) -> str:
    """Which notice it is: 国办发明电〔2025〕7号，2025年11月4日."""
    return f"{notice.paper or '没有读到文号'}，{civil_words(notice.paper_day)}"


def taking_lines(taking: Taking, *, dry_run: bool) -> Iterator[str]:
    """What handing in a notice comes to: what was read, what should be looked at, what changes."""
    notice = taking.notice
    yield f"{notice.year}年　{notice_words(notice)}"
    for stretch in stretches(notice.days):
        yield f"  {stretch.words}　{stretch.kind.label}　{stretch.name}"
    for remark in notice.remarks:
        yield f"! {remark}"
    yield outcome_words(taking, dry_run=dry_run)


def outcome_words(taking: Taking, *, dry_run: bool) -> str:
    """What became of a notice, or would."""
    year = taking.notice.year
    if not taking.is_new:
        return f"这份通知已经导入过，{year}年的日历没有变化。"
    changed = len({it.day for it in set(taking.before.days) ^ set(taking.notice.days)})
    if taking.replaces and dry_run:
        return f"{year}年已有官方的放假安排，与这份有{changed}处不同；还没有导入，导入时要写明换掉现有的。"
    told = f"与{'现在' if dry_run else '原来'}的日历" + (f"有{changed}处不同" if changed else "完全一致")
    return f"核对无误，{told}。还没有导入。" if dry_run else f"已导入，{year}年的日历从现在起按这份通知；{told}。"


def moved_words(moved: int) -> str:
    """How many last days a notice moved."""
    if not moved:
        return "没有哪个期限的最后一天因此改变；这一年里暂定的，从现在起是确定的。"
    return f"有{moved}个期限的最后一天变了，已经通知承办的人，列在这一年的日历下面。"


def taking_json(taking: Taking, *, dry_run: bool) -> dict[str, Any]:
    """The same for a program."""
    return {
        "taken": taking.is_new and not dry_run,
        "replaces": taking.replaces,
        "remarks": taking.notice.remarks,
        "before": year_json(taking.before),
        "after": year_json(taking.after),
    }
