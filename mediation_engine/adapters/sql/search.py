"""The words cases are found by: those of a number stand with the case, those of a name with the person.

A name is written once, with whoever has it, however many cases name him: most cases name a firm that is known. Where
a number or a name changes its words are compared, and what differs is written in the same transaction; so a name that
is erased from the register can be found no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, not_, select

from ...ports.register import names_of
from ...ports.views import Wanted
from ...read_models import search_terms
from . import schema as s
from .work import Work, inserting

LAST_CHARACTER = chr(0x10FFFF)
MANY = 200
"""The cases of a word are counted up to here: the rarest one leads, and past this the list is walked first."""
NEAR = 2_000
"""So many cases of the list are walked for words that many have; where they give no page, the words lead."""
FEW = 20
"""So many people of a word have their cases walked one by one."""
_COUNT = (
    "SELECT count(*) FROM (SELECT 1 FROM number_words WHERE word = ? UNION ALL SELECT 1 FROM name_words "
    "JOIN named ON named.person = name_words.person WHERE name_words.word = ? LIMIT ?) AS found"
)
_PEOPLE = "SELECT person FROM name_words WHERE word = ? LIMIT ?"
_BEYOND = 'SELECT "case" FROM case_list WHERE "case" > ? ORDER BY "case" LIMIT 1 OFFSET ?'
_NUMBER = 'SELECT number FROM case_list WHERE "case" = ?'
_NAMES = (
    "SELECT people.id, people.name, people.other_names FROM named JOIN people ON people.id = named.person "
    'WHERE named."case" = ? ORDER BY people.version'
)


def write_number(work: Work, case: str) -> None:
    """Make the words of a case's number what they should be."""
    _write(work, s.number_words, case, _of_number(work, case))


def write_names(work: Work, person: str, names: Iterable[str]) -> None:
    """Make the words that somebody is found by those of some names."""
    _write(work, s.name_words, person, search_terms.of_names(names))


def write(work: Work, case: str) -> None:
    """Make all words that a case is found by what they should be."""
    for table, owner, words in _wanted(work, case):
        _write(work, table, owner, words)


def is_as_it_should_be(work: Work, case: str) -> bool:
    """Whether a case is found by its number and its parties' newest names, and by nothing else."""
    return all(_there(work, table, owner) == words for table, owner, words in _wanted(work, case))


def _wanted(work: Work, case: str) -> Iterator[tuple[Table, str, frozenset[str]]]:
    """The words of a case's number and of each party's name, with the table and whose they are."""
    yield s.number_words, case, _of_number(work, case)
    [names] = work.ask((_NAMES, (case,)))
    # Of somebody's versions the last counts. SQLite may hold any value there: audit tells of that, and not this.
    newest = {id: names_of(str(name), other and str(other)) for id, name, other in names}
    for person, theirs in newest.items():
        yield s.name_words, person, search_terms.of_names(theirs)


def _of_number(work: Work, case: str) -> frozenset[str]:
    [numbers] = work.ask((_NUMBER, (case,)))
    return frozenset().union(*(search_terms.of_number(str(number or "")) for (number,) in numbers))


def _there(work: Work, table: Table, owner: str) -> frozenset[str]:
    word, owners = table.columns
    return frozenset(work.execute(select(word).where(owners == owner)).scalars())


def _write(work: Work, table: Table, owner: str, wanted: frozenset[str]) -> None:
    there, (word, owners) = _there(work, table, owner), table.columns.keys()
    dropping = f'DELETE FROM {table.name} WHERE "{word}" = ? AND "{owners}" = ?'
    work.later(dropping, [(word, owner) for word in sorted(there - wanted)])
    work.later(inserting(table), [(word, owner) for word in sorted(wanted - there)])


def find(work: Work, rows: Select[Any], wanted: Wanted, after: str, most: int) -> list[Row[Any]]:
    """The first rows of the list, after a case, that are wanted.

    What is typed may be how an id begins, or be words: then the rarest leads, and the others must be there too.
    """
    c = s.case_list.c
    found = rows.where(*narrowing(wanted)).limit(most)
    by_id = found.order_by(c.case)
    if not wanted.words:
        return list(work.execute(by_id.where(c.case > after)))
    # One bound from below: of two, SQLite walks its index from the first it is given.
    beyond = c.case > after if after >= wanted.words else c.case >= wanted.words
    begins = list(work.execute(by_id.where(beyond, c.case < wanted.words + LAST_CHARACTER)))
    words = sorted(search_terms.asked(wanted.words))
    met = {row.case: row for row in (*begins, *(_of_words(work, found, words, after, most) if words else ()))}
    return [met[case] for case in sorted(met)][:most]


def _of_words(work: Work, found: Select[Any], words: list[str], after: str, most: int) -> list[Row[Any]]:
    """Cases that have all of some words: the first of each way to them."""
    c, number, name, named = s.case_list.c, s.number_words.c, s.name_words.c, s.named.c
    counted = [int(rows[0][0]) for rows in work.ask(*((_COUNT, (word, word, MANY)) for word in words))]
    (count, rarest), *others = sorted(zip(counted, words, strict=True))
    [people] = work.ask((_PEOPLE, (rarest, FEW + 1)))
    if len(people) > FEW and count == MANY:
        [beyond] = work.ask((_BEYOND, (after, NEAR)))
        near = found.where(c.case > after, *(c.case <= case for (case,) in beyond))
        met = list(work.execute(near.where(*map(_has, words)).order_by(c.case)))
        if len(met) == most:
            return met
    led = found.where(*(_has(word) for _, word in others))
    # By the case of the word, not of the list: so the index gives the order, and only the first page is read.
    of_number = led.join(s.number_words, number.case == c.case).where(number.word == rarest, number.case > after)
    ways = [of_number.order_by(number.case)]
    if len(people) > FEW:
        theirs = select(named.case).join(s.name_words, name.person == named.person).where(name.word == rarest)
        ways.append(led.where(c.case.in_(theirs), c.case > after).order_by(c.case))
    else:
        his = led.join(s.named, named.case == c.case).where(named.case > after).distinct().order_by(c.case)
        ways += [his.where(named.person == person) for (person,) in people]
    return [row for way in ways for row in work.execute(way)]


def narrowing(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What rows of the list must be, the words apart."""
    c = s.case_list.c
    fixed: tuple[tuple[Any, str], ...] = (
        (c.phase, wanted.phase),
        (c.state, wanted.state),
        (c.dispute, wanted.dispute),
        (c.track, wanted.track),
        (c.kind, wanted.kind),
        (c.district, wanted.district),
        (c.raised, wanted.raised),
        (c.settled, wanted.settled),
    )
    for column, value in fixed:
        if value:
            yield column == value
    if wanted.disputes:
        yield c.dispute.in_(wanted.disputes)
    if wanted.organisations is not None:
        yield c.organisation.in_(wanted.organisations)
    if wanted.mediator is not None:
        yield c.mediator == wanted.mediator if wanted.mediator else c.mediator.is_(None)
    if wanted.cases is not None:
        yield c.case.in_(wanted.cases)
    else:
        yield c.matter == wanted.matter
    if wanted.reporter:
        yield c.reporter == wanted.reporter
    if wanted.predecessor:
        yield c.predecessor == wanted.predecessor
    if wanted.kept:
        yield c.kept > 0
        yield c.closed.is_not(None)
    if wanted.closed is not None:
        yield c.closed.is_not(None) if wanted.closed else c.closed.is_(None)
    if wanted.due_before is not None:
        d = s.due_dates.c
        late = (d.case == c.case, d.due < wanted.due_before, s.DUTY, not_(s.WAITING))
        yield select(d.case).where(*late).exists()


def _has(word: str) -> ColumnElement[bool]:
    """Whether a case has a word, in its number or in a name."""
    c, number, name, named = s.case_list.c, s.number_words.alias().c, s.name_words.alias().c, s.named.alias().c
    in_name = select(named.case).where(named.case == c.case, name.person == named.person, name.word == word)
    return select(number.case).where(number.word == word, number.case == c.case).exists() | in_name.exists()
