"""Everything somebody may ask for: lists, a case at each of its lines, files, forms, and the same for programs."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.tabs import Tab

from .calling import API
from .worlds import Ask

TABS = (*(tab.value for tab in Tab), "record")
"""Those of a case, beside the first."""


def gets(who: str, *paths: str) -> list[Ask]:
    return [(who, "GET", path, None) for path in paths]


def around(who: str, words: Sequence[str]) -> list[Ask]:
    """Everything that is not about one case, and what is found by private words."""
    searches = [ask for n, w in enumerate(words, 1) for ask in _search(who, n, w[:40])]
    register = ("/people", "/people?search=1", "/people/worker", "/people/worker/edit", "/people/worker/erase")
    cases = ("/cases", "/cases?state=open", "/cases?late=1")
    lists = gets(who, *register, "/work", *cases, "/audit", "/workflows", "/reads", "/self-check")
    return [
        *lists,
        *searches,
        *gets(who, "/calendar", "/calendar/2026", "/calendar/count?from=2026-11-23&number=15&unit=days"),
        *gets(who, "/links", "/links/x", "/links/done/visit", "/visit-link", "/c"),
        *gets(who, "/party", "/party/case", "/party/text", "/party/answer?answer=agree", "/party/receipt"),
        *gets(who, "/party/record", "/party/money", "/party/reads", "/party/me", "/party/papers"),
        *gets(who, "/party/papers/agreement.pdf?about=agreement/1", "/party/receipt.pdf?text=agreement/1"),
        *gets(who, "/party/do", "/party/do/stop", "/party/do/stop/receipt?id=x"),
        (who, "POST", "/party/do/statement", {"id": "x", "f.words": "话"}),
        *((who, "POST", path, {"code": "ABCDEFGH"}) for path in ("/c", "/links/call", "/party/answer", "/party/leave")),
        (who, "POST", "/links/x", {"pin": "123456"}),
        (who, "POST", "/visit-link", {"do": "do"}),
        *gets(who, "/apply", "/apply/receipt", "/apply/status", "/applications", "/applications/new"),
        *gets(who, "/applications/poster", "/applications/A1/receipt", "/cases/new?application=A1"),
        *((who, "POST", path, {"code": "ABCDEFGH"}) for path in ("/apply", "/apply/status", "/apply/leave")),
        (who, "POST", "/applications/new", {"name": "王"}),
        *gets(who, "/help", "/help?q=王", "/help/payment", "/help/party", "/drafts", "/calls", "/calls?of=room"),
        *gets(who, "/notes", "/notes/new", "/notes/new?case=A1", "/settle"),
        *gets(who, "/alerts", "/alerts?group=closed&district=east", "/alerts/new"),
        *gets(who, "/matters", "/matters?kind=grid&group=closed&late=1", "/matters/new", "/matters/new?kind=errand"),
        *gets(who, "/meetings", "/meetings?group=held&kind=fire", "/meetings/new", "/meetings/new?about=A1"),
        *gets(
            who, "/organisations", "/organisations?level=enterprise&q=某", "/organisations/new", "/organisations/import"
        ),
        *gets(
            who,
            "/organisations/table",
            "/organisations/room",
            "/returns",
            "/returns?month=2026-10&group=reported",
            "/returns/room/2026-10",
        ),
        *gets(who, "/monthly", "/monthly/2026-10", "/monthly/2026-10/report"),
        *((who, "POST", path, None) for path in ("/returns/links", "/monthly/2026-10/hand-up", "/monthly/leave")),
        *gets(who, "/notes/x", "/notes/x/files/0", "/notes/x/files/0/preview"),
        (who, "POST", "/notes/x/drop", None),
        (who, "POST", "/drafts", {"where": "/cases/A1/steps/RecordTalk", "form": "x"}),
        (who, "POST", "/cases/A1/steps/RecordTalk", {"id": "x", "on": "block/1", "f.said": "话", "do": "keep"}),
        (who, "POST", "/calls/look", {"person": "worker"}),
        *gets(who, "/messages", "/messages?skip=20", "/messages/m1", "/messages/unsent"),
        (who, "POST", "/messages/read", None),
        (who, "POST", "/messages/contacts", None),
        *gets(who, "/ledger", "/ledger/template"),
        (who, "POST", "/ledger", {"do": "look"}),
        *gets(who, "/room", "/handover", "/substitutes", "/audit/checkpoint", "/audit/verify.py", "/audit/corrections"),
        *gets(
            who, "/figures", "/figures?by=mediator&forms=written", "/figures/screen", "/figures/form", "/figures/file"
        ),
        *gets(who, "/figures/behind/settled", "/figures/behind/attendance?by=month&group=2026-11"),
        *gets(who, "/figures/reports", "/figures/reports/x", "/campaigns/wages", "/campaigns/wages/file"),
        (who, "POST", "/figures/reports", {"period": "2026-11"}),
        *gets(who, "/marks", "/marks?kind=struck", "/marks?kind=defect&mediator=li", "/audit/file"),
        (who, "POST", "/audit", None),
        (who, "POST", "/substitutes/end", None),
        (who, "POST", "/self-check", {"rule": "no_talks", "reason": "无"}),
        *((who, method, "/calendar/import", None) for method in ("GET", "POST")),
        (who, "POST", "/people", {"q": "王"}),
        (who, "POST", "/people/worker/look", {"field": "phones", "reason": "contact"}),
        (who, "POST", "/people/worker/same", {"other": "nobody"}),
    ]


def _search(who: str, number: int, words: str) -> list[Ask]:
    asks = [(who, "POST", "/cases", {"q": words}), (who, "GET", f"/cases?search={number}", None)]
    for path in ("/alerts", "/matters"):
        asks += [(who, "POST", path, {"q": words}), (who, "GET", f"{path}?search={number}", None)]
    return asks


def into(who: str, lines: int, workflow: str) -> list[Ask]:
    """Everything about the case, at each of its lines."""
    drawn = [f"/workflows/{workflow}/{machine}" for machine in ("block", "risk", "follow_up")]
    return [
        *gets(who, *(f"/cases/A1{more}" for more in ("", "?upto=9", "?show=joint", "?show=joint&upto=7"))),
        *gets(who, *(f"/cases/A1?tab={tab}" for tab in TABS)),
        *gets(who, *(f"/cases/A1?tab=record&{more}" for more in ("kind=talks", "marked=1", "phase=coordination/1"))),
        *gets(who, *(f"/cases/A1/replay?at={n}" for n in range(1, lines + 1)), "/cases/A1/replay?day=2026-11-23"),
        *gets(who, "/cases/A1/replay?day=2026-11-23&by=happened", "/cases/A1/replay?day=2026-11-30&by=happened"),
        *gets(who, *(f"/cases/A1/{page}" for page in ("audit", "export", "export.zip", "missing", "steps/RecordTalk"))),
        *gets(who, "/cases/A1/steps", "/cases/A1/steps?q=jlfk"),
        *gets(who, *drawn, *(f"{page}?case=A1" for page in drawn), *(f"{page}.mmd" for page in drawn[:1])),
        (who, "POST", "/cases/A1/audit", None),
        *gets(who, *(f"/cases/A1/exhibits/{n:032x}{more}" for n in (1, 2, 99) for more in ("", "/preview"))),
        *gets(
            who,
            "/cases/A1/roster",
            "/cases/A1/visits/1",
            "/cases/A1/visits/1/link",
            "/cases/A1/access",
            "/cases/A1/people",
            "/cases/A1/dossier",
            "/cases/A1/self-check",
            "/cases/A1/papers/agreement?about=agreement/1",
            "/cases/A1/papers/agreement.docx?about=agreement/1",
            "/cases/A1/papers/application.docx",
            "/cases/A1/dossier.pdf",
            "/cases/A1/dossier.zip",
            "/texts/A1/agreement/1/0",
            "/cases/A1/steps/FileExhibit",
            "/cases/A1/steps/RaiseRisk",
            "/cases/A1/steps/WithdrawExhibit?on=exhibit/1",
        ),
        (who, "POST", "/cases/A1/steps/RecordTalk", {"on": "block/1", "f.said": "再谈"}),
        *gets(who, *(f"/cases/A1/lines/{n}/correct" for n in range(1, lines + 1))),
        (who, "POST", "/cases/A1/lines/3/correct", {"reason": "记错了", "do": "strike"}),
        (who, "POST", "/cases/A1/visits/1/link", {"do": "again"}),
        (who, "POST", "/cases/A1/access", {"do": "issue:party/9"}),
        (who, "POST", "/cases/A1/visits/1", {"do": "look:phones:worker"}),
        (who, "POST", "/cases/A1/people", {"party/1.version": "1", "party/1.representative": "吕某"}),
        (who, "POST", "/cases/A1/dossier", {"id": "dossier-1"}),
        (who, "POST", "/cases/A1/private", {"reason": "none"}),
        (who, "POST", "/cases/A1/self-check", {"reason": "无"}),
        *gets(who, "/cases/A1/reads", "/cases/A1/none", "/cases/none"),
    ]


def by_program(who: str, lines: int, words: Sequence[str]) -> list[Ask]:
    """The same for a program, at every third line: what it is told of one is told as a page tells it."""
    about = ("", "/commands", "/commands?every=true", "/commands?on=block/1", "/history", "/history?after=3&most=4")
    return [
        *gets(who, f"{API}/cases", f"{API}/verifier"),
        *((who, "POST", f"{API}/searches", {"words": w[:40].strip()}) for w in words),
        *gets(who, *(f"{API}/cases/A1{more}" for more in (*about, "/audit", "/export", "/export.zip"))),
        *gets(who, *(f"{API}/cases/A1/versions/{n}" for n in range(1, lines + 1))),
        (who, "POST", f"{API}/cases/A1/commands", {"id": "x", "command": "MarkReady", "on": ["block/1"]}),
        (who, "POST", f"{API}/cases/A1/private", {"reason": "none"}),
        *gets(who, f"{API}/cases/A1/exhibits", *(f"{API}/cases/A1/exhibits/{n:032x}" for n in (1, 99))),
        (who, "POST", f"{API}/cases/A1/exhibits", {"id": "z", "fields": {"kind": "other"}, "files": ["YQ=="]}),
        (who, "POST", f"{API}/cases/A1/corrections", {"id": "y", "order": 3, "reason": "记错了"}),
    ]


def auditors(lines: int, workflow: str, words: Sequence[str]) -> list[Ask]:
    return [
        *around("auditor", words),
        *into("auditor", lines, workflow),
        *by_program("auditor", lines, words),
        ("auditor", "POST", "/cases/A1/access/hand-over", {"secret": "x"}),  # who may is signed out by it
    ]


def colleagues(lines: int, workflow: str, words: Sequence[str]) -> list[Ask]:
    """What a mediator of the room gets who does not handle the case, the forms of steps and previews among it."""
    note = {"f.words": "记一笔", "id": "colleague-1", "when": "now", "do": "preview"}
    talk = {"on": "block/1", "v.block/1": "1", "f.party": "party/1", "id": "colleague-2", "when": "now", "do": "do"}
    steps = (
        "RecordNote",
        "RecordTalk?on=block/1",
        "MarkReady",
        "ReportRisk?on=risk/1",
        "HandOverAssignment",
        "SetGrade",
    )
    return [
        *gets("colleague", "/work?of=mine", "/work?of=room", "/work?of=all", "/cases?mediator=li"),
        *around("colleague", words),
        *into("colleague", lines, workflow),
        *gets("colleague", *(f"/cases/A1/steps/{step}" for step in steps)),
        ("colleague", "POST", "/cases/A1/steps/RecordNote", note),
        ("colleague", "POST", "/cases/A1/steps/RecordTalk", talk),
        *by_program("colleague", lines, words),
    ]


def screens() -> list[Ask]:
    """What all in the room look at, whoever has opened it."""
    opened = ("mediator", "lead", "auditor")
    paths = [f"/cases/A1?show=joint{more}" for more in ("", "&upto=1", "&upto=6", "&upto=999")]
    return [(who, method, path, None) for who in opened for method in ("GET", "HEAD") for path in paths]


def outsiders(workflow: str, words: Sequence[str]) -> list[Ask]:
    """What those get who have no business with the case; they ask for lines there may be and others."""
    asked = [
        ask for who in ("nobody", "administrator", "stranger") for ask in (*around(who, words), *into(who, 3, workflow))
    ]
    return [*asked, *by_program("stranger", 3, words)]
