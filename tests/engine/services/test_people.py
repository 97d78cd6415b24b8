"""The register of people: what is filled in lies encrypted, is found again, is erased for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.sql import open_store
from mediation_engine.adapters.sql.backup import back_up
from mediation_engine.adapters.sql.restore import restore
from mediation_engine.clock import FixedClock
from mediation_engine.domain.erasing import ErasureGround
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import (
    DETAILS,
    Details,
    EnterpriseDetails,
    PartyKind,
    PersonDetails,
    Phone,
    Sex,
)
from mediation_engine.domain.roles import Actor, LeadAct, Office, Organisation, Substitution
from mediation_engine.encryption.room_key import RoomKey
from mediation_engine.errors import (
    OfficeNotHeld,
    OutsideOwnRemit,
    PersonErased,
    PersonMoved,
    PersonNeeded,
    PersonNotFound,
)
from mediation_engine.export.bundle import bundle
from mediation_engine.export.case_file import write_case
from mediation_engine.export.checkpoint import read_checkpoint
from mediation_engine.ids import seeded_randomness
from mediation_engine.ports.register import ERASED, Person
from mediation_engine.ports.store import Store
from mediation_engine.services.maintenance import audit_chains, case_file
from mediation_engine.services.people import People
from web.wiring import catalogue
from workflows.parts.party import EnterRoster, JoinCase, RosterRow
from workflows.phases.endings import CloseAsMistaken
from workflows.vocabulary import Side

from ...support.sheets import resident
from ...support.story import BELOW, NOW, ROOM, STAFF, Story

KEY = RoomKey(bytes(range(32)))
MEDIATOR, LEAD = STAFF[Office.MEDIATOR], STAFF[Office.LEAD]
WANG = PersonDetails(
    number=Text("330784199003071238"),
    birth=date(1990, 3, 7),
    sex=Sex.MALE,
    phones=(Phone(number=Text("13812345678"), label=Text("本人")), Phone(number=Text("057987123456"))),
    address=Text("浙江省永康市芝英镇某村12号"),
    employer=Text("某五金厂"),
)
FACTORY = EnterpriseDetails(credit_code=Text("91350100M000100Y43"), contact_person=Text("应某"))
BASIS, REASON = "个人信息保护法第47条", "已了结，本人申请"


@pytest.fixture
def story(store: Store, clock: FixedClock) -> Story:
    return Story(store, clock).registered()


@pytest.fixture
def people(story: Story) -> People:
    return People(story.store, KEY, seeded_randomness(3))


def fill(people: People, id: str = "worker", details: Details = WANG, expects: int = 1, **more: str) -> Person:
    return people.change(MEDIATOR, id, expects=expects, details=details, **more)


def close(story: Story) -> None:
    story.do(CloseAsMistaken(reason=Text("登错了")), by=Office.LEAD)


def test_what_is_filled_in_is_read_again_and_the_name_stays(people: People) -> None:
    made = fill(people)
    known = people.known(MEDIATOR, "worker")
    assert (known.person, known.details, known.person.version) == (made, WANG, 2)
    assert known.person.name == "王某"
    assert [row.case for row in known.cases] == ["A1"]


def test_nothing_filled_in_is_known_as_nothing(people: People) -> None:
    assert people.known(MEDIATOR, "worker").details == PersonDetails()
    assert people.known(MEDIATOR, "firm").details == EnterpriseDetails()


def test_what_is_filled_in_alike_makes_no_version(people: People) -> None:
    made = fill(people)
    assert fill(people, expects=2) == made
    assert fill(people, expects=2, name="王某某").version == 3
    assert people.known(MEDIATOR, "worker").details == WANG


def test_who_saw_an_older_version_is_told_and_nothing_is_lost(people: People) -> None:
    fill(people)
    with pytest.raises(PersonMoved, match="第2版"):
        fill(people, details=replace(WANG, address=Text("别处")))
    assert people.known(MEDIATOR, "worker").details == WANG


def test_an_emptied_field_is_empty_and_finds_nobody(people: People) -> None:
    fill(people)
    fill(people, details=replace(WANG, phones=()), expects=2)
    assert people.find(MEDIATOR, "13812345678") == []
    assert [p.id for p in people.find(MEDIATOR, "330784199003071238")] == ["worker"]
    fill(people, details=PersonDetails(), expects=3)
    assert people.find(MEDIATOR, "330784199003071238") == []


@pytest.mark.parametrize(
    "typed",
    [
        *("13812345678", "138 1234 5678", "+86 138-1234-5678", "１３８１２３４５６７８", "0579-87123456"),
        *("330784199003071238", "330784 19900307 1238", "王某", "wm", "小王"),
    ],
)
def test_somebody_is_found_by_number_telephone_and_every_name(people: People, typed: str) -> None:
    fill(people, other_names="小王、王大锤")
    assert [p.id for p in people.find(MEDIATOR, typed)] == ["worker"]


@pytest.mark.parametrize("typed", ["", "138", "1381234567", "330784199003071230", "李四", "\x00"])
def test_nobody_is_found_by_a_piece_of_a_number_or_another(people: People, typed: str) -> None:
    fill(people)
    assert people.find(MEDIATOR, typed) == []


def test_another_organisation_knows_nothing_of_him(people: People, story: Story) -> None:
    fill(people)
    with story.store.write() as unit:
        unit.register.put_organisation(Organisation(id="hall", name="别室", short_name="别", kind="mediation_room"))
    other = Actor(id="o", name="别人", organisation="hall", offices=frozenset({Office.LEAD}))
    for typed in ("13812345678", "王某"):
        assert people.find(other, typed) == []
    with pytest.raises(OutsideOwnRemit):
        people.known(other, "worker")
    with pytest.raises(OutsideOwnRemit):
        people.change(other, "worker", expects=2, name="张三")
    with pytest.raises(PersonNotFound):
        people.known(MEDIATOR, "nobody")


@pytest.mark.parametrize(
    ("shared", "why"),
    [
        (PersonDetails(number=WANG.number), "证件号码"),
        (PersonDetails(phones=(Phone(number=Text("13812345678")),)), "电话"),
        (PersonDetails(birth=WANG.birth), "出生日期"),
        (PersonDetails(employer=WANG.employer), "单位"),
    ],
)
def test_who_may_be_the_same_is_offered_with_the_reason(
    people: People, story: Story, shared: PersonDetails, why: str
) -> None:
    fill(people)
    with story.store.write() as unit:
        unit.register.put_person(Person(id="again", organisation="room", name="王某", kind=PartyKind.PERSON))
    fill(people, "again", shared)
    [alike] = people.known(MEDIATOR, "again").alike
    assert (alike.person.id, why in alike.why) == ("worker", True)
    people.say_same(MEDIATOR, "again", "worker")
    known = people.known(MEDIATOR, "again")
    assert (known.alike, [p.id for p in known.same]) == ((), ["worker"])
    assert [row.case for row in known.cases] == ["A1"]
    people.say_same(MEDIATOR, "worker", "again", stands=False)
    assert people.known(MEDIATOR, "again").same == ()


def test_the_same_name_alone_makes_nobody_the_same(people: People, story: Story) -> None:
    fill(people)
    with story.store.write() as unit:
        unit.register.put_person(Person(id="again", organisation="room", name="王某", kind=PartyKind.PERSON))
    assert people.known(MEDIATOR, "again").alike == ()


# -- erased


def test_somebody_erased_is_gone_in_every_version_and_it_stands_who_did_it_and_why(
    people: People, story: Story
) -> None:
    fill(people, other_names="小王")
    close(story)
    people.erase(LEAD, "worker", ground=ErasureGround.WITHDRAWN, basis=BASIS, reason=REASON)
    known = people.known(MEDIATOR, "worker")
    assert (known.person.name, known.details, known.is_erased) == (ERASED, PersonDetails(), True)
    assert known.erasure is not None
    assert (known.erasure.by, known.erasure.reason) == (LEAD.id, REASON)
    for typed in ("13812345678", "330784199003071238", "王某", "小王"):
        assert people.find(MEDIATOR, typed) == []
    with pytest.raises(PersonErased):
        fill(people, expects=known.person.version)
    assert [found for _, found in audit_chains(story.store) if found] == []
    again = people.erase(LEAD, "worker", ground=ErasureGround.OTHER, basis="别的", reason="别的")
    assert again == known.erasure


def test_only_the_lead_erases_and_nobody_whose_case_is_open(people: People) -> None:
    with pytest.raises(OfficeNotHeld):
        people.erase(MEDIATOR, "worker", ground=ErasureGround.PURPOSE, basis=BASIS, reason=REASON)
    with pytest.raises(PersonNeeded):
        people.erase(LEAD, "worker", ground=ErasureGround.PURPOSE, basis=BASIS, reason=REASON)
    assert people.known(MEDIATOR, "worker").person.name == "王某"


def test_nobody_is_erased_whom_an_open_case_of_another_organisation_needs(people: People, story: Story) -> None:
    head = replace(LEAD, id="head", organisation=BELOW.id)
    with story.store.write() as unit:
        unit.register.put_actor(head)
        unit.register.put_person(Person(id="theirs", organisation=BELOW.id, name="李某", kind=PartyKind.PERSON))
    story.do(JoinCase(person="theirs", side=Side.APPLICANT))
    with pytest.raises(PersonNeeded, match="别的组织的案件"):
        people.erase(head, "theirs", ground=ErasureGround.PURPOSE, basis=BASIS, reason=REASON)


def test_who_stands_in_for_the_lead_does_not_erase(people: People, story: Story) -> None:
    with story.store.write() as unit:
        unit.substitutions.put_substitution(
            Substitution(
                id="s1",
                organisation="room",
                actor=MEDIATOR.id,
                acts=frozenset(LeadAct),
                first=date(2026, 1, 1),
                last=date(2036, 12, 31),
                named_by=LEAD.id,
            )
        )
    close(story)
    with pytest.raises(OfficeNotHeld):
        people.erase(MEDIATOR, "worker", ground=ErasureGround.PURPOSE, basis=BASIS, reason=REASON)
    assert people.known(MEDIATOR, "worker").person.name == "王某"


# -- looked after


def test_with_another_key_nothing_opens_and_it_is_told(people: People, story: Story) -> None:
    fill(people)
    others = People(story.store, RoomKey(bytes(32)), seeded_randomness(1))
    known = others.known(MEDIATOR, "worker")
    assert (known.readable, known.details) == (False, PersonDetails())
    assert [id for id, _ in others.faults()] == ["worker"]
    assert list(people.faults()) == []


def test_what_finds_people_is_made_anew(people: People, story: Story) -> None:
    fill(people)
    with story.store.write() as unit:
        unit.register.put_found("worker", [("phone", b"x" * 16)])
    assert people.find(MEDIATOR, "13812345678") == []
    assert people.find_again() == 1
    assert [p.id for p in people.find(MEDIATOR, "13812345678")] == ["worker"]
    assert people.find_again() == 0


# -- nothing lies in the clear

MANY = 200


@pytest.fixture
def crowded(tmp_path: Path, clock: FixedClock, database: Path) -> Iterator[tuple[Path, list[str], Store]]:
    """A database with many people, each with a telephone, a number and an address; and all of these."""
    store = open_store(f"sqlite:///{database}", clock)
    Story(store, clock).accepted()
    people, told = People(store, KEY, seeded_randomness(5)), []
    with store.write("register") as unit:  # one transaction: each costs the disk more than what it writes
        for n in range(MANY):
            phone, number, address = f"139{n:08d}", resident(n), f"永康市某街道{n}号楼"
            details = PersonDetails(number=Text(number), phones=(Phone(number=Text(phone)),), address=Text(address))
            person = Person(id=f"p{n}", organisation="room", name="某人", kind=PartyKind.PERSON)
            it = people.sealed(person, details)
            unit.register.put_person(it.person)
            unit.register.put_person_key(person.id, it.key or b"")
            unit.register.put_found(person.id, it.found)
            told += [phone, number, address]
    assert len(set(told)) == 3 * MANY
    assert isinstance(held := people.known(MEDIATOR, "p7").details, PersonDetails)
    assert [held.phones[0].number, held.number, held.address] == told[21:24]
    yield database, told, store
    store.close()


def holding_any(folder: Path, told: list[str]) -> list[tuple[str, str]]:
    """Which files under a folder hold any of what was told, in any usual encoding; every file is gone through once."""
    by_head: dict[bytes, dict[bytes, str]] = {}
    for it, alphabet in product(told, ("utf-8", "utf-16-le", "gb18030")):
        by_head.setdefault(it.encode(alphabet)[:6], {})[it.encode(alphabet)] = it
    heads = re.compile(b"(?=(" + b"|".join(map(re.escape, by_head)) + b"))")
    return [
        (file.name, it)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for content in [file.read_bytes()]
        for met in heads.finditer(content)
        for whole, it in by_head[met[1]].items()
        if content.startswith(whole, met.start())
    ]


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-16-le", "gb18030"])
def test_what_lies_in_the_clear_would_be_found(tmp_path: Path, alphabet: str) -> None:
    told = ["13900000001", "永康市某街道1号楼"]
    (tmp_path / "a.db").write_bytes(bytes(7) + b"139" + told[0].encode(alphabet) + b"x" + told[1].encode(alphabet))
    assert holding_any(tmp_path, [*told, "13900000002"]) == [("a.db", it) for it in told]


def test_no_number_lies_in_the_clear_in_database_log_backup_or_export(
    crowded: tuple[Path, list[str], Store], tmp_path: Path, clock: FixedClock
) -> None:
    database, told, store = crowded
    rows = tuple(RosterRow(person=f"p{n}", claimed=100) for n in range(MANY))
    story = Story(store, clock)
    story.door.submit(replace(story.order(EnterRoster(rows=rows)), id="roster"))
    taken = tmp_path / "taken"
    taken.mkdir()
    file = case_file(store, "A1")
    lines = [*write_case(file)]
    (taken / "bodies").write_bytes(b"\n".join(order.body for order in file.orders))  # they lie there in base 64
    (taken / "A1.jsonl").write_bytes(b"\n".join(lines))
    (taken / "A1.zip").write_bytes(b"".join(bundle("A1", lines, [])))
    assert holding_any(taken, ["EnterRoster"]) and holding_any(taken, told) == []
    assert database.with_name(database.name + "-wal").stat().st_size > 0
    back_up(f"sqlite:///{database}", tmp_path / "kept" / "b.db", tmp_path / "kept" / "b.json", clock, None, catalogue())
    assert holding_any(database.parent, told) == []
    assert holding_any(tmp_path / "kept", told) == []


def test_of_somebody_erased_nothing_is_left_in_the_file_and_an_old_backup_erases_it_again(
    crowded: tuple[Path, list[str], Store], tmp_path: Path, clock: FixedClock
) -> None:
    database, _, store = crowded
    people = People(store, KEY, seeded_randomness(6))
    people.change(MEDIATOR, "p7", expects=1, name="欧阳某某七")
    with store.read() as unit:
        wrapped = unit.register.person_key("p7")
        boxes = [version.details for version in unit.register.versions("p7") if version.details]
    url, old, new = f"sqlite:///{database}", tmp_path / "old.db", tmp_path / "new.db"
    back_up(url, old, tmp_path / "old.json", clock, None, catalogue())
    people.erase(LEAD, "p7", ground=ErasureGround.PURPOSE, basis=BASIS, reason=REASON)
    secrets = [wrapped, *boxes, "欧阳某某七".encode()]
    assert len(secrets) == 4
    for file in database.parent.glob(f"{database.name}*"):
        assert [s for s in secrets if s and s in file.read_bytes()] == [], file
    back_up(url, new, tmp_path / "new.json", clock, None, catalogue())
    stood = read_checkpoint((tmp_path / "new.json").read_bytes(), "new.json")
    assert stood.people == ("p7",)
    again = tmp_path / "again.db"
    restored = restore(old, f"sqlite:///{again}", catalogue(), replace(stood, cases={}, chains={}), clock=clock)
    assert restored.people_erased_again == ["p7"]
    for file in again.parent.glob(f"{again.name}*"):
        assert [s for s in secrets if s and s in file.read_bytes()] == [], file
    fresh = open_store(f"sqlite:///{again}", clock)
    with fresh.read() as unit:
        erased = unit.register.person("p7")
        assert erased is not None
        assert (erased.name, unit.register.person_key("p7")) == (ERASED, None)
    assert [found for _, found in audit_chains(fresh) if found] == []
    fresh.close()


# -- any details

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).map(Text)
DETAILS_OF_ANY = st.sampled_from(list(DETAILS)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.builds(DETAILS[kind], address=st.none() | WORDS))
)


@settings(deadline=None)
@given(DETAILS_OF_ANY)
def test_any_details_come_back_as_they_were(given_: tuple[PartyKind, Details]) -> None:
    kind, details = given_
    store = MemoryStore(FixedClock(NOW))
    with store.write() as unit:
        unit.register.put_organisation(ROOM)
        unit.register.put_person(Person(id="any", organisation="room", name="某", kind=kind))
    people = People(store, KEY, seeded_randomness(3))
    fill(people, "any", details)
    assert people.known(MEDIATOR, "any").details == details
