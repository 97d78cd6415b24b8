"""The calendar on its pages: what is off and worked, where a period ends, and a notice that is checked, then taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediation_engine.domain.roles import Office
from mediation_engine.services.calendar import imported_years

from ...support.notices import OF_2027, published
from ...support.story import Story
from ..conftest import Browser

Client = Callable[[Office | str], Browser]


def checked(browser: Browser, text: str = OF_2027) -> str:
    browser.get("/calendar/import")
    return browser.send("/calendar/import", text=text, do="check").text


def digest_in(page: str) -> str:
    return page.split('name="checked" value="')[1].split('"')[0]


class TestYear:
    def test_it_says_what_is_off_and_worked_and_where_that_is_from(self, web_client: Client) -> None:
        page = web_client(Office.MEDIATOR).get("/calendar/2026").text
        assert "官方" in page
        assert "国办发明电〔2025〕7号，2025年11月4日；随程序提供" in page
        assert "9月20日（周日）　国庆节 · 调休上班" in page
        assert page.count("<caption>") == 12
        assert page.count("<small>班</small>") == 6

    def test_a_year_to_come_is_provisional(self, web_client: Client) -> None:
        page = web_client(Office.MEDIATOR).get("/calendar/2027").text
        assert "暂定，待国务院办公厅通知" in page
        assert "2月9日（周二）至2月10日（周三）　春节 · 补假" in page

    @pytest.mark.parametrize("year", ["2019", "2032", "9999", "99999999999"])
    def test_of_a_year_that_nobody_knows_it_says_so(self, web_client: Client, year: str) -> None:
        answer = web_client(Office.MEDIATOR).get(f"/calendar/{year}")
        assert answer.status_code == 404
        assert "的放假安排" in answer.text

    def test_the_address_without_a_year_leads_to_this_one(self, web_client: Client) -> None:
        assert web_client(Office.AUDITOR).get("/calendar").location == "/calendar/2026"

    def test_the_form_for_the_notice_is_shown_to_those_who_may_hand_it_in(self, web_client: Client) -> None:
        shown = {
            office: "通知全文" in web_client(office).get("/calendar/2026").text
            for office in Office
            if office.value in ("mediator", "lead", "auditor", "administrator")
        }
        assert [office for office, it in shown.items() if it] == [Office.LEAD, Office.ADMINISTRATOR]


class TestCounting:
    def count(self, browser: Browser, query: str, status: int = 200) -> str:
        answer = browser.get(f"/calendar/count?{query}")
        assert answer.status_code == status
        return answer.text

    def test_one_day_where_it_is_settled_and_why_it_moved(self, web_client: Client) -> None:
        page = self.count(web_client(Office.MEDIATOR), "from=2026-09-01&number=30&unit=days")
        assert "到2026年10月8日（周四）为止" in page
        assert "2026年10月1日（周四）是休息日（国庆节），顺延到休息结束后的第一个工作日。" in page

    def test_several_where_it_is_not(self, web_client: Client) -> None:
        page = self.count(web_client(Office.MEDIATOR), "from=2027-01-22&number=15&unit=days")
        for words in ("暂定", "2027年2月6日（周六）", "2027年2月11日（周四）", "2027年2月15日（周一）"):
            assert words in page

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("from=&number=30&unit=days", "请写明从哪天起算"),
            ("from=2026-02-30&number=30&unit=days", "请写明从哪天起算"),
            ("from=2026-09-01&number=0&unit=days", "请写 1 到 9999 的整数"),
            ("from=2026-09-01&number=³&unit=days", "请写 1 到 9999 的整数"),
            ("from=2026-09-01&number=3&unit=weeks", "请选择日、工作日、月还是年"),
            ("from=2031-12-20&number=30&unit=days", "没有2032年的放假安排"),
            ("from=9999-12-31&number=9999&unit=years", "的放假安排"),
            ("from=0001-01-01&number=1&unit=workdays", "没有1年的放假安排"),
        ],
    )
    def test_what_cannot_be_counted_is_said(self, web_client: Client, query: str, words: str) -> None:
        assert words in self.count(web_client(Office.MEDIATOR), query, 422)


class TestTaking:
    def test_it_is_read_and_shown_and_then_taken(self, web_client: Client, told: Story) -> None:
        lead = web_client(Office.LEAD)
        page = checked(lead)
        assert "2月5日（周五）至2月8日（周一）　春节 · 法定节日" in page
        assert "核对无误" in page
        assert imported_years(told.store, 2027) == []
        answer = lead.send("/calendar/import", text=OF_2027, do="take", checked=digest_in(page))
        assert answer.location == "/calendar/2027"
        page = lead.get("/calendar/2027").text
        assert "已导入" in page
        assert "王主任于2026-11-23" in page

    def test_what_was_not_checked_is_not_taken(self, web_client: Client, told: Story) -> None:
        lead = web_client(Office.LEAD)
        digest = digest_in(checked(lead))
        other = OF_2027.replace("5月8日（周六）上班", "5月9日（周日）上班")
        for text, seen in ((OF_2027, ""), (other, digest)):
            assert "核对无误" in lead.send("/calendar/import", text=text, do="take", checked=seen).text
        assert imported_years(told.store, 2027) == []

    def test_every_fault_is_told_and_the_text_stays(self, web_client: Client) -> None:
        page = checked(
            web_client(Office.ADMINISTRATOR),
            OF_2027.replace("共9天", "共8天").replace("5月8日（周六）", "5月8日（周五）"),
        )
        assert "第6行：写的是共8天" in page
        assert "第8行：5月8日写的是星期五，实际是星期六" in page
        assert "国办发明电〔2026〕99号" in page

    def test_an_official_year_is_changed_where_that_is_ticked(self, web_client: Client, told: Story) -> None:
        lead = web_client(Office.LEAD)
        short = published(2026).replace("9月20日（周日）、", "")
        page = checked(lead, short)
        assert "请核对上班的日子有没有贴漏" in page
        given = {"text": short, "do": "take", "checked": digest_in(page)}
        answer = lead.send("/calendar/import", **given)
        assert (answer.status_code, "换掉现有的安排" in answer.text) == (422, True)
        assert lead.send("/calendar/import", **given, replace="1").status_code == 303
        assert len(imported_years(told.store, 2026)) == 1

    def test_the_same_text_again_is_nothing_to_take(self, web_client: Client) -> None:
        lead = web_client(Office.LEAD)
        lead.send("/calendar/import", text=OF_2027, do="take", checked=digest_in(checked(lead)))
        page = checked(lead)
        assert "已经导入过" in page
        assert 'value="take"' not in page

    def test_earlier_ones_are_listed(self, web_client: Client) -> None:
        lead = web_client(Office.LEAD)
        for text in (OF_2027, OF_2027.replace("99号", "100号")):
            given = {"text": text, "do": "take", "checked": digest_in(checked(lead, text)), "replace": "1"}
            lead.send("/calendar/import", **given)
        page = lead.get("/calendar/2027").text
        assert "以前导入过的" in page
        assert "国办发明电〔2026〕99号，2026年11月20日；王主任于2026-11-23" in page
