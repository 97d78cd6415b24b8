"""数说战果 in words: what is asked for, the numbers and what they mean, the chart, the form, what is behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.figure import Adds, Figure, Origin, Unit
from mediation_engine.domain.formatting import civil_words, day_words, heading, moment_words, money_words, short_sum
from mediation_engine.domain.month import Month
from mediation_engine.domain.roles import Actor
from mediation_engine.input.days import Unread, read_day
from mediation_engine.input.spans import period_code
from mediation_engine.papers.workbook import saved
from mediation_engine.ports.reports import FrozenReport
from mediation_engine.ports.views import Wanted
from mediation_engine.read_models.counted import BY_LINE, CountedRow
from mediation_engine.services.authorization import reach
from mediation_engine.services.case_view import names_of
from mediation_engine.services.counting import count
from mediation_engine.services.figures import (
    Asked,
    Number,
    Period,
    Quotient,
    added,
    behind,
    by_group,
    end_of,
    months_before,
    numbers,
    quotients,
    read_period,
    values,
    year_before,
)
from mediation_engine.services.freezing import Row, compared, freeze, is_whole
from mediation_engine.services.mediation import MediationService
from workflows.facts import HOST_KINDS
from workflows.figures.bodies import bodies_of
from workflows.figures.declared import BY_CODE, FIGURES, HEADS, RATES, UNTOLD
from workflows.figures.form import COLUMNS, LABELS, TITLE, Column
from workflows.figures.policy import USUAL, Colour, colour, rule_words
from workflows.zone.returns.vocabulary import Reported

BY = {
    "district": "片区",
    "dispute": "类型",
    "source": "来源",
    "mediator": "承办人",
    "level": "层级",
    "body": "主体",
    "organisation": "单位",
    "month": "月",
}
"""What figures can be told apart by."""
TOLD_APART = tuple(BY_CODE[it] for it in ("accepted", "settled", "closed", "succeeded", "amount", "alerts"))
"""The figures that are."""
RATE_APART = next(it for it in RATES if it.code == "success_rate")
"""The rate that is told beside them."""
RANKED = ("mediator", "organisation")
"""By what is told apart who did how much: the most first."""
UNRESOLVED = BY_CODE["alerts_unresolved"]
IN_FORM = tuple(BY_CODE[it] for it in dict.fromkeys(column.figure for column in COLUMNS))
"""The figures that the form has columns of."""
TILES = tuple(figure for figure in FIGURES if figure.tile)
"""The figures that are shown large."""
DRAWN = tuple(BY_CODE[it] for it in ("accepted", "settled"))
"""The figures that the chart draws month by month."""
MONTHS = 12
A_PAGE = 50
WRITTEN, OUTSIDE = "written", "outside"
BELOW, ALL = "下级上报总计", "本级上报总计（连下级）"
"""The last rows of the form."""
NO_CASES_OF_COMMITTEES = (
    "“企事业单位调委会”只数它自己立案调解的案件；企业每月报来的小纠纷写在月报里，不另立案件，所以有月报也可能是 0"
)
NO_FORM = "报表是上报用的：一格一格写数，太小的也在里面，所以对外不列"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What figures somebody wants to see."""

    period: Period
    day: date
    """As known at the end of this day."""
    forms: bool = True
    """Whether what rests on an oral agreement counts."""
    by: str = ""
    outside: bool = False
    """Whether it is for readers outside the room: small numbers of a group are not told."""

    @property
    def hides(self) -> bool:
        """Whether small numbers are left out of what is told apart: what a month had is a figure of its own."""
        return self.outside and self.by != "month"

    def address(self, today: date | None = None) -> dict[str, str]:
        """It as it stands in an address; the day, where it is not today."""
        said = {"period": self.period.code, "by": self.by, "forms": "" if self.forms else WRITTEN}
        said["to"] = OUTSIDE if self.outside else ""
        said["day"] = "" if self.day == today else self.day.isoformat()
        return {name: value for name, value in said.items() if value}


def usual(today: date) -> Period:
    """The month that is running."""
    found = read_period(f"{today:%Y-%m}")
    assert found is not None
    return found


def last_over(today: date) -> Period:
    """The month that was over last: it is what is reported upwards."""
    return usual(today.replace(day=1) - timedelta(days=1))


def periods(today: date) -> list[Period]:
    """Those that are asked for most: this month and the last, this quarter and the last, half a year, the year."""
    last = today.replace(day=1) - timedelta(days=1)
    quarter, before = (today.month + 2) // 3, (today.month - 1) // 3
    codes = [f"{today:%Y-%m}", f"{last:%Y-%m}", f"{today.year}-Q{quarter}"]
    codes.append(f"{today.year}-Q{before}" if before else f"{today.year - 1}-Q4")
    codes += [f"{today.year}-H{1 if today.month < 7 else 2}", str(today.year), str(today.year - 1)]
    return [period for code in codes if (period := read_period(code)) is not None]


def named_periods(today: date) -> list[tuple[str, Period]]:
    """The first of them, as people call them."""
    return [*zip(("本月", "上月", "本季度", "上季度"), periods(today), strict=False)]


def beside(period: Period, way: int) -> Period:
    """The period of the same length just before one (-1), or just after it (1)."""
    day = period.first - timedelta(days=1) if way < 0 else period.last + timedelta(days=1)
    quarter, half = f"-Q{(day.month + 2) // 3}", f"-H{1 if day.month < 7 else 2}"
    part = {"Q": quarter, "H": half, "": ""}.get(period.code[5:6], f"-{day.month:02d}")
    return read_period(f"{day.year}{part}") or period


def sought(asked: Mapping[str, str], today: date) -> tuple[Sought, list[str]]:
    """What is asked for, and what is wrong with it in words; what cannot be read is as usual."""
    faults, day = list[str](), today
    words = asked.get("period", "").strip()
    period = read_period(period_code(words, today)) if words else usual(today)
    if period is None:
        examples = f"上个月、{today.year}年{today.month}月、三季度、上半年 或 {today.year}年"
        faults.append(f"“{words[:20]}”不是期间：请写 {examples}")
    if said := asked.get("day", "").strip():
        try:
            day = read_day(said, today, past=True) or today
        except Unread as fault:
            faults.append(f"截至哪天：{fault}")
    by = asked.get("by", "")
    if by and by not in BY:
        faults.append(f"不能按“{by[:20]}”分：可以按{'、'.join(BY.values())}分")
    forms = asked.get("forms", "") != WRITTEN
    return Sought(
        period=period or usual(today),
        day=min(day, today),
        forms=forms,
        by=by if by in BY else "",
        outside=asked.get("to", "") == OUTSIDE,
    ), faults


def asked_for(door: MediationService, actor: Actor, it: Sought, settings: Mapping[str, int]) -> Asked:
    """The same, as the store is asked for it: of an actor's organisation and those below it."""
    count(door.store, door.catalogue)
    with door.store.read() as unit:
        own = reach(unit.register, actor.organisation)
        groups = {"body": bodies_of(unit.register.organisations(), door.catalogue.zone.bodies)}
    known = end_of(it.day)  # today all that is on record, also where the clock has been set back since
    return Asked(organisations=own, period=it.period, known=known, forms=it.forms, settings=settings, groups=groups)


def words_of(figure: Figure, value: int) -> str:
    """A value with its unit."""
    return money_words(value) if figure.unit is Unit.MONEY else f"{value:,} {figure.unit.label}"


def large(figure: Figure, value: int) -> str:
    """The same, as short as it can be."""
    return short_sum(value) if figure.unit is Unit.MONEY else f"{value:,}{figure.unit.label}"


def rate_words(it: Quotient) -> str:
    """A rate: a share of a hundred, or a quotient with its unit; a dash where there is nothing to divide by."""
    if it.value is None:
        return "—"
    return f"{it.value:.1f} {it.rate.unit.label}" if it.rate.unit else f"{it.value * 100:.1f}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of a chart, in the units of its picture."""

    x: float
    y: float
    width: float
    height: float
    series: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Months with a bar for each figure."""

    months: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]
    bars: tuple[Bar, ...]
    top: int


WIDE, HIGH = 48, 100


def chart_of(months: Sequence[str], values: Sequence[Sequence[int]]) -> Chart:
    """The bars of some months, from nought up: nothing is cut off."""
    top = max((v for row in values for v in row), default=0)
    width = (WIDE - 10) / len(DRAWN)
    bars = [
        Bar(
            x=n * WIDE + 5 + s * width,
            y=HIGH - (height := round(HIGH * value / top, 1) if top else 0),
            width=width - 2,
            height=height,
            series=s + 1,
            value=value,
        )
        for n, row in enumerate(values)
        for s, value in enumerate(row)
    ]
    return Chart(months=tuple(months), values=tuple(map(tuple, values)), bars=tuple(bars), top=top)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All figures of a period."""

    sought: Sought
    tiles: tuple[Number, ...]
    before: Mapping[str, int]
    """What they came to in the period before, by code."""
    heads: tuple[tuple[str, tuple[Number, ...], tuple[Quotient, ...]], ...]
    groups: tuple[tuple[str, str, tuple[int | None, ...], Quotient | None], ...]
    """Code and words of each group, the figures told apart, and their rate; None for what is too small to be told
    outside."""
    districts: tuple[tuple[str, str, int, Colour], ...]
    """Code, name, alerts that are not resolved, colour."""
    policy: Mapping[str, int]
    chart: Chart
    year_before: Period
    """The same days a year before."""
    ago: Mapping[str, int]
    """What each figure came to then, by code."""
    late: tuple[Number, ...]
    undated: tuple[Number, ...]
    unsaid: tuple[Number, ...]


def board(
    door: MediationService,
    actor: Actor,
    it: Sought,
    settings: Mapping[str, int],
    policy: Mapping[str, int] = USUAL,
) -> Board:
    """The figures of an actor's organisation and those below it."""
    asked = asked_for(door, actor, it, settings)
    shown = [figure for figure in FIGURES if not (it.outside and figure.inside)]
    with door.store.read() as unit:
        found = numbers(unit, shown, asked)
        apart = by_group(unit, TOLD_APART, asked, it.by) if it.by else {}
        counting = [replace(f, adds=Adds.ONE) for f in TOLD_APART]
        things = by_group(unit, counting, asked, it.by) if it.by and it.hides else apart
        parts = _parts(unit, asked, counting, it.by, policy["small"]) if it.hides and it.by in asked.groups else {}
        year = months_before(it.period, MONTHS)
        same_days = year_before(it.period, it.day)
        ago = values(unit, shown, replace(asked, period=same_days))
        before = values(unit, TILES, replace(asked, period=beside(it.period, -1)))
        drawn = by_group(unit, DRAWN, replace(asked, period=year), "month")
        unresolved = by_group(unit, [UNRESOLVED], asked, "district")
    names = labels(door, it.by) if it.by else {}
    rates = quotients(RATES, found)
    months = _months(year)
    return Board(
        sought=it,
        tiles=tuple(n for n in found.values() if n.figure.tile),
        before=before,
        heads=tuple(
            (
                head,
                tuple(n for n in found.values() if n.figure.head == head),
                tuple(q for q in rates if q.rate.head == head),
            )
            for head in HEADS
        ),
        groups=_groups(_in_order(apart, it), things, names, policy["small"] if it.hides else 0, parts),
        districts=tuple(
            (one.code, one.name, open_ := unresolved.get(one.code, {}).get(UNRESOLVED.code, 0), colour(open_, policy))
            for one in door.catalogue.zone.districts
        ),
        policy=policy,
        chart=chart_of(months, [[drawn.get(m, {}).get(f.code, 0) for f in DRAWN] for m in months]),
        year_before=same_days,
        ago=ago,
        late=tuple(n for n in found.values() if n.late),
        undated=tuple(n for n in found.values() if n.undated and n.figure.adds is Adds.ONE and not n.figure.kinds),
        unsaid=tuple(n for n in found.values() if n.unsaid),
    )


def ago_words(it: Board) -> str:
    """Which days of the year before the figures are held against."""
    return f"上年同期是{civil_words(it.year_before.first)}至{civil_words(it.year_before.last)}"


def growth_words(now: int, before: int) -> str:
    """How much more or less than before, in hundredths; nothing where there was nothing."""
    return f"{(now - before) / before * 100:+.1f}%".replace("-", "−") if before else ""


def late_words(number: Number) -> str:
    """What was recorded of it after the period had ended."""
    changed = words_of(number.figure, abs(number.late))
    if number.late < 0:
        return f"“{number.figure.label}”比期间结束的时候少了 {changed}，是后来又记了的缘故"
    return f"“{number.figure.label}”里有 {changed}是期间结束以后才记录的"


def _in_order(apart: Mapping[str, Mapping[str, int]], it: Sought) -> Mapping[str, Mapping[str, int]]:
    """Groups as they are declared; who did how much, the most first, but for outside, where that would tell what is not
    told."""
    if it.by in RANKED and not it.outside:
        return dict(sorted(apart.items(), key=lambda one: (-one[1]["closed"], -one[1]["succeeded"], one[0])))
    places = {code: n for n, code in enumerate(LABELS.get(it.by, ()))}
    return dict(sorted(apart.items(), key=lambda one: (places.get(one[0], len(places)), one[0])))


def _groups(
    apart: Mapping[str, Mapping[str, int]],
    things: Mapping[str, Mapping[str, int]],
    names: Mapping[str, str],
    small: int,
    parts: Mapping[str, Mapping[str, Sequence[int]]],
) -> tuple[tuple[str, str, tuple[int | None, ...], Quotient | None], ...]:
    """The figures told apart by group, without those that too few `things` are behind to be told."""
    columns = [
        untold_small(
            [row[f.code] for row in apart.values()],
            [things[g][f.code] for g in apart],
            small,
            [parts.get(g, {}).get(f.code, ()) for g in apart],
        )
        for f in TOLD_APART
    ]
    rows = zip(*columns, strict=True) if apart else ()
    return tuple(
        (group, names.get(group, group) or "没有写明", tuple(row), _rate_apart(row))
        for group, row in zip(apart, rows, strict=True)
    )


def _rate_apart(row: Sequence[int | None]) -> Quotient | None:
    """The rate of a group, of what is told of it."""
    told = dict(zip((f.code for f in TOLD_APART), row, strict=True))
    of, by = told[RATE_APART.of], told[RATE_APART.by]
    return None if of is None or by is None else Quotient(rate=RATE_APART, of=of, by=by)


def _parts(
    unit: Any, asked: Asked, counting: Sequence[Figure], by: str, small: int
) -> Mapping[str, Mapping[str, Sequence[int]]]:
    """What is not told of the organisations of each group where they are told apart, by the code of the figure."""
    own, things = (by_group(unit, figures, asked, "organisation") for figures in (TOLD_APART, counting))
    found: dict[str, dict[str, list[int]]] = {}
    for f in TOLD_APART:
        values = [row[f.code] for row in own.values()]
        told = untold_small(values, [things[id][f.code] for id in own], small)
        for id, value, shown in zip(own, values, told, strict=True):
            if shown is None:
                found.setdefault(asked.groups[by].get(id, ""), {}).setdefault(f.code, []).append(value)
    return found


def untold_small(
    values: Sequence[int], things: Sequence[int], small: int, parts: Sequence[Sequence[int]] = ()
) -> list[int | None]:
    """Values without those that fewer things than a bound are behind, and without as many more as it takes for none of
    them to be worked out from the sum, which is told: the smallest next, noughts last; of equal ones all, or which one
    it was would tell. Where `parts` of each are not told elsewhere, the values that are told must not tell them either.
    """
    are_counts = values == things
    few = {n for n, many in enumerate(things) if 0 < many < small}
    few |= {n for n, own in enumerate(parts) if own and _is_told_by_sum(own, are_counts, small)}
    further = sorted({(value == 0, value) for n, value in enumerate(values) if n not in few})
    hidden = set(few)
    while hidden and further:
        within = [part for n in hidden for part in (parts[n] if parts else ())]
        sums = filter(None, ([values[n] for n in hidden], within))
        if not any(_is_told_by_sum(it, are_counts, small) for it in sums):
            break
        _, next_ = further.pop(0)
        hidden |= {n for n, value in enumerate(values) if value == next_}
    return [None if n in hidden else value for n, value in enumerate(values)]


def _is_told_by_sum(hidden: Sequence[int], are_counts: bool, small: int) -> bool:
    """Whether the sum of what is hidden leaves no choice: there is one alone, or all are as small or as large as those
    hidden can be."""
    if len(hidden) == 1:
        return True
    if not are_counts or 0 in hidden:
        return False
    return len(set(hidden)) == 1 and hidden[0] in (1, small - 1)


def _months(period: Period) -> list[str]:
    found, month = [], Month.of(period.first)
    while month.first <= period.last:
        found.append(month.code)
        month = month.after
    return found


def labels(door: MediationService, by: str) -> Mapping[str, str]:
    """Words for the groups that figures are told apart by."""
    if by in LABELS:
        return LABELS[by]
    if by == "district":
        return {it.code: it.name for it in door.catalogue.zone.districts}
    with door.store.read() as unit:
        if by == "mediator":
            return {actor.id: actor.name for actor in unit.register.actors()}
        return {it.id: it.name for it in unit.register.organisations()} if by == "organisation" else {}


# -- what is behind a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something behind a number."""

    case: str
    """Empty where it is of no case."""
    organisation: str
    """The organisation of the directory that it is; empty where it is of a case."""
    number: str
    parties: str
    about: str
    line: int
    """The line that tells it; 0 where it is told by how the case stands."""
    day: str
    adds: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A page of what is behind a number."""

    figure: Figure
    group: str
    items: tuple[Item, ...]
    total: str
    after: str
    """From where the next page goes on; empty where there is none."""


def what_is_behind(
    door: MediationService,
    actor: Actor,
    it: Sought,
    settings: Mapping[str, int],
    figure: Figure,
    *,
    group: str | None = None,
    undated: bool = False,
    after: str = "",
) -> Behind:
    """A page of what is behind a figure, or behind what of it is of one group."""
    asked, place = asked_for(door, actor, it, settings), _place(after)
    names = labels(door, it.by) if group is not None else {}
    with door.store.read() as unit:
        narrowed = {"by": it.by, "group": group, "undated": undated}
        rows = behind(unit, figure, asked, after=place, most=A_PAGE + 1, **narrowed)  # type: ignore[arg-type]
        if group is None:
            found = numbers(unit, [figure], asked)[figure.code]
            total = found.undated if undated else found.value
        else:
            total = by_group(unit, [figure], asked, it.by).get(group, {}).get(figure.code, 0)
        shown = rows[:A_PAGE]
        cases = {row.case for row in shown if row.case}
        numbered = {r.case: r.number for r in unit.views.search(Wanted(cases=cases), most=A_PAGE)} if cases else {}
        by_body = figure.afterwards or figure.origin is Origin.DIRECTORY
        bodies = {it.id: it.name for it in unit.register.organisations()} if by_body else {}
        parties = {} if by_body else {case: heading(names) for case, names in names_of(unit, cases).items()}
    ends = end_of(it.period.last)
    items = tuple(
        _body(figure, row, bodies.get(row.organisation, row.organisation))
        if figure.origin is Origin.DIRECTORY
        else _item(
            *(door, figure, row, bodies.get(row.organisation) or numbered.get(row.case), parties.get(row.case, "")),
            is_late=row.known > ends and not figure.afterwards,
        )
        for row in shown
    )
    return Behind(
        figure=figure,
        group="" if group is None else names.get(group, group) or "没有写明",
        items=items,
        total=words_of(figure, total) if not undated else f"{total} {Unit.CASES.label}",
        after="~".join((shown[-1].case, shown[-1].what, shown[-1].key)) if len(rows) > A_PAGE else "",
    )


def _place(words: str) -> tuple[str, str, str]:
    parts = words.split("~")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def _body(figure: Figure, row: CountedRow, name: str) -> Item:
    """An organisation of the directory, or a month of it: the return, where there is one."""
    reported = next((it.label for it in Reported if it.value == row.kind), "")
    return Item(
        case=row.case,
        organisation=row.organisation,
        number=name,
        parties="",
        about=reported or HOST_KINDS.get(row.kind, HOST_KINDS["other"]),
        line=0,
        day=_day(figure, row.day) if row.day else "",
        adds="",
        is_late=False,
    )


def _item(
    door: MediationService, figure: Figure, row: CountedRow, number: str | None, parties: str, *, is_late: bool
) -> Item:
    line = int(row.key.removeprefix(BY_LINE)) if row.key.startswith(BY_LINE) else 0
    adds = added(figure, row)
    return Item(
        case=row.case,
        organisation="",
        number=number or row.case,
        parties=parties,
        about="" if line or not row.key else _thing(door, row.key),
        line=line,
        day=_day(figure, row.day) if row.day else "没有写明日期",
        adds="没有写明，没有算进去" if adds is None else words_of(figure, adds),
        is_late=is_late,
    )


def _day(figure: Figure, day: date) -> str:
    """On which day, or in which month where it is of one."""
    return Month.of(day).label if figure.afterwards else day_words(day)


def _thing(door: MediationService, key: str) -> str:
    """What an instance is called, with its number."""
    name, number = machine_of(key), key.rpartition("/")[2]
    label = next((w.machines[name].label for w in door.catalogue.workflows.values() if name in w.machines), "")
    return f"{label}{number}" if label else ""


# -- frozen reports


def content(unit: Any, asked: Asked) -> list[dict[str, Any]]:
    """What is frozen of the figures of a period: each with its value, and what it then meant."""
    return [
        {"code": code, "label": n.figure.label, "unit": n.figure.unit.code, "value": n.value}
        | {"by_day": n.figure.by_day, "counts": n.figure.counts}
        for code, n in numbers(unit, FIGURES, asked).items()
    ]


def freeze_now(door: MediationService, lead: Actor, it: Sought, settings: Mapping[str, int]) -> FrozenReport:
    """Freeze the figures of a period as they are now known. OfficeNotHeld, GuardRefused."""

    def asked(unit: Any) -> Asked:
        own = reach(unit.register, lead.organisation)
        return Asked(organisations=own, period=it.period, known=unit.now, forms=it.forms, settings=settings)

    count(door.store, door.catalogue)
    return freeze(door.store, lead, asked, content)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReport:
    """A frozen report in words."""

    report: FrozenReport
    period: str
    by: str
    organisation: str
    is_whole: bool
    adds_to: str
    """The period and moment of the report that it adds to; empty for a first one."""

    @property
    def kind(self) -> str:
        """Whether it is the report itself, or what was added later."""
        return "补报" if self.report.after else "上报"

    @property
    def sign(self) -> str:
        """By what it is known on paper."""
        return self.report.digest[:16]


def reports(door: MediationService, actor: Actor) -> list[ToldReport]:
    """The frozen reports of an actor's organisation and those below it, the latest first."""
    with door.store.read() as unit:
        found = unit.reports.reports(reach(unit.register, actor.organisation))
        names = {a.id: a.name for a in unit.register.actors()} | {o.id: o.name for o in unit.register.organisations()}
    known = {it.id: it for it in found}
    return [_told_report(it, known, names) for it in reversed(found)]


def _told_report(it: FrozenReport, known: Mapping[str, FrozenReport], names: Mapping[str, str]) -> ToldReport:
    period, before = read_period(it.period), known.get(it.after or "")
    return ToldReport(
        report=it,
        period=period.words if period else it.period,
        by=names.get(it.by, it.by),
        organisation=names.get(it.organisation, it.organisation),
        is_whole=is_whole(it),
        adds_to=moment_words(before.at) if before else "",
    )


def one_report(
    door: MediationService, actor: Actor, id: str, settings: Mapping[str, int]
) -> tuple[ToldReport, list[Row]] | None:
    """A frozen report beside the one that it adds to and what its figures are now; None where there is none."""
    count(door.store, door.catalogue)
    told = next((it for it in reports(door, actor) if it.report.id == id), None)
    period = read_period(told.report.period) if told else None
    if told is None or period is None:
        return None
    with door.store.read() as unit:
        own = reach(unit.register, told.report.organisation)
        known = {it.id: it for it in unit.reports.reports([told.report.organisation])}
        known_at = max(unit.now, told.report.at)
        now = Asked(organisations=own, period=period, known=known_at, forms=told.report.forms, settings=settings)
        return told, compared(told.report, known.get(told.report.after or ""), content(unit, now))


def in_unit(unit: str, value: int) -> str:
    """A value of a frozen report with its unit."""
    found = Unit.named(unit)
    return money_words(value) if found is Unit.MONEY else f"{value:,} {found.label if found else ''}"


def difference(unit: str, was: int, now: int) -> str:
    """By how much a value is otherwise."""
    return ("+" if now > was else "−") + in_unit(unit, abs(now - was))


# -- the form


def form_rows(
    door: MediationService, actor: Actor, it: Sought, settings: Mapping[str, int]
) -> list[tuple[str, list[int]]]:
    """The rows of the form: each organisation that has anything, then those below, then all together. None for outside:
    cell by cell it tells what is too small."""
    if it.outside:
        return []
    asked = asked_for(door, actor, it, settings)
    with door.store.read() as unit:
        told = [it for it in (BY_CODE[code] for code in {c.figure for c in COLUMNS}) if it.is_tallied]
        having = [k for k, row in by_group(unit, told, asked, "organisation").items() if any(row.values())]
        names = {o.id: o.name for o in unit.register.organisations()}
        ways = [(names.get(k, k), [k]) for k in having]
        ways.append((BELOW, [k for k in asked.organisations if k != actor.organisation]))
        ways.append((ALL, list(asked.organisations)))
        return [(name, _row(unit, replace(asked, organisations=ids))) for name, ids in ways]


def _row(unit: Any, asked: Asked) -> list[int]:
    whole = values(unit, IN_FORM, asked)
    apart = {by: by_group(unit, IN_FORM, asked, by) for by in {column.by for column in COLUMNS if column.by}}
    return [_cell(column, whole, apart) for column in COLUMNS]


def _cell(column: Column, whole: Mapping[str, int], apart: Mapping[str, Mapping[str, Mapping[str, int]]]) -> int:
    if not column.by:
        return whole[column.figure]
    return sum(apart[column.by].get(group, {}).get(column.figure, 0) for group in column.groups)


def told_of(it: Sought) -> str:
    """For which period, as known when, with or without what is only oral: printed on all that leaves the page."""
    days = f"{it.period.words}（{civil_words(it.period.first)}至{civil_words(it.period.last)}）"
    return f"{days}，截至{civil_words(it.day)}的记录；{oral_words(it)}"


def colours_words(it: Board) -> str:
    """By which rule a district is red or yellow."""
    return rule_words(it.policy)


def hidden_words(it: Board) -> str:
    """What is left out of what is told apart for outside."""
    return f"“不写”的，是少于 {it.policy['small']} 件的，和写出来就能推算出它们的"


def oral_words(it: Sought) -> str:
    """Whether what is only oral counts."""
    return "口头和书面协议都算" if it.forms else "仅书面协议，口头协议不算"


def as_xlsx(board_: Board, rows: Iterable[tuple[str, list[int]]]) -> bytes:
    """The form in its own columns, all figures with what they mean, and what they do not tell."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = TITLE[:31]
    bold, centred = Font(bold=True), Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.append([TITLE])
    sheet.append([told_of(board_.sought)])
    sheet.append(["单位", *(c.head for c in COLUMNS)])
    sheet.append(["", *(c.label for c in COLUMNS)])
    for name, cells in rows:
        sheet.append([name, *map(_in_form, COLUMNS, cells)])
    for n, column in enumerate(COLUMNS, 2):
        sheet.column_dimensions[get_column_letter(n)].width = 12
        if BY_CODE[column.figure].unit is Unit.MONEY:
            for cell in sheet[get_column_letter(n)][4:]:
                cell.number_format = "0.00"
    if board_.sought.outside:
        sheet.append([NO_FORM])
    sheet.column_dimensions["A"].width, sheet.freeze_panes = 26, "B5"
    for row in sheet["3:4"]:
        for cell in row:
            cell.font, cell.alignment = bold, centred
    all_ = book.create_sheet("全部指标")
    all_.append(["指标", "数", "上年同期", "单位", "日期口径", "算什么、不算什么"])
    for _, counted, rates in board_.heads:
        for number in counted:
            figure = number.figure
            both = [number.value, board_.ago[figure.code]]
            said = [n / 100 for n in both] if figure.unit is Unit.MONEY else both
            all_.append([figure.label, *said, figure.unit.label, figure.by_day, figure.counts])
        for rate in rates:
            words = rate.rate.counts + f"（{rate.of} ÷ {rate.by}）"
            all_.append([rate.rate.label, rate_words(rate), "", "", "", words])
    for letter, width in zip("ABCDEF", (22, 16, 16, 8, 14, 90), strict=True):
        all_.column_dimensions[letter].width = width
    told = book.create_sheet("说明")
    told.column_dimensions["A"].width = 100
    for words in [*notes(board_), *days_told()]:
        told.append([words])
    for row in (*all_["1:1"],):
        row.font = bold
    return saved(book, board_.sought.day)


def in_form(column: Column, value: int) -> str:
    """A cell of the form in words."""
    return f"{_in_form(column, value):.2f}" if BY_CODE[column.figure].unit is Unit.MONEY else str(value)


def _in_form(column: Column, value: int) -> int | float:
    """A cell of the form: money in 万元 with two decimals."""
    return round(value / 1_000_000, 2) if BY_CODE[column.figure].unit is Unit.MONEY else value


def days_told() -> list[str]:
    """By which day each column of the form counts, a sentence for each kind of day; why a committee may have none."""
    by_day: dict[str, list[str]] = {}
    for column in COLUMNS:
        by_day.setdefault(BY_CODE[column.figure].by_day, []).append(_column_words(column))
    said = [f"照{day}算的：{'、'.join(dict.fromkeys(labels))}" for day, labels in by_day.items()]
    if len(said) > 1:
        said.append("日子不同的不能相减：协议在这个期间生效、履行的，案件可以以后才结案，所以协议可以比调解成功的多")
    return [*said, NO_CASES_OF_COMMITTEES]


def _column_words(column: Column) -> str:
    """A column of the form, those under a head by the head where all of it counts alike."""
    figures = {BY_CODE[it.figure].by_day for it in COLUMNS if it.head == column.head}
    words = column.head if column.head and len(figures) == 1 else column.label
    return words.partition("（")[0]


def notes(it: Board) -> list[str]:
    """What is to be known of the figures of a period."""
    said = [told_of(it.sought), ago_words(it)]
    said += [f"补报：{late_words(n)}" for n in it.late]
    said += [f"“{n.figure.label}”另有 {n.undated} 件没有写明日期，不在任何期间里" for n in it.undated]
    said += [f"“{n.figure.label}”有 {n.unsaid} 件没有写明，没有算进去" for n in it.unsaid]
    return [*said, "记录里没有、因此没有列的：" + "；".join(UNTOLD)]
