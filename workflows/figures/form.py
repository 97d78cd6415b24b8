"""《矛盾纠纷排查调处情况表》: its columns in their order, as far as the record can tell them; and what counts are told
apart by, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediation_engine.domain.roles import Level

from ..vocabulary import Dispute, Source
from .bodies import Body
from .cases import AVERTED
from .declared import AVERTS

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
ENTRUSTED = (Source.COURT, Source.PROCURATORATE, Source.POLICE, Source.PETITION, *DEPARTMENTS)
CLASSES = (
    ("婚姻家庭", (Dispute.FAMILY,)),
    ("邻里", (Dispute.NEIGHBOUR,)),
    ("房屋宅基地", (Dispute.HOUSING,)),
    ("合同", (Dispute.CONTRACT,)),
    ("生产经营", (Dispute.PRODUCTION,)),
    ("损害赔偿", (Dispute.DAMAGE,)),
    ("山林土地", (Dispute.FOREST_LAND,)),
    ("征地拆迁", (Dispute.LAND_TAKING,)),
    ("环境污染", (Dispute.POLLUTION,)),
    ("拖欠农民工工资（拖欠劳动报酬都在内）", (Dispute.LABOUR_PAY,)),
    ("其他劳动争议（含工伤待遇）", (Dispute.LABOUR_INJURY, Dispute.LABOUR_OTHER)),
    ("旅游", (Dispute.TOURISM,)),
    ("电子商务", (Dispute.ECOMMERCE,)),
    ("其他消费", (Dispute.CONSUMER,)),
    ("医疗", (Dispute.MEDICAL,)),
    ("道路交通事故", (Dispute.TRAFFIC,)),
    ("物业", (Dispute.PROPERTY_MANAGEMENT,)),
    ("其他", (Dispute.OTHER,)),
)
"""The classes of the form, in its order, with the types that count in each."""
COLUMNS = (
    Column(head="", label="调解案件总数（件）", figure="closed"),
    Column(head="", label="涉及当事人数（人）", figure="closed_people"),
    Column(head="", label="调解成功（件）", figure="succeeded"),
    Column(head="", label="疑难复杂案件（件）", figure="weighty"),
    Column(head="", label="协议涉及金额（万元）", figure="amount"),
    *(Column(head="不同主体（件）", label=it.label, figure="closed", by="body", groups=(it.value,)) for it in Body),
    _by_source("主动调解", Source.PROACTIVE),
    _by_source("依申请调解", Source.APPLICATION),
    _by_source("接受委托移送调解", *ENTRUSTED),
    _by_source("法院", Source.COURT),
    _by_source("检察院", Source.PROCURATORATE),
    _by_source("公安机关", Source.POLICE),
    _by_source("信访部门", Source.PETITION),
    _by_source("其他部门", *DEPARTMENTS),
    Column(head="案件来源（件）", label="其他和没有写明", figure="closed", by="source", groups=("other", "")),
    *(
        Column(
            head="案件分类（件）", label=label, figure="closed", by="dispute", groups=tuple(it.value for it in disputes)
        )
        for label, disputes in CLASSES
    ),
    Column(head="案件分类（件）", label="没有写明", figure="closed", by="dispute", groups=("",)),
    Column(head="协议形式（件）", label="口头", figure="agreements_oral"),
    Column(head="协议形式（件）", label="书面", figure="agreements_written"),
    *(
        Column(head="防止（件）", label=words.removeprefix("防止"), figure=f"{AVERTED}{it.value}")
        for it, words in AVERTS.items()
    ),
    Column(head="", label="排查发现（件）", figure="screened"),
    Column(head="", label="受理登记（件）", figure="accepted"),
    Column(head="", label="已履行（份）", figure="due_performed"),
    Column(head="", label="司法确认（件）", figure="confirmed"),
    Column(head="", label="回访记录（次）", figure="visits"),
)

LABELS: Mapping[str, Mapping[str, str]] = {
    "dispute": {it.value: it.label for it in Dispute},
    "source": {it.value: it.label for it in Source},
    "level": {it.value: it.label for it in Level},
    "body": {it.value: it.label for it in Body},
}
"""Words for the groups that have codes of the content."""
