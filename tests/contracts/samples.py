"""One of everything a store keeps, and a look at all of it through the ports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from msgspec import structs

from mediation_engine.domain.marks import MarkKind
from mediation_engine.domain.message import Takes
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.recorded_order import StoredOrder
from mediation_engine.domain.roles import Actor, LeadAct, Office, Organisation, Substitution
from mediation_engine.ports.accounts import Account, SignIn, Tries
from mediation_engine.ports.calendars import ImportedYear, MovedDeadline, Recount
from mediation_engine.ports.drafts import Draft
from mediation_engine.ports.exemptions import Exemption
from mediation_engine.ports.exhibits import StoredExhibit
from mediation_engine.ports.jottings import Jotting
from mediation_engine.ports.links import Link
from mediation_engine.ports.messages import Contact, Message, Sending
from mediation_engine.ports.register import Erasure, Person
from mediation_engine.ports.reports import FrozenReport
from mediation_engine.ports.store import Unit
from mediation_engine.ports.tokens import Scope, Token
from mediation_engine.ports.views import Notice, Read, Wanted, WantedMarks
from mediation_engine.read_models.counted import CountedRow
from mediation_engine.read_models.projections import (
    CaseRow,
    CorrectionRow,
    DueDate,
    MarkRow,
    Mention,
    Named,
    Projection,
    TaskRow,
)
from mediation_engine.record.sealing import StoredText

FAR = date(2100, 1, 1)
ANY_BYTES = bytes(range(256))
OFFICES = frozenset({Office.MEDIATOR, Office.LEAD})

ROOM = Organisation(id="room", name="喜哥调解室", short_name="永开", kind="mediation_room", parent="zone")
LI = Actor(id="li", name="李调解", organisation="room", offices=OFFICES, active=False)
WORKER = Person(
    id="worker", organisation="room", name="王某", kind=PartyKind.PERSON, other_names="王小某", details=ANY_BYTES
)
FOUND = frozenset({("phone", bytes(16)), ("number", ANY_BYTES[:16])})
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
READ = Read(actor="li", office="mediator", case="A", what="case", at=MOMENT, person="worker", reason="visit")
ERASURE = Erasure(person="gone", at=MOMENT, by="wang", ground="purpose", basis="第47条", reason="已了结")
ACCOUNT = Account(actor="li", password="$argon2id$…", changed=MOMENT, once_until=MOMENT, totp="SEED", totp_step=2**40)
DRAFT = Draft(owner="li", path="/cases/new", form="f1", at=MOMENT)
SIGN_IN = SignIn(key="k1", actor="li", began=MOMENT, seen=MOMENT, device="手机", kept='{"a": "甲"}')
TRIES = Tries(key="account:li", failed=3, last=MOMENT)
TOKEN = Token(
    key="k2",
    id="t1",
    name="数据上报",
    actor="li",
    office=Office.LEAD,
    scopes=frozenset(Scope),
    made=MOMENT,
    until=FAR,
    seen=date(2026, 1, 2),
    ended=MOMENT,
)
LINK = Link(
    id="n1",
    key="k3",
    pin="$argon2id$…",
    kind="visit",
    case="A",
    instance="visit/1",
    person="worker",
    issued_by="li",
    issued=MOMENT,
    until=FAR,
    revoked=MOMENT,
    wrong=2,
    opened=MOMENT,
    used=MOMENT,
    session="k4",
    entered=MOMENT,
    seen=MOMENT,
    code="k6",
    texts="d1",
    window=True,
    called=MOMENT,
    phone="d2",
)
SUBSTITUTION = Substitution(
    id="s1",
    organisation="room",
    actor="li",
    acts=frozenset({LeadAct.SEAL, LeadAct.ACCEPT}),
    first=date(2026, 1, 2),
    last=date(2026, 1, 9),
    named_by="wang",
    ended=MOMENT,
)
RECOUNT = Recount(year=2027, version=1, after="A")
MOVED = MovedDeadline(
    year=2027,
    version=1,
    case="A",
    instance="",
    kind="people_term",
    before=date(2027, 2, 11),
    after=date(2027, 2, 15),
)
EXEMPTION = Exemption(
    id="x1",
    case="A",
    rule="place_missing",
    about="identity",
    reason="原件在派出所",
    by="wang",
    office="lead",
    at=MOMENT,
    ends="x0",
)
REPORT = FrozenReport(
    id="r1",
    organisation="room",
    period="2026-11",
    forms=False,
    body='[{"code":"accepted","value":1}]',
    digest="00",
    by="wang",
    at=MOMENT,
    after="r0",
)
YEAR = ImportedYear(
    year=2027,
    version=1,
    paper="国办发明电〔2026〕9号",
    paper_day=date(2026, 11, 20),
    text="国务院办公厅关于2027年部分节假日安排的通知\n一、元旦：…",
    days="2027-01-01 statutory 元旦\n2027-01-04 bridge_off 元旦\n2027-01-09 makeup_work 元旦",
    imported_by="li",
    imported_at=MOMENT,
)
NOTICE = Notice(case="A", version=1, event="CaseAccepted")


def order(first: int = 1, case: str = "A", count: int = 1, command: str | None = None) -> StoredOrder:
    """An order with bytes that are no text at all: a store keeps them, it does not read them."""
    return StoredOrder(case, first, count, command or f"{case}-{first}", ANY_BYTES + bytes([first % 256]), bytes(32))


def text(id: str = "t1", case: str = "A", words: str = "只要八千\n“底线”🙂\u3000 ") -> StoredText:
    return StoredText(id=id, case=case, label="party/1", salt=ANY_BYTES[-16:], words=words)


def row(case: str = "A", **given: Any) -> CaseRow:
    moment = datetime(2026, 11, 23, 1, 0, 0, 123456, tzinfo=UTC)
    return structs.replace(
        CaseRow(
            case=case,
            version=1,
            workflow="fast_track_2026",
            organisation="room",
            matter="case",
            track="people_mediation",
            number=None,
            dispute="labour_pay",
            phase="intake",
            state="registered",
            closed=None,
            opened=moment,
            updated=moment,
            rounds=0,
            parties=2,
            mediator="li",
            agreed=None,
            open_parts=1,
        ),
        **given,
    )


def rows_of(case: str = "A", *instances: str, due: date | None = None, **given: Any) -> Projection:
    """The rows of a case that waits for some instances; each falls due on a day, where one is given."""
    return Projection(
        row=row(case, **given),
        dues=frozenset(DueDate(case=case, instance=key, kind="visit", due=due) for key in instances if due),
    )


def correction(version: int, case: str = "A", **given: Any) -> CorrectionRow:
    """That the first order of a case was corrected."""
    fields = {"corrects": 1, "struck": False, "actor": "li", "recorded": MOMENT} | given
    return CorrectionRow(case=case, version=version, **fields)


def mark(version: int, case: str = "A", **given: Any) -> MarkRow:
    """That a line of a case lacked something."""
    fields = {"code": "rights_told", "kind": "defect", "actor": "li", "recorded": MOMENT} | given
    return MarkRow(case=case, version=version, **fields)


def counted(what: str, case: str = "A", key: str = "", **given: Any) -> CountedRow:
    """Something that counted in a case."""
    fields = {
        "known": MOMENT,
        "organisation": "room",
        "day": MOMENT.date(),
        "kind": "application",
        "form": "",
        "amount": 1_200_000,
        "people": 2,
        **dict.fromkeys(("district", "dispute", "source", "mediator", "level"), ""),
    }
    return CountedRow(case=case, what=what, key=key, **fields | given)  # type: ignore[arg-type]


PROJECTION = structs.replace(
    rows_of("A", "visit/1", "visit/2", due=date(2026, 12, 1)),
    named=frozenset({Named(case="A", instance="party/1", person="worker")}),
    marks=frozenset({mark(2)}),
    corrections=frozenset({correction(2)}),
    tasks=frozenset({TaskRow(case="A", instance="origin/1", kind="tell_item")}),
    mentions=frozenset({Mention(case="A", other="B")}),
    counted=frozenset({counted("accepted")}),
)


EXHIBIT = StoredExhibit(case="A", id="e1", blob="b1", sealed="00", size=3 * 2**30, key=b"\x00key", pepper=b"\xffpepper")


MESSAGE = Message(
    id="m1",
    recipient="li",
    topic="visit",
    case="A",
    instance="visit/1",
    workflow="fast_track_2026",
    day=date(2026, 1, 2),
    written=MOMENT,
    late=True,
    urgent=False,
    version=7,
    read=MOMENT,
)
SENDING = Sending(
    message="m1", channel="mail", tries=2, next=MOMENT, sent=None, dead=MOMENT, fault="邮件服务器很久没有答复"
)
JOTTING = Jotting(id="j1", actor="li", made=MOMENT, case="A", key=ANY_BYTES, words=ANY_BYTES)
JOTTING_FILE = structs.replace(EXHIBIT, case="j1", id="00", blob="b-of-j1")
CONTACT = Contact(actor="li", channel="mail", address="li@example.cn", takes=Takes.DIGEST)


def put_one_of_everything(unit: Unit) -> None:
    unit.record.append(order())
    unit.record.put_texts([text()])
    unit.exhibits.put([EXHIBIT])
    unit.register.put_person(WORKER)
    unit.register.put_person_key("worker", ANY_BYTES)
    unit.register.put_found("worker", FOUND)
    unit.register.put_same("worker", "gone", True)
    unit.register.put_erasure(ERASURE)
    unit.register.put_actor(LI)
    unit.register.put_organisation(ROOM)
    unit.register.next_number("room", "people_mediation", 2026, take=True)
    unit.views.change(None, PROJECTION)
    unit.views.put_notices([NOTICE])
    unit.views.note_read(READ)
    unit.accounts.put_account(ACCOUNT)
    unit.accounts.begin(SIGN_IN)
    unit.accounts.put_tries(TRIES)
    unit.drafts.put(DRAFT, "sealed")
    unit.ledger_headers.keep("room", {"序号": "编号"})
    unit.tokens.put_token(TOKEN)
    unit.links.put_link(LINK)
    unit.substitutions.put_substitution(SUBSTITUTION)
    unit.exemptions.put_exemption(EXEMPTION)
    unit.reports.put_report(REPORT)
    unit.jottings.put(JOTTING, [JOTTING_FILE])
    unit.calendars.add(YEAR)
    unit.calendars.put_recount(RECOUNT)
    unit.calendars.put_moved([MOVED])
    unit.messages.put([MESSAGE], [SENDING])
    unit.messages.put_contact(CONTACT)


def everything(unit: Unit) -> dict[str, Any]:
    """What `put_one_of_everything` put, as the ports show it."""
    return {
        "orders": unit.record.orders("A"),
        "last": unit.record.last("A"),
        "cases": unit.record.cases(),
        "texts": unit.record.texts("A"),
        "exhibits": unit.exhibits.of("A"),
        "salts": unit.record.salts("A", ["t1"]),
        "person": unit.register.person("worker"),
        "people": unit.register.people(["worker"]),
        "versions": unit.register.versions("worker"),
        "person_key": unit.register.person_key("worker"),
        "keyed_people": unit.register.keyed_people(),
        "found_by": unit.register.found_by("worker"),
        "found_people": unit.register.find_people(FOUND, ["room"]),
        "named_people": unit.register.find_named(["王某"], ["room"]),
        "same": unit.register.same_as("gone"),
        "erasure": unit.register.erasure("gone"),
        "cases_of": unit.views.cases_of(["worker"], ["room"]),
        "reads_of_person": unit.views.reads_of_person("worker"),
        "actor": unit.register.actor("li"),
        "actors": unit.register.actors(),
        "organisation": unit.register.organisation("room"),
        "organisations": unit.register.organisations(),
        "number": unit.register.next_number("room", "people_mediation", 2026, take=False),
        "projection": unit.views.projection("A"),
        "case_rows": unit.views.case_rows(),
        "found": unit.views.find_case("A"),
        "searched": unit.views.search(Wanted(words="王")),
        "named": unit.views.named(["A"]),
        "due_dates": unit.views.due_dates(FAR),
        "corrections": unit.views.corrections(["room"]),
        "marks": unit.views.marks(WantedMarks(organisations=["room"], kinds=[MarkKind.DEFECT])),
        "tasks": unit.views.tasks(),
        "mentioning": unit.views.mentioning("B"),
        "counted": unit.views.counted("A"),
        "notices": unit.views.notices(),
        "reads": unit.views.reads("A"),
        "account": unit.accounts.account("li"),
        "accounts": unit.accounts.accounts(),
        "sign_in": unit.accounts.sign_in("k1"),
        "sign_ins": unit.accounts.sign_ins("li"),
        "tries": unit.accounts.tries("account:li"),
        "drafts": unit.drafts.of("li"),
        "draft": unit.drafts.sealed(DRAFT),
        "ledger_headers": unit.ledger_headers.of("room"),
        "token": unit.tokens.token("k2"),
        "tokens": unit.tokens.tokens(),
        "link": unit.links.link("k3"),
        "link_of_session": unit.links.link_of_session("k4"),
        "link_named": unit.links.link_named("n1"),
        "links": unit.links.links("A"),
        "substitutions": unit.substitutions.substitutions(),
        "exemptions": unit.exemptions.exemptions(["A"]),
        "reports": unit.reports.reports(["room"]),
        "jottings": unit.jottings.of("li"),
        "jotting_files": unit.jottings.files("j1"),
        "calendar_years": unit.calendars.imported(),
        "recount": unit.calendars.recount(),
        "moved": unit.calendars.moved(2027),
        "messages": unit.messages.of("li"),
        "sendings": unit.messages.sendings(dead=True),
        "contacts": unit.messages.contacts(),
    }


NOTHING: dict[str, Any] = {
    "exhibits": {},
    "orders": [],
    "last": None,
    "cases": [],
    "texts": {},
    "salts": {},
    "person": None,
    "people": {},
    "versions": [],
    "person_key": None,
    "keyed_people": [],
    "found_by": frozenset(),
    "found_people": [],
    "named_people": [],
    "same": [],
    "erasure": None,
    "cases_of": [],
    "reads_of_person": [],
    "actor": None,
    "actors": [],
    "organisation": None,
    "organisations": [],
    "number": 1,
    "projection": None,
    "case_rows": [],
    "found": [],
    "searched": [],
    "named": [],
    "due_dates": [],
    "corrections": [],
    "marks": [],
    "tasks": [],
    "mentioning": [],
    "counted": frozenset(),
    "notices": [],
    "reads": [],
    "account": None,
    "accounts": [],
    "sign_in": None,
    "sign_ins": [],
    "tries": None,
    "drafts": [],
    "draft": "",
    "ledger_headers": {},
    "token": None,
    "tokens": [],
    "link": None,
    "link_of_session": None,
    "link_named": None,
    "links": [],
    "substitutions": [],
    "exemptions": [],
    "reports": [],
    "jottings": [],
    "jotting_files": [],
    "calendar_years": [],
    "recount": None,
    "moved": [],
    "messages": [],
    "sendings": [],
    "contacts": [],
}
ONE_OF_EVERYTHING: dict[str, Any] = {
    "exhibits": {"e1": EXHIBIT},
    "orders": [order()],
    "last": order(),
    "cases": ["A"],
    "texts": {"t1": text()},
    "salts": {"t1": text().salt},
    "person": WORKER,
    "people": {"worker": WORKER},
    "versions": [WORKER],
    "person_key": ANY_BYTES,
    "keyed_people": ["worker"],
    "found_by": FOUND,
    "found_people": [WORKER],
    "named_people": [WORKER],
    "same": ["worker"],
    "erasure": ERASURE,
    "cases_of": [PROJECTION.row],
    "reads_of_person": [READ],
    "actor": LI,
    "actors": [LI],
    "organisation": ROOM,
    "organisations": [ROOM],
    "number": 2,
    "projection": PROJECTION,
    "case_rows": [PROJECTION.row],
    "found": ["A"],
    "searched": [PROJECTION.row],
    "named": list(PROJECTION.named),
    "corrections": list(PROJECTION.corrections),
    "marks": list(PROJECTION.marks),
    "tasks": list(PROJECTION.tasks),
    "mentioning": ["A"],
    "counted": PROJECTION.counted,
    "due_dates": sorted(PROJECTION.dues, key=lambda d: d.instance),
    "notices": [NOTICE],
    "reads": [READ],
    "account": ACCOUNT,
    "accounts": [ACCOUNT],
    "sign_in": SIGN_IN,
    "sign_ins": [SIGN_IN],
    "tries": TRIES,
    "drafts": [DRAFT],
    "draft": "sealed",
    "ledger_headers": {"序号": "编号"},
    "token": TOKEN,
    "tokens": [TOKEN],
    "link": LINK,
    "link_of_session": LINK,
    "link_named": LINK,
    "links": [LINK],
    "substitutions": [SUBSTITUTION],
    "exemptions": [EXEMPTION],
    "reports": [REPORT],
    "jottings": [JOTTING],
    "jotting_files": [JOTTING_FILE],
    "calendar_years": [YEAR],
    "recount": RECOUNT,
    "moved": [MOVED],
    "messages": [MESSAGE],
    "sendings": [(MESSAGE, SENDING)],
    "contacts": [CONTACT],
}
