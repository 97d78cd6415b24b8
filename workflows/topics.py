"""What the staff are told: of what falls due by its kind, of events by their names. Decides nothing; names nobody.

What is not here goes to whoever handles the case, under the label of the event.
"""

from __future__ import annotations

from collections.abc import Mapping

from mediation_engine.domain.message import HANDLERS, Audience, Topic

MEDIATOR, LEAD = frozenset({Audience.MEDIATOR}), frozenset({Audience.LEAD})
ALL = HANDLERS | LEAD

TOPICS: Mapping[str, Topic] = {
    # what falls due
    "obligation": Topic(
        words="该履行了", to=MEDIATOR, step="RecordPerformance", past_step="UrgePerformance", begins="RecordPayment"
    ),
    "visit": Topic(words="该走访了", to=MEDIATOR, step="RecordVisit"),
    "session": Topic(words="今天开会，开完请记录", to=MEDIATOR, step="RecordSession"),
    "loan": Topic(words="借出的案卷该还了", to=MEDIATOR, step="ReturnDossier"),
    # events: what the lead answers for, too
    "ApplicationSubmitted": Topic(words="有新的调解申请，请看过登记", to=LEAD, step="RegisterCase"),
    "RiskRaised": Topic(words="有激化风险，请马上处理", to=ALL, urgent=True),
    "CaseTransferred": Topic(to=ALL),
    "EntrustmentEnded": Topic(words="委托的走访没有办，已收回，请另作安排", to=MEDIATOR, step="RecordVisit"),
    "VisitMade": Topic(words="别人走访过了，请看结果", to=MEDIATOR),
    "MediationTerminated": Topic(to=ALL),
    "CaseSuspended": Topic(to=ALL),
    "ObligationBreached": Topic(words="义务被违反，请督促履行", to=ALL, step="UrgePerformance"),
    "PaymentAcknowledged": Topic(words="当事人说钱收到了，已入账，请核对", to=MEDIATOR),
    "PaymentDisputed": Topic(words="当事人说一笔钱没有收到，请核实", to=MEDIATOR, urgent=True, step="UpholdPayment"),
    "MediationRefused": Topic(words="当事人不想再调解了，请联系他", to=ALL, step="RecordCall"),
    "StatementMade": Topic(words="当事人有话要说，请看", to=MEDIATOR, step="ReadStatement"),
    "ExhibitHandedIn": Topic(words="当事人提交了材料，请看", to=MEDIATOR),
    "CorrectionAsked": Topic(words="当事人说登记的资料有误，请核对、答复", to=MEDIATOR, step="CloseDataRequest"),
    "QuestionsAnswered": Topic(words="当事人自己填了回访问卷，请看", to=LEAD),
    "ChangeAsked": Topic(words="当事人要求更换调解员，请室主任决定", to=LEAD, step="GrantChange"),
    "MediatorRecused": Topic(words="调解员已回避，请另行指定", to=ALL, step="AssignMediator"),
    "VisitRaised": Topic(words="走访几次没有见到人，请室主任决定换人、换时间", to=LEAD, step="MoveVisit"),
    "ConflictDisclosed": Topic(to=ALL),
    "CapacityDisowned": Topic(to=ALL),
    "OnlineConfirmed": Topic(words="当事人已在线确认，请看有没有提示", to=MEDIATOR),
    "ObjectionRaised": Topic(words="当事人对协议有意见，请看过再改", to=MEDIATOR, urgent=True, step="AmendAgreement"),
    "OnlineVoided": Topic(words="协议改过，原来的在线确认作废，请打电话告诉当事人", to=MEDIATOR, step="RecordCall"),
    "SigningDenied": Topic(to=ALL),
    "AuthorityLost": Topic(to=ALL),
    "EffectEnded": Topic(to=ALL),
    "AgreementRevoked": Topic(to=ALL),
    "ConfirmationLifted": Topic(to=ALL),
    "ConfirmationObjected": Topic(to=ALL),
    "CaseHandedOver": Topic(to=ALL),
    "RaisedToConsultation": Topic(to=ALL),
    "ConsultationConvened": Topic(to=ALL),
}
"""By kind of what falls due, and by name of the event."""
