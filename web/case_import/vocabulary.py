"""What the words of a report plainly say; where they leave a doubt, nothing."""

from __future__ import annotations

import re

from workflows.vocabulary import Dispute, Extent, ProceedingKind, SessionResult

from .amount_parser import DIGITS, spelled, whole

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


def dispute(words: str) -> Dispute:
    """The statistical type."""
    return next((kind for pattern, kind in DISPUTES if re.search(pattern, words)), Dispute.OTHER)


def host_kind(name: str) -> str:
    """The legal nature a host's name speaks of; `other` where it speaks of none."""
    return next((kind for pattern, kind in HOSTS if re.search(pattern, name)), "other")


def is_labour(words: str, host: str) -> bool:
    """Whether the labour track applies: a labour dispute, and no people's mediation committee or room as the host."""
    return bool(LABOUR.search(words)) and "人民调解" not in host


def result(words: str) -> SessionResult:
    """Of a session; unreported where nothing is said of it, or where it failed first and was settled then."""
    failed = re.search(
        "未成(?!年)|不成(?!熟)|未果|未(能)?达成|没有?(谈拢|达成)|不让步|僵局|破裂|失败|[再仍]度?不欢而散", words
    )
    settled = re.search("调解成功|(双方|当场|现场|最终|终于|顺利|自愿|当[天日晚]).{0,4}(达成|谈妥|谈定|谈成)", words)
    if failed:
        return SessionResult.UNREPORTED if settled and settled.end() > failed.end() else SessionResult.NOT_SETTLED
    hoped = re.search("[若望未尚]|争取|愿意|有意|部分|初步|没有?", words)
    return SessionResult.SETTLED if settled and not hoped else SessionResult.UNREPORTED


MEETING = "(?:调解|协商|会商|会诊|磋商|座谈|开会|会议|商谈|谈判|调处)"
SEVERAL = re.compile(
    f"(多|几|数|十余|[0-9]余|反复|连续)[次轮场天]?[^,，;；。]{{0,6}}{MEETING}|{MEETING}[^,，;；。]{{0,4}}(多|几|数)[次轮场]"
)
COUNTED = re.compile(
    f"([0-9{DIGITS}十两]+)[次轮场][^,，;；。]{{0,6}}{MEETING}|{MEETING}[^,，;；。第]{{0,4}}?([0-9{DIGITS}十两]+)[次轮场]"
)


COMINGS = re.compile(f"(第?)([0-9{DIGITS}十两]+)[余多]?次[^,，;；。]{{0,6}}(到|上门|走访|约|登门)")
"""So many comings and goings: how many of them were sessions nobody says."""


def times(words: str) -> int | None:
    """How many sessions a step stands for; None for several of unknown number."""
    if SEVERAL.search(words) or any(not found[1] and whole(found[2]) != 1 for found in COMINGS.finditer(words)):
        return None
    for found in COUNTED.finditer(words):
        if not re.search(f"第{found[1] or found[2]}[次轮场]", words):
            return whole(found[1] or found[2]) or 1
    return 1


def extent(words: str) -> Extent:
    """How far an agreement is performed."""
    lacking = re.search("未|没有?(付|履行|按)|[尚仍还下]欠|其余|待(打款|付|履行)|剩余.{0,8}(将|于|分)|部分|暂", words)
    if not lacking and re.search("全部|全额|履行完毕|[余尾]款.{0,8}(付|结|到|还)清|[余尾]款已?付|最后一期", words):
        return Extent.ALL
    if lacking or re.search("[第首][一二三四五六七八九0-9]?期|分期|[余尾]款|首付|先付", words):
        return Extent.PART if not re.search("拒|(未|没有?)(付|履行|支付)(?!清)", words) else Extent.UNREPORTED
    if re.search("付清|结清|还清|完毕|领到被欠", words):
        return Extent.ALL
    return Extent.UNREPORTED


def moves_money(words: str) -> bool:
    """Whether a step of performance speaks of money that moved."""
    unpaid = re.search("(未|没有?)[^,，;；。]{0,4}(付|支付|履行|到账|打款)(?!清)|拒(绝|不)", words)
    moved = not unpaid or re.search("已|当场|现场|领到|收到|付了", words)
    return bool(re.search("元(?!旦)|付|领(?!导|班|头)|款|现金|汇(?!报|总)", words) and moved)


def about(count: int, words: str) -> bool:
    """Whether a head-count is said to be no exact one: 20多名, 二十余户, 约20人."""
    number = f"({count}|{spelled(count)})"
    return bool(re.search(f"(?<![0-9]){number}[多余来几]|[约近]{number}(?![0-9])|{number}人?左右", words))


def is_withdrawal(words: str) -> bool:
    """Whether a suit was withdrawn, and none begun."""
    return bool(re.search("撤诉|撤回(起诉|诉讼|仲裁|申请)", words)) and not re.search(
        "起诉(?!讼|.{0,3}撤)|立案", words.replace("撤回起诉", "")
    )


def is_measure(words: str) -> bool:
    """Whether a court only secured or seized something, in a matter that is known or not told of."""
    return bool(re.search("查封|冻结|扣押|保全", words)) and not re.search("起诉|诉至|仲裁|申请(强制)?执行", words)


def names_all(count: int, words: str) -> bool:
    """Whether words speak of all of so many people, and not of some of them or of others."""
    return bool(re.search(f"(?<![0-9]){count}[人名位](?!以上|[中里])", words)) and not re.search(
        "[未尚]|其[余中]|除.{0,8}外", words
    )


def by_some(words: str) -> bool:
    """Whether only some of the parties confirmed."""
    return bool(re.search("一方|仅|其中|部分|[未尚拒]|另一|单方", words)) and not re.search("[双各三两]方", words)


def confirmation(words: str) -> ProceedingKind:
    """Who confirms."""
    return (
        ProceedingKind.ARBITRAL
        if "仲裁" in words and not re.search("法院|法庭|司法确认", words)
        else ProceedingKind.JUDICIAL
    )


def is_ruling(words: str) -> bool:
    """Whether a step of confirming is a court's or an arbitration body's, and not the parties'."""
    return bool(re.search("司法确认|(法院|法庭|仲裁).{0,12}(确认|裁定|置换|调解书)", words))


def refused(words: str) -> bool:
    """Whether confirmation was sought and not given."""
    return bool(re.search("驳回|不予(受理|确认)|未(获|予|被).{0,3}确认", words))


def only_applied(words: str) -> bool:
    """Whether confirmation was applied for, or is to be, and nobody says it was given."""
    given = re.search(
        "裁定|确认有效|作出|作司法确认|已确认|获准|准[许予]|予以确认|确认书|出具|获.{0,4}确认|确认其?效力", words
    )
    return bool(re.search("申请|拟|准备|打算|约定|建议|引导", words)) and not given


def only_intended(words: str) -> bool:
    """Whether nobody has applied yet."""
    return bool(re.search("拟|准备|打算|约定|建议|引导|可以?申请|将.{0,6}申请", words)) and not refused(words)


def is_referral_in(words: str) -> bool:
    """Whether a referral brought the dispute to mediators, and took it nowhere else."""
    to_us = re.search(
        "(委派|委托|移送|移交|转[交办至给到]?|推送|引导|流转|交办).{0,24}(调解|调委会|调处|矛调|综治)", words
    )
    return bool(to_us) and not re.search("起诉|诉至|提起诉讼|申请仲裁", words)


def referral(words: str) -> ProceedingKind:
    """Where a dispute is referred to."""
    if re.search("强制执行|申请执行", words):
        return ProceedingKind.ENFORCEMENT
    if re.search("起诉|诉至|诉讼|法院|法庭|立案", words):
        return ProceedingKind.LITIGATION
    return ProceedingKind.ARBITRATION if "仲裁" in words else ProceedingKind.OTHER
