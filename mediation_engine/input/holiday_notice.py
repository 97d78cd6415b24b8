"""The yearly notice of the State Council's office (国务院办公厅关于…年部分节假日安排的通知), pasted whole, as days.

What it says is held against the regulation and against arithmetic, and each thing that does not fit is told with its
line: a weekday that is not the real one, a count that is not that of the days, a statutory day that is left out.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ..calendar.law import FEASTS, Feasts, named_days, statutory_days
from ..domain.calendar import A_DAY, DayKind, NamedDay, is_weekend
from ..domain.formatting import WEEKDAYS, day_words
from ..domain.limits import MOST_FAULTS
from ..errors import NoticeUnfit
from .encodings import decoded

MOST_CHARACTERS = 20_000
"""Characters of a notice. The longest so far has about 700."""
FAR = 14
"""Days from a break beyond which a day worked for it is asked about: the farthest lay 11 away (20 September 2026)."""

# Compiled when they are first used, and kept by `re`: few processes ever read a notice.
_HEADING = r"[一二三四五六七八九十]+[、.]((?:[一-鿿]{2,12}、)*[一-鿿]{2,12}):"
_TITLE = r"(?:关于|现将)(\d{4})年(?=部分节假日安排|元旦)"
_PAPER = r"国办发明电[〔\[(【]?(\d{4})[〕\])】]?(?:第)?(\d{1,3})号"
_SIGNED = r"国务院办公厅(\d{4})年(\d{1,2})月(\d{1,2})日"
_DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?"
_OFF = rf"{_DAY}(?:[至到—~-]+{_DAY})?放假(?:调休)?(\d{{1,4}}天)?(?:,共(\d{{1,4}})天)?(?:,(?:与周[六日末]连休|不调休))*"
_WORK = rf"{_DAY}(?:[、,和及]{_DAY})*(?:正常|照常)?上班"
_WEEKDAY = r"(?:周|星期)([一二三四五六日天])"
_PASSED_OVER = ("鼓励", "节假日期间")
"""How sentences begin that order no day off or worked."""


@dataclass(frozen=True, slots=True)
class NoticeFault:
    """Something in a notice that does not fit."""

    line: int | None
    """Of the text as it was pasted, from 1; None where it is about the whole."""
    sentence: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.sentence}" if self.line else self.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a notice says."""

    year: int
    paper: str
    """Its number; nothing where the text has none."""
    paper_day: date
    text: str
    """As it is kept: lines stripped, empty ones left out."""
    days: tuple[NamedDay, ...]
    remarks: tuple[str, ...]
    """What somebody should look at before it is taken."""

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hex."""
        return digest_of_text(self.text)


def digest_of_text(text: str) -> str:
    """SHA-256 of the text of a notice in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def notice_text(content: bytes) -> str:
    """The text in a file. NoticeUnfit."""
    text = decoded(content)
    if text is None or "\0" in text:
        raise NoticeUnfit((NoticeFault(None, "不是文本文件；请把通知的文字复制到记事本，存成 .txt 再导入"),))
    return text


def read_notice(pasted: str, feasts: Mapping[int, Feasts]) -> Notice:
    """What a pasted notice says. NoticeUnfit with every fault by line."""
    reading = _Reading(pasted)
    notice = reading.notice(feasts)
    if notice is None or reading.faults:
        ordered = sorted(reading.faults, key=lambda it: (it.line is None, it.line or 0))
        raise NoticeUnfit(tuple(dict.fromkeys(ordered))[:MOST_FAULTS])
    return notice


def _is_kept(sign: str) -> bool:
    """Whether a character says anything: no mark of a file or a page, none that a database refuses."""
    return sign == "\t" or not unicodedata.category(sign).startswith("C")


@dataclass(slots=True)
class _Section:
    """A numbered paragraph: which holidays, where it stands, the days off and worked."""

    names: tuple[str, ...]
    at: int
    off: dict[date, int] = field(default_factory=dict)
    work: dict[date, int] = field(default_factory=dict)


class _Reading:
    """One notice being read: its characters without white space, each with its line."""

    def __init__(self, pasted: str) -> None:
        self.faults: list[NoticeFault] = []
        self.lines = ["".join(filter(_is_kept, line)).strip() for line in pasted.splitlines()]
        placed = [
            (sign, number)
            for number, line in enumerate(self.lines, 1)
            for sign in unicodedata.normalize("NFKC", line)
            if not sign.isspace()
        ]
        self.text = "".join(sign for sign, _ in placed)
        self.line_of = [number for _, number in placed]

    def fault(self, sentence: str, at: int | None = None) -> None:
        self.faults.append(NoticeFault(self.line_of[at] if at is not None else None, sentence))

    def notice(self, feasts: Mapping[int, Feasts]) -> Notice | None:
        if not self.text:
            self.fault("没有内容；请把国务院办公厅的通知从标题到落款整篇贴进来")
            return None
        if len(self.text) > MOST_CHARACTERS:
            self.fault("内容太长，不像一篇放假通知；请只贴通知本身，从标题到落款")
            return None
        year = self._year()
        if year is None:
            return None
        if year not in feasts:
            span = f"{min(feasts)}年到{max(feasts)}年"
            self.fault(f"本程序只有{span}的农历节日，核对不了{year}年的通知；请先升级程序，再导入")
            return None
        signed, sections = self._signed(year), list(self._sections())
        for section, first, last in sections:
            self._read(section, year, first, last)
        law = statutory_days(year, feasts[year])
        days = self._days([section for section, _, _ in sections], law, year)
        if signed is None or self.faults:
            return None
        paper = re.search(_PAPER, self.text)
        return Notice(
            year=year,
            paper=f"国办发明电〔{paper[1]}〕{int(paper[2])}号" if paper else "",
            paper_day=signed,
            text="\n".join(filter(None, self.lines)),
            days=days,
            remarks=tuple(_remarks(days, law, has_number=paper is not None)),
        )

    def _year(self) -> int | None:
        found = {int(it[1]): it.start() for it in re.finditer(_TITLE, self.text)}
        if not found:
            self.fault("没有写明是哪一年的放假安排；请从标题“国务院办公厅关于某年部分节假日安排的通知”起整篇贴进来")
            return None
        if len(found) > 1:
            years = "、".join(f"{year}年" for year in found)
            self.fault(f"同时写着{years}；一次只能导入一年的通知", list(found.values())[1])
            return None
        return next(iter(found))

    def _signed(self, year: int) -> date | None:
        found = list(re.finditer(_SIGNED, self.text))
        if not found:
            self.fault("没有读到落款“国务院办公厅”和日期，可能没有贴全；请把通知从标题到落款整篇贴进来")
            return None
        last = found[-1]
        day = self._date(int(last[1]), int(last[2]), int(last[3]), last.start())
        if day is not None and day.year not in (year - 1, year):
            self.fault(f"落款是{day_words(day)}，不像{year}年的放假通知", last.start())
        return day

    def _date(self, year: int, month: int, day: int, at: int) -> date | None:
        try:
            return date(year, month, day)
        except ValueError:
            self.fault(f"没有{year}年{month}月{day}日这一天", at)
            return None

    # -- the paragraphs

    def _sections(self) -> Iterator[tuple[_Section, int, int]]:
        """The numbered paragraphs with where each begins and ends."""
        found, seen = list(re.finditer(_HEADING, self.text)), set[str]()
        signed = [it.start() for it in re.finditer(_SIGNED, self.text)]
        for n, it in enumerate(found):
            names = tuple(it[1].split("、"))
            for name in names:
                if name not in FEASTS:
                    self.fault(f"不认识“{name}”这个节日（只认{'、'.join(FEASTS)}）", it.start())
                elif name in seen:
                    self.fault(f"“{name}”写了两次", it.start())
                seen.add(name)
            end = found[n + 1].start() if n + 1 < len(found) else len(self.text)
            end = min([end, *(at for at in signed if at > it.end())])
            yield _Section(names, it.start()), it.end(), end
        for name in FEASTS:
            if name not in seen:
                self.fault(f"没有读到{name}的安排，可能没有贴全")

    def _read(self, section: _Section, year: int, first: int, last: int) -> None:
        """The sentences of a paragraph."""
        for found in re.finditer(r"[^。;]+", self.text[first:last]):
            sentence, at = found[0], first + found.start()
            if sentence.startswith(_PASSED_OVER) or not re.search(_DAY, sentence):
                continue
            if off := re.fullmatch(_OFF, sentence):
                self._take_off(section, year, off, at)
            elif re.fullmatch(_WORK, sentence):
                self._take_work(section, year, sentence, at)
            else:
                self.fault(f"“{sentence[:40]}”看不懂，不知道哪天放假、哪天上班", at)
        if not section.off:
            self.fault(f"没有读到{'、'.join(section.names)}哪天放假", section.at)

    def _take_off(self, section: _Section, year: int, off: re.Match[str], at: int) -> None:
        first = self._day_in(section, year, off.groups()[:4], None, at)
        last = self._day_in(section, year, off.groups()[4:8], first, at) if off[7] else first
        if first is None or last is None:
            return
        days = (last - first).days + 1
        if days < 1:
            self.fault(f"{day_words(last)}在{day_words(first)}前面，放假的日子写反了", at)
        said = off[10] or (off[9] or "").rstrip("天")
        if days > 0 and said and int(said) != days:
            span = f"{day_words(first)}至{day_words(last)}"
            self.fault(f"写的是共{said}天，{span}数起来是{days}天", at)
        section.off.update({first + A_DAY * n: at for n in range(days)})

    def _take_work(self, section: _Section, year: int, sentence: str, at: int) -> None:
        before: date | None = None
        for it in re.finditer(_DAY, sentence):
            day = before = self._day_in(section, year, it.groups(), before, at + it.start())
            if day is None:
                return
            if not is_weekend(day):
                self.fault(f"{day_words(day)}本来就上班，不会是调休上班的日子", at + it.start())
            if day in section.work:
                self.fault(f"{day_words(day)}上班写了两次", at + it.start())
            section.work[day] = at + it.start()

    def _day_in(
        self, section: _Section, year: int, words: tuple[str | None, ...], before: date | None, at: int
    ) -> date | None:
        """A day as written; year and month left out are those of the day before it. The weekday is held against it."""
        said_year, said_month, said_day, bracket = words
        if said_month is None and before is None:
            self.fault(f"{said_day}日前面没有写几月", at)
            return None
        of_year = int(said_year) if said_year else before.year if before else year
        month = int(said_month) if said_month else before.month if before else 0
        day = self._date(of_year, month, int(said_day or 0), at)
        if day is None:
            return None
        is_turn = day.year == year - 1 and day.month == 12 and "元旦" in section.names
        if day.year != year and not is_turn:
            self.fault(f"{day_words(day)}不在{year}年里", at)
            return None
        weekday = re.search(_WEEKDAY, bracket or "")
        if weekday and WEEKDAYS[day.weekday()] != weekday[1].replace("天", "日"):
            said = f"{day.month}月{day.day}日写的是星期{weekday[1]}，实际是星期{WEEKDAYS[day.weekday()]}"
            self.fault(f"{said}", at)
        return day

    # -- together

    def _days(self, sections: Iterable[_Section], law: Mapping[date, str], year: int) -> tuple[NamedDay, ...]:
        """The days of all paragraphs by kind."""
        off: dict[date, int] = {}
        work: dict[date, str] = {}
        worked: dict[date, int] = {}
        for section in sections:
            for day, at in section.off.items():
                if day in off:
                    self.fault(f"{day_words(day)}放假写了两次", at)
                off[day] = at
            for day, at in section.work.items():
                if day in work:
                    self.fault(f"{day_words(day)}上班写了两次", at)
                work[day], worked[day] = section.names[0], at
            if section.off and not any(day in section.off for day in law):
                self.fault(f"{'、'.join(section.names)}放假的日子里没有法定节日", section.at)
        for day in sorted(off.keys() & work.keys()):
            self.fault(f"{day_words(day)}又放假又上班", worked[day])
        self._hold_law(sections, off, law, year)
        return named_days(law, {day for day in off if not is_weekend(day)}, work)

    def _hold_law(
        self, sections: Iterable[_Section], off: Collection[date], law: Mapping[date, str], year: int
    ) -> None:
        """A fault for each statutory day that nobody has off."""
        at = {name: section.at for section in sections if section.off for name in section.names}
        for day, names in law.items():
            if day not in off and (where := next((at[n] for n in names.split("、") if n in at), None)) is not None:
                self.fault(f"{day_words(day)}是{names}的法定节日（《放假办法》第二条），没有放假", where)


def _remarks(days: Iterable[NamedDay], law: Mapping[date, str], *, has_number: bool) -> Iterator[str]:
    """What fits, but is unusual."""
    if not has_number:
        yield "没有读到文号（国办发明电〔年〕几号）；新闻转载的常常没有，有原文的请贴原文"
    kinds = [it.kind for it in days]
    bridged, worked = kinds.count(DayKind.BRIDGE_OFF), kinds.count(DayKind.MAKEUP_WORK)
    if bridged != worked:
        yield f"调休放假{bridged}天，调休上班{worked}天，一般两样一样多；请核对上班的日子有没有贴漏"
    for it in days:
        feasts = set(it.name.split("、"))
        near = (abs((day - it.day).days) for day, names in law.items() if feasts & set(names.split("、")))
        if it.kind is DayKind.MAKEUP_WORK and min(near, default=0) > FAR:
            yield f"{day_words(it.day)}为{it.name}调休上班，离假期很远；请核对是不是写错了月份"
