"""《矛盾纠纷排查调处情况表》: its columns in their order, as far as the record can tell them; and what counts are told
apart by, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediation_engine.domain.roles import Level

from ..vocabulary import Dispute, Source

TITLE = "矛盾纠纷排查调处情况表"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the form."""

    head: str
    label: str
    figure: str
    """The code of a figure."""
    by: str = ""
    groups: tuple[str, ...] = ()
    """The groups (codes) of what it is told apart by that it adds up; empty for all."""


def _by_source(label: str, *sources: Source) -> Column:
    groups = tuple(it.value for it in sources)
    return Column(head="案件来源（件）", label=label, figure="closed", by="source", groups=groups)


DEPARTMENTS = (Source.SUPERIOR, Source.GRID, Source.ENTERPRISE)
ENTRUSTED = (Source.COURT, Source.POLICE, Source.PETITION, *DEPARTMENTS)
COLUMNS = (
    Column(head="", label="调解案件总数（件）", figure="closed"),
    Column(head="", label="涉及当事人数（人）", figure="closed_people"),
    Column(head="", label="调解成功（件）", figure="succeeded"),
    Column(head="", label="疑难复杂案件（件）", figure="weighty"),
    Column(head="", label="协议涉及金额（万元）", figure="amount"),
    _by_source("主动调解", Source.PROACTIVE),
    _by_source("依申请调解", Source.APPLICATION),
    _by_source("接受委托移送调解", *ENTRUSTED),
    _by_source("法院", Source.COURT),
    _by_source("公安机关", Source.POLICE),
    _by_source("信访部门", Source.PETITION),
    _by_source("其他部门", *DEPARTMENTS),
    Column(head="案件来源（件）", label="其他和没有写明", figure="closed", by="source", groups=("other", "")),
    *(
        Column(head="案件分类（件）", label=it.label, figure="closed", by="dispute", groups=(it.value,))
        for it in Dispute
    ),
    Column(head="协议形式（件）", label="口头", figure="agreements_oral"),
    Column(head="协议形式（件）", label="书面", figure="agreements_written"),
    Column(head="", label="受理登记（件）", figure="accepted"),
    Column(head="", label="已履行（份）", figure="due_performed"),
    Column(head="", label="司法确认（件）", figure="confirmed"),
    Column(head="", label="回访记录（次）", figure="visits"),
)

LABELS: Mapping[str, Mapping[str, str]] = {
    "dispute": {it.value: it.label for it in Dispute},
    "source": {it.value: it.label for it in Source},
    "level": {it.value: it.label for it in Level},
}
"""Words for the groups that have codes of the content."""
