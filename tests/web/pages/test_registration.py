"""登记 with what is known of everybody: one press brings the case and, sealed, the particulars of its parties."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mediation_engine.domain.people import EnterpriseDetails, PartyKind, PersonDetails
from mediation_engine.domain.roles import Office
from mediation_engine.services.people import People
from workflows.facts import facts_of
from workflows.parts.payment import RecordPayment
from workflows.phases.follow_up import CloseAsPerformed
from workflows.vocabulary import Ability

from ...support.exhibits import ROOM_KEY
from ...support.story import PAY, STAFF, Story
from ..conftest import Browser
from .test_steps import filled

pytestmark = pytest.mark.quick

Client = Callable[[Office | str], Browser]
NEW = "/cases/new"
NUMBER, PHONE, CODE = "330784199003071238", "15400000011", "91330784MA28EFGH1L"
ROWS = {
    "applicant.0.name": "张桂花",
    "applicant.0.phones": "154 0000 0011",
    "applicant.0.number": NUMBER,
    "applicant.1.name": "韦小妹",
    "applicant.1.cannot_read": "是",
    "respondent.0.name": "永康市某某厂",
    "respondent.0.representative": "吕某",
}


@pytest.fixture
def li(web_client: Client) -> Browser:
    return web_client(Office.MEDIATOR)


def form(browser: Browser, **rows: str) -> dict[str, list[str]]:
    """The form of a new case, filled in."""
    typed = filled(browser, NEW, program="fast_track_2026/labour_mediation", f__dispute="labour_pay", do="do")
    return typed | {name.replace("__", "."): [value] for name, value in rows.items()}


def opened(browser: Browser, story: Story, **rows: str) -> tuple[str, dict[str, tuple[str, Ability]]]:
    """The case that is opened, and its parties by name: who, and whether they act for themselves."""
    answer = browser.send(NEW, **form(browser, **rows))
    assert answer.status_code == 303, faults(answer.text)
    case = answer.headers["Location"].rpartition("/")[2]
    with story.store.read() as unit:
        parties = facts_of(story.door.case(case)).parties.values()
        people = unit.register.people(it.person for it in parties)
        return case, {people[it.person].name: (it.person, it.ability) for it in parties}


def faults(page: str) -> list[str]:
    return re.findall(r'<p class="wrong"[^>]*>([^<]+)</p>', page)


def known(story: Story, *ids: str) -> list[object]:
    people = People(story.store, ROOM_KEY, story.door.randomness)
    return [details for _, details in people.all_details(STAFF[Office.MEDIATOR], ids).values()]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("永康市宏达五金厂", PartyKind.ENTERPRISE),
        ("某村委会", PartyKind.ENTERPRISE),
        ("浙江鑫固建设", PartyKind.ENTERPRISE),
        ("王建设", PartyKind.PERSON),
        ("张桂花", PartyKind.PERSON),
    ],
)
def test_who_applies_and_is_called_like_a_firm_is_one_though_nobody_chose_so(
    li: Browser, told: Story, name: str, kind: PartyKind
) -> None:
    case, _ = opened(li, told, applicant__0__name=name, respondent__0__name="王某")
    assert next(iter(facts_of(told.door.case(case)).parties.values())).kind is kind


def test_what_is_asked_of_everybody_is_in_the_open_and_takes_one_press(li: Browser) -> None:
    page = li.get(NEW).text
    shown, _, folded = page.partition("其他情况（可不填）")
    for name in ("f.amount_claimed", "f.dispute", "f.source", "f.in_zone"):
        assert f'name="{name}"' in shown
        assert f'name="{name}"' not in folded
    assert 'type="radio" name="f.dispute" value="labour_pay"' in shown
    assert re.search(r'name="f.in_zone" value="是" checked', shown)


def test_a_room_elsewhere_begins_with_a_case_outside_the_zone(li: Browser, app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], in_zone=False)
    assert not re.search(r'name="f.in_zone" value="是" checked', li.get(NEW).text)


def test_the_form_has_lines_for_three_and_a_firm_and_blank_ones_do_not_count(li: Browser, told: Story) -> None:
    page = li.get(NEW).text
    assert [name in page for name in ("applicant.2.name", "applicant.3.name", "respondent.1.name")] == [
        True,
        False,
        False,
    ]
    assert re.search(
        r'name="respondent.0.kind"><option value="person">[^<]*</option><option value="enterprise" sel', page
    )
    _, parties = opened(li, told, **ROWS)
    assert list(parties) == ["张桂花", "韦小妹", "永康市某某厂"]


def test_what_is_known_of_everybody_comes_into_the_register_with_the_case(li: Browser, told: Story) -> None:
    case, parties = opened(li, told, **ROWS)
    zhang, wei, firm = known(told, *(id for id, _ in parties.values()))
    assert isinstance(zhang, PersonDetails) and isinstance(wei, PersonDetails) and isinstance(firm, EnterpriseDetails)
    assert (zhang.phones[0].number, zhang.number, zhang.birth) == (PHONE, NUMBER, date(1990, 3, 7))
    assert wei.cannot_read and not zhang.cannot_read
    assert firm.representative == "吕某"
    with told.store.read() as unit:
        written = repr(unit.record.orders(case))
    assert NUMBER not in written and PHONE not in written


def test_who_is_only_named_has_no_key_and_nothing_sealed(li: Browser, told: Story) -> None:
    _, parties = opened(li, told, **{"applicant.0.name": "甲某", "respondent.0.name": "乙厂"})
    with told.store.read() as unit:
        assert [unit.register.person_key(id) for id, _ in parties.values()] == [None, None]
        assert unit.register.person(parties["乙厂"][0]).kind is PartyKind.ENTERPRISE  # type: ignore[union-attr]


def test_a_second_press_opens_nothing_twice(li: Browser, told: Story) -> None:
    sent = form(li, **ROWS)
    answers = [li.send(NEW, **sent).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert "名册里已有的没有改动" not in li.get(answers[1]).text


def test_what_a_second_press_says_otherwise_is_not_lost_unsaid(li: Browser, told: Story) -> None:
    sent = form(li, **ROWS)
    li.send(NEW, **sent)
    case = li.send(NEW, **sent | {"applicant.0.phones": ["15400000022"]}).headers["Location"]
    assert "张桂花的资料：名册里已有的没有改动" in li.get(case).text


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("applicant.0.number", "330784199003071234", "最后一位校验不符"),
        ("applicant.0.number", "330784199002301238", "校验不符"),
        ("applicant.0.phones", "1540000001", "手机号码应为11位，现在是10位"),
        ("applicant.0.birth", "2030-01-01", "还没有到这一天"),
        ("applicant.0.birth", "某天", "某天"),
        ("applicant.2.phones", PHONE, "姓名或名称应有"),
        ("respondent.0.number", NUMBER, "“单位”不填证件号码"),
        ("respondent.0.credit_code", CODE[:9], "应为18位，现在是9位"),
        ("respondent.0.ability", "minor", "“单位”不填行为能力"),
        ("respondent.0.count", "3", "才填人数"),
    ],
)
def test_what_is_wrong_is_said_in_its_line_and_nothing_is_lost(
    li: Browser, told: Story, name: str, typed: str, said: str
) -> None:
    answer = li.send(NEW, **form(li, **ROWS | {name: typed}))
    assert answer.status_code == 422
    assert said in "".join(faults(answer.text))
    assert all(f'value="{value}"' in answer.text for where, value in ROWS.items() if where != name)
    assert f'value="{typed}"' in answer.text


def test_a_region_that_is_in_no_table_is_only_said(li: Browser, told: Story) -> None:
    case, _ = opened(li, told, **ROWS | {"applicant.0.number": "990784199003071230"})
    assert "张桂花的证件号码：前6位“990784”在地区代码表中查不到" in li.get(f"/cases/{case}").text


class TestMinors:
    @pytest.mark.parametrize(
        ("birth", "chosen", "ability"),
        [
            ("2015-05-06", "full", Ability.UNDER_16),
            ("2009-05-06", "own_wages", Ability.OWN_WAGES),
            ("2009-05-06", "minor", Ability.MINOR),
            ("2008-11-23", "full", Ability.FULL),
            ("1950-05-06", "incapable", Ability.INCAPABLE),
            ("", "under_16", Ability.UNDER_16),
        ],
    )
    def test_whether_somebody_acts_for_himself_is_recorded(
        self, li: Browser, told: Story, birth: str, chosen: str, ability: Ability
    ) -> None:
        rows = {"applicant.0.birth": birth, "applicant.0.number": "", "applicant.0.ability": chosen}
        _, parties = opened(li, told, **ROWS | rows)
        assert parties["张桂花"][1] is ability

    @pytest.mark.parametrize(
        ("birth", "chosen", "said"),
        [
            ("2009-05-06", "full", "照出生日期今年17岁：靠自己的劳动收入生活，还是不靠"),
            ("2008-11-24", "full", "照出生日期今年17岁"),
            ("1990-05-06", "under_16", "照出生日期今年36岁，与选的“不满16岁”不符"),
            ("2015-05-06", "minor", "照出生日期今年11岁"),
        ],
    )
    def test_at_sixteen_it_is_asked_and_never_guessed(
        self, li: Browser, told: Story, birth: str, chosen: str, said: str
    ) -> None:
        rows = {"applicant.0.birth": birth, "applicant.0.number": "", "applicant.0.ability": chosen}
        answer = li.send(NEW, **form(li, **ROWS | rows))
        assert answer.status_code == 422
        assert said in "".join(faults(answer.text))


def test_who_was_in_an_earlier_case_is_filled_up_and_never_written_over(li: Browser, told: Story) -> None:
    told.do(RecordPayment(obligation="obligation/1", amount=PAY.amount))
    told.do(CloseAsPerformed())
    for phone in (PHONE, "15400000022"):
        sent = filled(li, f"{NEW}?again=A1", f__dispute="labour_pay", do="do")
        sent |= {"applicant.0.phones": [phone], "applicant.0.cannot_read": ["是"], "told": li_told(li, sent)}
        answer = li.send(NEW, **sent)
        assert answer.status_code == 303
    [worker] = known(told, "worker")
    assert isinstance(worker, PersonDetails)
    assert ([it.number for it in worker.phones], worker.cannot_read) == ([PHONE], True)
    assert "王某的资料：名册里已有的没有改动" in li.get(answer.headers["Location"]).text


def li_told(li: Browser, sent: dict[str, list[str]]) -> list[str]:
    """The open cases with the same names that the form tells of."""
    return re.findall(r'name="told" value="([^"]+)"', li.send(NEW, **sent | {"do": ["do"]}).text)


def test_without_the_key_of_the_room_names_are_registered_and_no_numbers(app: Flask, li: Browser, told: Story) -> None:
    app.extensions["room_key"] = None
    answer = li.send(NEW, **form(li, **ROWS))
    assert answer.status_code == 422
    assert f'value="{NUMBER}"' in answer.text
    rows = {"applicant.0.name": "张桂花", "respondent.0.name": "永康市某某厂"}
    assert list(opened(li, told, **rows)[1]) == ["张桂花", "永康市某某厂"]
