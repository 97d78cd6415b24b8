"""What became of a case between two of its versions: which states and facts are others now, and that in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from msgspec import NODEFAULT, Struct, structs

from .domain.case import Case, machine_of
from .domain.facts import Facts
from .domain.fields import fields_of
from .domain.occurred import Occurred
from .domain.workflow import Workflow
from .labels import Labelled, day_words, money_words
from .sealing import TextRef
from .telling import HIDDEN, Teller

STATE = "state"
NOTHING = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is another than it was; `key` None: of the case as a whole. None: there was, or is, nothing."""

    key: str | None
    field: str
    """``state``, or the name of a fact: ``grade``, ``agreements.amount``."""
    before: Any
    after: Any


def changes(before: Case, after: Case) -> list[Change]:
    """What differs between two folds, states first; nothing is asked of anything but these two."""
    return [*_states(before, after), *_facts(before.facts, after.facts)]


def _states(before: Case, after: Case) -> Iterator[Change]:
    for key in dict.fromkeys((*before.instances, *after.instances)):
        was, now = before.state(key), after.state(key)
        if was != now:
            yield Change(key=key, field=STATE, before=was, after=now)


def _facts(before: Facts, after: Facts) -> Iterator[Change]:
    for fact in fields(Facts):
        was, now = getattr(before, fact.name), getattr(after, fact.name)
        if was == now:
            continue
        if isinstance(now, dict):
            yield from _kept(fact.name, was, now)
        else:
            yield Change(key=None, field=fact.name, before=was, after=now)


def _kept(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if isinstance(was or now, Struct):
            yield from _parts(name, key, was, now)
        else:
            yield Change(key=key, field=name, before=was, after=now)


def _parts(name: str, key: str, before: Struct | None, after: Struct | None) -> Iterator[Change]:
    """Field by field; what has only just come, or gone, differs from what it would be without a word on it."""
    for part in structs.fields(type(before or after)):  # type: ignore[arg-type]
        plain = None if part.default is NODEFAULT else part.default
        was = plain if before is None else getattr(before, part.name)
        now = plain if after is None else getattr(after, part.name)
        if was != now:
            yield Change(key=key, field=f"{name}.{part.name}", before=was, after=now)


# -- in words

LABELS: dict[str, str] = {
    "organisation": "主办组织",
    "host_kind": "主办组织的性质",
    "track": "程序",
    "dispute": "纠纷类别",
    "source": "来源",
    "reference": "来源编号",
    "number": "案号",
    "registered": "登记时间",
    "accepted": "受理时间",
    "elsewhere": "已在别处受理或处理",
    "sent_by_it": "由该处转来",
    "elsewhere_over": "该处已了结",
    "announced": "登记时写明、尚待列入的当事人",
    "reopened": "待重新处理的事项",
    "closed": "结案方式",
    "closed_before": "重启前的结案方式",
    "reopened_at": "重启于第几条",
    "grade": "等级",
    "in_zone": "在园区内",
    "assigned": "上级交办",
    "weighty": "影响大、难化解",
    "list_complete": "申请人名单完整",
    "apart_since": "分头调解前已开会次数",
    "predecessor": "接续的案件",
    "amount_claimed": "请求金额",
    "visit_days": "生效后第几天回访",
    "hosts": "接手的组织",
    "roles.code": "角色",
    "roles.needs_consent": "须经当事人同意",
    "roles.counts_for_quorum": "计入到会人数",
    "roles.public_organ": "公共机关",
    "parties.person": "姓名或名称",
    "parties.side": "立场",
    "parties.kind": "主体",
    "parties.count": "人数",
    "parties.under_guardianship": "由法定代理人代理",
    "parties.told_rights": "已告知权利义务",
    "parties.refuses": "拒绝调解的事项",
    "parties.consents": "同意调解",
    "parties.remedy_told": "已告知其他救济途径",
    "issues.parties": "涉及的当事人",
    "issues.matter": "争议内容",
    "issues.amount_claimed": "请求金额",
    "issues.disposition": "去向",
    "issues.settled_by": "解决于",
    "issues.past": "曾经解决于",
    "blocks.party": "与谁谈",
    "blocks.member": "与哪个机关、单位谈",
    "blocks.talks": "谈过次数",
    "sessions.issues": "讨论的事项",
    "sessions.invited": "邀请",
    "sessions.attended": "到场",
    "sessions.planned": "计划日期",
    "sessions.result": "结果",
    "sessions.held": "召开时间",
    "sessions.times": "次数",
    "sessions.counts": "计入次数",
    "members.role": "角色",
    "members.person": "成员",
    "members.agreed_by": "同意其参加的当事人",
    "members.stand_in": "代理成员",
    "members.stand_in_until": "代理至",
    "members.conflict": "披露的利害关系",
    "members.accepted_by": "知情后仍同意的当事人",
    "extensions.until": "延至",
    "extensions.agreed_by": "同意的当事人",
    "cohorts.party": "所属当事人",
    "cohorts.count": "人数",
    "cohorts.about": "人数为约数",
    "cohorts.outcome": "结果",
    "agreements.issues": "解决的事项",
    "agreements.reached": "谈妥时间",
    "agreements.form": "形式",
    "agreements.text_version": "文本第几版",
    "agreements.text_hash": "文本校验码",
    "agreements.signers": "签署的当事人",
    "agreements.terms": "条款",
    "agreements.amount": "总金额",
    "agreements.replaces": "替代的协议",
    "agreements.mediator_signed": "调解员签名时间",
    "agreements.sealed": "盖章时间",
    "agreements.effective": "生效时间",
    "agreements.reported": "报道的履行情况",
    "confirmations.agreement": "协议",
    "confirmations.text_hash": "所确认文本的校验码",
    "confirmations.party": "当事人",
    "confirmations.manner": "方式",
    "confirmations.occurred": "时间",
    "confirmations.by_agent": "由代理人确认",
    "confirmations.by_guardian": "由法定代理人确认",
    "confirmations.ratified": "已追认",
    "confirmations.special_authority": "有特别授权",
    "obligations.agreement": "协议",
    "obligations.term": "第几条",
    "obligations.kind": "种类",
    "obligations.payer": "义务人",
    "obligations.payee": "权利人",
    "obligations.amount": "金额",
    "obligations.due": "期限",
    "obligations.by_record": "履行另有记录",
    "obligations.custodian": "代收代付人",
    "obligations.waits_for": "须先收到",
    "payments.agreement": "协议",
    "payments.obligation": "所付的义务",
    "payments.payer": "付款人",
    "payments.payee": "收款人",
    "payments.amount": "金额",
    "payments.occurred": "时间",
    "visits.agreement": "协议",
    "visits.party": "走访对象",
    "visits.due": "计划日期",
    "visits.made": "走访时间",
    "visits.attempts": "没有见到人的次数",
    "proceedings.kind": "种类",
    "proceedings.agreement": "协议",
    "proceedings.filed": "提起时间",
    "proceedings.result": "结果",
    "proceedings.effect": "对协议的效力",
    "proceedings.decided": "决定时间",
}
"""Every fact there is, by its name in a `Change`."""

_SUMS = frozenset({"amount", "amount_claimed"})
_PEOPLE = frozenset({"person", "custodian", "stand_in"})
_LONG_HEX = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change in words. Where there was nothing, or is nothing now, it says —."""

    about: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeTeller:
    """Tells changes with the words and names its reader may read."""

    teller: Teller

    def told(self, change: Change) -> ToldChange:
        """One change in words."""
        about = "全案" if change.key is None else self.teller.thing(change.key)
        label = "状态" if change.field == STATE else LABELS.get(change.field, change.field)
        return ToldChange(about=about, label=label, before=self._side(change, change.before), after=self._after(change))

    def _after(self, change: Change) -> str:
        words = self._side(change, change.after)
        # Other words which the reader may not read: that they are others is all there is to say.
        return f"{words}（已变动）" if words == HIDDEN and change.before is not None else words

    def _side(self, change: Change, held: Any) -> str:
        if change.field == STATE:
            return NOTHING if held is None else self.teller.state(change.key or "", held)
        return self._words(change, change.field.rpartition(".")[2], held)

    def _words(self, change: Change, name: str, held: Any) -> str:
        if held in (None, "", ()):
            return NOTHING
        if isinstance(held, tuple):
            return "、".join(self._words(change, name, part) for part in held)
        if name in _SUMS and isinstance(held, int):
            return money_words(held)
        if is_dataclass(held) and not isinstance(held, Occurred) and fields_of(type(held)):
            return "，".join(f"{label}：{value}" for label, value in self.teller.details(held)) or HIDDEN
        return self._text(change, name, held) if isinstance(held, str) else _plain(held)

    def _text(self, change: Change, name: str, held: str) -> str:
        ref = TextRef.read(held)
        if ref:
            return self.teller.words.get(ref.id, HIDDEN)
        if name in _PEOPLE:
            return self.teller.names.get(held, HIDDEN)
        if "/" in held and machine_of(held) in (self.teller.workflow.machines if self.teller.workflow else ()):
            return self.teller.thing(held)
        if name == "text_hash":
            return f"{held[:12]}…" if len(held) >= _LONG_HEX else held
        return code_words(self.teller.workflow, change.key, name, held) or self.teller.names.get(held, held)


def _plain(held: Any) -> str:
    if isinstance(held, Labelled):
        return held.label
    if isinstance(held, bool):
        return "是" if held else "否"
    if isinstance(held, Occurred):
        return held.words()
    return day_words(held) if isinstance(held, date) else str(held)


def code_words(workflow: Workflow | None, key: str | None, name: str, code: str) -> str | None:
    """The label behind a stored code: a track, a choice in a form of that kind of thing, or a state; None for none."""
    if workflow is None:
        return None
    track = workflow.track(code) if name == "track" else None
    if track:
        return track.label
    own = workflow.machines.get(machine_of(key or ""))
    machines = (own,) if own else workflow.phases + workflow.parts
    specs = [s for m in machines for c in m.commands for s in fields_of(c) if s.choices]
    # A choice of the fact's own name first: other forms may use the same code for something else.
    for spec in sorted(specs, key=lambda s: s.name != name):
        found = next((c for c in spec.choices or () if c.value == code and isinstance(c, Labelled)), None)
        if found:
            return found.label
    return next((s.label for m in machines for s in m.states if s.value == code), None)
