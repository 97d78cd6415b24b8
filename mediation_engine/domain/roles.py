"""Who acts: the offices of the staff and the people who hold them (default matrix: policy)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from .labels import Labelled


class Office(Labelled):
    """A right to act: of the host's staff, of a party's representative, of the visitor one visit was entrusted to, of
    whoever applies; of the committee of an enterprise; of the worker, which is nobody."""

    MEDIATOR = "mediator", "调解员"
    LEAD = "lead", "室主任"
    AUDITOR = "auditor", "核查员"
    ADMINISTRATOR = "administrator", "管理员"
    GRID_WORKER = "grid_worker", "网格员"
    REPRESENTATIVE = "representative", "当事人代表"
    VISITOR = "visitor", "走访人"
    APPLICANT = "applicant", "申请人"
    COMMITTEE = "committee", "企业调委会"
    AUTOMATIC = "automatic", "自动办理"


MEDIATOR = frozenset({Office.MEDIATOR, Office.LEAD})
"""Whoever mediates: a mediator, or the lead, who mediates too."""
LEAD = frozenset({Office.LEAD})
MEDIATOR_OR_VISITOR = MEDIATOR | {Office.VISITOR}
"""Done by a mediator, or by the visitor to whom it was entrusted (`Workflow.authority`)."""
MEDIATOR_OR_WORKER = MEDIATOR | {Office.AUTOMATIC}
"""Done by a mediator, or in time by the worker of itself."""
WORKER = frozenset({Office.AUTOMATIC})
"""Done by the worker alone: what somebody ordered elsewhere, or became of something elsewhere."""
MEDIATOR_OR_APPLICANT = MEDIATOR | {Office.APPLICANT}
"""Done by who applies, for himself, or typed by a mediator for who stands at the window."""
MEDIATOR_OR_COMMITTEE = MEDIATOR | {Office.COMMITTEE}
"""Done by the committee of an enterprise for itself, or typed by a mediator from its paper."""
MEDIATOR_OR_GRID_WORKER = MEDIATOR | {Office.GRID_WORKER}
"""Done by a mediator, or by a grid worker with what is his own (`Workflow.barred`)."""
OWN_ONLY = frozenset({Office.GRID_WORKER})
"""Offices under which somebody sees only what he reported and what was given to him (`CaseFacts.concerns`)."""
PARTY = frozenset({Office.REPRESENTATIVE})
PARTY_OR_MEDIATOR = MEDIATOR | PARTY
"""An act of a party: done by its representative, or written down for it by the mediator."""

# Separation of duties: one person never holds both offices of a pair (domain §4.4: an auditor reads only).
APART = tuple(
    (Office.AUDITOR, other)
    for other in (
        *(Office.MEDIATOR, Office.LEAD),
        *(Office.GRID_WORKER, Office.REPRESENTATIVE, Office.VISITOR, Office.APPLICANT, Office.COMMITTEE),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One of the parties to a joint consultation (五方): a plug-in, found by entry point, never an enumeration."""

    code: str
    label: str
    help: str = ""
    bodies: tuple[str, ...] = ()
    """Well-known bodies that take this seat."""
    can_host: bool = False
    can_give_opinion: bool = True
    can_sign: bool = False
    is_disputant_side: bool = False
    needs_consent: bool = True
    """Whether the disputants must agree to its joining (人民调解法 第20条; for public organs this is policy)."""
    counts_for_quorum: bool = True
    public_organ: bool = False
    sees_private: bool = False
    owes_confidentiality: bool = True


class LeadAct(Labelled):
    """An act of the lead that a substitute may do (代行职务)."""

    ACCEPT = "accept", "受理"
    ACCEPT_SMALL = "accept_small", "受理简易纠纷"
    SEAL = "seal", "用印"
    TERMINATE = "terminate", "终止"
    SUSPEND = "suspend", "中止"
    WAIVE = "waive", "变通"


class RoleBook:
    """The roles that are installed, in order. A second role of the same code, or one without a label, is refused."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles: dict[str, Role] = {}
        for role in roles:
            if not role.label or not role.code.isidentifier():
                raise ValueError(f"role {role.code!r}: needs an identifier as its code, and a label")
            if role.code in self.roles:
                raise ValueError(f"role {role.code!r} is installed twice")
            self.roles[role.code] = role

    def __iter__(self) -> Iterator[Role]:
        return iter(self.roles.values())


class Level(Labelled):
    """The levels of the tree, the lowest first: a dispute is raised at one and settled at one (矛盾不上交)."""

    ENTERPRISE = "enterprise", "企业"
    VILLAGE = "village", "村社"
    DISTRICT = "district", "片区"
    ZONE = "zone", "开发区、镇街"
    BEYOND = "beyond", "法庭、仲裁"


def is_above(one: Level, other: Level) -> bool:
    """Whether a level is higher up than another; enterprises and villages are at one height."""
    height = {Level.VILLAGE: Level.ENTERPRISE}
    order = list(Level)
    return order.index(height.get(one, one)) > order.index(height.get(other, other))


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A node of the tree 开发区 → 片区 → 村、企业; `kind` is its legal nature, which fits some tracks only."""

    id: str
    name: str
    short_name: str
    """As it stands in case numbers: 永开."""
    kind: str
    parent: str | None = None
    level: Level | None = None
    """None where nobody has said."""
    since: date | None = None
    """The day on which it was set up; None where that is not known: then it always was."""
    until: date | None = None
    """The day on which it was dissolved."""
    contact: str | None = None
    """Who answers for it: an id in the register of people."""

    def is_active(self, day: date) -> bool:
        """Whether it is set up and not dissolved on a civil day in China."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Someone who gives orders: staff of an organisation, or a party's representative."""

    id: str
    """Of a representative it is the id of the person in the register, as a capacity names it."""
    name: str
    organisation: str
    offices: frozenset[Office] = field(default_factory=frozenset)
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """That a mediator does some acts in the place of the lead, on some days."""

    id: str
    organisation: str
    actor: str
    """The substitute."""
    acts: frozenset[LeadAct]
    first: date
    last: date
    """The last day in China on which it stands, whole."""
    named_by: str
    """The lead who named the substitute."""
    ended: datetime | None = None
    """When it was taken back before its last day was over."""

    @property
    def is_at_desk(self) -> bool:
        """Whether who holds it sits in the lead's place; a standing leave to accept small disputes does no more."""
        return not self.acts <= {LeadAct.ACCEPT_SMALL}

    def stands(self, day: date) -> bool:
        """Whether it stands on a civil day in China."""
        return self.ended is None and self.first <= day <= self.last

    def standing(self, day: date) -> str:
        """How it stands on a day, in a word."""
        if self.ended is not None:
            return "已收回"
        return "未到" if day < self.first else "已到期" if day > self.last else "代行中"


def standing_for(substitutions: Iterable[Substitution], actor: Actor, day: date) -> list[Substitution]:
    """By which substitutions somebody stands in for the lead of his own organisation on a day."""
    able = actor.active and Office.MEDIATOR in actor.offices
    return [
        s
        for s in substitutions
        if able and s.stands(day) and (s.actor, s.organisation) == (actor.id, actor.organisation)
    ]


ACTING_LEAD = f"代{Office.LEAD.label}"
"""What a substitute is called who acts under the office of the lead."""


def may_handle(actor: Actor, organisation: str, offices: frozenset[Office] = MEDIATOR) -> bool:
    """Whether somebody may be given a case of an organisation to handle: its own staff under one of some offices."""
    return actor.active and actor.organisation == organisation and not offices.isdisjoint(actor.offices)


def clashing_offices(offices: frozenset[Office]) -> tuple[Office, Office] | None:
    """The first pair of offices one person must not hold together, or None."""
    return next((pair for pair in APART if set(pair) <= offices), None)


OUTSIDERS = frozenset({Office.REPRESENTATIVE, Office.VISITOR, Office.APPLICANT, Office.COMMITTEE})
"""Offices of people without an account: `Workflow.authority` says of each order of theirs whether they may."""
STAFF_OFFICES = tuple(o for o in Office if o not in OUTSIDERS and o is not Office.AUTOMATIC)
"""Offices that an account may hold."""


def offices_of(actor: Actor) -> list[Office]:
    """The offices somebody may sign in under."""
    return [o for o in STAFF_OFFICES if o in actor.offices]
