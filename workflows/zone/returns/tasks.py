"""What a return leaves to be done: a small dispute that was handed up becomes a case of the room. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.task import Elsewhere, NextOrder, TaskRule
from mediation_engine.ids import id_of

from ...facts import MediationFacts
from ...facts import facts_of as facts_of_case
from ...parts.origin import LinkItem
from ...phases.intake import PartyRow, RegisterCase
from ...tracks import usual_track
from ...vocabulary import DISPUTE_OF, News, Side, Source
from .entry import RecordHandedUp, RecordNews
from .facts import Entry, facts_of
from .vocabulary import EntryState

FAMILY = "fast_track"


def case_of(item: str, key: str) -> str:
    """The id of the case that a small dispute becomes: always the same."""
    return id_of("case of a return", item, key)


def _waiting(case: Case) -> Iterator[str]:
    """Small disputes whose case is still to be opened."""
    yield from (key for key, it in facts_of(case).entries.items() if it.state is EntryState.WAITING)


def _open(case: Case, key: str, around: Elsewhere) -> NextOrder | str:
    entry, target = facts_of(case).entries[key], case_of(case.id, key)
    other = around.case(target)
    if other is None:
        room = around.host_above(case.facts.organisation)
        if room is None:
            return "这家调委会的上级里没有能办案的调解组织，请先在组织名录里写明上级"
        raised = Occurred(entry.raised) if entry.raised else None
        command, workflow = _registration(case, entry, around, room), around.version_of(FAMILY)
        return NextOrder(case=target, command=command, workflow=workflow, occurred=raised)
    if not isinstance(other.facts, MediationFacts):
        return f"{target} 不是调解案件"
    origins = facts_of_case(other).origins.values()
    if not any((it.item, it.instance) == (case.id, key) for it in origins):
        return NextOrder(case=target, command=LinkItem(item=case.id, instance=key, issue=None))
    return NextOrder(case=case.id, command=RecordHandedUp(case=target), on=(key,))


def _registration(case: Case, entry: Entry, around: Elsewhere, room: str) -> RegisterCase:
    """The registration of the case; who raised it is the committee, and so is the level."""
    dispute = DISPUTE_OF[entry.about]
    words = around.said(entry.words)
    return RegisterCase(
        named=(
            PartyRow(person=entry.worker, side=Side.APPLICANT, kind=_kind(entry), count=entry.people),
            PartyRow(person=entry.other, side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
        ),
        track=usual_track(dispute).code,
        dispute=dispute,
        matter=Text(words) if words else None,
        source=Source.ENTERPRISE,
        handed_up=case.facts.organisation,
        in_zone=True,
        organisation=room,
        amount_claimed=entry.amount,
        reference=case.facts.number,
    )


def _kind(entry: Entry) -> PartyKind:
    return PartyKind.GROUP if entry.people > 1 else PartyKind.PERSON


def told(item: Case, key: str, news: News) -> NextOrder | None:
    """The order by which a small dispute hears how its case stands; None where it has heard."""
    entry = facts_of(item).entries[key]
    return NextOrder(case=item.id, command=RecordNews(news=news), on=(key,)) if entry.news is not news else None


RETURN_TASKS = (TaskRule(code="open_handed_up", label="登记企业转来的案件", due=_waiting, next=_open),)
