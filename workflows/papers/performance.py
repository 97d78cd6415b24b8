"""What comes after an agreement: 收条, 回访记录 (人民调解法 第31条)."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import civil_words, sum_words
from mediation_engine.domain.paper import Entries, Paper, PaperKind, PaperReading, Paragraph, Signatures, Style, always

from ..facts import Payment, Visit, facts_of
from ..parts.states import PaymentState, VisitState
from ..parts.visit import RecordVisit
from ..vocabulary import DossierPlace, ExhibitKind, Satisfaction, VisitKind
from .agreement import number_of
from .parties import is_labour, manner
from .sheet import party_paper, room_paper
from .story import between, or_ruled, paragraphs

LINES_FOR_VISIT = 8


def receipt(reading: PaperReading, key: str) -> Paper:
    """That money was received: from whom, for what, how much in words and figures from one sum."""
    of = facts_of(reading.case).payments[key]
    day = of.occurred.last_day() or reading.today
    given = {"payer": _who(reading, of.payer, of.for_payer), "day": civil_words(day), "what": _what(reading, of)}
    return party_paper(
        reading,
        title="收条",
        day=day,
        blocks=(
            Paragraph(reading.wording("receipt", sum=sum_words(of.amount or 0), **given)),
            Paragraph(reading.wording("end"), Style.PLAIN),
            Signatures(right=(f"收款人（{manner(labour=False)}）：", _who(reading, of.payee, of.for_payee))),
        ),
    )


def _who(reading: PaperReading, party: str | None, on_behalf: str | None) -> str:
    """Who paid or received, and on whose behalf; left to be written by hand where nobody has said."""
    named = reading.thing(party) if party else ""
    other = reading.thing(on_behalf) if on_behalf else ""
    return f"{named}（代{other}）" if named and other else named or other or "＿＿＿＿＿＿"


def _what(reading: PaperReading, of: Payment) -> str:
    facts = facts_of(reading.case)
    duty = facts.obligations.get(of.obligation or "")
    agreement = of.agreement or (duty.agreement if duty else None)
    if agreement is None:
        return f"{between(reading)}的款项"
    part = f"第{duty.term}条" if duty else ""
    return f"{number_of(reading, agreement)}协议{part}约定的款项"


def visit(reading: PaperReading, key: str) -> Paper:
    """Whom the room asked after an agreement, and what it found."""
    facts, of = facts_of(reading.case), facts_of(reading.case).visits[key]
    given = next((c for c in reversed(reading.commands(key)) if isinstance(c, RecordVisit)), None)
    written = [*paragraphs(reading.said(given.said))] if given and given.said else []
    agreement = of.agreement or next(iter(facts.agreements), None)
    seen = [reading.thing(k) for k in (*([of.party] if of.party else []), *of.also)]
    return room_paper(
        reading,
        title="劳动争议调解回访记录" if is_labour(reading) else "人民调解回访记录",
        day=(of.made and of.made.last_day()) or reading.today,
        blocks=(
            Entries(
                (
                    (("当事人", "、".join(seen)), ("回访方式", given.manner.label if given else "")),
                    (("调解协议编号", number_of(reading, agreement) if agreement else ""),),
                    (("回访事由", between(reading)),),
                    (("回访时间", of.made.words() if of.made else ""), ("情况", given.finding.label if given else "")),
                    (("对调解是否满意", _satisfied(of)), ("反常或新的苗头", _signs(given))),
                )
            ),
            Paragraph("回访情况：", Style.HEAD),
            *or_ruled(written, LINES_FOR_VISIT),
            Signatures(left=("被回访人（签名）：",), right=("回访人（签名）：",)),
        ),
    )


def _satisfied(of: Visit) -> str:
    return of.satisfied.label if of.satisfied is not Satisfaction.NOT_ASKED else ""


def _signs(given: RecordVisit | None) -> str:
    told = (("情绪或行为反常", given.mood), ("有新的矛盾苗头", given.trouble)) if given else ()
    return "、".join(words for words, holds in told if holds) or ("没有" if given else "")


def _arrived(case: Case, key: str) -> bool:
    return case.is_in(key, PaymentState.RECORDED) and facts_of(case).payments[key].amount is not None


def _made(case: Case, key: str) -> bool:
    return case.is_in(key, VisitState.DONE) and facts_of(case).visits[key].kind is VisitKind.FOLLOW_UP


RECEIPT = PaperKind(
    code="receipt", label="收条", about="payment", place=DossierPlace.RECEIPT, content=receipt, when=_arrived,
    exhibit=ExhibitKind.RECEIPT, basis="人民调解法 第31条",
)  # fmt: skip
VISIT = PaperKind(
    code="visit", label="回访记录", about="visit", place=DossierPlace.VISIT, content=visit, when=_made,
    tells=always, exhibit=ExhibitKind.VISIT, of_room=True, basis="人民调解法 第31条；人民调解工作若干规定 第36条",
)  # fmt: skip
