"""What papers say of the parties: their blocks as the forms have them, what they are called in a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from mediation_engine.domain.occurred import on
from mediation_engine.domain.paper import Block, Entries, Grid, PaperReading
from mediation_engine.domain.people import Details, EnterpriseDetails, GroupDetails, PartyKind, PersonDetails, age

from ..facts import facts_of
from ..tracks import LABOUR
from ..vocabulary import CapacityKind

ORDINALS = "甲乙丙丁戊己庚辛壬癸"
MOST_IN_BLOCKS = 6
"""Of more parties than these a table tells, not a block each."""
Labelled = tuple[str, str]


def is_labour(reading: PaperReading, agreement: str = "") -> bool:
    """Whether a paper is of labour mediation: by the track its text was drafted under, else by that of the case."""
    facts = facts_of(reading.case)
    drafted = facts.agreements[agreement].track if agreement in facts.agreements else ""
    return (drafted or facts.track) == LABOUR.code


def called(number: int) -> str:
    """What the party of a number, from 0, is called in a text: 甲方, 乙方; the eleventh is 第11方."""
    return f"{ORDINALS[number]}方" if number < len(ORDINALS) else f"第{number + 1}方"


def manner(labour: bool) -> str:
    """How one signs: labour agreements by signature or seal alone (劳动争议调解仲裁法 第14条)."""
    return "签名或盖章" if labour else "签名、盖章或按指印"


def blocks(
    reading: PaperReading,
    parties: Sequence[str],
    day: date,
    *,
    side: bool = False,
    each: str = "",
    acting: bool = True,
) -> Iterator[Block]:
    """The parties as the forms ask of each, as of a day; many as a table.

    With `side` each is called by its side, with `each` all alike; `acting` is whether it is told who acts for it.
    """
    if len(parties) > MOST_IN_BLOCKS:
        yield _table(reading, parties)
        return
    for number, key in enumerate(parties):
        label = facts_of(reading.case).parties[key].side.label if side else each or called(number)
        yield Entries((*_entries(reading, key, label, day), *(_acting(reading, key, day) if acting else ())))


def _entries(reading: PaperReading, key: str, label: str, day: date) -> Iterator[tuple[Labelled, ...]]:
    of = facts_of(reading.case).parties[key]
    known = reading.of_person(of.person)
    name = reading.thing(key)
    match known:
        case PersonDetails():
            yield from _of_person(known, name, label, day)
        case EnterpriseDetails():
            yield ((label, name),)
            yield ("法定代表人或负责人", str(known.representative or "")), ("联系方式", phones(known))
            yield (("住所", str(known.address or "")),)
        case _:
            people = "" if of.kind is not PartyKind.GROUP or of.count is None else f"共{of.count}人"
            yield (label, name), ("人数", people) if of.kind is PartyKind.GROUP else ("联系方式", "")
            if isinstance(known, GroupDetails):
                yield ("联系人", str(known.contact_person or "")), ("联系方式", phones(known))


def _of_person(known: PersonDetails, name: str, label: str, day: date) -> Iterator[tuple[Labelled, ...]]:
    yield (label, name), ("性别", known.sex.label if known.sex else ""), ("民族", str(known.nation or ""))
    yield ("年龄", _age(known, day)), ("职业或职务", str(known.job or "")), ("联系方式", phones(known))
    yield (("单位或住址", "　".join(filter(None, (str(known.employer or ""), str(known.address or ""))))),)


def person_entries(reading: PaperReading, id: str, label: str, day: date) -> Entries:
    """Somebody who is no party, as the forms ask of him."""
    known = reading.of_person(id)
    if not isinstance(known, PersonDetails):
        return Entries((((label, reading.name(id)),),))
    return Entries(tuple(_of_person(known, reading.name(id), label, day)))


def phones(known: Details) -> str:
    return "、".join(str(phone.number) for phone in known.phones)


def _age(known: PersonDetails, day: date) -> str:
    return "" if known.birth is None else f"{age(known.birth, day)}周岁"


def _acting(reading: PaperReading, key: str, day: date) -> Iterator[tuple[Labelled, ...]]:
    """Who acts for it on a day."""
    for capacity in facts_of(reading.case).capacities.values():
        if key in capacity.principals and capacity.stands(on(day)) and capacity.kind is not CapacityKind.HEAD:
            known = reading.of_person(capacity.person)
            yield (capacity.kind.label, reading.name(capacity.person)), ("联系方式", phones(known) if known else "")


def _table(reading: PaperReading, parties: Sequence[str]) -> Grid:
    rows = []
    for number, key in enumerate(parties):
        known = reading.of_person(facts_of(reading.case).parties[key].person)
        sex = known.sex.label if isinstance(known, PersonDetails) and known.sex else ""
        where = str(known.address or "") if known else ""
        rows.append((called(number), reading.thing(key), sex, phones(known) if known else "", where))
    return Grid(head=("称谓", "姓名或名称", "性别", "联系方式", "住址或住所"), rows=tuple(rows), widths=(2, 4, 1, 4, 7))
