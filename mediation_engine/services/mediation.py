"""The one door. Pages, the console, imports and the worker all come through `submit`; a button is only a hint.

An order goes: may this person → load → same order before? → guards → append → read models → outbox → commit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import TypeVar

from msgspec import json

from ..decisions import options as looking
from ..decisions.correct import correct
from ..decisions.decide import Decision, decide
from ..domain.calendar import Calendar
from ..domain.case import Case, machine_of
from ..domain.command import Command
from ..domain.correcting import Correcting
from ..domain.decision_context import Ended, Outside
from ..domain.fields import fields_of, staff_in
from ..domain.files import files_in, size_words
from ..domain.formatting import CHINA
from ..domain.guard import Refusal
from ..domain.line import Line, Provenance
from ..domain.matter import CASE
from ..domain.occurred import at
from ..domain.order import ABSENT, Order, Receipt
from ..domain.recorded_order import StoredOrder
from ..domain.roles import MEDIATOR, OUTSIDERS, Actor, Office, Organisation, Role, may_handle
from ..domain.workflow import Workflow
from ..domain.zone import Zone
from ..errors import (
    CaseAlreadyOpen,
    CaseIdReserved,
    CaseNotFound,
    CommandIdReused,
    GuardRefused,
    InstanceNotFound,
    JottingFiled,
    JottingNotFound,
    LineUnreadable,
    LookNotNoted,
    OfficeNotHeld,
    OutsideOwnRemit,
    PersonTaken,
    ReasonWanted,
    Refused,
    StaleInstance,
    SteppedBack,
    StoreInterrupted,
    StoreUnwritable,
    VersionClash,
)
from ..ids import RESERVED, Randomness
from ..ports.exhibits import Handed
from ..ports.jottings import Filed
from ..ports.register import ERASED, Entered, Person
from ..ports.store import Store, Unit
from ..ports.views import NO_CASE, Notice, Read, WantedMarks
from ..read_models.projections import CorrectionRow, MarkRow, Projection, project
from ..record.codec import check_storable, decode_order, digest_of_value, hash_of, recorded, stored
from ..record.disclosure import LOOK, Access, LookReason, access_of, told_to
from ..record.erasures import erased_by, erased_in, erases
from ..record.fold import (
    DecodedLine,
    all_lines,
    decoded_under,
    fold_under,
    fold_upto,
    fold_whole,
    go_on,
    legible,
    read_lines,
    workflow_of,
)
from ..record.sealing import SealedBefore, StoredText, TextRef, in_words, refs_in, unsealed
from ..rules.catalogue import Catalogue
from ..rules.fingerprint import rules_of
from .authorization import LOOKERS, READERS, acting, check_concerned, check_own, check_remit, holding, is_within, reach
from .calendar import calendar_in
from .case_cache import Kept, RecentCases
from .case_view import CaseView, outlines, view_of, with_neighbours, words_for
from .numbers import known_by
from .sealed_order import sealed

R = TypeVar("R", CorrectionRow, MarkRow)

NO_FILES = Handed()
NONE_HANDED: Mapping[str, Handed] = {}
NO_WORDS: Mapping[str, str] = {}
TRIES = 5
"""How often the door itself retries when another order took the next version of the case first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an order would do; or why it would be refused. Nothing is written."""

    view: CaseView | None = None
    """The case after it, with the lines it would write, for who orders it."""
    refused: Refused | None = None
    before: Case | None = None
    """The case it would be given on."""

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
        self._calendar: tuple[tuple[tuple[int, int], ...], Calendar] | None = None
        """The calendar in force when an order last came, and by which notices."""

    # -- orders

    def submit(
        self,
        order: Order,
        people: Sequence[Person] = (),
        exhibits: Handed = NO_FILES,
        entered: Sequence[Entered] = (),
    ) -> Receipt:
        """Carry out an order, once: the same order again gets the same receipt.

        `people`, and those `entered` with what is known of them, come into the register and `exhibits` are kept in the
        same transaction. Raises Refused with every reason, StaleInstance, CommandIdReused, OfficeNotHeld and the like;
        then nothing is written.
        """
        return self.submit_together([order], people, {order.id: exhibits}, entered)[0]

    def submit_together(
        self,
        orders: Sequence[Order],
        people: Sequence[Person] = (),
        exhibits: Mapping[str, Handed] = NONE_HANDED,
        entered: Sequence[Entered] = (),
        jotting: str | None = None,
        *,
        past: bool = False,
    ) -> list[Receipt]:
        """Carry out several orders of one case, each as it would be alone, in one transaction: all of them or none.

        `exhibits` are by the id of the order that hands them in; a `jotting` is filed by these orders and by no others.
        Of what is `past`, brought in from elsewhere, nobody is told by a message.
        Raises as `submit`, JottingNotFound, JottingFiled; CommandIdReused where some were given before and some not.
        """
        case = orders[0].case
        for order in orders:
            check_storable(order, people, [it.person for it in entered])
        self.catalogue.work_out()
        for attempt in range(TRIES):
            try:
                with self.store.write(case) as unit:
                    receipts, kept = self._submit_all(unit, orders, people, exhibits, entered, past=past)
                    if jotting is not None:
                        _file_jotting(unit, jotting, receipts[0], orders[0].actor)
                self.recent.keep(kept)
                return receipts
            except (VersionClash, StoreInterrupted):
                # Another order of the same case came first. Where the instances concerned have not moved, the next
                # try goes through; where they have, it is refused as stale or by the table. Or the connection was
                # lost, perhaps after the commit: the next try then finds the answer and gives the same receipt.
                if attempt == TRIES - 1:
                    raise
        raise AssertionError  # pragma: no cover

    def _submit_all(
        self,
        unit: Unit,
        orders: Sequence[Order],
        people: Sequence[Person],
        exhibits: Mapping[str, Handed],
        entered: Sequence[Entered],
        *,
        past: bool,
    ) -> tuple[list[Receipt], Kept]:
        """Each order on the case as the one before it left it."""
        kept, receipts, repeated = self.recent.get(orders[0].case), list[Receipt](), set[bool]()
        for order in orders:
            handed = exhibits.get(order.id, NO_FILES)
            receipt, kept, again = self._submit(unit, order, kept, people, handed, entered, past=past)
            receipts.append(receipt)
            repeated.add(again)
            people, entered = (), ()  # they came with the first
        if len(repeated) > 1:
            raise CommandIdReused(command_id=orders[0].id)
        assert kept is not None
        return receipts, kept

    def _submit(
        self,
        unit: Unit,
        order: Order,
        known: Kept | None,
        people: Sequence[Person],
        exhibits: Handed,
        entered: Sequence[Entered],
        *,
        past: bool,
    ) -> tuple[Receipt, Kept, bool]:
        """The receipt of an order, the case after it, and whether it was given before."""
        loaded = unit.load(actor=order.actor, case=order.case, since=known.case.newest if known else 0)
        before = self._brought_up(unit, order.case, known, loaded.orders)
        actor, order = self._acting(unit, loaded.actor or newcomer(order, entered), order, before.case)
        unit.journal.by = actor.id
        for person in people:  # also where the order was given before: under another name it was another
            unit.register.put_person(replace(person, organisation=person.organisation or actor.organisation))
        for it in entered:
            enter(unit, it, actor)
        first = before.case.orders.get((order.organisation, order.id))
        if first is not None:
            return self._again(unit, order, actor, first), before, True
        said, texts = self._sealed(unit, order)
        workflow, decision = self._decide(unit, said, before.case, actor, take_number=True)
        _check_words(workflow, unit, before.case, order, decision)
        _check_files(unit, order, exhibits)
        written = stored(before.case.digest, recorded(said, decision.lines, _digest(said)))
        decision.case.digest = written.digest
        calendar = self._calendar_of(unit, loaded.years)
        was = before.rows or _rows(workflow, before.case, calendar)
        rows = project(workflow, decision.case, calendar)
        unit.record.append(written)
        unit.record.put_texts(texts)
        unit.exhibits.put(exhibits.rows)
        for id in erased_by(decoded_under(workflow, decision.lines)):
            unit.record.erase_text(order.case, id)
            unit.exhibits.erase(order.case, id)
        unit.views.change(was, rows)
        unit.views.put_notices(() if past else _notices(workflow, decision.lines))
        unit.views.withdraw_notices(order.case, _void(decision.lines))
        unit.messages.withdraw(order.case, _void(decision.lines))
        return _receipt(order, decision.lines), Kept(decision.case, rows), False

    def _calendar_of(self, unit: Unit, years: tuple[tuple[int, int], ...]) -> Calendar:
        """The calendar in force, read anew where another notice was taken."""
        known = self._calendar
        if known is None or known[0] != years:
            known = self._calendar = (years, calendar_in(unit))
        return known[1]

    def _acting(self, unit: Unit, actor: Actor | None, order: Order, case: Case) -> tuple[Actor, Order]:
        """Who gives the order, and the order with whose staff he is and by which substitution he acts."""
        known, substitution = acting(unit, actor, order, self.catalogue.reading(case.workflow or order.workflow), case)
        return known, replace(order, organisation=known.organisation, substitution=substitution)

    def is_same(self, order: Order) -> bool:
        """Whether an order given before under this id was this very order."""
        with self.store.read() as unit:
            actor = unit.register.actor(order.actor)
            if actor is None:
                return False
            case = self._load(unit, order.case)
            _, order = self._acting(unit, actor, order, case)
            first = self._load(unit, order.case).orders.get((order.organisation, order.id))
            return first is not None and self._is_same(unit, order, unit.record.orders(order.case, first)[0])

    def changed(self, orders: Sequence[Order]) -> list[str]:
        """Of orders of one case, the ids of those that were given before and were others then, whoever gave them."""
        with self.store.read() as unit:
            stored = {it.command_id: it for it in unit.record.orders(orders[0].case)}
            found = list[str]()
            for order in orders:
                if (before := stored.get(order.id)) is None:
                    continue
                by = decode_order(before.body)
                asked = replace(order, actor=by.actor, organisation=by.organisation, substitution=by.substitution)
                if not self._is_same(unit, asked, before):
                    found.append(order.id)
            return found

    def _is_same(self, unit: Unit, order: Order, before: StoredOrder) -> bool:
        """Apart from words erased since: with those nothing can be compared."""
        refs = {ref.id: ref for ref in refs_in(json.decode(before.body))}

        def sealed_before(case: str, ids: Iterable[str]) -> dict[str, bytes | TextRef]:
            return {id: salt or refs[id] for id, salt in unit.record.salts(case, ids).items() if salt or id in refs}

        said, _ = self._sealed(unit, order, sealed_before, until=before.first)
        return decode_order(before.body).asked == _digest(said)

    def preview(self, order: Order, people: Sequence[Person] = ()) -> Preview:
        """What `submit` would do now. Refusals are part of the answer; other errors are raised as there."""
        return self.preview_together([order], people)[0]

    def preview_together(self, orders: Sequence[Order], people: Sequence[Person] = ()) -> list[Preview]:
        """What `submit_together` would do now, order by order, up to the first that would be refused."""
        for order in orders:
            check_storable(order, people)
        with self.store.read() as unit:
            case, ahead, words = self._load(unit, orders[0].case), list[DecodedLine](), dict[str, str]()
            previews = list[Preview]()
            for order in orders:
                preview, after = self._preview(unit, order, case, ahead, words, people)
                previews.append(preview)
                if after is None:
                    break
                case = after
            return previews

    def _preview(
        self,
        unit: Unit,
        order: Order,
        case: Case,
        ahead: list[DecodedLine],
        words: dict[str, str],
        people: Sequence[Person],
    ) -> tuple[Preview, Case | None]:
        """An order on a case as those before it would leave it, and the case after it; None where it is refused.

        `ahead` and `words` are the lines and texts that they would write, and its own are added.
        """
        actor, order = self._acting(unit, unit.register.actor(order.actor), order, case)
        try:
            said_order, texts = self._sealed(unit, order)
            workflow, decision = self._decide(unit, said_order, case, actor, take_number=False)
            words |= {t.id: t.words or "" for t in texts}
            _check_words(workflow, unit, case, order, decision, words)
        except Refused as refused:
            return Preview(refused=refused), None
        lines = decoded_under(workflow, decision.lines)
        access, before, after = access_in(unit, case, order.office, actor), case, decision.case
        if access.apart:
            told = told_to(access, (*self._decoded(all_lines(unit.record.orders(order.case))), *ahead))
            before, after = (fold_whole(case.id, workflow, it) for it in (told, (*told, *lines)))
        ahead += lines
        view = view_of(unit, self.catalogue, after, lines, access, entered=people, said=dict(words))
        return Preview(view=view, before=before), decision.case

    def _sealed(
        self, unit: Unit, order: Order, sealed_before: SealedBefore = unsealed, until: int | None = None
    ) -> tuple[Order, list[StoredText]]:
        """The order with its words sealed; as it was given after the lines before `until`."""
        before: list[Line] = []
        if isinstance(order.command, Correcting):
            lines = all_lines(unit.record.orders(order.case))
            before = [line for line in lines if until is None or line.version < until]
        return sealed(
            order,
            workflow=workflow_of(self.catalogue, before),
            before=before,
            sealed_before=sealed_before,
            randomness=self.randomness,
        )

    def _again(self, unit: Unit, order: Order, actor: Actor, first: int) -> Receipt:
        """The receipt of an order given before, even where the case has since been handed on by that very order."""
        before = unit.record.orders(order.case, first)[0]
        if not self._is_same(unit, order, before):
            raise CommandIdReused(command_id=order.id)
        check_remit(unit.register, actor, self._load(unit, order.case, first - 1), order)
        return _receipt(order, read_lines(before))

    def _decide(
        self, unit: Unit, order: Order, case: Case, actor: Actor, *, take_number: bool
    ) -> tuple[Workflow, Decision]:
        workflow = self._workflow(order, case)
        check_remit(unit.register, actor, case, order)
        _check_fresh(workflow, unit, case, order)
        _check_organisation(unit, order)
        _check_staff(workflow, unit, case, order)

        around = _Around(unit, tuple(self.catalogue.roles), self.catalogue, take=take_number)
        outside = Outside(
            now=unit.now,
            rules=rules_of(workflow),
            hash_of=hash_of,
            answers=lambda question, about: question.answer(around, *about),
        )
        if isinstance(order.command, Correcting):
            is_apart = access_in(unit, case, order.office, actor).apart
            if is_apart and not case.facts.has_stepped_back(actor.id):
                raise ReasonWanted
            return workflow, correct(workflow, all_lines(unit.record.orders(order.case)), order, outside)
        decision = decide(workflow, case, order, outside)
        _check_erased(self.catalogue, workflow, unit, order, decision)
        return workflow, decision

    def _workflow(self, order: Order, case: Case) -> Workflow:
        if case.version:
            workflow = self.catalogue.in_force(case.rules)
            if workflow.opens_only(type(order.command), case):
                raise CaseAlreadyOpen(case=order.case)
            return workflow
        if not order.workflow:
            raise CaseNotFound(case=order.case)
        if order.case in RESERVED:
            raise CaseIdReserved(case=order.case)
        workflow = self.catalogue.named(order.workflow)
        if type(order.command) not in workflow.openings:
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
            orders = unit.record.orders(case_id)
        if not orders:
            raise CaseNotFound(case=case_id)
        return all_lines(orders)

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
        it. Representatives look through pages of their own. LookNotNoted where they may, and nothing can be written.
        """

        self._note(lambda unit: _looking(unit, actor_id, office, case), office, case.id, what, readers=LOOKERS)

    def access(self, case: Case, office: Office, actor: Actor) -> Access:
        """As whom a member of staff reads a case just now."""
        with self.store.read() as unit:
            return access_in(unit, case, office, actor)

    def look_by_link(self, actor_id: str, office: Office, case: Case, what: str) -> None:
        """Put on record that somebody without an account looks at what a link opens to him: on record, or not at all.

        ActorNotFound, OfficeNotHeld, LookNotNoted; OutsideOwnRemit where that is more than a link may open.
        """
        self._note(lambda unit: holding(unit, actor_id, office), office, case.id, what, readers=OUTSIDERS)

    def give_reason(self, actor_id: str, office: Office, case: Case, reason: LookReason) -> None:
        """Put on record why a mediator looks at what is private in a case that others handle: good for the day.

        Refuses as `look` does; where nothing can be written, nothing is opened. LookNotNoted; SteppedBack.
        """
        if office not in MEDIATOR:
            raise OfficeNotHeld(actor=actor_id, office=Office.MEDIATOR.label)
        if case.facts.has_stepped_back(actor_id):
            raise SteppedBack
        self.look(actor_id, office, case, f"{LOOK} {reason.value}")

    def look_at_list(self, actor_id: str, office: Office, what: str, shown: int) -> None:
        """Put on record that somebody looks at a list with names in it: once, however many cases are shown.

        What was searched for is not kept. Refuses as `look` does.
        """
        self._note(lambda unit: holding(unit, actor_id, office), office, NO_CASE, f"{what} {shown}", readers=LOOKERS)

    def look_at_person(self, actor_id: str, office: Office, person: Person, what: str, reason: str = "") -> None:
        """Put on record that somebody looks at the whole of somebody's number or address, and why.

        ActorNotFound, OfficeNotHeld, OutsideOwnRemit; LookNotNoted where nothing can be written: then it stays masked.
        """

        def looking(unit: Unit) -> Actor:
            actor = holding(unit, actor_id, office)
            check_own(unit.register, actor, person)
            return actor

        self._note(looking, office, NO_CASE, what, person.id, reason)

    def look_at_paper(
        self,
        actor_id: str,
        office: Office,
        case: Case,
        what: str,
        people: Collection[str],
        reason: str,
        more: Sequence[str] = (),
    ) -> None:
        """Put on record that somebody takes a paper away, and whose numbers and addresses stand on it (ids), and why;
        `more` is what else he sees of the case with it.

        Refuses as `look` does; LookNotNoted where nothing can be written: then it is not handed out.
        """

        def looking(unit: Unit) -> Actor:
            actor = _looking(unit, actor_id, office, case)
            for id in people:
                _note(unit, actor, office, NO_CASE, "person paper", id, reason)
            for also in more:
                _note(unit, actor, office, case.id, also)
            return actor

        self._note(looking, office, case.id, what)

    def _note(
        self,
        looking: Callable[[Unit], Actor],
        office: Office,
        case: str,
        what: str,
        person: str | None = None,
        reason: str = "",
        readers: Collection[Office] = READERS,
    ) -> None:
        """Note who looks; where nothing can be written say so, to those only who may look."""
        try:
            with self.store.write() as unit:
                _note(unit, looking(unit), office, case, what, person, reason, readers)
        except StoreUnwritable as fault:
            with self.store.read() as unit:
                looking(unit)
            raise LookNotNoted(**fault.about) from fault

    def view(self, case_id: str, office: Office, actor: Actor | None = None) -> CaseView:
        """All of a case that an office may see, in one transaction.

        Raises:
            CaseNotFound, LineUnreadable.
            OutsideOwnRemit: it is no business of `actor`, where one is given; a representative has to be.
        """
        with self.store.read() as unit:
            orders = unit.record.orders(case_id)
            if not orders:
                raise CaseNotFound(case=case_id)
            lines = self._decoded(all_lines(orders))
            case = self._folded(orders[-1], lines)
            access = _access_within(unit, case, office, actor)
            case, told = self._told(case, lines, access)
            view = view_of(unit, self.catalogue, case, told, access)
            if actor is None or office not in READERS:
                return view
            own = reach(unit.register, actor.organisation)
            return with_neighbours(unit, self.catalogue, view, own, lambda id: self._small(unit, id))

    def _small(self, unit: Unit, case_id: str) -> Case | None:
        """What a case is linked to, as it stands; None where it cannot be read."""
        try:
            return self._found(unit, case_id)
        except LineUnreadable:
            return None

    def views(self, case_ids: Sequence[str], office: Office, actor: Actor | None = None) -> list[CaseView]:
        """Several cases whole, in one transaction; those that cannot be read are left out.

        Raises:
            OutsideOwnRemit: one is no business of `actor`, where one is given.
        """
        with self.store.read() as unit:
            held: list[tuple[Case, Sequence[DecodedLine], Access]] = []
            for case_id in case_ids:
                try:
                    lines = self._decoded(all_lines(unit.record.orders(case_id)))
                except LineUnreadable:
                    continue
                case = fold_whole(case_id, workflow_of(self.catalogue, [it.line for it in lines]), lines)
                access = _access_within(unit, case, office, actor)
                held.append((*self._told(case, lines, access), access))
            found = outlines(unit, self.catalogue, held)
            return [
                replace(view, lines=tuple(lines), words=words_for(unit, self.catalogue, view.case.id, view.access))
                for view, (_, lines, _) in zip(found, held, strict=True)
            ]

    def _told(self, case: Case, lines: tuple[DecodedLine, ...], access: Access) -> tuple[Case, tuple[DecodedLine, ...]]:
        """A case and its lines as somebody may read them: what he is not told is in neither."""
        told = told_to(access, lines)
        if told == lines:
            return case, lines
        known = fold_whole(case.id, workflow_of(self.catalogue, [it.line for it in told]), told)
        known.digest = case.digest
        return known, told

    def view_of_record(self, case_id: str, office: Office, actor: Actor | None = None) -> CaseView:
        """As much of a case as can be read, were it nothing at all; whose it is stands in the list, too.

        Raises:
            OutsideOwnRemit: it is no business of `actor`, where one is given.
        """
        with self.store.read() as unit:
            view = self._view_of_record(unit, case_id, office, actor)
            _check_within(unit, view.case, office, actor)
            return view

    def _view_of_record(self, unit: Unit, case_id: str, office: Office, actor: Actor | None) -> CaseView:
        orders, row = unit.record.orders(case_id), unit.views.row(case_id)
        lines = self._decoded(legible(orders))
        case = fold_whole(case_id, workflow_of(self.catalogue, [it.line for it in lines]), lines)
        access = access_in(unit, case, office, actor)
        case, lines = self._told(case, lines, access)
        if row is not None:
            case.facts.organisation = case.facts.organisation or row.organisation
        return view_of(unit, self.catalogue, case, lines, access, stored=sum(order.count for order in orders))

    def corrections(
        self, office: Office, actor: Actor, *, skip: int = 0, most: int = 200
    ) -> list[tuple[CorrectionRow, CaseView]]:
        """Corrections in the cases of an actor's organisation and those below it, the latest first.

        Each with its case as an office may see it, and as much of it as can be read.
        """
        with self.store.read() as unit:
            own = reach(unit.register, actor.organisation)
            return self._with_cases(unit, unit.views.corrections(own, skip=skip, most=most), office, actor)

    def marks(
        self,
        office: Office,
        actor: Actor,
        wanted: WantedMarks,
        *,
        after: tuple[datetime, str, int, str] | None = None,
        most: int = 200,
    ) -> list[tuple[MarkRow, CaseView]]:
        """What lines of the cases wanted are marked with, the latest first; each with its case as in `corrections`."""
        with self.store.read() as unit:
            own = reach(unit.register, actor.organisation)
            within = replace(wanted, organisations=[it for it in wanted.organisations if it in own])
            return self._with_cases(unit, unit.views.marks(within, after=after, most=most), office, actor)

    def _with_cases(self, unit: Unit, rows: Sequence[R], office: Office, actor: Actor) -> list[tuple[R, CaseView]]:
        """Rows, each with its case; a case is read once."""
        views = {case: self._view_of_record(unit, case, office, actor) for case in {row.case for row in rows}}
        return [(row, views[row.case]) for row in rows]

    def view_of_receipt(self, receipt: Receipt, office: Office, actor: Actor | None = None) -> CaseView:
        """The case as it is, with the lines that an order wrote."""
        with self.store.read() as unit:
            case, _, access = self._outlined(unit, receipt.case, office, actor)
            lines = told_to(access, decoded_under(self.catalogue.reading(case.workflow), receipt.lines))
            return view_of(unit, self.catalogue, case, lines, access)

    def outlines(self, case_ids: Iterable[str], office: Office, actor: Actor | None = None) -> list[CaseView]:
        """Several cases for a list, in one transaction: with names, without lines and words. CaseNotFound."""
        with self.store.read() as unit:
            cases = [self._outlined(unit, case_id, office, actor) for case_id in case_ids]
            return outlines(unit, self.catalogue, cases)

    def _outlined(
        self, unit: Unit, case_id: str, office: Office, actor: Actor | None
    ) -> tuple[Case, tuple[DecodedLine, ...], Access]:
        """A case as somebody may know it; its lines are read only where he may not know all of it."""
        case = self._found(unit, case_id)
        access = access_in(unit, case, office, actor)
        if access.apart:
            case, _ = self._told(case, self._decoded(all_lines(unit.record.orders(case_id))), access)
        return case, (), access

    def words(self, case_id: str, office: Office, actor: Actor | None = None) -> dict[str, str]:
        """The texts of a case that an office may read, by text id; a representative those of whom it acts for now."""
        with self.store.read() as unit:
            access = _access_within(unit, self._found(unit, case_id), office, actor)
            return words_for(unit, self.catalogue, case_id, access)

    def today(self) -> date:
        """The civil day in China, by the store's clock."""
        return self.now().date()

    def now(self) -> datetime:
        """The time in China, by the store's clock."""
        with self.store.read() as unit:
            return unit.now.astimezone(CHINA)

    def _found(self, unit: Unit, case_id: str, at: int | datetime | None = None) -> Case:
        case = self._load(unit, case_id, at)
        if not case.version:
            raise CaseNotFound(case=case_id)
        return case

    def _decoded(self, lines: Sequence[Line]) -> tuple[DecodedLine, ...]:
        return decoded_under(workflow_of(self.catalogue, lines), lines)

    def _folded(self, last: StoredOrder, lines: Sequence[DecodedLine]) -> Case:
        """The case its lines add up to, all of them or those after what is known of it; `last` is its last order."""
        known = self.recent.get(last.case)
        if known and known.case.digest == last.digest:
            return known.case
        case = fold_whole(last.case, workflow_of(self.catalogue, [it.line for it in lines]), lines)
        case.digest = last.digest
        self.recent.keep(Kept(case))
        return case

    def _load(self, unit: Unit, case_id: str, at: int | datetime | None = None) -> Case:
        if at is not None:
            return fold_upto(self.catalogue, case_id, unit.record.orders(case_id), at)
        known = self.recent.get(case_id)
        orders = unit.record.orders(case_id, known.case.newest if known else 0)
        kept = self._brought_up(unit, case_id, known, orders)
        self.recent.keep(kept)
        return kept.case

    def _brought_up(self, unit: Unit, case_id: str, known: Kept | None, orders: list[StoredOrder]) -> Kept:
        """The case from what is known of it and its orders from there on; from all its orders where they do not fit."""
        if known is None:
            return Kept(fold_under(self.catalogue, case_id, orders))
        if not orders or orders[0].digest != known.case.digest:
            return Kept(fold_under(self.catalogue, case_id, unit.record.orders(case_id)))
        if len(orders) == 1:
            return known
        case = go_on(self.catalogue, known.case.copy(), orders[1:])
        return Kept(case or fold_under(self.catalogue, case_id, unit.record.orders(case_id)))


@dataclass(frozen=True, slots=True)
class _Around:
    """What the answers of a decision are made from: one transaction of the store, and the installed roles."""

    unit: Unit
    roles: tuple[Role, ...]
    catalogue: Catalogue
    take: bool
    """Whether a number asked for is taken, or only looked at."""

    @property
    def now(self) -> datetime:
        return self.unit.now

    @property
    def calendar(self) -> Calendar:
        return calendar_in(self.unit)

    @property
    def zone(self) -> Zone:
        return self.catalogue.zone

    def organisation(self, id: str) -> Organisation | None:
        return self.unit.register.organisation(id)

    def mediates(self, staff: str) -> bool:
        known = self.unit.register.actor(staff)
        return known is not None and may_handle(known, known.organisation)

    def ended(self, case: str) -> Ended | None:
        orders = self.unit.record.orders(case)
        try:
            found = fold_under(self.catalogue, case, orders) if orders else None
        except LineUnreadable:
            return None
        if found is None or found.facts.closed is None:
            return None
        last = found.instances[found.phase].version
        day = next(it.recorded for it in all_lines(orders) if it.version == last).astimezone(CHINA).date()
        people = found.facts.people()
        return Ended(day=day, sides=tuple(frozenset(people[k] for k in keys) for _, keys in found.facts.sides()))

    def find(self, words: str, organisation: str) -> str | None:
        own = reach(self.unit.register, organisation)
        found = known_by(self.unit, self.catalogue, words, lambda it: it.organisation in own, within=own)
        return min(found, key=lambda it: (it.matter != CASE.code, it.case)).case if found else None

    def next_number(self, organisation: str, series: str, year: int) -> int:
        return self.unit.register.next_number(organisation, series, year, take=self.take)


def _file_jotting(unit: Unit, id: str, receipt: Receipt, actor: str) -> None:
    """Close a jotting with where it went; what it said and what opens its files go. JottingNotFound, JottingFiled."""
    held = unit.jottings.jotting(id)
    if held is None or held.actor != actor:
        raise JottingNotFound
    place = (receipt.case, receipt.first)
    if held.filed is None:
        unit.jottings.close(id, Filed(at=unit.now, case=receipt.case, line=receipt.first))
    elif (held.filed.case, held.filed.line) != place:
        raise JottingFiled(case=held.filed.case)


def newcomer(order: Order, entered: Iterable[Entered]) -> Actor | None:
    """Who gives an order, of those who come into the register with it."""
    return next((it.acts for it in entered if it.acts is not None and it.acts.id == order.actor), None)


def enter(unit: Unit, it: Entered, actor: Actor) -> None:
    """Enter a version of somebody; nothing where it is there, whatever box what is known lies in. PersonTaken."""
    id, organisation = it.person.id, it.person.organisation or actor.organisation
    there = next((p for p in unit.register.versions(id) if p.version == it.person.version), None)
    if there is not None:
        if there.name not in (it.person.name, ERASED):
            raise PersonTaken(person=id)
        return
    unit.register.put_person(replace(it.person, organisation=organisation))
    if it.key is not None:
        unit.register.put_person_key(id, it.key)
    unit.register.put_found(id, it.found)
    if it.acts is not None and unit.register.actor(it.acts.id) is None:
        unit.register.put_actor(it.acts)


def access_in(unit: Unit, case: Case, office: Office, actor: Actor | None) -> Access:
    """As whom somebody reads a case, by the record of reads too; None reads for the house itself.

    OutsideOwnRemit for a representative who acts for nobody in it now.
    """
    if office is Office.REPRESENTATIVE:
        parties = case.facts.represented_by(actor.id, at(unit.now)) if actor else frozenset()
        if not parties:
            raise OutsideOwnRemit(actor=actor.name if actor else office.label)
        return Access(office, parties)

    def has_given_reason() -> bool:
        midnight = unit.now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        return actor is not None and unit.views.has_read(case.id, actor.id, f"{LOOK} ", midnight)

    by, acting = (actor.id, office not in actor.offices) if actor else (None, False)
    return access_of(office, by, case.facts, has_given_reason, acting=acting)


def _access_within(unit: Unit, case: Case, office: Office, actor: Actor | None) -> Access:
    """The same, where the case is also the business of the staff's organisation. OutsideOwnRemit."""
    if office is not Office.REPRESENTATIVE:
        _check_within(unit, case, office, actor)
    return access_in(unit, case, office, actor)


def _looking(unit: Unit, actor_id: str, office: Office, case: Case) -> Actor:
    """Who looks at a case. ActorNotFound, OfficeNotHeld, OutsideOwnRemit."""
    actor = holding(unit, actor_id, office)
    _check_within(unit, case, office, actor)
    return actor


def _note(
    unit: Unit,
    actor: Actor,
    office: Office,
    case: str,
    what: str,
    person: str | None = None,
    reason: str = "",
    readers: Collection[Office] = READERS,
) -> None:
    if office not in readers:
        raise OutsideOwnRemit(actor=actor.name)
    unit.journal.by = actor.id
    read = Read(actor=actor.id, office=office.value, case=case, what=what, at=unit.now)
    unit.views.note_read(replace(read, person=person, reason=reason or None))


def _rows(workflow: Workflow, case: Case, calendar: Calendar) -> Projection | None:
    return project(workflow, case, calendar) if case.version else None


def _check_within(unit: Unit, case: Case, office: Office, actor: Actor | None) -> None:
    if actor is None:
        return
    if not is_within(unit.register, case.facts.organisation, actor.organisation):
        raise OutsideOwnRemit(actor=actor.name)
    check_concerned(actor, office, case)


def _digest(sealed: Order) -> str:
    """What an order is known by, in hex: all of it, its kind of command included."""
    return digest_of_value((sealed.command.name(), sealed)).hex()


def _receipt(order: Order, lines: tuple[Line, ...]) -> Receipt:
    return Receipt(command_id=order.id, case=order.case, first=lines[0].version, last=lines[-1].version, lines=lines)


def _check_organisation(unit: Unit, order: Order) -> None:
    """GuardRefused where an order names an organisation that is not in the register: nobody could act there."""
    named = getattr(order.instead or order.command, "organisation", None)
    if named is not None and unit.register.organisation(named) is None:
        sentence = f"没有登记过组织“{named}”，请先由管理员登记"
        raise GuardRefused([Refusal("unknown_organisation", sentence)], command=order.command.name())


def _check_staff(workflow: Workflow, unit: Unit, case: Case, order: Order) -> None:
    """GuardRefused where an order names somebody who may not handle the case; a correction may name who once did."""
    named = set(staff_in(order.instead or order.command))
    known = set(case.facts.staff().values()) if order.instead else set()
    host = case.facts.organisation or getattr(order.command, "organisation", "")
    able = {a.id for a in unit.register.actors() if may_handle(a, host, workflow.handlers)} if named else set()
    if unfit := sorted(named - able - known):
        names = "、".join(actor.name if (actor := unit.register.actor(id)) else id for id in unfit)
        offices = "或".join(it.label for it in Office if it in workflow.handlers)
        sentence = f"{names}不是本案主办组织在用的{offices}，请另选一位"
        raise GuardRefused([Refusal("unfit_staff", sentence)], command=order.command.name())


def _check_words(
    workflow: Workflow,
    unit: Unit,
    case: Case,
    order: Order,
    decision: Decision,
    ahead: Mapping[str, str] = NO_WORDS,
) -> None:
    """GuardRefused where words give a hint that nobody has answered, or change nothing of what they would change.

    `ahead` are texts (by id) that would be kept by then.
    """

    @cache
    def kept() -> Mapping[str, StoredText]:
        return unit.record.texts(case.id)

    def plain(text: str) -> str:
        ref = TextRef.read(text)
        if ref is None:
            return text
        return ahead.get(ref.id) or (ref.id in kept() and kept()[ref.id].words) or ""

    if workflow.hints is not None and order.provenance is not Provenance.ASSUMED:  # what is assumed was said by nobody
        asked = [r for key in order.on or (None,) for r in workflow.hints(case, order.command, key, plain)]
        if asked:
            raise GuardRefused(asked, command=order.command.name())
    moved = {line.instance for line in decision.lines if line.source != line.target}
    if any(key not in moved and _says_nothing_new(case, order.command, key, plain) for key in order.on):
        raise GuardRefused([UNCHANGED], command=order.command.name())


UNCHANGED = Refusal("unchanged", "没有改动：填写的与现在的内容完全一样，请改动后再办理")


def _says_nothing_new(case: Case, command: Command, key: str, plain: Callable[[str], str]) -> bool:
    """Whether a command that is drawn from what there is says what there is; what is left out stays as it is."""
    drawn = command.drawn_from(case, key)
    if drawn is None:
        return False
    said, there, empty = in_words(command, plain), in_words(drawn, plain), type(command)()
    named = (spec.name for spec in fields_of(type(command)) if spec.name not in command.aside)
    return all(getattr(said, name) in (getattr(there, name), getattr(empty, name)) for name in named)


def _check_erased(catalogue: Catalogue, workflow: Workflow, unit: Unit, order: Order, decision: Decision) -> None:
    """GuardRefused where it would erase nothing, what is gone already, or what is no text of the case."""
    lines = decoded_under(workflow, decision.lines)
    ids = erased_by(lines)
    if not ids and any(erases(it) for it in lines):
        raise GuardRefused([Refusal("no_text", "请写明要删的是哪几段文字")], command=order.command.name())
    if not ids:
        return
    gone, there = erased_in(catalogue, unit.record.orders(order.case)), unit.record.salts(order.case, ids)
    there |= {id: held.pepper for id, held in unit.exhibits.of(order.case).items() if id in ids}
    if again := [f"{id}（见第{gone[id]}条）" for id in sorted(gone.keys() & there) if there[id] is None]:
        sentence = f"已经删除过：{'、'.join(again)}"
        raise GuardRefused([Refusal("erased_already", sentence)], command=order.command.name())
    if unknown := sorted(ids.keys() - there.keys()):
        sentence = f"本案没有编号为 {'、'.join(unknown)} 的文字"
        raise GuardRefused([Refusal("unknown_text", sentence)], command=order.command.name())


def _check_files(unit: Unit, order: Order, handed: Handed) -> None:
    """GuardRefused where a file is named that is not handed in, or kept already and only named again, or there would be
    too many."""
    named = {held.id for command in (order.command, order.instead) for held in files_in(command)}
    if not named:
        return
    kept = unit.exhibits.of(order.case)
    again = kept.keys() if order.instead is not None else set()
    if named - again != {row.id for row in handed.rows}:
        sentence = "材料要连同文件一起交：请在案件页的“材料”里上传，或用 mediation exhibit add"
        raise GuardRefused([Refusal("no_file", sentence)], command=order.command.name())
    limits, size = handed.limits, sum(row.size for row in (*kept.values(), *handed.rows))
    if handed.rows and (len(kept) + len(handed.rows) > limits.files or size > limits.together):
        most = f"一件案最多收存 {limits.files} 件、共 {size_words(limits.together)} 的材料，已经满了"
        raise GuardRefused([Refusal("too_many_files", most)], command=order.command.name())


def _check_fresh(workflow: Workflow, unit: Unit, case: Case, order: Order) -> None:
    """StaleInstance where an instance has moved since the order's author looked."""
    for key, version in order.expects.items():
        if key not in case.instances:
            if version == ABSENT:
                continue
            raise InstanceNotFound(key=key)
        if case.instances[key].seen != version:
            since = [line for line in _lines_after(unit, case.id, version) if line.instance == key]
            machine = workflow.machines[machine_of(key)]
            told = "；".join(_told(workflow, line) for line in since) or "记录与您所见不符"
            now = machine.label_of(case.state(key))
            raise StaleInstance(key, since, f"“{machine.label}”现在是“{now}”（{told}）")


def _lines_after(unit: Unit, case_id: str, version: int) -> Iterable[Line]:
    return (line for line in all_lines(unit.record.orders(case_id)) if line.version > version)


def _told(workflow: Workflow, line: Line) -> str:
    event = workflow.events.get(line.event)
    return f"第{line.version}条：{event.label if event else line.event}"


def _void(lines: Iterable[Line]) -> tuple[int, ...]:
    """The lines that a correction says stand no more."""
    return tuple(version for line in lines if line.correction for version in line.correction.void)


def _notices(workflow: Workflow, lines: Iterable[Line]) -> list[Notice]:
    told = (line for line in lines if workflow.events[line.event].tells)
    return [Notice(case=line.case, version=line.version, event=line.event) for line in told]
