"""Wages and injuries, under 劳动争议调解."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.fields import Readers, Text
from mediation_engine.domain.people import PartyKind
from workflows.parts.exhibit import FileExhibit
from workflows.phases.intake import PartyRow, RegisterCase
from workflows.tracks import LABOUR as TRACK
from workflows.vocabulary import Dispute, ExhibitKind, Side

from .. import papers
from ..days import Days
from ..room import ROOM
from ..script import FAST, Step, Story, step


def registered_yesterday(days: Days) -> Iterator[Step]:
    named = (
        PartyRow(person="guyu", side=Side.APPLICANT),
        PartyRow(person="hardware", side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE),
    )
    yield step(1, "16:20", "li", RegisterCase(
        named=named, track=TRACK.code, dispute=Dispute.LABOUR_PAY, organisation=ROOM.id, in_zone=True,
        amount_claimed=1_860_000, matter=Text("离厂后最后两个月工资没有发，厂里说模具损坏要扣钱。"),
    ))  # fmt: skip
    yield step(1, "16:30", "li",
        FileExhibit(kind=ExhibitKind.EVIDENCE, title=Text("厂里写的欠条"), party="party/1"),
        papers=(lambda: papers.sheet("欠条", "今欠甘谷雨工资壹万捌仟陆佰元整。", "月底前付清。", signed="样本五金厂"),),
    )  # fmt: skip
    yield step(1, "16:32", "li",
        FileExhibit(kind=ExhibitKind.IDENTITY, title=Text("身份证正面"), party="party/1", readers=Readers.OWN),
        papers=(lambda: papers.card("甘谷雨", "（样本）"),),
    )  # fmt: skip


LABOUR = (Story(case="demo-wages-new", family=FAST, steps=registered_yesterday),)
