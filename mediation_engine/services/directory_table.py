"""The directory as a table: written out, held against what there is, and taken whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ..domain.directory import Directory
from ..domain.fields import Text
from ..domain.people import PartyKind, PersonDetails, Phone
from ..domain.roles import Actor, Level, Office, Organisation
from ..ids import Randomness, id_of
from ..input import directory as columns
from ..input.directory import DirectoryRead, OrganisationLine
from ..input.new_people import someone
from ..input.tables import WANTED, TableFault
from ..ports.register import Entered
from ..ports.store import Store, Unit
from .directory import directory_of, put_all
from .people import People

ABOUT = (("简称", columns.SHORT), ("它下面有", columns.LEVEL), ("撤销", columns.UNTIL))
"""How faults of the directory begin, and the column that each is about; the others are about the one above."""


class Standing(Enum):
    """How a row stands to what there is."""

    NEW = "新登记"
    CHANGED = "改动"
    SAME = "没有变化"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An organisation as a row has it, and who answers for it where that is somebody else than before."""

    row: int
    standing: Standing
    organisation: Organisation
    contact: str = ""
    """The name of a new contact."""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryLooked:
    """What a table would do: with any fault nothing of it is taken."""

    planned: tuple[Planned, ...]
    """In an order in which each stands below one that is there."""
    faults: tuple[TableFault, ...]
    notes: tuple[str, ...]

    def count(self, standing: Standing) -> int:
        """How many rows stand so."""
        return sum(it.standing is standing for it in self.planned)

    @property
    def to_put(self) -> list[Planned]:
        """Those that are new, or otherwise than before."""
        return [it for it in self.planned if it.standing is not Standing.SAME]

    @property
    def has_phones(self) -> bool:
        """Whether numbers come into the register with it."""
        return any(it.phone for it in self.to_put)


def rows(store: Store, reader: Actor, kinds: Mapping[str, str]) -> list[dict[str, str]]:
    """The directory of somebody's organisation and those below it, as rows of the table."""
    with store.read() as unit:
        held = directory_of(unit, reader)
        names = _contacts(unit, held)
    return [
        {
            columns.ID: it.id,
            columns.NAME: it.name,
            columns.SHORT: it.short_name,
            columns.KIND: kinds.get(it.kind, kinds["other"]),
            columns.LEVEL: it.level.label if it.level else "",
            columns.PARENT: held.by_id[it.parent].name if it.parent in held.by_id else "",
            columns.SINCE: columns.day_words_in(it.since),
            columns.UNTIL: columns.day_words_in(it.until),
            columns.CONTACT: names.get(it.contact or "", ""),
            columns.PHONE: "",
        }
        for it in sorted(held, key=lambda it: it.id)
    ]


def look(store: Store, reader: Actor, read: DirectoryRead) -> DirectoryLooked:
    """Hold a table against the directory. Nothing is written."""
    with store.read() as unit:
        matching = _Matching(unit, reader, read.lines)
    planned = () if read.faults else tuple(matching.planned())
    faults = sorted((*read.faults, *matching.faults), key=lambda it: it.row)
    return DirectoryLooked(planned=planned, faults=tuple(faults), notes=read.notes)


def take(
    store: Store, by: Actor, office: Office, looked: DirectoryLooked, people: People | None, randomness: Randomness
) -> None:
    """Enter what is new and change what is otherwise, all in one transaction.

    FormFaults, OfficeNotHeld, OutsideOwnRemit.
    """
    organisations, contacts = list[Organisation](), list[Entered]()
    for it in looked.to_put:
        organisation = it.organisation
        if it.contact:
            person = someone("contact", it.contact, PartyKind.PERSON, randomness)
            details = PersonDetails(phones=(Phone(number=Text(it.phone)),))
            bare = Entered(person=person, key=None, found=frozenset())
            contacts.append(people.sealed(person, details) if people and it.phone else bare)
            organisation = replace(organisation, contact=person.id)
        organisations.append(organisation)
    put_all(store, by, office, organisations, contacts)


def _contacts(unit: Unit, held: Iterable[Organisation]) -> dict[str, str]:
    people = unit.register.people([it.contact for it in held if it.contact])
    return {id: person.name for id, person in people.items()}


class _Matching:
    """Rows on the way to organisations."""

    def __init__(self, unit: Unit, reader: Actor, lines: Sequence[OrganisationLine]) -> None:
        self.reader, self.lines = reader, lines
        self.own = directory_of(unit, reader)
        self.all = Directory(unit.register.organisations())
        self.names = _contacts(unit, self.own)
        self.faults: list[TableFault] = []

    def planned(self) -> Iterator[Planned]:
        """Each row, those above before those below; what is wrong is put among the faults."""
        found = [(line, before, id) for line in self.lines for before, id in self._known(line)]
        ids = self._once(found)
        names = [(it.name, it.id) for it in self.own if it.id not in ids]
        names += [(line.values[columns.NAME], id) for line, _, id in found]
        made = {id: self._made(line, before, id, names) for line, before, id in found}
        lines = {id: line for line, _, id in found}
        befores = {id: before for _, before, id in found}
        for id in _from_above(made):
            new = made[id]
            for sentence in self.all.faults(new):
                self._wrong(lines[id].row, _column_of(sentence), sentence)
            self.all.by_id[id] = new
            yield self._held_against(lines[id], new, befores[id])

    def _known(self, line: OrganisationLine) -> Iterator[tuple[Organisation | None, str]]:
        """The organisation that a row is about, and its id; None for a new one."""
        id, name = line.values.get(columns.ID), line.values[columns.NAME]
        if id:
            if id in self.all.by_id and id not in self.own.by_id:
                self._wrong(line.row, columns.ID, f"编号“{id}”已经是别处的组织，请换一个，或空着")
                return
            yield self.own.by_id.get(id), id
            return
        same = [it for it in self.own if it.name == name]
        if len(same) > 1:
            self._wrong(line.row, columns.NAME, "名录里有几个同名的，请写明编号")
            return
        made_up = f"org-{id_of('organisation', self.reader.organisation, name)[:16].lower()}"
        yield (same[0], same[0].id) if same else (self.own.by_id.get(made_up), made_up)

    def _once(self, found: Iterable[tuple[OrganisationLine, Organisation | None, str]]) -> dict[str, int]:
        ids: dict[str, int] = {}
        for line, _, id in found:
            if id in ids:
                self._wrong(line.row, columns.NAME, f"与第{ids[id]}行是同一个组织，请只留一行")
            ids.setdefault(id, line.row)
        return ids

    def _made(
        self, line: OrganisationLine, before: Organisation | None, id: str, names: Sequence[tuple[str, str]]
    ) -> Organisation:
        values = line.values
        return Organisation(
            id=id,
            name=values[columns.NAME],
            short_name=values[columns.SHORT],
            kind=values[columns.KIND],
            parent=self._parent(line, before, names),
            level=self._level(line, before),
            since=values.get(columns.SINCE, before.since if before else None),
            until=values.get(columns.UNTIL, before.until if before else None),
            contact=before.contact if before else None,
        )

    def _level(self, line: OrganisationLine, before: Organisation | None) -> Level | None:
        """Its level; one that is there keeps what it has where nothing is said."""
        if said := line.values.get(columns.LEVEL):
            return Level.named(said)
        if before is None:
            self._wrong(line.row, columns.LEVEL, WANTED)
        return before.level if before else None

    def _parent(
        self, line: OrganisationLine, before: Organisation | None, names: Sequence[tuple[str, str]]
    ) -> str | None:
        """The id of the one above; one's own organisation stays where it is."""
        said = line.values.get(columns.PARENT)
        if before is not None and (before.id == self.reader.organisation or columns.PARENT not in line.values):
            return before.parent
        if not said:
            self._wrong(line.row, columns.PARENT, "要填：写上级的名称或编号")
            return None
        able = {id for name, id in names if said in (name, id)}
        if len(able) == 1:
            return able.pop()
        several = "有几个叫这个名字的，请写编号" if able else "名录里和这张表里都没有，请先登记它，或在表里加一行"
        self._wrong(line.row, columns.PARENT, f"“{said}”{several}")
        return None

    def _held_against(self, line: OrganisationLine, new: Organisation, before: Organisation | None) -> Planned:
        known = self.names.get((before.contact if before else None) or "", "")
        said = line.values.get(columns.CONTACT, known) or ""
        if said != known:
            new = replace(new, contact=None)
        is_same = (new, said) == (before, known)
        standing = Standing.NEW if before is None else Standing.SAME if is_same else Standing.CHANGED
        is_new = said != known and bool(said)
        phone = (line.values.get(columns.PHONE) or "") if is_new else ""
        return Planned(row=line.row, standing=standing, organisation=new, contact=said if is_new else "", phone=phone)

    def _wrong(self, row: int, label: str, sentence: str) -> None:
        self.faults.append(TableFault(row=row, label=label, sentence=sentence))


def _column_of(sentence: str) -> str:
    """The column that a fault of the directory is about."""
    found = (column for start, column in ABOUT if sentence.startswith(start))
    return next(found, columns.PARENT)


def _from_above(made: Mapping[str, Organisation]) -> Iterator[str]:
    """Ids, so that each comes after the one above it; those that hang in a circle come last."""
    left = dict(made)
    while left:
        ready = [id for id, it in left.items() if it.parent not in left or it.parent == id] or list(left)
        for id in ready:
            del left[id]
        yield from ready
