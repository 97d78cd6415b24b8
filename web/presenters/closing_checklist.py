"""离结案还差什么: what stands between a case and its closing, in words: each once, what falls due first at the top."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mediation_engine.decisions.closing import Need
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.formatting import heading
from workflows.facts import MediationFacts, facts_of
from workflows.parts.delivery import DeliverPaper
from workflows.parts.queries import binds
from workflows.parts.states import DeliveryState
from workflows.vocabulary import AgreementForm, DeliveredPaper

from .case_options import Asking
from .dossier import lacking as lacking_in_dossier
from .dossier import lying
from .refusal_reasons import Address, Reason, Way, named, reasons
from .step_groups import leading_ways

FEW = 3
"""So many things that are alike are named; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Something that is not done yet, in words: one thing, or several of which the same is true."""

    thing: str
    state: str
    path: tuple[str, ...]
    giving_up: str
    by: str
    """Who can take the next step, where that is not the reader; empty where he can."""
    follows: bool
    """Whether the next step follows by itself."""
    ways: tuple[Way, ...]
    """What leads on, the first before all; each says about which thing where there are several."""
    reasons: tuple[Reason, ...]
    rests_on_others: bool
    """Whether what else stands in the way is listed already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingPaper:
    """A paper that is not where it belongs."""

    words: str
    way: Way | None
    """Where it is put right; None for the page of the dossier."""


def lacking(asked: Asking) -> list[Lacking]:
    """What stands between a case and its closing: what falls due first at the top, the closing itself last."""
    alike: dict[tuple[object, ...], list[Need]] = {}
    for need in asked.needs:
        same = (machine_of(need.key), asked.case.state(need.key), need.path, need.instead, need.refusals)
        alike.setdefault(same, []).append(need)
    listed = {need.key for need in asked.needs} - {asked.case.phase}
    days = dict(asked.case.facts.due_days(frozenset(listed)))
    groups = sorted(alike.values(), key=lambda needs: _place(asked, needs, days))
    return [_lacking(asked, needs, listed) for needs in groups]


def _place(asked: Asking, needs: Sequence[Need], days: dict[str, date]) -> tuple[bool, date]:
    """Where some things stand in the list."""
    first = min((days[need.key] for need in needs if need.key in days), default=date.max)
    return asked.case.phase in {need.key for need in needs}, first


def _lacking(asked: Asking, alike: Sequence[Need], listed: Collection[str]) -> Lacking:
    need = alike[0]
    told = reasons(asked.case, need.refusals, asked.teller, asked.office, asked.allowed)
    others = [it for it in told if not any({*way.address.on} & {*listed} - {need.key} for way in it.ways)]
    named_above = (need.key,) if len(alike) == 1 else None
    ways = [replace(it, about="") if it.address.on == named_above else it for it in leading_ways(asked, alike)]
    return Lacking(
        thing=_things(asked, alike),
        state=asked.workflow.unfinished(asked.case, need.key)
        or asked.teller.state(need.key, asked.case.state(need.key)),
        path=tuple(step.removeprefix("⤷") for step in need.path),
        giving_up="、".join(need.giving_up),
        by="" if asked.office in need.by else "、".join(o.label for o in need.by),
        follows=not need.by,
        ways=tuple(
            replace(way, about="") if way.address.on == (need.key,) and len(alike) == 1 else way for way in ways
        ),
        reasons=tuple(others),
        rests_on_others=len(others) < len(told),
    )


def _things(asked: Asking, alike: Sequence[Need]) -> str:
    """A few by their names; many by how many they are."""
    if len(alike) > FEW:
        return f"{asked.workflow.machines[machine_of(alike[0].key)].label} {len(alike)} 项"
    return named(asked.case, [n.key for n in alike], asked.teller)


def lacking_papers(asked: Asking) -> list[LackingPaper]:
    """What is not in the dossier yet, and what nobody has been handed."""
    missing = lacking_in_dossier(lying(asked.view))
    gaps = [LackingPaper(words=f"案卷还缺 {len(missing)} 处：{'、'.join(missing)}", way=None)] if missing else []
    return [*gaps, *_to_be_handed_over(asked)]


def _to_be_handed_over(asked: Asking) -> Iterator[LackingPaper]:
    """Written agreements in effect that not all who signed have got."""
    case, facts = asked.case, asked.case.facts
    for key, of in facts_of(case).agreements.items() if isinstance(facts, MediationFacts) else ():
        on_its_way = (DeliveryState.SENT, DeliveryState.RECEIVED)
        handed = {
            d.party for k, d in facts_of(case).deliveries.items() if d.agreement == key and case.is_in(k, *on_its_way)
        }
        parties = [party for party in of.signers if party not in handed]
        if binds(case, key) and of.form is not AgreementForm.ORAL and parties:
            form = (("paper", DeliveredPaper.AGREEMENT.code), ("agreement", key), ("party", parties[0]))
            way = Way(label=DeliverPaper.label, address=Address(case.id, DeliverPaper.name(), form=form))
            can = any(option.command is DeliverPaper for option in asked.allowed.get(asked.office, ()))
            names = heading([asked.teller.thing(party) for party in parties])
            yield LackingPaper(words=f"{asked.teller.thing(key)}还没有送给{names}", way=way if can else None)
