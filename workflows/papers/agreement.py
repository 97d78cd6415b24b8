"""协议书: the text that the parties sign (人民调解法 第29条; 劳动争议调解仲裁法 第14条)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import civil_words, money_words, ordinal_words, sum_words
from mediation_engine.domain.paper import (
    Block,
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

from ..facts import Agreement, Term, facts_of
from ..parts.cards import lunar_words
from ..parts.states import AgreementState
from ..tracks import track_of
from ..vocabulary import AgreementForm, DossierPlace, ExhibitKind, TermKind
from .parties import blocks, called, is_labour, manner
from .sheet import room_paper
from .story import matters, paragraphs, story


def _is_written(case: Case, key: str) -> bool:
    of = facts_of(case).agreements[key]
    return of.form is AgreementForm.WRITTEN and of.text_hash is not None


def text(reading: PaperReading, key: str) -> Paper:
    """The current text of an agreement, as it is confirmed: its digest stands on every page."""
    of = facts_of(reading.case).agreements[key]
    labour, day = is_labour(reading, key), (of.drafted and of.drafted.last_day()) or reading.today
    return room_paper(
        reading,
        title="劳动争议调解协议书" if labour else "人民调解协议书",
        day=day,
        number=number_of(reading, key),
        text_hash=of.text_hash or "",
        check=reading.address_of(key, of.text_hash or ""),
        blocks=(
            *blocks(reading, of.signers, day),
            Paragraph(reading.wording("agreement_facts"), Style.HEAD),
            *story(reading),
            *matters(reading, of.issues),
            Paragraph(reading.wording("agreement_agreed"), Style.HEAD),
            *_clauses(reading, of),
            Paragraph(reading.wording("agreement_performance"), Style.HEAD),
            *_performance(reading, of),
            *_closing(reading, of, labour),
            Paragraph(reading.wording("end"), Style.PLAIN),
            _signatures(reading, of, labour),
        ),
    )


def number_of(reading: PaperReading, key: str) -> str:
    """The number of an agreement: that of its case; a second one of the case is 之二."""
    number, (_, _, count) = reading.case.facts.number or "", key.partition("/")
    return f"{number}之{ordinal_words(int(count))}" if number and count != "1" else number


def _clauses(reading: PaperReading, of: Agreement) -> Iterator[Block]:
    if of.words:
        yield from paragraphs(reading.said(of.words))
    for number, term in enumerate(of.terms, 1):
        yield Paragraph(f"{ordinal_words(number)}、{_clause(reading, of, term)}")


def _clause(reading: PaperReading, of: Agreement, term: Term) -> str:
    """The words of a term, then what was entered apart, so that one can be held against the other."""
    said = reading.said(term.words).strip().rstrip("。；")
    more = [*_parts(reading, of, term)]
    return f"{said}（{'；'.join(more)}）。" if more else f"{said}。"


def _parts(reading: PaperReading, of: Agreement, term: Term) -> Iterator[str]:
    if term.part_of:
        yield f"属于第{ordinal_words(term.part_of)}条"
    if term.payer:
        yield f"义务人：{_named(reading, of, term.payer)}"
    if term.payee:
        yield f"权利人：{_named(reading, of, term.payee)}"
    if term.amount is not None:
        yield f"{'已付' if term.kind is TermKind.PAID else '金额'}：{sum_words(term.amount)}"
    if term.formula:
        yield f"算法：{reading.said(term.formula)}"
    if term.due:
        yield f"期限：{_by_day(reading, term)}"
    if term.trigger and not (term.due and lunar_words(reading, term)):
        yield f"条件：{reading.said(term.trigger)}"
    if term.custodian:
        yield f"由{reading.name(term.custodian)}代收代付"
    if term.default:
        yield f"违约责任：{reading.said(term.default)}"


def _by_day(reading: PaperReading, term: Term) -> str:
    """By which day, with the lunar date that was agreed on."""
    assert term.due is not None
    lunar = lunar_words(reading, term)
    return f"{civil_words(term.due)}{f'（{lunar}）' if lunar else ''}前"


def _named(reading: PaperReading, of: Agreement, key: str) -> str:
    """A party as the text calls it, with its name: 甲方王某."""
    name = reading.thing(key)
    return f"{called(of.signers.index(key))}{name}" if key in of.signers else name


def _performance(reading: PaperReading, of: Agreement) -> Iterator[Block]:
    """All payments there are to be made, one beside the other; without sums or days, the clauses say it all."""
    parents = {term.part_of for term in of.terms}
    rows = [
        (
            ordinal_words(number),
            _named(reading, of, term.payer) if term.payer else "",
            _named(reading, of, term.payee) if term.payee else "",
            sum_words(term.amount) if term.amount is not None else "",
            _by_day(reading, term) if term.due else reading.said(term.trigger) if term.trigger else "",
        )
        for number, term in enumerate(of.terms, 1)
        if term.kind is TermKind.PAY and number not in parents and number not in of.left_out
    ]
    if rows:
        yield Grid(head=("条", "付款人", "收款人", "金额", "期限"), rows=tuple(rows), widths=(1, 3, 3, 5, 4))
    else:
        yield Paragraph(reading.wording("agreement_as_said"))


def _closing(reading: PaperReading, of: Agreement, labour: bool) -> Iterator[Block]:
    host = reading.host.name
    if of.total is not None:
        yield Paragraph(reading.wording("agreement_total", sum=sum_words(of.total)))
        if of.deducted:
            left = sum_words(of.total - of.deducted)
            yield Paragraph(reading.wording("agreement_paid_before", paid=money_words(of.deducted), left=left))
    if of.replaces:
        yield Paragraph(reading.wording("agreement_replaces", replaced=_other(reading, of.replaces)))
    if of.left_out:
        yield Paragraph(reading.wording("agreement_struck", numbers="、".join(map(ordinal_words, of.left_out))))
    yield Paragraph(reading.wording("agreement_effect_labour" if labour else "agreement_effect_people", host=host))
    yield Paragraph(reading.wording("agreement_copies", host=host, copies=ordinal_words(len(of.signers) + 1)))


def _other(reading: PaperReading, key: str) -> str:
    number = number_of(reading, key)
    return f"{number}号协议" if number and not number.endswith("号") else f"{number}协议"


def _signatures(reading: PaperReading, of: Agreement, labour: bool) -> Signatures:
    return Signatures(
        left=tuple(f"{called(n)}（{manner(labour)}）：" for n in range(len(of.signers))),
        right=(f"{'调解员' if labour else '人民调解员'}（签名）：", "记录人（签名）："),
        seal=f"{reading.host.name}（印章）",
    )


def oral(reading: PaperReading, key: str) -> Paper:
    """What was agreed without paper, as the mediator records it: no party need sign (人民调解法 第28条、第30条).

    In labour it is no agreement: it says what was done on the spot (劳动争议调解仲裁法 第14条 wants an agreement in
    writing). No form of that is prescribed; this one is the room's.
    """
    of = facts_of(reading.case).agreements[key]
    day = of.reached.last_day() or reading.today
    parties = [k for issue in of.issues for k in facts_of(reading.case).issues[issue].parties]
    concerned = tuple(dict.fromkeys((*of.signers, *parties))) or tuple(facts_of(reading.case).parties)
    of, labour = replace(of, signers=concerned), is_labour(reading, key)
    return room_paper(
        reading,
        title="劳动争议调解即时履行登记表" if labour else "人民调解口头协议登记表",
        day=day,
        number=number_of(reading, key),
        blocks=(
            *blocks(reading, concerned, day),
            Entries(((("达成时间", of.reached.words()), ("履行情况", reading.state(key))),)),
            Paragraph(reading.wording("agreement_facts"), Style.HEAD),
            *story(reading),
            *matters(reading, of.issues),
            Paragraph("谈成并办好的：" if labour else "协议内容：", Style.HEAD),
            *_clauses(reading, of),
            Paragraph(reading.wording("agreement_performance"), Style.HEAD),
            *_performance(reading, of),
            *_total(reading, of, labour),
            Paragraph(reading.wording("oral_performed" if labour else "oral_no_paper")),
            Paragraph(reading.wording("end"), Style.PLAIN),
            Signatures(right=(f"{'' if labour else '人民'}调解员（签名）：",), seal=f"{reading.host.name}（印章）"),
        ),
    )


def _total(reading: PaperReading, of: Agreement, labour: bool) -> Iterator[Block]:
    """The sum of the agreement; what is none has no sum of its own."""
    if of.total is not None and not labour:
        yield Paragraph(reading.wording("agreement_total", sum=sum_words(of.total)))


def _took_effect(case: Case, key: str) -> bool:
    return facts_of(case).agreements[key].effective is not None


def _is_oral(case: Case, key: str) -> bool:
    """Adopted without paper; or, where the law wants paper, done on the spot and never put on any."""
    facts = facts_of(case)
    of, track = facts.agreements[key], track_of(facts.track)
    is_done = case.is_in(key, AgreementState.PERFORMED) and of.form is None and of.text_hash is None
    return of.form is AgreementForm.ORAL or (is_done and track is not None and not track.oral_allowed)


ORAL = PaperKind(
    code="oral",
    label="口头协议登记表",
    labour="即时履行登记表",
    about="agreement",
    place=DossierPlace.AGREEMENT,
    content=oral,
    when=_is_oral,
    tells=always,
    basis="人民调解法 第28条、第30条",
)
AGREEMENT = PaperKind(
    code="agreement",
    label="协议书",
    about="agreement",
    place=DossierPlace.AGREEMENT,
    content=text,
    when=_is_written,
    tells=_took_effect,
    exhibit=ExhibitKind.SIGNED,
    basis="人民调解法 第29条；劳动争议调解仲裁法 第14条",
)
