"""What an item of the zone leaves to be done in a case, and a case in the item that led to it. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.task import Elsewhere as Around
from mediation_engine.domain.task import NextOrder, TaskRule
from mediation_engine.ids import id_of

from ..facts import MediationFacts, Origin
from ..facts import facts_of as facts_of_case
from ..parts.origin import LinkItem, NoteTold, news_of
from ..phases.intake import RegisterCase
from ..tracks import usual_track
from ..vocabulary import Dispute, News
from ..vocabulary import Elsewhere as Body
from .outcome import (
    ItemFacts,
    Outcome,
    RecordAgreed,
    RecordCaseOpened,
    RecordNotAgreed,
    RecordPerformed,
    RecordTalksResumed,
    RecordUnperformed,
    item_facts,
)
from .returns.facts import ReturnFacts
from .returns.tasks import told
from .vocabulary import OutcomeState, Program

HEARD: Mapping[News, type[Command]] = {
    News.MEDIATING: RecordTalksResumed,
    News.AGREED: RecordAgreed,
    News.PERFORMED: RecordPerformed,
    News.BREACHED: RecordUnperformed,
    News.FAILED: RecordNotAgreed,
}
"""By which order an item hears of what became of its case."""


def case_of(item: str, key: str) -> str:
    """The id of the case that an outcome of an item opens: always the same."""
    return id_of("case of an alert", item, key)


def _waiting(case: Case) -> Iterator[str]:
    """Outcomes whose case is still to be opened, or joined."""
    outcomes = item_facts(case).outcomes.items()
    yield from (key for key, it in outcomes if it.state is OutcomeState.WAITING)


def _open(case: Case, key: str, around: Around) -> NextOrder | str:
    outcome = item_facts(case).outcomes[key]
    target = outcome.case or case_of(case.id, key)
    other = around.case(target)
    if other is None and outcome.case is not None:
        return f"没有编号为 {target} 的案件，或者它不归本组织：请记“没有调成”，再重新并入"
    if other is None:
        workflow = around.version_of(outcome.program.value)
        return NextOrder(case=target, command=_registration(case, outcome, around), workflow=workflow)
    target = other.id
    if not isinstance(other.facts, MediationFacts):
        return f"{target} 不是调解案件，不能并入"
    origin = _origin(other, case.id, key)
    if origin is None:
        issue = outcome.issue or next(iter(other.of("issue")), None)
        return NextOrder(case=target, command=LinkItem(item=case.id, instance=key, issue=issue))
    return NextOrder(case=case.id, command=RecordCaseOpened(case=target, issue=origin.issue), on=(key,))


def _origin(case: Case, item: str, key: str) -> Origin | None:
    origins = facts_of_case(case).origins.values()
    return next((it for it in origins if (it.item, it.instance) == (item, key)), None)


def _registration(case: Case, outcome: Outcome, around: Around) -> RegisterCase:
    """The registration of the case that an outcome leads to."""
    facts, dispute = item_facts(case), outcome.dispute or Dispute.OTHER
    sent = facts.sent()
    return RegisterCase(
        named=facts.for_case(),
        track=usual_track(dispute).code,
        dispute=dispute,
        matter=Text(words) if (words := around.said(outcome.matter)) else None,
        source=sent.source,
        elsewhere=sent.by,
        sent_by_it=sent.by is not Body.NONE,
        in_zone=True,
        weighty=outcome.program is Program.CONSULTATION,
        organisation=facts.organisation,
        reference=facts.number,
    )


def _changed(case: Case) -> Iterator[str]:
    """Origins that have not been told how it stands now."""
    facts = facts_of_case(case)
    yield from (key for key, it in facts.origins.items() if it.told is not news_of(case, key))


def _tell(case: Case, key: str, around: Around) -> NextOrder | str:
    origin, news = facts_of_case(case).origins[key], news_of(case, key)
    item = around.case(origin.item)
    if item is not None and isinstance(item.facts, ReturnFacts):
        return told(item, origin.instance, news) or NextOrder(case=case.id, command=NoteTold(news=news), on=(key,))
    if item is None or not isinstance(item.facts, ItemFacts):
        return f"来件 {origin.item} 读不到"
    on, state = (origin.instance,), item.state(origin.instance)
    if state == OutcomeState.WAITING.value:
        return NextOrder(case=item.id, command=RecordCaseOpened(case=case.id, issue=origin.issue), on=on)
    if state != news.value:
        return NextOrder(case=item.id, command=HEARD[news](), on=on)
    return NextOrder(case=case.id, command=NoteTold(news=news), on=(key,))


ITEM_TASKS = (TaskRule(code="open_case", label="登记转来的案件", due=_waiting, next=_open),)
CASE_TASKS = (TaskRule(code="tell_item", label="把案件的结果告诉来件", due=_changed, next=_tell),)
