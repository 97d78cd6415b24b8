"""A ledger on its way into the record: its columns named, its rows read and held against what is there."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mediation_engine.domain.formatting import day_words
from mediation_engine.domain.roles import Actor, may_handle
from mediation_engine.errors import NothingInForce, TableUnfit
from mediation_engine.input.tables import Column, Kind, Layout, Sheet, TableFault, sheets_in, write_table
from mediation_engine.services.mediation import MediationService
from workflows.vocabulary import Side

from ..case_import import ledger_columns as columns
from ..case_import.ledger import Looked, Standing, look
from ..case_import.ledger_orders import FAMILY, Taker, taking_of
from ..case_import.ledger_rows import Entry, LedgerRead, read_ledger
from ..presenters.same_names import cases_with_just


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that was brought: the sheet that is meant, and which column each of its headers means."""

    sheet: Sheet
    sheets: tuple[str, ...]
    """The titles of all that have something on them."""
    headers: Mapping[str, str]
    """The name of the column by header; empty for one that is not read."""
    digest: str

    @property
    def wrong(self) -> list[str]:
        """What bars reading it: columns that are asked and missing, or meant twice."""
        lacking, twice = columns.missing(self.headers), columns.twice(self.headers)
        found = [f"还没有说哪一列是{'、'.join(f'“{it}”' for it in lacking)}"] if lacking else []
        for name in twice:
            both = "、".join(f"“{header}”" for header, column in self.headers.items() if column == name)
            found.append(f"{both}都选了“{name}”，只能有一列")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLooked:
    """A ledger held against itself and the record: with any fault nothing of it is to be taken."""

    read: LedgerRead
    rows: tuple[Looked, ...]
    warnings: tuple[str, ...]

    @property
    def faults(self) -> tuple[TableFault, ...]:
        """Every one, in the order of the rows."""
        return self.read.faults

    @property
    def to_give(self) -> list[Looked]:
        """The rows of which something is to be recorded."""
        return [it for it in self.rows if it.orders]

    @property
    def others(self) -> list[Looked]:
        """The rows that say something else than the record does."""
        return [it for it in self.rows if it.standing is Standing.OTHERWISE]

    def count(self, standing: Standing) -> int:
        """How many rows stand so."""
        return sum(it.standing is standing for it in self.rows)

    @property
    def results(self) -> list[tuple[str, int]]:
        """How many of the new rows went how."""
        new = Counter(it.taking.entry.result for it in self.rows if it.standing is Standing.NEW)
        return [(result.value, new[result]) for result in columns.Result if new[result]]


def nothing_said(_: Sheet) -> Mapping[str, str]:
    """Of no header anything is said now."""
    return {}


def opened(
    content: bytes,
    kept: Mapping[str, str],
    title: str = "",
    said: Callable[[Sheet], Mapping[str, str]] = nothing_said,
) -> Opened:
    """A file with what its headers mean: as `said` now, by header, else as kept, else as their words plainly say.

    TableUnfit.
    """
    sheets = sheets_in(content, columns.known(kept), most=columns.MOST_ROWS)
    sheet = next((it for it in sheets if it.title == title), sheets[0])
    headers = columns.guessed(sheet.headers, kept)
    for header, name in said(sheet).items():
        if header in headers and (not name or name in columns.BY_NAME):
            headers[header] = name
    return Opened(
        sheet=sheet,
        sheets=tuple(it.title for it in sheets),
        headers=headers,
        digest=hashlib.sha256(content).hexdigest(),
    )


def kept_headers(service: MediationService, actor: Actor) -> dict[str, str]:
    """What the room has said before of its headers."""
    with service.store.read() as unit:
        return unit.ledger_headers.of(actor.organisation)


def keep_headers(service: MediationService, actor: Actor, it: Opened) -> None:
    """Keep what the headers mean, for the next time."""
    with service.store.write() as unit:
        unit.ledger_headers.keep(actor.organisation, it.headers)


def looked(
    service: MediationService, it: Opened, actor: Actor, today: date, *, in_zone: bool, since: int = 0
) -> LedgerLooked:
    """The rows of a file below row `since`, held against themselves and the record. TableUnfit, NothingInForce."""
    if it.wrong:
        raise TableUnfit(why="；".join(it.wrong))
    read = read_ledger(it.sheet, it.headers, today)
    taker = _taker(service, actor, it.digest, today, in_zone=in_zone)
    rows = look(service, [taking_of(entry, taker) for entry in read.entries if entry.row > since])
    new = [row.taking.entry for row in rows if row.standing is Standing.NEW]
    warnings = [*read.warnings, *_strangers(new, taker), *_alike(service, new, actor)]
    return LedgerLooked(read=read, rows=tuple(rows), warnings=tuple(warnings))


def _taker(service: MediationService, actor: Actor, digest: str, today: date, *, in_zone: bool) -> Taker:
    workflow = next((w for w in service.catalogue.for_new_cases(today) if w.family == FAMILY), None)
    if workflow is None:
        raise NothingInForce(day=day_words(today))
    with service.store.read() as unit:
        able = [it for it in unit.register.actors() if may_handle(it, actor.organisation)]
    twice = Counter(it.name for it in able)
    return Taker(
        actor=actor,
        staff={it.name: it.id for it in able if twice[it.name] == 1},
        workflow=workflow.name,
        in_zone=in_zone,
        digest=digest,
        today=today,
    )


def _strangers(new: Iterable[Entry], taker: Taker) -> list[str]:
    """Who handles cases by the ledger and has no account: their cases are nobody's at first."""
    named = Counter(it.mediator for it in new if it.mediator and it.mediator not in taker.staff)
    return [
        f"承办调解员“{name}”（{count} 件）在系统里没有账号，或不止一个；案件先没有承办人，名字照原话记下"
        for name, count in sorted(named.items())
    ]


def _alike(service: MediationService, new: Sequence[Entry], actor: Actor) -> list[str]:
    """Rows whose parties are those of a case that is there already, under another number."""
    both = {it.row: frozenset(party.name for party in it.parties) for it in new}
    found = cases_with_just(service.store, both.values(), actor.organisation)
    return [
        f"第{it.row}行：当事人与已经登记的 {'、'.join(found[both[it.row]][:3])} 相同；是同一件的，请从表里删去这一行"
        for it in new
        if both[it.row] in found
    ]


FAULTS = Layout(
    title="要改的",
    columns=tuple(
        Column(name=label, label=label, read=str, kind=Kind.WORDS, help=help)
        for label, help in (("第几行", "原来的表里的行号"), ("哪一列", ""), ("有什么错、怎样改", ""))
    ),
)


def faults_table(faults: Iterable[TableFault]) -> bytes:
    """The faults as a table to work through: words whatever they look like, no formula among them."""
    names = [column.name for column in FAULTS.columns]
    told = ((str(it.row) if it.row else "表头", it.label, it.sentence) for it in faults)
    return write_table(FAULTS, [dict(zip(names, row, strict=True)) for row in told])


# -- as a page and the console show it


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a file, with an example of what stands below it and the column it means."""

    place: int
    words: str
    sample: str
    column: str


HEAD = ("行", "编号", "受理日期", "申请人", "被申请人", "纠纷类型", "结果", "录入后")


_LONG = re.compile(r"\d{7,}[\dXx]?")


def _masked(number: re.Match[str]) -> str:
    """A long number in an example, of a person or an account, as little as tells what it is."""
    return f"{number[0][:3]}…{number[0][-2:]}"


def headers_shown(it: Opened) -> list[Header]:
    """The headers in their order; empty ones left out."""
    both = enumerate(zip(it.sheet.headers, it.sheet.samples, strict=True))
    return [Header(n, words, _LONG.sub(_masked, sample), it.headers[words]) for n, (words, sample) in both if words]


def rows_shown(it: LedgerLooked) -> list[tuple[str, ...]]:
    """A row for each that is to be taken."""
    return [_shown(row) for row in it.to_give]


def _shown(row: Looked) -> tuple[str, ...]:
    entry = row.taking.entry
    sides = {side: "、".join(party.name for party in entry.parties if party.side is side) for side in Side}
    return (
        *(str(entry.row), entry.number, str(entry.day)),
        *(sides[Side.APPLICANT], sides[Side.RESPONDENT] or "（没有写）"),
        *(entry.dispute.label, entry.result.value, _after(row)),
    )


def _after(row: Looked) -> str:
    """How the case stands once it is taken."""
    if row.standing is Standing.MORE:
        return f"补上 {len(row.orders)} 步"
    entry = row.taking.entry
    if entry.result in (columns.Result.FAILED, columns.Result.WITHDRAWN):
        return "结案"
    return "结案" if entry.is_performed and entry.closed else "在办"
