"""What holds a dossier together: 封面, 卷内目录, 封底 (司法部 人民调解文书格式).

Its pages are not numbered. By whom and when it was put together is written by hand: the record does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import civil_words
from mediation_engine.domain.paper import (
    DAY,
    OPEN,
    Binding,
    Entries,
    Grid,
    Paper,
    PaperKind,
    PaperReading,
    Paragraph,
    Signatures,
    Space,
    Style,
)

from ..facts import facts_of
from ..vocabulary import Grade
from .parties import is_labour
from .sheet import room_paper
from .story import between

TERMS: Mapping[str, int | None] = {
    Grade.SIMPLE.code: 5,
    Grade.GENERAL.code: 10,
    Grade.DIFFICULT.code: None,
    Grade.MAJOR.code: None,
    "": 10,
}
"""For how many years a dossier is kept, by its grade, or without one; None for good. Policy: no law says it."""


def cover(reading: PaperReading, key: str) -> Paper:
    """What dispute it is, who mediated it from when to when, how long it is kept."""
    facts, kept = facts_of(reading.case), reading.retention
    began = facts.accepted or facts.registered
    return room_paper(
        reading,
        title="劳动争议调解卷宗" if is_labour(reading) else "人民调解卷宗",
        day=kept.since or reading.today,
        number="",
        numbered=False,
        large=True,
        blocks=(
            Space(4),
            Entries(
                (
                    (("卷名", between(reading)),),
                    (("卷号", facts.number or OPEN),),
                    (("人民调解员" if not is_labour(reading) else "调解员", "、".join(reading.mediators()) or OPEN),),
                    (("调解日期", f"{_day(began.last_day() if began else None)}至{_day(kept.since)}"),),
                    (("立卷人", OPEN),),
                    (("立卷日期", _day(None)),),
                    (("保管期限", _kept(reading)),),
                    (("备注", OPEN if kept.since else "尚未结案"),),
                )
            ),
        ),
    )


def _day(day: date | None) -> str:
    return civil_words(day) if day else f"　　{DAY}"


def _kept(reading: PaperReading) -> str:
    kept = reading.retention
    return f"{kept.words}（至{civil_words(kept.ends)}）" if kept.ends else kept.words


def index(reading: PaperReading, key: str) -> Paper:
    """What lies in it, and on which pages."""
    rows = tuple((str(n), row.title, row.numbers, row.remark) for n, row in enumerate(reading.index, 1))
    return room_paper(
        reading,
        title="卷内目录",
        day=reading.retention.since or reading.today,
        numbered=False,
        host="",
        blocks=(Grid(head=("序号", "文书名称", "页号", "备注"), rows=rows, widths=(1, 6, 2, 4)),),
    )


def back(reading: PaperReading, key: str) -> Paper:
    """How many pages there are, to be signed by those who bound and checked it."""
    last = max((row.last for row in reading.index if row.pages), default=0)
    return room_paper(
        reading,
        title="封底",
        day=reading.retention.since or reading.today,
        numbered=False,
        host="",
        blocks=(
            Space(6),
            Paragraph(reading.wording("back_pages", pages=str(last or "＿＿＿＿")), Style.PLAIN),
            Space(2),
            Signatures(left=("装订人（签名）：",), right=("检查人（签名）：",)),
        ),
    )


def _with_the_whole(case: Case, key: str) -> bool:
    return False


COVER = PaperKind(
    code="cover", label="卷宗封面", about="", place=None, content=cover, binds=Binding.COVER,
    basis="司法部 人民调解文书格式；人民调解法 第27条",
)  # fmt: skip
INDEX = PaperKind(
    code="index", label="卷内目录", about="", place=None, content=index, when=_with_the_whole, binds=Binding.INDEX,
    basis="司法部 人民调解文书格式；人民调解法 第27条",
)  # fmt: skip
BACK = PaperKind(
    code="back", label="卷宗封底", about="", place=None, content=back, binds=Binding.BACK,
    basis="司法部 人民调解文书格式；人民调解法 第27条",
)  # fmt: skip
