"""Payment terms for all who stand on a roster, so that nobody types them one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mediation_engine.domain.case import Case
from mediation_engine.input.command_schema import typed_sum
from mediation_engine.record.sealing import TextRef
from mediation_engine.services.case_view import CaseView
from workflows.facts import facts_of
from workflows.parts.queries import in_dispute
from workflows.parts.states import CAME_TO_NOTHING
from workflows.vocabulary import Dispute, Side, TermKind

Filled = dict[str, str]
"""A row as it would have been typed, by the names of the fields."""


def listed(case: Case) -> list[str]:
    """The parties (keys) that stand on a roster of the case."""
    parties = facts_of(case).parties
    return [key for key in in_dispute(case) if parties[key].claimed is not None]


def payers(case: Case) -> list[str]:
    """Who may be the one that pays them: those of the other side first."""
    parties, on = facts_of(case).parties, set(listed(case))
    others = [key for key in in_dispute(case) if key not in on]
    return sorted(others, key=lambda key: parties[key].side is not Side.RESPONDENT)


def terms(view: CaseView, payer: str, due: str, of: Collection[str] = ()) -> list[Filled]:
    """A term for each to whom no agreement but `of` pays anything yet: what he claims, by one day."""
    served = _served(view.case, of)
    return [_term(view, key, payer, due) for key in listed(view.case) if key not in served]


def _served(case: Case, but: Collection[str]) -> set[str]:
    """To whom other agreements that have not come to nothing pay something."""
    held = facts_of(case).agreements
    others = (a for k, a in held.items() if k not in but and not case.is_in(k, *CAME_TO_NOTHING))
    return {t.payee for a in others for n, t in enumerate(a.terms, 1) if t.payee and n not in a.left_out}


def _term(view: CaseView, key: str, payer: str, due: str) -> Filled:
    party = facts_of(view.case).parties[key]
    ref = TextRef.read(party.months) if party.months else None
    months = view.words.get(ref.id, "") if ref else ""
    return payment(view, payer, key, party.claimed or 0, due, months=months)


def payment(
    view: CaseView,
    payer: str,
    payee: str,
    amount: int,
    due: str,
    *,
    which: str = "",
    months: str = "",
    how: str = "",
) -> Filled:
    """A term by which somebody pays somebody; `which` of several it is, of what `months` the pay, and `how` it is paid,
    in words."""
    what = "工资" if facts_of(view.case).dispute is Dispute.LABOUR_PAY else "款项"
    sum_ = typed_sum(amount)
    return {
        "words": f"{which}{how}向{view.teller.thing(payee)}支付{months}{what}{sum_}元",
        "kind": TermKind.PAY.code,
        "payer": payer,
        "payee": payee,
        "amount": sum_,
        "due": due,
    }


def total(filled: Sequence[Filled], case: Case) -> str:
    """All of them together, as it would have been typed."""
    claimed = (facts_of(case).parties[row["payee"]].claimed or 0 for row in filled)
    return typed_sum(sum(claimed))
