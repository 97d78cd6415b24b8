"""The yearly notice, read from the text as it was published; and what is said where it does not fit."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation_engine.calendar.law import named_days, statutory_days
from mediation_engine.calendar.shipped import feasts, shipped_years
from mediation_engine.domain.calendar import A_DAY, DayKind, NamedDay, is_weekend
from mediation_engine.domain.formatting import WEEKDAYS, ordinal_words
from mediation_engine.errors import NoticeUnfit
from mediation_engine.input.holiday_notice import MOST_CHARACTERS, Notice, notice_text, read_notice

from ...support.notices import published

pytestmark = pytest.mark.quick

PUBLISHED = (2023, 2024, 2025, 2026)
OF_2026 = published(2026)


def read(text: str) -> Notice:
    return read_notice(text, feasts())


def faults(text: str) -> list[str]:
    with pytest.raises(NoticeUnfit) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def changed(*changes: tuple[str, str], text: str = OF_2026) -> str:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


class TestPublished:
    @pytest.mark.parametrize("year", PUBLISHED)
    def test_the_notice_as_published_gives_the_days_that_come_with_the_program(self, year: int) -> None:
        notice, shipped = read(published(year)), shipped_years()[year]
        assert notice.days == shipped.days
        assert (notice.year, notice.paper, notice.paper_day) == (year, shipped.paper, shipped.paper_day)
        assert notice.remarks == ()

    @pytest.mark.parametrize("year", PUBLISHED)
    @pytest.mark.parametrize(
        "written",
        [
            lambda text: "".join(text.splitlines()),
            lambda text: text.replace("\n", "\r\n"),
            lambda text: text.replace("（", "(").replace("）", ")").replace("，", ",").replace("：", ":"),
            lambda text: "\ufeff" + text.replace("\n\n", "\n\u3000\u3000"),
            lambda text: text.replace("1", "１").replace("2", "２"),
            lambda text: text.replace("周", "星期") if "周末" not in text else text,
            lambda text: f"首页 > 政策\n{text}\n责任编辑：某某\n扫一扫在手机打开当前页",
        ],
        ids=["in one line", "from Windows", "narrow", "indented", "wide figures", "weekdays in full", "with the page"],
    )
    def test_however_it_was_copied(self, year: int, written: object) -> None:
        assert callable(written)
        text = written(published(year))
        assert read(text).days == shipped_years()[year].days

    def test_a_line_broken_in_the_middle_of_a_sentence_is_no_hindrance(self) -> None:
        assert read(changed(("农历正月初七、周一", "农历正月初\n七、周一"))).days == shipped_years()[2026].days

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_a_file_is_read_in_the_encodings_that_windows_writes(self, encoding: str) -> None:
        assert notice_text(OF_2026.encode(encoding)) == OF_2026

    def test_marks_that_nobody_sees_are_left_out(self) -> None:
        marked = changed(("5月9日", "5月\u200b9日"), ("国庆节：", "\ufeff国庆节\0：\ud800"))
        assert read(marked).text == read(OF_2026).text

    def test_the_digest_does_not_hang_on_line_ends_and_margins(self) -> None:
        assert read(OF_2026.replace("\n", "\r\n  ")).digest == read(OF_2026).digest
        assert read(changed(("推动错峰出行", "鼓励错峰出行"))).digest != read(OF_2026).digest


BROKEN = {
    "the weekday of a day worked is another": (
        (("5月9日（周六）", "5月9日（周五）"),),
        ["第15行：5月9日写的是星期五，实际是星期六"],
    ),
    "the weekday of a first day off is another": (
        (("6月19日（周五）", "6月19日（周四）"),),
        ["第17行：6月19日写的是星期四，实际是星期五"],
    ),
    "the weekday of a last day off is another": (
        (("正月初七、周一", "正月初七、周二"),),
        ["第11行：2月23日写的是星期二，实际是星期一"],
    ),
    "the count is not that of the days": (
        (("共9天", "共8天"),),
        ["第11行：写的是共8天，2026年2月15日（周日）至2026年2月23日（周一）数起来是9天"],
    ),
    "a statutory day is left out": (
        (("1日（周四）至7日（周三）放假调休，共7天", "2日（周五）至7日（周三）放假调休，共6天"),),
        ["第21行：2026年10月1日（周四）是国庆节的法定节日（《放假办法》第二条），没有放假"],
    ),
    "the eve of Spring Festival, statutory since 2025, is left out": (
        (
            (
                "2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天",
                "2月17日至23日放假调休，共7天",
            ),
        ),
        ["第11行：2026年2月16日（周一）是春节的法定节日（《放假办法》第二条），没有放假"],
    ),
    "a paragraph is missing": (
        (("五、端午节：6月19日（周五）至21日（周日）放假，共3天。", ""),),
        ["没有读到端午节的安排，可能没有贴全"],
    ),
    "the year is not named": (
        (("关于2026年\n部分节假日安排", "关于\n部分节假日安排"), ("现将2026年元旦", "现将元旦")),
        ["没有写明是哪一年的放假安排；请从标题“国务院办公厅关于某年部分节假日安排的通知”起整篇贴进来"],
    ),
    "two years are named": (
        (("现将2026年元旦", "现将2025年元旦"),),
        ["第7行：同时写着2026年、2025年；一次只能导入一年的通知"],
    ),
    "a year of which no feasts are known": (
        (("关于2026年", "关于2046年"), ("现将2026年", "现将2046年")),
        ["本程序只有2020年到2031年的农历节日，核对不了2046年的通知；请先升级程序，再导入"],
    ),
    "a day lies in another year": (
        (("9月20日（周日）", "2025年9月21日（周日）"),),
        ["第21行：2025年9月21日（周日）不在2026年里"],
    ),
    "a day of the December before belongs to another feast": (
        (("2月28日（周六）上班", "2025年12月27日（周六）上班"),),
        ["第11行：2025年12月27日（周六）不在2026年里"],
    ),
    "a day that no month has": (
        (("2月28日（周六）上班", "2月30日（周六）上班"),),
        ["第11行：没有2026年2月30日这一天"],
    ),
    "the days are the wrong way round": (
        (("10月1日（周四）至7日（周三）放假调休，共7天", "10月7日（周三）至1日（周四）放假调休，共7天"),),
        ["第21行：2026年10月1日（周四）在2026年10月7日（周三）前面，放假的日子写反了"],
    ),
    "a day worked is a working day anyway": (
        (("5月9日（周六）上班", "5月8日（周五）上班"),),
        ["第15行：2026年5月8日（周五）本来就上班，不会是调休上班的日子"],
    ),
    "a day is worked twice": (
        (("9月20日（周日）、10月10日（周六）", "10月10日（周六）、10月10日（周六）"),),
        ["第21行：2026年10月10日（周六）上班写了两次"],
    ),
    "a day is off and worked": (
        (("2月28日（周六）", "2月21日（周六）"),),
        ["第11行：2026年2月21日（周六）又放假又上班"],
    ),
    "a sentence that is not understood": (
        (("5月9日（周六）上班", "5月9日（周六）照常营业"),),
        ["第15行：“5月9日(周六)照常营业”看不懂，不知道哪天放假、哪天上班"],
    ),
    "no month": (
        (("4月4日（周六）至6日", "4日（周六）至6日"),),
        ["第13行：4日前面没有写几月"],
    ),
    "a holiday that nobody knows": (
        (("七、国庆节：", "七、光棍节：11月11日（周三）放假，共1天。\n八、国庆节："),),
        ["第21行：不认识“光棍节”这个节日（只认元旦、春节、清明节、劳动节、端午节、国庆节、中秋节）"],
    ),
    "a holiday twice": (
        (("六、中秋节：", "六、端午节：6月19日（周五）至21日（周日）放假，共3天。\n七、中秋节："),),
        ["第19行：“端午节”写了两次"],
    ),
    "no signature": (
        (("国务院办公厅\n2025年11月4日", ""),),
        ["没有读到落款“国务院办公厅”和日期，可能没有贴全；请把通知从标题到落款整篇贴进来"],
    ),
    "signed years before": (
        (("国务院办公厅\n2025年11月4日", "国务院办公厅\n2015年11月4日"),),
        ["第25行：落款是2015年11月4日（周三），不像2026年的放假通知"],
    ),
}


class TestBroken:
    @pytest.mark.parametrize(("changes", "said"), BROKEN.values(), ids=BROKEN)
    def test_it_is_refused_with_the_line_where(self, changes: tuple[tuple[str, str], ...], said: list[str]) -> None:
        told = faults(changed(*changes))
        assert [words for words in said if words not in told] == [], told

    def test_every_fault_is_told_at_once_in_order_of_the_lines(self) -> None:
        told = faults(
            changed(("5月9日（周六）", "5月9日（周五）"), ("共9天", "共8天"), ("10月10日（周六）", "10月10日（周日）"))
        )
        assert [words[:4] for words in told] == ["第11行", "第15行", "第21行"]

    @pytest.mark.parametrize("text", ["", " \n\u3000\n", "\ufeff"])
    def test_nothing_is_no_notice(self, text: str) -> None:
        assert faults(text) == ["没有内容；请把国务院办公厅的通知从标题到落款整篇贴进来"]

    def test_nor_is_a_book(self) -> None:
        assert faults("放" * (MOST_CHARACTERS + 1)) == ["内容太长，不像一篇放假通知；请只贴通知本身，从标题到落款"]

    @pytest.mark.parametrize("content", [b"\x7fELF\x00\x01", b"\xff\xff\xff", b"%PDF-1.7\n\x00\x81\x00"])
    def test_a_file_that_is_no_text_is_refused(self, content: bytes) -> None:
        with pytest.raises(NoticeUnfit, match="不是文本文件"):
            notice_text(content)

    @given(st.text(alphabet="关于现将2026年元旦一、:：春节月日放假上班至共天()（）周六。\n0123456789", max_size=200))
    def test_whatever_is_pasted_is_read_or_refused(self, text: str) -> None:
        with suppress(NoticeUnfit):
            read(text)


class TestRemarks:
    def test_a_day_worked_that_was_left_out_is_asked_about(self) -> None:
        [remark] = read(changed(("9月20日（周日）、", ""))).remarks
        assert remark == "调休放假6天，调休上班5天，一般两样一样多；请核对上班的日子有没有贴漏"

    def test_a_day_worked_months_away_is_asked_about(self) -> None:
        [remark] = read(changed(("9月20日（周日）、", "8月23日（周日）、"))).remarks
        assert "离假期很远" in remark

    def test_a_copy_without_its_number_is_taken_and_said(self) -> None:
        notice = read(changed(("国办发明电〔2025〕7号", "")))
        assert notice.paper == ""
        assert "没有读到文号" in notice.remarks[0]


def written(year: int, days: tuple[NamedDay, ...]) -> str:
    """A notice that says so: a paragraph a break, in the words of the published ones."""
    work = {it.day: it.name for it in days if it.kind is DayKind.MAKEUP_WORK}
    breaks: list[list[NamedDay]] = []
    for it in days:
        if it.day in work:
            continue
        last = breaks[-1][-1].day if breaks else date.min
        between = [last + n * A_DAY for n in range(1, min((it.day - last).days, 4))]
        if len(between) < 3 and all(is_weekend(day) and day not in work for day in between):
            breaks[-1].append(it)
        else:
            breaks.append([it])
    paragraphs = []
    for own in breaks:
        feasts_of = list(dict.fromkeys(name for it in own for name in it.name.split("、")))
        off = f"{_day(own[0].day)}至{_day(own[-1].day)}放假调休，共{(own[-1].day - own[0].day).days + 1}天。"
        made_up = "、".join(_day(day) for day, name in work.items() if set(name.split("、")) <= set(feasts_of))
        paragraphs.append(f"{'、'.join(feasts_of)}：{off}" + (f"{made_up}上班。" if made_up else ""))
    body = "\n".join(f"{ordinal_words(n)}、{words}" for n, words in enumerate(paragraphs, 1))
    head = f"国务院办公厅关于{year}年\n部分节假日安排的通知\n国办发明电〔{year - 1}〕9号"
    return f"{head}\n{body}\n国务院办公厅\n{year - 1}年11月9日"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, tuple[NamedDay, ...]]:
    """A year that might be: each break goes on for some days, and some Saturdays and Sundays before it are worked."""
    year = draw(st.integers(2025, 2031))
    law = statutory_days(year, feasts()[year])
    off: set[date] = set()
    work: dict[date, str] = {}
    for day in law:
        if day + A_DAY in law:
            continue
        for n in range(1, draw(st.integers(0, 3)) + 1):
            if not is_weekend(day + n * A_DAY) and (day + n * A_DAY).year == year:
                off.add(day + n * A_DAY)
    for day, name in law.items():
        before = day - timedelta(days=draw(st.integers(9, 13)))
        near = {before + n * A_DAY for n in range(-3, 4)}
        if is_weekend(before) and before.year == year and near.isdisjoint(off | law.keys()):
            work[before] = name.split("、")[0]
    return year, named_days(law, off - law.keys(), work)


class TestRoundTrip:
    @given(tables())
    def test_a_notice_written_from_a_table_gives_the_table_back(self, table: tuple[int, tuple[NamedDay, ...]]) -> None:
        year, days = table
        assert read(written(year, days)).days == days
