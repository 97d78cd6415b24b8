"""Papers of an alert: 警情化解反馈单 and 履行情况证明 for the police, 不予处罚申请书 for the parties to sign.

None of them promises anything: whether somebody is punished is for the police to decide (治安管理处罚法 第9条).
"""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import day_words, heading
from mediation_engine.domain.paper import Entries, Grid, Paper, PaperKind, PaperReading, Paragraph, Signatures, Style

from ...papers.parties import manner, person_entries
from ...papers.sheet import party_paper, room_paper
from ...papers.story import paragraphs
from ..vocabulary import TO_TELL, OutcomeState
from .facts import facts_of
from .feedback import P186
from .inbox import PushAlert
from .outcome import SettleOnSpot
from .vocabulary import Standing

BLANK = "＿＿＿＿＿＿"
"""Where a name is written by hand."""
PARTIES = (Standing.REPORTER, Standing.OTHER)


def feedback(reading: PaperReading, key: str) -> Paper:
    """What came of the alert: who was met, which way it was taken, how that stands."""
    facts = facts_of(reading.case)
    of = facts.outcomes[key]
    said = [it.words for it in reading.commands(key) if isinstance(it, SettleOnSpot)]
    words = list(paragraphs(reading.said(said[-1]))) if said else []
    signed = reading.staff_name(facts.signed_by or "")
    return room_paper(
        reading,
        title="警情化解反馈单",
        day=reading.today,
        blocks=(
            Entries(
                (
                    (("派出所", _station(reading)), ("警情编号", facts.number or "")),
                    (("推送时间", facts.pushed.words() if facts.pushed else ""), ("片区", facts.district_name)),
                    (("类型", facts.trouble.label if facts.trouble else ""), ("涉及的人", _parties(reading))),
                    (("签收人", signed), ("签收时间", facts.signed.words() if facts.signed else "")),
                    (("处置", of.kind.label), ("现在的情况", of.state.label)),
                    (("何时起", of.since.words()), ("调解案号", reading.number_of(of.case or ""))),
                )
            ),
            *_contacts(reading),
            *([Paragraph("怎么说好的：", Style.HEAD), *words] if words else []),
            Paragraph(reading.wording("alert_police_decide", host=reading.host.name)),
            Signatures(left=("接收人（签名）：",), right=("经办人（签名）：",), seal=reading.host.name),
        ),
    )


def _contacts(reading: PaperReading) -> Iterator[Grid]:
    """Whom the room went to see or called."""
    found = facts_of(reading.case).contacts.values()
    whom = {it.whom: reading.thing(it.whom) for it in found if it.whom}
    rows = tuple((it.made.words(), whom.get(it.whom or "", ""), it.manner.label, it.result.label) for it in found)
    if rows:
        yield Grid(head=("联系时间", "联系谁", "方式", "结果"), rows=rows, widths=(4, 3, 2, 2))


def performance(reading: PaperReading, key: str) -> Paper:
    """That what was agreed on is performed, as it is on record."""
    said = {"number": _number(reading), "agreed": _agreed(reading, key), "host": reading.host.name}
    about = {"parties": _parties(reading), "trouble": _trouble(reading)}
    return room_paper(
        reading,
        title="履行情况证明",
        day=reading.today,
        blocks=(
            Paragraph(f"{_station(reading) or BLANK}：", Style.PLAIN),
            Paragraph(reading.wording("alert_performed", **said, **about)),
            Paragraph(reading.wording("alert_police_decide", host=reading.host.name)),
            Signatures(right=("经办人（签名）：",), seal=reading.host.name),
        ),
    )


def application(reading: PaperReading, key: str) -> Paper:
    """The parties' own: they ask the police not to punish, and know that the police decide."""
    facts = facts_of(reading.case)
    parties = [one for one in facts.involved.values() if one.standing in PARTIES]
    day = next((it.happened for it in _pushed(reading) if it.happened), facts.pushed and facts.pushed.day)
    said = {"day": day_words(day) if day else BLANK, "number": _number(reading), "agreed": _agreed(reading, key)}
    about = {"trouble": _trouble(reading), "host": reading.host.name}
    return party_paper(
        reading,
        title="不予处罚申请书",
        day=reading.today,
        blocks=(
            Paragraph(f"{_station(reading) or BLANK}：", Style.PLAIN),
            Paragraph("申请人：", Style.HEAD),
            *(person_entries(reading, one.person, "姓名或名称", reading.today) for one in parties),
            Paragraph("申请事项：", Style.HEAD),
            Paragraph(reading.wording("alert_asked")),
            Paragraph("事实和理由：", Style.HEAD),
            Paragraph(reading.wording("alert_reason", **said, **about)),
            Paragraph(reading.wording("alert_asked_knowing", host=reading.host.name)),
            Signatures(left=(f"申请人（{manner(labour=False)}）：",) * max(1, len(parties))),
        ),
    )


def _pushed(reading: PaperReading) -> list[PushAlert]:
    return [it for it in reading.commands("inbox/1") if isinstance(it, PushAlert)]


def _station(reading: PaperReading) -> str:
    """The police station that pushed it."""
    return next((reading.said(it.station) for it in _pushed(reading) if it.station), "")


def _parties(reading: PaperReading) -> str:
    return heading([reading.thing(key) for key in facts_of(reading.case).involved])


def _trouble(reading: PaperReading) -> str:
    trouble = facts_of(reading.case).trouble
    return trouble.label if trouble else ""


def _number(reading: PaperReading) -> str:
    return f"（编号{facts_of(reading.case).number or BLANK}）"


def _agreed(reading: PaperReading, key: str) -> str:
    """The number of the case that it led to."""
    return f"（案号{reading.number_of(facts_of(reading.case).outcomes[key].case or '') or BLANK}）"


def _is_told(case: Case, key: str) -> bool:
    return facts_of(case).outcomes[key].state in TO_TELL


def _is_performed(case: Case, key: str) -> bool:
    return facts_of(case).outcomes[key].state is OutcomeState.PERFORMED


FEEDBACK = PaperKind(
    code="alert_feedback", label="警情化解反馈单", about="outcome", place=None, content=feedback, when=_is_told,
    basis=P186,
)  # fmt: skip
PERFORMANCE = PaperKind(
    code="alert_performance", label="履行情况证明", about="outcome", place=None, content=performance,
    when=_is_performed, basis=P186,
)  # fmt: skip
APPLICATION = PaperKind(
    code="alert_application", label="不予处罚申请书（当事人签）", about="outcome", place=None, content=application,
    when=_is_performed, basis=P186,
)  # fmt: skip
PAPERS = (FEEDBACK, PERFORMANCE, APPLICATION)
"""In the order in which they are handed to the police."""
