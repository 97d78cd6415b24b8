"""One table: what a fault comes to, as a page, as an answer to a program, as an exit code of the console."""

from __future__ import annotations

from dataclasses import dataclass

from mediation_engine import errors as e
from mediation_engine.domain.machine import DeclarationFault

from ..security.api_tokens import ScopeUnfit, TokenNotFound, TokenPeriod
from ..security.links import LinkNotFound, LinkShut
from ..security.party_links import PartyLinkUnfit
from ..security.visit_links import LinkUnfit
from . import request_faults as r

FOUND, USAGE, REFUSED, STALE, ABSENT, BROKEN = 1, 2, 3, 4, 5, 6
"""Exit codes: audit found something; wrong use or input; refused; stale; no such thing; database, file or settings."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault comes to. None for a status: not foreseen there, so it is logged and told as a fault of ours."""

    page: int | None
    api: int | None
    exit: int = BROKEN


UNFORESEEN = Outcome(None, None)

TABLE: tuple[tuple[tuple[type[Exception], ...], Outcome], ...] = (
    # faults                                                                        page  api   exit
    ((e.CaseNotFound,), Outcome(404, 404, ABSENT)),
    ((e.OutsideOwnRemit,), Outcome(404, 404, REFUSED)),
    ((e.PersonNotFound,), Outcome(404, 404, ABSENT)),
    ((e.PersonMoved,), Outcome(409, 409, STALE)),
    ((e.PersonErased, e.PersonNeeded), Outcome(409, 409, REFUSED)),
    ((e.InstanceNotFound,), Outcome(404, 422, ABSENT)),
    ((e.OfficeNotHeld, e.ReasonWanted, e.SteppedBack), Outcome(403, 403, REFUSED)),
    ((e.ActorNotFound,), Outcome(None, 403, ABSENT)),
    ((e.VersionClash,), Outcome(409, 409, STALE)),
    ((e.NumberTaken,), Outcome(409, 409, BROKEN)),
    ((e.StaleInstance,), Outcome(None, 409, STALE)),
    ((e.Refused,), Outcome(None, 409, REFUSED)),
    ((e.CaseAlreadyOpen, e.CaseIdReserved), Outcome(None, 409, USAGE)),
    ((e.RulesNotInForce,), Outcome(None, 409, BROKEN)),
    ((e.FormFaults, e.UnfitText, e.UnknownCommand, e.CommandIdReused, e.PersonTaken), Outcome(None, 422, USAGE)),
    ((e.UnknownWorkflow,), Outcome(None, 422, ABSENT)),
    ((e.LineUnreadable, e.ValueUnreadable), Outcome(None, 500, BROKEN)),
    ((e.ExhibitNotFound, e.PaperNotFound, e.JottingNotFound), Outcome(404, 404, ABSENT)),
    ((e.JottingFiled,), Outcome(409, 409, STALE)),
    ((e.PaperUnfit,), Outcome(422, 422, REFUSED)),
    ((e.YearUnknown,), Outcome(404, 422, ABSENT)),
    ((e.NoticeUnfit,), Outcome(422, 422, USAGE)),
    ((e.YearOfficial,), Outcome(409, 409, REFUSED)),
    ((e.FontsMissing,), Outcome(503, 503, BROKEN)),
    ((e.ExhibitUnfit, e.TableUnfit), Outcome(422, 422, USAGE)),
    ((e.ExhibitDamaged,), Outcome(500, 500, BROKEN)),
    ((e.BlobsUnwritable, e.BlobsHeld), Outcome(503, 503, BROKEN)),
    ((e.StoreUnavailable, e.StoreNotReady, e.RoomKeyMissing), Outcome(503, 503, BROKEN)),
    ((e.BoxUnreadable,), Outcome(500, 500, BROKEN)),
    ((r.UnreadableJson,), Outcome(None, 400)),
    ((r.TokenMissing, r.TokenUnknown), Outcome(None, 401)),
    ((r.ScopeMissing, r.OfficeUnfit), Outcome(None, 403)),
    ((r.NotJson,), Outcome(None, 415)),
    ((r.KeyMissing, r.KeysDiffer, r.InvalidInput), Outcome(None, 422)),
    ((r.TooManyBadTokens,), Outcome(None, 429)),
    ((ScopeUnfit, TokenPeriod), Outcome(None, None, USAGE)),
    ((TokenNotFound,), Outcome(None, None, ABSENT)),
    ((LinkNotFound,), Outcome(404, None, ABSENT)),
    (
        (
            LinkUnfit,
            PartyLinkUnfit,
        ),
        Outcome(409, None, REFUSED),
    ),
    ((LinkShut,), Outcome(422, None, REFUSED)),
    ((e.OfficesClash,), Outcome(None, None, REFUSED)),
    ((e.StoreNotEmpty, e.ConfigFault, e.FileFault, DeclarationFault), Outcome(None, None, BROKEN)),
)
"""The first row that a fault is of counts."""


def outcome_of(fault: Exception) -> Outcome:
    """What a fault comes to."""
    return next((outcome for kinds, outcome in TABLE if isinstance(fault, kinds)), UNFORESEEN)
