"""The words cases are found by: one row for each word of a case. See `bigrams`.

They are written anew where the number, the parties or a party's name are others, in the transaction that changes
them; so a name that is erased from the register can be found no more.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, delete, insert, select

from ... import bigrams
from ...ports import Wanted
from . import schema as s
from .work import Work

LAST_CHARACTER = chr(0x10FFFF)
MANY = 500
"""Rows of a word are counted up to here: the rarest one leads, and past this it does not matter which."""
_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM search WHERE word = ? LIMIT {MANY}) AS found"
_OF_PERSON = 'SELECT "case" FROM named WHERE person = ?'


def write(work: Work, case: str) -> None:
    """Make the words of a case anew."""
    work.execute(delete(s.search).where(s.search.c.case == case))
    words = words_of(work, case)
    if words:
        work.execute(insert(s.search), [{"word": word, "case": case} for word in sorted(words)])


def write_of_person(work: Work, person: str) -> None:
    """Make the words of all cases anew that somebody is a party to."""
    [rows] = work.ask((_OF_PERSON, (person,)))
    for case in sorted({row[0] for row in rows}):
        write(work, case)


def words_of(work: Work, case: str) -> frozenset[str]:
    """The words a case is to be found by."""
    p, n = s.people.c, s.named.c
    number = work.execute(select(s.case_list.c.number).where(s.case_list.c.case == case)).scalar()
    names = select(p.id, p.name).join(s.named, n.person == p.id).where(n.case == case).order_by(p.version)
    newest = {row.id: row.name for row in work.execute(names)}
    return bigrams.of_number(number or "").union(*map(bigrams.of_name, newest.values()))


def held(work: Work, case: str) -> frozenset[str]:
    """The words a case is found by."""
    return frozenset(work.execute(select(s.search.c.word).where(s.search.c.case == case)).scalars())


def narrowed(found: Select[tuple[object, ...]], wanted: Wanted) -> Select[tuple[object, ...]]:
    """Of the rows of the list those that are wanted, the words apart."""
    c = s.case_list.c
    asked: list[ColumnElement[bool]] = [
        column == value
        for column, value in ((c.phase, wanted.phase), (c.dispute, wanted.dispute), (c.track, wanted.track))
        if value
    ]
    if wanted.organisations is not None:
        asked.append(c.organisation.in_(wanted.organisations))
    if wanted.closed is not None:
        asked.append(c.closed.is_not(None) if wanted.closed else c.closed.is_(None))
    if wanted.due_before is not None:
        d = s.due_dates.c
        asked.append(select(d.case).where(d.case == c.case, d.due < wanted.due_before).exists())
    return found.where(*asked)


def with_words(work: Work, found: Select[tuple[object, ...]], typed: str) -> list[Select[tuple[object, ...]]]:
    """Of the rows of the list those found by what is typed: by the beginning of the id, and by all the words of it."""
    c = s.case_list.c
    ways = [found.where(c.case >= typed, c.case < typed + LAST_CHARACTER)]
    words = sorted(bigrams.asked(typed))
    if words:
        counted = [int(rows[0][0]) for rows in work.ask(*((_COUNT, (word,)) for word in words))]
        rarest, *others = [word for _, word in sorted(zip(counted, words, strict=True))]
        led = found.join(s.search, s.search.c.case == c.case).where(s.search.c.word == rarest)
        ways.append(led.where(*(_has(word) for word in others)))
    return ways


def _has(word: str) -> ColumnElement[bool]:
    other = s.search.alias()
    return select(other.c.case).where(other.c.word == word, other.c.case == s.case_list.c.case).exists()
