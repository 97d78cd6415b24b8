"""Ways that every task goes: from the work page to a case, a step and its form, a filed paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from .hand import Hand
from .room import AUDITOR, LEAD, Room

NUMBER = "（2026）"
"""How the number of a case begins."""
DONE = "办理"


def to_case(hand: Hand, party: str) -> None:
    """From the work page to the case: by what is said there of it, else by the list of all cases."""
    if not hand.sees(NUMBER):
        hand.press("案件")
        hand.press("", party)
        return
    hand.press(NUMBER)


def from_board(hand: Hand, step: str) -> None:
    """Take up what the work page names; where that leads to the case alone, once more there."""
    hand.press(step)
    if not hand.sees(DONE):
        hand.press(step)


def take(hand: Hand, step: str, *about: str) -> None:
    """Open the form of a step for some of the things it is given on: by its own link, else by the boxes of the form."""
    own = len(about) == 1 and hand.sees(step, about[0])
    hand.press(step, about[0] if own else "")
    if about and not own:
        hand.only("针对哪", *about)


def register(hand: Hand, program: str, dispute: str, applicants: Sequence[str], firms: Sequence[str]) -> None:
    """Fill in who, against whom, about what, in the form 登记; it is not sent yet."""
    hand.press("登记")
    hand.choose("怎么办理", program)
    for side, words, names in (("申请人", "再加一位申请人", applicants), ("被申请人", "再加一位被申请人", firms)):
        for n, name in enumerate(names):
            while len(hand.group(side).fields("姓名或名称")) <= n:
                hand.press(words)
            hand.group(side).type("姓名或名称", name, n)
            if name in firms:
                hand.group(side).choose("主体类型", "单位", n)
    hand.choose("纠纷类型", dispute)
    hand.tick("发生在开发区范围")


KINDS = {"3": "身份证明", "4": "授权", "7": "笔录", "8": "协议书签署件", "9": "付款凭证"}
"""What is filed at a place of the dossier, by its number."""
IDENTITY, AUTHORITY = "3", "4"
"""Places of what is somebody's own."""


def file_missing(hand: Hand, scan: Path, parties: Sequence[str], represented: str) -> None:
    """Photograph for every place of the dossier that wants something what lies there on paper; from the case page."""
    hand.press("案卷：")
    while places := hand.wanting():
        hand.press("收存到这里", places[0].partition(" 还缺")[0])
        hand.attach("选文件", scan)
        number = places[0].split(" ")[0]
        hand.choose("种类", KINDS.get(number, "其他"))
        if number == IDENTITY:
            hand.choose("谁的材料", next((it for it in parties if it in places[0]), parties[0]))
        if number == AUTHORITY:
            hand.choose("谁的材料", represented)
        hand.send(DONE)
        hand.press("案卷：")


def finish(room: Room, party: str) -> None:
    """The lead finds the dossier complete and looks at the self-check, the auditor finds the record whole."""
    room.at(f"{room.now + timedelta(days=1):%Y-%m-%dT09:00}")
    with room.person(LEAD, "室主任核对") as lead:
        to_case(lead, party)
        lead.press("案卷：")
        lead.reads("到现在为止该有的都有了")
        lead.press("自查：")
        lead.reads("按")
    with room.person(AUDITOR, "核查员核对") as auditor:
        auditor.press("", party)
        auditor.press("校验")
        auditor.reads("没有发现问题")
