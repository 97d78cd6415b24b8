"""五方: the five parties to a joint consultation, Reading A of the founding article; each is a plug-in.

The article names 喜哥调解室 as the host, 女人e家工作站 and 和事嫂调解团 beside it. Which forces make up the five is
open to more than one reading, so they are installed, not enumerated.
"""

from mediation_engine.domain.roles import Role

HOST = Role(
    code="host",
    label="调解组织方",
    help="主持、记录、提出方案、制作协议、走访；不裁决，不收费",
    bodies=("喜哥调解室", "女人e家工作站", "和事嫂调解团"),
    can_host=True,
    needs_consent=False,
    sees_private=True,
)

JUSTICE = Role(
    code="justice",
    label="公检法机关",
    help="释法、控制风险、指导司法确认；不在会上裁判",
    bodies=("派出所", "检察院", "法院", "司法所"),
    public_organ=True,
)

DEPARTMENT = Role(
    code="department",
    label="行政职能部门",
    help="说明政策、提供事实、指明执法途径；不以执法交换和解",
    bodies=("劳动保障办公室", "市场监管", "综合行政执法", "工会", "妇联"),
    public_organ=True,
)

MENTOR = Role(
    code="mentor",
    label="社会基层治理导师",
    help="提出中立的专门意见；没有决定权",
    bodies=("乡贤", "老干部", "行业专家", "律师"),
)

DISPUTANTS = Role(
    code="disputants",
    label="当事人及关系人",
    help="陈述、提出与接受方案、签署",
    can_give_opinion=False,
    can_sign=True,
    is_disputant_side=True,
    needs_consent=False,
    counts_for_quorum=False,
    owes_confidentiality=False,
)
