"""What was said in private never crosses: whoever may not read it gets the same, to the byte, whatever it was.

Two histories that differ in one disputant's private acts only are told, and everything is looked at by everybody who
may not read them. Where only the words are others, that is auditors, too, and other mediators of the room: they see
that something was said, by whom and when, and a digest of it (核查员看得到有过，看不到内容). Where there are more
private acts or none at all, it is the screen that everybody looks at, the other disputant, and all who have no business
with the case.

`PAIRS=1000 pytest tests/web/pages/test_noninterference.py` tries so many of each instead of a few.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mediation_engine.domain.fields import JOINT, Readers, Text
from mediation_engine.domain.paper import Paper
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import MediationError
from mediation_engine.ports.register import Person
from mediation_engine.ports.tokens import Scope
from mediation_engine.record.disclosure import Access
from mediation_engine.record.sealing import TextRef
from mediation_engine.services import case_view
from web.portal import entry, home, own_papers
from web.portal import own as own_pages
from web.presenters import papers, party_case, party_text
from web.presenters.party_acts import ACTS as OF_PARTIES
from web.presenters.party_case import Delivered, Looked, OwnCase, Paid, Standing
from web.presenters.visibility import is_joint
from web.security import passwords, permissions
from web.security.api_tokens import ScopeUnfit
from web.security.party_links import PartyLinkUnfit, issue_for_party
from workflows.facts import facts_of
from workflows.parts.block import RecordTalk
from workflows.parts.confirmation import ConfirmOnline, RaiseObjection
from workflows.parts.exhibit import FileExhibit
from workflows.parts.grading import SetGrade
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.vocabulary import CapacityKind, ExhibitKind, Grade, OnlineMeaning

from ...support.calling import API, token_for
from ...support.exhibits import ROOM_KEY, handed, made_up
from ...support.leaks import OF_COLLEAGUES, OF_PEOPLE, OF_PRESENCE, OF_WORDS, Leak
from ...support.looks import auditors, colleagues, gets, outsiders, screens
from ...support.pairs import KINDS, OF_ONES_OWN, Act, Private, Words, tell
from ...support.story import STAFF, ZHOU, Story
from ...support.thorough import much, some
from ...support.worlds import EXPIRES, FORM, LATER, TOKEN, Ask, Seen, World, differences
from ..conftest import PASSWORD

PAIRS = int(os.environ.get("PAIRS", much(4, 14)))
FAST = (Phase.explicit, Phase.reuse, Phase.generate)
"""A difference is told by its page and place: to look for the smallest pair takes minutes, and is for those who ask."""
TRIED = settings(
    max_examples=PAIRS,
    phases=tuple(Phase) if "PAIRS" in os.environ else FAST,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
ON_TELEPHONES = settings(TRIED, max_examples=int(os.environ.get("PAIRS", much(30, 1000))))
pytestmark = pytest.mark.timeout(0 if "PAIRS" in os.environ else 600)
Worlds = tuple[World, World]


@dataclass(frozen=True)
class Pair:
    """Two histories: what both have, and what each has for itself."""

    seed: int
    party: str
    others: tuple[Act, ...]
    one: Private
    other: Private


# -- pairs at random

# What breaks pages and what names people; long words fold up on a page and say how long they are.
WORDS = st.builds(
    lambda words, times: (words * times)[:400],
    st.text("只要八千就肯走底线王某厂12 <>&\"'%/:\n", min_size=1, max_size=12).filter(lambda w: bool(w.strip())),
    st.sampled_from((1, 1, 1, 40)),
)
TRIPLES: SearchStrategy[Words] = st.tuples(WORDS, WORDS, WORDS)
ACTS = st.builds(Act, place=st.integers(0, 30), kind=st.sampled_from(KINDS), words=TRIPLES, number=st.integers(0, 6))
HEAD = {
    "seed": st.integers(0, 2**32),
    "party": st.sampled_from(("party/1", "party/2")),
    "others": st.lists(ACTS, max_size=2).map(tuple),
}


@st.composite
def other_words(draw: Any) -> Pair:
    """The same acts, other words in each."""
    acts = draw(st.lists(ACTS, min_size=1, max_size=5))
    said = draw(st.lists(TRIPLES, min_size=len(acts), max_size=len(acts)))
    written = draw(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3))
    one, other = zip(*written, strict=True)
    return Pair(
        **{name: draw(strategy) for name, strategy in HEAD.items()},
        one=Private(tuple(acts), one),
        other=Private(tuple(replace(a, words=w) for a, w in zip(acts, said, strict=True)), other),
    )


@st.composite
def other_acts(draw: Any) -> Pair:
    """Other acts, more of them, fewer or none; words written or not."""
    own = st.builds(
        Private,
        acts=st.lists(ACTS, max_size=5).map(tuple),
        written=st.lists(st.none() | WORDS, min_size=1, max_size=3).map(tuple),
    )
    return Pair(**{name: draw(strategy) for name, strategy in HEAD.items()}, one=draw(own), other=draw(own))


@st.composite
def other_people(draw: Any) -> Pair:
    """The same acts with somebody else; other dangers and other files of the same number.

    What somebody does himself has his name on it, for whoever checks that he might.
    """
    acts = draw(st.lists(ACTS.filter(lambda act: act.kind not in OF_ONES_OWN), min_size=1, max_size=5))
    dangers = draw(st.lists(st.integers(0, 6), min_size=len(acts), max_size=len(acts)))
    head = {name: draw(strategy) for name, strategy in HEAD.items()} | {"others": ()}
    others = [replace(a, number=n) if a.kind in ("risk", "exhibit") else a for a, n in zip(acts, dangers, strict=True)]
    written = tuple(draw(st.lists(WORDS, min_size=1, max_size=3)))
    return Pair(**head, one=Private(tuple(acts), written, "party/1"), other=Private(tuple(others), written, "party/2"))


# -- what must hold


def told(worlds: Worlds, pair: Pair) -> Iterator[Story]:
    for world, private in zip(worlds, (pair.one, pair.other), strict=True):
        story = world.begin_anew()
        tell(story, pair.seed, pair.party, private, pair.others)
        yield story


def words_of(pair: Pair) -> list[str]:
    """Some of the words that must not be found."""
    return [w for private in (pair.one, pair.other) for act in private.acts[:2] for w in act.words[:1] if w.strip()]


def seen(worlds: Worlds, asks: Sequence[Ask]) -> None:
    assert list(islice(differences(*(world.see(asks) for world in worlds)), 3)) == []


def hold_words(worlds: Worlds, pair: Pair) -> None:
    """The same acts with other words: nobody but those who handle the case can tell the histories apart."""
    one, other = told(worlds, pair)
    assert [line.event for line in one.lines] == [line.event for line in other.lines]
    workflow, words = one.case.workflow, words_of(pair)
    seen(worlds, auditors(len(one.lines), workflow, words))
    other_mediators(worlds, one, words)
    the_other_disputant(one, other, pair)
    on_the_others_telephone(worlds, pair)


def hold_presence(worlds: Worlds, pair: Pair) -> None:
    """Other acts: the screen, the other disputant and outsiders are the same; auditors see of it that it was."""
    one, other = told(worlds, pair)
    workflow, words = one.case.workflow, words_of(pair)
    seen(worlds, [*screens(), *outsiders(workflow, words)])
    the_other_disputant(one, other, pair)
    assert notices(one) == notices(other)
    auditors_see_no_more_than_that_it_was(worlds)
    on_the_others_telephone(worlds, pair)


def hold_whom(worlds: Worlds, pair: Pair) -> None:
    """The same acts with somebody else: an auditor finds that they were, and not with whom, nor what was feared."""
    one, other = told(worlds, pair)
    assert [line.event for line in one.lines] == [line.event for line in other.lines]
    asks = auditors(len(one.lines), one.case.workflow, words_of(pair))
    seen(worlds, [ask for ask in asks if not ask[2].endswith(EXPORT)])
    other_mediators(worlds, one, words_of(pair), but=TALK_STEP)


def other_mediators(worlds: Worlds, one: Story, words: list[str], but: str = "") -> None:
    """The same for a mediator of the room who does not handle the case, while somebody else does."""
    if not one.case.facts.is_handled(ZHOU.id):
        asks = colleagues(len(one.lines), one.case.workflow, words)
        seen(worlds, [ask for ask in asks if ask[1] != "POST" or not but or not ask[2].endswith(but)])


SIDES = ("party/1", "party/2")
TALK_STEP = "/steps/RecordTalk"
"""Whoever records a talk with somebody of his own learns whether it goes on from another one with him."""
EXPORT = ("/export", "/export.zip")
"""The record itself, to the byte, or it could not be verified: see docs/decisions/0021."""


def the_other_disputant(one: Story, other: Story, pair: Pair) -> None:
    """Its representative reads the same; the speaker's own reads more, so that this says something."""
    theirs = frozenset({"party/1", "party/2"}) - {pair.party}

    def words(story: Story, parties: frozenset[str] = theirs) -> dict[str, str]:
        with story.store.read() as unit:
            return case_view.words_for(unit, story.door.catalogue, "A1", Access(Office.REPRESENTATIVE, parties))

    assert words(one) == words(other)
    for story in (one, other):
        with story.store.read() as unit:
            said = [t for t in unit.record.texts("A1").values() if t.label == pair.party]
        assert words(story, frozenset({pair.party})).keys() >= {t.id for t in said}
        assert not words(story).keys() & {t.id for t in said}
        assert refused_to_a_representative(story) == refused_to_a_representative(one)


def on_the_others_telephone(worlds: Worlds, pair: Pair) -> None:
    """Who comes in for the other side reads the same, to the byte: with what was there before, he is let in alike."""
    one, other = (telephone(world, pair.party) for world in worlds)
    assert one == other


def telephone(world: World, speaker: str) -> list[tuple[int, str, str]]:
    """All pages that the other side's representative comes to, before the last press."""
    story, world.clock.now = world.story, LATER
    story.told = 9000  # ids of orders that nothing before has used
    instance = "party/1"
    if speaker == "party/1":
        with story.store.write() as unit:
            unit.register.put_person(Person(id="head", name="张厂长", kind=PartyKind.PERSON, organisation="room"))
        try:
            instance = story.acting_for("party/2", person="head", kind=CapacityKind.HEAD)
        except MediationError as fault:  # the firm has left, say
            return [(0, fault.sentence, "")]
    there = [it for it in STAFF.values() if not story.case.facts.has_stepped_back(it.id)]
    try:
        issued = issue_for_party(story.door, ROOM_KEY, there[0], "A1", instance, 3)
    except PartyLinkUnfit as fault:
        return [(0, fault.sentence, "")]
    phone = world.app.test_client()
    phone.get("/c")
    phone.send("/c", code=issued.code, pin=issued.pin)  # type: ignore[attr-defined]
    found = []
    for path in TEXT_PAGES:
        answer = phone.get(path)
        found.append((answer.status_code, FORM.sub("form", TOKEN.sub("token", answer.text)), str(answer.location)))
    for path in DOING:
        answer = phone.get(path)
        found.append((answer.status_code, FORM.sub("form", TOKEN.sub("token", answer.text)), str(answer.location)))
    asked = dict(re.findall(r'type="hidden" name="(text|hash)" value="([^"]*)"', found[2][1]))
    for said in ANSWERS:
        answer = phone.get("/party/answer", query_string=asked | {"answer": said})
        found.append((answer.status_code, FORM.sub("form", TOKEN.sub("token", answer.text)), str(answer.location)))
    for path in OWN_CASE:
        answer = phone.get(path)
        shown = answer.data.decode(errors="backslashreplace")  # a PDF, too: the same paper gives the same bytes
        headers = EXPIRES.sub("", str([pair for pair in answer.headers.items() if pair[0] != "Date"]))
        found.append((answer.status_code, FORM.sub("form", TOKEN.sub("token", shown)), headers))
    return found


TEXT_PAGES = (
    *("/party", "/party/case", "/party/text", "/party/receipt"),
    *("/party?text=agreement/1", "/party/answer?answer=agree"),
)
ANSWERS = ("agree", "object", "decline")
OWN_CASE = (
    *("/party/record", "/party/record?upto=3", "/party/money", "/party/reads", "/party/me", "/party/papers"),
    *(f"/party/papers/{paper}.pdf?about=agreement/1" for paper in ("agreement", "oral")),
    *(f"/party/papers/{paper}.pdf?about={party}" for paper in ("rights", "termination") for party in SIDES),
    "/party/receipt.pdf?text=agreement/1",
)
DOING = ("/party/do", *(f"/party/do/{code}" for code in OF_PARTIES))
TELEPHONE = (*TEXT_PAGES, *DOING, *ANSWERS, *OWN_CASE)
"""All that is looked at, in order."""


def refused_to_a_representative(story: Story) -> list[str]:
    """Why the other side's representative may not look, nor do, nor sign in: in words."""
    actor = Actor(
        id="qian",
        name="钱代理",
        organisation="room",
        offices=frozenset({Office.REPRESENTATIVE}),
    )
    with story.store.write() as unit:
        unit.register.put_actor(actor)
    why = []
    for path in ("case", "screen"):
        with pytest.raises(MediationError) as refused:
            story.door.look(actor.id, Office.REPRESENTATIVE, story.case, path)
        why.append(refused.value.sentence)
    return why


def notices(story: Story) -> list[str]:
    """What is told of what everybody may know, in order. Of the rest the staff alone are told, and of a risk the
    authorities that have to know of it (人民调解法 第25条). At which line it stands is for whoever sends it out.
    """
    with story.store.read() as unit:
        found = unit.views.notices()
    case, about = story.case, {line.version: line.instance for line in story.lines}
    return [notice.event for notice in found if is_joint(FAST_TRACK, case, about[notice.version])]


def auditors_see_no_more_than_that_it_was(worlds: Worlds) -> None:
    """Without the private lines the two histories read alike to an auditor, but for their numbers."""
    histories = ((world.story.case, json.loads(history(world).body)["lines"]) for world in worlds)
    one, other = ([it for it in lines if is_joint(FAST_TRACK, case, it["on"])] for case, lines in histories)
    assert [plain(line) for line in numbered_anew(one)] == [plain(line) for line in numbered_anew(other)]


def history(world: World) -> Seen:
    [found] = world.see(gets("auditor", f"{API}/cases/A1/history"))
    return found


def numbered_anew(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines whose things bear the numbers that they would have if nothing private stood between them."""
    numbers, new = Counter[str](), dict[str, str]()
    for line in lines:
        kind, _, number = line["on"].partition("/")
        if number and line["on"] not in new:
            numbers[kind] += 1
            new[line["on"]] = f"{kind}/{numbers[kind]}"
            new[line["about"]] = re.sub(r"\d+", str(numbers[kind]), line["about"])
    if not new:
        return lines
    names = re.compile("|".join(rf"{re.escape(name)}(?!\d)" for name in new))
    renamed: list[dict[str, Any]] = json.loads(
        names.sub(lambda found: new[found[0]], json.dumps(lines, ensure_ascii=False))
    )
    return renamed


def plain(line: dict[str, Any]) -> dict[str, Any]:
    """A line without its number and without that something private is written in it."""
    details = [pair for pair in line["details"] if pair["value"] != HIDDEN]
    return line | {"version": 0, "details": details, "data": _joint_part(line["data"])}


def _joint_part(held: Any) -> Any:
    if isinstance(held, dict):
        return {k: v for k, v in ((k, _joint_part(v)) for k, v in held.items()) if v is not None}
    if isinstance(held, list):
        return [_joint_part(v) for v in held]
    ref = TextRef.read(held) if isinstance(held, str) else None
    return None if ref and ref.label != JOINT else held


# -- the tests


@pytest.fixture
def worlds() -> Worlds:
    return World(), World()


@TRIED
@given(pair=other_words())
def test_nobody_who_may_not_read_them_can_tell_one_private_word_from_another(worlds: Worlds, pair: Pair) -> None:
    hold_words(worlds, pair)


@TRIED
@given(pair=other_acts())
def test_a_screen_the_other_side_and_outsiders_do_not_learn_that_anything_was_said(worlds: Worlds, pair: Pair) -> None:
    hold_presence(worlds, pair)


@ON_TELEPHONES
@given(pair=other_acts())
def test_who_acts_for_the_other_side_does_not_learn_that_anything_was_said(worlds: Worlds, pair: Pair) -> None:
    one, other = told(worlds, pair)
    assert notices(one) == notices(other)
    on_the_others_telephone(worlds, pair)


@TRIED
@given(pair=other_people())
def test_an_auditor_cannot_tell_whom_a_private_talk_was_with_nor_what_danger_there_is(
    worlds: Worlds, pair: Pair
) -> None:
    hold_whom(worlds, pair)


def test_everything_there_is_for_an_auditor_is_looked_at(worlds: Worlds) -> None:
    adapter = worlds[0].app.url_map.bind("127.0.0.1")
    asked = {
        adapter.match(path.partition("?")[0], method=method)[0]
        for _, method, path, _ in auditors(1, "fast_track_2026", ["话"])
        if "none" not in path
    }
    for_all = {"static", "health.healthz", "home.home", "api.openapi"} | {"roster.template"}  # an empty table
    their_own = {e for e in permissions.POLICIES if e.startswith(("account.", "sign_in."))}
    refused = {"api.open_case"}
    assert permissions.POLICIES.keys() - asked == for_all | their_own | refused


def test_a_representative_has_no_way_in(worlds: Worlds) -> None:
    world = worlds[0]
    [story, _] = told(worlds, QUIET)
    refused_to_a_representative(story)
    with story.store.write() as unit:
        passwords.give_password(unit, "qian", PASSWORD, once=False)
    browser = world.app.test_client()
    answer = browser.sign_in("qian")  # type: ignore[attr-defined]
    assert answer.status_code == 422
    assert "账号、密码或动态口令不对" in answer.text
    assert browser.get("/cases/A1").status_code == 302
    for scope in Scope:
        with pytest.raises(ScopeUnfit):
            token_for(story, replace(STAFF[Office.MEDIATOR], offices=frozenset(Office)), [scope], Office.REPRESENTATIVE)


def test_words_of_an_objection_are_told_to_nobody_but_those_who_handle_the_case(worlds: Worlds) -> None:
    for world, words in zip(worlds, ("最多再等十天，不然就去堵门", "一万也不够"), strict=True):
        story = world.begin_anew().drafted()
        world.clock.now = LATER
        issued = issue_for_party(story.door, ROOM_KEY, STAFF[Office.MEDIATOR], "A1", "party/1", 3)
        objection = RaiseObjection(
            text_hash=story.case.facts.agreements["agreement/1"].text_hash or "",
            party="party/1",
            clause=1,
            words=Text(words),
        )
        by = {"by": Office.REPRESENTATIVE, "actor": issued.link.person, "capacity": "party/1"}
        story.do(objection, "confirmation/1", **by)
    one = worlds[0].story
    seen(worlds, auditors(len(one.lines), one.case.workflow, ["十天"]))
    other_mediators(worlds, one, ["十天"])
    pages = [telephone(world, "party/1") for world in worlds]
    assert pages[0] == pages[1]
    assert [status for status, _, _ in pages[0]][:2] == [200, 200]


OF_OWN_CASE = [200] * 7 + [404] * 6


def test_the_others_telephone_is_looked_at(worlds: Worlds) -> None:
    for speaker in ("party/1", "party/2"):
        worlds[0].begin_anew().drafted()
        pages = telephone(worlds[0], speaker)
        before, after = pages[:6], pages[6 + 1 + len(OF_PARTIES) :]
        codes = [status for status, _, _ in (*before, *after)]
        assert codes == [200, 200, 200, 302, 200, 409, 200, 200, 200, *OF_OWN_CASE]
        assert pages[6][0] == 200
        assert {status for status, _, _ in pages[7 : 7 + len(OF_PARTIES)]} == {200, 409}


@pytest.mark.parametrize("speaker", ["party/1", "party/2"])
def test_a_telephone_that_counted_what_was_said_would_be_noticed(
    worlds: Worlds, speaker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers of the record on a page of a representative, say."""
    real = party_text.whole_text
    monkeypatch.setattr(
        "web.portal.confirm.whole_text", lambda desk, key: f"{real(desk, key)}<p>{len(desk.view.lines)}</p>"
    )
    pages = []
    for world, talks in zip(worlds, (2, 0), strict=True):
        story = world.begin_anew().drafted()
        for _ in range(talks):
            story.do(RecordTalk(party=speaker, said=Text("只要八千就肯走")))
        pages.append(telephone(world, speaker))
    assert pages[0] != pages[1]


# -- leaks of a party's own case


def a_home_page_counts_lines(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(home, "standing", lambda own: Standing(str(len(own.view.lines)), ""))


def a_record_tells_of_talks_apart(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(party_case, "is_told", lambda view, key: True)


def a_record_numbers_files_as_they_are_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(entry, "for_party", lambda view: view)


def a_page_of_money_counts_talks(patch: pytest.MonkeyPatch) -> None:
    def counted(own: OwnCase) -> list[Paid]:
        return [Paid(key="", amount=str(len(own.case.of("block"))), when="", between="", state="", notes=())]

    patch.setattr(own_pages, "loose", counted)


def a_page_of_papers_counts_files(patch: pytest.MonkeyPatch) -> None:
    def counted(own: OwnCase) -> list[Delivered]:
        return [Delivered(title=str(len(own.case.of("exhibit"))), facts=(), code="", about={})]

    patch.setattr(own_papers, "delivered", counted)


def a_paper_has_the_number_of_the_line(patch: pytest.MonkeyPatch) -> None:
    filled = papers.PaperDesk.filled

    def numbered(desk: papers.PaperDesk, *about: str) -> Paper:
        return replace(filled(desk, *about), case_number=str(len(desk.view.lines)))

    patch.setattr(papers.PaperDesk, "filled", numbered)


def a_receipt_has_the_number_of_the_line(patch: pytest.MonkeyPatch) -> None:
    made = own_papers.receipt_paper

    def numbered(desk: papers.PaperDesk, *about: Any) -> Paper | None:
        found = made(desk, *about)
        return found and replace(found, case_number=str(len(desk.view.lines)))

    patch.setattr(own_papers, "receipt_paper", numbered)


def a_list_of_looks_has_the_last_moment_of_the_case(patch: pytest.MonkeyPatch) -> None:
    def told(own: OwnCase, *_: Any) -> list[Looked]:
        return [Looked(day=str(own.view.lines[-1].line.recorded), by=())]

    patch.setattr(own_pages, "looked", told)


def what_is_known_is_kept_by_the_grade(patch: pytest.MonkeyPatch) -> None:
    seen_, grades = own_pages.own_case, list[Grade | None]()

    def noted(*given: Any) -> OwnCase:
        own = seen_(*given)
        grades.append(facts_of(own.case).grade)
        return own

    patch.setattr(own_pages, "own_case", noted)
    patch.setattr(own_pages, "_years", lambda: (5 if grades[-1] is Grade.SIMPLE else 10, False))


OWN_LEAKS = {
    a_home_page_counts_lines: "/party/case",
    a_record_tells_of_talks_apart: "/party/record",
    a_record_numbers_files_as_they_are_kept: "/party/record",
    a_page_of_money_counts_talks: "/party/money",
    a_page_of_papers_counts_files: "/party/papers",
    a_paper_has_the_number_of_the_line: "/party/papers/agreement.pdf?about=agreement/1",
    a_receipt_has_the_number_of_the_line: "/party/receipt.pdf?text=agreement/1",
    a_list_of_looks_has_the_last_moment_of_the_case: "/party/reads",
    what_is_known_is_kept_by_the_grade: "/party/me",
}
"""By the page on which it shows."""


def with_private_acts_or_not(worlds: Worlds) -> list[dict[str, tuple[int, str, str]]]:
    """What the worker reads of his own case, by page: with private acts about the firm in between, and without."""
    found = []
    for world, acts in zip(worlds, (True, False), strict=True):
        story, before = world.begin_anew().drafted(), world.clock.now
        if acts:
            kept = FileExhibit(kind=ExhibitKind.OTHER, title=Text("账本"), readers=Readers.HOST, files=(made_up(1),))
            story.door.submit(story.order(kept, id="private-1"), (), handed(kept))
            story.do(RecordTalk(party="party/2", said=Text("账上没有钱")), id="private-2")
            story.do(SetGrade(grade=Grade.SIMPLE, reason=Text("简单")), id="private-3", by=Office.LEAD)
        world.clock.now = before + timedelta(hours=1)
        shared = FileExhibit(kind=ExhibitKind.OTHER, title=None, files=(made_up(2),))
        story.door.submit(story.order(shared, id="shared-1"), (), handed(shared))
        text = story.case.facts.agreements["agreement/1"].text_hash or ""
        said = ConfirmOnline(text_hash=text, meaning=OnlineMeaning.UNSIGNED)
        issued = issue_for_party(story.door, ROOM_KEY, STAFF[Office.MEDIATOR], "A1", "party/1", 3)
        by = {"by": Office.REPRESENTATIVE, "actor": issued.link.person, "capacity": "party/1", "id": "shared-2"}
        story.do(said, "confirmation/1", **by)
        if acts:
            story.do(RecordTalk(party="party/2", said=Text("还是没有钱")), id="private-4")
        found.append(dict(zip(TELEPHONE, telephone(world, "party/2"), strict=True)))
    return found


def test_a_partys_own_case_is_the_same_whatever_was_said_to_the_other(worlds: Worlds) -> None:
    one, other = with_private_acts_or_not(worlds)
    assert one == other
    assert {path for path, (status, _, _) in one.items() if status != 200 and path not in DOING} == {
        *("/party", "/party/answer?answer=agree"),
        *(path for path in OWN_CASE if "oral" in path or "rights" in path or "termination" in path),
    }


@pytest.mark.parametrize("leak", OWN_LEAKS, ids=lambda leak: leak.__name__)
def test_a_leak_on_a_page_of_a_partys_own_case_is_noticed(
    worlds: Worlds, leak: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    leak(monkeypatch)
    one, other = with_private_acts_or_not(worlds)
    assert one[OWN_LEAKS[leak]] != other[OWN_LEAKS[leak]]


# -- it would be noticed

TALKS = tuple(
    Act(n, kind, (f"只要{n}千就肯走", f"{n}千", "六千是底线")) for n, kind in ((5, "talk"), (6, "blocked"), (7, "risk"))
)
ELSEWHERE = tuple(replace(act, number=4) if act.kind == "risk" else act for act in TALKS)
OTHER_TALKS = tuple(replace(act, words=("一万也不够，要他赔礼道歉", "一万", "底线不肯说")) for act in TALKS)
LOUD = Pair(
    seed=13, party="party/1", others=(), one=Private(TALKS, ("心里有气",)), other=Private(OTHER_TALKS, ("很满意",))
)
WHOM = replace(LOUD, one=Private(TALKS, ("心",), "party/1"), other=Private(ELSEWHERE, ("心",), "party/2"))
QUIET = replace(LOUD, other=Private((), (None,)))
LOUD_OF_SOMEBODY = replace(LOUD, seed=14, other=Private(OTHER_TALKS, ("很满意",), "party/2"))


def named(leak: Leak) -> str:
    return leak.__name__


@pytest.mark.parametrize("leak", some(OF_WORDS, 2), ids=named)
def test_a_leak_of_words_is_noticed(worlds: Worlds, leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
    leak(monkeypatch)
    with pytest.raises(AssertionError):
        hold_words(worlds, LOUD)


@pytest.mark.parametrize("leak", some(OF_PRESENCE, 3), ids=named)
def test_a_leak_of_there_being_any_is_noticed(worlds: Worlds, leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
    leak(monkeypatch)
    with pytest.raises(AssertionError):
        hold_presence(worlds, QUIET)


@pytest.mark.parametrize("leak", OF_PEOPLE, ids=named)
def test_a_leak_of_people_or_dangers_is_noticed(worlds: Worlds, leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
    leak(monkeypatch)
    with pytest.raises(AssertionError):
        hold_whom(worlds, WHOM)


@pytest.mark.parametrize("leak", OF_COLLEAGUES, ids=named)
def test_a_leak_to_other_mediators_is_noticed(worlds: Worlds, leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
    [one, other] = told(worlds, LOUD_OF_SOMEBODY)
    leak(monkeypatch)
    with pytest.raises(AssertionError):
        other_mediators(worlds, one, words_of(LOUD_OF_SOMEBODY))
    assert not other.case.facts.is_handled(ZHOU.id)


def test_and_without_a_leak_there_is_nothing_to_notice(worlds: Worlds) -> None:
    hold_words(worlds, LOUD)
    hold_whom(worlds, WHOM)
    hold_presence(worlds, QUIET)
