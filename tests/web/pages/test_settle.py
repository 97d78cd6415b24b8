"""一页办结: one form, the separate lines of a case in one transaction, under the lead's standing leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from mediation_engine.domain.case import Case
from mediation_engine.domain.roles import LeadAct, Office
from mediation_engine.errors import StoreUnavailable
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.maintenance import audit_store
from mediation_engine.services.substituting import name_substitute
from web.presenters.self_check import desk_of, found_in
from workflows.facts import facts_of
from workflows.parts.states import AgreementState
from workflows.self_check.heads import USUAL
from workflows.vocabulary import AgreementForm

from ...support.story import STAFF, Story
from ..conftest import Browser

Client = Callable[[Office | str], Browser]
FILLED = {
    "a.name": "李二妹",
    "a.kind": "person",
    "a.phone": "13812345678",
    "b.name": "红星烟酒店",
    "b.kind": "enterprise",
    "b.phone": "",
    "f.about": "consumer",
    "f.matter": "电饭锅用了三天就坏了，店里不肯退。",
    "f.told": "是",
    "f.together": "是",
    "f.willing": "是",
    "f.no_paper": "是",
    "f.agreed": "店里退货款，电饭锅还给店里",
    "f.amount": "299",
    "f.debtor": "respondent",
    "f.standing": "done",
    "f.due": "",
    "f.in_zone": "是",
    "f.source": "application",
    "when": "",
    "do": "do",
}
LATER = {"f.standing": "later", "f.due": "2026-12-01"}


def give_leave(story: Story, acts: Sequence[LeadAct] = (LeadAct.ACCEPT_SMALL,), seed: int = 3) -> None:
    """The lead lets 李调解 accept small disputes for nearly a year."""
    days = date(2026, 11, 23), date(2027, 11, 20)
    name_substitute(story.store, seeded_randomness(seed), STAFF[Office.LEAD], STAFF[Office.MEDIATOR], *days, acts)


@pytest.fixture
def li(web_client: Client, told: Story) -> Browser:
    """A mediator who may accept small disputes."""
    give_leave(told)
    return web_client(Office.MEDIATOR)


def form_id(browser: Browser) -> str:
    return re.findall(r'name="id" value="([^"]+)"', browser.get("/settle").text)[0]


def settle(browser: Browser, id: str = "", **filled: str) -> Any:
    """Press the button of a form filled in."""
    return browser.send("/settle", **FILLED | {"id": id or form_id(browser)} | filled)


def case_of(story: Story, answer: Any) -> Case:
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)
    return story.door.case(answer.headers["Location"].split("/")[2])


def faults(story: Story) -> list[str]:
    return [str(f) for case, found in audit_store(story.store, story.door.catalogue) if case != "A1" for f in found]


def test_done_on_the_spot_it_is_a_closed_case_of_separate_lines_and_its_paper_is_there(
    li: Browser, told: Story
) -> None:
    answer = settle(li)
    case = case_of(told, answer)
    facts = facts_of(case)
    assert facts.closed == "performed"
    assert facts.agreements["agreement/1"].form is AgreementForm.ORAL
    assert facts.number == "（2026）永开人调字第0002号"
    events = [line.event for line in told.door.history(case.id) if line.command]
    assert events[:3] == ["CaseRegistered", "ConsentRecorded", "ConsentRecorded"]
    assert {"CaseAccepted", "AgreementAdopted", "PaymentRecorded", "ClosedAsPerformed"} <= set(events)
    paper = li.get(answer.headers["Location"]).text
    assert "人民调解口头协议登记表" in paper
    assert "138****5678" in paper
    assert not [d for line in told.door.history(case.id) for d in line.defects]
    assert faults(told) == []


def test_to_be_done_later_it_stays_open_and_is_followed_up(li: Browser, told: Story) -> None:
    case = case_of(told, settle(li, **LATER))
    assert facts_of(case).closed is None
    assert case.state("follow_up/1") == "supervising"
    assert facts_of(case).obligations["obligation/1"].due == date(2026, 12, 1)
    assert faults(told) == []


@pytest.mark.parametrize("amount", ["5000", ""])
def test_in_labour_it_counts_as_done_on_the_spot_and_not_as_an_agreement(li: Browser, told: Story, amount: str) -> None:
    answer = settle(li, **{"f.about": "wages", "f.amount": amount, "f.no_paper": ""})
    case = case_of(told, answer)
    held = facts_of(case).agreements["agreement/1"]
    assert case.is_in("agreement/1", AgreementState.PERFORMED)
    assert (held.form, held.effective, held.text_hash) == (None, None, None)
    assert facts_of(case).closed == "performed"
    paper = li.get(answer.headers["Location"]).text
    assert "劳动争议调解即时履行登记表" in paper
    assert "不是劳动争议调解协议书" in paper
    assert "口头协议自达成之日起生效" not in paper


def test_in_labour_what_is_done_later_goes_on_to_be_put_in_writing(li: Browser, told: Story) -> None:
    answer = settle(li, **{"f.about": "wages"} | LATER)
    case = case_of(told, answer)
    assert case.is_in("agreement/1", AgreementState.REACHED)
    assert "steps/DraftAgreement" in answer.headers["Location"]
    assert "要写成协议书" in li.get(answer.headers["Location"]).text


def test_something_done_without_money_is_an_act_performed(li: Browser, told: Story) -> None:
    case = case_of(told, settle(li, **{"f.amount": "", "f.agreed": "当面道歉，倒掉的树苗补种好"}))
    assert case.state("obligation/1") == "performed"
    assert facts_of(case).payments == {}


def test_who_pays_is_as_it_was_said(li: Browser, told: Story) -> None:
    case = case_of(told, settle(li, **{"f.debtor": "applicant"}))
    [payment] = facts_of(case).payments.values()
    assert (payment.payer, payment.payee, payment.amount) == ("party/1", "party/2", 29900)


def test_a_day_past_can_be_named(li: Browser, told: Story) -> None:
    answer = settle(li, when="11月20日")
    case = case_of(told, answer)
    lines = told.door.history(case.id)
    assert {line.occurred.day for line in lines if line.command} == {date(2026, 11, 20)}
    assert faults(told) == []


def test_the_lead_does_it_for_himself(web_client: Client, told: Story) -> None:
    case = case_of(told, settle(web_client(Office.LEAD)))
    assert facts_of(case).lead_mediator() == "wang"
    accepted = next(line for line in told.door.history(case.id) if line.event == "CaseAccepted")
    assert accepted.substitution is None


def test_acceptance_says_by_which_leave_it_was_given(li: Browser, told: Story) -> None:
    case = case_of(told, settle(li))
    with told.store.read() as unit:
        [held] = unit.substitutions.substitutions()
    marked = [line.event for line in told.door.history(case.id) if line.substitution == held.id]
    assert "CaseAccepted" in marked
    assert "CaseRegistered" not in marked
    assert "代室主任" in li.get(f"/cases/{case.id}?tab=record").text


def test_who_stands_in_for_the_lead_takes_his_own_steps_as_a_mediator(web_client: Client, told: Story) -> None:
    give_leave(told, [LeadAct.ACCEPT])
    li = web_client(Office.MEDIATOR)
    li.get("/work")
    li.send("/me/office", office="lead")
    assert facts_of(case_of(told, settle(li))).lead_mediator() == "li"


def test_without_leave_there_is_no_form_and_nothing_is_written(web_client: Client, told: Story) -> None:
    li = web_client(Office.MEDIATOR)
    page = li.get("/settle").text
    assert "您还没有受理简易纠纷的授权" in page
    assert 'name="a.name"' not in page
    before = told.door.store
    answer = settle(li, id="0123456789ABCDEF")
    assert answer.status_code == 422
    with before.read() as unit:
        assert unit.record.cases() == ["A1"]


def test_the_leave_reaches_no_further_than_small_disputes(li: Browser, told: Story) -> None:
    answer = settle(li, **{"f.source": "superior"})
    assert answer.status_code == 422
    assert "授权不包括这一件" in answer.text
    assert "店里退货款" in answer.text
    with told.store.read() as unit:
        assert unit.record.cases() == ["A1"]


def test_it_gives_no_seat_at_the_leads_desk(li: Browser) -> None:
    assert "代室主任" not in li.get("/work").text
    assert li.send("/me/office", office="lead").status_code in (302, 403)
    assert li.get("/substitutes").status_code == 403


def test_what_was_not_told_is_recorded_as_a_defect(li: Browser, told: Story) -> None:
    case = case_of(told, settle(li, **{"f.told": ""}))
    assert {d.code for line in told.door.history(case.id) for d in line.defects} == {"signers_told", "rights_told"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"a.name": ""}, "请填写姓名或单位名称"),
        ({"a.name": "长" * 101}, "1到100个字"),
        ({"b.phone": "12345"}, "手机号码应为11位"),
        ({"f.about": ""}, "请选一项"),
        ({"f.about": "nonsense"}, "为什么事"),
        ({"f.matter": ""}, "请写几句"),
        ({"f.matter": "长" * 1001}, "1000"),
        ({"f.agreed": ""}, "请写一句"),
        ({"f.willing": ""}, "调解要双方自愿"),
        ({"f.no_paper": ""}, "有一方要写协议书的"),
        ({"f.amount": "0"}, "不能是0"),
        ({"f.amount": "很多"}, "多少钱"),
        ({"f.amount": "100000.01"}, "不算简易纠纷"),
        ({"f.standing": ""}, "当场办好了，还是说好以后办"),
        ({"f.standing": "later"}, "请写明最晚哪天"),
        ({"f.standing": "later", "f.due": "2026-11-22"}, "不能早于谈成的那天"),
        ({"f.due": "2026-12-01"}, "这里空着"),
        ({"when": "前几天"}, "前几天"),
        ({"id": "x"}, "请重新打开"),
        ({"a.kind": "group", "a.name": ""}, "请填写姓名或单位名称"),
    ],
)
def test_wrong_input_says_what_to_do_and_keeps_all(li: Browser, told: Story, given: dict[str, str], said: str) -> None:
    answer = settle(li, **{"id": form_id(li)} | given)
    assert answer.status_code == 422
    assert said in answer.text
    kept = [v for n, v in (FILLED | given).items() if n in ("b.name", "f.matter", "f.agreed") and v]
    assert all(value in answer.text for value in kept)
    with told.store.read() as unit:
        assert unit.record.cases() == ["A1"]


HOSTILE = "<script>alert(1)</script>{{7*7}}' OR 1=1 --"


def test_hostile_words_are_words(li: Browser, told: Story) -> None:
    answer = settle(li, **{"a.name": HOSTILE, "f.matter": HOSTILE, "f.agreed": HOSTILE})
    case_of(told, answer)
    paper = li.get(answer.headers["Location"]).text
    assert "<script>alert" not in paper
    assert "&lt;script&gt;" in paper


@pytest.mark.parametrize("words", ["\x00", "a\x07b", "\u202e倒"])
def test_what_cannot_be_kept_is_refused_and_nothing_is_lost(li: Browser, told: Story, words: str) -> None:
    answer = settle(li, **{"f.matter": words})
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert "店里退货款" in answer.text


def test_far_too_much_is_refused(li: Browser) -> None:
    assert settle(li, **{"f.matter": "长" * 1_000_000}).status_code in (413, 422)


def test_pressed_twice_it_is_one_case(li: Browser, told: Story) -> None:
    id = form_id(li)
    first, second = settle(li, id), settle(li, id)
    assert first.headers["Location"] == second.headers["Location"]
    with told.store.read() as unit:
        assert len(unit.record.cases()) == 2


@pytest.mark.parametrize("other", [{"f.amount": "300"}, {"f.told": ""}, {"a.name": "别人"}, LATER])
def test_pressed_again_with_other_words_nothing_is_written_and_it_is_asked(
    li: Browser, told: Story, other: dict[str, str]
) -> None:
    id = form_id(li)
    case = case_of(told, settle(li, id))
    answer = settle(li, id, **other)
    assert answer.status_code == 409
    assert "刚才已经办过一件" in answer.text
    assert told.door.case(case.id).version == case.version


def test_killed_at_any_step_there_is_nothing_or_all(li: Browser, told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    from mediation_engine.adapters import memory

    id, append, left = form_id(li), memory.MemoryRecord.append, 0
    for stop in range(1, 20):
        left = stop

        def fails(self: Any, order: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise StoreUnavailable(why="断开了")
            append(self, order)

        with monkeypatch.context() as patch:
            patch.setattr(memory.MemoryRecord, "append", fails)
            answer = settle(li, id)
        with told.store.read() as unit:
            cases = unit.record.cases()
        if answer.status_code == 303:
            assert len(cases) == 2
            break
        assert cases == ["A1"]
        assert answer.status_code == 503
    assert stop > 8


def test_an_open_case_of_the_same_person_is_shown_first(li: Browser, told: Story) -> None:
    answer = settle(li, **{"a.name": "王某"})
    assert answer.status_code == 200
    assert "同名" in answer.text
    told_of = re.findall(r'name="told" value="([^"]+)"', answer.text)
    assert told_of == ["A1"]
    case_of(told, settle(li, **{"a.name": "王某", "told": "A1"}))


def test_what_the_self_check_finds_is_truly_missing(li: Browser, told: Story) -> None:
    case = case_of(told, settle(li))
    with told.store.read() as unit:
        found = found_in(desk_of(told.door.view(case.id, Office.LEAD), unit, USUAL))
    assert {it.rule.code for it in found} == {"place_missing", "no_telephone"}


def test_a_year_of_standing_leave_does_not_bar_a_week_at_the_leads_desk(told: Story) -> None:
    give_leave(told)
    give_leave(told, [LeadAct.SEAL], seed=4)
    with told.store.read() as unit:
        assert len(unit.substitutions.substitutions()) == 2
