"""One case on a page: everything there is for those who mediate, nothing said in private for anybody else."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.ports.register import Person
from web.security import passwords
from workflows.parts.block import RecordTalk
from workflows.parts.member import RecordMember
from workflows.parts.note import RecordNote
from workflows.parts.risk import RaiseRisk
from workflows.parts.session import Attendance, RecordSession
from workflows.parts.visit import Finding, RecordVisit
from workflows.vocabulary import Danger, Presence

from ...support.story import Story
from ..conftest import PASSWORD, Browser, app_over

Sign = Callable[[Office], Browser]
SECRETS = ("只要八千就肯走", "六千是底线", "他说要去堵厂门", "私下说还想要道歉")


def talk(story: Story) -> None:
    """Somebody says something in private, and the room writes down what it fears."""
    story.do(RecordTalk(party="party/1", said=Text(SECRETS[0]), bottom_line=Text(SECRETS[1])))
    story.do(RaiseRisk(danger=Danger.PETITION, signs=Text(SECRETS[2])))


def test_a_case_shows_parties_terms_sums_signatures_and_what_is_open(web_client: Sign, told: Story) -> None:
    page = web_client(Office.MEDIATOR).whole()
    for words in (
        "王某",
        "某五金厂",
        "申请人",
        "一次付清",
        "￥12,000.00",
        "人民币壹万贰仟元整",
        "签名",
        "没办完的",
        "走访，",
    ):
        assert words in page


def test_a_talk_says_in_words_who_can_see_it(web_client: Sign, told: Story) -> None:
    talk(told)
    page = web_client(Office.MEDIATOR).whole()
    assert "只有王某和调解员看得到内容" in page
    assert SECRETS[0] in page


def test_an_auditor_sees_that_something_was_said_but_not_what(web_client: Sign, told: Story) -> None:
    talk(told)
    page = web_client(Office.AUDITOR).whole()
    assert "（内容不公开）" in page
    assert not any(secret in page for secret in SECRETS)


@pytest.mark.parametrize("office", [Office.MEDIATOR, Office.LEAD, Office.AUDITOR])
def test_a_screen_is_the_same_whether_or_not_anything_was_said_in_private(
    web_client: Sign, told: Story, office: Office
) -> None:
    browser = web_client(office)
    before = without_tokens(browser.get("/cases/A1?show=joint").text)
    talk(told)
    assert without_tokens(browser.get("/cases/A1?show=joint").text) == before
    assert not any(word in before for word in ("分头沟通", "激化风险", "内容不公开", "瑕疵"))


def test_what_has_just_been_done_is_not_said_on_a_screen(web_client: Sign, told: Story) -> None:
    """A projector shows the same session in another window, and may be faster."""
    browser = web_client(Office.MEDIATOR)
    form = browser.get("/cases/A1/steps/RecordTalk").text
    typed = dict(re.findall(r'name="(id|when)" value="([^"]+)"', form))
    assert browser.send("/cases/A1/steps/RecordTalk", **typed, **{"f.said": SECRETS[0], "do": "do"}).status_code == 303
    assert "已办理" not in browser.get("/cases/A1?show=joint").text
    assert "已办理“记录单独沟通”" in browser.whole()


def test_on_a_screen_a_visit_stands_without_what_was_said_there(web_client: Sign, told: Story) -> None:
    told.do(RecordVisit(said=Text(SECRETS[3]), finding=Finding.STABLE), "visit/1")
    browser = web_client(Office.MEDIATOR)
    assert SECRETS[3] in browser.whole()
    shown = browser.get("/cases/A1?show=joint").text
    assert "已走访" in shown
    assert SECRETS[3] not in shown


def test_a_session_says_of_each_of_the_five_parties_who_came(web_client: Sign, told: Story) -> None:
    mentor = Person(id="mentor", name="老陈", kind=PartyKind.PERSON)
    judge = Person(id="judge", name="周法官", kind=PartyKind.PERSON)
    for role, person in (("mentor", mentor), ("justice", judge)):
        order = told.order(RecordMember(role=role, person=person.id, agreed_by=("party/1", "party/2")))
        told.door.submit(order, [person])
    rows = (
        Attendance(member="member/1", opinion=Text("先付一半")),
        Attendance(member="member/2", presence=Presence.EXCUSED, reason=Text("开庭")),
    )
    told.do(RecordSession(attended=("party/1", "party/2"), attendance=rows))
    auditor = web_client(Office.AUDITOR)
    for page in (auditor.whole(), auditor.get("/cases/A1?show=joint").text):
        for words in ("五方到会", "老陈\u3000到会：先付一半", "周法官\u3000请假：开庭", "没有记录"):
            assert words in page


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_looking_is_on_record_once_a_page(web_client: Sign, told: Story) -> None:
    browser = web_client(Office.MEDIATOR)
    browser.get("/cases/A1")
    browser.get("/cases/A1?show=joint")
    with told.store.read() as unit:
        assert [read.what for read in unit.views.reads("A1")] == ["case", "screen"]


def test_long_words_open_on_request_and_are_whole(web_client: Sign, told: Story) -> None:
    words = "厂里没有发工资。" * 250
    told.do(RecordNote(words=Text(words)))
    page = web_client(Office.MEDIATOR).whole()
    assert words in page
    assert "全文 2000 字" in page


def test_a_long_history_is_shown_from_its_end_and_the_rest_is_linked(
    web_client: Sign, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.presenters.timeline.A_PAGE", 3)
    browser, last = web_client(Office.MEDIATOR), told.lines[-1].version
    orders = list(dict.fromkeys(line.command_id for line in told.lines))
    first = next(line.version for line in told.lines if line.command_id == orders[-3])
    page = browser.get("/cases/A1?tab=record").text
    assert f'id="l{last}"' in page and f'id="l{first}"' in page
    assert f'id="l{first - 1}"' not in page
    [onward] = re.findall(r'href="([^"]+)">看更早的', page)
    earlier = browser.get(html.unescape(onward)).text
    assert f'id="l{first - 1}"' in earlier
    assert f'id="l{first}"' not in earlier


def test_a_page_of_a_history_that_ends_amid_an_order_has_the_whole_of_it(web_client: Sign, told: Story) -> None:
    order = next(line.command_id for line in told.lines if line.command == "DraftAgreement")
    versions = [line.version for line in told.lines if line.command_id == order]
    page = web_client(Office.MEDIATOR).get(f"/cases/A1?tab=record&upto={versions[0]}").text
    assert len(versions) > 1 and all(f'id="l{version}"' in page for version in versions)
    assert f'id="l{versions[-1] + 1}"' not in page


@pytest.mark.parametrize("upto", ["-1", "x", "", "9" * 30, "²", "0"])
def test_a_senseless_place_in_a_history_is_no_fault(web_client: Sign, told: Story, upto: str) -> None:
    assert web_client(Office.MEDIATOR).get("/cases/A1", query_string={"upto": upto}).status_code == 200


def test_words_are_text_and_never_markup(web_client: Sign, told: Story) -> None:
    told.do(RecordNote(words=Text("<script>alert(1)</script>")))
    told.do(RecordSession(attended=("party/1", "party/2"), minutes=Text("<b onload=x>")))
    li = web_client(Office.MEDIATOR)
    for page in (li.whole(), li.get("/cases/A1?show=joint").text):
        assert "<script>" not in page
        assert "<b onload" not in page
        assert "&lt;script&gt;" in page


def test_a_case_just_registered_says_what_comes_next(story: Story) -> None:
    story.registered()
    with story.store.write() as unit:
        passwords.give_password(unit, "li", PASSWORD, once=False)
    browser = app_over(story).test_client()
    browser.sign_in("li")  # type: ignore[attr-defined]
    page = browser.whole()
    assert "谈成后先记录谈妥" in page
    assert "还没有开过会" in page
