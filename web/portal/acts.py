"""办一件事: what a party does besides answering a text; one form a page, the PIN where it has consequences, a receipt.

The pages are made from the table of acts; each gives one order through the door, in the capacity of the link. The same
sending twice is one act, whatever became of its answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug import Response
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import CHOSEN, REGISTER, Readers, Text, fields_of
from mediation_engine.domain.files import size_words
from mediation_engine.domain.formatting import CHINA
from mediation_engine.domain.line import Line
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.order import Order
from mediation_engine.errors import (
    BlobsUnwritable,
    CommandIdReused,
    ExhibitUnfit,
    FormFaults,
    MediationError,
    Refused,
    StaleInstance,
    StoreUnavailable,
    UnfitText,
)
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.days import Unread, read_day, typed_day
from mediation_engine.services.case_view import CaseView
from workflows.parts.exhibit import HandInExhibit
from workflows.vocabulary import ExhibitKind

from ..forms.command_form import PREFIX, Sheet
from ..forms.form_fields import Asked
from ..http.link_session import page
from ..http.request_context import door, exhibits, settings
from ..presenters.case_details import Casework
from ..presenters.party_acts import ACTS, OF_MONEY, Act, Offer, Subject, about_words, is_able, is_asked, offers
from ..presenters.party_sent import details_of, sent
from ..presenters.party_text import receipt_code
from ..security import links, party_links
from ..security.party_links import PARTY_LINK
from .entry import Answer, Visitor, own_case, party_pages, seen, visitor
from .press import PinWrong, asks_four, check_pin, number, pressed

pages = party_pages("acts", "/party/do")
DAY, FILES = "day", "files"
DATA = "correction"
"""The act (code) that is about his own data."""
MOST_FILES = 2
"""So many files at a time: one is taken on the spot, one chosen."""
MOST_A_DAY, MOST_PAPERS = 30, 30
"""What one person may send of itself in a day, and hand in altogether, without a word with the room (policy)."""
MOST_SHOWN = 12
"""So many acts about money are listed one by one; of more, what each is about is chosen on a page of its own."""
Offered = list[tuple[str, str]]
"""What stands on a button, and where it leads."""
TWICE = "刚才已经交过一份，内容和这一份不同。确实要再交一份的，核对后再按“提交”。"
ENOUGH = "今天交上来的已经很多了。请明天再交，或者打电话、到窗口来说；您填的都还在。"
FULL = "网上不能再收您的材料了，请带到窗口来；您填的都还在。"
NOT_KEPT = "现在存不了，没有记下。请过一会儿再按“提交”，填的都在；照片要重新选。"
ONE_AT_A_TIME = "一次只交一件，请只选一个文件，再有的交完再来"
MOVED = "刚有变动，没有记下。请回到“我要办的事”再看一遍。"
NOT_NOW = "这件事现在不用办，或者已经办过了。"
NOT_A_DAY = "请写哪一天，如 2026年11月23日；不能晚于今天"
NO_FILE = "请拍照或选一个文件"
AGAIN = "照片没有留住，请再选一次；别的已填的都在。"


# -- for the other pages


def offered(who: Visitor) -> Offered:
    """What can be done that is not about one payment or obligation: each act once, for whomever."""
    found = {act.code: act for act, _ in _offers(who) if act.code not in OF_MONEY}
    return [(act.words, _address(act)) for act in found.values()]


def money_acts(who: Visitor) -> Mapping[str, Offered]:
    """What can be said of obligations and payments, by their keys."""
    found: dict[str, Offered] = {}
    for act, it in _offers(who):
        if act.code in OF_MONEY:
            found.setdefault(it.about, []).append((act.words, _address(act, it)))
    return found


def of_own_data(who: Visitor) -> Offered:
    """What can be done about what the room knows of him."""
    return [(ACTS[DATA].words, _address(ACTS[DATA]))] if any(act.code == DATA for act, _ in _offers(who)) else []


def asked(who: Visitor) -> Offered:
    """What the room waits for."""
    return [(act.words, _address(act, it)) for act, it in _offers(who) if is_asked(who.case, act, it)]


def _offers(who: Visitor) -> list[Offer]:
    own = party_links.principals(who.case, who.link.instance)
    return list(offers(who.case, own, who.link.instance, who.today))


def _address(act: Act, it: Subject | None = None) -> str:
    return url_for("acts.act", code=act.code, party=it and it.party, about=(it and it.about) or None)


# -- the pages


@pages.errorhandler(413)
def too_large(_: HTTPException) -> Answer:
    """That the file is too large, and where to go on."""
    most = size_words(settings().exhibits.limits.each)
    said = f"没有交上：一个文件不能超过 {most}。请回到上一页，换小一点的再交；还不行的，请带到窗口来。"
    return page("portal/act.html", act=None, subject=None, why=said), 413


@pages.get("")
def index() -> Answer:
    """All that can be done now."""
    who = visitor()
    own = own_case(who, "party acts")
    found = [(act, it) for act, it in _offers(who) if act.code in OF_MONEY]
    money = [(act.words, _words(who, own.view, it), _address(act, it)) for act, it in found[:MOST_SHOWN]]
    more = [] if len(found) <= MOST_SHOWN else [(act.words, _address(act)) for act, _ in found]
    more = list(dict.fromkeys(more))
    return page("portal/acts.html", money=money, more=more, others=offered(who), sent=sent(own))


@pages.route("/<code>", methods=["GET", "POST"])
def act(code: str) -> Answer:
    """One act: what it does, what is asked, and to do it."""
    who = visitor()
    if code not in ACTS:
        return redirect(url_for("acts.index"))
    view, chosen = seen(who), ACTS[code]
    if request.method == "POST" and (before := list(_lines(who, chosen, number()))):
        return Form(who, view, chosen, _subject_of(before)).given(again=True)
    subjects = _subjects(who, chosen)
    if len(subjects) > 1:
        return _choice(who, view, chosen, subjects)
    subject = subjects[0] if subjects else None
    if subject is None or not is_able(who.case, who.link.instance, chosen, who.today):
        return page("portal/act.html", act=chosen, subject=None, why=NOT_NOW), 409
    if early := chosen.bar(who.case, subject, who.today):
        return page("portal/act.html", act=chosen, subject=None, why=early, is_early=True)
    form = Form(who, view, chosen, subject)
    return form.page() if request.method == "GET" else form.given()


@pages.get("/<code>/receipt")
def receipt(code: str) -> Answer:
    """What was done, when, and a code to ask by."""
    who = visitor()
    if code not in ACTS or not (lines := list(_lines(who, ACTS[code], request.args.get("id", "")))):
        return redirect(url_for("acts.index"))
    own_view = own_case(who, "")
    view = own_view.view
    own = party_links.principals(who.case, who.link.instance)
    return page(
        "portal/act_receipt.html",
        act=ACTS[code],
        whom="、".join(view.teller.thing(key) for key in own),
        is_self=own == (who.link.instance,),
        details=details_of(own_view, lines[0].version),
        when=lines[0].recorded,
        code=receipt_code(lines[0]),
        is_photo_lost="lost" in request.args,
        mediator=view.lead_name,
        papers=_address(ACTS["paper"], Subject(party=own[0])) if own else "",
    )


def _choice(who: Visitor, view: CaseView, act: Act, subjects: Sequence[Subject]) -> str:
    """For whom, or about what it is to be done, where that is several: one is chosen on a page of its own."""
    is_about = len({it.about for it in subjects}) > 1
    name, words = ("about", "哪一项") if is_about else ("party", "替谁办")
    options = {getattr(it, name): _words(who, view, it) for it in subjects}
    if not is_about:
        options = {it.party: view.teller.thing(it.party) for it in subjects}
    return page("portal/act_choice.html", act=act, name=name, words=words, options=options)


def _words(who: Visitor, view: CaseView, it: Subject) -> str:
    """What an act is about; for whom, where somebody acts for several."""
    words = about_words(Casework(view=view), it)
    several = len(party_links.principals(who.case, who.link.instance)) > 1
    return f"{words}（代{view.teller.thing(it.party)}）" if several else words


def _subjects(who: Visitor, act: Act) -> list[Subject]:
    """What is asked for, as far as it can be done as things stand; all there are where nothing is asked for."""
    own = party_links.principals(who.case, who.link.instance)
    party, about = request.values.get("party", ""), request.values.get("about", "")
    return [it for it in act.subjects(who.case, own) if party in ("", it.party) and about in ("", it.about)]


def _lines(who: Visitor, act: Act, id: str) -> Iterator[Line]:
    """The lines of an order (id) by which this person did an act in this capacity, if he did."""
    return pressed(door().history(who.link.case) if id else (), who.link, act.command, id)


def _subject_of(sent: Sequence[Line]) -> Subject:
    """For whom and about what something was sent that is sent again."""
    on = tuple(line.instance for line in sent if line.command and line.source is not None)
    return Subject(party=request.form.get("party", ""), about=request.form.get("about", ""), on=on)


def _bound(who: Visitor, act: Act) -> str:
    """Why nothing more is taken of somebody by telephone for now; empty where it is. What asks for the PIN is."""
    if act.asks_pin:
        return ""
    lines, today = door().history(who.link.case), who.today
    mine = [it for it in lines if it.actor == who.link.person and it.office == PARTY_LINK.office.value and it.command]
    if sum(it.recorded.astimezone(CHINA).date() == today for it in mine) >= MOST_A_DAY:
        return ENOUGH
    papers = sum(it.command == HandInExhibit.name() for it in mine)
    return FULL if act.takes_files and papers >= MOST_PAPERS else ""


class Form:
    """The form of one act, as it was filled in."""

    def __init__(self, who: Visitor, view: CaseView, act: Act, subject: Subject) -> None:
        self.who, self.view, self.act, self.subject = who, view, act, subject
        left_out = frozenset(spec.name for spec in fields_of(act.command) if spec.name not in act.asks)
        self.sheet = Sheet.of(act.command, self._typed(), leave_out=left_out)
        if request.method == "GET":
            self.sheet = self.sheet.begun()
        self.day_fault = self.file_fault = ""

    def _typed(self) -> MultiDict[str, str]:
        typed: MultiDict[str, str] = MultiDict(request.form)
        if request.method == "GET":
            presets = self.act.presets(self.who.case, self.subject)
            typed.update({f"{PREFIX}{name}": value for name, value in presets.items()})
        return typed

    # -- shown

    def page(self, *wrong: str, anew: bool = False) -> str:
        """The form, with what is wrong, and all that was typed; numbered anew where it was used."""
        return page(
            "portal/act.html",
            act=self.act,
            subject=self.subject,
            about=_words(self.who, self.view, self.subject),
            before=self.act.before(self.who.case),
            fields=[*self._asked()],
            wrong=wrong,
            id=("" if anew else number()) or new_id(system_randomness, 16),
            day=request.form.get(DAY, typed_day(self.who.today)),
            day_fault=self.day_fault,
            file_fault=self.file_fault,
            limits=settings().exhibits.limits,
            asks_four=self.act.asks_pin and asks_four(self.who.link),
        )

    def _asked(self) -> Iterator[Asked]:
        """The fields that are asked, in the words and the order of the act."""
        by_name = {it.spec.name: it for it in self.sheet.fields}
        for name, question in self.act.asks.items():
            it = by_name[name]
            chosen = tuple(question.options.items()) or it.options
            look = "radio" if question.options else it.look
            readers = REGISTER if it.spec.disclosure == CHOSEN else it.spec.disclosure  # the page says it
            spec = replace(it.spec, label=question.label, help=question.help, disclosure=readers)
            yield replace(it, spec=spec, options=chosen, look=look)

    # -- given

    def given(self, *, again: bool = False) -> Answer:
        """Do it; or the form again, and nothing is lost. What was sent before is answered the same `again`."""
        contents = [it.read() for it in _files()]
        try:
            order = self._order()
            if fault := self._files_fault(contents):
                self.file_fault = fault
            if self.day_fault or self.file_fault:
                return self.page(), 422
            if not number():
                return self.page(MOVED), 422
            if not again:
                if bound := _bound(self.who, self.act):
                    return self.page(bound), 429
                if self.act.asks_pin:
                    check_pin(self.who.link)
            if self.act.takes_files:
                exhibits().file(order, contents)
            else:
                door().submit(order)
        except FormFaults as fault:
            self.sheet = self.sheet.with_faults(fault.faults)
            self.file_fault = AGAIN if contents else ""
            return self.page(), 422
        except (PinWrong, UnfitText) as fault:
            self.file_fault = AGAIN if contents else ""
            return self.page(fault.sentence), 422
        except ExhibitUnfit as fault:
            self.file_fault = f"{fault.sentence}请重新选；别的已填的都在。"
            return self.page(), 422
        except Refused as fault:
            said = {r.code: FULL if r.code == "too_many_files" else r.sentence for r in fault.refusals}
            return self.page(*dict.fromkeys(said.values())), 409
        except CommandIdReused:
            return self.page(TWICE, anew=True), 409
        except StaleInstance:
            return self.page(MOVED), 409
        except (BlobsUnwritable, StoreUnavailable):
            return self.page(NOT_KEPT), 503
        return _sent(self.who, self.act, contents)

    def _files_fault(self, contents: Sequence[bytes]) -> str:
        """What is wrong with the files; empty where nothing is. ExhibitUnfit."""
        if self.act.takes_files and not contents:
            return NO_FILE
        if len(contents) > (1 if self.act.takes_files else MOST_FILES):
            return ONE_AT_A_TIME
        if contents:
            exhibits().check(contents)
        return ""

    def _order(self) -> Order:
        """FormFaults."""
        occurred = self._day() if self.act.day else None
        return _order(self.who, number(), self._command(), self.subject.on, occurred)

    def _command(self) -> Command:
        allowed = {name: set(it.options) for name, it in self.act.asks.items() if it.options}
        for name, codes in allowed.items():
            if (said := self.sheet.typed.get(f"{PREFIX}{name}", "")) and said not in codes:
                raise FormFaults({f"{PREFIX}{name}": ["请从列出的里面选"]})
        made: Command = self.sheet.read(_nobody, self.act.fixed(self.subject))
        return made

    def _day(self) -> Occurred | None:
        typed = request.form.get(DAY, "").strip()
        try:
            day = read_day(typed, self.who.today, past=True)
        except Unread:
            self.day_fault = NOT_A_DAY
            return None
        if day > self.who.today:
            self.day_fault = NOT_A_DAY
        return Occurred(day.isoformat())


def _nobody(_name: str) -> str:
    raise AssertionError("no act of a party enters anybody in the register")


def _order(who: Visitor, id: str, command: Command, on: Sequence[str] = (), occurred: Occurred | None = None) -> Order:
    """An order in the capacity of the link."""
    return Order(
        id=id,
        case=who.link.case,
        command=command,
        actor=who.link.person,
        office=PARTY_LINK.office,
        on=tuple(on),
        capacity=who.link.instance,
        occurred=occurred,
    )


def _files() -> list[FileStorage]:
    return [it for it in request.files.getlist(FILES) if it]


def _sent(who: Visitor, act: Act, contents: Sequence[bytes]) -> Response:
    """On to the receipt; a photo beside the act is filed now, and what was done stands whatever becomes of it."""
    is_lost = bool(act.photo and contents) and not _is_filed(who, act, contents)
    links.stay(door().store, who.link)
    return redirect(url_for("acts.receipt", code=act.code, id=number(), lost="" if is_lost else None), 303)


def _is_filed(who: Visitor, act: Act, contents: Sequence[bytes]) -> bool:
    """File the photo that was sent with an act, for all to see, as that act is; whether it could be."""
    instance = next(_lines(who, act, number())).instance
    payment = instance if instance.startswith("payment/") else None
    command = HandInExhibit(
        party=door().case(who.link.case).facts.acts_for(instance),
        readers=Readers.JOINT,
        kind=ExhibitKind.RECEIPT if payment else ExhibitKind.EVIDENCE,
        payment=payment,
        title=Text(f"{act.words}：{act.photo}"),
    )
    try:
        exhibits().file(_order(who, f"{number()}-photo", command), contents)
    except MediationError:
        return False
    return True
