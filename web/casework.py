"""What a case consists of, in words: its phases, parties, issues, sessions, agreements and all that hangs on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mediation_engine.codec import read_event
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.facts import Agreement, Obligation, Presence, Side, Term
from mediation_engine.domain.line import Line
from mediation_engine.domain.workflow import Workflow
from mediation_engine.labels import day_words, money_words
from mediation_engine.telling import HIDDEN, Teller
from workflows.common_2026.questions import paid_on

from .reading import party_of
from .seeing import is_joint
from .words import sum_words

Pair = tuple[str, str]
"""A label and what stands behind it."""
LATE = frozenset(
    {"breached", "blocked", "refusing", "raised", "disputed", "declined", "void", "abandoned", "dismissed"}
)
"""States (codes) that want somebody's eye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A phase on the way of a case."""

    label: str
    stands: str
    """done | now | next"""
    state: str = ""
    rounds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing of a case."""

    key: str
    title: str
    state: str
    tone: str = ""
    facts: Sequence[Pair] = ()
    seats: Sequence[Pair] = ()
    """Who of the five took part, and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A term, and how far it is performed."""

    number: int
    words: str
    facts: Sequence[Pair]
    states: Sequence[tuple[str, str]]
    """Words and tone, one for each obligation it has made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An agreement with its terms, signatures and payments."""

    card: Card
    terms: Sequence[TermRow]
    signatures: Sequence[Card]
    payments: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Cards of one kind under a heading; `without` says what to do where there are none."""

    id: str
    title: str
    cards: Sequence[Card]
    without: str = ""


@dataclass
class Casework:
    """Reads one case for one reader; with `joint`, for a screen that everybody looks at."""

    case: Case
    workflow: Workflow | None
    teller: Teller
    lines: Sequence[Line]
    joint: bool = False
    _of: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for line in self.lines:
            self._of[line.instance].append(line)

    # -- where it stands

    def rail(self) -> Iterator[Stage]:
        """The phases in order: been through, the present one, those it can be handed on to from here."""
        case, workflow = self.case, self.workflow
        ahead = _ahead(workflow, machine_of(case.phase)) if workflow else set()
        for phase in workflow.phases if workflow else ():
            rounds = case.counts.get(phase.name, 0)
            if not rounds and phase.name not in ahead:
                continue
            is_now = phase.name == machine_of(case.phase)
            state = phase.label_of(case.state(case.phase)) if is_now else ""
            stands = "now" if is_now else "done" if rounds else "next"
            yield Stage(label=phase.label, stands=stands, state=state, rounds=rounds)

    def open_things(self) -> list[Section]:
        """What the case waits for, kind by kind."""
        keys = self.workflow.open_parts(self.case) if self.workflow else []
        shown: dict[str, list[Card]] = defaultdict(list)
        for key in filter(self._shows, keys):
            shown[machine_of(key)].append(self._waiting(key))
        machines = self.workflow.machines if self.workflow else {}
        return [Section(id=name, title=machines[name].label, cards=cards) for name, cards in shown.items()]

    def _waiting(self, key: str) -> Card:
        party = party_of(self.case, key)
        about = f"（{self.teller.thing(party)}）" if party else ""
        return self._card(key, title=self.teller.thing(key) + about, facts=[*self._due(key)])

    def _due(self, key: str) -> Iterator[Pair]:
        facts = self.case.facts
        dated = facts.obligations.get(key) or facts.visits.get(key)
        if dated is not None and dated.due is not None:
            yield "期限", day_words(dated.due)

    # -- who and what about

    def sides(self) -> list[tuple[str, list[Card]]]:
        """The parties, by side."""
        found = [(side.label, [c for k, c in self._parties(side)]) for side in Side]
        return [(label, cards) for label, cards in found if cards]

    def _parties(self, side: Side) -> Iterator[tuple[str, Card]]:
        for key, party in self.case.facts.parties.items():
            if party.side is side:
                count = "人数未报告" if party.count is None else f"{party.count}人" if party.count > 1 else ""
                kind = "、".join(w for w in (party.kind.label, count) if w)
                told = [
                    w
                    for has, w in (
                        (party.told_rights, "已告知权利义务"),
                        (party.consents, "同意调解"),
                        (party.remedy_told, "已告知其他救济途径"),
                        (party.under_guardianship, "由法定代理人代理"),
                    )
                    if has
                ]
                yield key, self._card(key, facts=[("", kind), *([("", "，".join(told))] if told else [])])

    def issues(self) -> list[Card]:
        """The matters in dispute."""
        return [self._card(key, facts=list(self._issue(key))) for key in self.case.facts.issues]

    def _issue(self, key: str) -> Iterator[Pair]:
        issue = self.case.facts.issues[key]
        yield "涉及", "、".join(map(self.teller.thing, issue.parties))
        if issue.amount_claimed is not None:
            yield "请求金额", sum_words(issue.amount_claimed)
        yield from (pair for pair in self.written(key) if pair[0] != "涉及的当事人")
        if issue.settled_by:
            yield "解决于", self.teller.thing(issue.settled_by)

    # -- sessions and the rest

    def sections(self) -> Iterator[Section]:
        """Everything else that there is, kind by kind."""
        yield Section(id="sessions", title="会议", cards=self._sessions(), without="还没有开过会。")
        kinds = (
            ("member", "会诊成员", ""),
            ("block", "分头沟通", "还没有分别谈过。"),
            ("visit", "走访", ""),
            ("proceeding", "司法、仲裁等程序", ""),
            ("risk", "激化风险", ""),
            ("suspension", "中止与延期", ""),
            ("extension", "延长期限", ""),
            ("cohort", "申请人批次", ""),
            ("host", "主办与协办", ""),
            ("attempt", "此前的调解", ""),
            ("grading", "等级与程序", ""),
        )
        for kind, title, without in kinds:
            keys = [key for key in self.case.of(kind) if self._shows(key)]
            hidden = self.joint and not is_joint(kind)
            if keys or (without and not hidden):
                yield Section(id=f"{kind}s", title=title, cards=[self._generic(k) for k in keys], without=without)

    def _sessions(self) -> list[Card]:
        return [
            self._card(key, title=self.teller.numbered(key), facts=list(self._met(key)), seats=list(self._seats(key)))
            for key in self.case.facts.sessions
        ]

    def _met(self, key: str) -> Iterator[Pair]:
        session = self.case.facts.sessions[key]
        if session.held:
            yield "召开时间", session.held.words()
        came = session.attended if session.held else session.invited
        if came:
            yield ("到场" if session.held else "邀请"), "、".join(map(self.teller.thing, came))
        skipped = {"会诊成员到会情况", "到场的当事人", "请哪些当事人"}
        yield from (pair for pair in self.written(key) if pair[0] not in skipped)

    def _seats(self, key: str) -> Iterator[Pair]:
        """The five parties at the table, one by one; none where nobody wrote down who came."""
        rows = [row for line in self._of[key] for row in getattr(self._given(line), "attendance", ())]
        if not rows:
            return
        attended = self.case.facts.sessions[key].attended
        for role in self.case.facts.roles.values():
            own = [row for row in rows if self.case.facts.members[row.member].role == role.code]
            words = "；".join(self._seat(row) for row in own)
            if role.code == "disputants":
                words = "、".join(map(self.teller.thing, attended)) or words
            yield self.teller.names.get(role.code, role.code), words or "没有记录"

    def _seat(self, row: Any) -> str:
        member = self.case.facts.members[row.member]
        name = self._name(member.person, row.member)
        presence = row.presence.label if isinstance(row.presence, Presence) else ""
        said = [v for label, v in self.teller.details(row) if label in ("意见", "请假或缺席原因") and v != HIDDEN]
        return f"{name}　{presence}{'（代理成员）' if row.by_stand_in else ''}" + "".join(f"：{v}" for v in said)

    def _generic(self, key: str) -> Card:
        facts = self.case.facts
        about: list[Pair] = []
        if key in facts.blocks:
            block = facts.blocks[key]
            asked = block.party or block.member
            with_whom = self.teller.thing(asked) if asked else "有关方面"
            about = [("对象", with_whom), ("谈过", f"{block.talks}次")]
        told = [] if key in facts.blocks else self.written(key)
        if key in facts.members:
            name = self._name(facts.members[key].person, key)
            return self._card(key, title=name, facts=[pair for pair in told if pair[1] != name])
        return self._card(key, title=self.teller.numbered(key), facts=[*about, *self._due(key), *told])

    def _name(self, person: str, key: str) -> str:
        return self.teller.names.get(person, self.teller.numbered(key))

    # -- agreements

    def papers(self) -> list[Paper]:
        """The agreements, the newest first."""
        return [self._paper(key, held) for key, held in reversed(self.case.facts.agreements.items())]

    def _paper(self, key: str, held: Agreement) -> Paper:
        facts = self.case.facts
        signed = [k for k, c in facts.confirmations.items() if c.agreement == key]
        owed = {k for k, o in facts.obligations.items() if o.agreement == key}
        paid = [k for k, p in facts.payments.items() if p.agreement == key or p.obligation in owed]
        return Paper(
            card=self._card(key, title=self.teller.numbered(key), facts=list(self._agreed(key, held))),
            terms=[self._term(key, number, term) for number, term in enumerate(held.terms, 1)],
            signatures=[self._signature(k) for k in signed],
            payments=[self._payment(k) for k in paid],
        )

    def _agreed(self, key: str, held: Agreement) -> Iterator[Pair]:
        yield "总额", sum_words(held.total) if held.total is not None else "没有写明金额"
        for label, when in (
            ("谈妥", held.reached),
            ("调解员签名", held.mediator_signed),
            ("盖章", held.sealed),
            ("生效", held.effective),
        ):
            if when is not None:
                yield label, when.words()
        if held.form is not None:
            yield "形式", held.form.label
        if held.replaces:
            yield "替代", self.teller.thing(held.replaces)
        skipped = {"协议条款", "协议总金额", "签署的当事人", "替代哪份协议"}
        yield from (pair for pair in self.written(key) if pair[0] not in skipped)

    def _term(self, agreement: str, number: int, term: Term) -> TermRow:
        told = dict(self.teller.details(term))
        words = told.pop("内容", "")
        if term.amount is not None:
            told["金额"] = sum_words(term.amount)
        owed = [k for k, o in self.case.facts.obligations.items() if (o.agreement, o.term) == (agreement, number)]
        return TermRow(
            number=number,
            words=words,
            facts=[pair for pair in told.items() if not (self.joint and pair[1] == HIDDEN)],
            states=[(self._performed(k, self.case.facts.obligations[k]), self._tone(k)) for k in owed],
        )

    def _performed(self, key: str, owed: Obligation) -> str:
        words = self._state(key)
        if owed.custodian:
            words = f"{'付给代收人' if owed.into_custody else '转交权利人'}：{words}"
        paid = paid_on(self.case, key)
        return f"{words}，已付 {money_words(paid)}" if paid else words

    def _signature(self, key: str) -> Card:
        held = self.case.facts.confirmations[key]
        facts = [("", held.manner.label)] if held.manner else []
        facts += [("", held.occurred.words())] if held.occurred else []
        return self._card(key, title=self.teller.thing(held.party), facts=facts)

    def _payment(self, key: str) -> Card:
        held = self.case.facts.payments[key]
        amount = sum_words(held.amount) if held.amount is not None else "金额未报告"
        ways = [self.teller.thing(k) for k in (held.payer, held.payee) if k]
        facts = [("", held.occurred.words()), *([("", " 付给 ".join(ways))] if len(ways) > 1 else [])]
        return self._card(key, title=amount, facts=facts)

    # -- in words

    def written(self, key: str) -> list[Pair]:
        """What was filled in about an instance, the latest of each kind."""
        told: dict[str, str] = {}
        for line in self._of[key]:
            given = self._given(line)
            told |= dict(self.teller.details(given)) if given else {}
        return [pair for pair in told.items() if not (self.joint and pair[1] == HIDDEN)]

    def _given(self, line: Line) -> Any:
        kind = self.workflow.events.get(line.event) if self.workflow else None
        event = read_event(kind, line) if kind else None
        return event.given if event else None

    def _card(self, key: str, *, title: str = "", facts: Sequence[Pair] = (), seats: Sequence[Pair] = ()) -> Card:
        named = title or self.teller.thing(key)
        return Card(key=key, title=named, state=self._state(key), tone=self._tone(key), facts=facts, seats=seats)

    def _state(self, key: str) -> str:
        return self.teller.state(key, self.case.state(key))

    def _tone(self, key: str) -> str:
        if self.case.state(key) in LATE:
            return "late"
        machine = self.workflow.machines.get(machine_of(key)) if self.workflow else None
        return "" if machine is None or self.case.state(key) in machine.done else "now"

    def _shows(self, key: str) -> bool:
        return not self.joint or is_joint(key)


def _ahead(workflow: Workflow, phase: str) -> set[str]:
    """The phases that handoffs lead to from one, step by step."""
    found, new = set[str](), {phase}
    while new:
        ends = {end for name in new for end in workflow.machines[name].final}
        new = {to for end, to in workflow.handoffs.items() if end in ends and to} - found
        found |= new
    return found
