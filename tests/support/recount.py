"""The figures counted by other means: from exported lines alone, with nothing of the program.

It reads what `mediation export` writes: orders as JSON. Corrections are carried out as docs/record.md tells, days
are read as EDTF, and each figure is counted as its sentence says.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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


def is_by(edtf: str, minute: str) -> bool:
    """Whether something was surely done by a minute: to the day where its own minute is not known."""
    if edtf == ".." or edtf.endswith("~"):
        return False
    end = edtf.split("/")[-1]
    if "T" in end:
        return end <= minute
    end += "-12" if len(end) == 4 else ""
    end += f"-{monthrange(int(end[:4]), int(end[5:7]))[1]}" if len(end) == 7 else ""
    return end <= minute[:10]


def is_after(edtf: str, day: str) -> bool:
    """Whether something was surely done after a day."""
    return bool(day) and edtf != ".." and not edtf.endswith("~") and (edtf[:10] + "-01-01")[:10] > day


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


def things(
    orders: list[dict[str, Any]], until: datetime, settings: dict[str, int]
) -> Iterator[tuple[str, date | None, int]]:
    """The figure, the day it counts on and what it adds, of all that counts of one case as known at a moment."""
    case = world(orders, until)
    if case is None or is_mistake(case):
        return
    yield from _alert(case, settings)
    yield from _matter(case)
    yield from _meeting(case)
    yield from _return(case)
    yield from _attendance(case)
    yield from _risks(case)
    line = accepted(case)
    if line is None:
        return
    day = last_day(line["occurred"])
    yield "accepted", day, 1
    yield "accepted_people", day, heads(case) or 0
    if source(case) in ("proactive", "grid"):
        yield "screened", day, 1
    yield from _closing(case)
    yield from _agreements(case)
    yield from _confirmations(case)
    yield from _visits(case)


def up_to(case: dict[str, Any], line: dict[str, Any]) -> Lines:
    """The lines of a case up to the end of the order that a line is of."""
    return [other for other in case["lines"] if other["first"] <= line["first"]]


def grade(lines: Lines) -> str:
    """The grade that some lines leave a case with."""
    return next((line["given"]["grade"] for line in reversed(lines) if line["event"] == "GradeSet"), "")


def heads(case: dict[str, Any], line: dict[str, Any] | None = None) -> int | None:
    """How many people are parties at the end of an order, or now: a group by its number, who is named of it on a
    roster not once more. None where a number is not known."""
    lines = up_to(case, line) if line else case["lines"]
    rosters = {it["first"]: it["given"] for it in lines if it["event"] == "RosterEntered"}
    kinds: dict[str, str] = {}
    numbers: dict[str, int | None] = {}
    wholes: dict[str, str] = {}
    people: dict[str, str] = {}
    cohorts: dict[str, str] = {}
    for it in lines:
        key, event, given, data = it["instance"], it["event"], it["given"] or {}, it["data"]
        if event == "PartyRegistered":
            kinds[key], numbers[key], people[data["person"]] = data["kind"], data["count"], key
        elif event == "PartyJoined":
            kinds[key], numbers[key] = given.get("kind", "person"), given.get("count", 1)
        elif event == "RosterEntered":
            kinds[key], numbers[key] = "person", 1
        elif event == "CaseRegistered":
            for row in given["named"]:
                if known := people.get(row["person"]):
                    kinds[known], numbers[known] = row.get("kind", "person"), row.get("count", 1)
        elif event == "CohortDeclared":
            cohorts[key] = given["party"]
        elif event == "CohortSplit":
            cohorts[key] = cohorts[given["of"]]
        if event in ("RosterEntered", "PartyRegistered") and it["first"] in rosters:
            of = rosters[it["first"]]
            wholes[key] = of.get("group") or cohorts.get(of.get("cohort", ""), "")
    counted = [n for key, n in numbers.items() if kinds.get(wholes.get(key, "")) != "group"]
    return None if None in counted else sum(n for n in counted if n is not None)


def _closing(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    """How an accepted case first ended."""
    since = None
    for line in case["lines"]:
        if line["event"] == "CaseAccepted":
            since = line
        if since is not None and line["event"] in ENDINGS:
            break
    else:
        return
    day, begun, ending = last_day(line["occurred"]), last_day(since["occurred"]), ENDINGS[line["event"]]
    yield "closed", day, 1
    yield "closed_people", day, heads(case, line) or 0
    if ending in ("settled", "failed"):
        yield {"settled": "succeeded", "failed": "failed"}[ending], day, 1
    if grade(up_to(case, line)) in ("difficult", "major"):
        yield "weighty", day, 1
    if day and begun:
        yield "days", day, (day - begun).days


def _risks(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    dangers: dict[str, str] = {}
    averted: set[str] = set()
    for line in case["lines"]:
        if line["event"] == "RiskRaised":
            dangers[line["instance"]] = line["given"]["danger"]
        if line["event"] != "RiskEased":
            continue
        if grade(up_to(case, line)) == "major":
            yield "risks", last_day(line["occurred"]), 1
        danger = dangers.get(line["instance"], "other")
        if danger != "other" and danger not in averted:
            averted.add(danger)
            yield f"averted_{danger}", last_day(line["occurred"]), 1


# -- agreements: their text, and what it asks for

PAID = ("pay", "paid")
"""Kinds of terms that are sums."""
LASTING = ("continuing", "contingent", "abstaining")
"""Kinds of duties that are not done on a day."""
Terms = list[dict[str, Any]]


def sums(terms: Terms, left: Iterable[int]) -> list[int | None]:
    """The sums of a text, those of its last level, without the numbers that were left out."""
    wholes = {term.get("part_of") for term in terms}
    leaves = [(n, term) for n, term in enumerate(terms, 1) if n not in wholes and term.get("kind", "pay") in PAID]
    return [term.get("amount") for n, term in leaves if n not in left]


def total(text: dict[str, Any]) -> int | None:
    """What is agreed: as stated, less what was left out; else its sums. None where one is not known."""
    inside, all_ = sums(text["terms"], text["left"]), sums(text["terms"], ())
    if text["amount"] is not None:
        outside = list(all_)
        for one in inside:
            outside.remove(one)
        return None if None in outside else text["amount"] - sum(n for n in outside if n is not None)
    return None if not inside or None in inside else sum(n for n in inside if n is not None)


def parted(text: dict[str, Any], absent: list[str]) -> tuple[set[int], list[int]]:
    """Numbers of the terms that are for those who did not come alone, and of those they take with them."""
    terms = dict(enumerate(text["terms"], 1))
    of = {n: term.get("part_of") for n, term in terms.items()}
    payee = {n: term.get("payee") for n, term in terms.items()}
    own = set(text["left"])
    for n in terms:
        if payee[n] in absent or (payee[n] is None and of[n] in own):
            own.add(n)
    for n in reversed(terms):
        parts = {m for m in terms if of[m] == n}
        if parts and parts <= own and payee[n] is None:
            own.add(n)
    own -= set(text["left"])
    kinds = {n: term.get("kind", "pay") for n, term in terms.items()}
    paying = {terms[n].get("payer") for n in terms if kinds[n] == "pay"}
    paid = {payee[n] for n in terms if kinds[n] in PAID} - paying - {None}
    named, taken = set[int](), set(own)
    for n in terms:
        if payee[n] is not None or of[n] in named:
            named.add(n)
    for n in reversed(terms):
        if n in named or n in text["left"] or kinds[n] in PAID:
            continue
        is_heading = n in of.values()
        is_promise = terms[n].get("payer") in paid and kinds[n] != "contingent"
        if not (is_heading or is_promise) or (is_heading and any(of[m] == n for m in taken)):
            taken.add(n)
    return own, sorted(taken)


def chosen(terms: Terms, numbers: list[int]) -> Terms:
    """Some terms as a text of their own, numbered anew."""
    new = {old: n for n, old in enumerate(numbers, 1)}
    return [{**terms[n - 1], "part_of": new.get(terms[n - 1].get("part_of") or 0)} for n in numbers]


def texts(case: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The agreements of a case with what they say and since when they are in effect, and what each asks for."""
    found: dict[str, dict[str, Any]] = {}
    owed: dict[str, dict[str, Any]] = {}
    split: list[dict[str, Any]] = []
    for line in case["lines"]:
        key, event, given, data = line["instance"], line["event"], line["given"] or {}, line["data"]
        if event in ("AgreementReached", "AgreementDrafted", "AgreementAmended"):
            found[key] = _written(found.get(key), given, line, is_paper=event != "AgreementReached")
        elif event == "AgreementAdopted":
            found[key] |= {"form": "oral", "since": last_day(found[key]["reached"])}
        elif event == "AgreementTookEffect":
            found[key]["since"] = last_day(data.get("effective"))
        elif event == "AbsentSplitOff":
            split.append(_split(found[key], given["absent"]))
        elif event == "PartSplitOff":
            found[key] = split.pop(0)
        elif event == "ObligationCreated":
            term = found[data["agreement"]]["terms"][data["term"] - 1]
            kind = term.get("kind", "pay")
            custody = kind == "pay" and term.get("custodian") is not None
            owed[key] = {"of": data["agreement"], "kind": kind, "amount": term.get("amount"), "urged": False}
            owed[key] |= {"due": last_day(term.get("due")), "into": custody, "waits": None}
        elif event == "PayoutCreated":
            owed[key] = {**owed[data["waits_for"]], "into": False, "waits": data["waits_for"]}
        elif event == "ObligationDetermined" and key in owed:
            _determined(owed, key, given)
        elif event == "PerformanceUrged" and key in owed:
            owed[key]["urged"] = True
    return found, owed


def _written(before: dict[str, Any] | None, given: dict[str, Any], line: dict[str, Any], *, is_paper: bool) -> Any:
    """A text as an order leaves it: what the order does not say stays."""
    text = before or {"terms": [], "amount": None, "left": set(), "signers": [], "form": "", "since": None}
    if text["left"]:
        kept = [n for n in range(1, len(text["terms"]) + 1) if n not in text["left"]]
        amount = None if text["amount"] is None else total(text)
        text = {**text, "terms": chosen(text["terms"], kept), "amount": amount, "left": set()}
    amount = text["amount"] if given.get("amount") is None else given["amount"]
    text = {"reached": line["occurred"], **text, "terms": given.get("terms") or text["terms"], "amount": amount}
    return text | ({"form": "written", "signers": given.get("signers") or text["signers"]} if is_paper else {})


def _split(text: dict[str, Any], named: list[str]) -> dict[str, Any]:
    """What those who did not come take with them, as an agreement of its own; struck from the one they leave."""
    absent = [one for one in text["signers"] if one in named]
    own, taken = parted(text, absent)
    new = {**text, "terms": chosen(text["terms"], taken), "amount": None, "left": set(), "form": "", "since": None}
    payers = [term.get("payer") for term in new["terms"] if term.get("payer")]
    new["signers"] = [*dict.fromkeys(one for one in payers if one not in absent and one in text["signers"]), *absent]
    text |= {"left": text["left"] | own, "signers": [one for one in text["signers"] if one not in named]}
    return new


def _determined(owed: dict[str, dict[str, Any]], key: str, given: dict[str, Any]) -> None:
    """A sum or a day that is known only now; of money through other hands both ways."""
    it = owed[key]
    it["amount"] = it["amount"] if given.get("amount") is None else given["amount"]
    it["due"] = last_day(given["due"]) if given.get("due") else it["due"]
    if given["ground"] == "occurred" and it["kind"] == "contingent":
        it["kind"] = "act" if it["amount"] is None else "pay"
    for other in owed.values():
        if other["waits"] == key:
            other["amount"] = it["amount"]


def _agreements(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    found, owed = texts(case)
    own = {k: text for k, text in found.items() if case["states"].get(k) in ("effective", "performed")}
    own = {k: text for k, text in own.items() if _took_effect(case, k)}
    for key, text in own.items():
        day, is_performed = text["since"], case["states"][key] == "performed"
        yield "agreements", day, 1
        if text["form"]:
            yield f"agreements_{text['form']}", day, 1
        yield "amount", day, total(text) or 0
        asked = {k: it for k, it in owed.items() if it["of"] == key}
        done = [it for k, it in asked.items() if case["states"].get(k) == "performed" and not it["into"]]
        paid = sum(it["amount"] or 0 for it in done if it["kind"] in PAID)
        yield "amount_performed", day, (total(text) or 0) if is_performed else paid
        dated = [it for it in asked.values() if it["kind"] not in LASTING]
        if dated and all(it["due"] for it in dated):
            due = max(it["due"] for it in dated)
            yield "due", due, 1
            if is_performed:
                yield "due_performed", due, 1
            if is_performed and not any(it["urged"] for it in dated):
                yield "due_of_itself", due, 1
    if own:
        day = min((text["since"] for text in own.values() if text["since"]), default=None)
        yield "settled", day, 1
        raised, settled = levels(case)
        if raised and settled:
            yield "settled_levels", day, 1
            if HEIGHTS.index(settled) <= HEIGHTS.index(raised) or {raised, settled} == {"enterprise", "village"}:
                yield "settled_there", day, 1


HEIGHTS = ("enterprise", "village", "district", "zone", "beyond")
"""Levels (codes), the lowest first."""


def levels(case: dict[str, Any]) -> tuple[str, str]:
    """At which level a case with an agreement was raised and settled; empty where nobody has said."""
    raised = level = settled = ""
    for line in case["lines"]:
        if line["event"] in ("CaseRegistered", "CaseHandedOver"):
            level, settled = line["data"].get("level") or "", line["data"].get("settled") or ""
        if line["event"] == "CaseRegistered":
            raised = line["data"].get("raised") or ""
    return raised, settled or level


def _took_effect(case: dict[str, Any], key: str) -> bool:
    return any(
        line["instance"] == key and line["event"] in ("AgreementTookEffect", "AgreementAdopted")
        for line in case["lines"]
    )


def _confirmations(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    """By a court, or by an arbitration body: asked for, and given."""
    asked: dict[str, date | None] = {}
    given: dict[str, date | None] = {}
    for line in case["lines"]:
        key, event = line["instance"], line["event"]
        is_strong = (line["given"] or {}).get("kind") in ("judicial_confirmation", "arbitral_review")
        if event == "ProceedingFiled" and is_strong:
            asked[key] = last_day(line["occurred"])
        elif event == "ConfirmationRuled" and is_strong:
            asked[key], given[key] = None, last_day(line["occurred"])
        elif event == "ConfirmationGranted":
            given[key] = last_day(line["occurred"])
    for day in asked.values():
        yield "confirmation_asked", day, 1
    for key, day in given.items():
        if case["states"].get(key) in ("confirmed", "objected"):
            yield "confirmed", day, 1


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
        elif line["event"] == "ContactMade" and given.get("manner", "visit") == "visit":
            people = 1 if given["result"] == "not_met" else 2
        elif line["event"] == "MeasureRecorded" and given.get("manner", "visit") != "call":
            people = given.get("people") or 0
        if people:
            yield "attendance", last_day(line["occurred"]), people


def _visits(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    due: dict[str, date | None] = {}
    made: dict[str, str] = {}
    quality: set[str] = set()
    said: dict[str, str] = {}
    for line in case["lines"]:
        key, event, given = line["instance"], line["event"], line["given"] or {}
        if event in ("VisitMade", "QualityAsked", "QuestionsAnswered"):
            said[key] = given.get("satisfied", "not_asked")
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
            if key in made and is_by(made[key], f"{due[key]}T23:59"):
                yield "visits_in_time", due[key], 1
        if key in made:
            yield "quality_visits" if key in quality else "visits", last_day(made[key]), 1
            if said[key] != "not_asked":
                yield "answered", last_day(made[key]), 1
            if said[key] in ("satisfied", "fairly"):
                yield "satisfied", last_day(made[key]), 1


def _alert(case: dict[str, Any], settings: dict[str, int]) -> Iterator[tuple[str, date | None, int]]:
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
    by = next((line["data"]["sign_by"] for line in reversed(case["lines"]) if "sign_by" in line["data"]), "")
    if signed is not None and by and is_by(signed["occurred"], by):
        yield "alerts_signed", day, 1
    begun = [line for line in case["lines"] if line["source"] is None]
    taken_up = [line["occurred"] for line in begun if line["instance"].startswith(("contact/", "outcome/"))]
    days = [it for it in map(last_day, taken_up) if it]
    if day and days and (min(days) - day).days <= settings["alert_contact"]:
        yield "alerts_contacted", day, 1


def _matter(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    came = next((line for line in case["lines"] if line["event"] == "MatterRegistered"), None)
    if came is None:
        return
    kind = came["data"]["kind"]
    for line in case["lines"]:
        if line["event"] == "RatingRecorded" and kind["code"] == "errand":
            yield "errands_answered", last_day(line["occurred"]), 1
            if line["given"]["content"] != "not":
                yield "errands_content", last_day(line["occurred"]), 1
    begun = {"grid": "grid_found", "reception": "receptions", "petition": "petitions"}.get(kind["code"])
    if begun:
        yield begun, last_day(came["occurred"]), 1
    ends = [line for line in case["lines"] if line["event"] == "MatterEnded"]
    is_over = bool(ends) and _last_of(case, "PhaseEntered", "MatterEnded") != "PhaseEntered"
    if kind["code"] == "meeting_task":
        yield from _task(case, came, kind, ends if is_over else [])
    if not is_over:
        return  # or taken up again, and not ended anew
    day = last_day(ends[0]["occurred"])
    how = next(it for it in kind["endings"] if it["code"] == ends[-1]["given"]["ending"])
    done, at_once = how.get("done", True), how.get("at_once", False)
    if done and kind["code"] == "grid":
        yield "grid_on_spot" if at_once else "grid_done", day, 1
    if done and kind["code"] == "reception":
        yield "receptions_at_once" if at_once else "receptions_done", day, 1
    if done and not at_once and kind["code"] in ("errand", "petition"):
        yield {"errand": "errands_done", "petition": "petitions_resolved"}[kind["code"]], day, 1
    promised = _promised(case, came, kind)
    if kind["code"] == "errand" and promised:
        yield "errands_ended", day, 1
        if is_by(ends[0]["occurred"], f"{promised}T23:59"):
            yield "errands_in_time", day, 1


def _task(
    case: dict[str, Any], came: dict[str, Any], kind: dict[str, Any], ends: Lines
) -> Iterator[tuple[str, date | None, int]]:
    """What a meeting gave somebody to do, with its ends while it is over."""
    yield "tasks", last_day(came["occurred"]), 1
    is_done = bool(ends) and ends[-1]["given"]["ending"] == "done"
    if is_done:
        yield "tasks_struck", last_day(ends[0]["occurred"]), 1
    due = _promised(case, came, kind)
    if due and (is_done or not ends):
        yield "tasks_due", due, 1
        if is_done and is_by(ends[0]["occurred"], f"{due}T23:59"):
            yield "tasks_in_time", due, 1


def _meeting(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    held = next((line for line in case["lines"] if line["event"] == "MeetingHeld"), None)
    if held is None:
        return
    day, fixed = last_day(held["occurred"]), set[str]()
    yield "meetings", day, 1
    for line in case["lines"]:
        if line["event"] in ("MeetingPlanned", "MeetingChanged"):
            fixed |= {name for name in ("theme", "day", "time", "plan") if line["given"].get(name)}
        elif line["event"] in ("AttendeeNamed", "AttendeeInvited"):
            fixed.add("people")
    if len(fixed) < 5:
        yield "meetings_unfixed", day, 1


def _last_of(case: dict[str, Any], *events: str) -> str:
    """Which of some events came last."""
    return next((line["event"] for line in reversed(case["lines"]) if line["event"] in events), "")


def _promised(case: dict[str, Any], came: dict[str, Any], kind: dict[str, Any]) -> date | None:
    """The day that was set for the end: when it was assigned, else as it was filled in."""
    fields = [it["field"] for it in kind["deadlines"] if it["stage"] == "end" and it.get("field")]
    details, by = {it["field"]: it for it in came["given"].get("details", ())}, None
    for line in case["lines"]:
        if line["event"] == "MatterFilledIn":
            details |= {it["field"]: it for it in line["given"].get("details", ())}
        elif line["event"] == "MatterAssigned":
            by = line["given"].get("by") or by
    days = [details[name]["day"] for name in fields if details.get(name, {}).get("day")]
    return last_day(by or next(iter(days), None))


def _return(case: dict[str, Any]) -> Iterator[tuple[str, date | None, int]]:
    filed = [line for line in case["lines"] if line["event"] in ("ReturnFiled", "ReturnReplaced")]
    if not filed:
        return
    year, number = map(int, filed[0]["given"]["month"].split("-"))
    day = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    yield "returns", day, 1
    if is_after(filed[0]["occurred"], filed[0]["data"]["due"]):
        yield "returns_late", day, 1
    if filed[-1]["given"].get("nothing", False):
        yield "returns_zero", day, 1
    listed = [key for key, state in case["states"].items() if key.startswith("entry/") and state != "replaced"]
    for _ in listed:
        yield "small_disputes", day, 1


# -- what no case tells alone


@dataclass(frozen=True)
class Register:
    """What lies beside the record: organisations as rows, names by who somebody is, pairs that are one person."""

    organisations: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    same: list[tuple[str, str]] = field(default_factory=list)

    def bodies(self, day: date) -> list[dict[str, Any]]:
        """The people's mediation committees that are there on a day."""
        begun = (it for it in self.organisations if not it["since"] or it["since"] <= day.isoformat())
        there = (it for it in begun if not it["until"] or day.isoformat() < it["until"])
        return [it for it in there if it["kind"] == "mediation_committee" or it["kind"] in BODIES]

    def body(self, organisation: str) -> str:
        """Among which bodies of the form an organisation counts."""
        kind = next((it["kind"] for it in self.organisations if it["id"] == organisation), "other")
        others = ("mediation_room", "labour_committee", "labour_organisation")
        return BODIES.get(kind) or ("other" if kind in others else "untold")

    def committees(self, day: date) -> list[dict[str, Any]]:
        """The committees of enterprises that are there on a day."""
        own = [it for it in self.organisations if it["level"] == "enterprise"]
        begun = [it for it in own if not it["since"] or it["since"] <= day.isoformat()]
        return [it for it in begun if not it["until"] or day.isoformat() < it["until"]]

    def one(self, person: str) -> frozenset[str]:
        """Everybody who is the same as somebody, and that one."""
        found = {person}
        while more := {it for pair in self.same if not found.isdisjoint(pair) for it in pair} - found:
            found |= more
        return frozenset(found)


BODIES = {
    "village_committee": "village",
    "residents_committee": "residents",
    "township_committee": "township",
    "street_committee": "street",
    "enterprise_committee": "enterprise",
    "association_committee": "association",
}
"""Columns of the form (codes) by the nature of an organisation."""
EMPTY = Register()


def host(case: dict[str, Any]) -> str:
    """The organisation that has a case, or another thing, in hand."""
    given = [line["given"] for line in case["lines"] if line["event"] in HOSTED]
    return given[-1]["organisation"] if given else ""


HOSTED = (
    *("ApplicationSubmitted", "CaseRegistered", "CaseHandedOver", "AlertPushed", "MatterRegistered", "ReturnFiled"),
)


def by_body(
    cases: Iterable[list[dict[str, Any]]], first: date, last: date, until: datetime, register: Register
) -> dict[str, dict[str, int]]:
    """The figures that are counted case by case, by the body that has each in hand."""
    found: dict[str, dict[str, int]] = {}
    for orders in cases:
        case = world(orders, until)
        for code, day, adds in things(orders, until, MOST):
            if case is not None and day is not None and first <= day <= last and is_counted(code, day, until):
                own = found.setdefault(register.body(host(case)), dict.fromkeys(COUNTED, 0))
                own[code] += adds
    return found


def repeated(
    cases: list[list[dict[str, Any]]], first: date, last: date, until: datetime, days: int, register: Register
) -> int:
    """Alerts of a period that were kept, of which the same people had one that was kept shortly before."""
    alerts = []
    for orders in cases:
        case = world(orders, until)
        pushed = case and next((line for line in case["lines"] if line["event"] == "AlertPushed"), None)
        if case is None or pushed is None or not any(code == "alerts_kept" for code, _, _ in _alert(case, MOST)):
            continue
        lines = [line for line in case["lines"] if line["event"] in ("InvolvedNamed", "InvolvedAdded")]
        people = {(line["given"] or line["data"])["person"] for line in lines}
        day = last_day(pushed["occurred"])
        if day is not None:
            alerts.append((pushed["occurred"], orders[0]["case"], day, people))
    alerts.sort(key=lambda it: it[:2])
    return sum(
        first <= day <= last
        and any((day - other[2]).days <= days and _same_people(people, other[3], register) for other in alerts[:n])
        for n, (_, _, day, people) in enumerate(alerts)
    )


MOST = {"alert_contact": 0}


def _same_people(some: set[str], others: set[str], register: Register) -> bool:
    """Two of them are the same, be it by name; or the only one of either is, by who it is."""
    sets = {register.one(it) for it in some}, {register.one(it) for it in others}
    by_name = {register.names.get(it, "") for it in others} - {""}
    both = sum(it in sets[1] or any(register.names.get(id, "") in by_name for id in it & some) for it in sets[0])
    return both >= 2 or (bool(sets[0] & sets[1]) and 1 in map(len, sets))


def of_directory(
    cases: list[list[dict[str, Any]]], first: date, last: date, until: datetime, register: Register
) -> dict[str, int]:
    """Committees at the end of a period, and the months that they owe in it."""
    found = dict.fromkeys(("committees", "returns_owed", "returns_owed_filed", "returns_missing"), 0)
    bodies = register.bodies(last) if first <= last else []
    found["bodies"] = len(bodies)
    for kind, code in BODIES.items():
        found[f"bodies_{code}"] = sum(it["kind"] == kind for it in bodies)
    there = register.committees(last) if first <= last else []
    found["committees"] = len(there)
    found["committees_people"] = sum(it["kind"] == "enterprise_committee" for it in there)
    found["committees_labour"] = sum(it["kind"] == "labour_committee" for it in there)
    filed = set()
    for orders in cases:
        case = world(orders, until)
        for line in case["lines"] if case else ():
            if line["event"] == "ReturnFiled":
                filed.add((line["given"]["organisation"], line["given"]["month"]))
    day = first
    today = until.astimezone(CHINA).date()
    while day <= last and day < today:
        if (day + timedelta(days=1)).day == 1:  # the last of a month
            owing = [(it["id"], f"{day:%Y-%m}") for it in register.committees(day)]
            found["returns_owed"] += len(owing)
            found["returns_owed_filed"] += len(filed.intersection(owing))
        day += timedelta(days=1)
    found["returns_missing"] = found["returns_owed"] - found["returns_owed_filed"]
    return found


COUNTED = (
    *(
        "accepted",
        "accepted_people",
        "screened",
        "settled",
        "closed",
        "closed_people",
        "succeeded",
        "failed",
        "weighty",
    ),
    *("settled_levels", "settled_there", "averted_suicide", "averted_crime", "averted_petition", "averted_fight"),
    *("errands_answered", "errands_content", "bodies", "bodies_village", "bodies_residents", "bodies_township"),
    *("bodies_street", "bodies_enterprise", "bodies_association"),
    *("days", "attendance", "risks", "agreements", "agreements_oral", "agreements_written", "amount"),
    *("amount_performed", "confirmation_asked", "confirmed", "due", "due_performed", "due_of_itself", "visits_due"),
    *("visits_in_time", "visits", "quality_visits", "answered", "satisfied"),
    *("alerts", "alerts_kept", "alerts_signed", "alerts_contacted", "alerts_resolved", "alerts_unresolved"),
    *("alerts_converted", "alerts_repeated", "grid_found", "grid_on_spot", "grid_done", "receptions"),
    *("receptions_at_once", "receptions_done", "errands_done", "errands_ended", "errands_in_time", "petitions"),
    *("petitions_resolved", "committees", "committees_people", "committees_labour", "returns_owed"),
    *("returns_owed_filed", "returns_missing", "returns", "returns_zero", "returns_late", "small_disputes"),
    *("meetings", "meetings_unfixed", "tasks", "tasks_struck", "tasks_due", "tasks_in_time"),
)
"""The figures (codes) that are counted here: all there are."""
RATES = {
    "handled_rate": ("closed", "accepted"),
    "success_rate": ("succeeded", "closed"),
    "days_each": ("days", "closed"),
    "confirmed_rate": ("confirmed", "agreements"),
    "performed_rate": ("due_performed", "due"),
    "of_itself_rate": ("due_of_itself", "due_performed"),
    "visits_rate": ("visits_in_time", "visits_due"),
    "satisfied_rate": ("satisfied", "answered"),
    "signed_rate": ("alerts_signed", "alerts_kept"),
    "contacted_rate": ("alerts_contacted", "alerts_kept"),
    "resolved_rate": ("alerts_resolved", "alerts_kept"),
    "converted_rate": ("alerts_converted", "alerts_kept"),
    "repeated_rate": ("alerts_repeated", "alerts_kept"),
    "returns_rate": ("returns_owed_filed", "returns_owed"),
    "errands_rate": ("errands_in_time", "errands_ended"),
    "errands_content_rate": ("errands_content", "errands_answered"),
    "settled_there_rate": ("settled_there", "settled_levels"),
    "tasks_rate": ("tasks_in_time", "tasks_due"),
    "petitions_rate": ("petitions_resolved", "petitions"),
}
"""What is divided by what."""


PASSED = (*("due", "due_performed", "due_of_itself", "visits_due", "visits_in_time", "tasks_due", "tasks_in_time"),)
"""What counts only once its day is over."""


def is_counted(code: str, day: date, until: datetime) -> bool:
    """Whether something of a day counts yet."""
    return code not in PASSED or day < until.astimezone(CHINA).date()


def counted(
    cases: Iterable[list[dict[str, Any]]],
    first: date,
    last: date,
    until: datetime,
    settings: dict[str, int],
    register: Register = EMPTY,
) -> dict[str, int]:
    """The figures of a period as known at a moment, by how many days the room gives itself."""
    found, cases = dict.fromkeys(COUNTED, 0), list(cases)
    found["alerts_repeated"] = repeated(cases, first, last, until, settings["again"], register)
    found |= of_directory(cases, first, min(last, until.astimezone(CHINA).date()), until, register)
    for orders in cases:
        for code, day, adds in things(orders, until, settings):
            if day is not None and first <= day <= last and is_counted(code, day, until):
                found[code] += adds
    return found


def rates(found: dict[str, int]) -> dict[str, float | None]:
    """The rates of some figures; None where there is nothing to divide by."""
    return {code: found[of] / found[by] if found[by] else None for code, (of, by) in RATES.items()}
