"""Who a report names, and everything it says about itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Actor, Office, Organisation
from mediation_engine.ports.register import Person
from mediation_engine.services.mediation import MediationService
from workflows.vocabulary import CapacityKind

from . import vocabulary
from .file_format import CHANNELS, OUTCOMES

ROOT = Organisation(id="reported", name="公开报道案例", short_name="例", kind="other")
RECORDER = Actor(
    id="reported-recorder",
    name="案例录入",
    organisation=ROOT.id,
    offices=frozenset({Office.MEDIATOR, Office.LEAD}),
)
PARTS = ("disputants", "bodies", "timeline")


def people(report: dict[str, Any]) -> list[Person]:
    """Disputants first, then the bodies that are no hosts."""
    named = [(d["name_masked"], PartyKind.named(d["kind"]) or PartyKind.PERSON) for d in report["disputants"]]
    named += [(b["org"], PartyKind.ENTERPRISE) for b in seats(report)]
    return [Person(id=f"{report['id']}:{n}", name=name, kind=kind) for n, (name, kind) in enumerate(named, 1)]


def acting(report: dict[str, Any]) -> Iterator[tuple[int, CapacityKind, Person]]:
    """Who is named in brackets as acting for a disputant: the number of the disputant, as what, and who."""
    for n, d in enumerate(report["disputants"], 1):
        found = _ACTING.search(d["name_masked"])
        if found:
            yield n, AS_WHAT[found[1]], Person(id=f"{report['id']}:{n}:1", name=found[2], kind=PartyKind.PERSON)


AS_WHAT = {
    "法定代表人": CapacityKind.HEAD,
    "负责人": CapacityKind.HEAD,
    "委托代理人": CapacityKind.AGENT,
    "代理人": CapacityKind.AGENT,
    "监护人": CapacityKind.GUARDIAN,
    "代表": CapacityKind.DELEGATE,
}
_ACTING = re.compile(rf"[（(]({'|'.join(AS_WHAT)})[:：]?\s*([^\s()（）]{{1,30}})\s*[)）]")


def seats(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The bodies at the table that do not mediate."""
    return [body for body in report["bodies"] if body["role"] != "host"]


def origin(report: dict[str, Any]) -> str:
    """Everything about the report itself: where it stands, what it adds up, what is odd, what somebody noted."""
    told = {
        "来源": report["source_url"],
        "发布": report["published"],
        "地区": report["province_city"],
        "渠道": CHANNELS.get(report["channel"] or ""),
        "结果": OUTCOMES.get(report["outcome"] or ""),
        "历时（天）": report["days_to_resolve"],
        "特别之处": report["unusual"],
    }
    told |= {f"{d['name_masked']}户数": d["households"] for d in report["disputants"] if d["households"]}
    lines = [f"{label}：{value}" for label, value in (*told.items(), *extras(report)) if value not in (None, "")]
    return "\n".join(lines)


def extras(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What somebody noted under a key of their own, with where it stood."""
    for part in PARTS:
        for n, row in enumerate(report[part], 1):
            yield from ((f"{part}第{n}项 {key}", words) for key, words in _own(row))
    yield from _own(report)


def _own(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in sorted(row.items()):
        if key.startswith("x_") and value is not None:
            yield key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def hosts(report: dict[str, Any]) -> list[Organisation]:
    """The bodies that mediate, the one that leads first; none of their ids can be another report's."""
    names = [b["org"] for b in report["bodies"] if b["role"] == "host"] or ["未报道的调解组织"]
    return [
        Organisation(
            id=f"reported-{report['id']}" + (f":{n}" if n > 1 else ""),
            name=name,
            short_name="例",
            kind=vocabulary.host_kind(name),
            parent=ROOT.id,
        )
        for n, name in enumerate(names, 1)
    ]


def enter(service: MediationService, report: dict[str, Any]) -> None:
    """The hosts of a report and whoever writes it down, in the register."""
    with service.store.write() as unit:
        if unit.register.organisation(ROOT.id) is None:  # below another, where somebody has put it there
            unit.register.put_organisation(ROOT)
        for organisation in hosts(report):
            unit.register.put_organisation(organisation)
        unit.register.put_actor(RECORDER)
