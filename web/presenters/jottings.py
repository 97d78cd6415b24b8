"""Jottings as they are shown, and to what one can be filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mediation_engine.domain.files import MEDIA
from mediation_engine.domain.formatting import CHINA
from mediation_engine.ports.jottings import Filed
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.jottings import Opened
from workflows.facts import facts_of
from workflows.parts.block import RecordTalk
from workflows.parts.exhibit import FileExhibit
from workflows.parts.note import RecordNote
from workflows.parts.states import VISIT_AHEAD
from workflows.parts.visit import RecordVisit

TOLD_BEFORE = 7
"""So many days before one is forgotten it is said how many are left."""
LONGEST_TITLE = 100
"""Characters of a title: what is said at greater length is filed as something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JottedFile:
    """A photo or a recording of one."""

    number: int
    label: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Jotted:
    """A jotting in words."""

    id: str
    made: datetime
    age: str
    left: int
    """Days until it is forgotten."""
    case: str | None
    words: str
    files: tuple[JottedFile, ...]
    filed: Filed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingWay:
    """As what one can be filed with a case."""

    label: str
    command: str
    on: str | None = None
    help: str = ""


def jotted(it: Opened, now: datetime, keep: int) -> Jotted:
    """One in words; `keep` is for how many days one is kept."""
    made, today = it.made.astimezone(CHINA).date(), now.astimezone(CHINA).date()
    age = max(0, (today - made).days)
    return Jotted(
        id=it.id,
        made=it.made,
        age="今天" if age == 0 else f"{age}天前",
        left=max(0, keep - (now - it.made).days),
        case=it.case,
        words=it.words,
        files=tuple(_file(n, media) for n, media in enumerate(it.files)),
        filed=it.filed,
    )


def ways_of(view: CaseView, it: Jotted) -> list[FilingWay]:
    """As what one can be filed with a case, the visits that are ahead by their day."""
    files = "，照片和录音一起收进材料" if it.files else ""
    found = [FilingWay(label="谈话", command=RecordTalk.name(), help=f"和一方谈了什么{files}")]
    for key, visit in facts_of(view.case).visits.items():
        if view.case.is_in(key, *VISIT_AHEAD):
            day = f"{visit.due.month}月{visit.due.day}日" if visit.due else ""
            found.append(FilingWay(label=f"走访或电话回访（排在{day}的一次）", command=RecordVisit.name(), on=key))
    found.append(
        FilingWay(label="走访或电话回访（没有排过的）", command=RecordVisit.name(), help=f"上门或打电话问到的{files}")
    )
    if it.files and len(it.words) <= LONGEST_TITLE:
        found.append(FilingWay(label="材料、证据", command=FileExhibit.name(), help="照片、录音收进案卷，文字作名称"))
    found.append(FilingWay(label="别的情况", command=RecordNote.name(), help="各方都能看到"))
    return found


def _file(number: int, media: str) -> JottedFile:
    kind = MEDIA.get(media)
    return JottedFile(number=number, label=kind.label if kind else "文件", is_shown=bool(kind and kind.is_shown))
