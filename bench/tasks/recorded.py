"""What the record says after a task: doing it with fewer presses must not mean that less is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from mediation_engine.domain.command import Command
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.roles import Office
from mediation_engine.ids import system_randomness
from mediation_engine.ports.views import Wanted
from mediation_engine.record.fold import DecodedLine
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.people import People
from tests.support.exhibits import ROOM_KEY
from tests.support.story import STAFF
from workflows.facts import Confirmation, facts_of
from workflows.parts.agreement import AmendAgreement
from workflows.parts.confirmation import DeclineToSign
from workflows.parts.risk import EaseRisk, ReportRisk
from workflows.parts.states import ObligationState, RiskState
from workflows.vocabulary import Power, SigningManner, TermKind

from .room import Room


class Record:
    """The one case of a room, asked by names; each question fails with what is missing."""

    def __init__(self, room: Room) -> None:
        door = room.story.door
        with door.store.read() as unit:
            [row] = unit.views.newest(Wanted())
        self.view = door.view(row.case, Office.MEDIATOR)
        self.case, self.facts = self.view.case, facts_of(self.view.case)
        self.people = People(door.store, ROOM_KEY, system_randomness)

    def party(self, name: str) -> str:
        """A party's key."""
        return next(key for key, it in self.facts.parties.items() if self.view.people[it.person] == name)

    def keys(self, names: Iterable[str]) -> set[str]:
        return {self.party(it) for it in names}

    def says(self, *words: str) -> None:
        """These words are somewhere in what was written down."""
        written = " ".join(self.view.words.values())
        for it in words:
            assert it in written, it

    def words(self, sealed: str | None) -> str:
        """What was written, by what a line holds in its place."""
        found = TextRef.read(sealed or "")
        return self.view.words[found.id] if found else ""

    def given(self, kind: type[Command]) -> list[Any]:
        """What was filled in of each step of a kind, in order."""
        return [it.given for it in self.view.lines if isinstance(it.given, kind)]

    def parties_are(self, names: Collection[str]) -> None:
        """These and no others, each told its rights."""
        assert self.keys(names) == set(self.facts.parties)
        assert all(it.told_rights for it in self.facts.parties.values())

    def details_of(self, name: str) -> Any:
        """What is known of somebody in the register."""
        person = self.facts.parties[self.party(name)].person
        return self.people.known(STAFF[Office.MEDIATOR], person).details

    def acts_for(self, person: str, names: Collection[str], *powers: Power) -> str:
        """Somebody acts for these, with a paper; the key."""
        for key, it in self.facts.capacities.items():
            if self.view.people[it.person] == person and self.keys(names) <= set(it.principals):
                assert set(powers) <= set(it.powers), it
                return key
        raise AssertionError(person)

    def talked_with(self, names: Iterable[str]) -> None:
        """Each apart."""
        assert self.keys(names) <= {it.party for it in self.facts.blocks.values() if it.talks}

    def met(self, day: str, names: Collection[str], result: str) -> None:
        """A session of a day with these, and what came of it."""
        [held] = [it for it in self.facts.sessions.values() if it.held and _day(it.held) == day]
        assert set(held.attended) == self.keys(names) and held.result and held.result.label == result, held

    def no_session_is_open(self) -> None:
        assert all(it.held for it in self.facts.sessions.values())

    def signed(self, name: str, *manners: SigningManner) -> Confirmation:
        """How somebody signed the text in force."""
        [agreement] = self.facts.agreements.values()
        for it in self.facts.confirmations.values():
            if it.party == self.party(name) and it.text_hash == agreement.text_hash:
                assert it.manner and all(it.manner.has(one) for one in manners) and it.checked, it
                return it
        raise AssertionError(name)

    def agreed(self, fen: int) -> None:
        """One agreement of that sum, signed by the mediator, sealed, in effect."""
        [it] = self.facts.agreements.values()
        assert it.amount == fen and it.mediator_signed and it.sealed and it.effective, it

    def objected(self, name: str) -> None:
        """Somebody would not sign the text before it was changed."""
        refused = [key for key, it in self.facts.confirmations.items() if it.party == self.party(name)]
        assert self.given(AmendAgreement) and any(it.line.instance in refused for it in self._lines_of(DeclineToSign))

    def _lines_of(self, kind: type[Command]) -> list[DecodedLine]:
        return [it for it in self.view.lines if isinstance(it.given, kind)]

    def risk_was_met(self, reported: str, eased: str) -> None:
        """A risk was reported on one day and calmed on another."""
        days = [_day(it.line.occurred) for kind in (ReportRisk, EaseRisk) for it in self._lines_of(kind)]
        assert days == [reported, eased], days
        assert all(self.case.is_in(key, RiskState.EASED) for key in self.facts.risks)

    def goes_through(self, custodian: str, payer: str) -> None:
        """All that somebody pays is handed on by a custodian."""
        legs = [
            it for it in self.facts.obligations.values() if it.payer == self.party(payer) and it.kind is TermKind.PAY
        ]
        assert legs and all(it.custodian and self.view.people[it.custodian] == custodian for it in legs)
        onward = [it.amount for it in self.facts.obligations.values() if it.waits_for in self.facts.obligations]
        assert sum(it.amount or 0 for it in legs) <= sum(it or 0 for it in onward)

    def owed(self, payer: str, day: str, payee: str = "") -> int:
        """What somebody had to pay by a day, to somebody."""
        return sum(
            it.amount or 0
            for it in self.facts.obligations.values()
            if it.kind is TermKind.PAY
            and it.payer == self.party(payer)
            and str(it.due) == day
            and (not payee or it.payee == self.party(payee))
        )

    def paid(self, day: str, payer: str) -> int:
        """What somebody paid on a day."""
        made = self.facts.payments.values()
        return sum(it.amount or 0 for it in made if it.payer == self.party(payer) and _day(it.occurred) == day)

    def all_is_performed(self) -> None:
        """Every sum that was to be paid."""
        due = [key for key, it in self.facts.obligations.items() if it.kind is TermKind.PAY]
        assert due and all(self.case.is_in(key, ObligationState.PERFORMED) for key in due)

    def visited(self, day: str, *names: str) -> None:
        """Somebody was seen on a day."""
        made = [it for it in self.facts.visits.values() if it.made and _day(it.made) == day]
        assert made and self.keys(names) <= {made[0].party, *made[0].also}, made

    def is_closed(self) -> None:
        assert self.facts.closed is not None


def _day(it: Occurred) -> str:
    found: date | None = it.first_day()
    return str(found)
