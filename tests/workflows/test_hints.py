"""Hints drawn from the words: at drafting and before sealing, answered and recorded, never the words themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import json

from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import Provenance
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from workflows.hints import HINTS, found_in
from workflows.parts.agreement import (
    AffixSeal,
    AmendAgreement,
    DraftAgreement,
    HintAnswer,
    ReachAgreement,
    SignAsMediator,
)
from workflows.vocabulary import HintKind

from ..support.story import PAY, Story

pytestmark = pytest.mark.quick

BOTH = ("party/1", "party/2")
DRAFT = "agreement/1"
SAID: dict[HintKind, tuple[str, ...]] = {
    HintKind.PUNISHMENT: ("派出所不再处罚甲方", "公安机关不予处罚", "保证甲方不被拘留"),
    HintKind.CRIMINAL: (
        *("不再追究法律责任", "撤回报案", "免除刑责", "乙方不再追究甲方的刑事责任"),
        *("双方同意撤案", "出具谅解，不追究打人的犯罪"),
    ),
    HintKind.SOCIAL_INSURANCE: (
        *("不为乙方缴纳社保", "不购买社保", "无需缴纳社会保险", "社保折算成现金"),
        *("乙方自愿放弃社会保险", "社保部分乙方不再主张", "公司不缴养老保险，折成现金"),
    ),
    HintKind.STATUS: (*("双方同意离婚", "孩子的抚养权归女方", "解除收养，断绝父子关系"),),
    HintKind.LABOUR_STATUS: (
        *("双方不构成劳动关系", "双方确认不存在劳动关系", "视为没有劳动关系", "公司承认与乙方有劳动关系"),
    ),
    HintKind.OWNERSHIP: (
        *("房子归女方", "厂房归甲方", "车归乙方", "该房屋归乙方所有"),
        *("三亩山林过户给乙方", "专利属于甲方"),
    ),
    HintKind.THIRD_PARTY: (
        *("以岳父名下房产抵偿", "以其父亲名下的房子抵给乙方", "他人的车辆归乙方", "用妻子的存款赔"),
    ),
    HintKind.INJURY: (*("不做工伤认定", "乙方放弃工伤认定", "工伤待遇乙方不再主张", "不申请工伤"),),
    HintKind.IN_KIND: (*("以房抵付工资", "工资以产品抵付", "剩余工钱用两台机器顶", "货物抵工资"),),
    HintKind.INTEREST: (
        *("月息二分", "月利率百分之五", "按月5%计息", "月2%"),
        *("年利率３０％", "日千分之五", "日万分之二十", "每逾期一日支付5%违约金"),
        *("逾期按月利率10%计息", "月息2分", "每日1%计付", "年利率24%"),
        *("每月付5%",),
    ),
    HintKind.PENALTY: (
        *("双倍返还", "加倍支付", "按200%支付", "违约金为欠款的五倍"),
        *("按3倍支付", "数倍赔偿"),
    ),
    HintKind.SUMS: (
        *(
            "付叁拾万元整（￥30000）",
            "人民币壹万贰仟元整，即 ￥21,000.00",
            "三十万元（30000元）",
            "￥30,000（大写：叁拾万）",
        ),
    ),
}
PLAIN = (
    "履行后双方向公安机关申请不予处罚",
    "某厂于2026年12月31日前付给王某工资￥12,000.00，打到本人银行卡",
    "付叁万元整（￥30000）",
    "人民币壹万贰仟元整，即 12,000 元",
    "付1.2万元，大写壹万贰仟元整",
    "逾期按年利率3.45%计息",
    "月利率0.3%",
    "某厂依法补缴社会保险",
    "工伤待遇按鉴定结论支付",
    "双方今后互不打扰，不在通道堆放木料",
    "每日上班八小时，加班费按1.5倍计算",
    "退还工具一套，当面道歉",
    "打到工商银行账号6222021234567890123，身份证号330106198001011234",
    "￥" + "9" * 400,
    "拾万元整（100000元）",
    "加班费按2倍支付",
    "返还房屋押金2000元，归还钥匙",
    "房屋租金归甲方收取",
    "双方没有其他争议，劳动关系存续期间工资已结清",
    "公司补缴社会保险后，双方不再主张",
    "12月31日前付5%的尾款",
    "每月15日付1000元",
    "付壹万贰仟元整，2026年12月31日前付清",
    "分3期，每期壹万元整，共30000元",
    "房租付到月底，房屋当日交还",
)


@pytest.mark.parametrize(("kind", "words"), [(k, w) for k, some in SAID.items() for w in some])
def test_a_clause_that_should_be_looked_at_is_hinted_at(kind: HintKind, words: str) -> None:
    assert kind in [hint.kind for hint in found_in([words])]


@pytest.mark.parametrize("words", PLAIN)
def test_an_ordinary_clause_gives_no_hint(words: str) -> None:
    assert found_in([words]) == []


def test_every_kind_has_one_rule_with_its_basis_and_examples() -> None:
    assert [hint.kind for hint in HINTS] == list(dict.fromkeys(h.kind for h in HINTS))
    assert {hint.kind for hint in HINTS} == set(HintKind) == set(SAID)
    assert all(hint.basis and hint.means for hint in HINTS)


def reached(story: Story, words: str) -> Story:
    story.accepted().do(ReachAgreement(terms=(replace(PAY, words=Text(words)),)))
    return story


def hinted(refused: pytest.ExceptionInfo[GuardRefused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


def answers(*kinds: HintKind, note: str | None = None) -> tuple[HintAnswer, ...]:
    return tuple(HintAnswer(hint=kind, note=Text(note) if note else None) for kind in kinds)


def test_a_text_is_drafted_once_every_hint_is_answered(story: Story) -> None:
    reached(story, "月息2分，按3倍支付")
    with pytest.raises(GuardRefused, match="已看过") as refused:
        story.do(DraftAgreement(signers=BOTH), DRAFT)
    assert hinted(refused) == {"hint_interest", "hint_penalty"}
    with pytest.raises(GuardRefused) as refused:
        story.do(DraftAgreement(signers=BOTH, hints=answers(HintKind.PENALTY)), DRAFT)
    assert hinted(refused) == {"hint_interest"}
    story.do(DraftAgreement(signers=BOTH, hints=answers(HintKind.PENALTY, HintKind.INTEREST)), DRAFT)
    assert story.state(DRAFT) == "drafted"


def test_what_binds_nobody_takes_a_note(story: Story) -> None:
    reached(story, "乙方自愿放弃社会保险")
    with pytest.raises(GuardRefused, match="写明理由"):
        story.do(DraftAgreement(signers=BOTH, hints=answers(HintKind.SOCIAL_INSURANCE)), DRAFT)
    story.do(DraftAgreement(signers=BOTH, hints=answers(HintKind.SOCIAL_INSURANCE, note="已告知无效，双方坚持")), DRAFT)


def test_before_the_seal_the_lead_is_asked_again(story: Story) -> None:
    reached(story, "月息2分").do(DraftAgreement(signers=BOTH, hints=answers(HintKind.INTEREST)), DRAFT)
    story.confirm("confirmation/1", "confirmation/2")
    story.do(SignAsMediator(), DRAFT)
    with pytest.raises(GuardRefused) as refused:
        story.do(AffixSeal(), DRAFT, by=Office.LEAD)
    assert hinted(refused) == {"hint_interest"}
    story.do(AffixSeal(hints=answers(HintKind.INTEREST)), DRAFT, by=Office.LEAD)
    assert story.state(DRAFT) == "effective"


def test_an_amended_clause_is_asked_about_and_a_mended_one_is_not(story: Story) -> None:
    reached(story, "工资以产品抵付").do(DraftAgreement(signers=BOTH, hints=answers(HintKind.IN_KIND)), DRAFT)
    with pytest.raises(GuardRefused):
        story.do(AmendAgreement(words=Text("双方同意离婚")), DRAFT)
    story.do(AmendAgreement(terms=(replace(PAY, words=Text("工资以现金支付")),)), DRAFT)
    assert story.case.facts.agreements[DRAFT].text_version == 2


def test_the_record_has_the_hints_and_answers_and_no_word(story: Story) -> None:
    reached(story, "月息2分").do(DraftAgreement(signers=BOTH, hints=answers(HintKind.INTEREST, note="已核对")), DRAFT)
    [drafted] = [line for line in story.lines if line.event == "AgreementDrafted"]
    kinds = [row["hint"] for row in json.decode(drafted.given)["hints"]]
    assert kinds == ["interest"]
    assert "月息" not in repr([line.given for line in story.lines])


def test_what_an_import_assumes_is_not_asked_about(story: Story) -> None:
    reached(story, "月息2分").do(DraftAgreement(signers=BOTH), DRAFT, provenance=Provenance.ASSUMED)
    assert story.state(DRAFT) == "drafted"
