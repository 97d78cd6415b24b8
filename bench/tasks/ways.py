"""Ways that every task goes: from the work page to a case, a step and its form, a filed paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from .hand import Hand
from .room import AUDITOR, LEAD, MEDIATOR, Room

DONE, ANYWAY = "办理", "就这样办理"


def to_case(hand: Hand, party: str) -> None:
    """From the work page to the case: by its parties there, else by the list of all cases."""
    if not hand.sees(party):
        hand.press("案件")
    hand.press(party)


def begin(hand: Hand, party: str, step: str, *about: str) -> None:
    """Take up a step that the work page offers, else in the case; where it leads to the case alone, once more there."""
    if hand.sees(step):
        hand.press(step)
        if hand.has_form():
            return
    else:
        to_case(hand, party)
    take(hand, step, *about)


def take(hand: Hand, step: str, *about: str) -> None:
    """Open the form of a step: by what the page offers, on its card, else by the box 找; then say which of several."""
    one = about[0] if len(about) == 1 else ""
    if hand.sees(step, one):
        hand.press(step, one)
    else:
        look_up(hand, step, one)
    if about and hand.has_group("针对哪"):
        hand.only("针对哪", *about)


def take_all(hand: Hand, step: str) -> None:
    """Open the form of a step for all that it can be about: where the page offers it so, else as ever."""
    number = next((n for n in range(2, 30) if hand.sees(f"{step} {n} 项")), 0)
    take(hand, f"{step} {number} 项" if number else step)


def together(hand: Hand, *steps: str) -> None:
    """Say what else was done at the same sitting, where the form asks."""
    if steps:
        hand.tick("一起办", *steps)


def look_up(hand: Hand, step: str, about: str = "") -> None:
    """Find a step by its name, in the box of the case page."""
    hand.type("要办别的", step)
    hand.press("找")
    if hand.heading() != step:
        hand.press(step, about if hand.sees(step, about) else "")


def done(hand: Hand) -> None:
    """Press the button of the form, which reads like its heading; once more where it says first what will be noted."""
    words = hand.heading()
    hand.press(words if hand.sees(words) else DONE)
    if hand.sees(ANYWAY):
        hand.press(ANYWAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What is written of somebody in their line of the form 登记."""

    name: str
    kind: str = "个人"
    words: Mapping[str, str] = field(default_factory=dict)
    """Typed, by label."""
    ticks: Sequence[str] = ()
    ability: str = ""


def register(hand: Hand, program: str, dispute: str, applicants: Sequence[Party], respondents: Sequence[Party]) -> None:
    """Fill in who, against whom, about what, in the form 登记; it is not sent yet."""
    hand.press("登记")
    hand.choose("怎么办理", program)
    for side, parties in (("申请人", applicants), ("被申请人", respondents)):
        for n, party in enumerate(parties):
            while not hand.has_group(f"{side}第{n + 1}行"):
                hand.press(f"再加一位{side}")
            write_party(hand.group(f"{side}第{n + 1}行"), party)
    hand.choose("纠纷类型", dispute)
    hand.tick("发生在开发区范围")


def write_party(line: Hand, party: Party) -> None:
    """One line."""
    line.type("姓名或名称", party.name)
    line.choose("当事人是", party.kind)
    for label, words in party.words.items():
        line.type(label, words)
    for label in party.ticks:
        line.tick(label)
    if party.ability:
        line.choose("行为能力", party.ability)


def accepted(room: Room, party: str) -> None:
    """The lead accepts the case."""
    with room.person(LEAD, "受理") as lead:
        begin(lead, party, "受理")
        done(lead)


def sealed(room: Room, party: str) -> None:
    """The lead seals."""
    with room.person(LEAD, "盖章") as lead:
        begin(lead, party, "加盖调解组织印章")
        done(lead)


def file_missing(hand: Hand, scan: Path) -> None:
    """Photograph for every place of the dossier that wants something what lies there on paper; from the case page."""
    hand.press("案卷：齐不齐")
    while wanted := hand.page.locator("#sheet").evaluate("it => it.content.querySelectorAll('[data-missing]').length"):
        hand.attach("选文件", [scan] * wanted)
        hand.reads("放到")
        hand.press("收存", follow=False)
        hand.page.locator(".note", has_text="已收存").wait_for()


def checked(room: Room, party: str) -> None:
    """What lies on paper is photographed; the lead finds the dossier complete and looks at the self-check, the auditor
    finds the record whole."""
    with room.person(MEDIATOR, "案卷：收存") as li:
        file_missing(li, room.scan)
    room.at(f"{room.now + timedelta(days=1):%Y-%m-%dT09:00}")
    with room.person(LEAD, "室主任核对") as lead:
        to_case(lead, party)
        lead.press("案卷：齐不齐")
        lead.reads("到现在为止该有的都有了")
        lead.press("自查：")
        lead.reads("按")
    with room.person(AUDITOR, "核查员核对") as auditor:
        auditor.press(party)
        auditor.press("校验：")
        auditor.reads("没有发现问题")
