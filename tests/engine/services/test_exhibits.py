"""Exhibits through the door: once, with their bytes or not at all; private ones as private as words; erased."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.audit import Fault, Finding
from mediation_engine.clock import FixedClock
from mediation_engine.domain.correcting import CorrectOrder, StrikeOrder
from mediation_engine.domain.fields import Readers, Text
from mediation_engine.domain.files import FileHeld, FileRef
from mediation_engine.domain.roles import Office
from mediation_engine.errors import (
    BlobsHeld,
    CommandIdReused,
    ExhibitDamaged,
    ExhibitNotFound,
    ExhibitUnfit,
    GuardRefused,
    Refused,
)
from mediation_engine.input.command_schema import Names
from mediation_engine.input.corrections import corrected, unchanged
from mediation_engine.ports.store import Store
from mediation_engine.services.exhibits import sweep
from mediation_engine.services.maintenance import audit_chains, audit_store, checkpoint
from workflows.parts.erasure import EraseExhibits, ErasureGround
from workflows.parts.exhibit import FileExhibit, SupersedeExhibit, WithdrawExhibit
from workflows.vocabulary import ExhibitKind

from ...support.exhibits import Shelved
from ...support.files import mp3, office, pdf, photo
from ...support.story import NOW, Story

ERASING = {"ground": ErasureGround.WITHDRAWN, "basis": Text("个人信息保护法第47条"), "reason": Text("本人申请")}


@pytest.fixture
def shelved(store: Store, clock: FixedClock, tmp_path: Path) -> Shelved:
    """Each kind of store in turn, with a case and a folder."""
    return Shelved(Story(store, clock).accepted(), tmp_path / "exhibits")


@pytest.fixture
def own(story: Story, tmp_path: Path) -> Shelved:
    """In memory."""
    return Shelved(story.accepted(), tmp_path / "exhibits")


def findings(shelved: Shelved) -> list[Finding]:
    store, catalogue = shelved.story.store, shelved.story.door.catalogue
    chains = [f for _, found in audit_chains(store) for f in found]
    return [f for _, found in audit_store(store, catalogue, look=shelved.shelf.look_at) for f in found] + chains


def test_several_files_of_one_order_are_an_exhibit_each_and_are_read_again(shelved: Shelved) -> None:
    sent = photo(), pdf(), office(), mp3()
    receipt = shelved.file(*sent, party="party/1")
    assert [line.instance for line in receipt.lines] == [f"exhibit/{n}" for n in range(1, 5)]
    assert [shelved.read(f"exhibit/{n}") for n in range(1, 5)] == list(sent)
    assert findings(shelved) == []


def test_no_name_of_a_file_and_nothing_of_it_lies_open_anywhere(own: Shelved) -> None:
    own.file(b"%PDF-1.4\n" + pdf()[9:])
    lying = b"".join((own.folder.path / name).read_bytes() for name in own.names())
    assert b"PDF" not in lying
    assert {(own.folder.path / name).stat().st_mode & 0o077 for name in own.names()} == {0}


def test_the_same_order_again_files_nothing_twice(shelved: Shelved) -> None:
    order, sent = shelved.order(), (photo(), pdf())
    assert shelved.service.file(order, sent) == shelved.service.file(order, sent)
    assert len(shelved.names()) == len(shelved.story.case.of("exhibit")) == 2


def test_the_same_order_with_another_file_is_refused_and_leaves_nothing(shelved: Shelved) -> None:
    order = shelved.order()
    shelved.service.file(order, [photo()])
    with pytest.raises(CommandIdReused):
        shelved.service.file(order, [pdf()])
    assert len(shelved.names()) == 1


def test_the_same_order_that_came_in_at_the_same_moment_gets_the_same_receipt(own: Shelved) -> None:
    order, submit, sent = own.order(), own.story.door.submit, photo()

    def overtaken(*given: object, **more: object) -> object:
        own.story.door.submit = submit  # type: ignore[method-assign]
        own.service.file(order, [sent])
        return submit(*given, **more)  # type: ignore[arg-type]

    own.story.door.submit = overtaken  # type: ignore[assignment]
    receipt = own.service.file(order, [sent])
    assert receipt.lines[0].instance == "exhibit/1"
    assert len(own.names()) == len(own.story.case.of("exhibit")) == 1


def test_a_file_that_is_not_taken_leaves_nothing(own: Shelved) -> None:
    with pytest.raises(ExhibitUnfit):
        own.file(photo(), b"MZ" + bytes(100))
    assert (own.names(), own.story.case.of("exhibit")) == ([], ())


def test_no_more_is_taken_than_the_room_allows(story: Story, tmp_path: Path) -> None:
    few = Shelved(story.accepted(), tmp_path / "few", files=2, each=50_000)
    few.file(photo(), photo())
    with pytest.raises(GuardRefused, match="最多收存 2 件"):
        few.file(photo())
    with pytest.raises(ExhibitUnfit, match=r"不能超过 48\.8 KB"):
        few.file(bytes(50_001))
    small = Shelved(story, tmp_path / "few", together=sum(len(photo()) for _ in range(2)))
    with pytest.raises(GuardRefused, match="已经满了"):
        small.file(photo())
    assert len(few.names()) == 2


def test_no_line_speaks_of_a_file_that_was_not_handed_in(own: Shelved) -> None:
    made_up = FileRef(f"exhibit:{'a' * 32}:10;image/jpeg:{'b' * 64}")
    with pytest.raises(GuardRefused, match="连同文件"):
        own.story.do(FileExhibit(kind=ExhibitKind.OTHER, files=(made_up,)))
    with pytest.raises(GuardRefused, match="请选择要收存的文件"):
        own.story.do(FileExhibit(kind=ExhibitKind.OTHER))


PRIVATE = (Readers.OWN, Readers.HOST)


@pytest.mark.parametrize("readers", PRIVATE)
def test_an_auditor_is_told_of_a_private_one_that_it_is_there_and_nothing_else(own: Shelved, readers: Readers) -> None:
    own.file(photo(), pdf(), party="party/1", readers=readers, title=Text("病历"))
    view = own.story.view(Office.AUDITOR)
    assert view.case.facts.files() == {}
    assert {str(it) for it in view.case.facts.exhibits.values()} == {str(type(view.case.facts.exhibits["exhibit/1"])())}
    told = [view.teller.line(it).details for it in view.lines[-2:]]
    assert told == [(("内容", "（内容不公开）"),), ()]
    assert "病历" not in view.words.values()
    for word in ("image/jpeg", str(len(photo())), "party/1", "own"):
        assert word not in str(view.lines[-2:])
    with pytest.raises(ExhibitNotFound):
        own.service.content(view, own.id("exhibit/1"))
    assert own.read("exhibit/1") == photo()


def test_a_joint_one_is_for_an_auditor_too(own: Shelved) -> None:
    own.file(photo())
    assert own.read("exhibit/1", Office.AUDITOR) == photo()


def test_one_for_the_party_alone_says_whose_it_is(own: Shelved) -> None:
    with pytest.raises(Refused, match="请写明是谁的"):
        own.file(photo(), readers=Readers.OWN)


def test_one_is_replaced_by_another_for_the_same_readers_and_withdrawn_with_a_reason(own: Shelved) -> None:
    own.file(photo("blurred"))
    own.file(photo("sharp"))
    own.file(photo(), readers=Readers.HOST)
    for other in ("exhibit/1", "exhibit/3"):
        with pytest.raises(Refused, match="另一件收存着的"):
            own.story.do(SupersedeExhibit(by=other), "exhibit/1")
    own.story.do(SupersedeExhibit(by="exhibit/2"), "exhibit/1")
    own.story.do(WithdrawExhibit(reason=Text("本人要求")), "exhibit/2")
    assert [own.story.state(f"exhibit/{n}") for n in (1, 2, 3)] == ["superseded", "withdrawn", "filed"]
    assert own.read("exhibit/1") == photo("blurred")
    assert findings(own) == []


def test_a_correction_leaves_the_files_where_they_are(own: Shelved) -> None:
    receipt = own.file(photo(), pdf(), title=Text("身份正"))
    view = own.story.view(Office.LEAD)
    standing = view.standing(receipt.first)
    assert standing
    old = standing.order.command
    instead = corrected(old, {"title": "身份证", "readers": "host"}, view.words, Names())
    order = own.story.order(CorrectOrder(order=receipt.first, reason=Text("写错了")), by=Office.LEAD)
    own.story.door.submit(replace(order, instead=instead, unchanged=unchanged(old, instead, view.words)))
    assert own.read("exhibit/2") == pdf()
    assert own.story.view(Office.AUDITOR).case.facts.files() == {}
    assert findings(own) == []


def test_one_filed_by_mistake_is_struck_and_opened_no_more(own: Shelved) -> None:
    receipt = own.file(photo())
    id = own.id("exhibit/1")
    own.story.do(StrikeOrder(order=receipt.first, reason=Text("传错了案")), by=Office.LEAD)
    with pytest.raises(ExhibitNotFound):
        own.service.content(own.story.view(Office.LEAD), id)
    assert findings(own) == []


def erased(shelved: Shelved, *keys: str) -> None:
    shelved.story.do(EraseExhibits(exhibits=keys, **ERASING), by=Office.LEAD)  # type: ignore[arg-type]


def test_what_is_erased_is_opened_by_nobody_while_the_line_stays_whole(shelved: Shelved) -> None:
    shelved.file(photo("a"), photo("b"), title=Text("住院照片"))
    id = shelved.id("exhibit/1")
    erased(shelved, "exhibit/1")
    with pytest.raises(ExhibitNotFound):
        shelved.service.content(shelved.story.view(Office.LEAD), id)
    assert shelved.read("exhibit/2") == photo("b")
    assert [f.fault for f in findings(shelved)] == [Fault.ERASED]
    assert "住院照片" in shelved.story.view(Office.LEAD).words.values()  # the other one is called so, too
    erased(shelved, "exhibit/2")
    assert "住院照片" not in shelved.story.view(Office.LEAD).words.values()
    with pytest.raises(Refused, match="已经删除过"):
        erased(shelved, "exhibit/2")
    _, stands = checkpoint(shelved.story.store, catalogue=shelved.story.door.catalogue)
    assert id in stands.erased["A1"]
    with shelved.story.store.read() as unit:
        assert unit.exhibits.of("A1") == {}


def exchange(one: Path, other: Path) -> None:
    aside = one.with_suffix(".aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


ALTERED: dict[str, Callable[[Path, Path], object]] = {
    "changed": lambda one, _: one.write_bytes(one.read_bytes()[:-1] + b"x"),
    "cut off": lambda one, _: one.write_bytes(one.read_bytes()[:-1]),
    "gone": lambda one, _: one.unlink(),
    "exchanged": lambda one, other: (
        one.rename(one.with_suffix(".t")),
        other.rename(one),
        one.with_suffix(".t").rename(other),
    ),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_file_is_found_and_named_and_the_rest_of_the_case_works(own: Shelved, how: str) -> None:
    own.file(photo("a"))
    own.file(photo("b"))
    with own.story.store.read() as unit:
        rows = unit.exhibits.of("A1")
    paths = [own.folder.path / rows[own.id(f"exhibit/{n}")].blob for n in (1, 2)]
    ALTERED[how](*paths)
    found = findings(own)
    assert {f.fault for f in found} == {Fault.EXHIBIT}
    assert [f.version for f in found] == ([8, 9] if how == "exchanged" else [8])
    with pytest.raises(ExhibitDamaged, match="校验失败"):
        own.read("exhibit/1")
    assert how == "exchanged" or own.read("exhibit/2") == photo("b")
    without_key = replace(own.shelf, room_key=None)
    store, catalogue = own.story.store, own.story.door.catalogue
    assert [f.version for _, fs in audit_store(store, catalogue, look=without_key.look_at) for f in fs] == [
        f.version for f in found
    ]


def test_rows_exchanged_with_their_files_are_found(own: Shelved) -> None:
    own.file(photo("a"))
    own.file(photo("b"))
    tables = own.story.store._tables  # type: ignore[attr-defined]
    one, other = sorted(tables.exhibits)
    a, b = tables.exhibits[one], tables.exhibits[other]
    tables.exhibits[one] = structs.replace(a, blob=b.blob, sealed=b.sealed, key=b.key)
    tables.exhibits[other] = structs.replace(b, blob=a.blob, sealed=a.sealed, key=a.key)
    assert [f.version for f in findings(own) if f.fault is Fault.EXHIBIT] == [8, 9]


def test_the_sweep_takes_only_what_no_line_speaks_of_a_day_after(own: Shelved, clock: FixedClock) -> None:
    own.file(photo())
    lone, unfinished = own.folder.put([b"x"]), f".{'a' * 32}.x.part"
    (own.folder.path / unfinished).write_bytes(b"y")
    (own.folder.path / "notes.txt").write_text("nobody's business")
    for path in own.folder.path.iterdir():
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert sweep(own.story.store, own.folder, NOW + timedelta(hours=24)) == []
    late = NOW + timedelta(hours=24, seconds=1)
    with own.folder.held(), pytest.raises(BlobsHeld):
        sweep(own.story.store, own.folder, late)
    assert sorted(sweep(own.story.store, own.folder, late)) == sorted([lone, unfinished])
    assert own.read("exhibit/1") == photo()
    assert (own.folder.path / "notes.txt").exists()


def test_two_backups_may_hold_the_folder_at_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with folder.held(), Folder(tmp_path).held(), pytest.raises(BlobsHeld), Folder(tmp_path).alone():
        pass


def test_a_reference_reads_as_it_was_written_and_nothing_else_reads_as_one() -> None:
    held = FileHeld(id="a" * 32, size=12, media="image/jpeg", digest="b" * 64)
    assert FileHeld.read(held.written()) == held
    for other in ("", "text:a:b:c", held.written() + "x", held.written().replace(":12;", ":0;"), "exhibit:::::"):
        assert FileHeld.read(other) is None
