"""What is done to the record as a whole: audit, checkpoints, read models made anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from msgspec import structs

from ..audit import CaseFile, Checkpoint, FileKept, Finding, Head, Standing, against_head, audit_against, audit_chain
from ..errors import UNFIT, CaseNotFound, LineUnreadable
from ..ports.exhibits import StoredExhibit
from ..ports.store import Store, Unit
from ..read_models.projections import Projection
from ..record.counting import projected
from ..record.erasures import erased_in
from ..record.journal import Chain, decode_entry
from ..rules.catalogue import Catalogue
from .calendar import calendar_in


def case_ids(store: Store) -> list[str]:
    """Ids of all cases."""
    with store.read() as unit:
        return unit.record.cases()


Look = Callable[[StoredExhibit], FileKept]
"""Looks at the bytes of an exhibit."""


def unseen(row: StoredExhibit) -> FileKept:
    """For whoever does not look at the bytes: that they are kept."""
    return FileKept()


def case_file(store: Store, case: str, look: Look = unseen) -> CaseFile:
    """All that is kept of a case, as stored. CaseNotFound."""
    with store.read() as unit:
        orders, projection = unit.record.orders(case), _listed(unit, case)
        if not orders and projection is None:
            raise CaseNotFound(case=case)
        return CaseFile(
            case=case,
            orders=orders,
            texts=unit.record.texts(case),
            exhibits={id: look(row) for id, row in unit.exhibits.of(case).items()},
            projection=projection,
            is_found=_is_found(unit, case),
            calendar=calendar_in(unit),
        )


def _listed(unit: Unit, case: str) -> Projection | None:
    """What stands in the lists; None also where that cannot be read: it is not as it should be, and made anew."""
    try:
        return unit.views.projection(case)
    except UNFIT:
        return None


def _is_found(unit: Unit, case: str) -> bool:
    """Whether it is found by what it should be; not where what stands in the lists cannot be read."""
    try:
        return unit.views.is_found_by_its_names(case)
    except UNFIT:
        return False


def audit_store(
    store: Store,
    catalogue: Catalogue,
    cases: Iterable[str] | None = None,
    heads: Mapping[str, Head] | None = None,
    look: Look = unseen,
) -> Iterator[tuple[str, list[Finding]]]:
    """(case, findings) of some cases, or of all; against the heads of a checkpoint where there is one. CaseNotFound.

    `look` looks at the bytes of exhibits, which lie outside the store.
    """
    wanted = case_ids(store) if cases is None else list(cases)
    if cases is not None and heads is not None:
        heads = {case: head for case, head in heads.items() if case in wanted}
    return audit_against(_files(store, wanted, heads or {}, look), catalogue, heads)


def _files(store: Store, cases: Iterable[str], heads: Mapping[str, Head], look: Look) -> Iterator[CaseFile]:
    """The files of cases; one that is gone, and that a checkpoint knows, is left for the audit to miss."""
    for case in cases:
        try:
            yield case_file(store, case, look)
        except CaseNotFound:
            if case not in heads:
                raise


def audit_chains(store: Store, heads: Mapping[str, Head] | None = None) -> Iterator[tuple[Chain, list[Finding]]]:
    """What is wrong beside the record, chain by chain; against the heads of a checkpoint where there is one."""
    with store.read() as unit:
        for chain in Chain:
            head = (heads or {}).get(chain.value)
            yield chain, audit_chain(chain, unit.journal.entries(chain), unit.journal.rows(chain), head)


def checkpoint(
    store: Store, organisations: Collection[str] | None = None, catalogue: Catalogue | None = None
) -> tuple[datetime, Checkpoint]:
    """Where everything stands, from one snapshot, and when that was; only the cases of some organisations where
    these are given, and which words and people were erased where the rules are."""
    with store.read() as unit:
        stands = standing(unit, organisations)
        if catalogue is None:
            return unit.now, stands
        erased, people = erasures(unit, catalogue, stands.cases), erased_people(unit, organisations)
        return unit.now, replace(stands, erased=erased, people=people)


def standing(unit: Unit, organisations: Collection[str] | None = None) -> Checkpoint:
    """Where every chain and every case stands, or every case of some organisations."""
    cases = unit.record.cases() if organisations is None else list(_cases_of(unit, organisations))
    chains = ((chain.value, unit.journal.last(chain)) for chain in Chain)
    last = ((case, unit.record.last(case)) for case in cases)
    return Checkpoint(
        cases={case: Head(version=it.last, digest=it.digest.hex()) for case, it in last if it},
        chains={chain: Head(version=it.serial, digest=it.digest.hex()) for chain, it in chains if it},
    )


def erasures(unit: Unit, catalogue: Catalogue, cases: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Which words and exhibits of some cases are gone, and a line says so: without one they are missing, not erased."""
    gone = {case: ids for case, ids in unit.record.wordless().items() if case in cases}
    said = {case: erased_in(catalogue, unit.record.orders(case)) for case in {*gone, *_with_exhibits(unit, cases)}}
    found = {case: _gone(unit, case, ids, gone.get(case, ())) for case, ids in sorted(said.items())}
    return {case: ids for case, ids in found.items() if ids}


def erased_people(unit: Unit, organisations: Collection[str] | None = None) -> tuple[str, ...]:
    """Ids of those who were erased from the register, or from that of some organisations."""
    ids = unit.register.erased_people()
    if organisations is None:
        return tuple(ids)
    return tuple(p.id for p in unit.register.people(ids).values() if p.organisation in organisations)


def _with_exhibits(unit: Unit, cases: Collection[str]) -> set[str]:
    """Cases exhibits of which were ever erased."""
    found = set()
    for stored in unit.journal.entries(Chain.EXHIBITS):
        with suppress(ValueError):  # what was tampered with is for audit to tell
            entry = decode_entry(stored.body)
            found |= {str(entry.key[0])} if entry.digest is None else set()
    return found & set(cases)


def _gone(unit: Unit, case: str, said: Mapping[str, int], wordless: Collection[str]) -> tuple[str, ...]:
    """Of what lines say was erased that of which nothing is left."""
    kept = {*(unit.record.texts(case).keys() - set(wordless)), *unit.exhibits.of(case)}
    return tuple(sorted(id for id in said if id not in kept))


def _cases_of(unit: Unit, organisations: Collection[str]) -> Iterator[str]:
    after = ""
    while rows := unit.views.case_rows(after=after, organisations=organisations):
        yield from (row.case for row in rows)
        after = rows[-1].case


def compare(store: Store, stood: Checkpoint, organisations: Collection[str]) -> tuple[int, list[Finding]]:
    """How many cases of a checkpoint were looked at for somebody of some organisations, and what is wrong with them.

    Only where they stood is looked at, not every step: so it is done with all cases at once. Of a checkpoint that
    nobody can vouch for only their own cases are looked at, and no others looked for: whoever makes one up learns
    nothing of what others have.
    """
    with store.read() as unit:
        if stood.standing is Standing.OURS:
            wanted = stood.cases
        else:
            own = set(_cases_of(unit, organisations))
            wanted = {case: head for case, head in stood.cases.items() if case in own}
        files = (CaseFile(case=case, orders=unit.record.orders(case)) for case in wanted)
        return len(wanted), [f for file in files for f in against_head(file, wanted[file.case])]


def rebuild(store: Store, catalogue: Catalogue) -> list[str]:
    """Make every read model anew from the lines; the cases whose rows were different.

    All that is wrong goes before anything is put in its place: a number that stands with the wrong case would keep
    the right one from having it. Where two cases have one number by their lines, the second is listed without.

    Raises:
        LineUnreadable: of the first case that cannot be read; its rows stay as they are, those of all others are right.
    """
    wrong, damaged = list[str](), list[LineUnreadable]()
    for case in case_ids(store):
        try:
            wrong += [] if _is_as_recorded(store, catalogue, case) else [case]
        except LineUnreadable as fault:
            damaged.append(fault)
    for case in wrong:
        with store.write(case) as unit:
            unit.views.clear(case)
    for case in wrong:
        with store.write(case) as unit:
            unit.views.clear(case)
            fresh = _rows_of(unit, catalogue, case)
            if fresh:
                unit.views.change(None, _without_number_of_another(unit, fresh))
                unit.views.find_by_its_names(case)
    if damaged:
        raise damaged[0]
    return wrong


def _without_number_of_another(unit: Unit, fresh: Projection) -> Projection:
    """The rows of a case; without its number where another case has that in the lists: audit tells of both."""
    others = unit.views.find_case(fresh.row.number) if fresh.row.number is not None else []
    rows = [it for id in others if id != fresh.row.case and (it := unit.views.row(id)) is not None]
    if all(it.held != fresh.row.held for it in rows):
        return fresh
    return structs.replace(fresh, row=structs.replace(fresh.row, number=None))


def _is_as_recorded(store: Store, catalogue: Catalogue, case: str) -> bool:
    with store.read() as unit:
        listed, fresh = _listed(unit, case), _rows_of(unit, catalogue, case)
        same = listed.agrees_with(fresh) if listed else fresh is None
        return same and _is_found(unit, case)


def _rows_of(unit: Unit, catalogue: Catalogue, case_id: str) -> Projection | None:
    """What should stand in the lists."""
    return projected(catalogue, case_id, unit.record.orders(case_id), calendar_in(unit))
