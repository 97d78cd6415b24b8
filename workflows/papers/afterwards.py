"""What a case ends with or goes on to: 终止告知, 司法确认, 送达, 结案报告 (人民调解法 第26条、第33条)."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import civil_words, sum_words
from mediation_engine.domain.paper import (
    OPEN,
    Entries,
    Grid,
    Paper,
    PaperKind,
    PaperReading,
    Paragraph,
    Signatures,
    Style,
    always,
)
from mediation_engine.domain.presentation import HIDDEN

from ..facts import facts_of
from ..parts.queries import binds
from ..vocabulary import DossierPlace, Side
from .agreement import number_of
from .opening import _in_dispute, on_side, told_in
from .parties import blocks, is_labour, manner
from .sheet import party_paper, room_paper
from .story import between, or_ruled, story

LINES_FOR_SERVING = 3
LINES_FOR_OUTCOME = 4
SERVED = ("文书名称、件数", "送达方式", "送达时间", "收件人签名", "签收人、代收理由")


def termination(reading: PaperReading, key: str) -> Paper:
    """That the talks came to nothing, and what else is open to a party."""
    facts, labour = facts_of(reading.case), is_labour(reading)
    told = facts.parties[key].remedy_told
    day = (told and told.last_day()) or reading.today
    name = "termination_routes_labour" if labour else "termination_routes_people"
    return room_paper(
        reading,
        title="终止调解告知书",
        day=day,
        blocks=(
            Paragraph(f"{reading.thing(key)}：", Style.PLAIN),
            Paragraph(reading.wording("termination", between=between(reading), host=reading.host.name)),
            *told_in(reading.wording(name)),
            Signatures(
                left=(f"当事人签收（{manner(labour=False)}）：",),
                right=("告知人（签名）：",),
                seal=f"{reading.host.name}（印章）",
            ),
        ),
    )


def confirmation(reading: PaperReading, key: str) -> Paper:
    """What the parties together ask a court, or an arbitration body, to confirm."""
    facts, labour = facts_of(reading.case), is_labour(reading, key)
    of = facts.agreements[key]
    day = (of.effective and of.effective.last_day()) or reading.today
    since = of.effective.words() if of.effective else ""
    given = {"number": number_of(reading, key), "day": since, "host": reading.host.name}
    body = "＿＿＿＿＿＿劳动人事争议仲裁委员会" if labour else "＿＿＿＿＿＿人民法院"
    return party_paper(
        reading,
        title="仲裁审查申请书" if labour else "司法确认申请书",
        day=day,
        blocks=(
            *blocks(reading, of.signers, day, each="申请人"),
            Paragraph("请求事项：", Style.HEAD),
            Paragraph(reading.wording("confirmation_asked_labour" if labour else "confirmation_asked", **given)),
            Paragraph("事实与理由：", Style.HEAD),
            *story(reading),
            Paragraph(reading.wording("confirmation_reason", **given)),
            *([Paragraph(f"协议总金额：{sum_words(of.total)}。")] if of.total is not None else []),
            Paragraph(reading.wording("confirmation_true")),
            Paragraph("附件：", Style.HEAD),
            Paragraph(reading.wording("confirmation_attached", host=reading.host.name)),
            Paragraph("此致", Style.PLAIN),
            Paragraph(body, Style.PLAIN),
            Signatures(left=(f"申请人（{manner(labour=False)}）：",) * len(of.signers)),
        ),
    )


def address(reading: PaperReading, key: str) -> Paper:
    """Where papers reach a party, confirmed by it."""
    day = reading.today
    return party_paper(
        reading,
        title="送达地址确认书",
        day=day,
        blocks=(
            *blocks(reading, [key], day, each="当事人"),
            Entries(
                ((("送达地址", OPEN),), (("收件人", "　"), ("联系电话", "　")), (("电子送达（手机、邮箱）", "　"),))
            ),
            Paragraph(reading.wording("address_confirmed")),
            Signatures(right=(f"当事人（{manner(labour=False)}）：",)),
        ),
    )


def serving(reading: PaperReading, key: str) -> Paper:
    """Which papers went to a party, as they are on record, and lines for those that are handed over with it."""
    own = [key_ for key_, it in facts_of(reading.case).deliveries.items() if it.party == key]
    rows = [_served(reading, it) for it in own] + [(OPEN,) * len(SERVED)] * LINES_FOR_SERVING
    return room_paper(
        reading,
        title="送达回证",
        day=reading.today,
        blocks=(
            Entries(((("案由", between(reading)),), (("受送达人", reading.thing(key)),))),
            Grid(head=SERVED, rows=tuple(rows), widths=(4, 3, 4, 3, 4)),
            Signatures(right=("送达人（签名）：",)),
        ),
    )


def _served(reading: PaperReading, key: str) -> tuple[str, ...]:
    """A delivery as a row."""
    of = facts_of(reading.case).deliveries[key]
    name = f"{reading.said(of.title) if of.title else of.paper.label} {of.copies}份"
    where = reading.said(of.place) if of.place else ""
    how = "\n".join((of.manner.label, *([where] if where and where != HIDDEN else [])))
    if of.undelivered:
        return name, how, of.sent.words(), f"没有送到：{of.undelivered.label}", ""
    if of.received is None:
        return name, how, of.sent.words(), OPEN, OPEN
    by = "".join(filter(None, (of.receiver and of.receiver.label, of.signed_by and reading.said(of.signed_by))))
    why = "：".join(filter(None, (by, of.reason and reading.said(of.reason))))
    went = of.received.words() if of.received == of.sent else f"{of.sent.words()}送出\n{of.received.words()}签收"
    return name, how, went, f"见{reading.numbered(of.receipt)}" if of.receipt else OPEN, why


def report(reading: PaperReading, key: str) -> Paper:
    """What became of the case, for its dossier."""
    facts = facts_of(reading.case)
    sides = [key for side in (Side.APPLICANT, Side.RESPONDENT) for key in on_side(reading.case, side)]
    accepted, closed = facts.accepted.words() if facts.accepted else "", reading.retention.since
    return room_paper(
        reading,
        title="结案报告表",
        day=reading.today,
        blocks=(
            Entries(
                (
                    (("卷号", facts.number or ""), ("填表时间", civil_words(reading.today))),
                    (("承办单位", reading.host.name), ("承办人", "、".join(reading.mediators()))),
                    (("受案时间", accepted), ("结案时间", civil_words(closed) if closed else "")),
                    (("结案方式", reading.state(reading.case.phase)),),
                    (("纠纷类型", facts.dispute.label if facts.dispute else ""), ("案件来源", _source(reading))),
                )
            ),
            *blocks(reading, sides, reading.today, side=True, acting=False),
            Paragraph("纠纷简要事实：", Style.HEAD),
            *story(reading),
            Paragraph("调解结果与履行情况：", Style.HEAD),
            *or_ruled(_outcome(reading), LINES_FOR_OUTCOME),
            Signatures(left=("承办人（签名）：",), right=("负责人（签名）：",)),
        ),
    )


def _source(reading: PaperReading) -> str:
    source = facts_of(reading.case).source
    return source.label if source else ""


def _outcome(reading: PaperReading) -> Iterator[Paragraph]:
    for key, of in facts_of(reading.case).agreements.items():
        total = f"，总金额{sum_words(of.total)}" if of.total is not None else ""
        yield Paragraph(f"{reading.numbered(key)}：{reading.state(key)}{total}。")


def _told_remedies(case: Case, key: str) -> bool:
    return facts_of(case).parties[key].remedy_told is not None


def _closed(case: Case, key: str) -> bool:
    return facts_of(case).closed is not None


TERMINATION = PaperKind(
    code="termination", label="终止告知", about="party", place=DossierPlace.AGREEMENT, content=termination,
    when=_told_remedies, tells=always, basis="人民调解法 第26条",
)  # fmt: skip
CONFIRMATION = PaperKind(
    code="confirmation", label="司法确认申请书", labour="仲裁审查申请书", about="agreement",
    place=DossierPlace.CONFIRMATION, content=confirmation, when=binds,
    basis="人民调解法 第33条；民事诉讼法 第205条；劳动人事争议仲裁办案规则 第74条",
)  # fmt: skip
ADDRESS = PaperKind(
    code="address", label="送达地址确认书", about="party", place=DossierPlace.CONFIRMATION, content=address,
    when=_in_dispute, basis="最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 第354条",
)  # fmt: skip
SERVING = PaperKind(
    code="serving", label="送达回证", about="party", place=DossierPlace.NOTES, content=serving, when=_in_dispute,
    of_room=True, basis="本室规定",
)  # fmt: skip
REPORT = PaperKind(
    code="report", label="结案报告", about="", place=DossierPlace.NOTES, content=report, when=_closed,
    tells=always,
    basis="人民调解法 第27条",
)  # fmt: skip
