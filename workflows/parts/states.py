"""The states of the small machines: what somebody's rights or duties depend on, and nothing else."""

from __future__ import annotations

from mediation_engine.domain.labels import Labelled


class PartyState(Labelled):
    """A refusing party bars joint sessions with it; one that has left is neither signer nor obstacle."""

    ENGAGED = "engaged", "参加调解"
    REFUSING = "refusing", "拒绝调解"
    LEFT = "left", "已退出"


class CapacityState(Labelled):
    """Only a standing one is acted in; what was signed in an ended one stands, in a disowned one it does not."""

    STANDING = "standing", "有效"
    ENDED = "ended", "已终止"
    REPLACED = "replaced", "已由他人接替"
    DISOWNED = "disowned", "被否认"


class AssignmentState(Labelled):
    """Who stands for a case reads what is private in it; of an ended one it stays on record that it was."""

    STANDING = "standing", "承办中"
    CHALLENGED = "challenged", "有人要求更换"
    HANDED_OVER = "handed_over", "已移交"
    REPLACED = "replaced", "已更换"
    RECUSED = "recused", "已回避"
    ENDED = "ended", "已结束"


class IssueState(Labelled):
    """Talks go on about an open one only."""

    OPEN = "open", "待解决"
    SETTLED = "settled", "已有协议"
    DECIDED = "decided", "已由裁判解决"
    DISPOSED = "disposed", "另行处理"


class BlockState(Labelled):
    """Whether this side can meet the others yet."""

    OPEN = "open", "分头沟通中"
    READY = "ready", "可以坐下来谈了"
    SETTLED = "settled", "工作做通了"
    BLOCKED = "blocked", "谈不拢"


class SessionState(Labelled):
    """Only a planned one can still be called off."""

    SCHEDULED = "scheduled", "已安排"
    HELD = "held", "已召开"
    CALLED_OFF = "called_off", "已取消"


class AgreementState(Labelled):
    """What the parties may rely on: a word, a text to sign, a binding agreement, one that has been performed."""

    REACHED = "reached", "已谈妥"
    DRAFTED = "drafted", "待签署"
    EFFECTIVE = "effective", "已生效"
    PERFORMED = "performed", "已履行完毕"
    SUPERSEDED = "superseded", "已被替代"
    REVOKED = "revoked", "已被撤销"
    ABANDONED = "abandoned", "未签成"


CAME_TO_NOTHING = (AgreementState.SUPERSEDED, AgreementState.REVOKED, AgreementState.ABANDONED)
"""Nobody is bound any more by an agreement that has ended so."""


class ConfirmationState(Labelled):
    """Only a given one counts towards effect."""

    AWAITED = "awaited", "待确认"
    ONLINE = "online", "已在线确认"
    OBJECTED = "objected", "有意见"
    GIVEN = "given", "已确认"
    HELD = "held", "待追认"
    DENIED = "denied", "否认签署"
    DECLINED = "declined", "拒绝签署"
    VOID = "void", "已作废"


TO_SIGN = (ConfirmationState.AWAITED, ConfirmationState.ONLINE, ConfirmationState.OBJECTED)
"""Those in which a signature is still to come."""


class ProceedingState(Labelled):
    """Only a confirmed agreement can be enforced; “referred” is not the end of a dispute."""

    FILED = "filed", "已申请"
    CONFIRMED = "confirmed", "已获确认"
    OBJECTED = "objected", "确认有异议"
    DISMISSED = "dismissed", "驳回或未获确认"
    RETURNED = "returned", "退回或委托调解"
    SETTLED_THERE = "settled_there", "在该程序中和解"
    DECIDED = "decided", "已裁判"
    WITHDRAWN = "withdrawn", "已撤回"


class ObligationState(Labelled):
    """A breached one opens the remedies; a held one is nobody's default; a lapsed one binds nobody any more."""

    WAITING = "waiting", "待代收到账"
    PENDING = "pending", "待履行"
    HELD = "held", "待收款人领取"
    BREACHED = "breached", "违约"
    PERFORMED = "performed", "已履行"
    LAPSED = "lapsed", "已免除或失效"


class MemberState(Labelled):
    """A recused member neither sits nor counts; nor does one with a conflict that the parties have not accepted."""

    INVITED = "invited", "已邀请"
    SEATED = "seated", "已加入"
    RECUSED = "recused", "已回避"
    LEFT = "left", "已退出"


class CohortState(Labelled):
    """A cohort that is still owed an answer keeps a case open."""

    OPEN = "open", "未了"
    ENDED = "ended", "已有结果"


class SuspensionState(Labelled):
    """While a case is suspended nothing new is arranged."""

    SUSPENDED = "suspended", "中止"
    RESUMED = "resumed", "已恢复"


class ExtensionState(Labelled):
    """Only what all have agreed to is an extension."""

    LACKING = "lacking", "尚未全体同意"
    AGREED = "agreed", "各方同意延长"


class OriginState(Labelled):
    """Nothing is to be done about it: what becomes of the case goes back of itself."""

    LINKED = "linked", "已相连"


class RiskState(Labelled):
    """A risk may have to be reported at once (人民调解法 第25条)."""

    RAISED = "raised", "有激化风险"
    REPORTED = "reported", "已报告"
    EASED = "eased", "已缓解"


class HostState(Labelled):
    """Which body leads the case; others assist."""

    LEADING = "leading", "主办"
    ASSISTING = "assisting", "协办"
    HANDED_OVER = "handed_over", "已移交"


class AttemptState(Labelled):
    """Somebody else's earlier attempt; it trips no rule of ours."""

    RECORDED = "recorded", "已记录"


class NoteState(Labelled):
    """A note is there, and that is all."""

    RECORDED = "recorded", "已记录"


class CallState(Labelled):
    """A call was made, and that is all."""

    RECORDED = "recorded", "已记录"


class StatementState(Labelled):
    """What a party has sent itself waits to be read."""

    NEW = "new", "还没有看"
    READ = "read", "已看过"


class DataRequestState(Labelled):
    """A request about somebody's data waits for an answer."""

    WAITING = "waiting", "待处理"
    ANSWERED = "answered", "已答复"


class ExhibitState(Labelled):
    """One that was superseded or withdrawn is kept, and counts no more."""

    FILED = "filed", "已收存"
    SUPERSEDED = "superseded", "已被替换"
    WITHDRAWN = "withdrawn", "已撤回"


class DeliveryState(Labelled):
    """A paper that came back can be sent once more: that is another delivery."""

    SENT = "sent", "已送出"
    RECEIVED = "received", "已签收"
    UNDELIVERED = "undelivered", "没有送到"


class LoanState(Labelled):
    """What is out has to come back; what was looked at in the room never left."""

    CONSULTED = "consulted", "已查阅"
    LENT = "lent", "借出未还"
    RETURNED = "returned", "已归还"


class ErasureState(Labelled):
    """Words were erased, and stay so."""

    ERASED = "erased", "已删除"


class GradingState(Labelled):
    """Grade and track can change, with reasons."""

    SET = "set", "已确定"


class PaymentState(Labelled):
    """A disputed, returned or struck payment counts for nothing; a returned one can be made anew."""

    RECORDED = "recorded", "已入账"
    RETURNED = "returned", "退汇"
    DISPUTED = "disputed", "有异议"
    STRUCK = "struck", "已冲销"


class BatchState(Labelled):
    """What became of a batch stands on its payments."""

    RECORDED = "recorded", "已入账"


class VisitState(Labelled):
    """Overdue is not a state: it is computed from the day and today."""

    SCHEDULED = "scheduled", "待走访"
    ENTRUSTED = "entrusted", "已委托走访"
    TO_BE_ASKED = "to_be_asked", "待质量回访"
    DONE = "done", "已走访"
    CANCELLED = "cancelled", "已取消"


VISIT_AHEAD = (VisitState.SCHEDULED, VisitState.ENTRUSTED)
"""Of a visit that is still to be made, by whomever."""
