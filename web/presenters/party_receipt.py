"""回执: what somebody said to a text by telephone, as a paper of one page."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.paper import Entries, Paper, Paragraph, Style
from mediation_engine.papers.text import cleaned
from workflows.papers.sheet import room_paper

from .papers import PaperDesk
from .party_text import PartyText

TITLE = "在线答复回执"
SAID = {
    "agree": ("同意", ()),
    "object": ("有意见", ("意见已经交给调解员。协议改了，会请您重新看。",)),
    "decline": ("不同意", ("不同意已经记下。可以再谈，也可以不再调解。",)),
}
"""What was said, and what it means, where the case does not say so."""
AFTERWARDS = "协议的内容改了，这份回执就作废。想反悔的，请尽快告诉调解员。"


GROUP = 16
"""So many characters of a digest stand together, so that a line can break between."""


def _groups(digest: str) -> Iterator[str]:
    return (digest[n : n + GROUP] for n in range(0, len(digest), GROUP))


def receipt_paper(desk: PaperDesk, text: PartyText, whom: str) -> Paper | None:
    """For whom what was said to which text, what that means, when; None where nothing was said."""
    said = text.said
    if said is None:
        return None
    label, means = SAID[said.answer]
    day = (said.when and said.when.last_day()) or desk.today
    rows = (
        (("代表谁", whom),),
        (("协议", text.title), ("第几版", f"第{text.version}版")),
        (("怎样答复", label),),
        (("什么时候", said.when.words() if said.when else ""),),
        (("校验码", text.short), ("回执编号", said.code)),
        (("全文校验码", " ".join(_groups(text.text_hash))),),
    )
    return cleaned(
        room_paper(
            desk,
            title=TITLE,
            day=day,
            blocks=(
                Entries(rows),
                Paragraph("这是什么意思：", Style.HEAD),
                *(Paragraph(words) for words in (*said.after, *means, AFTERWARDS)),
                Paragraph(f"有事找{desk.host.name}{'　'.join(('', *desk.mediators()[:1]))}。"),
            ),
        )
    )
