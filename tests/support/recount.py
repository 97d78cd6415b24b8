"""The figures counted by other means: from exported lines alone, with nothing of the program.

It reads what `mediation export` writes: orders as JSON. Corrections are carried out as docs/record.md tells, days
are read as EDTF, and each figure is counted as its sentence says.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
Lines = list[dict[str, Any]]
MISTAKES = {"mistaken", "duplicate"}
ENDINGS = {
    "ClosedAsPerformed": "settled",
    "ClosedNamingRemainder": "settled",
    "MediationTerminated": "failed",
    "ApplicationWithdrawn": "withdrawn",
    "ClosedAsDecided": "decided",
    "ClosedAsSettledThere": "decided",
}
CLOSINGS = {*ENDINGS, "ClosedAsMistaken", "ClosedAsDuplicate", "CaseDeclined", "CaseTransferred"}


def orders_of(exported: Iterable[bytes]) -> list[dict[str, Any]]:
    """The orders of one case from their bytes, in order."""
    return [json.loads(body) for body in exported]


def standing(orders: list[dict[str, Any]], until: datetime) -> Lines:
    """The lines of orders recorded no later than a moment, as they stand after the corrections among them."""
    stands: dict[int, Lines] = {}
    for order in orders:
        recorded = datetime.fromisoformat(order["recorded"].replace("Z", "+00:00"))
        if recorded > until:
            break
        correction = order.get("correction")
        if correction:
            _correct(stands, correction)
        for n, line in enumerate(order["lines"]):
            version = order["first"] + n
            given = None if line.get("follows") else order.get("given", {})
            whole = {
                "version": version,
                "first": order["first"],
                "event": line["event"],
                "instance": line["instance"],
                "source": line.get("source"),
                "target": line["target"],
                "data": line.get("data", {}),
                "given": given,
                "command": None if line.get("follows") else order["command"],
                "occurred": order.get("occurred", ".."),
                "provenance": order.get("provenance", "reported"),
                "actor": None if line.get("follows") else order["actor"],
                "void": False,
                "corrects": bool(correction),
            }
            stands.setdefault(version, []).append(whole)
    return [line for version in stands for line in stands[version]]


def _correct(stands: dict[int, Lines], correction: dict[str, Any]) -> None:
    for version in correction.get("void", ()):
        stands[version] = [{**line, "void": True} for line in stands.get(version, ())[:1]]
    fresh: dict[int, Lines] = defaultdict(list)
    for it in correction.get("instead", ()):
        if not stands.get(it["at"]):
            continue
        old = stands[it["at"]][0]
        line = {
            **old,
            "void": False,
            "event": it["event"],
            "instance": it["instance"],
            "source": it.get("source"),
            "target": it["target"],
            "data": it.get("data", {}),
        }
        if old["first"] == correction["corrects"]:
            follows = it.get("follows")
            line |= {
                "given": None if follows else correction.get("given"),
                "occurred": correction.get("occurred", ".."),
                "provenance": correction.get("provenance", "reported"),
            }
        fresh[it["at"]].append(line)
    stands.update(fresh)


def last_day(edtf: str | dict[str, str] | None) -> date | None:
    """The last day an EDTF text names; a month or a year counts by its first."""
    edtf = edtf.get("text", "..") if isinstance(edtf, dict) else edtf
    if edtf is None or edtf == "..":
        return None
    end = edtf.rstrip("~").split("/")[-1][:10]
    return date.fromisoformat((end + "-01-01")[:10])


# -- a case as its lines tell it


def world(orders: list[dict[str, Any]], until: datetime) -> dict[str, Any] | None:
    """What is known of a case at a moment: its lines that stand, and where each thing stands."""
    lines = [line for line in standing(orders, until) if not line["void"] and not line["corrects"]]
    if not lines:
        return None
    states: dict[str, str] = {}
    for line in lines:
        states[line["instance"]] = line["target"]
    return {"lines": lines, "states": states}


def accepted(case: dict[str, Any]) -> dict[str, Any] | None:
    """The line by which a case was accepted, the last where there are several."""
    return next((line for line in reversed(case["lines"]) if line["event"] == "CaseAccepted"), None)


def is_mistake(case: dict[str, Any]) -> bool:
    """Whether a case should not have been registered: it counts nowhere, also where it was taken up again."""
    closed = before = None
    for line in case["lines"]:
        if line["event"] in CLOSINGS:
            closed = line["target"]
        elif line["event"] == "ClosingStands":
            closed = before
        elif line["event"] == "PhaseEntered" and closed:
            before, closed = closed, None
    return not MISTAKES.isdisjoint((closed, before))


def source(case: dict[str, Any]) -> str:
    """How a case came to the room."""
    found = ""
    for line in case["lines"]:
        if line["event"] == "CaseRegistered":
            found = line["given"].get("source") or "application"
        elif line["event"] == "ApplicationSubmitted":
            found = "application"
    return found


def things(orders: list[dict[str, Any]], until: datetime) -> Iterator[tuple[str, date | None, int]]:
    """The figure, the day it counts on and what it adds, of all that counts of one case as known at a moment."""
    case = world(orders, until)
    if case is None or is_mistake(case):
        return
    yield from _alert(case)
    yield from _matter(case)
    yield from _return(case)
    yield from _attendance(case)
    line = accepted(case)
    if line is None:
        return
    day = last_day(line["occurred"])
    yield "accepted", day, 1
    if source(case) in ("proactive", "grid"):
        yield "screened", day, 1
    yield from _closing(case, day)
    yield from _agreements(case)
    yield from _visits(case)


def _closing(case: dict[str, Any], since: date | None) -> Iterator[tuple[str, date | None, int]]:
    first = next((line for line in case["lines"] if line["event"] in ENDINGS), None)
    if first is None:
        return
    day, ending = last_day(first["occurred"]), ENDINGS[first["event"]]
    yield "closed", day, 1
    if ending in ("settled", "failed"):
        yield {"settled": "succeeded", "failed": "failed"}[ending], day, 1
    if day and since:
        yield "days", day, (day - since).days


def effective(case: dict[str, Any]) -> dict[str, date | None]:
    """The agreements in effect, and since when."""
    found: dict[str, date | None] = {}
    reached: dict[str, str] = {}
    for line in case["lines"]:
        key, event = line["instance"], line["event"]
        if event in ("AgreementReached", "AgreementDrafted", "AgreementAmended", "PartSplitOff"):
            reached.setdefault(key, line["occurred"])
        if event == "AgreementTookEffect":
            found[key] = last_day(line["data"].get("effective"))
        elif event == "AgreementAdopted":
            found[key] = last_day(reached.get(key, line["occurred"]))
    return {k: day for k, day in found.items() if case["states"].get(k) in ("effective", "performed")}


def _agreements(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    own = effective(case)
    for day in own.values():
        yield "agreements", day, 1
    if own:
        yield "settled", min((day for day in own.values() if day), default=None), 1


def _attendance(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    for line in case["lines"]:
        given = line["given"] or {}
        if line["provenance"] == "assumed":
            continue
        people = 0
        if line["event"] == "SessionHeld":
            members = [it for it in given.get("attendance", ()) if it.get("presence", "present") == "present"]
            there = len(given.get("attended", ())) + len(members) + len(given.get("guests", ()))
            times = given.get("times", 1)
            people = (there + 1) * times if times else 0
        elif line["event"] == "TalkRecorded" and given.get("manner", "in_person") in ("in_person", "visit"):
            people = 2 if line["version"] == line["first"] else 1
        elif line["event"] == "VisitMade" and given.get("manner", "in_person") == "in_person":
            people = 1 + max(1, len([k for k in (given.get("party"), *given.get("also", ())) if k]))
        elif line["event"] == "QualityAsked" and given.get("manner", "phone") == "in_person":
            people = 2
        if people:
            yield "attendance", last_day(line["occurred"]), people


def _visits(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    due: dict[str, date | None] = {}
    made: dict[str, str] = {}
    quality: set[str] = set()
    for line in case["lines"]:
        key, event, given = line["instance"], line["event"], line["given"] or {}
        if event in ("VisitPlanned", "VisitMoved"):
            due[key] = last_day(given["due"]) if given.get("due") else due.get(key)
        elif event == "VisitFellDue":
            due[key] = last_day(line["data"]["due"])
        elif event == "QualityVisitPlanned":
            quality.add(key)
        elif event in ("QualityAsked", "QuestionsAnswered"):
            made[key] = line["occurred"]
            if line["source"] is None:
                quality.add(key)
        elif event == "VisitMade":
            made[key] = line["occurred"]
    for key in {*due, *made} | quality:
        if case["states"].get(key) == "cancelled":
            continue
        if key not in quality and due.get(key):
            yield "visits_due", due[key], 1
            day = last_day(made.get(key))
            if day and day <= due[key]:  # type: ignore[operator]
                yield "visits_in_time", due[key], 1
        if key in made:
            yield "quality_visits" if key in quality else "visits", last_day(made[key]), 1


def _alert(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    pushed = next((line for line in case["lines"] if line["event"] == "AlertPushed"), None)
    if pushed is None:
        return
    day = last_day(pushed["occurred"])
    outcomes = {key: state for key, state in case["states"].items() if key.startswith("outcome/")}
    spot = next((line for line in case["lines"] if line["event"] == "SettledOnSpot"), None)
    yield "alerts", day, 1
    if spot is not None:
        yield "settled", last_day(spot["occurred"]), 1
    if not outcomes and any(line["event"] == "AlertReturned" for line in case["lines"]):
        return
    yield "alerts_kept", day, 1
    over = {"settled", "agreed", "performed"}
    if spot is not None or (outcomes and over.issuperset(outcomes.values())):
        yield "alerts_resolved", day, 1
    else:
        yield "alerts_unresolved", day, 1
    if outcomes and spot is None:
        yield "alerts_converted", day, 1
    signed = next((line for line in case["lines"] if line["event"] == "AlertSigned"), None)
    by = pushed["data"].get("sign_by", "")
    if signed is not None and by and signed["occurred"][:16] <= by[:16]:
        yield "alerts_signed", day, 1


def _matter(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    came = next((line for line in case["lines"] if line["event"] == "MatterRegistered"), None)
    if came is None:
        return
    kind = came["data"]["kind"]
    begun = {"grid": "grid_found", "reception": "receptions", "petition": "petitions"}.get(kind["code"])
    if begun:
        yield begun, last_day(came["occurred"]), 1
    ends = [line for line in case["lines"] if line["event"] == "MatterEnded"]
    if not ends:
        return
    day = last_day(ends[0]["occurred"])
    how = next(it for it in kind["endings"] if it["code"] == ends[-1]["given"]["ending"])
    done, at_once = how.get("done", True), how.get("at_once", False)
    if done and kind["code"] == "grid":
        yield "grid_on_spot" if at_once else "grid_done", day, 1
    if done and not at_once and kind["code"] in ("errand", "petition"):
        yield {"errand": "errands_done", "petition": "petitions_resolved"}[kind["code"]], day, 1
    promised = _promised(case, came, kind)
    if kind["code"] == "errand" and promised and day:
        yield "errands_ended", day, 1
        if day <= promised:
            yield "errands_in_time", day, 1


def _promised(case: dict[str, Any], came: dict[str, Any], kind: dict[str, Any]) -> date | None:
    """The day that was set for the end: when it was assigned, else as it was filled in."""
    fields = [it["field"] for it in kind["deadlines"] if it["stage"] == "end" and it.get("field")]
    details, by = came["given"].get("details", ()), None
    for line in case["lines"]:
        if line["event"] == "MatterFilledIn":
            details = line["given"].get("details", ())
        elif line["event"] == "MatterAssigned":
            by = line["given"].get("by") or by
    days = [it["day"] for name in fields for it in details if it["field"] == name and it.get("day")]
    return last_day(by or next(iter(days), None))


def _return(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    filed = [line for line in case["lines"] if line["event"] in ("ReturnFiled", "ReturnReplaced")]
    if not filed:
        return
    year, number = map(int, filed[0]["given"]["month"].split("-"))
    day = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    yield "returns", day, 1
    if filed[-1]["given"].get("nothing", False):
        yield "returns_zero", day, 1
    listed = [key for key, state in case["states"].items() if key.startswith("entry/") and state != "replaced"]
    for _ in listed:
        yield "small_disputes", day, 1


COUNTED = (
    *("accepted", "screened", "closed", "succeeded", "failed", "days", "agreements", "settled"),
    *("attendance", "visits", "quality_visits", "visits_due", "visits_in_time"),
    *("alerts", "alerts_kept", "alerts_resolved", "alerts_unresolved", "alerts_converted", "alerts_signed"),
    *("grid_found", "grid_on_spot", "grid_done", "receptions", "errands_done", "errands_ended", "errands_in_time"),
    *("petitions", "petitions_resolved", "returns", "returns_zero", "small_disputes"),
)
"""The figures (codes) that are counted here."""


def counted(cases: Iterable[list[dict[str, Any]]], first: date, last: date, until: datetime) -> dict[str, int]:
    """The figures of a period as known at a moment."""
    found = dict.fromkeys(COUNTED, 0)
    for orders in cases:
        for code, day, adds in things(orders, until):
            if day is not None and first <= day <= last:
                found[code] += adds
    return found
