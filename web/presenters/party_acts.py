"""What a party does on its telephone: one table, from which pages, the list of what can be done, and the docs are made.

Each act is a command that the rules let a party give; here stands when it is offered, in which words, and whether the
PIN is asked for once more. Whether it may be given is decided by the rules alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Readers
from mediation_engine.domain.formatting import day_words, money_words
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.presentation import CaseReading
from workflows.facts import facts_of
from workflows.parts.assignment import AskForChange, ChangeGround, WithdrawWish
from workflows.parts.authority import covers
from workflows.parts.cards import term_of
from workflows.parts.confirmation import ConfirmOnline, DeclineToSign, RaiseObjection
from workflows.parts.data_request import AskForCorrection
from workflows.parts.exhibit import HandInExhibit
from workflows.parts.ledger import is_owed, paid_on
from workflows.parts.obligation import RecordBreach, awaits_event
from workflows.parts.party import RecordConsent, RefuseMediation
from workflows.parts.payment import AcknowledgePayment, DisputePayment
from workflows.parts.queries import binds, in_dispute
from workflows.parts.statement import MakeStatement
from workflows.parts.states import AssignmentState, ObligationState, PartyState, PaymentState, VisitState
from workflows.parts.visit import AnswerQuestions
from workflows.tracks import LABOUR
from workflows.vocabulary import ExhibitKind, Reply, Satisfaction, TermKind, VisitKind

Own = Sequence[str]
"""The parties (keys) that somebody acts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """For whom an act is done, and about what."""

    party: str
    about: str = ""
    """The thing (key) that the page is about; empty for the case."""
    on: tuple[str, ...] = ()
    """The things that the order is given on; empty for a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How a field is asked in plain words."""

    label: str
    help: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    """The choices that are offered, by code; empty for all, as they are called."""


def _nothing(_case: Case, _it: Subject, _today: date) -> str:
    return ""


def _no_fields(_it: Subject) -> Mapping[str, str]:
    return {}


def _no_presets(_case: Case, _it: Subject) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that a party does by itself."""

    code: str
    words: str
    """On the button and over the page."""
    command: type[Command]
    before: Callable[[Case], Sequence[str]]
    """What it does and does not do, in a sentence each."""
    after: Sequence[str]
    """What comes of it, on the receipt."""
    subjects: Callable[[Case, Own], Iterator[Subject]]
    """For whom and about what it can be done as things stand."""
    asks: Mapping[str, Question] = field(default_factory=dict)
    """What is asked, by the name of the command's field."""
    fixed: Callable[[Subject], Mapping[str, str]] = _no_fields
    """What is not asked, since it is known."""
    presets: Callable[[Case, Subject], Mapping[str, str]] = _no_presets
    """What stands in a field at first."""
    bar: Callable[[Case, Subject, date], str] = _nothing
    """Why it is too early; empty where it is not."""
    day: str = ""
    """What is asked of the day on which it happened; empty where it is now."""
    photo: str = ""
    """What a photo beside it shows; empty where none is asked for."""
    takes_files: bool = False
    asks_pin: bool = False


def _here(case: Case, own: Own) -> list[str]:
    return [key for key in in_dispute(case) if key in own]


# -- when


def _owed_to(case: Case, own: Own) -> Iterator[Subject]:
    """Money that is still to come, straight from who owes it."""
    for key, owed in facts_of(case).obligations.items():
        open = case.is_in(key, ObligationState.PENDING, ObligationState.BREACHED)
        if open and owed.payee in own and owed.custodian is None and is_owed(case, key):
            yield Subject(party=owed.payee or "", about=key)


def _lacking(case: Case, own: Own) -> Iterator[Subject]:
    """What was to be paid or done and is not; or is said to be, and no payment shows it."""
    for key, owed in facts_of(case).obligations.items():
        open = case.is_in(key, ObligationState.PENDING, ObligationState.HELD)
        unpaid = case.is_in(key, ObligationState.PERFORMED) and not _is_covered(case, key)
        if owed.payee in own and not owed.into_custody and (open or unpaid) and not awaits_event(case, key):
            yield Subject(party=owed.payee or "", about=key, on=(key,))


def _is_covered(case: Case, key: str) -> bool:
    owed = facts_of(case).obligations[key]
    return owed.kind is not TermKind.PAY or owed.amount is None or paid_on(case, key) >= owed.amount


def _booked(case: Case, own: Own) -> Iterator[Subject]:
    """Payments that are on the books as received by them."""
    for key in facts_of(case).payments:
        party = facts_of(case).acts_for(key)
        if party in own and case.is_in(key, PaymentState.RECORDED):
            yield Subject(party=party, about=key, on=(key,))


def _too_early(case: Case, it: Subject, today: date) -> str:
    due = facts_of(case).obligations[it.about].due
    if due is None or today > due:
        return ""
    return f"还没到日子（{day_words(due)}），到期没收到再按。现在就担心的，可以写给调解员。"


def _unanswered(case: Case, own: Own) -> Iterator[Subject]:
    facts = facts_of(case)
    done = {(visit.party, visit.agreement) for visit in facts.visits.values() if visit.by_party}
    for agreement, of in facts.agreements.items():
        for party in _here(case, own):
            if binds(case, agreement) and party in (of.signers or (party,)) and (party, agreement) not in done:
                yield Subject(party=party, about=agreement, on=_planned(case, party))


def _planned(case: Case, party: str) -> tuple[str, ...]:
    """The visit for which somebody was to be asked, if one is planned."""
    waits = (k for k, v in facts_of(case).visits.items() if v.party == party and case.is_in(k, VisitState.TO_BE_ASKED))
    return tuple(waits)[:1]


def _changing(*, wished: bool) -> Callable[[Case, Own], Iterator[Subject]]:
    def subjects(case: Case, own: Own) -> Iterator[Subject]:
        facts, key = facts_of(case), facts_of(case).leading()
        if key is not None and case.is_in(key, AssignmentState.STANDING, AssignmentState.CHALLENGED):
            for party in _here(case, own):
                if (party in facts.assignments[key].asked_by) is wished:
                    yield Subject(party=party, on=(key,))

    return subjects


def _taking_part(case: Case, own: Own) -> Iterator[Subject]:
    return (Subject(party=key, on=(key,)) for key in _here(case, own) if case.is_in(key, PartyState.ENGAGED))


def _unconsenting(case: Case, own: Own) -> Iterator[Subject]:
    """Those who do not want it any more, and until something is agreed on, those who have not said."""
    facts = facts_of(case)
    is_agreed = bool(facts.agreements)
    for key in _here(case, own):
        if case.is_in(key, PartyState.REFUSING) or (facts.parties[key].consents is None and not is_agreed):
            yield Subject(party=key, on=(key,))


def _any(case: Case, own: Own) -> Iterator[Subject]:
    return (Subject(party=key) for key in _here(case, own))


# -- what is said


def _says(*sentences: str) -> Callable[[Case], Sequence[str]]:
    return lambda _case: sentences


def _refusing(case: Case) -> Sequence[str]:
    """人民调解法 第17、26条; 劳动争议调解仲裁法 第5条."""
    way = "申请劳动仲裁" if facts_of(case).track == LABOUR.code else "向法院起诉"
    return (
        "您按下“提交”，就是告诉调解室您不想再调解了。调解是自愿的，不用说理由。",
        "调解员会联系您。您可以再改主意：想再调解，随时在这里按“同意调解”，或告诉调解员。",
        f"不调解了，您还可以{way}；拖得太久可能就办不成了，请早点去。",
        "已经签好、生效的协议不因此作废，照样要履行。",
    )


def _left(case: Case, it: Subject) -> Mapping[str, str]:
    owed = facts_of(case).obligations[it.about]
    return {} if owed.amount is None else {"amount": f"{(owed.amount - paid_on(case, it.about)) / 100:.2f}"}


def _about(name: str) -> Callable[[Subject], Mapping[str, str]]:
    return lambda it: {"party": it.party, name: it.about}


def _whose(it: Subject) -> Mapping[str, str]:
    return {"party": it.party}


def _yes_or_no(yes: str, no: str) -> Mapping[str, str]:
    """Answers to a question; it may be left unanswered."""
    return {Reply.YES.value: yes, Reply.NO.value: no, Reply.NOT_ASKED.value: "不回答"}


def _readers(sent: str) -> Question:
    """Who may read what is sent."""
    own = f"只给调解员看（对方不知道您{sent}过）"
    return Question(label="给谁看", options={Readers.OWN.value: own, Readers.JOINT.value: "各方都能看"})


TO_MEDIATOR = "您写的，只有您自己和办这件事的调解员看得到。"

ACTS: Mapping[str, Act] = {
    act.code: act
    for act in (
        Act(
            code="received",
            words="收到了",
            command=AcknowledgePayment,
            before=_says(
                "您按下“提交”，就是确认这笔钱您收到了，马上记到账上，对方和调解员都看得到。",
                "没收到，或者只是对方说付了，请不要按。按错了，请尽快告诉调解员。",
            ),
            after=("这笔钱已经记为收到。", "记错了，请尽快告诉调解员。"),
            subjects=_owed_to,
            asks={"amount": Question(label="收到多少钱（元）", help="只收到一部分的，写实际收到的")},
            fixed=_about("obligation"),
            presets=_left,
            day="哪天收到的",
            photo="转账记录或收条",
            asks_pin=True,
        ),
        Act(
            code="not-received",
            words="没收到",
            command=RecordBreach,
            before=_says(
                "您按下“提交”，就是告诉调解室对方到期没有照协议做。对方和调解员都看得到。",
                "调解员会催对方，再告诉您还可以走哪些路。协议照样有效。",
            ),
            after=("已经告诉调解员，会去催对方。", "后来收到了，请在这里按“收到了”，或告诉调解员。"),
            subjects=_lacking,
            asks={"note": Question(label="什么情况", help="比如只收到一部分、对方怎么说")},
            bar=_too_early,
            photo="能说明情况的",
            asks_pin=True,
        ),
        Act(
            code="disputed",
            words="这笔没收到",
            command=DisputePayment,
            before=_says(
                "账上记着这笔钱您收到了。您按下“提交”，就是说没有收到，这笔先不算数，调解员去核实。",
                "对方也看得到您说没有收到。",
            ),
            after=("已经告诉调解员，会去核实。核实以前，这笔不算付过。",),
            subjects=_booked,
            asks={"reason": Question(label="什么情况", help="比如账号不对、钱退回去了")},
            photo="能说明情况的",
            asks_pin=True,
        ),
        Act(
            code="questions",
            words="回答回访的问题",
            command=AnswerQuestions,
            before=_says(
                "协议生效了，想听您说说调解得怎么样。不想回答的可以不答。",
                "您答的交给室主任；室主任和办这件事的调解员看得到，对方看不到您答了没有、答了什么。一份协议答一次就够。",
            ),
            after=("谢谢您回答。您说的会有人看，有事会和您联系。",),
            subjects=_unanswered,
            asks={
                "knows": Question(label="协议里写了什么，您知道吗", options=_yes_or_no("知道", "不知道")),
                "willing": Question(label="签这份协议，是您自己愿意的吗", options=_yes_or_no("是", "不是")),
                "settled": Question(label="说好的钱，收到或者付清了吗", options=_yes_or_no("收到或付清了", "还没有")),
                "fair": Question(label="调解员公道吗", options=_yes_or_no("公道", "不公道")),
                "charged": Question(label="调解员收过您的钱或东西吗", options=_yes_or_no("收过", "没有")),
                "satisfied": Question(
                    label="您满意吗",
                    options={it.value: it.label for it in Satisfaction if it is not Satisfaction.NOT_ASKED}
                    | {Satisfaction.NOT_ASKED.value: "不回答"},
                ),
                "trouble": Question(label="又有新的矛盾了（有就打勾）"),
                "said": Question(label="还有什么要说的"),
            },
            fixed=_about("agreement"),
        ),
        Act(
            code="consent",
            words="同意调解",
            command=RecordConsent,
            before=_says(
                "您按下“提交”，就是同意由调解室来调解。调解不收钱。",
                "同意调解，不等于同意任何方案。以后不想调解了，随时可以说。",
            ),
            after=("已经记下您同意调解。", "以后不想调解了，随时可以在这里说。"),
            subjects=_unconsenting,
            asks_pin=True,
        ),
        Act(
            code="change",
            words="想换调解员",
            command=AskForChange,
            before=_says(
                "您按下“提交”，就是请调解室换一位调解员，由室主任决定，会给您答复。",
                "这不算拒绝调解。对方看得到您要求换人，看得到您选的是哪一种原因，看不到您写的说明；不想让对方知道原因的，选“不必说明理由”。",
            ),
            after=("已经告诉室主任，会给您答复。",),
            subjects=_changing(wished=False),
            asks={
                "ground": Question(
                    label="为什么",
                    options={it.value: it.label for it in ChangeGround} | {ChangeGround.WISH.value: "就是想换一位"},
                ),
                "reason": Question(label="说明"),
            },
            fixed=_whose,
            asks_pin=True,
        ),
        Act(
            code="keep",
            words="不换调解员了",
            command=WithdrawWish,
            before=_says("您要求过换调解员。您按下“提交”，就是不换了，接着由现在的调解员办。"),
            after=("已经记下：您不要求换调解员了。",),
            subjects=_changing(wished=True),
            fixed=_whose,
            asks_pin=True,
        ),
        Act(
            code="stop",
            words="我不想再调解了",
            command=RefuseMediation,
            before=_refusing,
            after=("已经记下：您不想再调解了。调解员会联系您。", "想再调解，随时在这里按“同意调解”。"),
            subjects=_taking_part,
            asks={"reason": Question(label="原因", help="不想说的可以空着")},
            asks_pin=True,
        ),
        Act(
            code="statement",
            words="有话要说",
            command=MakeStatement,
            before=_says(
                "写给调解员的，对方不知道您写过；写给各方的，对方也看得到。提交以后改不了，可以再写一份。",
            ),
            after=("已经交给调解员。", "要补充的，可以再写一份。"),
            subjects=_any,
            asks={"readers": _readers("写"), "words": Question(label="您想说什么")},
            fixed=_whose,
        ),
        Act(
            code="paper",
            words="交材料",
            command=HandInExhibit,
            before=_says(
                "照片、录音、文书都可以，一次交一件，交几件就再来几次。原件请自己留好。",
            ),
            after=("材料已经收下。", "还有的可以再交。交错了，请告诉调解员撤回。"),
            subjects=_any,
            asks={
                "title": Question(label="这是什么", help="如：欠条、工资条；不要写证件号码"),
                "kind": Question(
                    label="哪一种",
                    options={
                        ExhibitKind.EVIDENCE.value: "证据",
                        ExhibitKind.RECEIPT.value: "转账、付款的凭证",
                        ExhibitKind.IDENTITY.value: "身份证、营业执照",
                        ExhibitKind.OTHER.value: "其他",
                    },
                ),
                "readers": _readers("交"),
            },
            fixed=_whose,
            takes_files=True,
        ),
        Act(
            code="correction",
            words="我的资料有误",
            command=AskForCorrection,
            before=_says(
                "姓名、电话、住址等登记错了的，写在这里，调解员核对以后改，并给您答复。",
                TO_MEDIATOR,
            ),
            after=("已经交给调解员，核对以后会给您答复。",),
            subjects=_any,
            asks={"words": Question(label="哪里不对，应该是什么", help="证件号、银行卡号请不要写全，打电话或当面说")},
            fixed=_whose,
        ),
    )
}
"""By code, in the order in which they are offered."""
ANSWERS: Mapping[type[Command], str] = {ConfirmOnline: "同意", RaiseObjection: "我有意见", DeclineToSign: "不同意"}
"""What a text is answered with, on pages of its own: each with the PIN once more."""
OF_MONEY = ("received", "not-received", "disputed")
"""Those that are about one obligation or payment, and stand beside it."""
Offer = tuple[Act, Subject]


def is_able(case: Case, instance: str, act: Act, today: date) -> bool:
    """Whether who acts in a capacity may give the command of an act on a day."""
    return covers(case, instance, "", act.command.name(), Occurred(today.isoformat())) is True


def offers(case: Case, own: Own, instance: str, today: date) -> Iterator[Offer]:
    """All that can be done as things stand, by who acts in a capacity, or by a party itself."""
    for act in ACTS.values():
        if is_able(case, instance, act, today):
            yield from ((act, it) for it in act.subjects(case, own))


def is_asked(case: Case, act: Act, it: Subject) -> bool:
    """Whether the room waits for it: the questions of a visit that is planned; a consent nobody has asked for."""
    if act.command is AnswerQuestions:
        return any(facts_of(case).visits[key].kind is VisitKind.QUALITY for key in it.on)
    return act.command is RecordConsent and facts_of(case).parties[it.party].consents is None


def about_words(reading: CaseReading, it: Subject) -> str:
    """What an act is about, without numbers of the record."""
    facts = facts_of(reading.case)
    if (owed := facts.obligations.get(it.about)) is not None:
        who, pays = reading.thing(owed.payer) if owed.payer else "对方", owed.kind is TermKind.PAY
        sum_ = money_words(owed.amount) if owed.amount is not None else ""
        due = f"，{day_words(owed.due)}以前" if owed.due else ""
        term = term_of(reading.case, owed)
        what = f"应付{sum_}" if pays else f"应做到：{reading.said(term.words)}" if term else "应做到协议说的"
        return f"{who}{what}{due}"
    if (payment := facts.payments.get(it.about)) is not None:
        who = f"{reading.thing(payment.payer)}" if payment.payer else ""
        sum_ = money_words(payment.amount) if payment.amount is not None else "金额没有写明"
        return f"{payment.occurred.words()}{who}付的{sum_}"
    several = len([key for key in facts.agreements if binds(reading.case, key)]) > 1
    return reading.thing(it.about) if it.about and several else ""
