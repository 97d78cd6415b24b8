"""The one door. Pages, the console, imports and the worker all come through `submit`; a button is only a hint.

An order goes: may this person → load → same order before? → guards → append → read models → outbox → commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..decisions import options as looking
from ..decisions.decide import Decision, decide
from ..domain.case import Case, machine_of
from ..domain.decision_context import Outside
from ..domain.formatting import CHINA
from ..domain.guard import Refusal
from ..domain.line import Line, StoredLine
from ..domain.order import Order, Receipt
from ..domain.roles import Actor, Office, Organisation, Role
from ..domain.workflow import Workflow
from ..errors import (
    CaseAlreadyOpen,
    CaseNotFound,
    CommandIdReused,
    GuardRefused,
    InstanceNotFound,
    OutsideOwnRemit,
    Refused,
    StaleInstance,
    StoreInterrupted,
    VersionClash,
)
from ..ids import Randomness
from ..ports.record import Answer
from ..ports.register import Person
from ..ports.store import Store, Unit
from ..ports.views import NO_CASE, Notice, Read
from ..read_models.projections import Projection, project
from ..record.codec import chain, check_readable, check_storable, digest_of_value, hash_of
from ..record.disclosure import told_to
from ..record.fold import (
    DecodedLine,
    begun,
    decoded_under,
    fold_decoded,
    fold_under,
    go_on,
    legible,
    read_line,
    upto,
    workflow_of,
)
from ..record.sealing import SaltsOf, StoredText, seal, seal_reasons, unsalted
from ..rules.catalogue import Catalogue
from ..rules.fingerprint import rules_of
from .authorization import READERS, acting, check_remit, holding, is_within
from .case_cache import Kept, RecentCases
from .case_view import CaseView, outlines, view_of, words_for

TRIES = 5
"""How often the door itself retries when another order took the next version of the case first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an order would do; or why it would be refused. Nothing is written."""

    view: CaseView | None = None
    """The case after it, with the lines it would write, for who orders it."""
    refused: Refused | None = None

    @property
    def case(self) -> Case | None:
        """The case after it."""
        return self.view.case if self.view else None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines it would write."""
        return tuple(it.line for it in self.view.lines) if self.view else ()


class MediationService:
    """The door to a store, under the rules of a catalogue."""

    def __init__(self, store: Store, catalogue: Catalogue, randomness: Randomness) -> None:
        self.store, self.catalogue, self.randomness = store, catalogue, randomness
        self.recent = RecentCases()

    # -- orders

    def submit(self, order: Order, people: Sequence[Person] = ()) -> Receipt:
        """Carry out an order, once: the same order again gets the same receipt.

        `people` are entered in the register in the same transaction. Raises Refused with every reason, StaleInstance,
        CommandIdReused, OfficeNotHeld and the like; then nothing is written.
        """
        check_storable(order, people)
        for attempt in range(TRIES):
            try:
                with self.store.write(order.case) as unit:
                    receipt, kept = self._submit(unit, order, people)
                self.recent.keep(kept)
                return receipt
            except (VersionClash, StoreInterrupted):
                # Another order of the same case came first. Where the instances concerned have not moved, the next
                # try goes through; where they have, it is refused as stale or by the table. Or the connection was
                # lost, perhaps after the commit: the next try then finds the answer and gives the same receipt.
                if attempt == TRIES - 1:
                    raise
        raise AssertionError  # pragma: no cover

    def _submit(self, unit: Unit, order: Order, people: Sequence[Person]) -> tuple[Receipt, Kept]:
        known = self.recent.get(order.case)
        since = known.case.version if known else 0
        loaded = unit.load(actor=order.actor, command_id=order.id, case=order.case, since=since)
        actor = acting(loaded.actor, order)
        for person in people:
            unit.register.put_person(person)
        before = self._brought_up(unit, order.case, known, loaded.lines)
        if loaded.answer:
            return self._again(unit, order, actor, loaded.answer), before
        sealed, texts = self._sealed(order)
        workflow, decision = self._decide(unit, sealed, before.case, actor, take_number=True)
        stored = chain(before.case.digest, decision.lines)
        decision.case.digest = stored[-1].digest
        first, last, digest = stored[0].version, stored[-1].version, _digest(sealed)
        rows = project(workflow, decision.case)
        unit.record.append(stored)
        unit.record.put_texts(texts)
        unit.record.keep_answer(
            Answer(command_id=order.id, case=order.case, first=first, last=last, order_digest=digest)
        )
        unit.views.change(before.rows or _rows(workflow, before.case), rows)
        unit.views.put_notices(_notices(workflow, decision.lines))
        receipt = Receipt(command_id=order.id, case=order.case, first=first, last=last, lines=decision.lines)
        return receipt, Kept(decision.case, rows)

    def is_same(self, order: Order) -> bool:
        """Whether an order given before under this id was this very order."""
        with self.store.read() as unit:
            sealed, _ = self._sealed(order, unit.record.salts)
            answer = unit.record.answer(order.id)
        return answer is not None and answer.order_digest == _digest(sealed)

    def preview(self, order: Order, people: Sequence[Person] = ()) -> Preview:
        """What `submit` would do now. Refusals are part of the answer; other errors are raised as there."""
        check_storable(order, people)
        with self.store.read() as unit:
            actor = acting(unit.register.actor(order.actor), order)
            sealed, texts = self._sealed(order)
            case = self._load(unit, order.case)
            try:
                workflow, decision = self._decide(unit, sealed, case, actor, take_number=False)
            except Refused as refused:
                return Preview(refused=refused)
            lines, said = decoded_under(workflow, decision.lines), {t.id: t.words or "" for t in texts}
            view = view_of(unit, self.catalogue, decision.case, lines, order.office, entered=people, said=said)
            return Preview(view=view)

    def _sealed(self, order: Order, salts_of: SaltsOf = unsalted) -> tuple[Order, list[StoredText]]:
        how: Any = {
            "case": order.case,
            "command_id": order.id,
            "salts_of": salts_of,
            "randomness": self.randomness,
        }
        party = next((key for key in order.on if machine_of(key) == "party"), None)
        command, texts = seal(order.command, party=party, **how)
        check_readable(command)
        waives, reasons = seal_reasons(order.waives, **how)
        return replace(order, command=command, waives=waives), texts + reasons

    def _again(self, unit: Unit, order: Order, actor: Actor, answer: Answer) -> Receipt:
        """The receipt of an order given before, even where the case has since been handed on by that very order."""
        sealed, _ = self._sealed(order, unit.record.salts)
        if (answer.case, answer.order_digest) != (order.case, _digest(sealed)):
            raise CommandIdReused(command_id=order.id)
        check_remit(unit.register, actor, self._load(unit, order.case, answer.first - 1), order)
        stored = unit.record.lines(order.case, answer.first)[: answer.last - answer.first + 1]
        lines = tuple(read_line(s) for s in stored)
        return Receipt(command_id=order.id, case=order.case, first=answer.first, last=answer.last, lines=lines)

    def _decide(
        self, unit: Unit, order: Order, case: Case, actor: Actor, *, take_number: bool
    ) -> tuple[Workflow, Decision]:
        workflow = self._workflow(order, case)
        check_remit(unit.register, actor, case, order)
        _check_fresh(workflow, unit, case, order)
        _check_organisation(unit, order)

        around = _Around(unit, tuple(self.catalogue.roles), take=take_number)
        outside = Outside(
            now=unit.now,
            rules=rules_of(workflow),
            hash_of=hash_of,
            answers=lambda question, about: question.answer(around, *about),
        )
        return workflow, decide(workflow, case, order, outside)

    def _workflow(self, order: Order, case: Case) -> Workflow:
        if case.version:
            workflow = self.catalogue.in_force(case.rules)
            if type(order.command) is workflow.opening:
                raise CaseAlreadyOpen(case=order.case)
            return workflow
        if not order.workflow:
            raise CaseNotFound(case=order.case)
        workflow = self.catalogue.named(order.workflow)
        if type(order.command) is not workflow.opening:
            raise CaseNotFound(case=order.case)
        return workflow

    # -- looking

    def case(self, case_id: str, at: int | datetime | None = None) -> Case:
        """The case as it is, or as it was at a version or at a moment of recording. CaseNotFound."""
        with self.store.read() as unit:
            return self._found(unit, case_id, at)

    def history(self, case_id: str) -> list[Line]:
        """All lines of a case. CaseNotFound, LineUnreadable."""
        with self.store.read() as unit:
            stored = unit.record.lines(case_id)
        if not stored:
            raise CaseNotFound(case=case_id)
        return [read_line(s) for s in stored]

    def available(
        self, case_id: str, office: Office, *, on: str | None = None, every: bool = False
    ) -> looking.Available:
        """What an office can do next in a case and why the rest cannot be done; see `options.available`."""
        with self.store.read() as unit:
            case, today = self._found(unit, case_id), unit.now.astimezone(CHINA).date()
        return looking.available(self.catalogue.in_force(case.rules), case, office, today, on=on, every=every)

    def look(self, actor_id: str, office: Office, case: Case, what: str) -> None:
        """Put on record that somebody looks at a case, in a short transaction of its own; or refuse.

        ActorNotFound, OfficeNotHeld, OutsideOwnRemit: staff look at the cases of their organisation and those below
        it. Representatives look through pages of their own.
        """
        with self.store.write() as unit:
            actor = holding(unit.register, actor_id, office)
            if not is_within(unit.register, case.facts.organisation, actor.organisation):
                raise OutsideOwnRemit(actor=actor.name)
            _note(unit, actor, office, case.id, what)

    def look_at_list(self, actor_id: str, office: Office, what: str, shown: int) -> None:
        """Put on record that somebody looks at a list with names in it: once, however many cases are shown.

        What was searched for is not kept. Refuses as `look` does.
        """
        with self.store.write() as unit:
            _note(unit, holding(unit.register, actor_id, office), office, NO_CASE, f"{what} {shown}")

    def view(self, case_id: str, office: Office, actor: Actor | None = None) -> CaseView:
        """All of a case that an office may see, in one transaction.

        Raises:
            CaseNotFound, LineUnreadable.
            OutsideOwnRemit: it is no business of `actor`, where one is given.
        """
        with self.store.read() as unit:
            stored = unit.record.lines(case_id)
            if not stored:
                raise CaseNotFound(case=case_id)
            lines = self._decoded([read_line(s) for s in stored])
            case = self._folded(stored, lines)
            _check_within(unit, case, actor)
            told = told_to(office, lines)
            if told != lines:
                case = fold_decoded(begun(case_id, workflow_of(self.catalogue, [it.line for it in told])), told)
                case.digest = stored[-1].digest
            return view_of(unit, self.catalogue, case, told, office)

    def view_of_record(self, case_id: str, office: Office, actor: Actor | None = None) -> CaseView:
        """As much of a case as can be read, were it nothing at all; whose it is stands in the list, too.

        Raises:
            OutsideOwnRemit: it is no business of `actor`, where one is given.
        """
        with self.store.read() as unit:
            stored, rows = unit.record.lines(case_id), unit.views.projection(case_id)
            lines = told_to(office, self._decoded(legible(stored)))
            workflow = workflow_of(self.catalogue, [it.line for it in lines])
            case = fold_decoded(begun(case_id, workflow), lines)
            if rows is not None:
                case.facts.organisation = case.facts.organisation or rows.row.organisation
            _check_within(unit, case, actor)
            return view_of(unit, self.catalogue, case, lines, office, stored=len(stored))

    def view_of_receipt(self, receipt: Receipt, office: Office) -> CaseView:
        """The case as it is, with the lines that an order wrote."""
        with self.store.read() as unit:
            case = self._found(unit, receipt.case)
            lines = decoded_under(self.catalogue.reading(case.workflow), receipt.lines)
            return view_of(unit, self.catalogue, case, lines, office)

    def outlines(self, case_ids: Iterable[str], office: Office) -> list[CaseView]:
        """Several cases for a list, in one transaction: with names, without lines and words. CaseNotFound."""
        with self.store.read() as unit:
            cases = [self._found(unit, case_id) for case_id in case_ids]
            return outlines(unit, self.catalogue, [(case, ()) for case in cases], office)

    def words(self, case_id: str, office: Office, parties: frozenset[str] = frozenset()) -> dict[str, str]:
        """The texts of a case that an office (and the parties it acts for) may read, by text id."""
        with self.store.read() as unit:
            return words_for(unit, case_id, office, parties)

    def today(self) -> date:
        """The civil day in China, by the store's clock."""
        with self.store.read() as unit:
            return unit.now.astimezone(CHINA).date()

    def _found(self, unit: Unit, case_id: str, at: int | datetime | None = None) -> Case:
        case = self._load(unit, case_id, at)
        if not case.version:
            raise CaseNotFound(case=case_id)
        return case

    def _decoded(self, lines: Sequence[Line]) -> tuple[DecodedLine, ...]:
        return decoded_under(workflow_of(self.catalogue, lines), lines)

    def _folded(self, stored: Sequence[StoredLine], lines: Sequence[DecodedLine]) -> Case:
        """The case its lines add up to, all of them or those after what is known of it."""
        known = self.recent.get(stored[0].case)
        since = known.case.version if known else 0
        later = [pair for pair in zip(stored, lines, strict=True) if pair[0].version >= since]
        if known and later and later[0][0].digest == known.case.digest:
            if len(later) == 1:
                return known.case
            case = fold_decoded(known.case.copy(), (line for _, line in later[1:]))
        else:
            workflow = workflow_of(self.catalogue, [it.line for it in lines])
            case = fold_decoded(begun(stored[0].case, workflow), lines)
        case.digest = stored[-1].digest
        self.recent.keep(Kept(case))
        return case

    def _load(self, unit: Unit, case_id: str, at: int | datetime | None = None) -> Case:
        if at is not None:
            return fold_under(self.catalogue, case_id, upto(unit.record.lines(case_id), at))
        known = self.recent.get(case_id)
        lines = unit.record.lines(case_id, known.case.version if known else 0)
        kept = self._brought_up(unit, case_id, known, lines)
        self.recent.keep(kept)
        return kept.case

    def _brought_up(self, unit: Unit, case_id: str, known: Kept | None, lines: list[StoredLine]) -> Kept:
        """The case from what is known of it and its lines from there on; from all its lines where they do not fit."""
        if known is None:
            return Kept(fold_under(self.catalogue, case_id, lines))
        if not lines or lines[0].digest != known.case.digest:
            return Kept(fold_under(self.catalogue, case_id, unit.record.lines(case_id)))
        if len(lines) == 1:
            return known
        return Kept(go_on(self.catalogue, known.case.copy(), lines[1:]))


@dataclass(frozen=True, slots=True)
class _Around:
    """What the answers of a decision are made from: one transaction of the store, and the installed roles."""

    unit: Unit
    roles: tuple[Role, ...]
    take: bool
    """Whether a number asked for is taken, or only looked at."""

    @property
    def now(self) -> datetime:
        return self.unit.now

    def organisation(self, id: str) -> Organisation | None:
        return self.unit.register.organisation(id)

    def next_number(self, organisation: str, series: str, year: int) -> int:
        return self.unit.register.next_number(organisation, series, year, take=self.take)


def _note(unit: Unit, actor: Actor, office: Office, case: str, what: str) -> None:
    if office not in READERS:
        raise OutsideOwnRemit(actor=actor.name)
    unit.views.note_read(Read(actor=actor.id, office=office.value, case=case, what=what, at=unit.now))


def _rows(workflow: Workflow, case: Case) -> Projection | None:
    return project(workflow, case) if case.version else None


def _check_within(unit: Unit, case: Case, actor: Actor | None) -> None:
    if actor is not None and not is_within(unit.register, case.facts.organisation, actor.organisation):
        raise OutsideOwnRemit(actor=actor.name)


def _digest(sealed: Order) -> bytes:
    """What an order is known by: all of it, its kind of command included."""
    return digest_of_value((sealed.command.name(), sealed))


def _check_organisation(unit: Unit, order: Order) -> None:
    """GuardRefused where an order names an organisation that is not in the register: nobody could act there."""
    named = getattr(order.command, "organisation", None)
    if named is not None and unit.register.organisation(named) is None:
        sentence = f"没有登记过组织“{named}”，请先由管理员登记"
        raise GuardRefused([Refusal("unknown_organisation", sentence)], command=order.command.name())


def _check_fresh(workflow: Workflow, unit: Unit, case: Case, order: Order) -> None:
    """StaleInstance where an instance has moved since the order's author looked."""
    for key, version in order.expects.items():
        if key not in case.instances:
            raise InstanceNotFound(key=key)
        if case.instances[key].version != version:
            since = [line for line in _lines_after(unit, case.id, version) if line.instance == key]
            machine = workflow.machines[machine_of(key)]
            told = "；".join(_told(workflow, line) for line in since) or "记录与您所见不符"
            now = machine.label_of(case.state(key))
            raise StaleInstance(key, since, f"“{machine.label}”现在是“{now}”（{told}）")


def _lines_after(unit: Unit, case_id: str, version: int) -> Iterable[Line]:
    return (read_line(s) for s in unit.record.lines(case_id) if s.version > version)


def _told(workflow: Workflow, line: Line) -> str:
    event = workflow.events.get(line.event)
    return f"第{line.version}条：{event.label if event else line.event}"


def _notices(workflow: Workflow, lines: Iterable[Line]) -> list[Notice]:
    told = (line for line in lines if workflow.events[line.event].tells)
    return [Notice(case=line.case, version=line.version, event=line.event) for line in told]
