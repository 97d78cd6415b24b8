"""An organisation of the directory as a form: what it is, at which level, below whom, who answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from mediation_engine.domain.directory import Directory
from mediation_engine.domain.fields import Text
from mediation_engine.domain.names import STRANGE
from mediation_engine.domain.people import PartyKind, PersonDetails, Phone
from mediation_engine.domain.roles import Level, Organisation
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.characters import UNPRINTABLE
from mediation_engine.input.days import Unread, read_day, typed_day
from mediation_engine.input.identity_numbers import read_phone
from mediation_engine.input.new_people import bytes_from, someone
from mediation_engine.ports.register import Entered, Person
from mediation_engine.services.people import People
from workflows.facts import HOST_KINDS

LONGEST_NAME, LONGEST_SHORT = 100, 20
SEEN = "seen"
"""What the form calls the organisation as it was when the form was opened."""
LABELS = {
    "name": "名称",
    "short_name": "简称",
    "kind": "性质",
    "level": "层级",
    "parent": "上级",
    "since": "哪天设立",
    "until": "哪天撤销",
    "contact": "联系人",
}
Option = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationForm:
    """What was filled in."""

    typed: Mapping[str, str]
    directory: Directory
    today: date
    before: Organisation | None = None
    """As it is, where it is changed."""
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, before: Organisation, contact: str, directory: Directory, today: date) -> OrganisationForm:
        """The form of one that is there."""
        days = {name: typed_day(day) if day else "" for name, day in (("since", before.since), ("until", before.until))}
        typed = {
            "name": before.name,
            "short_name": before.short_name,
            "kind": before.kind,
            "level": before.level.code if before.level else "",
            "parent": before.parent or "",
            "contact": contact,
        }
        seen = {SEEN: sha256(repr((before, contact)).encode()).hexdigest()[:16]}
        return cls(typed=typed | days | seen, directory=directory, today=today, before=before)

    def over(self, now: OrganisationForm) -> OrganisationForm:
        """What was typed, over the organisation as it stands now."""
        return replace(self, typed={**self.typed, SEEN: now.typed[SEEN]})

    def otherwise(self, now: OrganisationForm) -> str:
        """What stands there now otherwise than it was typed, in words."""
        said = (
            f"{label}现在是“{now.words_of(name) or '没有写'}”"
            for name, label in LABELS.items()
            if name in self.typed and self.typed[name].strip() != now.typed[name]
        )
        return "，".join(said)

    def words_of(self, name: str) -> str:
        """What was filled in for a field, in words."""
        options = {"kind": self.kinds, "level": self.levels, "parent": self.parents}.get(name, [])
        value = self.typed.get(name, "")
        return next((words for code, words in options if code == value), value)

    @property
    def id(self) -> str:
        """The id of the organisation: of a new one, as often as the form is sent the same."""
        if self.before is not None:
            return self.before.id
        typed = self.typed.get("id", "")[:64] or new_id(system_randomness, 16)
        return f"org-{new_id(bytes_from('organisations', typed), 6).lower()}"

    @property
    def made(self) -> Organisation | None:
        """What the form has made when it was sent before, where it is the same organisation still."""
        there = None if self.before else self.directory.by_id.get(self.id)
        return there if there and there.name == " ".join(self.typed.get("name", "").split()) else None

    def begun(self) -> OrganisationForm:
        """The form as another organisation, whatever it has made before."""
        return replace(self, typed={**self.typed, "id": new_id(system_randomness, 16)})

    @property
    def kinds(self) -> list[Option]:
        return list(HOST_KINDS.items())

    @property
    def levels(self) -> list[Option]:
        return [(it.code, it.label) for it in Level if it is not Level.BEYOND]

    @property
    def is_top(self) -> bool:
        """Whether it is the highest of what is kept here: below whom it lies is not for its own keeper to say."""
        return self.before is not None and self.before.parent not in self.directory.by_id

    @property
    def parents(self) -> list[Option]:
        """What it may lie below."""
        able = (it for it in self.directory if it.level not in (Level.ENTERPRISE, Level.VILLAGE))
        return [(it.id, it.name) for it in able if self.before is None or it.id != self.before.id]

    def wrong(self, faults: Mapping[str, Sequence[str]]) -> OrganisationForm:
        """The same with what is wrong."""
        return replace(self, faults=faults)

    def read(self, people: People | None) -> tuple[Organisation, Entered | None]:
        """What was filled in, and its contact where somebody else answers for it now. FormFaults by field."""
        faults = dict[str, list[str]]()
        name, short = self._words("name", LONGEST_NAME, faults), self._words("short_name", LONGEST_SHORT, faults)
        kind, level = self.typed.get("kind", ""), Level.named(self.typed.get("level", ""))
        if kind not in HOST_KINDS:
            faults["kind"] = ["请选择它是什么组织"]
        if level is None:
            faults["level"] = ["请选择它在哪一级"]
        since, until = (self._day(which, faults) for which in ("since", "until"))
        contact, entered = self._contact(people, faults)
        parent = self.before.parent if self.before and self.is_top else self.typed.get("parent", "") or None
        if parent is None and not self.is_top:
            faults["parent"] = ["请选择它的上级"]
        if faults:
            raise FormFaults(faults)
        made = Organisation(
            id=self.id,
            name=name,
            short_name=short,
            kind=kind,
            parent=parent,
            level=level,
            since=since,
            until=until,
            contact=contact,
        )
        return made, entered

    def _words(self, which: str, longest: int, faults: dict[str, list[str]]) -> str:
        words = " ".join(self.typed.get(which, "").split())
        if not words or len(words) > longest:
            faults[which] = [f"请写1到{longest}个字"]
        elif UNPRINTABLE.search(words) or STRANGE.search(words):
            faults[which] = ["里面有看不见的字符，请重新打一遍"]
        elif which == "name" and any(it.name == words for it in self.directory if it.id != self.id):
            faults[which] = [f"名录里已经有“{words}”，请核对是不是同一家；不是的，换一个写法"]
        return words

    def _day(self, which: str, faults: dict[str, list[str]]) -> date | None:
        words = self.typed.get(which, "").strip()
        try:
            return read_day(words, self.today) if words else None
        except Unread as fault:
            faults[which] = [str(fault) or "请写成 2026年11月23日 这样"]
            return None

    def _contact(self, people: People | None, faults: dict[str, list[str]]) -> tuple[str | None, Entered | None]:
        """Who answers for it: whoever did before where nothing was typed over, or somebody new."""
        name, phone = self.typed.get("contact", "").strip(), self.typed.get("phone", "").strip()
        known = self.before.contact if self.before else None
        if not name:
            return None, None
        if name == self.typed.get("contact.was", "") and not phone:
            return known, None
        try:
            person = someone("contact", name, PartyKind.PERSON, system_randomness)
        except FormFaults as fault:
            faults |= {key: list(said) for key, said in fault.faults.items()}
            return None, None
        number = read_phone(phone) if phone else None
        if number is not None and number.fault:
            faults["phone"] = [number.fault]
        if people is None or number is None or not number.number:
            return person.id, Entered(person=person, key=None, found=frozenset())
        return person.id, _sealed(people, person, number.number)


def _sealed(people: People, person: Person, phone: str) -> Entered:
    return people.sealed(person, PersonDetails(phones=(Phone(number=Text(phone)),)))
