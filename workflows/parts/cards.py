"""Cards of the parts of a dispute: what a page says of each. Reads facts, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import HOST_ONLY, JOINT
from mediation_engine.domain.files import FileHeld
from mediation_engine.domain.formatting import (
    CHINA,
    capital_words,
    day_words,
    heading,
    money_words,
    ordinal_words,
    short_day,
    sum_words,
)
from mediation_engine.domain.lunar import read_lunar
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.presentation import HIDDEN, Card, CardFile, CardGroup, CaseReading, Pair, Wait
from mediation_engine.domain.roles import Office

from ..facts import BY_LIST, STANDING, Agreement, Batch, Obligation, Party, Payment, Term, facts_of
from ..vocabulary import (
    Ability,
    DayPart,
    Handling,
    PaidBy,
    PaymentGround,
    PaymentResult,
    Presence,
    Satisfaction,
    TermKind,
    VisitKind,
)
from . import naming
from .ledger import against, agreements_of, came_back, left_to_pay, paid_on, to_be_made_anew
from .queries import MOST_ON_SHEET, counts, to_be_signed
from .states import (
    TO_SIGN,
    AgreementState,
    AssignmentState,
    ConfirmationState,
    DataRequestState,
    ObligationState,
    PartyState,
    PaymentState,
    RiskState,
    StatementState,
)

DISPUTANTS = "disputants"
"""Code of the role that the parties themselves fill."""


# -- parties and issues


def party(reading: CaseReading, key: str) -> Card:
    """What kind of party it is, and what it has been told and has agreed to."""
    of = facts_of(reading.case).parties[key]
    kind = "、".join(w for w in (of.kind.label, _count(of.count)) if w)
    said = (
        (of.told_rights is not None, "已告知权利义务"),
        (of.consents, "同意调解"),
        (of.remedy_told is not None, "已告知其他救济途径"),
        (of.ability is not Ability.FULL, of.ability.label),
    )
    notes = "，".join(words for holds, words in said if holds)
    listed = [("请求", _listed(reading, of))] if of.claimed is not None else []
    facts = [("", kind), *listed, *([("", notes)] if notes else [])]
    return reading.card(key, facts=facts)


def _listed(reading: CaseReading, of: Party) -> str:
    """What somebody on a roster asks for, and for when."""
    return "，".join(filter(None, (money_words(of.claimed or 0), of.months and reading.said(of.months))))


def _count(people: int | None) -> str:
    return "人数不清楚" if people is None else f"{people}人" if people > 1 else ""


def party_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).parties[key]
    yield f"{of.side.label}·{of.kind.label}"
    yield from filter(None, [_count(of.count)])
    yield from ([money_words(of.claimed)] if of.claimed is not None else [])


def by_side(case: Case) -> Iterable[tuple[str, Sequence[str]]]:
    """Parties by side."""
    return facts_of(case).sides()


def capacity(reading: CaseReading, key: str) -> Card:
    """For whom, by what, how far and how long."""
    of = facts_of(reading.case).capacities[key]
    facts = [("", "，".join(capacity_summary(reading, key)))]
    if of.kind in BY_LIST:
        facts.append(("", f"权限：{'；'.join(power.label for power in of.powers) or '没有写明'}"))
    days = "".join(f"{word}{day_words(day)}" for word, day in (("自", of.since), ("至", of.until)) if day)
    facts += [("", days)] if days else []
    ended = (of.ended.words(), "起终止", of.why and f"：{of.why.label}") if of.ended else ()
    facts += [("", "".join(filter(None, ended)))] if ended else []
    return reading.card(key, title=reading.name(of.person) or reading.numbered(key), facts=facts)


def capacity_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).capacities[key]
    yield of.kind.label
    yield f"代{'、'.join(map(reading.thing, of.principals))}"


def issue(reading: CaseReading, key: str) -> Card:
    """Whom it concerns, what is asked for, and by what it was settled."""
    return reading.card(key, facts=[*_issue(reading, key)])


def _issue(reading: CaseReading, key: str) -> Iterator[Pair]:
    of = facts_of(reading.case).issues[key]
    yield "涉及", "、".join(map(reading.thing, of.parties))
    if of.amount_claimed is not None:
        yield "请求金额", sum_words(of.amount_claimed)
    yield from _without(reading.written(key), {"涉及的当事人"})
    if of.settled_by:
        yield "解决于", reading.thing(of.settled_by)


def issue_summary(reading: CaseReading, key: str) -> Iterator[str]:
    yield heading([reading.thing(p) for p in facts_of(reading.case).issues[key].parties])


# -- who handles the case


def standing_first(case: Case) -> Iterable[tuple[str, Sequence[str]]]:
    """Who handles the case, the lead mediator first; and who once did."""
    held = facts_of(case).assignments
    standing = [key for key in case.of("assignment") if held[key].until is None]
    ended = [key for key in case.of("assignment") if held[key].until is not None]
    yield "", sorted(standing, key=lambda key: held[key].role is not Handling.LEAD)
    yield ("曾经承办" if ended else ""), ended


def assignment(reading: CaseReading, key: str) -> Card:
    """Who, as what, from and until when; and what was said when it was asked to be another."""
    of = facts_of(reading.case).assignments[key]
    times = f"{of.since.words()}起" if of.until is None else f"{of.since.words()}至{of.until.words()}"
    facts = [("", of.role.label), ("", times)]
    facts += [pair for pair in reading.written(key) if pair[0] in ("理由", "原因", "说明", "交接说明")]
    return reading.card(key, facts=facts)


def assignment_summary(reading: CaseReading, key: str) -> Iterator[str]:
    yield facts_of(reading.case).assignments[key].role.label


# -- talks, sessions, members


def block(reading: CaseReading, key: str) -> Card:
    """With whom, and how often."""
    of = facts_of(reading.case).blocks[key]
    whom = of.party or of.member
    facts = [("对象", reading.thing(whom) if whom else "有关方面"), ("谈过", f"{of.talks}次")]
    return reading.card(key, title=reading.numbered(key), facts=facts)


def block_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).blocks[key]
    whom = of.party or of.member
    yield f"{reading.thing(whom) if whom else ''}　谈过 {of.talks} 次"


def member(reading: CaseReading, key: str) -> Card:
    """Who it is, and what was filled in."""
    name = _member_name(reading, key)
    return reading.card(key, title=name, facts=[pair for pair in reading.written(key) if pair[1] != name])


def _member_name(reading: CaseReading, key: str) -> str:
    return reading.name(facts_of(reading.case).members[key].person) or reading.numbered(key)


def session(reading: CaseReading, key: str) -> Card:
    """When, who came, what was said; and how each of the five parties was present."""
    seats = [*_seats(reading, key)]
    return reading.card(
        key,
        title=reading.numbered(key),
        facts=[*_met(reading, key)],
        table=seats,
        caption="五方到会" if seats else "",
    )


def _met(reading: CaseReading, key: str) -> Iterator[Pair]:
    of = facts_of(reading.case).sessions[key]
    if of.held:
        yield "召开时间", of.held.words()
    came = of.attended if of.held else of.invited
    if came:
        yield ("到场" if of.held else "邀请"), "、".join(map(reading.thing, came))
    yield from _without(reading.written(key), {"会诊成员到会情况", "到场的当事人", "请哪些当事人"})


def _seats(reading: CaseReading, key: str) -> Iterator[Pair]:
    """The five parties at the table; nothing where nobody wrote down who came."""
    facts = facts_of(reading.case)
    rows = [row for command in reading.commands(key) for row in getattr(command, "attendance", ())]
    for role in facts.roles.values() if rows else ():
        own = [row for row in rows if facts.members[row.member].role == role.code]
        words = "；".join(_seat(reading, row) for row in own)
        if role.code == DISPUTANTS:
            words = "、".join(map(reading.thing, facts.sessions[key].attended)) or words
        yield reading.name(role.code) or role.code, words or "没有记录"


def _seat(reading: CaseReading, row: Any) -> str:
    presence = row.presence.label if isinstance(row.presence, Presence) else ""
    said = [value for label, value in reading.details(row) if label in ("意见", "请假或缺席原因") and value != HIDDEN]
    stand_in = "（代理成员）" if row.by_stand_in else ""
    return f"{_member_name(reading, row.member)}　{presence}{stand_in}" + "".join(f"：{value}" for value in said)


def session_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).sessions[key]
    yield of.held.words() if of.held else heading([reading.thing(p) for p in of.invited])
    if of.held and of.result is not None:
        yield of.result.label


# -- agreements and what hangs on them


def session_due(reading: CaseReading, key: str) -> Pair:
    return "开会", Office.MEDIATOR.label


def agreement(reading: CaseReading, key: str) -> Card:
    """An agreement as a paper: terms with how far each is performed, signatures, payments."""
    facts = facts_of(reading.case)
    of = facts.agreements[key]
    signed = [k for k, c in facts.confirmations.items() if c.agreement == key]
    waiting = sum(reading.case.is_in(k, *TO_SIGN) for k in signed)
    paid = [k for k, p in facts.payments.items() if key in agreements_of(reading.case, p)]
    batches = [k for k, b in facts.batches.items() if b.agreement == key]
    terms = [_term(reading, key, number, term) for number, term in enumerate(of.terms, 1)]
    groups = (
        CardGroup(title="条款", cards=terms, numbered=True, columns=("内容", "谁付给谁", "金额", "哪天以前")),
        CardGroup(
            title="签署", cards=[confirmation(reading, k) for k in signed], columns=("谁", "怎么签的", "什么时候")
        ),
        CardGroup(title="批量付款", cards=[batch(reading, k) for k in batches], columns=("几笔", "谁付的", "什么时候")),
        CardGroup(title="付款", cards=[payment(reading, k) for k in paid], columns=("金额", "谁付给谁", "什么时候")),
    )
    return reading.card(
        key,
        title=reading.numbered(key),
        facts=[*_agreed(reading, key, of)],
        groups=[group for group in groups if group.cards],
        ways=_signing(waiting) if waiting > 1 else [],
    )


def _signing(waiting: int) -> list[Pair]:
    """Where several signatures are recorded at once."""
    if waiting <= MOST_ON_SHEET:
        return [("RecordSignatures", f"记录谁签了（还有{waiting}人没签）")]
    return [("ConfirmAgreement", f"签名册：一次记录几个人签的（还有{waiting}人没签）")]


def _agreed(reading: CaseReading, key: str, of: Agreement) -> Iterator[Pair]:
    yield "总额", _total(of)
    for label, when in (
        ("谈妥", of.reached),
        ("调解员签名", of.mediator_signed),
        ("盖章", of.sealed),
        ("生效", of.effective),
    ):
        if when is not None:
            yield label, naming.when(reading, when)
    if of.form is not None:
        yield "形式", of.form.label
    if of.replaces:
        yield "替代", reading.thing(of.replaces)
    if of.split_from:
        yield "分自", reading.thing(of.split_from)
    yield from _without(reading.written(key), {"协议条款", "协议总金额", "签署的当事人", "替代哪份协议"})


def _total(of: Agreement) -> str:
    """What is agreed; and how much of it was paid before, where its terms say so."""
    if of.total is None:
        return "没有写明金额"
    if not of.deducted:
        return sum_words(of.total)
    return f"{sum_words(of.total)}，其中已付 {money_words(of.deducted)}，还要付 {money_words(of.total - of.deducted)}"


def _term(reading: CaseReading, agreement: str, number: int, term: Term) -> Card:
    obligations = facts_of(reading.case).obligations
    said = dict(reading.details(term))
    words = said.pop("内容", "")
    if term.amount is not None:
        said["金额"] = sum_words(term.amount)
    owed = [k for k, o in obligations.items() if (o.agreement, o.term) == (agreement, number)]
    urged = [("", words) for k in owed for words in _urged(obligations[k])]
    struck = number in facts_of(reading.case).agreements[agreement].left_out
    return Card(
        key=f"{agreement}.{number}",
        number=number,
        title=words,
        cells=[
            _between(reading, term),
            money_words(term.amount) if term.amount is not None else "",
            _by_when(reading, term),
        ],
        about=owed,
        tags=[
            *([("已划去，另成一份协议", "")] if struck else []),
            *((_performed(reading, k, obligations[k]), reading.tone(k)) for k in owed),
            *([("谈妥前已付，从总额中抵扣", "")] if term.kind is TermKind.PAID else []),
        ],
        facts=[*said.items(), *urged],
    )


def _between(reading: CaseReading, term: Term) -> str:
    """From whom to whom: 某厂 → 某某（代收） → 王某."""
    custodian = reading.name(term.custodian) if term.custodian else ""
    ends = (
        term.payer and reading.thing(term.payer),
        custodian and f"{custodian}（代收代付）",
        term.payee and reading.thing(term.payee),
    )
    return " → ".join(filter(None, ends))


def _by_when(reading: CaseReading, term: Term) -> str:
    """By which day, or after what."""
    said = reading.said(term.trigger) if term.trigger else ""
    return short_day(term.due, reading.today) if term.due else said


def _performed(reading: CaseReading, key: str, of: Obligation) -> str:
    words = reading.state(key)
    if of.custodian:
        words = f"{'付给代收人' if of.into_custody else '转交收款方'}：{words}"
    paid = paid_on(reading.case, key)
    more = 0 if of.amount is None else max(0, paid - of.amount)
    words += f"，已付 {money_words(paid)}" if paid else ""
    alarm = obligation_alarm(reading, key)
    words += f"，{alarm}" if alarm else ""
    return f"{words}，多付 {money_words(more)}" if more else words


def agreement_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).agreements[key]
    yield money_words(of.total) if of.total is not None else "金额不清楚"
    yield from ([f"生效：{of.effective.words()}"] if of.effective else [])


def confirmation(reading: CaseReading, key: str) -> Card:
    """Who signs, how and when."""
    of = facts_of(reading.case).confirmations[key]
    facts = [("", of.manner.label)] if of.manner else []
    others = [_signer(reading, k) for k in of.signers if k] if of.manner else []
    facts += [("签署人", "、".join(others))] if others else []
    facts += [("签署件", reading.thing(of.sheet))] if of.sheet else []
    if of.online is not None:
        facts += [("在线确认", of.online.label), *([("", "合用手机，请分别核实")] if of.shared else [])]
        facts += [("", of.online_at.words())] if of.online_at and not of.manner else []
    if of.clause is not None:
        facts += [("有意见", f"第{ordinal_words(of.clause)}条")]
    facts += _objection(reading, key)
    facts += [("", words)] if (words := paper_signature(reading.case, key)) else []
    if of.manner and not counts(reading.case, of.agreement, of.manner):
        facts += [("", "这种方式不计入生效所需的签署，请补签名或盖章")]
    facts += [("", of.occurred.words())] if of.occurred else []
    manner = of.manner.label if of.manner else of.online.label if of.online else ""
    when = of.occurred or of.online_at
    how = "，".join(filter(None, (manner, "、".join(others))))
    return reading.card(
        key, title=reading.thing(of.party), facts=facts, cells=[how, naming.when(reading, when) if when else ""]
    )


def signature_row(reading: CaseReading, key: str) -> str:
    """Who signs; and what, where several texts are out."""
    facts = facts_of(reading.case)
    of, texts = facts.confirmations[key], {facts.confirmations[k].agreement for k in to_be_signed(reading.case)}
    return f"{reading.thing(of.party)}，{reading.thing(of.agreement)}" if len(texts) > 1 else reading.thing(of.party)


def _signer(reading: CaseReading, key: str) -> str:
    return f"{reading.thing(key)}（{facts_of(reading.case).capacities[key].kind.label}）"


def _objection(reading: CaseReading, key: str) -> Iterator[Pair]:
    """What the party wants otherwise in its own words, while that stands, as far as the reader is told."""
    said = [command for command in reading.commands(key) if command.name() == "RaiseObjection"]
    if said and reading.case.is_in(key, ConfirmationState.OBJECTED):
        yield from (("意见的原话", value) for label, value in reading.details(said[-1]) if label == "意见")


def paper_signature(case: Case, key: str) -> str:
    """What of a confirmation on a telephone is still to come: on paper, the party signs as any other (人民调解法 第29条)."""
    facts = facts_of(case)
    out = case.is_in(facts.confirmations[key].agreement, AgreementState.DRAFTED) and facts.closed is None
    return "已在线确认，还要在纸上签" if out and case.is_in(key, ConfirmationState.ONLINE) else ""


def objections(case: Case) -> Wait | None:
    """What parties have against the texts that are out for signature; taken up by changing the text."""
    found = {k: c for k, c in facts_of(case).confirmations.items() if case.is_in(k, ConfirmationState.OBJECTED)}
    texts = dict.fromkeys(c.agreement for c in found.values() if case.is_in(c.agreement, AgreementState.DRAFTED))
    clauses = sorted({c.clause for c in found.values() if c.clause is not None})
    about = f"（{'、'.join(f'第{ordinal_words(n)}条' for n in clauses)}）" if clauses else ""
    since = {key: next(c.objected for c in found.values() if c.agreement == key) for key in texts}
    wait = _waiting(case, f"当事人对协议有意见{about}，请看过再改", since, "AmendAgreement")
    return wait and replace(wait, urgent=True, about=tuple(found))


def confirmation_summary(reading: CaseReading, key: str) -> Iterator[str]:
    yield reading.thing(facts_of(reading.case).confirmations[key].party)


def obligation_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).obligations[key]
    yield of.kind.label
    yield from ([reading.thing(of.payer)] if of.payer else [])
    yield from ([f"给{reading.thing(of.payee)}"] if of.payee else [])
    yield from ([f"{reading.thing(of.custodian)}{'代收' if of.into_custody else '代付'}"] if of.custodian else [])
    yield from ([money_words(of.amount)] if of.amount is not None else [])
    yield from ([f"期限 {due_words(reading, of)}"] if of.due else _condition(reading, of))
    yield from filter(None, [obligation_alarm(reading, key)])
    yield from _urged(of)


def obligation_row(reading: CaseReading, key: str) -> str:
    """Who pays whom how much by when, and how much of it is still to be paid."""
    owed, left = facts_of(reading.case).obligations[key].amount, left_to_pay(reading.case, key)
    return f"{reading.thing(key)}，还欠{money_words(left)}" if left is not None and left != owed else reading.thing(key)


def _condition(reading: CaseReading, of: Obligation) -> Iterator[str]:
    """The event that it waits for, or that came about."""
    term = term_of(reading.case, of)
    said = reading.said(term.trigger) if term and term.trigger else ""
    if of.occurred:
        yield f"条件已成就（{of.occurred.words()}）"
    elif said:
        yield f"等：{said}"


def _urged(of: Obligation) -> Iterator[str]:
    """That it was urged, and that its payee was told what else is open to it."""
    if of.urged:
        yield f"督促{of.urgings}次（最近：{of.urged.words()}）"
    if of.remedy_told:
        yield f"已告知对方可走的途径（{of.remedy_told.words()}）"


def term_of(case: Case, of: Obligation) -> Term | None:
    """The term that an obligation comes from."""
    facts = facts_of(case)
    whole = facts.agreements.get(of.agreement or "")
    ordered = facts.proceedings.get(of.proceeding or "")
    terms = whole.terms if whole else ordered.orders if ordered else ()
    return terms[of.term - 1] if of.term <= len(terms) else None


def due_words(reading: CaseReading, of: Obligation) -> str:
    """By which day, with the lunar date that was agreed on: 2027年1月27日（周三）（农历腊月二十）."""
    term = term_of(reading.case, of)
    lunar = term and term.due == of.due and lunar_words(reading, term)
    return (day_words(of.due) if of.due else "") + (f"（{lunar}）" if lunar else "")


def lunar_words(reading: CaseReading, term: Term) -> str:
    """The lunar date that a term was agreed on; empty where it is none."""
    said = reading.said(term.trigger) if term.trigger else ""
    return said if read_lunar(said) else ""


def obligation_alarm(reading: CaseReading, key: str) -> str:
    back = came_back(reading.case, key)
    return _returned(reading, back) if back else ""


def kept_after_closing(case: Case) -> Iterable[tuple[str, Sequence[str]]]:
    """The duties of a closed case that are to be kept day by day."""
    facts, ended = facts_of(case), (ObligationState.PERFORMED, ObligationState.LAPSED)
    standing = [k for k, of in facts.obligations.items() if of.kind in STANDING and not case.is_in(k, *ended)]
    yield "", standing if facts.closed is not None else []


def kept(reading: CaseReading, key: str) -> Card:
    """What is to be kept, by whom towards whom, and what the last visit found."""
    of = facts_of(reading.case).obligations[key]
    term = term_of(reading.case, of)
    title = (reading.said(term.words) if term else "") or reading.numbered(key)
    facts = [("", "，".join(obligation_summary(reading, key))), ("最近走访", _last_visit(reading))]
    return reading.card(key, title=title, facts=facts)


def _last_visit(reading: CaseReading) -> str:
    """When somebody was last visited, and what was found."""
    visits = facts_of(reading.case).visits.items()
    made = [(of.made, key) for key, of in visits if of.made and of.kind is VisitKind.FOLLOW_UP]
    if not made:
        return "还没有走访过"
    when, key = max(made, key=lambda it: it[0].last_day() or date.min)
    found = [command.finding.label for command in reading.commands(key) if hasattr(command, "finding")]
    return "，".join((when.words(), *found[-1:]))


def obligation_due(reading: CaseReading, key: str) -> Pair:
    of = facts_of(reading.case).obligations[key]
    words = naming.owed(reading, of) or of.kind.label
    term = term_of(reading.case, of)
    if term and term.due == of.due and (lunar := lunar_words(reading, term)):
        words += f"（{lunar}）"
    return words, reading.thing(of.payer) if of.payer else "没有写明谁来付、谁来做"


def payment(reading: CaseReading, key: str) -> Card:
    """How much, when, from whom to whom."""
    of = facts_of(reading.case).payments[key]
    amount = money_words(of.amount) if of.amount is not None else "金额不清楚"
    payers = _on_behalf(reading, of.payer, of.for_payer) or naming.payers(reading, of)
    payees = _on_behalf(reading, of.payee, of.for_payee) or naming.payees(reading, of)
    ways = [way for way in (payers, payees) if way]
    facts = [("大写", capital_words(of.amount))] if of.amount is not None else []
    facts += [("", of.occurred.words()), *([("", " 付给 ".join(ways))] if len(ways) > 1 else [])]
    facts += [("其中", f"{reading.thing(share.obligation)} {money_words(share.amount)}") for share in of.shares]
    facts += [("付款依据", _ground(reading, of))] if of.ground is not PaymentGround.OWN else []
    facts += [("付款方式", of.way.label)] if of.way is not PaidBy.UNREPORTED else []
    if of.returned:
        facts += [("", _returned(reading, key)), *_why_returned(reading, key)]
    else:
        facts += [("不计入", objection.label) for objection in against(reading.case, of, key)]
    return reading.card(key, title=amount, facts=facts, cells=[" → ".join(ways), naming.when(reading, of.occurred)])


def _ground(reading: CaseReading, of: Payment | Batch) -> str:
    """Why somebody else pays; and what he may ask back, where the law says so of him (条例 第30条)."""
    if of.ground is not PaymentGround.MAIN_CONTRACTOR:
        return of.ground.label
    debtor = f"向{reading.thing(of.for_payer)}" if of.for_payer else "向分包单位"
    return f"{of.ground.label}；清偿后可以依法{debtor}追偿"


def _returned(reading: CaseReading, key: str) -> str:
    """That a payment came back, and what is to be done."""
    of = facts_of(reading.case).payments[key]
    why = of.returned.label if of.returned else ""
    return f"退汇（{why}），{'请更正后重新付款' if to_be_made_anew(reading.case, key) else '已另行处理'}"


def _why_returned(reading: CaseReading, key: str) -> Iterator[Pair]:
    note = facts_of(reading.case).payments[key].return_note
    if note:
        yield "说明", reading.said(note)


def payment_is_calm(case: Case, key: str) -> bool:
    """Whether a payment that came back need not be made anew: what it was for has been met otherwise."""
    return facts_of(case).payments[key].returned is not None and not to_be_made_anew(case, key)


def payments_to_resend(case: Case) -> Wait | None:
    """The payments that came back and have not been made again: how many, how much, since when."""
    payments = facts_of(case).payments
    keys = tuple(key for key, of in payments.items() if of.returned and to_be_made_anew(case, key))
    days = [day for key in keys if (day := payments[key].returned_on)]
    if not days:
        return None
    sum_ = sum(payments[key].amount or 0 for key in keys)
    words = f"退汇待重发{len(keys)}笔" + (f"，共 {money_words(sum_)}" if sum_ else "")
    return Wait(what=words, keys=keys, step="ResendPayment", since=min(days))


def payments_to_look_into(case: Case) -> Wait | None:
    """The payments that are said not to have come; where there are none, those that came back."""
    disputed = {k: p.disputed for k, p in facts_of(case).payments.items() if case.is_in(k, PaymentState.DISPUTED)}
    wait = _waiting(case, "有异议的付款{}笔，请核实", disputed, "UpholdPayment")
    return replace(wait, instead=("StrikePayment", "RecordReturn"), urgent=True) if wait else payments_to_resend(case)


def changes_asked(case: Case) -> Wait | None:
    """Wishes for another mediator that nobody has decided."""
    asked = {k: a.asked for k, a in facts_of(case).assignments.items() if case.is_in(k, AssignmentState.CHALLENGED)}
    wait = _waiting(case, "当事人要求更换调解员，请室主任决定", asked, "GrantChange")
    return wait and replace(wait, instead=("RefuseChange",))


def unread_statements(case: Case) -> Wait | None:
    """What parties have sent and nobody has read."""
    unread = {k: s.made for k, s in facts_of(case).statements.items() if case.is_in(k, StatementState.NEW)}
    return _waiting(case, "当事人陈述{}份没有看", unread, "ReadStatement")


def unanswered_requests(case: Case) -> Wait | None:
    """Requests about somebody's data that wait for an answer."""
    open = {k: r.asked for k, r in facts_of(case).data_requests.items() if case.is_in(k, DataRequestState.WAITING)}
    return _waiting(case, "请求更正资料{}件，请核对、答复", open, "CloseDataRequest")


def risks(case: Case) -> Wait | None:
    """The risks that nobody has reported; where there are none, those that have been and are not eased."""
    raised = facts_of(case).risks
    unreported = {k: r.raised for k, r in raised.items() if case.is_in(k, RiskState.RAISED)}
    if wait := _waiting(case, "激化风险{}项没有报告，也没有缓解", unreported, "ReportRisk"):
        return replace(wait, instead=("EaseRisk",), urgent=True)
    reported = {k: r.raised for k, r in raised.items() if case.is_in(k, RiskState.REPORTED)}
    return _waiting(case, "激化风险{}项已报告，还没有缓解", reported, "EaseRisk")


def unwilling(case: Case) -> Wait | None:
    """Parties that want no mediation any more, until they are told where else they can go."""
    parties = {k: p for k, p in facts_of(case).parties.items() if case.is_in(k, PartyState.REFUSING)}
    untold = {k: p.refused for k, p in parties.items() if not _is_told(p)}
    return _waiting(case, "{}位当事人不想再调解了，请联系，告知还能去哪里", untold, "TellRemedies")


def _is_told(party: Party) -> bool:
    """Whether it was told where else it can go when it refused, or afterwards."""
    return bool(party.remedy_told and party.refused and not party.remedy_told.is_before(party.refused))


def _waiting(case: Case, words: str, since: Mapping[str, Occurred | None], step: str) -> Wait | None:
    """Some things that wait, by when each of them began to."""
    if not since or case.recorded is None:
        return None
    today = case.recorded.astimezone(CHINA).date()
    days = [(when and when.last_day()) or today for when in since.values()]
    return Wait(what=words.format(len(since)), keys=tuple(since), step=step, since=min(days))


def batch(reading: CaseReading, key: str) -> Card:
    """How much for how many, by whom and why; how many came back, and how many of those have arrived since."""
    of = facts_of(reading.case).batches[key]
    payer = _on_behalf(reading, of.payer, of.for_payer)
    facts = [("", f"{of.occurred.words()}　{of.way.label}"), *([("付款人", payer)] if payer else [])]
    facts += [("付款依据", _ground(reading, of))] if of.ground is not PaymentGround.OWN else []
    return reading.card(
        key,
        title="，".join(batch_summary(reading, key)),
        facts=[*facts, ("", _results(reading, key))],
        cells=[payer, naming.when(reading, of.occurred)],
    )


def _results(reading: CaseReading, key: str) -> str:
    """成功59笔，退汇4笔，其中3笔已重新付出."""
    facts = facts_of(reading.case)
    lost = [row for row in facts.batches[key].rows if row.result is PaymentResult.RETURNED]
    still = [k for k, p in facts.payments.items() if p.batch == key and p.returned]
    words = f"成功{len(facts.batches[key].rows) - len(lost)}笔，退汇{len(lost)}笔"
    return f"{words}；现在还有{len(still)}笔是退汇" if lost or still else words


def batch_summary(reading: CaseReading, key: str) -> Iterator[str]:
    rows = facts_of(reading.case).batches[key].rows
    yield f"{len(rows)}笔"
    yield f"共 {money_words(sum(row.amount for row in rows))}"
    if lost := [row.amount for row in rows if row.result is PaymentResult.RETURNED]:
        yield f"退汇 {money_words(sum(lost))}"


def _on_behalf(reading: CaseReading, who: str | None, of: str | None) -> str:
    """王某（代某厂）."""
    named = reading.thing(who) if who else ""
    return f"{named}（代{reading.thing(of)}）" if of else named


def payment_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).payments[key]
    yield money_words(of.amount) if of.amount is not None else "金额不清楚"
    yield of.occurred.words()
    if of.returned:
        yield _returned(reading, key)
        return
    yield from (f"不计入：{objection.label}" for objection in against(reading.case, of, key))


# -- exhibits


def exhibit(reading: CaseReading, key: str) -> Card:
    """What it is called, what it is, whose, what it belongs to; a reader who is not told that sees that it is there."""
    of = facts_of(reading.case).exhibits[key]
    if of.kind is None:
        return reading.card(key, facts=[("", HIDDEN)])
    held = FileHeld.read(of.file) if of.file and not of.erased else None
    file = CardFile(case=reading.case.id, id=held.id, is_shown=held.is_shown) if held else None
    return reading.card(
        key,
        title=_exhibit_title(reading, key),
        tags=_tags(reading, key, of.label),
        facts=[*_exhibit(reading, key)],
        file=file,
    )


def _exhibit_title(reading: CaseReading, key: str) -> str:
    of = facts_of(reading.case).exhibits[key]
    return (of.title and reading.said(of.title)) or (of.kind.label if of.kind else reading.thing(key))


def _exhibit(reading: CaseReading, key: str) -> Iterator[Pair]:
    of = facts_of(reading.case).exhibits[key]
    yield "", "　".join(filter(None, (of.kind and of.kind.label, of.file and _file_words(of.file))))
    if of.party:
        yield "谁的", reading.thing(of.party)
    if of.about:
        yield "关于", "、".join(map(reading.thing, of.about))
    if of.place:
        yield "卷内", of.place.label
    if of.replaced_by:
        yield "替换为", reading.thing(of.replaced_by)
    if of.erased:
        yield "", "已依法删除，打不开了"


def _file_words(file: str) -> str:
    held = FileHeld.read(file)
    return held.words if held else ""


def exhibit_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).exhibits[key]
    yield of.kind.label if of.kind else HIDDEN


def statement(reading: CaseReading, key: str) -> Card:
    """What was said, and who may read it."""
    tags = _tags(reading, key, facts_of(reading.case).statements[key].label)
    return reading.card(key, title=reading.numbered(key), tags=tags, facts=reading.written(key))


def _tags(reading: CaseReading, key: str, label: str) -> list[Pair]:
    """The state of something; and for whom alone it is, where not for everybody."""
    usual = [(reading.state(key), reading.tone(key))]
    if label == JOINT:
        return usual
    return [*usual, ("只给调解员看" if label == HOST_ONLY else f"只有{reading.thing(label)}和调解员看得到", "")]


def statement_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).statements[key]
    yield from ([reading.thing(of.party)] if of.party else [])


# -- visits


UNREACHED = 3
"""After so many attempts that reached nobody a visit wants the lead's eye: another way of seeing somebody (policy)."""


def visit(reading: CaseReading, key: str) -> Card:
    """What was planned and found; what a party has answered itself was no visit."""
    if not facts_of(reading.case).visits[key].by_party:
        return reading.card(key, title=reading.thing(key), facts=[*_visit_due(reading, key), *reading.written(key)])
    return reading.card(key, title=BY_PARTY, tags=[("已交", "")], facts=reading.written(key))


def _visit_due(reading: CaseReading, key: str) -> Iterator[Pair]:
    yield from (("期限", day_words(day)) for _, day in reading.case.facts.due_days(frozenset({key})))


BY_PARTY = "回访问卷（当事人自己填的）"


def visit_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).visits[key]
    kind = BY_PARTY if of.by_party else of.kind.label if of.kind is VisitKind.QUALITY else ""
    yield from ([kind] if kind else [])
    part = "" if of.part is DayPart.ANY else of.part.label
    yield from ([f"计划 {day_words(of.due)}{part}"] if of.due else [])
    yield from ([f"改期{of.moved}次"] if of.moved else [])
    yield from ([f"委托{reading.name(of.entrusted)}"] if of.entrusted else [])
    yield from ([of.satisfied.label] if of.satisfied is not Satisfaction.NOT_ASKED else [])
    yield from filter(None, [visit_alarm(reading, key)])


def visit_alarm(reading: CaseReading, key: str) -> str:
    of = facts_of(reading.case).visits[key]
    if of.made is not None or of.attempts < UNREACHED:
        return ""
    return f"{of.attempts}次没有联系上，请室主任决定：换人、换时间，或向邻居、单位了解"


def visit_due(reading: CaseReading, key: str) -> Pair:
    of = facts_of(reading.case).visits[key]
    whom, what = reading.thing(of.party) if of.party else "", "质量回访" if of.kind is VisitKind.QUALITY else "走访"
    part = "" if of.part is DayPart.ANY else f"（{of.part.label}）"
    return f"{what}{whom}{part}", reading.name(of.visitor) if of.visitor else Office.MEDIATOR.label


# -- papers delivered, the dossier lent


def delivery(reading: CaseReading, key: str) -> Card:
    """Which paper went to whom, how and where, who signed for it; what it rests on."""
    return reading.card(key, title=_delivered(reading, key), facts=[*_delivery(reading, key)])


def _delivered(reading: CaseReading, key: str) -> str:
    of = facts_of(reading.case).deliveries[key]
    name = reading.said(of.title) if of.title else of.paper.label
    return f"《{name}》送{reading.thing(of.party)}"


def _delivery(reading: CaseReading, key: str) -> Iterator[Pair]:
    of = facts_of(reading.case).deliveries[key]
    about = reading.thing(of.agreement) if of.agreement else ""
    yield "", "，".join(filter(None, (of.manner.label, f"{of.copies}份" if of.copies > 1 else "", about)))
    if of.place and (said := reading.said(of.place)) != HIDDEN:  # nor is it told that there is something to hide
        yield "送到", said
    if of.received is None or of.received != of.sent:
        yield "送出", of.sent.words()
    if of.received and of.receiver:
        by = "".join(f"（{it}）" for it in (of.signed_by and reading.said(of.signed_by),) if it)
        yield "签收", f"{of.received.words()}，{of.receiver.label}{by}"
    if of.reason:
        yield "代收理由", reading.said(of.reason)
    if of.undelivered:
        yield "没有送到", of.undelivered.label
    if of.receipt:
        yield "凭证", reading.thing(of.receipt)


def delivery_summary(reading: CaseReading, key: str) -> Iterator[str]:
    yield _delivered(reading, key)


def loan_summary(reading: CaseReading, key: str) -> Iterator[str]:
    of = facts_of(reading.case).loans[key]
    yield f"{reading.said(of.borrower)}，{of.purpose.label}"
    yield f"{of.lent.words()}借阅"
    yield from ([f"应于{day_words(of.due)}前归还"] if of.due and of.returned is None else [])
    yield from ([f"{of.returned.words()}归还"] if of.returned else [])


def loan_due(reading: CaseReading, key: str) -> Pair:
    return f"归还案卷：{reading.said(facts_of(reading.case).loans[key].borrower)}", Office.MEDIATOR.label


def _without(pairs: Iterable[Pair], labels: set[str]) -> Iterator[Pair]:
    return (pair for pair in pairs if pair[0] not in labels)
