"""Forms begin with what the case says, ask the rest, and say before they are given what they would be recorded with."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest

from mediation_engine.domain.roles import Office
from web.security import passwords as signing
from workflows.parts.agreement import AffixSeal, SignAsMediator

from ...support.story import STAFF, Story
from ...support.two_cases import in_effect, two_cases
from ..conftest import PASSWORD, Browser
from ..forms.test_command_form import posted
from .test_steps import filled

Client = Callable[[Office], Browser]
PAYMENT, SESSION, REACH = (
    f"/cases/{name}" for name in ("A1/steps/RecordPayment", "B1/steps/RecordSession", "B1/steps/ReachAgreement")
)


@pytest.fixture
def told() -> Story:
    """Instalments that are due, and a session called for today."""
    story = in_effect(two_cases())
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)
    with story.store.write() as unit:
        for actor in STAFF.values():
            signing.give_password(unit, actor.id, PASSWORD, once=False)
    return story


def again(page: str) -> dict[str, list[str]]:
    """What the form on a page posts."""
    form = posted(page.partition("<main")[2])
    return {name: form.getlist(name) for name in form if name != "do"}


class TestPayment:
    def test_one_transfer_to_three_is_three_rows_one_order_and_counts_for_each(
        self, web_client: Client, told: Story
    ) -> None:
        li = web_client(Office.MEDIATOR)
        sums = {"f__shares__1__amount": "5750", "f__shares__2__amount": "4750"}
        form = filled(li, f"{PAYMENT}?on=obligation/1", **sums, do="do")
        assert form["f.shares.0.amount"] == ["6000"]
        assert li.post(PAYMENT, data=form).status_code == 303
        [paid] = told.case.facts.payments.values()
        assert (paid.amount, paid.payer, len(paid.shares)) == (1_650_000, "party/4", 3)
        assert [told.state(f"obligation/{n}") for n in range(1, 7)] == 3 * ["performed"] + 3 * ["pending"]

    def test_a_part_of_one_names_who_paid_whom_and_what_is_left_stands_in_its_row(
        self, web_client: Client, told: Story
    ) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{PAYMENT}?on=obligation/1", f__shares__0__amount="3000", do="do")
        assert li.post(PAYMENT, data=form).status_code == 303
        [paid] = told.case.facts.payments.values()
        assert (paid.obligation, paid.payer, paid.payee) == ("obligation/1", "party/4", "party/1")
        assert (paid.amount, paid.shares) == (300_000, ())
        assert "还欠￥3,000.00" in unescape(li.get(PAYMENT).text)

    def test_what_nobody_asked_about_is_empty_and_filled_in_at_one_press(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, PAYMENT)
        assert not any(form.get(f"f.shares.{n}.amount", [""])[0] for n in range(6))
        page = li.post(PAYMENT, data=form | {"do": ["sums:f.shares"]}).text
        assert again(page)["f.shares.5.amount"] == ["4750"]
        assert "共 ￥33,000.00" in page
        page = li.post(PAYMENT, data=again(page) | {"do": ["nosums:f.shares"]}).text
        assert again(page)["f.shares.5.amount"] == [""]


class TestSession:
    def test_it_begins_as_it_was_called_and_asks_what_came_of_it(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{SESSION}?on=session/1", do="do")
        assert form["when"] == ["2026年11月23日 09:00"]
        assert form["f.attended"] == [f"party/{n}" for n in range(1, 6)]
        assert form["f.place"] == ["喜哥调解室一楼"]
        assert [form[f"f.attendance.{n}.presence"] for n in range(8)] == 8 * [["present"]]
        page = li.post(SESSION, data=form)
        assert page.status_code == 422
        assert "请选一项" in page.text
        told_of = {"f.result": ["not_settled"], "f.ended": ["下午4点40"], "f.attendance.2.presence": [""]}
        given = li.post(SESSION, data=form | told_of | {"f.clerk": ["陈记录"]})
        if given.status_code == 200:  # it comes back once
            given = li.post(SESSION, data=again(given.text) | {"do": ["do"]})
        assert given.status_code == 303
        [command] = [c for c in told.door.view("B1", Office.MEDIATOR).lines if c.line.event == "SessionHeld"]
        held = command.event.given
        assert (held.ended, len(held.attendance)) == ("16:40", 7)

    def test_without_a_panel_nobody_is_asked_about_one(self, web_client: Client, told: Story) -> None:
        page = web_client(Office.MEDIATOR).get("/cases/A1/steps/RecordSession").text
        assert "会诊成员" not in page


class TestPlan:
    def test_what_is_wrong_says_what_to_do_and_what_was_typed_is_kept(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, REACH, do="plan")
        typed = {"plan.to.party/1": ["两万"], "plan.number": ["0"], "plan.first": ["8月1日"]}
        page = li.post(REACH, data=form | typed)
        assert page.status_code == 422
        text = unescape(page.text)
        for words in ("“两万”不是金额", "分几期请写 1 到 60 的整数", "是哪一年？", 'value="两万"'):
            assert words in text
        nobody = li.post(REACH, data=form)
        assert "请写付给谁、各多少" in nobody.text
        assert "请写第一期" in nobody.text

    def test_a_total_by_shares_is_parted_to_the_fen(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        shares = {f"plan.to.party/{n}": [words] for n, words in enumerate(("2份", "1份", "1份"), 1)}
        typed = shares | {"plan.total": ["1000000.01"], "plan.first": ["2026-11-28"], "plan.late": ["1"]}
        form = filled(li, REACH, do="plan") | typed | {"plan.number": ["2"]}
        made = again(li.post(REACH, data=form).text)
        sums = [made[f"f.terms.{n}.amount"][0] for n in range(int(made["f.terms"][0]))]
        assert sums[:3] == ["250,000.00", "125,000.00", "125,000.00"]
        assert made["f.amount"] == ["1,000,000.01"]
        assert "各期全部到期" in made["f.terms.0.default"][0]

    def test_other_terms_stay_and_payments_are_changed(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, REACH, f__terms__0__words="当面道歉", f__terms__0__kind="act", do="plan")
        form |= {"plan.to.party/1": ["5万"], "plan.first": ["明天"]}
        made = again(li.post(REACH, data=form).text)
        assert made["f.terms"] == ["2"]
        assert (made["f.terms.0.amount"], made["f.terms.0.due"]) == (["50,000.00"], ["2026年11月24日"])
        assert (made["f.terms.1.words"], made["f.terms.1.kind"]) == (["当面道歉"], ["act"])
        more = made | {"do": ["plan"], "plan.to.party/2": ["1万"], "plan.first": ["明天"]}
        assert again(li.post(REACH, data=more).text)["f.terms"] == ["2"]


class TestMarks:
    def test_a_mark_that_the_form_has_not_shown_brings_it_back_once(self, web_client: Client, told: Story) -> None:
        li, before = web_client(Office.MEDIATOR), len(told.lines)
        form = filled(li, f"{PAYMENT}?on=obligation/1", f__shares__0__amount="7000", do="do")
        page = li.post(PAYMENT, data=form)
        assert page.status_code == 200
        assert "办理后会注明" in page.text
        assert "超出的算多付" in page.text
        assert "就这样办理" in page.text
        assert len(told.lines) == before
        assert li.post(PAYMENT, data=again(page.text) | {"do": ["do"]}).status_code == 303

    def test_a_form_sent_twice_is_answered_as_the_first_time(self, web_client: Client, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        form = filled(li, f"{PAYMENT}?on=obligation/1", do="do")
        assert [li.post(PAYMENT, data=form).status_code for _ in range(2)] == [303, 303]
        assert len(told.case.facts.payments) == 1
