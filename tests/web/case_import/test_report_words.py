"""What the words of a report plainly say is read; where they leave a doubt, nothing is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.case import Case
from mediation_engine.domain.line import Provenance
from web.case_import import take_reports, term_parser, vocabulary
from web.case_import.amount_parser import one_sum
from web.case_import.file_format import checked
from workflows.vocabulary import Extent, ProceedingKind, SessionResult, TermKind

from ...support.story import NOW, Story

pytestmark = pytest.mark.quick

WANG = {"side": "applicant", "kind": "person", "name_masked": "王某", "count": 1}
FIRM = {"side": "respondent", "kind": "enterprise", "name_masked": "某五金公司", "count": 1}
BOSS = {"side": "respondent", "kind": "person", "name_masked": "某包工头", "count": 1}
PAY, ACT, CONTINGENT, ABSTAINING = TermKind.PAY, TermKind.ACT, TermKind.CONTINGENT, TermKind.ABSTAINING


@pytest.mark.parametrize(
    ("words", "fen"),
    [
        ("三万五千元", 3_500_000),
        ("3万5千元", 3_500_000),
        ("3万5000元", 3_500_000),
        ("人民币壹拾万柒仟元", 10_700_000),
        ("双方约定赔偿1.2万元", 1_200_000),
        ("1亿2000万元", 12_000_000_000),
        ("一万零五百元", 1_050_000),
        ("余款5万元", 5_000_000),
        ("1234.56元", 123_456),
        ("三万五元", None),  # 30,005 to a machine, 35,000 to a person
        ("3元5角", None),
        ("约3万元", None),
        ("3万多元", None),
        ("近3万元", None),
        ("不低于3万元", None),
        ("每月500元", None),
        ("十二家各付1000元", None),
        ("尚欠1万元", None),
        ("2000美元", None),
        ("港币5000元", None),
        ("多元化解纠纷", None),
        ("0元", None),
    ],
)
def test_a_sum_is_read_in_figures_and_words_where_it_is_exact(words: str, fen: int | None) -> None:
    assert one_sum(words) == fen


@pytest.mark.parametrize(
    ("words", "kind", "payer", "payee", "amount", "due"),
    [
        ("某五金公司于2024年2月1日前一次性赔偿王某3万元", PAY, 2, 1, 3_000_000, date(2024, 2, 1)),
        ("公司赔偿王某2.5万元,逾期另付违约金3000元", PAY, 2, 1, 2_500_000, None),
        ("任一期逾期另付违约金5000元,并可申请强制执行", CONTINGENT, None, None, None, None),
        ("王某放弃违约金14600元", ABSTAINING, None, None, None, None),
        ("公司不再支付其他费用", ABSTAINING, None, None, None, None),
        ("公司如数付清工资8000元", PAY, 2, None, 800_000, None),
        ("公司与包工头共同支付6万元", PAY, None, None, 6_000_000, None),
        ("保险公司赔付王某3万元", PAY, None, None, 3_000_000, None),
        ("王某获赔9000元", PAY, None, None, 900_000, None),
        ("公司分三期付清,每期5000元", PAY, 2, None, None, None),
        ("首期于2024-02-01前付,其余分月付清", PAY, None, None, None, None),
        ("公司于春节前付清12万元", PAY, 2, None, 12_000_000, None),
        ("公司于2024-02-01前付5000元,2024-05-01前付清余款", PAY, 2, None, None, None),
        ("申请人支付2000元", PAY, 1, None, 200_000, None),
        ("公司向王某赔礼道歉", ACT, None, None, None, None),
        ("公司恢复王某岗位", ACT, None, None, None, None),
        ("包工头代公司垫付4万元", PAY, 3, None, 4_000_000, None),
    ],
)
def test_a_term_says_who_pays_whom_what_by_when_where_that_is_plain(
    words: str, kind: TermKind, payer: int | None, payee: int | None, amount: int | None, due: date | None
) -> None:
    read = term_parser.term(words, [WANG, FIRM, BOSS], 99_999_900, alone=False)
    sides = tuple(f"party/{n}" if n else None for n in (payer, payee))
    assert (read.kind, read.payer, read.payee, read.amount, read.due) == (kind, *sides, amount, due)
    assert read.words == words


def test_money_that_may_go_to_somebody_else_names_no_payee() -> None:
    assert term_parser.term("公司支付5000元", [WANG, FIRM], None, alone=False).payee == "party/1"
    assert term_parser.term("公司支付医院医疗费5000元", [WANG, FIRM], None, alone=False).payee is None


@pytest.mark.parametrize(
    ("words", "whole"),
    [("赔偿王某", True), ("按30%赔偿王某", False), ("首期赔偿王某", False), ("赔偿王某三万元", False)],
)
def test_the_only_payment_is_the_sum_agreed_unless_its_words_say_otherwise(words: str, whole: bool) -> None:
    read = term_parser.term(f"公司{words}", [WANG, FIRM], 5_000_000, alone=True)
    assert (read.amount == 5_000_000) == whole


@pytest.mark.parametrize(
    ("words", "extent", "moved"),
    [
        ("余款全部付清", Extent.ALL, True),
        ("最后一期到账,履行完毕", Extent.ALL, False),
        ("尚未全部履行", Extent.UNREPORTED, False),
        ("未付清,尚欠1万元", Extent.PART, True),
        ("到期未付", Extent.UNREPORTED, False),
        ("首期已付", Extent.PART, True),
        ("领导监督下恢复原岗位", Extent.UNREPORTED, False),
        ("未按期履行,尚欠1万元", Extent.UNREPORTED, False),
    ],
)
def test_performance_is_as_far_as_it_is_said_to_be(words: str, extent: Extent, moved: bool) -> None:
    assert vocabulary.moves_money(words) == moved
    assert vocabulary.extent(words) in (extent, Extent.PART if "未" in words else extent)


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("第二次调解未成", SessionResult.NOT_SETTLED),
        ("未成年人由监护人陪同", SessionResult.UNREPORTED),
        ("陷入僵局,经劝说最终达成一致", SessionResult.UNREPORTED),
        ("双方当场达成协议", SessionResult.SETTLED),
        ("争取达成一致", SessionResult.UNREPORTED),
        ("多次调解未达成协议", SessionResult.NOT_SETTLED),
    ],
)
def test_the_result_of_a_session(words: str, result: SessionResult) -> None:
    assert vocabulary.result(words) is result


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("先后3次调解", 3),
        ("召开十二次会议", 12),
        ("两轮协商", 2),
        ("第三次调解", 1),
        ("多轮协商", None),
        ("十余次沟通协商", None),
        ("对九次警情逐一核实后开会", 1),
    ],
)
def test_how_many_sessions_a_step_stands_for(words: str, times: int | None) -> None:
    assert vocabulary.times(words) == times


def test_where_a_dispute_is_referred_to_and_who_confirms() -> None:
    assert vocabulary.referral("不服仲裁,向法院起诉") is ProceedingKind.LITIGATION
    assert vocabulary.referral("到信访诉求服务中心投诉") is ProceedingKind.OTHER
    assert vocabulary.referral("告知申请劳动仲裁") is ProceedingKind.ARBITRATION
    assert vocabulary.is_referral_in("法院委派至调委会")
    assert not vocabulary.is_referral_in("调解不成后起诉至法院")
    assert vocabulary.confirmation("仲裁调解后由法院司法确认") is ProceedingKind.JUDICIAL
    assert not vocabulary.is_ruling("双方在司法所签字")
    assert vocabulary.only_applied("现场完成司法确认申请") and not vocabulary.only_applied("申请后法院裁定有效")


@pytest.mark.parametrize(
    ("count", "words", "about"),
    [
        (20, "20多名债权人", True),
        (10, "亲属十多人", True),
        (20, "约20人", True),
        (20, "120多人", False),
        (18, "18人", False),
    ],
)
def test_a_head_count_is_about_where_it_is_said_so(count: int, words: str, about: bool) -> None:
    assert vocabulary.about(count, words) == about


@pytest.mark.parametrize(
    ("words", "everybody"),
    [("18人领款", True), ("118人领款", False), ("18人中5人领款", False), ("5人领款,其余18人待付", False)],
)
def test_only_a_step_that_names_all_of_a_group_speaks_for_it(words: str, everybody: bool) -> None:
    assert vocabulary.names_all(18, words) == everybody


# -- whole reports


def taken(*steps: tuple[str, str], **given: Any) -> tuple[Story, list[Case]]:
    """A small report, taken."""
    report = {
        "id": "x-1",
        "dispute_type_zh": "损害赔偿",
        "disputants": [WANG, FIRM],
        "bodies": [{"role": "host", "org": "某镇人民调解委员会"}],
        "timeline": [{"date": None, "step": step, "note_zh": note} for step, note in steps],
    } | given
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    return story, [story.door.case(name) for name in take_reports(story.door, checked([report], "x"))]


def commands(story: Story, case: Case) -> list[tuple[str | None, Provenance]]:
    return [(x.command, x.provenance) for x in story.door.history(case.id) if x.command]


def test_money_paid_before_anything_is_agreed_makes_no_second_agreement() -> None:
    _, (case,) = taken(
        ("registered", "来访"), ("performed", "先垫付5000元"), ("agreement", "谈妥"), terms_zh=["公司赔偿王某2万元"]
    )
    assert case.facts.payments["payment/1"].amount == 500_000
    assert [a.total for a in case.facts.agreements.values()] == [2_000_000]


def test_terms_and_sum_are_kept_where_no_step_tells_of_the_agreement() -> None:
    for steps in ([("registered", "来访")], [("registered", "来访"), ("performed", "当场付款")]):
        _, (case,) = taken(*steps, terms_zh=["公司赔偿王某2万元"], amount_agreed_yuan=20_000, outcome="agreed")
        (held,) = case.facts.agreements.values()
        assert held.amount == held.terms[0].amount == 2_000_000


def test_terms_that_were_never_agreed_are_noted_and_bind_nobody() -> None:
    story, (case,) = taken(("registered", "来访"), terms_zh=["公司赔偿王某2万元"], outcome="failed")
    assert not case.facts.agreements
    with story.store.read() as unit:
        assert any("公司赔偿王某2万元" in (t.words or "") for t in unit.record.texts("x-1").values())


def test_acceptance_is_assumed_only_where_a_step_needs_it() -> None:
    story, (case,) = taken(("registered", "来访"), ("visit", "先去看望"), ("referred", "告知向法院起诉"))
    assert case.phase == "intake/1"
    assert all(provenance is Provenance.REPORTED for _, provenance in commands(story, case))


def test_an_acceptance_told_of_later_is_no_second_application() -> None:
    story, (case,) = taken(("registered", "来访"), ("block_talk", "先稳住情绪"), ("accepted", "正式受理"))
    assert "RecordReapplication" not in dict(commands(story, case))


def test_a_confirmation_that_was_refused_confirms_nothing() -> None:
    _, (case,) = taken(
        ("registered", "来访"), ("agreement", "签约"), ("judicial_confirmation", "法院裁定驳回司法确认申请")
    )
    assert case.state("proceeding/1") == "dismissed"


def test_confirmation_is_applied_for_after_the_parties_signed() -> None:
    _, (case,) = taken(
        ("registered", "来访"), ("agreement", "谈妥"), ("confirmed", "双方签字"), ("judicial_confirmation", "申请确认")
    )
    assert case.state("proceeding/1") == "filed"


def test_one_side_that_signs_does_not_sign_for_the_other() -> None:
    _, (case,) = taken(("registered", "来访"), ("agreement", "谈妥"), ("confirmed", "仅一方签字"))
    assert not case.facts.confirmations


def test_a_new_application_after_the_end_opens_the_successor_as_reported() -> None:
    story, (_, second) = taken(("registered", "来访"), ("terminated", "未成"), ("registered", "再来"))
    assert commands(story, second)[0] == ("RegisterCase", Provenance.REPORTED)


def test_no_report_can_have_the_id_of_anothers_successor_or_second_host() -> None:
    hosts = [{"role": "host", "org": "甲调委会"}, {"role": "host", "org": "乙调委会"}]
    steps = ["registered", "terminated", "registered"]
    first = {
        "id": "x-1",
        "dispute_type_zh": "邻里",
        "disputants": [],
        "bodies": hosts,
        "timeline": [{"date": None, "step": s, "note_zh": None} for s in steps],
    }
    clock = FixedClock(NOW)
    story = Story(MemoryStore(clock), clock)
    both = checked([first, first | {"id": "x-1-2", "bodies": hosts[:1], "timeline": []}], "x")
    assert take_reports(story.door, both) == ["x-1", "x-1:2", "x-1-2"]
    with story.store.read() as unit:
        second = unit.register.organisation("reported-x-1-2")
        assert second is not None and second.name == "甲调委会"


def test_keys_of_ones_own_are_kept_wherever_they_stand_and_at_any_length() -> None:
    story, _ = taken(
        ("registered", "来" * 9000), disputants=[WANG | {"x_age": 70}], x_long="长" * 9000, x_list=[1, {"深": "处"}]
    )
    with story.store.read() as unit:
        words = "".join(t.words or "" for t in unit.record.texts("x-1").values())
    for said in ("来" * 9000, "长" * 9000, "disputants第1项 x_age：70", 'x_list：[1, {"深": "处"}]'):
        assert said in words
