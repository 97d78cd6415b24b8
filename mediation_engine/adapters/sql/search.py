"""The words cases are found by: one row for each word of a case. See `bigrams`.

Where the number, the parties or a party's name change they are compared, and what differs is written in the same
transaction; so a name that is erased from the register can be found no more.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select

from ... import bigrams
from ...ports import Wanted
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
    newest: dict[str, str] = {person: name for person, name in names}  # noqa: C416  (the last version counts)
    of_names = map(bigrams.of_name, newest.values())
    of_numbers = (bigrams.of_number(number or "") for (number,) in numbers)
    return frozenset(word for (word,) in there), frozenset().union(*of_numbers, *of_names)


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
