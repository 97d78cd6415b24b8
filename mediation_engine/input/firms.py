"""Whether a name ends as those of firms and bodies do: 厂, 公司, 合作社, 村委会. A hint for forms; decides nothing."""

from __future__ import annotations

ENDINGS = (
    *("厂", "公司", "集团", "店", "商行", "商场", "超市", "市场", "经营部", "营业部", "工作室", "项目部", "工程队"),
    *("合作社", "合作联社", "经济社", "村委会", "居委会", "委员会", "业委会", "协会", "商会", "工会", "基金会"),
    *("学校", "小学", "中学", "幼儿园", "医院", "卫生院", "诊所", "银行", "信用社", "事务所", "研究所", "研究院"),
    *("派出所", "政府", "办事处", "管理局", "管理所", "宾馆"),
)
ALSO_OF_PEOPLE = ("建设", "建筑", "建工", "物业", "中心", "实业", "科技", "五金")
"""With these a name of four characters or more ends that is a firm's; 王建设 is a person."""
LONGEST_OF_A_PERSON = 3


def is_of_a_firm(name: str) -> bool:
    """Whether somebody so called is no single person, but a firm or a body."""
    plain = name.strip()
    return plain.endswith(ENDINGS) or (len(plain) > LONGEST_OF_A_PERSON and plain.endswith(ALSO_OF_PEOPLE))
