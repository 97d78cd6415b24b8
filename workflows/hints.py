"""Hints drawn from the words of an agreement: what a court may not confirm, or what binds nobody.

No rule reads words (decision 3): a hint is for people, who look at the clause and say that they have. It is drawn where
the words still are, before a text is drafted and before it is sealed; recorded is which hints there were and how they
were answered, never a word. A hint may be wrong either way: the patterns are plain, and err towards asking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.formatting import capital_words
from mediation_engine.domain.guard import POLICY, Refusal
from mediation_engine.domain.workflow import HINT

from .facts import facts_of
from .parts.agreement import AffixSeal, DraftAgreement
from .vocabulary import HintKind as H


@dataclass(frozen=True, slots=True)
class Hint:
    """What to look for in words, and what it may mean."""

    kind: H
    means: str
    """What whoever drafts should know, and do."""
    basis: str
    finds: Callable[[str], object]
    void: bool = False
    """Whether such a clause binds nobody: then it takes a note to leave it as it is."""


MONTHLY, YEARLY, DAILY, TIMES = 1.3, 16.0, 0.1, 2
"""From which per cent a month, a year, a day, and how many times the debt, one is asked: policy."""

_DIGIT = "零一二两三四五六七八九十百千"
_SHARES = "|".join(f"{word}分之(?P<{name}>[{_DIGIT}点]+)" for word, name in (("百", "hundredth"), ("千", "thousandth")))
_FEN = "分(?!之|期|钟)"
_NUMBER = (
    rf"(?:{_SHARES}|万分之(?P<tenthousandth>[{_DIGIT}点]+)"
    rf"|(?P<plain>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>%|‰|{_FEN})|(?P<han>[{_DIGIT}]+)\s*{_FEN})"
)
_MONTH = re.compile(rf"(?:月(?:利率|利息|息|利|计)?|按月|每个?月)(?:计息)?[^0-9。；日年]{{0,6}}?{_NUMBER}")
_YEAR = re.compile(rf"(?:年(?:利率|利息|息|化)|每年)[^0-9。；]{{0,6}}?{_NUMBER}")
_DAY = re.compile(rf"(?:每(?:逾期)?一?(?:日|天)|日(?:利率|息)?|逾期一(?:日|天))[^0-9。；期常前内后]{{0,8}}?{_NUMBER}")
_MANY = re.compile(
    r"(?<!加班费按)(?<!加班费)(?<!工资的)(?<![0-9.])([0-9]+(?:\.[0-9]+)?|[二两三四五六七八九十百]+|数)倍"
)
_ONES, _CAPITALS = "〇一二两三四五六七八九十百千", "零壹贰贰叁肆伍陆柒捌玖拾佰仟"
_PLACES = "零壹贰叁肆伍陆柒捌玖拾佰仟" + _ONES
_WRITTEN = rf"(?P<written>[{_PLACES}][{_PLACES}万亿]+)(?:[元圆][零壹贰叁肆伍陆柒捌玖角分整正]*)?"
_FIGURE = r"(?P<figure>[0-9][0-9,]{0,12}(?:\.[0-9]{1,2})?)\s*(?P<times>万|亿)?\s*元?整?"
_SAYS = "即|合|计|大写|小写|人民币|[:：￥¥]"
_BETWEEN = rf"(?:[（(]\s*|[，,]?\s*(?={_SAYS}))(?:{_SAYS}|\s)*"
_BESIDE = re.compile(rf"{_WRITTEN}{_BETWEEN}{_FIGURE}")
_BESIDE_TOO = re.compile(rf"{_FIGURE}{_BETWEEN}{_WRITTEN}")


def _pattern(words: str) -> Callable[[str], object]:
    return re.compile(words).search


def _costly(words: str) -> bool:
    """Interest that a court will hardly grant."""
    bounds = ((_MONTH, MONTHLY), (_YEAR, YEARLY), (_DAY, DAILY))
    return any(_per_cent(m) >= bound for form, bound in bounds for m in form.finditer(words))


def _per_cent(found: re.Match[str]) -> float:
    """What a rate is in per cent; 分 is one of a hundred, as in 月息二分."""
    for name, share in (("hundredth", 1.0), ("thousandth", 0.1), ("tenthousandth", 0.01)):
        if found[name]:
            return _han(found[name]) * share
    if found["plain"]:
        return float(found["plain"]) * (0.1 if found["unit"] == "‰" else 1)
    return _han(found["han"])


def _han(written: str) -> float:
    """A number below a thousand in characters, such as 二十 or 一点五."""
    whole, _, part = written.partition("点")
    digits = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    total, last = 0, 0
    for c in whole:
        if c in digits:
            last = digits[c]
        else:
            total, last = total + (last or 1) * {"十": 10, "百": 100, "千": 1000}[c], 0
    return total + last + (digits.get(part[:1], 0) / 10 if part else 0)


def _many_times(words: str) -> bool:
    """A penalty of several times what is owed."""
    if re.search(r"(?:双|加)倍|[2-9][0-9]{2}%", words) and "加班" not in words:
        return True
    return any(not m[1][0].isdecimal() or float(m[1]) >= TIMES for m in _MANY.finditer(words))


def _sums_differ(words: str) -> bool:
    """A sum in characters that is not the sum in figures beside it."""
    return any(_differ(m) for form in (_BESIDE, _BESIDE_TOO) for m in form.finditer(words))


def _differ(found: re.Match[str]) -> bool:
    times = {"万": 10_000, "亿": 100_000_000}.get(found["times"] or "", 1)
    yuan = round(float(found["figure"].replace(",", "")) * times)
    written = found["written"].translate(str.maketrans(_ONES, _CAPITALS))
    written = f"壹{written}" if written.startswith("拾") else written
    return 0 < yuan < 10**12 and capital_words(yuan * 100) != f"人民币{written}元整"


A143, J355, J358 = "民法典 第143条", "民事诉讼法司法解释 第355条", "民事诉讼法司法解释 第358条"
_KIN = "父亲|母亲|父母|岳父|岳母|公公|婆婆|妻子|丈夫|儿子|女儿|哥哥|弟弟|姐姐|妹妹|亲戚"
_OTHERS = rf"(?:{_KIN}|他人|第三人|案外人)(?:名下)?的?.{{0,6}}"

HINTS: tuple[Hint, ...] = (
    Hint(
        H.CRIMINAL,
        "追不追究刑事责任不由当事人约定，请删去",
        A143,
        _pattern(r"刑事|刑责|撤(?:销)?案|撤回(?:报案|控告)|追究.{0,6}(?:犯罪|坐牢|法律责任)"),
        void=True,
    ),
    Hint(
        H.PUNISHMENT,
        "处罚不处罚由公安机关决定，协议里不能保证；可以写履行以后双方向公安机关申请不予处罚",
        "治安管理处罚法 第9条",
        _pattern(
            r"(?:公安(?:机关)?|派出所|民警|警方)[^，。；申请]{0,6}(?:不再?(?:予|给予|作|做)?(?:处罚|拘留|罚款)|免(?:予|于|除)?处罚)"
            r"|(?:保证|承诺|确保)[^，。；]{0,10}(?:不(?:被|受|予)?(?:治安)?(?:处罚|拘留))"
        ),
    ),
    Hint(
        H.SOCIAL_INSURANCE,
        "约定不缴社会保险的无效，请改为依法补缴",
        "劳动争议司法解释（二） 第19条",
        _pattern(
            r"(?:放弃|不再?(?:为.{1,6})?(?:缴|交|买|购买|办|参加)|(?:免|无需|无须|不必)(?:缴|交)|自愿不).{0,10}"
            r"(?:社保|社会保险|养老保险|医保|五险)"
            r"|(?<!补缴)(?:社保|社会保险|养老保险|医保|五险)(?!后).{0,10}"
            r"(?:放弃|不再?(?:缴|交|买|办|主张|追究)|折(?:算)?成?现)"
        ),
        void=True,
    ),
    Hint(
        H.STATUS,
        "身份关系法院不确认，请另行处理",
        J355,
        _pattern(r"离婚|解除婚姻|收养|亲子关系|断绝.{0,4}关系|(?:抚养|监护)权"),
    ),
    Hint(
        H.LABOUR_STATUS,
        "确认劳动关系的条款仲裁审查不受理，请写具体的给付",
        "劳动人事争议仲裁办案规则 第75条",
        _pattern(r"(?:确认|认定|视为|承认|不存在|没有|不是|不构成)[^，。；]{0,6}劳动关系(?!存续|期间|解除|终止)"),
    ),
    Hint(
        H.OWNERSHIP,
        "物权、知识产权归谁，法院不在确认程序中确认",
        J355,
        _pattern(
            r"(?:房屋|住房|房产|房子|厂房|宅基地|土地|山林|林地|(?<![火汽])车辆?|专利|商标|著作权)"
            r"(?!租金|押金)[^，。；]{0,8}(?:归(?!还)|属于|所有|过户)"
        ),
    ),
    Hint(
        H.THIRD_PARTY,
        "处分别人的财产须有他本人同意",
        J358,
        _pattern(_OTHERS + r"(?:房|宅|车|土地|存款|财产).{0,12}(?:归|抵|过户|卖|变卖|处分|赔)"),
    ),
    Hint(
        H.INJURY,
        "放弃工伤认定或待遇、明显低于法定标准的，可能被撤销，请告知可以仲裁",
        "劳动争议司法解释（一） 第35条",
        _pattern(
            r"(?:放弃|不(?:再|做|作|申请|认定|主张|追究|要求))[^，。；]{0,10}工伤"
            r"|工伤[^。；]{0,12}(?:放弃|不再?(?:申请|认定|主张|追究|要求))"
        ),
    ),
    Hint(
        H.IN_KIND,
        "工资应以货币支付，不得用实物抵付",
        "保障农民工工资支付条例 第11条",
        _pattern(
            r"(?:工资|工钱|报酬|薪).{0,12}(?:以|用|拿).{0,10}(?:货|产品|实物|机器|设备|房|车).{0,4}(?:抵|顶)"
            r"|(?:实物|货物|产品|机器|设备|房|车).{0,4}(?:抵|顶).{0,6}(?:工资|工钱|报酬|薪)"
        ),
    ),
    Hint(H.INTEREST, "利息明显偏高，法院可能不支持", POLICY, _costly),
    Hint(H.PENALTY, "违约金过高的可以请求减少", "民法典 第585条", _many_times),
    Hint(H.SUMS, "大写与小写的金额不一致，请核对", J358, _sums_differ),
)


def found_in(words: Iterable[str]) -> list[Hint]:
    """The hints that some clauses give, each once: every clause by itself, full width as half."""
    clauses = [unicodedata.normalize("NFKC", clause) for clause in words]
    return [hint for hint in HINTS if any(hint.finds(clause) for clause in clauses)]


def unanswered(case: Case, command: Command, on: str | None, plain: Callable[[str], str]) -> Iterator[Refusal]:
    """The hints of the text that is drafted or sealed which nobody has answered; `plain` gives a text's words."""
    if not isinstance(command, DraftAgreement | AffixSeal):
        return
    answered = {row.hint: row for row in command.hints}
    for hint in found_in(map(plain, _texts(case, command, on))):
        row = answered.get(hint.kind)
        if row is None:
            wanted = "；请修改条款，或者在“核对提示”里答已看过" + ("并写明理由" if hint.void else "")
        elif hint.void and not row.note:
            wanted = "；仍要这样写的，请在“核对提示”里写明理由"
        else:
            continue
        yield Refusal(f"{HINT}{hint.kind.code}", f"条款里可能有“{hint.kind.label}”：{hint.means}{wanted}", hint.basis)


def _texts(case: Case, command: Command, on: str | None) -> Iterator[str]:
    """The texts of an agreement as it would stand: what an order leaves out is as it was."""
    held = facts_of(case).agreements.get(on or "")
    given = command if isinstance(command, DraftAgreement) else None
    terms = (given.terms if given else ()) or (held.terms if held else ())
    whole = (given.words if given else None) or (held.words if held else None)
    yield from filter(None, (whole, *(text for t in terms for text in (t.words, t.default, t.formula))))
