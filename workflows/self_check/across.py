"""What an auditor looks for over all cases of a room (疑点): a list for a person to look at, accusing nobody.

The thresholds are policy. A batch of one employer has good reasons to look alike: it is set aside with one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mediation_engine.domain.formatting import civil_words
from mediation_engine.domain.guard import POLICY
from mediation_engine.domain.occurred import Occurred, Precision
from mediation_engine.domain.self_check import Weight

from ..vocabulary import Satisfaction
from .alike import alike
from .heads import USUAL
from .sheet import AgreementSheet, CaseSheet, VisitSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFlag:
    """Something over several cases, or about one held against all, for a person to look at."""

    about: str
    words: str
    cases: tuple[str, ...]


def _no_digest(case: str, id: str) -> bytes | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Cases:
    """All cases that are held against each other."""

    sheets: Sequence[CaseSheet]
    name: Callable[[str], str] = str
    """Name of a member of staff, or of somebody in the register, by id."""
    digest: Callable[[str, str], bytes | None] = _no_digest
    """Of what an exhibit (case, id) is, whatever it is called; None where its bytes cannot be read."""
    policy: Mapping[str, int] = field(default_factory=lambda: USUAL)

    def agreements(self) -> Iterator[tuple[CaseSheet, AgreementSheet]]:
        return ((sheet, it) for sheet in self.sheets for it in sheet.agreements)

    def visits(self) -> Iterator[tuple[CaseSheet, VisitSheet, Occurred]]:
        """Those of which the minute is known."""
        found = ((sheet, it, Occurred(it.made)) for sheet in self.sheets for it in sheet.visits)
        return (it for it in found if it[2].precision is Precision.MINUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcrossRule:
    """A declared rule over all cases."""

    code: str
    label: str
    tells: str
    weight: Weight
    finds: Callable[[Cases], Iterable[CheckFlag]]
    basis: str = POLICY
    of_event: bool = False
    """Whether each finding is an event and set aside for itself; else its cases are left out of the rule."""


def _similar(cases: Cases) -> Iterator[CheckFlag]:
    found = list(cases.agreements())
    for group in alike([it.text for _, it in found], cases.policy["similar_percent"] / 100):
        named = tuple(dict.fromkeys(found[n][0].case for n in group))
        if len(named) > 1:
            words = f"{len(named)}件案件的协议条款除姓名、金额、日期外几乎一样"
            yield CheckFlag(about=min(named), words=words, cases=named)


def _same_file(cases: Cases) -> Iterator[CheckFlag]:
    """Only files of one size are opened, and of these none that lie in one case."""
    by_size: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    for sheet in cases.sheets:
        for file in sheet.files:
            by_size[file.size, file.media].append((sheet.case, file.id))
    for near in (held for held in by_size.values() if len({case for case, _ in held}) > 1):
        by_digest: dict[bytes, list[str]] = defaultdict(list)
        for case, id in near:
            digest = cases.digest(case, id)
            if digest is not None:
                by_digest[digest].append(case)
        for named in (tuple(dict.fromkeys(held)) for held in by_digest.values()):
            if len(named) > 1:
                words = f"同一个文件收存在{len(named)}件案件里"
                yield CheckFlag(about=" ".join(sorted(named)), words=words, cases=named)


def _many_a_day(cases: Cases) -> Iterator[CheckFlag]:
    by_day: dict[tuple[str, date], list[str]] = defaultdict(list)
    for sheet, it in cases.agreements():
        if it.day is not None and it.by:
            by_day[it.by, it.day].append(sheet.case)
    for (who, day), named in sorted(by_day.items()):
        if len(named) > cases.policy["agreements_a_day"]:
            words = f"{cases.name(who)}在{civil_words(day)}有{len(named)}份协议生效"
            yield CheckFlag(about=f"{who} {day}", words=words, cases=tuple(dict.fromkeys(named)))


MONTHS = 12
LEAST_MONTHS = 3
"""Earlier months in which the room had cases: with fewer there is no mean to speak of."""


def _large_share(cases: Cases) -> Iterator[CheckFlag]:
    """By month of registration."""
    by_month: dict[int, list[CaseSheet]] = defaultdict(list)
    for sheet in cases.sheets:
        by_month[sheet.opened.year * 12 + sheet.opened.month - 1].append(sheet)
    shares = {month: _shares(held) for month, held in by_month.items()}
    for month, held in sorted(by_month.items()):
        before = [shares[m] for m in range(month - MONTHS, month) if m in shares]
        for unit, share in sorted(shares[month].items()) if len(before) >= LEAST_MONTHS else ():
            named = tuple(sheet.case for sheet in held if unit in sheet.units)
            mean = sum(it.get(unit, 0.0) for it in before) / len(before)
            if len(named) >= cases.policy["share_least"] and share > cases.policy["share_times"] * mean:
                when, name = f"{month // 12}年{month % 12 + 1}月", cases.name(unit)
                words = f"{when}登记的{len(held)}件里有{len(named)}件涉及{name}，占{share:.0%}，此前平均{mean:.0%}"
                yield CheckFlag(about=f"{unit} {month // 12}-{month % 12 + 1:02}", words=words, cases=named)


def _shares(sheets: Sequence[CaseSheet]) -> dict[str, float]:
    counted = Counter(unit for sheet in sheets for unit in sheet.units)
    return {unit: count / len(sheets) for unit, count in counted.items()}


def _odd_hours(cases: Cases) -> Iterator[CheckFlag]:
    first, last = cases.policy["visits_from"], cases.policy["visits_until"]
    for sheet, it, when in cases.visits():
        hour = int(when.text[11:13])
        if not first <= hour < last:
            words = f"{cases.name(it.by)}记的走访在{when.words()}，不在{first}点到{last}点"
            yield CheckFlag(about=f"{sheet.case} {it.key}", words=words, cases=(sheet.case,))


def _same_minute(cases: Cases) -> Iterator[CheckFlag]:
    by_minute: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sheet, it, when in cases.visits():
        by_minute[it.by, when.text].append(sheet.case)
    for (who, when_text), named in sorted(by_minute.items()):
        if len(named) > 1:
            words = f"{cases.name(who)}在{Occurred(when_text).words()}同一分钟有{len(named)}次走访"
            yield CheckFlag(about=f"{who} {when_text}", words=words, cases=tuple(dict.fromkeys(named)))


def _all_satisfied(cases: Cases) -> Iterator[CheckFlag]:
    """Whoever did not answer counts nowhere."""
    asked: dict[str, list[str]] = defaultdict(list)
    others: set[str] = set()
    for sheet in cases.sheets:
        for it in sheet.visits:
            if it.satisfied is Satisfaction.DISSATISFIED:
                others.add(it.by)
            elif it.satisfied is not Satisfaction.NOT_ASKED:
                asked[it.by].append(sheet.case)
    for who, named in sorted(asked.items()):
        if len(named) >= cases.policy["all_satisfied"] and who not in others:
            words = f"{cases.name(who)}记的{len(named)}次回访全都满意，没有一次不满意"
            yield CheckFlag(about=who, words=words, cases=tuple(dict.fromkeys(named)))


def _one_agent(cases: Cases) -> Iterator[CheckFlag]:
    by_agent: dict[str, list[str]] = defaultdict(list)
    for sheet in cases.sheets:
        for person in sheet.agents:
            by_agent[person].append(sheet.case)
    for person, named in sorted(by_agent.items()):
        if len(named) > cases.policy["agent_cases"]:
            words = f"{cases.name(person)}在{len(named)}件案件里受委托代理"
            yield CheckFlag(about=person, words=words, cases=tuple(named))


def _edited(cases: Cases) -> Iterator[CheckFlag]:
    for sheet in cases.sheets:
        if sheet.edits:
            which = "、".join(f"第{line}条" for line in sheet.edits)
            yield CheckFlag(about=sheet.case, words=f"结案以后又更正过记录（{which}）", cases=(sheet.case,))


ACROSS: tuple[AcrossRule, ...] = (
    AcrossRule(
        code="similar_agreements",
        label="协议雷同",
        tells="几件案件的协议除姓名、金额、日期外几乎一样；同一单位一批人的，写明理由即可",
        weight=Weight.HEAVY,
        finds=_similar,
    ),
    AcrossRule(
        code="same_file",
        label="同一份材料用在几件案件",
        tells="几件案件收存了一模一样的文件",
        weight=Weight.HEAVY,
        finds=_same_file,
    ),
    AcrossRule(
        code="many_a_day",
        label="一天办成很多件",
        tells="一位调解员一天里生效的协议超过本室规定的份数",
        weight=Weight.MIDDLE,
        finds=_many_a_day,
    ),
    AcrossRule(
        code="large_share",
        label="一个单位突然很多",
        tells="某月涉及同一单位的案件所占的比例，远高于此前十二个月",
        weight=Weight.MIDDLE,
        finds=_large_share,
    ),
    AcrossRule(
        code="visit_at_odd_hours",
        label="走访时间反常",
        tells="走访不在白天和晚上的正常时间",
        weight=Weight.LIGHT,
        of_event=True,
        finds=_odd_hours,
    ),
    AcrossRule(
        code="visits_in_one_minute",
        label="一分钟几次走访",
        tells="同一个人同一分钟记了几次走访",
        weight=Weight.MIDDLE,
        of_event=True,
        finds=_same_minute,
    ),
    AcrossRule(
        code="all_satisfied",
        label="回访全都满意",
        tells="一个人记的很多次回访没有一次不满意，可能没有真问",
        weight=Weight.LIGHT,
        finds=_all_satisfied,
    ),
    AcrossRule(
        code="one_agent",
        label="一人代理很多件",
        tells="同一个人在很多件案件里受委托代理",
        weight=Weight.MIDDLE,
        finds=_one_agent,
    ),
    AcrossRule(
        code="edited_after_closing",
        label="结案后更正",
        tells="结案以后又更正或作误录",
        weight=Weight.MIDDLE,
        of_event=True,
        finds=_edited,
    ),
)
"""In the order in which they are listed."""
