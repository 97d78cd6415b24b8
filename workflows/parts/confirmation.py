"""A confirmation: one signing party's yes to one text. A new text voids it; without authority it is held; it may be denied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import Any, ClassVar, Self

from msgspec.structs import replace

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.command import Command, Event
from mediation_engine.domain.fields import OF_PARTY, Text, choice, code, count, flag, person, ref, refs, rows, text
from mediation_engine.domain.guard import MET, UNJUDGED, Answer, given_as, guard, met_if, none_of
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import Follows, Machine, Spawns, T
from mediation_engine.domain.occurred import Occurred, at
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import Presentation
from mediation_engine.domain.roles import MEDIATOR, PARTY, PARTY_OR_MEDIATOR

from ..facts import Confirmation, MediationFacts, facts_of
from ..vocabulary import CapacityKind, ExhibitKind, OnlineMeaning, SigningManner
from . import cards, naming
from .authority import A171, covers, may_act_for
from .moments import AFTER_CONFIRMING, AFTER_DRAFTING
from .online import meaning_of
from .queries import TALKS, counts, to_be_signed
from .states import AgreementState, ExhibitState
from .states import ConfirmationState as S


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Somebody who saw it."""

    person: str = person("姓名")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAgreement(Command):
    label: ClassVar[str] = "确认协议"
    manner: SigningManner = choice(
        "确认方式",
        help="个人的私章、单位的公章都算盖章。劳动争议调解须有签名或盖章；只按指印的、由人代书姓名再按指印的照实记，"
        "但不计入（代书的按本室规定），请补签名或盖私章",
    )
    text_hash: str | None = code(
        "签的是哪一版", default=None, help="当事人看到并签署的那一版；留空就是现在这一版", rare=True
    )
    sheet: str | None = ref(
        "签名册或签署件",
        "exhibit",
        default=None,
        help="签在纸上、已作为“协议书签署件”收存的；一张签名册可以是许多人签的",
        rare=True,
    )
    also: tuple[str, ...] = refs(
        "同时签署的代理人或代表", "capacity", help="几个人一起签的；第一位写在“由谁办理”", rare=True
    )
    identity_checked: bool = flag("已核对签署人身份")
    signed_as: Text | None = text(
        "所签姓名或名称", longest=100, disclosure="joint", help="与登记的不同时写明；单位、群体写明签字的人", rare=True
    )
    represented_agreed: bool = flag("群体中被代表的人已同意，或已按其章程议定", rare=True)
    resolution: Text | None = text(
        "集体决议", longest=1000, disclosure="joint", help="村组、业主等按自身章程作出的决议", rare=True
    )
    written_by: str | None = person("代书人", default=None, help="本人不会写字，由人代书姓名的", rare=True)
    witnesses: tuple[Witness, ...] = rows("见证人", help="代书的须有两名见证人", rare=True)
    read_by: str | None = person("宣读人", default=None, help="文本已向本人宣读的，写明谁读的", rare=True)
    interpreter: str | None = person("翻译", default=None, help="含手语、方言", rare=True)
    note: Text | None = text("签署情况", longest=1000, disclosure="joint", rare=True)


def _probable(case: Case, key: str, *, signed: bool) -> Signature:
    """How a party will probably sign: as it has signed before; else by its name, a unit with its seal, too.

    By whom: by the only one who may settle for it and acts for it.
    """
    facts = facts_of(case)
    held = facts.confirmations[key]
    before = [c.manner for c in facts.confirmations.values() if c.party == held.party and c.agreement == held.agreement]
    is_unit = facts.parties[held.party].kind is PartyKind.ENTERPRISE
    usual = SigningManner.SIGNATURE_SEAL if is_unit else SigningManner.SIGNATURE
    when = at(case.recorded) if case.recorded else Occurred()
    acting = facts.capacities_for({held.party}, ConfirmAgreement.name(), when)
    may = [k for k, covers_it in acting if covers_it]
    return Signature(
        confirmation=key,
        signed=signed,
        manner=next(filter(None, reversed(before)), usual),
        capacity=may[0] if len(may) == 1 else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How one party signed a text that several signed."""

    confirmation: str = ref("谁签", "confirmation", kept=True)
    signed: bool = flag("签了", default=True)
    manner: SigningManner = choice("怎么签的")
    capacity: str | None = ref("由谁签", "capacity", default=None, blank="本人")
    signed_as: Text | None = text(
        "所签姓名或名称", longest=100, disclosure="joint", help="与登记的不同时写明；单位、群体写明签字的人", rare=True
    )
    represented_agreed: bool = flag("群体中被代表的人已同意，或已按其章程议定", rare=True)
    read_by: Text | None = text(
        "谁念给他听的", longest=50, disclosure="joint", help="不识字、看不清的，签以前念过全文的写", rare=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSignatures(Command):
    label: ClassVar[str] = "记录谁签了协议"
    help: ClassVar[str] = (
        "签了的打勾，没签的不动，一次记完。由人代书姓名的，请另用“确认协议”，写明代书人和见证人；不肯签的另记“拒绝签署”"
    )
    occurs: ClassVar[str] = "什么时候签的"
    each: ClassVar[str] = "signatures"
    parties: ClassVar[tuple[str, ...]] = ()
    signatures: tuple[Signature, ...] = rows("谁签了", about=to_be_signed, is_whole=True)
    identity_checked: bool = flag("已核对签署人身份")
    sheet: str | None = ref(
        "签名册或签署件", "exhibit", default=None, help="签在纸上、已作为“协议书签署件”收存的", rare=True
    )

    @classmethod
    def drawn_from(cls, case: Case, key: str) -> Self | None:
        """A row for each party still to sign, as it will probably sign; ticked for the one that is asked about."""
        held = facts_of(case).confirmations.get(key)
        whole = held.agreement if held else key
        waiting = [k for k in to_be_signed(case) if whole in ("", facts_of(case).confirmations[k].agreement)]
        return cls(signatures=tuple(_probable(case, k, signed=k == key) for k in waiting)) if waiting else None

    def homes(self, case: Case) -> tuple[str | None, ...]:
        return tuple(row.confirmation for row in self.signatures)

    def of(self, key: str | None) -> Signature | None:
        """What is said of one party's signature."""
        return next((row for row in self.signatures if row.confirmation == key), None)

    def alone(self, row: Signature) -> ConfirmAgreement:
        """One of the signatures, as though it had been recorded by itself."""
        return ConfirmAgreement(
            manner=row.manner,
            sheet=self.sheet,
            identity_checked=self.identity_checked,
            signed_as=row.signed_as,
            represented_agreed=row.represented_agreed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineToSign(Command):
    label: ClassVar[str] = "拒绝签署"
    gives_up: ClassVar[bool] = True
    reason: Text | None = text("原因", disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpinion(Command):
    label: ClassVar[str] = "记录意见"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "口头提出的异议、保留或看法：照原话记，不算拒绝签署"
    opinion: Text = text("意见", longest=2000, disclosure="joint", default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOnline(Command):
    label: ClassVar[str] = "在线确认"
    help: ClassVar[str] = "当事人自己在手机上看过全文后确认；不是签字，不使协议生效"
    text_hash: str = code("看的是哪一版", default=MISSING)
    meaning: OnlineMeaning = choice("这一确认是什么意思", default=MISSING)
    at_window: bool = flag("在本室设备上")
    shared: bool = flag("合用手机")
    present: Text | None = text("在场的人", longest=200, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseObjection(Command):
    label: ClassVar[str] = "提出意见"
    help: ClassVar[str] = "当事人看过文本后提的：哪一条、怎么改；原话只有本人和承办的人看得到"
    text_hash: str = code("看的是哪一版", default=MISSING)
    party: str = ref("谁的意见", "party", default=MISSING)
    clause: int | None = count("对第几条", default=None, help="留空就是对整份协议")
    words: Text = text("意见", longest=2000, disclosure=OF_PARTY, default=MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatifyConfirmation(Command):
    label: ClassVar[str] = "本人追认"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisownConfirmation(Command):
    label: ClassVar[str] = "本人不予追认"
    gives_up: ClassVar[bool] = True


class Denial(Labelled):
    """What is said against a signature."""

    FORGED = "forged", "不是本人签的"
    NO_AUTHORITY = "no_authority", "签字的人没有得到授权"
    NOT_MEANT = "not_meant", "受欺诈、胁迫或没有看懂"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDenial(Command):
    label: ClassVar[str] = "记录否认签署"
    one_by_one: ClassVar[bool] = True
    help: ClassVar[str] = "事后说不是自己签的、没有授权的；协议生效以后也可以记，从此作为有争议处理"
    gives_up: ClassVar[bool] = True
    ground: Denial = choice("怎么说的")
    note: Text | None = text("情况", longest=1000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGenuine(Command):
    label: ClassVar[str] = "记录签署属实"
    help: ClassVar[str] = "经核对笔迹、监控、授权书等，确系本人签署或已有授权；本人改口承认的也记这里"
    note: Text | None = text("依据什么", longest=1000, disclosure="joint")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationAwaited(Event[None]):
    label: ClassVar[str] = "等待确认"
    given: None = None
    agreement: str
    text_hash: str
    party: str

    def apply(self, facts: MediationFacts, line: Line) -> None:
        awaited = Confirmation(agreement=self.agreement, text_hash=self.text_hash, party=self.party)
        facts.confirmations[line.instance] = awaited


def _change(facts: MediationFacts, key: str, **changes: Any) -> None:
    facts.confirmations[key] = replace(facts.confirmations[key], **changes)


def _signed(held: Confirmation, given: ConfirmAgreement, occurred: Occurred, capacity: str) -> Confirmation:
    """A confirmation as a signature leaves it."""
    return replace(
        held,
        manner=given.manner,
        sheet=given.sheet,
        occurred=occurred,
        capacity=capacity,
        also=given.also,
        agreed=given.represented_agreed,
        checked=given.identity_checked,
        ratified=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementConfirmed(Event[ConfirmAgreement]):
    label: ClassVar[str] = "已确认协议"
    relied_on: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        held = facts.confirmations[line.instance]
        facts.confirmations[line.instance] = _signed(held, self.given, line.occurred, line.capacity)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRecorded(Event[RecordSignatures]):
    label: ClassVar[str] = "已签协议"
    relied_on: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        row, held = self.given.of(line.instance), facts.confirmations[line.instance]
        if row is not None:
            signed = _signed(held, self.given.alone(row), line.occurred, row.capacity or "")
            facts.confirmations[line.instance] = signed


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineConfirmed(Event[ConfirmOnline]):
    label: ClassVar[str] = "已在线确认"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        said = {"online": self.given.meaning, "online_at": line.occurred, "shared": self.given.shared, "clause": None}
        _change(facts, line.instance, online_by=line.capacity, **said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(Event[RaiseObjection]):
    label: ClassVar[str] = "当事人有意见"
    tells: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, clause=self.given.clause, objected=line.occurred, online=None, online_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineVoided(Event[None]):
    label: ClassVar[str] = "文本已改，在线确认作废"
    tells: ClassVar[bool] = True
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningDeclined(Event[DeclineToSign]):
    label: ClassVar[str] = "拒绝签署"
    relied_on: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRecorded(Event[RecordOpinion]):
    label: ClassVar[str] = "意见已记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRatified(Event[RatifyConfirmation]):
    label: ClassVar[str] = "本人已追认"
    relied_on: ClassVar[bool] = True

    def apply(self, facts: MediationFacts, line: Line) -> None:
        _change(facts, line.instance, ratified=line.occurred)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationDisowned(Event[DisownConfirmation]):
    label: ClassVar[str] = "本人不予追认"
    relied_on: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningDenied(Event[RecordDenial]):
    label: ClassVar[str] = "否认签署"
    relied_on: ClassVar[bool] = True
    tells: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningFoundGenuine(Event[RecordGenuine]):
    label: ClassVar[str] = "签署属实"
    relied_on: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationHeld(Event[None]):
    label: ClassVar[str] = "没有权限或未经同意，待追认"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityFound(Event[None]):
    label: ClassVar[str] = "已有权限，签署有效"
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityLost(Event[None]):
    label: ClassVar[str] = "签署人当时没有权限，签署有争议"
    tells: ClassVar[bool] = True
    given: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationVoided(Event[None]):
    label: ClassVar[str] = "确认已作废"
    given: None = None


def _signing(s: Situation) -> ConfirmAgreement | None:
    """How the party signs whose confirmation it is, by itself or with others."""
    sheet = given_as(s, RecordSignatures)
    row = sheet.of(s.key) if sheet else None
    return sheet.alone(row) if sheet and row else given_as(s, ConfirmAgreement)


def _capacity(s: Situation) -> str:
    """In which capacity somebody signs for that party; empty for the party itself."""
    sheet = given_as(s, RecordSignatures)
    row = sheet.of(s.key) if sheet else None
    return (row.capacity or "") if row else s.capacity


@guard("须确认当前文本；文本已改动的，请让当事人重新看过", "人民调解法 第29条")
def text_is_current(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or s.key is None:
        return UNJUDGED
    return met_if(given.text_hash in (None, facts_of(s).confirmations[s.key].text_hash))


@guard("只能确认现在这一版；文本刚改过的，请重新看过", "人民调解法 第29条")
def text_seen(s: Situation) -> Answer:
    given = given_as(s, ConfirmOnline) or given_as(s, RaiseObjection)
    if given is None or s.key is None:
        return UNJUDGED
    return met_if(given.text_hash == facts_of(s).confirmations[s.key].text_hash)


@guard("确认的意思已经变了，请重新看过再确认", "policy", fixed=True)
def meaning_as_told(s: Situation) -> Answer:
    given = given_as(s, ConfirmOnline)
    if given is None or s.key is None:
        return UNJUDGED
    meaning = meaning_of(s.case, s.key, s.capacity)
    return met_if(meaning is not None and meaning.code is given.meaning)


@guard("只能提自己的意见", "policy", fixed=True, of_form=True)
def objects_for_itself(s: Situation) -> Answer:
    given = given_as(s, RaiseObjection)
    if given is None or s.key is None:
        return MET
    return met_if(given.party == facts_of(s).confirmations[s.key].party)


@guard("没有这一条，请看清楚是第几条", "policy", fixed=True, of_form=True)
def clause_known(s: Situation) -> Answer:
    given = given_as(s, RaiseObjection)
    if given is None or given.clause is None or s.key is None:
        return MET
    terms = facts_of(s).agreements[facts_of(s).confirmations[s.key].agreement].terms
    return met_if(1 <= given.clause <= len(terms))


@guard("两位当事人一天内用同一部手机确认，应分别核实是不是本人的意思", "policy")
def own_phone(s: Situation) -> Answer:
    given = given_as(s, ConfirmOnline)
    if given is None or s.key is None:
        return UNJUDGED
    return met_if(not given.shared, (facts_of(s).confirmations[s.key].party,))


@guard("签名册须是本案收存着的“协议书签署件”，没有撤回、替换或删除", "policy", fixed=True, of_form=True)
def sheet_filed(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or given.sheet is None:
        return MET
    sheet = facts_of(s).exhibits.get(given.sheet)
    filed = s.case.is_in(given.sheet, ExhibitState.FILED)
    return met_if(sheet is not None and filed and not sheet.erased and sheet.kind is ExhibitKind.SIGNED)


@guard(
    "这样签不算数，协议还不能生效：劳动争议的要签名或盖章，只按指印的请补签名或盖私章；别的签名、盖章、按指印都算",
    "劳动争议调解仲裁法 第14条",
)
def manner_counts(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or s.key is None or given.manner is SigningManner.UNREPORTED:
        return UNJUDGED
    return met_if(counts(s.case, facts_of(s).confirmations[s.key].agreement, given.manner))


def _as_given(s: Situation, given: ConfirmAgreement) -> Confirmation:
    """The confirmation as an order would leave it."""
    assert s.key is not None
    return _signed(facts_of(s).confirmations[s.key], given, s.occurred, _capacity(s))


@guard(
    "代签的人应有有效的代理或代表身份，委托代理人还须有授权可以和解（特别授权），否则须本人追认",
    "民法典 第165条、第171条",
)
def authority_shown(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or s.key is None:
        return UNJUDGED
    made = _as_given(s, given)
    named = [k for k in made.signers if k]
    if not named:
        return MET
    answers = {may_settle(s.case, made, k) for k in made.signers}
    met = True if True in answers else None if None in answers else False
    return Answer(met, (made.party, *named) if met is False else ())


@guard("未成年或不能完全辨认自己行为的当事人，由监护人代签（法定代理人）", "民法典 第19条、第23条")
def guardian_signs(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or s.key is None:
        return UNJUDGED
    made = _as_given(s, given)
    return met_if(not _lacks_guardian(s.case, made), (made.party,))


@guard("同签的应是同一当事人的代理人或代表", "policy", fixed=True, of_form=True)
def signs_for_the_same(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or s.key is None:
        return MET
    party = facts_of(s).confirmations[s.key].party
    return none_of(k for k in given.also if party not in facts_of(s).capacities[k].principals)


@guard("每一位只写一行，没有签的不写", "policy", fixed=True, of_form=True)
def signed_once(s: Situation) -> Answer:
    given = given_as(s, RecordSignatures)
    rows_of_it = [row for row in given.signatures if row.confirmation == s.key] if given else []
    return MET if given is None else met_if(len(rows_of_it) == 1 and rows_of_it[0].signed, filter(None, (s.key,)))


@guard("“由谁签”写的应是这一位当事人的代理人或代表；本人签的空着", "policy", fixed=True, of_form=True)
def signed_for_itself(s: Situation) -> Answer:
    given = given_as(s, RecordSignatures)
    capacity = facts_of(s).capacities.get(_capacity(s)) if given else None
    if capacity is None or s.key is None:
        return MET
    return met_if(facts_of(s).confirmations[s.key].party in capacity.principals, (s.key,))


@guard("代书姓名的，应写明代书人并有两名见证人在场", "policy")
def written_before_witnesses(s: Situation) -> Answer:
    """By analogy with 民法典 第1135条."""
    given = _signing(s)
    if given is None or given.manner is not SigningManner.WRITTEN_FOR:
        return MET
    return met_if(given.written_by is not None and len({w.person for w in given.witnesses}) >= 2)


@guard("应核对签署人的身份", "policy")
def identity_checked(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or s.key is None or given.manner is SigningManner.UNREPORTED:
        return UNJUDGED
    return met_if(given.identity_checked, (facts_of(s).confirmations[s.key].party,))


@guard("单位应盖章，或写明签字的法定代表人、负责人或代理人；群体应写明签字的代表", "policy")
def signer_named(s: Situation) -> Answer:
    """A legal person signs by its head and with its seal: the filling rules of the case file ask for both."""
    given = _signing(s)
    if given is None or s.key is None or given.manner is SigningManner.UNREPORTED:
        return UNJUDGED
    signer = facts_of(s).confirmations[s.key].party
    kind = facts_of(s).parties[signer].kind
    named = bool(given.signed_as or given.also or _capacity(s) not in ("", signer)) or (
        given.manner.has(SigningManner.SEAL) and kind is not PartyKind.GROUP
    )
    return met_if(kind is PartyKind.PERSON or named, (signer,))


@guard("已有一份有效的签署，不能用较弱的代替；原来记错的请用“更正”", "policy", fixed=True)
def not_weaker(s: Situation) -> Answer:
    """What counts, by whoever may, is not lost by a later record that says less; nor is a denial lifted by one."""
    given = _signing(s)
    if given is None or s.key is None or not s.case.is_in(s.key, S.GIVEN, S.DENIED):
        return MET
    held, new = facts_of(s).confirmations[s.key], _as_given(s, given)
    if s.case.is_in(s.key, S.DENIED) or not _is_good(s.case, held):
        return met_if(_is_good(s.case, new) or not s.case.is_in(s.key, S.DENIED))
    assert held.manner is not None
    less = not given.manner.covers(held.manner) and held.manner.covers(given.manner)
    return met_if(_is_good(s.case, new) and not less and new.checked >= held.checked)


def _is_good(case: Case, of: Confirmation) -> bool:
    """Whether it is given in a way that counts, by somebody who may."""
    return of.manner is not None and counts(case, of.agreement, of.manner) and not _lacks_authority(case, of)


@guard("代表人代为和解的，应征得被代表的人同意", "policy")
def represented_consent(s: Situation) -> Answer:
    given = _signing(s)
    if given is None or s.key is None:
        return UNJUDGED
    made = _as_given(s, given)
    return met_if(not _lacks_consent(s.case, made), (made.party,))


def signers_asked(case: Case) -> Iterator[ConfirmationAwaited]:
    """Every party of a text is asked once for it: to sign it, or where no paper is wanted to confirm it."""
    given = facts_of(case).confirmations
    asked = {(c.agreement, c.text_hash, c.party) for k, c in given.items() if not case.is_in(k, S.VOID)}
    if facts_of(case).closed:
        return
    for key, held in facts_of(case).agreements.items():
        if held.text_hash and case.is_in(key, AgreementState.REACHED, AgreementState.DRAFTED):
            for signer in held.signers:
                if (key, held.text_hash, signer) not in asked:
                    yield ConfirmationAwaited(agreement=key, text_hash=held.text_hash, party=signer)


def without_authority(case: Case, key: str) -> ConfirmationHeld | None:
    """Somebody signed who may not settle for that party: without authority, a ward without its guardian, or a delegate
    for people who have not agreed."""
    held = facts_of(case).confirmations[key]
    return ConfirmationHeld() if _lacks_authority(case, held) and not _is_bound(case, held) else None


def authority_found(case: Case, key: str) -> AuthorityFound | None:
    """What it lacked has come: the principal has said that it had given authority."""
    held = facts_of(case).confirmations[key]
    return AuthorityFound() if held.manner is not None and not _lacks_authority(case, held) else None


def authority_lost(case: Case, key: str) -> AuthorityLost | None:
    """An agreement is in effect, and it turns out that somebody who signed it had no authority."""
    held = facts_of(case).confirmations[key]
    return AuthorityLost() if _lacks_authority(case, held) and _is_bound(case, held) else None


def _is_bound(case: Case, held: Confirmation) -> bool:
    """Whether the agreement has taken effect: what it rests on is then disputed, and no more held."""
    return not case.is_in(held.agreement, AgreementState.REACHED, AgreementState.DRAFTED)


def may_settle(case: Case, held: Confirmation, signer: str) -> bool | None:
    """Whether one of those who signed might settle for the party then; None where that cannot be told."""
    return covers(case, signer, held.party, ConfirmAgreement.name(), held.occurred)


def _lacks_authority(case: Case, held: Confirmation) -> bool:
    if held.ratified is not None:  # by whoever may: it is held no more
        return False
    nobody = all(may_settle(case, held, k) is False for k in held.signers)
    return nobody or _lacks_guardian(case, held) or _lacks_consent(case, held)


def _lacks_guardian(case: Case, held: Confirmation) -> bool:
    facts = facts_of(case)
    kinds = {facts.capacities[k].kind for k in held.signers if k and may_settle(case, held, k) is not False}
    return facts.parties[held.party].is_ward(held.occurred) and CapacityKind.GUARDIAN not in kinds


def _lacks_consent(case: Case, held: Confirmation) -> bool:
    """Delegates settle only with the consent of those they stand for (民事诉讼法 第56条)."""
    facts = facts_of(case)
    delegates = all(k and facts.capacities[k].kind is CapacityKind.DELEGATE for k in held.signers)
    agreed = held.agreed or held.online is OnlineMeaning.REPRESENTED
    return (facts.parties[held.party].kind is PartyKind.GROUP or delegates) and not agreed


def text_replaced(case: Case, key: str) -> ConfirmationVoided | None:
    """The text it was given to is not the agreement's any more, whose it is has been split off, or the agreement has
    come to nothing."""
    mine = facts_of(case).confirmations[key]
    held = facts_of(case).agreements[mine.agreement]
    gone = case.is_in(mine.agreement, AgreementState.ABANDONED) or mine.party not in held.signers
    return ConfirmationVoided() if gone or held.text_hash != mine.text_hash else None


def online_text_replaced(case: Case, key: str) -> OnlineVoided | None:
    """The same of what was confirmed on a telephone: somebody is to be told."""
    return OnlineVoided() if text_replaced(case, key) else None


def not_needed(case: Case, key: str) -> ConfirmationVoided | None:
    """Nobody waits for it any more: another text, no agreement, one in effect without it, or the case is closed."""
    asked = facts_of(case).confirmations[key].agreement
    waiting = facts_of(case).closed is None and case.is_in(asked, AgreementState.REACHED, AgreementState.DRAFTED)
    return text_replaced(case, key) if waiting else ConfirmationVoided()


def denied_text_gone(case: Case, key: str) -> ConfirmationVoided | None:
    """What was denied does not matter any more: another text, or the agreement has ended."""
    mine = facts_of(case).confirmations[key].agreement
    ended = case.is_in(mine, AgreementState.SUPERSEDED, AgreementState.REVOKED)
    return ConfirmationVoided() if ended else text_replaced(case, key)


A29 = "人民调解法 第29条"
GATES, ASKED = (text_is_current, not_weaker, signs_for_the_same, sheet_filed), (AFTER_DRAFTING, may_act_for)
MARKS = (
    *(manner_counts, authority_shown, guardian_signs, represented_consent, identity_checked),
    *(signer_named, written_before_witnesses, AFTER_DRAFTING),
)
TOGETHER = (signed_once, signed_for_itself, sheet_filed)
ON_PHONE, OBJECTING = (text_seen, meaning_as_told), (text_seen, objects_for_itself, clause_known)
RATIFIED, ACTING = (AFTER_CONFIRMING,), (may_act_for,)

# fmt: off
ROWS = (
    Spawns(S.AWAITED, signers_asked, ConfirmationAwaited, A29),
    # from        command             to          by                 only if records               basis                marks
    T(S.AWAITED,  ConfirmAgreement,   S.GIVEN,    PARTY_OR_MEDIATOR, GATES,  AgreementConfirmed,   A29,                 MARKS),
    T(S.DECLINED, ConfirmAgreement,   S.GIVEN,    PARTY_OR_MEDIATOR, GATES,  AgreementConfirmed,   A29,                 MARKS),
    T(S.ONLINE,   ConfirmAgreement,   S.GIVEN,    PARTY_OR_MEDIATOR, GATES,  AgreementConfirmed,   A29,                 MARKS),
    T(S.OBJECTED, ConfirmAgreement,   S.GIVEN,    PARTY_OR_MEDIATOR, GATES,  AgreementConfirmed,   A29,                 MARKS),
    T(S.GIVEN,    ConfirmAgreement,   S.GIVEN,    PARTY_OR_MEDIATOR, GATES,  AgreementConfirmed,   A29,                 MARKS),
    T(S.HELD,     ConfirmAgreement,   S.GIVEN,    PARTY_OR_MEDIATOR, GATES,  AgreementConfirmed,   A29,                 MARKS),
    T(S.DENIED,   ConfirmAgreement,   S.GIVEN,    PARTY_OR_MEDIATOR, GATES,  AgreementConfirmed,   A29,                 MARKS),
    T(S.AWAITED,  RecordSignatures,   S.GIVEN,    MEDIATOR,          TOGETHER, SignatureRecorded, A29,                 MARKS),
    T(S.DECLINED, RecordSignatures,   S.GIVEN,    MEDIATOR,          TOGETHER, SignatureRecorded, A29,                 MARKS),
    T(S.ONLINE,   RecordSignatures,   S.GIVEN,    MEDIATOR,          TOGETHER, SignatureRecorded, A29,                 MARKS),
    T(S.OBJECTED, RecordSignatures,   S.GIVEN,    MEDIATOR,          TOGETHER, SignatureRecorded, A29,                 MARKS),
    T(S.AWAITED,  ConfirmOnline,      S.ONLINE,   PARTY,             ON_PHONE,   OnlineConfirmed,  "电子签名法 第7、8条", (own_phone,)),
    T(S.OBJECTED, ConfirmOnline,      S.ONLINE,   PARTY,             ON_PHONE,   OnlineConfirmed,  "电子签名法 第7、8条", (own_phone,)),
    T(S.DECLINED, ConfirmOnline,      S.ONLINE,   PARTY,             ON_PHONE,   OnlineConfirmed,  "电子签名法 第7、8条", (own_phone,)),
    T(S.AWAITED,  RaiseObjection,     S.OBJECTED, PARTY,             OBJECTING,  ObjectionRaised,  "人民调解法 第23条"),
    T(S.ONLINE,   RaiseObjection,     S.OBJECTED, PARTY,             OBJECTING,  ObjectionRaised,  "人民调解法 第23条"),
    T(S.OBJECTED, RaiseObjection,     S.OBJECTED, PARTY,             OBJECTING,  ObjectionRaised,  "人民调解法 第23条"),
    T(S.DECLINED, RaiseObjection,     S.OBJECTED, PARTY,             OBJECTING,  ObjectionRaised,  "人民调解法 第23条"),
    T(S.ONLINE,   DeclineToSign,      S.DECLINED, PARTY_OR_MEDIATOR, (),     SigningDeclined,      "人民调解法 第23条", ASKED),
    T(S.OBJECTED, DeclineToSign,      S.DECLINED, PARTY_OR_MEDIATOR, (),     SigningDeclined,      "人民调解法 第23条", ASKED),
    T(S.AWAITED,  DeclineToSign,      S.DECLINED, PARTY_OR_MEDIATOR, (),     SigningDeclined,      "人民调解法 第23条", ASKED),
    T(S.AWAITED,  RecordOpinion,      S.AWAITED,  PARTY_OR_MEDIATOR, (),     OpinionRecorded,      "人民调解法 第23条", ACTING),
    T(S.ONLINE,   RecordOpinion,      S.ONLINE,   PARTY_OR_MEDIATOR, (),     OpinionRecorded,      "人民调解法 第23条", ACTING),
    T(S.OBJECTED, RecordOpinion,      S.OBJECTED, PARTY_OR_MEDIATOR, (),     OpinionRecorded,      "人民调解法 第23条", ACTING),
    T(S.GIVEN,    RecordOpinion,      S.GIVEN,    PARTY_OR_MEDIATOR, (),     OpinionRecorded,      "人民调解法 第23条", ACTING),
    T(S.HELD,     RecordOpinion,      S.HELD,     PARTY_OR_MEDIATOR, (),     OpinionRecorded,      "人民调解法 第23条", ACTING),
    T(S.DECLINED, RecordOpinion,      S.DECLINED, PARTY_OR_MEDIATOR, (),     OpinionRecorded,      "人民调解法 第23条", ACTING),
    T(S.GIVEN,    RecordDenial,       S.DENIED,   MEDIATOR,          (),     SigningDenied,        A171,                RATIFIED),
    T(S.HELD,     RecordDenial,       S.DENIED,   MEDIATOR,          (),     SigningDenied,        A171,                RATIFIED),
    T(S.DENIED,   RecordGenuine,      S.GIVEN,    MEDIATOR,          (),     SigningFoundGenuine,  A171,                RATIFIED),
    T(S.DENIED,   RatifyConfirmation, S.GIVEN,    MEDIATOR,          (),     ConfirmationRatified, A171,                RATIFIED),
    T(S.HELD,     RatifyConfirmation, S.GIVEN,    MEDIATOR,          (),     ConfirmationRatified, A171,                RATIFIED),
    T(S.HELD,     DisownConfirmation, S.AWAITED,  MEDIATOR         , (),     ConfirmationDisowned, A171),
    Follows(S.GIVEN,    S.HELD,   without_authority, ConfirmationHeld, A171),
    Follows(S.GIVEN,    S.DENIED, authority_lost,    AuthorityLost,    A171),
    Follows(S.HELD,     S.GIVEN,  authority_found,   AuthorityFound,   A171),
    Follows(S.GIVEN,    S.VOID, text_replaced,     ConfirmationVoided, A29),
    Follows(S.ONLINE,   S.VOID, online_text_replaced, OnlineVoided,    A29),
    Follows(S.OBJECTED, S.VOID, not_needed,        ConfirmationVoided, A29),
    Follows(S.AWAITED,  S.VOID, not_needed,        ConfirmationVoided, A29),
    Follows(S.HELD,     S.VOID, not_needed,        ConfirmationVoided, A29),
    Follows(S.DECLINED, S.VOID, not_needed,        ConfirmationVoided, A29),
    Follows(S.DENIED,   S.VOID, denied_text_gone,  ConfirmationVoided, A29),
)
# fmt: on

CONFIRMATION = Machine.declare(
    "confirmation",
    "当事人确认",
    S,
    ROWS,
    final={S.VOID},
    resting={S.GIVEN, S.ONLINE},
    alive=TALKS | {"closed"},  # a signature may be denied whenever that comes out
    shown=Presentation(
        urgent=frozenset({S.OBJECTED, S.DECLINED, S.DENIED, S.VOID}),
        unfinished=cards.paper_signature,
        called=naming.confirmation,
        row=cards.signature_row,
        summary=cards.confirmation_summary,
        waits=cards.objections,
    ),
)
