"""申请 as a form of seven short fields, the same for who applies by himself and for a mediator at the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import DETAILS, Details, PartyKind, PersonDetails, Phone
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import (
    CaseAlreadyOpen,
    CommandIdReused,
    ExhibitUnfit,
    FormFaults,
    MediationError,
    PersonTaken,
    Refused,
    UnfitText,
)
from mediation_engine.ids import Randomness, new_case_id, new_id, system_randomness
from mediation_engine.input.identity_numbers import read_phone
from mediation_engine.input.new_people import bytes_from, someone
from mediation_engine.ports.register import Person
from workflows.phases.intake import SubmitApplication

from .command_form import PREFIX, Faults, Sheet, Typed
from .form_fields import Asked

ID, NAME, PHONE, RESPONDENT, PHOTO, AGREED = "id", "name", "phone", "respondent", "photo", "agreed"
KIND = f"{PREFIX}respondent_kind"
AMOUNT = f"{PREFIX}amount_claimed"
MOST_PHOTOS = 3
FAMILY = "fast_track"
"""By which rules a case is begun that somebody applies for; it can be raised to a consultation later."""
LABELS = {NAME: "您的姓名", PHONE: "您的电话", RESPONDENT: "和谁有纠纷", PHOTO: "照片", AGREED: "个人信息"}
FAULTS = (FormFaults, ExhibitUnfit, UnfitText, Refused, CommandIdReused, CaseAlreadyOpen, PersonTaken)
"""What is to be put right in it, or sent as another one."""
AT_WINDOW = LABELS | {NAME: "申请人的姓名", PHONE: "申请人的电话"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was filled in, sound."""

    order: Order
    people: tuple[tuple[Person, Details], ...]
    """Who applies, and against whom, with what is known of them."""
    phone: str


@dataclass(frozen=True, kw_only=True)
class ApplicationForm:
    """The form as it was filled in; what is wrong with it."""

    typed: Typed
    faults: Faults
    at_window: bool

    @classmethod
    def of(cls, typed: Mapping[str, str], *, at_window: bool = False) -> ApplicationForm:
        return cls(typed=MultiDict(typed), faults={}, at_window=at_window)

    @classmethod
    def begun(cls, *, at_window: bool = False) -> ApplicationForm:
        """An empty one, with an id of its own: sent twice, it is one application."""
        sheet = _sheet(MultiDict({ID: new_id(system_randomness, 16)})).begun()
        return cls(typed=sheet.typed, faults={}, at_window=at_window)

    def wrong(self, faults: Faults) -> ApplicationForm:
        """The same with what is wrong, by the name of the control."""
        return replace(self, faults=faults)

    def renumbered(self) -> ApplicationForm:
        """The same as another application."""
        typed = MultiDict(self.typed)
        typed[ID] = new_id(system_randomness, 16)
        return replace(self, typed=typed)

    def barred(self, fault: MediationError, twice: str) -> tuple[ApplicationForm, str, int]:
        """The form after one of FAULTS, the sentence over it, and the status; `twice` where it was sent with other
        content."""
        match fault:
            case FormFaults():
                return self.wrong(fault.faults), "", 422
            case ExhibitUnfit():
                return self.wrong({PHOTO: [fault.sentence]}), "", 422
            case CommandIdReused() | CaseAlreadyOpen() | PersonTaken():
                return self.renumbered(), twice, 409
        return self, fault.sentence, 422

    # -- what is asked

    @property
    def labels(self) -> Mapping[str, str]:
        """What is asked beside the fields of the command, in words."""
        return AT_WINDOW if self.at_window else LABELS

    @property
    def asked(self) -> dict[str, Asked]:
        """The fields of the command, by name."""
        return {a.spec.name: a for a in _sheet(self.typed).with_faults(self.faults).fields}

    def said(self, name: str) -> str:
        """What stands in a control."""
        return self.typed.get(name, "")

    def fault(self, name: str) -> str:
        """What is wrong with it."""
        return "；".join(self.faults.get(name, ()))

    def check_photos(self, contents: Sequence[bytes]) -> None:
        """FormFaults where there are too many."""
        if len(contents) > MOST_PHOTOS:
            raise FormFaults({PHOTO: [f"最多 {MOST_PHOTOS} 张，现在是 {len(contents)} 张"]})

    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong, in the order of the page."""
        places = [(name, self.labels[name]) for name in (NAME, PHONE, RESPONDENT)]
        places += [(a.name, a.spec.label) for a in self.asked.values()]
        places += [(name, self.labels[name]) for name in (PHOTO, AGREED)] + [(ID, "这一页")]
        return [(place, label, s) for place, label in places for s in self.faults.get(place, ())]

    # -- read

    def read(self, workflow: Workflow, organisation: str, by: str = "") -> Sent:
        """What is sent, `by` a member of staff (id) or else by who applies. FormFaults.

        All ids come from that of the form: sent again, it is the same order.
        """
        faults: dict[str, list[str]] = {}
        id = self.said(ID)[:64]
        randomness = bytes_from(organisation, id)
        case = new_case_id(randomness)
        if len(id) < 8:
            faults[ID] = ["不完整，请重新打开"]
        applicant = self._person(NAME, PartyKind.PERSON, randomness, faults)
        kind = PartyKind.named(self.said(KIND)) or PartyKind.ENTERPRISE
        respondent = self._person(RESPONDENT, kind, randomness, faults)
        phone = self._phone(faults)
        if not self.said(AGREED):
            faults[AGREED] = ["请看过再打勾"]
        command = None
        given = {"applicant": applicant.id, "respondent": respondent.id, "organisation": organisation}
        try:
            command = _sheet(self.typed).read(str, given)
        except FormFaults as fault:
            faults |= {name: list(said) for name, said in fault.faults.items()}
        if command is not None and command.amount_claimed == 0:
            faults[AMOUNT] = ["不能是0；不知道要多少的，空着不填"]
        if faults or command is None:
            raise FormFaults(faults)
        order = Order(
            id=id,
            case=case,
            command=command,
            actor=by or applicant.id,
            office=Office.MEDIATOR if by else Office.APPLICANT,
            workflow=workflow.name,
        )
        known = PersonDetails(phones=(Phone(number=Text(phone)),)) if phone else PersonDetails()
        return Sent(order=order, people=((applicant, known), (respondent, DETAILS[kind]())), phone=phone)

    def _person(self, name: str, kind: PartyKind, randomness: Randomness, faults: dict[str, list[str]]) -> Person:
        """Somebody who is named; nobody of use where there is something wrong with the name."""
        try:
            return someone(name, self.said(name).strip(), kind, randomness)
        except FormFaults as fault:
            empty = not self.said(name).strip()
            faults[name] = ["请填写"] if empty else fault.sentences
            return Person(id="", name="", kind=kind)

    def _phone(self, faults: dict[str, list[str]]) -> str:
        """The number; at the window there need be none."""
        typed = self.said(PHONE).strip()
        if not typed and self.at_window:
            return ""
        read = read_phone(typed) if typed else None
        if read is None or read.fault or not read.number:
            faults[PHONE] = [(read and read.fault) or "请填写，我们好和您联系"]
            return ""
        return str(read.number)


def _sheet(typed: Typed) -> Sheet:
    return Sheet.of(SubmitApplication, typed, leave_out=frozenset({"applicant", "respondent", "organisation"}))


def workflow_for(workflows: tuple[Workflow, ...] | list[Workflow]) -> Workflow | None:
    """By which rules a case is begun today that somebody applies for."""
    able = [w for w in workflows if SubmitApplication in w.openings]
    return next((w for w in able if w.family == FAMILY), next(iter(able), None))
