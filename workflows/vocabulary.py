"""Labelled choices that commands offer and facts keep: one list for forms, record, pages and figures."""

from __future__ import annotations

from mediation_engine.domain.labels import Labelled


class Dispute(Labelled):
    """Types of dispute as statistics count them."""

    LABOUR_PAY = "labour_pay", "拖欠劳动报酬"
    LABOUR_INJURY = "labour_injury", "工伤待遇"
    LABOUR_OTHER = "labour_other", "其他劳动争议"
    CONTRACT = "contract", "合同"
    PRODUCTION = "production", "生产经营"
    DAMAGE = "damage", "损害赔偿"
    NEIGHBOUR = "neighbour", "邻里"
    FAMILY = "family", "婚姻家庭"
    HOUSING = "housing", "房屋宅基地"
    FOREST_LAND = "forest_land", "山林土地"
    LAND_TAKING = "land_taking", "征地拆迁"
    POLLUTION = "pollution", "环境污染"
    TOURISM = "tourism", "旅游"
    ECOMMERCE = "ecommerce", "电子商务"
    CONSUMER = "consumer", "消费"
    MEDICAL = "medical", "医疗"
    TRAFFIC = "traffic", "道路交通事故"
    PROPERTY_MANAGEMENT = "property_management", "物业"
    OTHER = "other", "其他"


CALLED = {
    Dispute.LABOUR_PAY.value: ("工资", "欠薪", "讨薪", "拖欠工资", "劳动争议", "劳动"),
    Dispute.LABOUR_INJURY.value: ("工伤", "工亡", "劳动争议", "劳动"),
    Dispute.LABOUR_OTHER.value: ("辞退", "社保", "解除合同", "劳动"),
    Dispute.CONTRACT.value: ("买卖", "借款", "货款", "借贷"),
    Dispute.DAMAGE.value: ("打架", "受伤", "人身损害"),
    Dispute.NEIGHBOUR.value: ("邻居", "相邻"),
    Dispute.FAMILY.value: ("离婚", "抚养", "赡养", "继承"),
    Dispute.HOUSING.value: ("房屋", "宅基地", "租房", "漏水"),
    Dispute.FOREST_LAND.value: ("土地", "承包地", "山林"),
    Dispute.TOURISM.value: ("旅行社",),
    Dispute.ECOMMERCE.value: ("网购", "网店"),
    Dispute.TRAFFIC.value: ("车祸", "交通事故"),
    Dispute.MEDICAL.value: ("医患", "医院"),
    Dispute.PROPERTY_MANAGEMENT.value: ("物业费", "小区"),
}
"""Words people use for a type of dispute, by its code, to find cases by; its own label is one anyway."""


class Grievance(Labelled):
    """What somebody applies about, in the words people use."""

    WAGES = "wages", "拖欠工资"
    INJURY = "injury", "上班受伤（工伤）"
    JOB = "job", "辞退、合同、社保等工作上的事"
    DAMAGE = "damage", "打架、受伤、东西被弄坏"
    TRAFFIC = "traffic", "交通事故"
    MONEY = "money", "货款、借款、买卖、承包"
    CONSUMER = "consumer", "买到的东西或服务有问题"
    NEIGHBOUR = "neighbour", "邻居之间的事"
    FAMILY = "family", "家里的事"
    HOUSING = "housing", "房子、宅基地、租房"
    OTHER = "other", "别的事"


DISPUTE_OF = {
    Grievance.WAGES: Dispute.LABOUR_PAY,
    Grievance.INJURY: Dispute.LABOUR_INJURY,
    Grievance.JOB: Dispute.LABOUR_OTHER,
    Grievance.DAMAGE: Dispute.DAMAGE,
    Grievance.TRAFFIC: Dispute.TRAFFIC,
    Grievance.MONEY: Dispute.CONTRACT,
    Grievance.CONSUMER: Dispute.CONSUMER,
    Grievance.NEIGHBOUR: Dispute.NEIGHBOUR,
    Grievance.FAMILY: Dispute.FAMILY,
    Grievance.HOUSING: Dispute.HOUSING,
    Grievance.OTHER: Dispute.OTHER,
}
"""The type that statistics count; whoever registers the case may say otherwise."""
LABOUR_DISPUTES = frozenset({Dispute.LABOUR_PAY, Dispute.LABOUR_INJURY, Dispute.LABOUR_OTHER})


class Source(Labelled):
    """How the dispute came to the room (案件来源)."""

    APPLICATION = "application", "依申请"
    PROACTIVE = "proactive", "主动调解"
    POLICE = "police", "公安推送"
    COURT = "court", "法院委派委托"
    PROCURATORATE = "procuratorate", "检察院移送"
    PETITION = "petition", "信访或接访日"
    SUPERIOR = "superior", "上级交办"
    GRID = "grid", "网格上报"
    ENTERPRISE = "enterprise", "企业调解组织上送"
    OTHER = "other", "其他"


class News(Labelled):
    """How what an item of the zone led to stands, as it is told there."""

    MEDIATING = "mediating", "调解中"
    AGREED = "agreed", "已达成协议"
    PERFORMED = "performed", "已履行"
    BREACHED = "breached", "没有按协议履行"
    FAILED = "failed", "没有调成"


class Elsewhere(Labelled):
    """A body that has already taken on or decided the same matter."""

    NONE = "none", "没有"
    COURT = "court", "法院"
    POLICE = "police", "公安机关"
    AGENCY = "agency", "其他行政机关"
    ARBITRATION = "arbitration", "仲裁机构"


class Grade(Labelled):
    """简单、一般、疑难、重大: thresholds are local policy, so a person decides."""

    SIMPLE = "simple", "简单"
    GENERAL = "general", "一般"
    DIFFICULT = "difficult", "疑难"
    MAJOR = "major", "重大"


class Danger(Labelled):
    """What may come of a dispute that escalates (统计口径：自杀、转刑事、群体性上访、械斗)."""

    SUICIDE = "suicide", "可能自杀或自伤"
    CRIME = "crime", "可能转为治安或刑事案件"
    PETITION = "petition", "可能群体性上访"
    FIGHT = "fight", "可能群体性械斗"
    OTHER = "other", "其他激化苗头"


class Side(Labelled):
    """On which side of the dispute a party stands."""

    APPLICANT = "applicant", "申请人"
    RESPONDENT = "respondent", "被申请人"
    RELATED = "related", "关系人"


class Disposition(Labelled):
    """Where an issue goes that is not agreed on."""

    COURT = "court", "向法院起诉"
    ARBITRATION = "arbitration", "申请仲裁"
    RESERVED = "reserved", "保留，今后再议"
    WAIVED = "waived", "放弃"
    WITHDRAWN = "withdrawn", "撤回"


class Presence(Labelled):
    """How a seat at the table was filled (policy: a role is present, gives its opinion in writing, or is excused)."""

    PRESENT = "present", "到会"
    WRITTEN = "written", "书面意见"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"


class SessionResult(Labelled):
    """Of one session, apart from how the talks end (人民调解记录: 调解结果)."""

    SETTLED = "settled", "调解成功"
    NOT_SETTLED = "not_settled", "调解不成"
    TO_BE_CONTINUED = "to_be_continued", "有待继续调解"
    UNREPORTED = "unreported", "不清楚"


class Conflict(Labelled):
    """What may touch a member's fairness, or that nothing does."""

    NONE = "none", "没有利害关系"
    KIN = "kin", "与一方有近亲属关系"
    INTEREST = "interest", "与争议有利害关系"
    OTHER = "other", "有其他可能影响公正的关系"


class Handling(Labelled):
    """How a member of staff takes part in handling a case."""

    LEAD = "lead", "承办调解员"
    CO_MEDIATOR = "co_mediator", "协办调解员"
    RECORDER = "recorder", "记录人"


class AgreementForm(Labelled):
    """人民调解法 第28条: on paper, or oral where the parties see no need for paper."""

    WRITTEN = "written", "书面"
    ORAL = "oral", "口头"


class SigningManner(Labelled):
    """How a party confirms a text, in one way or several (人民调解法 第29条; 劳动争议调解仲裁法 第14条)."""

    SIGNATURE = "signature", "签名"
    SEAL = "seal", "盖章"
    FINGERPRINT = "fingerprint", "按指印"
    SIGNATURE_SEAL = "signature_seal", "签名并盖章"
    SIGNATURE_FINGERPRINT = "signature_fingerprint", "签名并按指印"
    SEAL_FINGERPRINT = "seal_fingerprint", "盖章并按指印"
    ALL = "signature_seal_fingerprint", "签名、盖章并按指印"
    WRITTEN_FOR = "written_for_fingerprint", "他人代书姓名、本人按指印"
    UNREPORTED = "unreported", "不清楚"

    def has(self, *plain: SigningManner) -> bool:
        """Whether one of some plain manners is among it."""
        return not {one.value for one in plain}.isdisjoint(self.value.split("_"))

    def covers(self, other: SigningManner) -> bool:
        """Whether it is all of another manner, and perhaps more."""
        return set(other.value.split("_")) <= set(self.value.split("_"))


class OnlineMeaning(Labelled):
    """What it means that somebody confirms a text on a telephone; see `parts.online`."""

    ORAL = "oral", "口头协议，在线确认为证"
    UNSIGNED = "unsigned", "尚须签名，现在不生效"
    REPRESENTED = "represented", "同意代表人所签"


class CapacityKind(Labelled):
    """By what somebody acts for a party (民法典 第61条、第163条、第170条；企业破产法 第25条、第73条)."""

    HEAD = "head", "法定代表人或负责人"
    EMPLOYEE = "employee", "工作人员（职务代理）"
    AGENT = "agent", "委托代理人"
    GUARDIAN = "guardian", "监护人（法定代理人）"
    DELEGATE = "delegate", "推选的代表人"
    ADMINISTRATOR = "administrator", "破产管理人"
    DEBTOR = "debtor", "自行管理的债务人的负责人"


class Power(Labelled):
    """What an agent may do for its principal (民法典 第165条；民事诉讼法 第62条)."""

    TAKE_PART = "take_part", "参加调解"
    SETTLE = "settle", "和解、签协议"
    RECEIVE_MONEY = "receive_money", "代收款"
    APPLY = "apply", "申请司法确认"
    RECEIVE_PAPERS = "receive_papers", "代领文书"


class AuthorityPaper(Labelled):
    """What a capacity rests on."""

    MANDATE = "mandate", "授权委托书"
    CERTIFICATE = "certificate", "身份证明书（法定代表人、负责人）"
    POST = "post", "职务证明、介绍信"
    ELECTION = "election", "推选书"
    KINSHIP = "kinship", "户口簿、出生证明等监护关系证明"
    COURT = "court", "法院或有关机关的指定文书"
    OTHER = "other", "其他"
    NONE = "none", "还没有"
    UNREPORTED = "unreported", "不清楚"


class CapacityEnd(Labelled):
    """Why a capacity is over (民法典 第173—175条)."""

    EXPIRED = "expired", "期满或事已办完"
    REVOKED = "revoked", "被代理人取消"
    RESIGNED = "resigned", "代理人辞去"
    DEATH = "death", "死亡或丧失行为能力"
    OTHER = "other", "其他"


class Ability(Labelled):
    """Whether a party acts for itself (民法典 第18—22条). Only as far as somebody has said so."""

    FULL = "full", "完全行为能力"
    OWN_WAGES = "own_wages", "16、17岁，以自己的劳动收入为主要生活来源"
    MINOR = "minor", "16、17岁，不靠自己的劳动收入生活"
    UNDER_16 = "under_16", "不满16岁"
    INCAPABLE = "incapable", "成年，但不能完全辨认自己的行为"

    @property
    def is_full(self) -> bool:
        """Whether the party acts for itself."""
        return self in (Ability.FULL, Ability.OWN_WAGES)


class HintKind(Labelled):
    """What a clause may be about that people should look at before it is signed."""

    CRIMINAL = "criminal", "刑事责任"
    PUNISHMENT = "punishment", "保证不处罚"
    SOCIAL_INSURANCE = "social_insurance", "放弃社会保险"
    STATUS = "status", "身份关系"
    LABOUR_STATUS = "labour_status", "确认劳动关系"
    OWNERSHIP = "ownership", "物权或知识产权归属"
    THIRD_PARTY = "third_party", "处分别人的财产"
    INJURY = "injury", "放弃工伤认定或待遇"
    IN_KIND = "in_kind", "工资以实物抵付"
    INTEREST = "interest", "利息偏高"
    PENALTY = "penalty", "违约金过高"
    SUMS = "sums", "大小写金额不一致"


class TermKind(Labelled):
    """What a term of an agreement asks for: 已付抵扣 nothing any more; the last three outlive the closing of a case."""

    PAY = "pay", "付款"
    PAID = "paid", "已付抵扣"
    ACT = "act", "要做的事"
    CONTINUING = "continuing", "长期要做的事"
    CONTINGENT = "contingent", "满足条件才办的事"
    ABSTAINING = "abstaining", "不得做的事"


class PaymentGround(Labelled):
    """Why it is the payer that pays."""

    OWN = "own", "本人义务"
    MAIN_CONTRACTOR = "main_contractor", "总包先行清偿（保障农民工工资支付条例 第30条）"
    GUARANTEE = "guarantee", "担保"
    OTHER = "other", "代付"


class PaymentWay(Labelled):
    """How the payments of a batch are made."""

    PAYROLL = "payroll", "银行代发"
    TRANSFER = "transfer", "逐笔转账"
    CASH = "cash", "现金发放"


class PaidBy(Labelled):
    """How one payment was made."""

    TRANSFER = "transfer", "银行转账"
    PHONE = "phone", "微信、支付宝"
    CASH = "cash", "现金"
    OTHER = "other", "别的办法"
    UNREPORTED = "unreported", "不清楚"


class PaymentResult(Labelled):
    """What became of one payment of a batch: what is returned was not paid."""

    PAID = "paid", "成功"
    RETURNED = "returned", "退汇"


class ReturnReason(Labelled):
    """Why a bank sends money back."""

    ACCOUNT = "account", "账号错误"
    NAME = "name", "户名不符"
    CLOSED = "closed", "账户冻结或销户"
    OTHER = "other", "其他"


class Extent(Labelled):
    """How far an agreement is reported performed."""

    ALL = "all", "全部履行"
    PART = "part", "部分履行"
    BREACHED = "breached", "没有履行"
    UNREPORTED = "unreported", "不清楚"


class CohortOutcome(Labelled):
    """What became of claimants."""

    SETTLED = "settled", "已达成协议"
    PAID = "paid", "已领到"
    WITHDREW = "withdrew", "撤回"
    ELSEWHERE = "elsewhere", "另行达成协议"
    COURT = "court", "起诉或仲裁"
    EXEMPT = "exempt", "不参与分担"
    NOT_FOUND = "not_found", "无法联系"
    LISTED = "listed", "已逐人登记为当事人"


class ProceedingKind(Labelled):
    """Where a dispute or an agreement goes; the first two strengthen an agreement, each with its own window."""

    JUDICIAL = "judicial_confirmation", "司法确认"
    ARBITRAL = "arbitral_review", "仲裁审查确认（请仲裁委审查协议，换成仲裁调解书）"
    LITIGATION = "litigation", "诉讼"
    ARBITRATION = "arbitration", "仲裁"
    PAYMENT_ORDER = "payment_order", "支付令"
    ENFORCEMENT = "enforcement", "强制执行"
    OTHER = "other", "其他机关处理"


class ProceedingEffect(Labelled):
    """What a decision does to the agreement."""

    NONE = "none", "不涉及协议"
    CONFIRMS = "confirms", "维持协议"
    VARIES = "varies", "变更协议"
    SUPERSEDES = "supersedes", "取代协议"
    SETS_ASIDE = "sets_aside", "撤销协议"


class ExhibitKind(Labelled):
    """What a photo, a scan or a paper is."""

    IDENTITY = "identity", "身份证明"
    AUTHORITY = "authority", "授权"
    EVIDENCE = "evidence", "证据"
    MINUTES = "minutes", "笔录"
    SIGNED = "signed", "协议书签署件"
    RECEIPT = "receipt", "付款凭证"
    VISIT = "visit", "走访照片"
    OTHER = "other", "其他"


class DeliveredPaper(Labelled):
    """What is handed or sent to somebody; by the codes of the papers that the room makes, as far as it makes them."""

    RIGHTS = "rights", "权利义务告知书"
    INQUIRY = "inquiry", "征求意见书"
    SUMMONS = "summons", "调解会通知"
    REFUSAL = "refusal", "不予受理通知书"
    AGREEMENT = "agreement", "协议书"
    TERMINATION = "termination", "终止告知"
    RULING = "ruling", "法院、仲裁委的文书"
    OTHER = "other", "其他（写明名称）"


class DeliveryManner(Labelled):
    """How a paper goes to somebody."""

    HANDED = "handed", "当面交付"
    POSTED = "posted", "邮寄"
    CHAT = "chat", "微信"
    MESSAGE = "message", "短信"
    MAIL = "mail", "邮箱"
    FORWARDED = "forwarded", "托人转交"


class Receiver(Labelled):
    """Who signed for it."""

    SELF = "self", "本人"
    AGENT = "agent", "代理人或代表"
    FAMILY = "family", "同住的成年家属"
    CLERK = "clerk", "单位负责收件的人"
    OTHER = "other", "其他人代收"


class Undelivered(Labelled):
    """Why a paper did not arrive."""

    REFUSED = "refused", "拒绝签收"
    MOVED = "moved", "地址不对或已搬走"
    NOBODY = "nobody", "没有人收"
    OTHER = "other", "其他（写明）"


class LoanPurpose(Labelled):
    """For what somebody looks into a dossier."""

    REVIEW = "review", "案卷评查、检查"
    PETITION = "petition", "信访、复核"
    COURT = "court", "诉讼、仲裁、司法确认"
    PARTY = "party", "当事人查阅"
    ARCHIVE = "archive", "移交、整理归档"
    OTHER = "other", "其他（写明）"


class VisitKind(Labelled):
    """What a visit is for: two things, with figures of their own."""

    FOLLOW_UP = "follow_up", "走访（回访）"
    QUALITY = "quality", "质量回访"


class DayPart(Labelled):
    """When on its day somebody is visited."""

    ANY = "any", "不限"
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"
    EVENING = "evening", "晚上"


class Satisfaction(Labelled):
    """What somebody says who was asked whether he is satisfied; who did not answer counts nowhere."""

    NOT_ASKED = "not_asked", "没有问或没有回答"
    SATISFIED = "satisfied", "满意"
    FAIRLY = "fairly", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class Reply(Labelled):
    """A yes or a no to a question, where it was asked."""

    NOT_ASKED = "not_asked", "没有问或没有回答"
    YES = "yes", "是"
    NO = "no", "否"


class DossierPlace(Labelled):
    """Where a paper lies in the dossier of a case (一案一卷), in order."""

    APPLICATION = "application", "1 申请书或受理登记表"
    RIGHTS = "rights", "2 权利义务告知书"
    IDENTITY = "identity", "3 当事人身份证明"
    AUTHORITY = "authority", "4 授权委托书"
    INQUIRY = "inquiry", "5 调查记录"
    EVIDENCE = "evidence", "6 证据材料"
    MINUTES = "minutes", "7 调解记录"
    AGREEMENT = "agreement", "8 协议书"
    RECEIPT = "receipt", "9 收条、汇款单等履行凭证"
    VISIT = "visit", "10 回访记录"
    CONFIRMATION = "confirmation", "11 司法确认有关材料"
    NOTES = "notes", "12 卷宗情况说明"
