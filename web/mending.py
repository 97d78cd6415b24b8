"""Why something cannot be done, and where it is put right: for each gate, the steps that can open it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from mediation_engine.available import Option
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.guard import POLICY, Refusal, basis_words
from mediation_engine.domain.roles import Office
from mediation_engine.telling import Teller

from . import reading

MENDS: Mapping[str, tuple[str, ...]] = {
    "agreement_in_effect": ("AffixSeal", "AdoptOrally"),
    "agreement_replaced": ("RecordDecided", "RecordSettledThere"),
    "agreements_performed": ("RecordPerformance", "RecordPayment", "ReportPerformance"),
    "all_confirmed": ("ConfirmAgreement", "RatifyConfirmation"),
    "all_performed": ("RecordPerformance", "RecordPayment"),
    "blocks_ended": ("MarkReady", "MarkSettled", "MarkBlocked"),
    "case_open": ("RecordVisit",),
    "claimants_answered": ("EndCohort", "DeclareListComplete"),
    "conflicts_accepted": ("AcceptMember", "RecuseMember"),
    "consented_first": ("RecordConsent",),
    "contents_recorded": ("DraftAgreement",),
    "may_talk_again": ("RecordReturned", "RecordDecided"),
    "mediator_signed": ("SignAsMediator",),
    "members_agreed_to": ("SeatMember",),
    "nobody_refuses": ("RecordConsent",),
    "nobody_refuses_to_begin": ("RecordConsent",),
    "not_paid_up": ("DisputePayment",),
    "not_suspended": ("ResumeCase",),
    "nothing_binding": ("DisposeIssue",),
    "nothing_else_owed": ("ResumeSupervision",),
    "nothing_unsigned": ("DraftAgreement", "ConfirmAgreement", "AbandonAgreement"),
    "oral_allowed": ("DraftAgreement",),
    "organ_members_agreed_to": ("SeatMember",),
    "parties_agreed": ("RecordConsent",),
    "quorum": ("InviteMember", "SeatMember", "RecordMember"),
    "remedies_told": ("TellRemedies",),
    "remedies_told_on_default": ("TellRemedies",),
    "results_known": ("RecordGranted", "RecordDismissed", "RecordDecided", "RecordReturned", "WithdrawProceeding"),
    "rights_told": ("TellRights",),
    "something_binds": ("AffixSeal",),
    "something_remains": ("CloseAsPerformed",),
    "still_open": ("ReopenCohort",),
    "two_at_the_table": ("RecordTalk",),
}
"""Names of commands by the code of a gate. A gate that is met in the form itself, or never, is in `IN_THE_FORM`."""
IN_THE_FORM = frozenset(
    {
        *("admitted", "agreement_named", "amount_is_positive", "authority_in_writing", "filed_jointly"),
        *("first_for_it", "four_fixed", "is_strengthening", "issues_named", "not_taken_elsewhere"),
        *("organs_agreed_to", "outsiders_agreed_to", "parties_agreed_to_organ", "reason_given", "remainder_named"),
        *("role_installed", "same_party", "signers_named", "some_are_left", "text_is_current", "to_another"),
        *("with_one", "track_known", "track_served", "applicant_named"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Something that can be done: what it is called, where it is done."""

    label: str
    address: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something cannot be done, and how it is put right."""

    code: str
    sentence: str
    basis: str
    about: str = ""
    ways: tuple[Way, ...] = ()
    others: str = ""
    """By whom, where it is not for the reader: 室主任可以办理“恢复调解”."""
    is_policy: bool = False


Allowed = Mapping[Office, Sequence[Option]]
"""What each office can do as things stand."""
MOST_NAMED = 6


def reasons(case: Case, refusals: Iterable[Refusal], teller: Teller, office: Office, allowed: Allowed) -> list[Reason]:
    """Refusals as a page shows them."""
    return [
        Reason(
            code=r.code,
            sentence=r.sentence,
            basis=basis_words(r.basis),
            about=named(case, r.about, teller),
            ways=tuple(_ways(case, r, allowed.get(office, ()), teller)),
            others=_others(r, office, allowed),
            is_policy=r.basis == POLICY,
        )
        for r in refusals
    ]


def named(case: Case, keys: Sequence[str], teller: Teller) -> str:
    """Things by their names, or how many where they are many."""
    shown = "、".join(reading.thing(case, teller, k) for k in keys[:MOST_NAMED])
    return shown if len(keys) <= MOST_NAMED else f"{shown}等{len(keys)}项"


def address(case_id: str, option: Option, keys: Sequence[str] = ()) -> str:
    """Where a command is given, on some things; on all of their kind where they are many."""
    on = list(keys) if len(keys) <= MOST_NAMED else [machine_of(keys[0])]
    return url_for("steps.step", case_id=case_id, command=option.command.name(), on=on or None)


def _ways(case: Case, refusal: Refusal, allowed: Sequence[Option], teller: Teller) -> Iterator[Way]:
    for name in MENDS.get(refusal.code, ()):
        mine = [o for o in allowed if o.command.name() == name]
        near = [o for o in mine if o.key in refusal.about] or mine
        keys = [o.key for o in near if o.key]
        if near:
            yield Way(
                label=near[0].command.label, address=address(case.id, near[0], keys), about=named(case, keys, teller)
            )


def _others(refusal: Refusal, office: Office, allowed: Allowed) -> str:
    """Who else can put it right, where the reader cannot."""
    names = MENDS.get(refusal.code, ())
    if any(o.command.name() in names for o in allowed.get(office, ())):
        return ""
    for other, options in allowed.items():
        labels = list(dict.fromkeys(o.command.label for o in options if o.command.name() in names))
        if labels:
            return f"{other.label}可以办理“{'”“'.join(labels)}”"
    return ""
