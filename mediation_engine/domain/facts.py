"""What the lines of a case add up to: parties, issues, blocks, sessions, agreements, obligations, payments, visits.

`Facts` is a plain container of frozen values keyed by machine instance (``agreement/1``). Events replace values in
it; so a shallow copy of the container is a full copy, and a fold can be branched for free. The values are structs,
since a replay makes and replaces them by the hundred thousand.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any

from msgspec import Struct

from ..labels import Labelled
from .fields import Text, count, day, money, person, ref, text
from .fields import choice as choice_field
from .occurred import Occurred


class Side(Labelled):
    """On which side of the dispute a party stands."""

    APPLICANT = "applicant", "申请人"
    RESPONDENT = "respondent", "被申请人"
    RELATED = "related", "关系人"


class PartyKind(Labelled):
    """What kind of subject a party is."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "单位"
    GROUP = "group", "群体"


class AgreementForm(Labelled):
    """人民调解法 第28条: on paper, or oral where the parties see no need for paper."""

    WRITTEN = "written", "书面"
    ORAL = "oral", "口头"


class SigningManner(Labelled):
    """How a party confirms a text (人民调解法 第29条; 劳动争议调解仲裁法 第14条 has no fingerprint)."""

    SIGNATURE = "signature", "签名"
    SEAL = "seal", "盖章"
    FINGERPRINT = "fingerprint", "按指印"
    UNREPORTED = "unreported", "未报告"


class Presence(Labelled):
    """How a seat at the table was filled (policy: a role is present, gives its opinion in writing, or is excused)."""

    PRESENT = "present", "到会"
    WRITTEN = "written", "书面意见"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"


class TermKind(Labelled):
    """What a term of an agreement asks for; the last three outlive the closing of a case."""

    PAY = "pay", "付款"
    ACT = "act", "履行行为"
    CONTINUING = "continuing", "持续性义务"
    CONTINGENT = "contingent", "附条件义务"
    ABSTAINING = "abstaining", "不作为义务"


OUTLIVING = frozenset({TermKind.CONTINUING, TermKind.CONTINGENT, TermKind.ABSTAINING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of an agreement; every part of it but its words may be unreported."""

    words: Text = text("内容", longest=1000, disclosure="joint", default=MISSING)
    kind: TermKind = choice_field("种类", default=TermKind.ACT)
    payer: str | None = ref("义务人", "party", default=None)
    payee: str | None = ref("权利人", "party", default=None)
    amount: int | None = money("金额")
    due: date | None = day("期限")
    formula: Text | None = text("金额算法", longest=200, disclosure="joint", help="金额要另算的写这里，金额留空")
    trigger: Text | None = text("期限以外的触发条件", longest=200, disclosure="joint", help="如伤愈后、农历日期")
    part_of: int | None = count("属于第几条的分期或分担", default=None, help="金额只计最末一级")
    custodian: str | None = person("代收代付人", default=None, help="付款经谁转交；不必是当事人")
    default: Text | None = text("违约后果", longest=500, disclosure="joint")


class Party(Struct, frozen=True, kw_only=True):
    """A disputant: `person` is its id in the register; a group has a head-count, or none where it is unreported."""

    person: str
    side: Side
    kind: PartyKind
    count: int | None = 1
    under_guardianship: bool = False
    """A minor, or somebody without full capacity: a guardian acts (民法典 第19—23条)."""
    told_rights: bool = False
    refuses: tuple[str, ...] = ()
    """The issues it refuses to be mediated on, where it refuses; empty for all."""
    consents: bool | None = None
    """To being mediated: None while nobody has asked or reported."""
    remedy_told: bool = False
    """Told of arbitration, administrative routes and court, or tried to reach (人民调解法 第26条)."""


class Issue(Struct, frozen=True, kw_only=True):
    """A matter in dispute with its own sides; `disposition` says where an unsettled one went."""

    parties: tuple[str, ...]
    matter: Text | None = None
    amount_claimed: int | None = None
    disposition: str | None = None
    settled_by: str | None = None
    past: tuple[str, ...] = ()
    """Agreements it was settled by before it was taken up again."""


class Block(Struct, frozen=True, kw_only=True):
    """Separate talks with one disputant or body; `talks` counts reported contacts, not assumed ones."""

    party: str | None
    """None for bodies, for fact-finding, and where nobody says whom it was with."""
    member: str | None = None
    """The member of the panel whose body it is with."""
    talks: int = 0


class Session(Struct, frozen=True, kw_only=True):
    """A joint session."""

    issues: tuple[str, ...]
    invited: tuple[str, ...]
    attended: tuple[str, ...] = ()
    planned: date | None = None
    result: str | None = None
    held: Occurred | None = None
    times: int | None = 1
    """How many sessions this stands for, where several are reported together; None: several, nobody says how many."""
    counts: bool = True
    """An assumed session counts in no figure."""


class Agreement(Struct, frozen=True, kw_only=True):
    """An agreement and its current text; a new text is a new version and voids what was confirmed before."""

    issues: tuple[str, ...]
    reached: Occurred
    form: AgreementForm | None = None
    text_version: int = 0
    text_hash: str | None = None
    signers: tuple[str, ...] = ()
    """Its own signing parties: those affected by it may be more."""
    terms: tuple[Term, ...] = ()
    amount: int | None = None
    replaces: str | None = None
    mediator_signed: Occurred | None = None
    sealed: Occurred | None = None
    effective: Occurred | None = None
    reported: str | None = None
    """How far it was last reported performed."""

    @property
    def total(self) -> int | None:
        """What is agreed, in 分: as stated, else the sum of its payments; None where a sum is unreported."""
        if self.amount is not None:
            return self.amount
        sums = [t.amount for t in leaves(self.terms)]
        return sum(s for s in sums if s is not None) if sums and None not in sums else None


def leaves(terms: tuple[Term, ...]) -> list[Term]:
    """The payments that are summed: those that no instalment or share belongs to. A custody leg is no term."""
    parents = {t.part_of for t in terms}
    return [t for n, t in enumerate(terms, 1) if t.kind is TermKind.PAY and n not in parents]


class Confirmation(Struct, frozen=True, kw_only=True):
    """One signing party's yes to one text, known by its hash."""

    agreement: str
    text_hash: str
    party: str
    manner: SigningManner | None = None
    occurred: Occurred | None = None
    by_agent: bool = False
    by_guardian: bool = False
    ratified: bool = False
    """By the principal or the guardian, after somebody signed who might not (民法典 第171条)."""
    special_authority: bool = False
    """An agent settles for its principal only with special authority (民法典 第165条; 民事诉讼法 第62条)."""


class Obligation(Struct, frozen=True, kw_only=True):
    """What one term of an effective agreement asks for; a payment through a custodian is two, linked."""

    agreement: str
    term: int
    kind: TermKind
    payer: str | None = None
    payee: str | None = None
    amount: int | None = None
    due: date | None = None
    by_record: bool = False
    """Performance was recorded as such, and does not rest on the ledger alone."""
    custodian: str | None = None
    """Who takes the money from the payer and hands it to the payee (id in the register); None without custody."""
    waits_for: str | None = None
    """On the leg from the custodian to the payee: the leg from the payer to the custodian. Same money, never added."""

    @property
    def into_custody(self) -> bool:
        """Whether this is the leg from the payer to the custodian."""
        return self.custodian is not None and self.waits_for is None


class Payment(Struct, frozen=True, kw_only=True):
    """Money that moved: the ledger beside the obligations; may come before any paper, undated or without a sum."""

    agreement: str | None
    obligation: str | None
    payer: str | None
    payee: str | None
    amount: int | None
    occurred: Occurred


class Visit(Struct, frozen=True, kw_only=True):
    """A follow-up visit: planned for a day, then made or not; attempts that reached nobody are counted."""

    agreement: str | None = None
    party: str | None = None
    due: date | None = None
    made: Occurred | None = None
    attempts: int = 0


class Member(Struct, frozen=True, kw_only=True):
    """Somebody with a seat at the joint consultation, for a role; `stand_in` sits for it until a day."""

    role: str
    person: str
    agreed_by: tuple[str, ...] = ()
    stand_in: str | None = None
    stand_in_until: date | None = None
    conflict: str | None = None
    """What it has disclosed that may touch its fairness; None for nothing."""
    accepted_by: tuple[str, ...] = ()
    """The parties that, informed of it, agree to its taking part."""


class Extension(Struct, frozen=True, kw_only=True):
    """Until when some parties have agreed that the talks may go on."""

    until: date
    agreed_by: tuple[str, ...] = ()


class Cohort(Struct, frozen=True, kw_only=True):
    """Claimants counted together: exactly, about, or not at all; `outcome` where they ended."""

    party: str
    count: int | None = None
    about: bool = False
    outcome: str | None = None


class RoleRule(Struct, frozen=True):
    """What an installed role needs, as it was when the case was opened."""

    code: str
    needs_consent: bool
    counts_for_quorum: bool
    public_organ: bool = False
    """Asking the disputants about a public organ is policy; 人民调解法 第20条 speaks of others."""


class Proceeding(Struct, frozen=True, kw_only=True):
    """What a court, an arbitration body or another organ does about an agreement or the dispute."""

    kind: str
    agreement: str | None
    filed: Occurred | None = None
    result: str | None = None
    """The state it ended in."""
    effect: str | None = None
    """What a decision does to the agreement."""
    decided: Occurred | None = None


@dataclass
class Facts:
    """All facts of one case. Only `Event.apply` changes it, and only on the fold's own copy."""

    organisation: str = ""
    host_kind: str = ""
    """Legal nature of the organisation when the case was opened."""
    track: str = ""
    dispute: str = ""
    source: str = ""
    reference: str | None = None
    """Where it comes from outside: a report, a police alert."""
    number: str | None = None
    registered: Occurred | None = None
    accepted: Occurred | None = None
    elsewhere: str = ""
    """A body that has accepted or decided the same matter (若干规定 第22条); '' for none."""
    sent_by_it: bool = False
    elsewhere_over: bool = False
    """Whether that body ended without result, or decides another question."""
    announced: tuple[Any, ...] = ()
    """Parties named at registration who have not joined yet: consequences of the same order bring them in."""
    reopened: tuple[str, ...] = ()
    """Issues taken up again whose instances have not moved yet."""
    closed: str | None = None
    """How the case was closed; None while it is open."""
    closed_before: str | None = None
    """How it was closed before it was taken up again."""
    reopened_at: int = 0
    """The case version at which that was; 0 where it never was."""
    grade: str = ""
    """简单、一般、疑难、重大; '' while ungraded."""
    in_zone: bool = False
    assigned: bool = False
    """Assigned by a superior (上级交办)."""
    weighty: bool = False
    """Of great impact and hard to resolve."""
    list_complete: bool = True
    """Whether the list of claimants has been declared complete; only cohorts open it."""
    apart_since: int = 0
    """How many joint sessions had been held when the talks last went apart."""
    predecessor: str | None = None
    """The case this one follows on."""
    amount_claimed: int | None = None
    roles: dict[str, RoleRule] = field(default_factory=dict)
    visit_days: tuple[int, ...] = ()
    """Days after effect on which visits fall due: the policy in force when the case was opened."""
    parties: dict[str, Party] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    """Organisations (ids) the case was handed over to."""
    members: dict[str, Member] = field(default_factory=dict)
    extensions: dict[str, Extension] = field(default_factory=dict)
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    confirmations: dict[str, Confirmation] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    proceedings: dict[str, Proceeding] = field(default_factory=dict)

    def sessions_held(self) -> int:
        """How many joint sessions are on record, those only assumed left out."""
        return sum(1 for s in self.sessions.values() if s.held is not None and s.counts)

    def copy(self) -> Facts:
        """An independent copy: the containers are copied, the frozen values in them shared."""
        twin = Facts.__new__(Facts)
        twin.__dict__.update(self.__dict__)
        for name in _CONTAINERS:
            twin.__dict__[name] = self.__dict__[name].copy()
        return twin


_CONTAINERS = tuple(f.name for f in fields(Facts) if f.default_factory is dict)
