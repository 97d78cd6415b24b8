"""What most stories have in common: how a case is taken down, and how an agreement comes into effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from mediation_engine.domain.fields import Readers, Text
from mediation_engine.domain.people import PartyKind
from workflows.facts import Term
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.block import Contact, RecordTalk
from workflows.parts.capacity import EnterCapacity
from workflows.parts.confirmation import ConfirmAgreement
from workflows.parts.exhibit import FileExhibit
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.visit import Finding, RecordVisit, Way
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.vocabulary import (
    AuthorityPaper,
    CapacityKind,
    Dispute,
    ExhibitKind,
    Side,
    SigningManner,
    TermKind,
)

from .crowd import crowd
from .papers import Drawn
from .people import everybody
from .room import ROOM
from .script import Step, step

BOTH = ("party/1", "party/2")


@cache
def kind_of(id: str) -> PartyKind:
    """What somebody is."""
    return (everybody(date(2026, 1, 1)) | crowd())[id].person.kind


def party(id: str, side: Side, **more: Any) -> PartyRow:
    """A party of the kind it is."""
    return PartyRow(person=id, side=side, kind=kind_of(id), **more)


def against(applicant: str, respondent: str) -> tuple[PartyRow, ...]:
    """One against one."""
    return party(applicant, Side.APPLICANT), party(respondent, Side.RESPONDENT)


def taken_down(
    by: str, back: int, at: str, named: Sequence[PartyRow], track: str, dispute: Dispute, matter: str, **more: Any
) -> Step:
    """A case is registered in the room, in the zone."""
    command = RegisterCase(
        named=tuple(named),
        track=track,
        dispute=dispute,
        matter=Text(matter),
        in_zone=True,
        **{"organisation": ROOM.id} | more,
    )
    return step(back, at, by, command)


def begun(by: str, accepted: int, told: int, lead: str = "wang") -> Iterator[Step]:
    """The lead accepts it, and both are told their rights."""
    yield step(accepted, "09:20", lead, AcceptCase())
    yield step(told, "10:10", by, TellRights(), *BOTH)


def talk(
    by: str,
    back: int,
    at: str,
    party: int,
    said: str,
    *,
    offer: str = "",
    bottom: str = "",
    manner: Contact = Contact.IN_PERSON,
) -> Step:
    """What a party said in private, what it offers, how far it would go."""
    command = RecordTalk(
        party=f"party/{party}", said=Text(said), offer=_text(offer), bottom_line=_text(bottom), manner=manner
    )
    return step(back, at, by, command)


def _text(words: str) -> Text | None:
    return Text(words) if words else None


def acting(
    by: str, back: int, at: str, party: int, person: str, kind: CapacityKind, paper: AuthorityPaper, **more: Any
) -> Step:
    """Somebody acts for a party."""
    return step(
        back, at, by, EnterCapacity(principals=(f"party/{party}",), person=person, kind=kind, paper=paper, **more)
    )


def filed(
    by: str,
    back: int,
    at: str,
    kind: ExhibitKind,
    title: str,
    *drawn: Drawn,
    readers: Readers = Readers.JOINT,
    **about: Any,
) -> Step:
    """Papers are filed, drawn when they are."""
    command = FileExhibit(kind=kind, title=Text(title), readers=readers, **about)
    return step(back, at, by, command, papers=drawn)


def pay(words: str, yuan: int, due: date, payer: str = "party/2", payee: str = "party/1") -> Term:
    """A sum by a day."""
    return Term(words=Text(words), kind=TermKind.PAY, payer=payer, payee=payee, amount=yuan * 100, due=due)


def agreed(by: str, terms: Sequence[Term], back: int) -> Step:
    """Agreed in words."""
    return step(back, "14:40", by, ReachAgreement(terms=tuple(terms)))


def drafted(by: str, terms: Sequence[Term], reached: int, back: int) -> Iterator[Step]:
    """Agreed in words, and put on paper."""
    yield agreed(by, terms, reached)
    yield step(back, "15:20", by, DraftAgreement(signers=BOTH), "agreement/1")


def confirmed(by: str, back: int, at: str, number: int, person: str, capacity: str = "", **more: Any) -> Step:
    """One party signs; a firm with its seal."""
    firm = kind_of(person) is PartyKind.ENTERPRISE
    manner = SigningManner.SEAL if firm else SigningManner.SIGNATURE
    command = ConfirmAgreement(manner=manner, identity_checked=True, **more)
    return step(back, at, by, command, f"confirmation/{number}", capacity=capacity)


def in_effect(
    by: str,
    people: Sequence[str],
    terms: Sequence[Term],
    reached: int,
    text: int,
    signed: int,
    capacity: str = "",
    lead: str = "wang",
) -> Iterator[Step]:
    """The whole way to an agreement signed by both, by the mediator, and sealed; a capacity is of the first party."""
    yield from drafted(by, terms, reached, text)
    for number, (person, at) in enumerate(zip(people, ("09:30", "10:10"), strict=True), 1):
        yield confirmed(by, signed, at, number, person, capacity if number == 1 else "")
    yield step(signed, "10:40", by, SignAsMediator(), "agreement/1")
    yield step(signed, "11:10", lead, AffixSeal(), "agreement/1")


def paid(by: str, back: int, yuan: int, obligation: int = 1) -> Step:
    """What is owed is paid by the other to the applicant."""
    owed = f"obligation/{obligation}"
    return step(back, "14:30", by, RecordPayment(amount=yuan * 100, obligation=owed, payer="party/2", payee="party/1"))


def visited(by: str, back: int, number: int, party: int, finding: Finding = Finding.STABLE, said: str = "") -> Step:
    """A visit of the plan is made: the first on the spot, later ones by telephone."""
    manner = Way.IN_PERSON if number == 1 else Way.PHONE
    command = RecordVisit(party=f"party/{party}", manner=manner, finding=finding, said=_text(said))
    return step(back, "15:00", by, command, f"visit/{number}")
