"""协议法律适用是否准确: what terms say, and what was done about them before other bodies."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.domain.self_check import CheckFinding, CheckReading, Mend, Weight

from ..facts import MONEY, Term, facts_of
from ..hints import found_in
from ..parts.agreement import AffixSeal, DraftAgreement
from ..parts.queries import binds
from .heads import NEWEST, CheckHead, marked, rule


def _hinted(reading: CheckReading) -> Iterator[CheckFinding]:
    """Hints in the terms of what is in effect that nobody has answered: of an oral agreement nobody was asked."""
    for key, held in facts_of(reading.case).agreements.items():
        if not binds(reading.case, key):
            continue
        texts = (held.words, *(t for term in held.terms for t in (term.words, term.default, term.formula)))
        said = [words for t in texts if t and (words := reading.said(t)) != HIDDEN]
        given = [c for c in reading.commands(key) if isinstance(c, DraftAgreement | AffixSeal)]
        answered = {row.hint for command in given for row in command.hints}
        for hint in found_in(said):
            if hint.kind not in answered:
                yield CheckFinding(
                    about=f"{key}:{hint.kind.code}",
                    words=f"{reading.numbered(key)}的条款可能有“{hint.kind.label}”：{hint.means}",
                    basis=hint.basis,
                    weight=Weight.HEAVY if hint.void else None,
                )


def _sums_unknown(reading: CheckReading) -> Iterator[CheckFinding]:
    """A party owes money of which neither a sum nor a formula is told."""
    for key, held in facts_of(reading.case).agreements.items():
        untold = [n for n, term in enumerate(held.terms, 1) if _is_untold(held.terms, n, term)]
        if binds(reading.case, key) and untold:
            which = "、".join(f"第{n}条" for n in untold)
            words = f"{reading.numbered(key)}{which}要付款，没有写金额，也没有写怎么算"
            yield CheckFinding(about=key, words=words, mends=(Mend(line=_text_line(reading, key)),))


def _is_untold(terms: tuple[Term, ...], number: int, term: Term) -> bool:
    has_parts = any(other.part_of == number for other in terms)
    return term.kind in MONEY and term.amount is None and term.formula is None and not has_parts


def _text_line(reading: CheckReading, key: str) -> int:
    """The last line that gave an agreement its terms."""
    lines = [line.version for line in reading.steps() if line.instance == key and line.command in NEWEST]
    return lines[-1] if lines else reading.case.instances[key].version


RULES = (
    rule(
        code="marked_law",
        label="确认、履行各步注明的瑕疵",
        tells="申请确认、履行义务各步记录时就注明不合规的",
        basis="人民调解法 第33条",
        head=CheckHead.LAW,
        weight=Weight.MIDDLE,
        finds=marked("proceeding", "obligation", "follow_up", "challenge", "mediation", "consultation", "coordination"),
    ),
    rule(
        code="terms_hinted",
        label="条款里有没核对的提示",
        tells="已生效的协议条款里有法院可能不确认、或约定无效的话，没有人答过核对提示（口头协议不问）",
        basis="民事诉讼法司法解释 第358条",
        head=CheckHead.LAW,
        weight=Weight.MIDDLE,
        finds=_hinted,
    ),
    rule(
        code="sum_unknown",
        label="付款条款没有金额",
        tells="已生效协议里要付款的条款，没有写金额或算法：申请确认、执行都会被退回",
        basis="民事诉讼法司法解释 第358条",
        head=CheckHead.LAW,
        weight=Weight.MIDDLE,
        finds=_sums_unknown,
    ),
)
