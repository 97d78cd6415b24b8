"""What the words of a report plainly say; where they leave a doubt, nothing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from mediation_engine.domain.facts import Term, TermKind
from mediation_engine.domain.fields import Text
from workflows.common_2026.agreement import Extent
from workflows.common_2026.proceeding import Kind
from workflows.common_2026.session import Result
from workflows.phases_2026.intake import Dispute

LABOUR = re.compile("工资|工价|劳动|工伤|劳务报酬|职工|计件|欠薪")
DISPUTES = (
    ("工伤|猝死|工作中|工地", Dispute.LABOUR_INJURY),
    ("工资|劳务报酬|欠薪", Dispute.LABOUR_PAY),
    ("劳动|计件|工价|职工", Dispute.LABOUR_OTHER),
    ("医疗", Dispute.MEDICAL),
    ("交通", Dispute.TRAFFIC),
    ("邻里|楼道", Dispute.NEIGHBOUR),
    ("赡养|婚姻|抚养|继承", Dispute.FAMILY),
    ("林地|山岭|耕地|土地", Dispute.FOREST_LAND),
    ("货款|合同|运费|租金|债务", Dispute.CONTRACT),
    ("赔偿|损害", Dispute.DAMAGE),
)
HOSTS = (
    ("调解委员会|调委会", "mediation_committee"),
    ("调解室|调解工作室|调解员", "mediation_room"),
    ("劳保所|劳动保障|劳动站", "labour_organisation"),
    ("工会", "union"),
    ("仲裁", "arbitration"),
    ("法院|法庭", "court"),
    ("公司|厂", "enterprise_committee"),
)
PAYS = re.compile("赔偿|赔付|支付|付清|补偿|偿还|垫付|代垫|出资|给付")
SUM = re.compile(r"(?<![\d.])(?<!\d[,，])(\d+(?:\.\d+)?)(余?)(万?)余?元")
MOST_FEN = 10**13


def dispute(words: str) -> Dispute:
    """The statistical type."""
    return next((kind for pattern, kind in DISPUTES if re.search(pattern, words)), Dispute.OTHER)


def host_kind(name: str) -> str:
    """The legal nature a host's name speaks of; `other` where it speaks of none."""
    return next((kind for pattern, kind in HOSTS if re.search(pattern, name)), "other")


def is_labour(words: str, host: str) -> bool:
    """Whether the labour track applies: a labour dispute, and no people's mediation committee or room as the host."""
    return bool(LABOUR.search(words)) and "人民调解" not in host


def one_sum(words: str) -> int | None:
    """The one exact sum named, in 分; None where there is none, more than one, one with 约 or 余, or one given back."""
    words = re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", words)  # 12,000元
    found = SUM.findall(words)
    if len(found) != 1 or re.search("约|余|每人|各付|退回|退还|返还", words):
        return None
    number, _, ten_thousand = found[0]
    fen = Decimal(number) * (1_000_000 if ten_thousand else 100)
    return int(fen) if fen == int(fen) and 0 < fen <= MOST_FEN else None


def result(words: str) -> Result:
    """Of a session."""
    if re.search("未成|不成|未果|未达成|不让步|僵局|破裂|败", words):
        return Result.NOT_SETTLED
    return Result.UNREPORTED


def times(words: str) -> int | None:
    """How many sessions a step stands for; None for several of unknown number."""
    if re.search("多次|多轮|几次|反复|数次|连续", words):
        return None
    found = re.search(r"([两二三四五六七八九])次", words)
    if found and f"第{found.group(0)}" not in words:
        return "两二三四五六七八九".index(found.group(1)) + (2 if found.group(1) == "两" else 1)
    return 1


def extent(words: str) -> Extent:
    """How far an agreement is performed."""
    if re.search("第一期|首期|部分|其余|待打款|分期|余款", words):
        return Extent.PART
    if re.search("全部履行|全部|付清|结清|完毕|领到被欠", words):
        return Extent.ALL
    return Extent.UNREPORTED


def moves_money(words: str) -> bool:
    """Whether a step of performance speaks of money."""
    return bool(re.search("元|付|领|款|现金|汇", words))


def confirmation(words: str) -> Kind:
    """Who confirms."""
    return Kind.ARBITRAL if "仲裁" in words else Kind.JUDICIAL


def only_applied(words: str) -> bool:
    """Whether confirmation was applied for, and nobody says it was given."""
    return "申请" in words and not re.search("裁定|确认有效|作出|作司法确认|已确认", words)


def referral(words: str) -> Kind:
    """Where a dispute is referred to."""
    if "仲裁" in words:
        return Kind.ARBITRATION
    return Kind.LITIGATION if re.search("诉|法院", words) else Kind.OTHER


def term(words: str, disputants: list[dict[str, Any]], agreed: int | None, alone: bool) -> Term:
    """A term: payer, payee, sum and day only where they are unambiguous."""
    amount = one_sum(words)
    depends = _duty(words) is TermKind.CONTINGENT
    pays = not depends and (amount is not None or bool(PAYS.search(words)))
    kind = TermKind.PAY if pays else _duty(words)
    if pays and amount is None and alone and agreed is not None and not SUM.search(words):
        amount = agreed
    payer, payee = _sides(words, disputants) if pays else (None, None)
    return Term(words=Text(words), kind=kind, payer=payer, payee=payee, amount=amount, due=_due(words))


def custody(words: str, terms: list[str], bodies: list[str]) -> tuple[str, str] | None:
    """The body a payment is handed to, and the term by which that body hands it on; None where either is in doubt."""
    found = re.search("交(?:给|由|至)?([\u4e00-\u9fff]{2,})$", words)
    named = [body for body in bodies if found and body.endswith(found.group(1))]
    onward = [t for t in terms if found and re.search(f"{found.group(1)}(向|代发|代付|转交|转付)", t)]
    return (named[0], onward[0]) if len(named) == len(onward) == 1 else None


def receiver(words: str, disputants: list[dict[str, Any]]) -> str | None:
    """The one group of claimants that money is handed out to, known by its head-count."""
    counts = {int(number) for number in re.findall(r"(\d+)(?:名|人|位)", words)}
    groups = [n for n, d in enumerate(disputants, 1) if d["kind"] == "group" and d["count"] in counts]
    return f"party/{groups[0]}" if len(groups) == 1 else None


def _duty(words: str) -> TermKind:
    if re.search("^[^,，]{0,6}(如|若)|伤愈后|.{1,6}后(调整|恢复)", words):
        return TermKind.CONTINGENT
    if re.search("不再|不参与|放弃|不处理", words):
        return TermKind.ABSTAINING
    return TermKind.ACT


def _sides(words: str, disputants: list[dict[str, Any]]) -> tuple[str | None, str | None]:
    """Payer and payee, where the words name one disputant before the verb and one after it, or the only firm pays."""
    head, _, tail = PAYS.sub("\n", words, count=1).partition("\n")
    payers = [n for n, d in enumerate(disputants, 1) if _named(d, head)]
    payees = [n for n, d in enumerate(disputants, 1) if _named(d, tail) and n not in payers]
    if len(payers) != 1:
        return None, None
    others = [n for n, d in enumerate(disputants, 1) if n != payers[0] and d["side"] != "related"]
    if len(payees) == 1:
        payee: int | None = payees[0]
    else:
        payee = others[0] if len(disputants) == 2 and len(others) == 1 else None
    return f"party/{payers[0]}", f"party/{payee}" if payee else None


def _named(disputant: dict[str, Any], words: str) -> bool:
    """Whether some words name a disputant: by surname and 某 or what follows it; a firm as 公司, 厂 and so on."""
    names = re.findall("[\u4e00-\u9fff]某", disputant["name_masked"])
    names += [name for name in (disputant["name_masked"].removeprefix("某"),) if len(name) > 1]
    if any(name in words for name in names):
        return True
    firm = disputant["kind"] == "enterprise"
    return firm and bool(re.search("公司|单位|企业|厂|医院", words)) and not re.search("[\u4e00-\u9fff]某", words)


def _due(words: str) -> date | None:
    """The one day before or on which something is due."""
    days = re.findall(r"\d{4}-\d{2}-\d{2}", words)
    found = re.findall(r"(\d{4}-\d{2}-\d{2})(?=日?前|付|到期)", words)
    try:
        return date.fromisoformat(found[0]) if len(found) == len(days) == 1 else None
    except ValueError:  # a day that does not exist is no day
        return None
