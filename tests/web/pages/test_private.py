"""What is private in a case is for those who handle it: another mediator of the room says first why he looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from mediation_engine.domain.correcting import StrikeOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.errors import ReasonWanted, SteppedBack
from mediation_engine.ports.tokens import Scope
from mediation_engine.record.disclosure import LookReason
from web.security import passwords
from workflows.parts.assignment import AddHelper, HandOverAssignment, Helping, RecusalGround, RecuseMediator
from workflows.parts.block import RecordTalk
from workflows.parts.recusal import STILL_DONE

from ...support.calling import API, token_for
from ...support.story import STAFF, ZHOU, Story
from ..conftest import PASSWORD, Browser

SAID = "只要八千就肯"
SignedIn = Callable[[Office | str], Browser]


@pytest.fixture
def told(told: Story) -> Story:
    """A talk apart in a case that li handles; zhou is of the same room."""
    told.with_colleague().do(RecordTalk(party="party/1", said=Text(SAID)))
    with told.store.write() as unit:
        passwords.give_password(unit, ZHOU.id, PASSWORD, once=False)
    return told


@pytest.fixture
def zhou(web_client: SignedIn, told: Story) -> Browser:
    return web_client("zhou")


def looks(told: Story) -> list[tuple[str, str]]:
    with told.store.read() as unit:
        return [(read.actor, read.what) for read in unit.views.reads("A1")]


def test_whoever_handles_it_and_the_lead_read_it_unasked(web_client: SignedIn, told: Story) -> None:
    for who in (Office.MEDIATOR, Office.LEAD):
        page = web_client(who).whole()
        assert SAID in page
        assert "请选理由" not in page


def test_another_gives_a_reason_first_and_that_is_on_record(zhou: Browser, told: Story, web_client: SignedIn) -> None:
    page = zhou.whole()
    assert SAID not in page
    assert "这件案件由别人承办" in page
    assert zhou.send("/cases/A1/private", reason="standing_in").status_code == 303
    assert SAID in zhou.whole()
    assert ("zhou", "private standing_in") in looks(told)
    assert "要看私下的内容：替承办人接待或办理" in web_client(Office.AUDITOR).get("/cases/A1/reads").text


@pytest.mark.parametrize("reason", ["", "none", "因为想看"])
def test_without_one_of_the_reasons_nothing_opens(zhou: Browser, told: Story, reason: str) -> None:
    zhou.get("/cases/A1")
    assert "请先选一个理由" in zhou.get(zhou.send("/cases/A1/private", reason=reason).headers["Location"]).text
    assert SAID not in zhou.whole()


def test_it_is_good_for_that_case_until_midnight_in_china(told: Story) -> None:
    told.clock.now = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)
    told.door.give_reason("zhou", Office.MEDIATOR, told.case, LookReason.ASKED)
    other = Story(told.store, told.clock, "A2").accepted()
    other.do(RecordTalk(party="party/1", said=Text(SAID)))

    def reads(case: str) -> bool:
        return SAID in told.door.view(case, Office.MEDIATOR, ZHOU).words.values()

    told.clock.now = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    assert (reads("A1"), reads("A2")) == (True, False)
    told.clock.now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert not reads("A1")


def test_it_is_for_who_gave_it_alone(told: Story) -> None:
    told.do(HandOverAssignment(to="wang"), "assignment/1", by=Office.LEAD)
    told.door.give_reason("zhou", Office.MEDIATOR, told.case, LookReason.DANGER)
    assert SAID in told.door.view("A1", Office.MEDIATOR, ZHOU).words.values()
    assert SAID not in told.door.view("A1", Office.MEDIATOR, STAFF[Office.MEDIATOR]).words.values(), "no more"


@pytest.mark.parametrize("role", list(Helping))
def test_who_helps_reads_it_while_he_does(told: Story, role: Helping) -> None:
    told.do(AddHelper(staff="zhou", role=role))
    assert SAID in told.door.view("A1", Office.MEDIATOR, ZHOU).words.values()


def test_what_nobody_handles_is_open_but_to_who_stepped_back(told: Story) -> None:
    told.do(RecuseMediator(ground=RecusalGround.KIN), "assignment/1")
    assert SAID in told.door.view("A1", Office.MEDIATOR, ZHOU).words.values()
    assert SAID not in told.door.view("A1", Office.MEDIATOR, STAFF[Office.MEDIATOR]).words.values()


def test_the_record_itself_and_a_correction_want_a_reason_too(zhou: Browser, told: Story) -> None:
    for path in ("/cases/A1/export", "/cases/A1/lines/1/correct"):
        answer = zhou.get(path)
        assert (answer.status_code, "请先说明理由" in answer.text) == (403, True)
    assert ("zhou", "export") not in looks(told)
    told.door.give_reason("zhou", Office.MEDIATOR, told.case, LookReason.REVIEW)
    assert SAID in zhou.get("/cases/A1/export").text


def test_a_program_is_told_the_same_and_says_why_in_the_same_way(told: Story, zhou: Browser) -> None:
    token = token_for(told, ZHOU, [Scope.READ, Scope.WRITE])
    given = {"headers": {"Authorization": f"Bearer {token}"}}
    history = f"{API}/cases/A1/history"
    assert SAID not in zhou.get(history, **given).text
    assert zhou.get(f"{API}/cases/A1/export", **given).status_code == 403
    correction = {"id": "c-1", "line": 1, "strike": True, "reason": "记错"}
    assert zhou.post(f"{API}/cases/A1/corrections", json=correction, **given).status_code == 403
    assert zhou.post(f"{API}/cases/A1/private", json={"reason": "none"}, **given).status_code == 422
    answer = zhou.post(f"{API}/cases/A1/private", json={"reason": "asked"}, **given)
    assert (answer.status_code, answer.json) == (200, {"case": "A1", "reason": "asked"})
    assert SAID in zhou.get(history, **given).text


def test_the_door_corrects_nothing_for_who_may_not_read_it(told: Story) -> None:
    with pytest.raises(ReasonWanted):
        told.do(StrikeOrder(order=told.case.newest, reason=Text("记错")), actor="zhou")


def test_who_has_stepped_back_reads_nothing_private_and_no_reason_helps(told: Story, web_client: SignedIn) -> None:
    told.do(RecuseMediator(ground=RecusalGround.KIN, to="zhou"), "assignment/1")
    li = web_client(Office.MEDIATOR)
    page = li.whole()
    assert "您已回避这件案件" in page
    assert SAID not in page
    assert "请选理由" not in page
    for reason in LookReason:
        with pytest.raises(SteppedBack):
            told.door.give_reason("li", Office.MEDIATOR, told.case, reason)
    assert SAID in web_client(Office.LEAD).whole()


def test_who_has_stepped_back_is_offered_no_step_and_told_who_can_act(told: Story, web_client: SignedIn) -> None:
    told.do(RecuseMediator(ground=RecusalGround.KIN, to="zhou"), "assignment/1")
    li = web_client(Office.MEDIATOR)
    page = li.whole()
    offered = set(re.findall(r"/steps/(\w+)", page))
    assert offered <= {command.name() for command in STILL_DONE}
    assert "您已回避，本案由别人办理" in page
    form = li.get("/cases/A1/steps/RecordNote").text
    assert "请由承办的人或室主任办理" in form
    assert 'name="f.words"' not in form
    corrected = li.get("/cases/A1/lines/3/correct")
    assert (corrected.status_code, "已回避" in corrected.text) == (403, True)
    assert "等我办" not in li.get("/work?of=room").text
    assert set(re.findall(r"/steps/(\w+)", web_client("zhou").whole())) > offered


def test_a_program_of_who_has_stepped_back_is_refused_and_offered_nothing(told: Story, zhou: Browser) -> None:
    told.do(RecuseMediator(ground=RecusalGround.KIN), "assignment/1")
    given = {"headers": {"Authorization": f"Bearer {token_for(told, Office.MEDIATOR, [Scope.READ, Scope.WRITE])}"}}
    order = {"command": "RecordNote", "fields": {"words": "补一笔"}, "id": "note-0001"}
    answer = zhou.post(f"{API}/cases/A1/commands", json=order, **given)
    assert (answer.status_code, "已回避" in answer.text) == (409, True)
    listed = zhou.get(f"{API}/cases/A1/commands", **given).json["commands"]
    assert {it["command"] for it in listed if it["allowed"]} <= {command.name() for command in STILL_DONE}
