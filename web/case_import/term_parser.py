"""A term of an agreement: who pays whom what by when, as far as its words plainly say; in doubt, nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from mediation_engine.domain.fields import Text
from workflows.facts import Term
from workflows.vocabulary import TermKind

from .amount_parser import one_sum, sums

PAYS = re.compile(
    "赔偿|赔付|支付|付清|付给|补偿|偿还|还清|垫付|代垫|出资|给付|补发|(?<!交)付(?=[0-9一二两三四五六七八九十])"
)
CLAUSE = re.compile("[,，;；。]")
CONDITION = re.compile(
    "^.{0,6}(如(?![数期约下实此])|若|一旦)|伤愈后|.{1,6}后(调整|恢复)|否则"
    "|(逾期|违约|未按[期时约]|不履行)[^,，;；]{0,6}(另|则|按|加|承担|$)"
)
NOT_PAID = re.compile(
    "不再|不参与|不处理|互不|再无|不得|(不予|不支付|不赔偿|不承担|无需|免[除予收]|减免|放弃)(?!.*(后|再)(支付|付清|赔偿))"
)
"""Duties not to do something, and what somebody lets go of."""
OTHERS = re.compile("法院|医院|保险|政府|社区|合作社|银行|社保|物业|学校|家属|他人|第三方")
"""Whom money may also go to."""
REST = re.compile("元.*(余款|其余|剩余|尾款|下余)")
"""A sum that is followed by the rest is only a part."""
INTO = re.compile("[汇打存付][入至]")
"""A term that says where the money goes: then nobody is its payee only for being the other side."""
PARTLY = re.compile("[%％]|每|首期|第一期|首付|部分|一半|比例|利息|约(?!定)|美元|港币")


NO_DUTY = re.compile(
    "(没有|未|尚未|没)约定|未见|未写明|另行(协商|约定|商定)|待.{0,4}(协商|商定)|未(能)?(就|达成)|^.{0,6}(拟|打算|准备|有意|考虑)"
)
"""What was not agreed, is not known, or is left to be agreed on."""
BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


def is_no_duty(words: str) -> bool:
    """Whether words leave something open, and bind nobody to anything."""
    clauses = [clause for clause in CLAUSE.split(BRACKETS.sub("", words)) if clause.strip()]
    return bool(clauses) and all(NO_DUTY.search(clause) for clause in clauses)


def term(
    words: str, disputants: list[dict[str, Any]], agreed: int | None, alone: bool, among: Sequence[str] = ()
) -> Term:
    """A term among others: payer, payee, sum and day only where they are unambiguous."""
    paid = _paid(words)
    amount = None if REST.search(paid) else one_sum(paid)
    pays = bool(sums(paid)) or bool(PAYS.search(paid))
    kind = TermKind.PAY if pays else _duty(words)
    if pays and amount is None and alone and agreed is not None and not (sums(paid) or PARTLY.search(paid)):
        amount = agreed
    elsewhere = any(INTO.search(other) for other in among)
    payer, payee = _sides(paid, disputants, elsewhere) if pays else (None, None)
    return Term(words=Text(words), kind=kind, payer=payer, payee=payee, amount=amount, due=_due(paid))


def _paid(words: str) -> str:
    """What is to be done in any event: without what hangs on a condition, and what somebody lets go of."""
    done: list[str] = []
    for clause in CLAUSE.split(words):
        if CONDITION.search(BRACKETS.sub("", clause)):
            break
        if not NO_DUTY.search(BRACKETS.sub("", clause)) and not NOT_PAID.search(clause):
            done.append(clause)
    return "，".join(done)


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
    if CONDITION.search(BRACKETS.sub("", CLAUSE.split(words)[0])):
        return TermKind.CONTINGENT
    return TermKind.ABSTAINING if NOT_PAID.search(words) else TermKind.ACT


def _sides(words: str, disputants: list[dict[str, Any]], elsewhere: bool) -> tuple[str | None, str | None]:
    """Payer and payee, where the words name one disputant before the verb and one after it, or the only firm pays."""
    verb = PAYS.search(words)
    if verb is None:
        return None, None
    head, tail = re.sub("代[^，]{2,4}$", "", words[: verb.start()]), words[verb.end() :]
    heads = [head, *(PAYS.split(c)[0] for c in CLAUSE.split(tail)[1:] if PAYS.search(c))]
    payers = sorted({n for h in heads for n in _named(disputants, h)})
    if len(payers) != 1 or re.search("获|收到|领取|得到|应得|要求|有权", head):
        return None, None
    payees = [n for n in _named(disputants, tail) if n not in payers]
    if not (payees or elsewhere or _to_others(words, disputants)) and len(disputants) == 2:
        payees = [n for n, d in enumerate(disputants, 1) if n not in payers and d["side"] != "related"]
    payee = payees[0] if len(payees) == 1 else None
    return f"party/{payers[0]}", f"party/{payee}" if payee else None


def _to_others(words: str, disputants: list[dict[str, Any]]) -> bool:
    """Whether the words name somebody besides the disputants whom the money may go to."""
    names = "".join(d["name_masked"] for d in disputants)
    return any(other not in names for other in OTHERS.findall(words))


def _named(disputants: list[dict[str, Any]], words: str) -> list[int]:
    """The disputants some words name: by their whole names, by surname and 某, as 公司 or 厂, or by side."""
    whole = [n for n, d in enumerate(disputants, 1) if _whole(d) and _whole(d) in words]
    for n in whole:
        words = words.replace(_whole(disputants[n - 1]), "")
    rest = (n for n, d in enumerate(disputants, 1) if _is_named(d, disputants, words))
    return sorted({*whole, *rest})


def _whole(disputant: dict[str, Any]) -> str:
    name = str(disputant["name_masked"]).removeprefix("某")
    return name if len(name) > 1 else ""


def _is_named(disputant: dict[str, Any], disputants: list[dict[str, Any]], words: str) -> bool:
    if any(name in words for name in re.findall("[\u4e00-\u9fff]某", disputant["name_masked"])):
        return True
    called = {"applicant": "(?<!被)申请人", "respondent": "被申请人"}.get(disputant["side"])
    alone = sum(d["side"] == disputant["side"] for d in disputants) == 1
    if called and alone and re.search(called, words):
        return True
    return (
        disputant["kind"] == "enterprise" and not re.search("[\u4e00-\u9fff]某", words) and _as_firm(disputant, words)
    )


def _as_firm(disputant: dict[str, Any], words: str) -> bool:
    """Whether words speak of a firm in general, or of this kind of firm; 保险公司 is not 某运输公司."""
    for before, _ in re.findall("([\u4e00-\u9fff]{0,2})(公司|单位|企业|厂方?|医院)", words):
        said = re.sub("^.?[由该被本将与和及并给向的]|^[由该被本将与和及并给向的]", "", before)
        if not said or said in disputant["name_masked"] or said in ("用人", "施工", "所在"):
            return True
    return False


def _due(words: str) -> date | None:
    """The one day before or on which something is due."""
    words = re.sub(r"(\d{4})年(\d{1,2})月(\d{1,2})日", lambda d: f"{d[1]}-{d[2]:0>2}-{d[3]:0>2}", words)
    days = re.findall(r"\d{4}-\d{2}-\d{2}", words)
    found = re.findall(r"(\d{4}-\d{2}-\d{2})(?=日?之?前|付|到期)", words)
    if len(found) != 1 or len(days) != 1 or re.search("首期|第一期|首付|先付|每", words):
        return None
    try:
        return date.fromisoformat(found[0])
    except ValueError:  # a day that does not exist is no day
        return None
