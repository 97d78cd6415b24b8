"""What a case begins with: 申请书, 受理登记表, 权利义务告知书 (人民调解法 第17条、第23—24条；若干规定 第30条)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import civil_words
from mediation_engine.domain.paper import (
    Block,
    Entries,
    Paper,
    PaperKind,
    PaperReading,
    Paragraph,
    Signatures,
    Style,
    always,
    chosen,
)

from ..facts import facts_of
from ..parts.states import PartyState
from ..parts.tie import workers
from ..vocabulary import DossierPlace, Side, Source
from .parties import blocks, is_labour, manner
from .sheet import party_paper, room_paper
from .story import between, matters, or_ruled, paragraphs, registration, story

HEADING = re.compile("[一二三四五六七八九十]、.{1,20}：")
LINES_FOR_DEMANDS = 3
"""To be filled in by hand where nobody has said what is asked for."""


def on_side(case: Case, *sides: Side) -> list[str]:
    """The parties on some sides who have not left."""
    return [k for k, p in facts_of(case).parties.items() if p.side in sides and not case.is_in(k, PartyState.LEFT)]


def application(reading: PaperReading, key: str) -> Paper:
    """What the applicants ask for, to be signed by them."""
    facts, day = facts_of(reading.case), reading.today
    if facts.applied and facts.applied.last_day():
        day = facts.applied.last_day() or day
    applicants, others = on_side(reading.case, Side.APPLICANT), on_side(reading.case, Side.RESPONDENT)
    return party_paper(
        reading,
        title="劳动争议调解申请书" if is_labour(reading) else "人民调解申请书",
        day=day,
        number="",
        blocks=(
            *blocks(reading, applicants, day, side=True),
            *blocks(reading, others, day, side=True),
            Paragraph("纠纷简要情况：", Style.HEAD),
            *story(reading),
            Paragraph("当事人申请事项：", Style.HEAD),
            *or_ruled(matters(reading, list(facts.issues)), LINES_FOR_DEMANDS),
            Paragraph(reading.wording("application_will", host=reading.host.name)),
            Signatures(
                left=(), right=(f"申请人（{manner(labour=False)}）：",) * min(len(applicants), 6) or ("申请人：",)
            ),
        ),
    )


def intake(reading: PaperReading, key: str) -> Paper:
    """That the room has taken the dispute up, and how it came to it."""
    facts = facts_of(reading.case)
    asked = facts.source is Source.APPLICATION
    day = (facts.accepted and facts.accepted.last_day()) or reading.today
    how = "依当事人申请" if asked else "经当事人同意"
    opened = registration(reading)
    of_source = [(source.label, source is facts.source) for source in Source]
    return room_paper(
        reading,
        title="劳动争议调解受理登记表" if is_labour(reading) else "人民调解受理登记表",
        day=day,
        blocks=(
            Paragraph(reading.wording("intake_taken", day=civil_words(day), how=how, between=between(reading))),
            Entries(
                (
                    (("纠纷类型", facts.dispute.label if facts.dispute else ""),),
                    (("案件来源", chosen(of_source)),),
                    (("来源说明", reading.said(opened.origin) if opened and opened.origin else ""),),
                )
            ),
            Paragraph("纠纷简要情况：", Style.HEAD),
            *story(reading),
            Signatures(
                left=("当事人（签名）：",) * 2, right=("登记人（签名）：",), seal=f"{reading.host.name}（印章）"
            ),
            Paragraph(reading.wording("intake_note", host=reading.host.name), Style.PLAIN),
        ),
    )


def rights(reading: PaperReading, key: str) -> Paper:
    """What each party is told before it is mediated, with its receipt; and what it is asked apart (单独同意)."""
    labour, facts = is_labour(reading), facts_of(reading.case)
    words = reading.wording("rights_labour" if labour else "rights_people", host=reading.host.name)
    told = facts.parties[key].told_rights
    consents = [reading.wording(name, host=reading.host.name) for name in ("consent_sensitive", "consent_shared")]
    return room_paper(
        reading,
        title="当事人权利义务告知书",
        day=(told and told.last_day()) or reading.today,
        blocks=(
            Paragraph(f"{reading.thing(key)}：", Style.PLAIN),
            *told_in(words),
            *(tie_of(reading) if key in workers(reading.case) else ()),
            Paragraph("个人信息处理的单独同意", Style.HEAD),
            *(Paragraph(f"{n}、{words}　□ 同意　□ 不同意") for n, words in zip("一二", consents, strict=True)),
            Paragraph(reading.wording("consent_free")),
            Paragraph(reading.wording("rights_received"), Style.PLAIN),
            Signatures(left=(f"当事人（{manner(labour=False)}）：",), right=("告知人（签名）：",)),
        ),
    )


def tie_of(reading: PaperReading) -> Sequence[Block]:
    """That who mediates belongs to the employer, and where else one can go."""
    return Paragraph("利害关系", Style.HEAD), Paragraph(reading.wording("tie", host=reading.host.name))


def told_in(words: str) -> Sequence[Block]:
    """A text of several lines; a numbered line that ends with a colon is a heading."""
    return [Paragraph(p.words, Style.HEAD) if HEADING.fullmatch(p.words) else p for p in paragraphs(words)]


def _accepted(case: Case, key: str) -> bool:
    return facts_of(case).accepted is not None


def _in_dispute(case: Case, key: str) -> bool:
    return facts_of(case).parties[key].side is not Side.RELATED and not case.is_in(key, PartyState.LEFT)


APPLICATION = PaperKind(
    code="application", label="申请书", about="", place=DossierPlace.APPLICATION, content=application,
    basis="人民调解法 第17条；劳动争议调解仲裁法 第12条",
)  # fmt: skip
INTAKE = PaperKind(
    code="intake", label="受理登记表", about="", place=DossierPlace.APPLICATION, content=intake, when=_accepted,
    tells=always, basis="人民调解法 第17条、第27条",
)  # fmt: skip
RIGHTS = PaperKind(
    code="rights", label="权利义务告知书", about="party", place=DossierPlace.RIGHTS, content=rights, when=_in_dispute,
    basis="人民调解工作若干规定 第30条；人民调解法 第23条、第24条；个人信息保护法 第23条、第29条",
)  # fmt: skip
