"""The columns of a room's own ledger (台账): one row a case. What each may be called, and how its cells are read.

A cell says one thing in one certain reading, or it is a fault with what to do: nothing is guessed from words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import TypeVar

from mediation_engine.domain.people import PartyKind
from mediation_engine.errors import FormFaults
from mediation_engine.ids import system_randomness
from mediation_engine.input.faults import Choices
from mediation_engine.input.firms import is_of_a_firm
from mediation_engine.input.new_people import someone
from mediation_engine.input.tables import CellFault, Column, Kind, Layout, civil_day, sum_of_money, words
from workflows.vocabulary import CALLED, AgreementForm, Dispute, Extent, Source

from .amount_parser import whole

T = TypeVar("T")
MOST_ROWS = 5000
NONE_OF_IT = frozenset({"", "无", "没有", "不详", "/", "-", "—", "——", "未知"})
"""What is written into a cell of which nothing is known."""


class Result(Enum):
    """How a case went, as a ledger says it."""

    SETTLED = "调解成功"
    FAILED = "调解不成"
    WITHDRAWN = "撤回申请"
    ONGOING = "调解中"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party as a cell names it."""

    name: str
    kind: PartyKind
    count: int | None = 1


# -- one cell


def _code(typed: str) -> str:
    """A number that a ledger gives a row, in ordinary width and without blanks."""
    said = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    return words(60)(re.sub(r"\.0+$", "", said) if re.fullmatch(r"\d+\.0+", said) else said)


def _day(typed: str) -> date:
    if re.fullmatch(r"[34567]\d{4}(\.\d+)?", typed):
        raise CellFault(f"“{typed}”是 Excel 内部的日期数字，请把这一列的格式设为日期，看清是哪一天再交")
    with suppress(CellFault):
        return civil_day(_DAY_AND_TIME.sub(_iso, typed))
    return civil_day(typed)  # a fault quotes what was typed


_DAY_AND_TIME = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?[ T]?(?:\d{1,2}:\d{2}(?::\d{2})?)?")


def _iso(found: re.Match[str]) -> str:
    return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"


_SEVERAL = re.compile(r"[、，,；;/\n]")
_AND_OTHERS = re.compile(
    r"(.+?)等(?:共)?([0-9一二三四五六七八九十百两]*)(人|名|位|户|个)?(?:工人|职工|村民|员工|业主)?"
)
_BESIDES = re.compile(r"[（(][^()（）]*(?:男|女|岁|\d{4}年|先生|女士|电话|1[3-9]\d{9})[^()（）]*[)）]")


def parts_of(typed: str) -> list[str]:
    """What a cell lists, one by one."""
    return [part.strip() for part in _SEVERAL.split(typed) if part.strip()]


def names(typed: str) -> tuple[Named, ...]:
    """The parties of one side, in their order."""
    if _BESIDES.search(typed):
        raise CellFault(f"“{typed[:30]}”：姓名后面括号里的话请删去，或写到备注里")
    found = tuple(_named(part) for part in parts_of(typed))
    if not found:
        raise CellFault("没有写姓名或单位名称")
    twice = {it.name for it in found if [other.name for other in found].count(it.name) > 1}
    if twice:
        raise CellFault(f"“{sorted(twice)[0]}”写了两次；同名的两个人，请在后一个名字后面加“（二）”")
    return found


def _named(typed: str) -> Named:
    others = _AND_OTHERS.fullmatch(typed)
    kind = PartyKind.GROUP if others else PartyKind.ENTERPRISE if is_of_a_firm(typed) else PartyKind.PERSON
    try:
        name = someone("", typed, kind, system_randomness).name
    except FormFaults as fault:
        raise CellFault(fault.sentences[0]) from fault
    if others is None:
        return Named(name=name, kind=kind)
    count = whole(others[2]) if others[2] and others[3] != "户" else None  # a household is not one person
    return Named(name=name, kind=kind, count=count)


def _choice(known: Mapping[str, T], shown: Iterable[str]) -> Callable[[str], T]:
    """One of some words."""
    offered = [*shown]
    plain = {_same(word): value for word, value in known.items()}

    def read(typed: str) -> T:
        if _same(typed) not in plain:
            raise CellFault(Choices(f"“{typed[:20]}”认不出，请写成其中一个", offered))
        return plain[_same(typed)]

    return read


def _same(word: str) -> str:
    """Words as choices are compared."""
    return re.sub(r"[\s、，,。；;()（）]", "", unicodedata.normalize("NFKC", word))


def _once(many: Iterable[tuple[str, Dispute]]) -> dict[str, Dispute]:
    """Words that are said of one thing alone."""
    found: dict[str, set[Dispute]] = {}
    for word, dispute in many:
        found.setdefault(word, set()).add(dispute)
    return {word: next(iter(of)) for word, of in found.items() if len(of) == 1}


DISPUTES: Mapping[str, Dispute] = {
    **_once((word, dispute) for dispute in Dispute for word in CALLED.get(dispute.value, ())),
    **{f"{dispute.label}{end}": dispute for dispute in Dispute for end in ("", "纠纷", "争议", "类", "案件")},
    **dict.fromkeys(
        ("拖欠农民工工资", "拖欠农民工工资纠纷", "欠薪纠纷", "劳动报酬", "劳动报酬纠纷"), Dispute.LABOUR_PAY
    ),
    **dict.fromkeys(("工伤纠纷", "工伤赔偿", "工伤赔偿纠纷", "工伤事故"), Dispute.LABOUR_INJURY),
    **dict.fromkeys(("邻里关系", "相邻关系", "相邻纠纷", "相邻关系纠纷"), Dispute.NEIGHBOUR),
    **dict.fromkeys(("婚姻", "家庭", "婚姻纠纷", "家庭纠纷", "婚姻家庭继承"), Dispute.FAMILY),
    **dict.fromkeys(("宅基地纠纷", "房屋", "房屋纠纷", "房屋、宅基地纠纷"), Dispute.HOUSING),
    **dict.fromkeys(("交通事故纠纷", "交通事故赔偿", "道路交通", "道路交通事故赔偿纠纷"), Dispute.TRAFFIC),
    **dict.fromkeys(("物业管理", "物业管理纠纷", "物业服务纠纷"), Dispute.PROPERTY_MANAGEMENT),
    **dict.fromkeys(("医患纠纷", "医疗事故"), Dispute.MEDICAL),
    **dict.fromkeys(("消费者权益", "消费维权"), Dispute.CONSUMER),
    **dict.fromkeys(("债务", "债务纠纷", "借款纠纷", "货款纠纷", "经济合同"), Dispute.CONTRACT),
    **dict.fromkeys(("损害赔偿", "人身损害", "人身损害赔偿", "人身损害赔偿纠纷", "赔偿纠纷"), Dispute.DAMAGE),
}
SOURCES: Mapping[str, Source] = {
    **{source.label: source for source in Source},
    **dict.fromkeys(("申请", "当事人申请", "来访", "来电", "上门", "自行上门", "群众申请"), Source.APPLICATION),
    **dict.fromkeys(("主动介入", "主动排查", "排查", "排查发现"), Source.PROACTIVE),
    **dict.fromkeys(("公安", "派出所", "派出所移送", "公安移送", "110", "警情", "警情推送", "警调"), Source.POLICE),
    **dict.fromkeys(("法院", "法院委派", "法院委托", "诉前调解", "法院移送"), Source.COURT),
    **dict.fromkeys(("检察院", "检察院委托", "检察机关"), Source.PROCURATORATE),
    **dict.fromkeys(("信访", "接访", "接访日", "信访移送"), Source.PETITION),
    **dict.fromkeys(("交办", "上级转办", "领导交办", "12345"), Source.SUPERIOR),
    **dict.fromkeys(("网格", "网格员", "网格员上报"), Source.GRID),
    **dict.fromkeys(("企业", "企业上送", "企业调委会"), Source.ENTERPRISE),
}
RESULTS: Mapping[str, Result] = {
    **dict.fromkeys(
        ("调解成功", "成功", "达成协议", "已达成协议", "达成调解协议", "调解达成协议", "调成", "已调成", "成功调解"),
        Result.SETTLED,
    ),
    **dict.fromkeys(
        (
            *("调解不成", "不成", "不成功", "未成功", "调解不成功", "调解未成功", "失败", "调解失败", "未达成协议"),
            *("调解未达成协议", "没有达成协议", "未调成", "调解终止", "终止", "终止调解"),
        ),
        Result.FAILED,
    ),
    **dict.fromkeys(
        ("撤回申请", "撤回", "撤诉", "申请人撤回", "当事人撤回", "撤销申请", "申请人撤诉"), Result.WITHDRAWN
    ),
    **dict.fromkeys(("调解中", "正在调解", "在调", "未结", "办理中", "处理中", "进行中"), Result.ONGOING),
}
FORMS: Mapping[str, AgreementForm] = {
    **dict.fromkeys(("书面", "书面协议", "书面协议书", "调解协议书", "协议书"), AgreementForm.WRITTEN),
    **dict.fromkeys(("口头", "口头协议"), AgreementForm.ORAL),
}
EXTENTS: Mapping[str, Extent | None] = {
    **dict.fromkeys(
        (
            *("全部履行", "已履行", "履行完毕", "已全部履行", "已履行完毕", "全部履行完毕", "当场履行", "即时履行"),
            *("当场履行完毕", "履行", "已履行到位"),
        ),
        Extent.ALL,
    ),
    **dict.fromkeys(("部分履行", "已部分履行", "履行一部分"), Extent.PART),
    **dict.fromkeys(("违约", "没有按期履行", "逾期未履行", "拒不履行", "不履行", "到期未履行"), Extent.BREACHED),
    **dict.fromkeys(("未履行", "尚未履行", "没有履行", "履行中", "正在履行", "未到期", "待履行", "分期履行中"), None),
}
"""未履行 alone does not say whether it was due yet: it is kept as words, and as nothing else."""


_extent_of = _choice(EXTENTS, ("全部履行", "部分履行", "未履行", "违约"))


def _extent(typed: str) -> tuple[Extent | None, str]:
    """How far an agreement is performed, and in which words."""
    return _extent_of(typed), typed


# -- the columns

NUMBER, DAY, DISPUTE, MATTER, SOURCE = "编号", "受理日期", "纠纷类型", "简要情况", "来源"
APPLICANTS, APPLICANT_NUMBERS, APPLICANT_PHONES = "申请人", "申请人证件号码", "申请人电话"
RESPONDENTS, RESPONDENT_NUMBERS, RESPONDENT_PHONES = "被申请人", "被申请人证件号码", "被申请人电话"
CLAIMED, MEDIATOR, RESULT, SETTLED, FORM = "请求金额", "承办调解员", "调解结果", "达成协议日期", "协议形式"
AGREED, TERMS, EXTENT, PERFORMED, PAID = "协议金额", "协议内容", "履行情况", "履行日期", "已履行金额"
CLOSED, REMARK = "结案日期", "备注"


def _column(name: str, read: Callable[[str], object], *also: str, kind: Kind = Kind.WORDS, **more: object) -> Column:
    return Column(name=name, label=name, read=read, also=also, kind=kind, **more)  # type: ignore[arg-type]


_NUMBERS = "一人一个，几个人的用“、”隔开，次序与姓名一样；没有的写“无”。先把这一列设为文本再填"
LEDGER = Layout(
    title="台账",
    columns=(
        _column(
            *(NUMBER, _code, "序号", "案号", "案件编号", "登记编号", "登记号", "卷号", "卷宗号", "档案号", "案卷号"),
            required=True,
            help="这一行的编号，同一天里不能重复；录过的编号不会再录一件",
            example="2026-12",
        ),
        _column(
            *(
                DAY,
                _day,
                "受理时间",
                "登记日期",
                "登记时间",
                "收案日期",
                "收案时间",
                "立案日期",
                "申请日期",
                "申请时间",
            ),
            *("日期", "时间", "纠纷受理日期", "纠纷受理时间", "案件受理时间"),
            kind=Kind.DAY,
            required=True,
            help="2026-11-03、2026.11.3、2026年11月3日都可以",
            example="2026-11-03",
        ),
        _column(
            *(APPLICANTS, names, "申请人姓名", "申请方", "甲方", "甲方当事人", "当事人甲", "当事人甲方", "申请人甲方"),
            *("申请人名称", "投诉人", "当事人一"),
            required=True,
            help="几个人用“、”隔开；人多的写“王某等12人”",
            example="王某、李某",
        ),
        _column(
            *(APPLICANT_NUMBERS, words(300), "申请人身份证号", "申请人身份证号码", "申请人身份证", "申请人证件号"),
            *("甲方身份证号", "甲方身份证号码", "申请人统一社会信用代码"),
            kind=Kind.NUMBER,
            help=f"身份证号；单位写统一社会信用代码。{_NUMBERS}",
        ),
        _column(
            *(
                APPLICANT_PHONES,
                words(300),
                "申请人联系电话",
                "申请人手机",
                "申请人联系方式",
                "甲方电话",
                "甲方联系电话",
            ),
            kind=Kind.NUMBER,
            help=_NUMBERS,
        ),
        _column(
            *(RESPONDENTS, names, "被申请人姓名", "被申请方", "乙方", "乙方当事人", "当事人乙", "当事人乙方", "对方"),
            *("对方当事人", "被申请人名称", "被申请人乙方", "被投诉人", "当事人二"),
            help="写法同申请人；还不知道的空着",
            example="某五金厂",
        ),
        _column(
            *(RESPONDENT_NUMBERS, words(300), "被申请人身份证号", "被申请人身份证号码", "被申请人身份证"),
            *("被申请人证件号", "乙方身份证号", "乙方身份证号码", "被申请人统一社会信用代码"),
            kind=Kind.NUMBER,
            help=f"身份证号；单位写统一社会信用代码。{_NUMBERS}",
        ),
        _column(
            *(RESPONDENT_PHONES, words(300), "被申请人联系电话", "被申请人手机", "被申请人联系方式", "乙方电话"),
            *("乙方联系电话", "对方电话"),
            kind=Kind.NUMBER,
            help=_NUMBERS,
        ),
        _column(
            *(DISPUTE, _choice(DISPUTES, (it.label for it in Dispute)), "纠纷类别", "类型", "类别", "案由", "纠纷种类"),
            *("纠纷性质", "案件类型"),
            required=True,
            help=f"其中一个：{'、'.join(it.label for it in Dispute)}",
            example="邻里",
        ),
        _column(
            *(MATTER, words(2000), "简要案情", "案情", "案情简介", "纠纷简要情况", "纠纷情况", "主要内容", "事由"),
            *("纠纷事由", "基本情况", "基本案情", "纠纷简况", "主要诉求", "纠纷事实"),
            help="照原话，不改写",
        ),
        _column(
            *(SOURCE, _choice(SOURCES, (it.label for it in Source)), "案件来源", "纠纷来源", "受理方式", "受理来源"),
            help=f"其中一个：{'、'.join(it.label for it in Source)}；空着算不清楚",
        ),
        _column(
            *(CLAIMED, sum_of_money, "涉及金额", "涉案金额", "标的额", "标的金额", "诉求金额", "争议金额", "涉案标的"),
            kind=Kind.MONEY,
            help="单位是元；也可以写 3.2万",
            example="32000",
        ),
        _column(
            *(MEDIATOR, words(60), "调解员", "承办人", "主办人", "调解人", "主持调解员", "首席调解员", "经办人"),
            help="系统里有账号的，案件就归他承办；没有账号的，照原话记下",
        ),
        _column(
            *(RESULT, _choice(RESULTS, (it.value for it in Result)), "结果", "调处结果", "办理结果", "调解是否成功"),
            help=f"其中一个：{'、'.join(it.value for it in Result)}；空着算调解中",
        ),
        _column(
            *(
                SETTLED,
                _day,
                "调解日期",
                "调解时间",
                "调成日期",
                "协议日期",
                "达成协议时间",
                "签订协议日期",
                "协议时间",
            ),
            kind=Kind.DAY,
            help="调解不成、撤回的，写那一天",
        ),
        _column(FORM, _choice(FORMS, ("书面", "口头")), "协议类型", "协议种类", help="书面，或口头"),
        _column(
            *(AGREED, sum_of_money, "调解金额", "协议标的", "达成协议金额", "调成金额", "协议涉及金额"),
            kind=Kind.MONEY,
            help="单位是元；也可以写 3.2万",
        ),
        _column(
            *(TERMS, words(2000), "调解协议内容", "协议主要内容", "协议要点", "调解协议", "达成协议内容"),
            help="照原话，不改写，也不从里面读金额",
        ),
        _column(
            *(EXTENT, _extent, "协议履行情况", "履行结果"),
            *("是否履行",),
            help="全部履行、部分履行、未履行（还没有到期或不清楚），违约",
        ),
        _column(
            *(PERFORMED, _day, "履行时间", "履行完毕日期", "履行完毕时间"),
            kind=Kind.DAY,
        ),
        _column(
            *(PAID, sum_of_money, "履行金额", "已付金额", "到位金额", "实际履行金额"),
            kind=Kind.MONEY,
            help="单位是元；也可以写 3.2万",
        ),
        _column(
            *(CLOSED, _day, "结案时间", "办结日期", "办结时间", "归档日期"),
            kind=Kind.DAY,
            help="履行完毕才能结案；没有履行完的，先不写",
        ),
        _column(REMARK, words(1000), "备考", "说明", help="照原话记下"),
    ),
)
BY_NAME = {column.name: column for column in LEDGER.columns}


# -- which header means which column


def guessed(headers: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    """The name of the column by header: as the room has said before, else as its words plainly say."""
    found: dict[str, str] = {}
    named = {_bare(word): column.name for column in LEDGER.columns for word in (column.label, *column.also)}
    for header in filter(None, headers):
        name = kept.get(header, named.get(_bare(header), ""))
        found[header] = name if name in BY_NAME and name not in found.values() else ""
    return found


def known(kept: Mapping[str, str]) -> Layout:
    """The columns by every header that is known for them."""
    return replace(
        LEDGER,
        columns=tuple(
            replace(column, also=(*column.also, *(header for header, name in kept.items() if name == column.name)))
            for column in LEDGER.columns
        ),
    )


def _bare(header: str) -> str:
    """A header without its unit and whatever else stands in brackets."""
    plain = re.sub(r"[\s:：*]", "", unicodedata.normalize("NFKC", header))
    return re.sub(r"\((?:元|万元|人民币|单位:?万?元|必填|选填|年月日)\)$|\(|\)", "", plain)


def layout_of(headers: Mapping[str, str]) -> Layout:
    """The columns a ledger has, each under the header it has there."""
    by_name = {name: header for header, name in headers.items() if name}
    columns = (_under(column, by_name[column.name]) for column in LEDGER.columns if column.name in by_name)
    return Layout(title=LEDGER.title, columns=tuple(columns))


def missing(headers: Mapping[str, str]) -> list[str]:
    """The columns that are asked and that no header means."""
    return [column.label for column in LEDGER.columns if column.required and column.name not in headers.values()]


def twice(headers: Mapping[str, str]) -> list[str]:
    """The columns that several headers are said to mean."""
    meant = [name for name in headers.values() if name]
    return [name for name in dict.fromkeys(meant) if meant.count(name) > 1]


def _under(column: Column, header: str) -> Column:
    """A column as a ledger calls it; its sums in ten thousands where the header says so."""
    if column.kind is Kind.MONEY and "万元" in header:
        return replace(column, label=header, also=(), read=_in_ten_thousands)
    return replace(column, label=header, also=())


def _in_ten_thousands(typed: str) -> int:
    return sum_of_money(f"{typed}万" if re.fullmatch(r"[\d,.]+", typed) else typed)
