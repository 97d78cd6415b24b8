"""一页办结: a small dispute that was settled on the spot, as one form; it makes the separate orders of a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, replace
from datetime import date
from typing import ClassVar

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import JOINT, Text, choice, day, flag, money, text
from mediation_engine.domain.formatting import money_words
from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import DETAILS, Details, EnterpriseDetails, PartyKind, PersonDetails, Phone
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import FormFaults
from mediation_engine.ids import Randomness, new_case_id, new_id, system_randomness
from mediation_engine.input.identity_numbers import read_phone
from mediation_engine.input.new_people import bytes_from, someone
from mediation_engine.ports.register import Person
from workflows.facts import Term
from workflows.parts.agreement import AdoptOrally, ReachAgreement, ReportPerformance, WaivePaper
from workflows.parts.assignment import TakeCase
from workflows.parts.obligation import RecordPerformance
from workflows.parts.party import DeclareListComplete, RecordConsent, TellRights
from workflows.parts.payment import RecordPayment
from workflows.parts.session import RecordSession
from workflows.phases.follow_up import CloseAsPerformed
from workflows.phases.intake import AcceptCase, PartyRow, RegisterCase
from workflows.tracks import usual_track
from workflows.vocabulary import DISPUTE_OF, Extent, Grievance, SessionResult, Side, Source, TermKind

from .command_form import ID, PREFIX, Faults, Sheet, Typed
from .form_fields import Asked
from .occurred_field import WHEN, happened

FAMILY = "fast_track"
"""By which rules such a case is opened."""
APPLICANT, RESPONDENT, AGREEMENT, DUTY = "party/1", "party/2", "agreement/1", "obligation/1"
BOTH = (APPLICANT, RESPONDENT)
SIDES = {"a": Side.APPLICANT, "b": Side.RESPONDENT}
"""What the form calls the two who were at odds."""
KINDS = (PartyKind.PERSON, PartyKind.ENTERPRISE)


class Debtor(Labelled):
    """Who has to do what was agreed, for whom."""

    RESPONDENT = "respondent", "对方付给、做给申请人"
    APPLICANT = "applicant", "申请人付给、做给对方"


class Standing(Labelled):
    """Whether it is done."""

    DONE = "done", "当场已经办好"
    LATER = "later", "说好以后办"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement(Command):
    """What is asked of both, in the order of the page."""

    label: ClassVar[str] = "一页办结"
    about: Grievance = choice("为什么事")
    matter: Text = text("事情经过", longest=1000, disclosure=JOINT, default=MISSING)
    told: bool = flag("开始前，权利义务已经讲给双方听")
    together: bool = flag("双方都在场，当面一起谈的")
    willing: bool = flag("双方都自愿来调解")
    no_paper: bool = flag("双方都说不用写协议书")
    agreed: Text = text("怎么谈成的", longest=1000, disclosure=JOINT, default=MISSING, help="谁做什么，一句话写清楚")
    amount: int | None = money("多少钱", default=None, help="不涉及钱的空着")
    debtor: Debtor = choice("谁付给谁", default=Debtor.RESPONDENT)
    standing: Standing = choice("办好了没有")
    due: date | None = day("最晚哪天办好", default=None, help="以后办的才填")
    in_zone: bool = flag("发生在开发区范围", default=True)
    source: Source = choice("怎么来的", default=Source.APPLICATION)


ASKED = {
    "about": "请选一项",
    "matter": "请写几句：谁和谁，为了什么",
    "agreed": "请写一句：谁做什么、付多少",
    "standing": "请选一项：当场办好了，还是说好以后办",
}
"""What is said where something has to be answered and is not."""
FOLDED = ("in_zone", "source")
"""What is seldom otherwise, and folded away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A line for one of the two."""

    place: str
    label: str
    name: str
    kind: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a form comes to, sound: the orders in turn, who is new, and what stands open after them."""

    orders: tuple[Order, ...]
    people: tuple[tuple[Person, Details], ...]
    is_written_next: bool
    """Whether it has to be put in writing now."""


@dataclass(frozen=True, kw_only=True)
class SettlementForm:
    """The form as it was filled in. Made with `of`, and never changed."""

    sheet: Sheet
    faults: Faults

    @classmethod
    def of(cls, typed: Typed) -> SettlementForm:
        """The form as it was filled in."""
        return cls(sheet=Sheet.of(Settlement, typed), faults={})

    @classmethod
    def begun(cls) -> SettlementForm:
        """An empty one, with an id of its own: sent twice, it is one case."""
        typed = MultiDict({ID: new_id(system_randomness, 16)})
        for place in SIDES:
            typed[f"{place}.kind"] = PartyKind.PERSON.value
        return cls(sheet=Sheet.of(Settlement, typed).begun(), faults={})

    def wrong(self, faults: Faults) -> SettlementForm:
        """The same with what is wrong, by the name of the control."""
        return replace(self, faults=faults, sheet=self.sheet.with_faults(faults))

    def renumbered(self) -> SettlementForm:
        """The same as another case."""
        return replace(self, sheet=self.sheet.renumbered())

    # -- what is asked

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    @property
    def asked(self) -> dict[str, Asked]:
        """The fields, by name."""
        return {a.spec.name: a for a in self.sheet.fields}

    @property
    def named(self) -> list[Named]:
        """The lines for the two who were at odds."""
        said = self.typed
        return [
            Named(
                place=place,
                label="申请人" if side is Side.APPLICANT else "对方",
                name=said.get(f"{place}.name", ""),
                kind=said.get(f"{place}.kind", PartyKind.PERSON.value),
                phone=said.get(f"{place}.phone", ""),
            )
            for place, side in SIDES.items()
        ]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """What somebody can be."""
        return [(kind.value, kind.label) for kind in KINDS]

    @property
    def is_told_besides(self) -> bool:
        """Whether something stands in what is folded away that is not usual."""
        usual = not self.typed.get(WHEN, "").strip()
        source = self.typed.get(f"{PREFIX}source", "") == Source.APPLICATION.value
        return not (usual and source) or any(self.faults.get(PREFIX + n) for n in FOLDED) or WHEN in self.faults

    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong, in the order of the page."""
        places = [(f"{it.place}.{part}", it.label) for it in self.named for part in ("name", "phone")]
        found = [(place, label, s) for place, label in places for s in self.faults.get(place, ())]
        return [*found, *self.sheet.summary()]

    # -- read

    def read(self, workflow: Workflow, actor: Actor, office: Office, today: date, most: int) -> Made:
        """What it comes to; `most` is up to which sum a dispute is small. FormFaults.

        All ids come from that of the form: sent again, it is the same case.
        """
        faults, occurred = dict[str, list[str]](), None
        id = self.typed.get(ID, "")[:40]
        if len(id) < 8:
            faults[ID] = ["这张表不完整，请重新打开"]
        randomness = bytes_from(actor.organisation, id)
        case = new_case_id(randomness)
        people = [self._person(it, randomness, faults) for it in self.named]
        try:
            occurred = happened(self.typed, today)
        except FormFaults as fault:
            faults |= {name: list(said) for name, said in fault.faults.items()}
        made: Settlement | None = None
        try:
            made = self.sheet.read(str)
        except FormFaults as fault:
            faults |= {name: list(said) for name, said in fault.faults.items()}
            empty = (name for name in ASKED if not self.typed.get(PREFIX + name, "").strip())
            faults |= {PREFIX + name: [ASKED[name]] for name in empty}
        faults |= {PREFIX + name: [said] for name, said in self._unticked()}
        if made is not None:
            faults |= {PREFIX + name: [said] for name, said in _unfit(made, _day_of(occurred, today), most)}
        if faults or made is None:
            raise FormFaults(faults)
        rows = tuple(
            PartyRow(person=person.id, side=side, kind=person.kind)
            for (person, _), side in zip(people, SIDES.values(), strict=True)
        )
        steps = _Steps(made, rows, workflow.name, actor, office, occurred, today)
        orders = tuple(
            replace(order, id=f"{id}.{n}", case=case, occurred=occurred) for n, order in enumerate(steps.orders(), 1)
        )
        is_written_next = made.standing is Standing.LATER and steps.labour
        return Made(orders=orders, people=tuple(people), is_written_next=is_written_next)

    def _unticked(self) -> Iterator[tuple[str, str]]:
        """What both must have said before it can be done so."""
        about = Grievance.named(self.typed.get(f"{PREFIX}about", ""))
        if not self.typed.get(f"{PREFIX}willing"):
            yield "willing", "调解要双方自愿：问过双方再打勾；有一方不愿意的，不能这样办"
        if not self.typed.get(f"{PREFIX}no_paper") and about is not None and not _is_labour(about):
            yield "no_paper", "有一方要写协议书的，就要写：请改用“登记”，再拟定协议书；都说不用写的，请打勾"

    def _person(self, it: Named, randomness: Randomness, faults: dict[str, list[str]]) -> tuple[Person, Details]:
        kind = PartyKind.named(it.kind)
        kind = kind if kind in KINDS else PartyKind.PERSON
        person = Person(id="", name="", kind=kind)
        try:
            person = someone(f"{it.place}.name", it.name.strip(), kind, randomness)
        except FormFaults as fault:
            faults[f"{it.place}.name"] = fault.sentences if it.name.strip() else ["请填写姓名或单位名称"]
        phone = it.phone.strip()
        if not phone:
            return person, DETAILS[kind]()
        read = read_phone(phone)
        if read.fault or not read.number:
            faults[f"{it.place}.phone"] = [read.fault or "电话号码不对，请再看一遍；不知道的空着"]
            return person, DETAILS[kind]()
        phones = (Phone(number=Text(str(read.number))),)
        is_firm = kind is PartyKind.ENTERPRISE
        return person, EnterpriseDetails(phones=phones) if is_firm else PersonDetails(phones=phones)


def _unfit(it: Settlement, settled: date, most: int) -> Iterator[tuple[str, str]]:
    """What does not fit together, by the name of the field."""
    if it.amount == 0:
        yield "amount", "不能是0；不涉及钱的，空着不填"
    if it.amount is not None and it.amount > most:
        yield "amount", f"超过{money_words(most)}的不算简易纠纷（本室规定），请改用“登记”，按一般的案件办"
    if it.standing is Standing.LATER and it.due is None:
        yield "due", "说好以后办的，请写明最晚哪天"
    if it.standing is Standing.LATER and it.due is not None and it.due < settled:
        yield "due", "不能早于谈成的那天"
    if it.standing is Standing.DONE and it.due is not None:
        yield "due", "当场已经办好的，这里空着；还没有办好的，上面选“说好以后办”"


def _is_labour(about: Grievance) -> bool:
    return not usual_track(DISPUTE_OF[about]).oral_allowed


def _day_of(occurred: Occurred | None, today: date) -> date:
    return (occurred.last_day() if occurred else None) or today


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps of the case, each as it is told to the door; their ids, time and case are put in after."""

    it: Settlement
    rows: tuple[PartyRow, ...]
    workflow: str
    actor: Actor
    office: Office
    occurred: Occurred | None
    today: date

    @property
    def labour(self) -> bool:
        """Whether the law wants it in writing: what is not done on the spot is then no agreement yet."""
        return _is_labour(self.it.about)

    def orders(self) -> Iterator[Order]:
        """In the order in which they happened."""
        yield self._step(self._registered(), workflow=self.workflow)
        if self.office is Office.LEAD:  # a mediator who takes a matter down handles it already
            yield self._step(TakeCase())
        yield self._step(RecordConsent(), *BOTH)
        yield self._step(AcceptCase(), office=Office.LEAD)
        if self.it.told:
            yield self._step(TellRights(), *BOTH)
        if self.it.together:
            talked = RecordSession(attended=BOTH, result=SessionResult.SETTLED, minutes=self.it.agreed)
            yield self._step(talked)
        yield self._step(ReachAgreement(terms=(self._term(),), amount=self.it.amount))
        if not self.labour:
            yield self._step(WaivePaper(waived_by=BOTH), AGREEMENT)
            yield self._step(AdoptOrally(), AGREEMENT)
        if self.it.standing is Standing.DONE:
            yield from self._performed()
            yield self._step(DeclareListComplete(), APPLICANT)
            yield self._step(CloseAsPerformed())

    def _performed(self) -> Iterator[Order]:
        """That it was done on the spot: in labour that alone counts, since nothing is in writing."""
        payer, payee = self._who()
        if self.it.amount is not None:
            paid = RecordPayment(amount=self.it.amount, payer=payer, payee=payee)
            of = replace(paid, agreement=AGREEMENT) if self.labour else replace(paid, obligation=DUTY)
            yield self._step(of)
        elif not self.labour:
            yield self._step(RecordPerformance(), DUTY)
        if self.labour:
            yield self._step(ReportPerformance(extent=Extent.ALL), AGREEMENT)

    def _registered(self) -> RegisterCase:
        dispute = DISPUTE_OF[self.it.about]
        return RegisterCase(
            named=self.rows,
            track=usual_track(dispute).code,
            dispute=dispute,
            matter=self.it.matter,
            source=self.it.source,
            in_zone=self.it.in_zone,
            organisation=self.actor.organisation,
        )

    def _term(self) -> Term:
        payer, payee = self._who()
        due = self.it.due if self.it.standing is Standing.LATER else _day_of(self.occurred, self.today)
        kind = TermKind.ACT if self.it.amount is None else TermKind.PAY
        return Term(words=self.it.agreed, kind=kind, payer=payer, payee=payee, amount=self.it.amount, due=due)

    def _who(self) -> tuple[str, str]:
        """Who has to do it, and for whom."""
        return (APPLICANT, RESPONDENT) if self.it.debtor is Debtor.APPLICANT else (RESPONDENT, APPLICANT)

    def _step(self, command: Command, *on: str, office: Office | None = None, workflow: str = "") -> Order:
        return Order(
            id="",
            case="",
            command=command,
            actor=self.actor.id,
            office=office or self.office,
            on=on,
            workflow=workflow,
        )
