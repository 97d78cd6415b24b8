"""The words cases are found by: one row for each word of a case. See `search_terms`.

Where the number, the parties or a party's name change they are compared, and what differs is written in the same
transaction; so a name that is erased from the register can be found no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from ...ports.views import Wanted
from ...read_models import search_terms
from . import schema as s
from .work import Question, Work, inserting

LAST_CHARACTER = chr(0x10FFFF)
MANY = 500
"""Rows of a word are counted up to here: the rarest one leads, and past this it does not matter which."""
_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM search WHERE word = ? LIMIT {MANY}) AS found"
_OF_PERSON = 'SELECT "case" FROM named WHERE person = ? ORDER BY "case"'
_THERE = 'SELECT word FROM search WHERE "case" = ?'
_NUMBER = 'SELECT number FROM case_list WHERE "case" = ?'
_NAMES = (
    'SELECT people.id, people.name FROM named JOIN people ON people.id = named.person WHERE named."case" = ? '
    "ORDER BY people.version"
)
_PUT, _DROP = inserting(s.search), 'DELETE FROM search WHERE word = ? AND "case" = ?'


def cases_of(person: str) -> Question:
    """Asks for the cases that somebody is a party to."""
    return _OF_PERSON, (person,)


def write(work: Work, case: str) -> None:
    """Make the words of a case what they should be."""
    there, wanted = _words(work, case)
    work.later(_DROP, [(word, case) for word in sorted(there - wanted)])
    work.later(_PUT, [(word, case) for word in sorted(wanted - there)])


def is_as_it_should_be(work: Work, case: str) -> bool:
    """Whether a case is found by its number and its parties' newest names, and by nothing else."""
    there, wanted = _words(work, case)
    return there == wanted


def _words(work: Work, case: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words a case is found by, and those it should be found by."""
    there, numbers, names = work.ask((_THERE, (case,)), (_NUMBER, (case,)), (_NAMES, (case,)))
    newest = {row[0]: row[1] for row in names}  # of somebody's versions the last counts
    of_names = map(search_terms.of_name, newest.values())
    of_numbers = (search_terms.of_number(number or "") for (number,) in numbers)
    return frozenset(word for (word,) in there), frozenset().union(*of_numbers, *of_names)


def ways(work: Work, rows: Select[Any], wanted: Wanted, after: str, most: int) -> list[Select[Any]]:
    """What finds the first rows of the list, after a case, that are wanted: each way to them has its own statement.

    What is typed may be how an id begins, or be words: then the rarest leads, and the others must be there too.
    """
    c, w = s.case_list.c, s.search.c
    found = rows.where(*narrowing(wanted)).limit(most)
    by_id = found.order_by(c.case)
    if not wanted.words:
        return [by_id.where(c.case > after)]
    # One bound from below: of two, SQLite walks its index from the first it is given.
    beyond = c.case > after if after >= wanted.words else c.case >= wanted.words
    begins = by_id.where(beyond, c.case < wanted.words + LAST_CHARACTER)
    words = sorted(search_terms.asked(wanted.words))
    if not words:
        return [begins]
    counted = [int(rows[0][0]) for rows in work.ask(*((_COUNT, (word,)) for word in words))]
    rarest, *others = [word for _, word in sorted(zip(counted, words, strict=True))]
    # By the case of the word, not of the list: so the index gives the order, and only the first page is read.
    led = found.join(s.search, w.case == c.case).where(w.word == rarest, w.case > after).order_by(w.case)
    return [begins, led.where(*map(_has, others))]


def narrowing(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What rows of the list must be, the words apart."""
    c = s.case_list.c
    for column, value in ((c.phase, wanted.phase), (c.dispute, wanted.dispute), (c.track, wanted.track)):
        if value:
            yield column == value
    if wanted.organisations is not None:
        yield c.organisation.in_(wanted.organisations)
    if wanted.cases is not None:
        yield c.case.in_(wanted.cases)
    if wanted.closed is not None:
        yield c.closed.is_not(None) if wanted.closed else c.closed.is_(None)
    if wanted.due_before is not None:
        d = s.due_dates.c
        yield select(d.case).where(d.case == c.case, d.due < wanted.due_before).exists()


def _has(word: str) -> ColumnElement[bool]:
    other = s.search.alias()
    return select(other.c.case).where(other.c.word == word, other.c.case == s.case_list.c.case).exists()
