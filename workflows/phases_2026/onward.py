"""What leads on where the way does not stand in a thing's own table: an issue is settled by talks about it."""

from collections.abc import Mapping

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.workflow import Onward

from ..common_2026.agreement import AdoptOrally, AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from ..common_2026.block import RecordTalk
from ..common_2026.session import RecordSession, ScheduleSession
from ..common_2026.states import AgreementState
from .coordination import ConveneConsultation

Commands = tuple[type[Command], ...]
UNDER_WAY = (AgreementState.REACHED, AgreementState.DRAFTED)


def towards_settling(case: Case, key: str) -> Commands:
    """One talks about it; once an agreement on it is under way, that is what is taken further."""
    if any(key in held.issues and case.is_in(name, *UNDER_WAY) for name, held in case.facts.agreements.items()):
        return ()
    return (RecordTalk, ScheduleSession, RecordSession, ReachAgreement, ConveneConsultation)


def towards_effect(case: Case, key: str) -> Commands:
    """It is written down or adopted, signed by the mediator, sealed; the parties' signatures are things of their own."""
    held = case.facts.agreements[key]
    if case.is_in(key, AgreementState.REACHED):
        return (DraftAgreement, AdoptOrally)
    return (SignAsMediator,) if held.mediator_signed is None else (AffixSeal,) if held.sealed is None else ()


ONWARD: Mapping[str, Onward] = {"issue": towards_settling, "agreement": towards_effect}
