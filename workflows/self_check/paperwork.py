"""文书是否标准: signatures, texts, and papers that do not say what the record says (人民调解法 第29条)."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.self_check import CheckFinding, CheckReading, Mend, Weight

from ..facts import Confirmation, facts_of
from ..papers.dossier import filed
from ..parts.agreement import AmendAgreement, DraftAgreement
from ..parts.delivery import DeliverPaper
from ..parts.exhibit import FileExhibit
from ..parts.queries import binds
from ..parts.states import ConfirmationState, DeliveryState, ExhibitState
from ..vocabulary import AgreementForm, DeliveredPaper, DossierPlace, ExhibitKind
from .heads import CheckHead, marked, rule


def _in_dispute(reading: CheckReading) -> Iterator[CheckFinding]:
    """Signatures that somebody denies, or that were given without authority, to what is in effect."""
    case = reading.case
    for key, it in facts_of(case).confirmations.items():
        if not binds(case, it.agreement) or not case.is_in(key, ConfirmationState.DENIED, ConfirmationState.HELD):
            continue
        name, of = reading.thing(it.party), reading.numbered(it.agreement)
        step = "RatifyConfirmation" if case.is_in(key, ConfirmationState.HELD) else "RecordGenuine"
        words = f"{of}已生效，{name}的签署现在是“{reading.state(key)}”，没有了结"
        yield CheckFinding(about=key, words=words, mends=(Mend(step=step, on=(key,)),))


def _copy_older(reading: CheckReading) -> Iterator[CheckFinding]:
    """A signed paper that was filed before the text it is to be of was made."""
    case, facts = reading.case, facts_of(reading.case)
    made = {line.instance: line.version for line in reading.steps(DraftAgreement, AmendAgreement)}
    for line in reading.steps(FileExhibit):
        held = filed(case).get(line.instance)
        for agreement in held.about if held and held.kind is ExhibitKind.SIGNED else ():
            if agreement in facts.agreements and line.version < made.get(agreement, 0):
                of = reading.numbered(agreement)
                words = f"{reading.numbered(line.instance)}是{of}现在这一版拟定以前收存的，可能是旧文本的签署件"
                given = {"kind": ExhibitKind.SIGNED.code, "agreement": agreement}
                yield CheckFinding(about=line.instance, words=words, mends=(Mend(step="FileExhibit", given=given),))


def _sheet_gone(reading: CheckReading) -> Iterator[CheckFinding]:
    case, facts = reading.case, facts_of(reading.case)
    for key, it in facts.confirmations.items():
        gone = it.sheet is not None and case.is_in(it.sheet, ExhibitState.WITHDRAWN)
        if gone and _is_given(reading, key, it):
            words = f"{reading.thing(it.party)}的签署依据{reading.numbered(it.sheet or '')}，这件材料已撤回"
            given = {"kind": ExhibitKind.SIGNED.code, "agreement": it.agreement}
            yield CheckFinding(about=key, words=words, mends=(Mend(step="FileExhibit", given=given),))


def _is_given(reading: CheckReading, key: str, it: Confirmation) -> bool:
    return reading.case.is_in(key, ConfirmationState.GIVEN) and binds(reading.case, it.agreement)


def _oral_though_owed(reading: CheckReading) -> Iterator[CheckFinding]:
    """Oral, though there is something to be done later: policy, after local regulations (宁波市人民调解条例)."""
    facts = facts_of(reading.case)
    for key, held in facts.agreements.items():
        oral = held.form is AgreementForm.ORAL and binds(reading.case, key)
        later = [o for o in facts.obligations.values() if o.agreement == key and o.due and held.effective]
        day = held.effective.last_day() if held.effective else None
        if oral and day is not None and any(o.due > day for o in later if o.due):
            words = f"{reading.numbered(key)}是口头协议，约定以后才履行：没有书面协议，以后难以查对和申请确认"
            yield CheckFinding(about=key, words=words)


def _came_back(reading: CheckReading) -> Iterator[CheckFinding]:
    """A paper that did not arrive, and that nobody has delivered since."""
    case, facts = reading.case, facts_of(reading.case)
    arrived = {(it.paper, it.party) for key, it in facts.deliveries.items() if case.is_in(key, DeliveryState.RECEIVED)}
    for key, it in facts.deliveries.items():
        if case.is_in(key, DeliveryState.UNDELIVERED) and (it.paper, it.party) not in arrived:
            words = f"{reading.thing(it.party)}的{it.paper.label}没有送到，也没有再送"
            given = {"paper": it.paper.code, "party": it.party}
            yield CheckFinding(about=key, words=words, mends=(Mend(step=DeliverPaper.name(), given=given),))


def _notice_not_handed_over(reading: CheckReading) -> Iterator[CheckFinding]:
    """Told of other remedies at the end of talks that came to nothing, and nothing says that the paper arrived."""
    case, facts = reading.case, facts_of(reading.case)
    notices = (k for k, it in facts.deliveries.items() if it.paper is DeliveredPaper.TERMINATION)
    arrived = {facts.deliveries[key].party for key in notices if case.is_in(key, DeliveryState.RECEIVED)}
    signed = {it.party for it in filed(case).values() if it.place is DossierPlace.AGREEMENT and it.party}
    for key, party in facts.parties.items():
        if facts.closed and party.remedy_told and not _settled(reading) and key not in arrived | signed:
            words = f"告知了{reading.thing(key)}其他救济途径，没有终止告知书的送达记录，也没有收存签收件"
            given = {"paper": DeliveredPaper.TERMINATION.code, "party": key}
            yield CheckFinding(about=key, words=words, mends=(Mend(step=DeliverPaper.name(), given=given),))


def _settled(reading: CheckReading) -> bool:
    return any(binds(reading.case, key) for key in facts_of(reading.case).agreements)


RULES = (
    rule(
        code="marked_papers",
        label="文书和签署注明的瑕疵",
        tells="会议、授权、协议、签署各步记录时就注明不合规的；修改过的协议只看现在这一版",
        basis="人民调解法 第29条",
        head=CheckHead.PAPERS,
        weight=Weight.MIDDLE,
        finds=marked("session", "member", "capacity", "confirmation", "agreement", "extension", "delivery", "loan"),
    ),
    rule(
        code="signature_in_dispute",
        label="签署有争议没有了结",
        tells="协议已生效，有当事人否认签署，或签的人没有权限还没有追认",
        basis="民法典 第171条",
        head=CheckHead.PAPERS,
        weight=Weight.HEAVY,
        finds=_in_dispute,
    ),
    rule(
        code="copy_older_than_text",
        label="签署件早于文本",
        tells="收存的协议书签署件比记录里现在的文本还早：纸上签的可能不是这一版",
        basis="人民调解法 第29条",
        head=CheckHead.PAPERS,
        weight=Weight.HEAVY,
        finds=_copy_older,
    ),
    rule(
        code="sheet_withdrawn",
        label="签署依据的材料已撤回",
        tells="签署依据的签署件、签名册后来撤回了，卷里没有能证明签署的纸",
        basis="人民调解法 第29条",
        head=CheckHead.PAPERS,
        weight=Weight.HEAVY,
        finds=_sheet_gone,
    ),
    rule(
        code="paper_came_back",
        label="没有送到的文书没有再送",
        tells="送达记为没有送到，以后也没有送到的记录",
        basis="policy",
        head=CheckHead.PAPERS,
        weight=Weight.MIDDLE,
        finds=_came_back,
    ),
    rule(
        code="notice_not_delivered",
        label="终止告知没有送达",
        tells="没有达成协议就结案，告知了其他救济途径，却没有终止告知书的送达记录或签收件",
        basis="人民调解法 第26条",
        head=CheckHead.PAPERS,
        weight=Weight.MIDDLE,
        finds=_notice_not_handed_over,
    ),
    rule(
        code="oral_though_owed",
        label="口头协议约定以后履行",
        tells="不能当场履行的，最好制作书面协议",
        basis="policy",
        head=CheckHead.PAPERS,
        weight=Weight.LIGHT,
        finds=_oral_though_owed,
    ),
)
