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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mediation_engine.domain.case import machine_of
from mediation_engine.domain.fields import JOINT, Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.presentation import HIDDEN
from mediation_engine.domain.roles import Actor, Office
from mediation_engine.errors import MediationError
from mediation_engine.ports.register import Person
from mediation_engine.ports.tokens import Scope
from mediation_engine.record.disclosure import Access
from mediation_engine.record.sealing import TextRef
from mediation_engine.services import case_view
from web.presenters import party_text
from web.presenters.visibility import is_joint
from web.security import passwords, permissions
from web.security.api_tokens import ScopeUnfit
from web.security.party_links import PartyLinkUnfit, issue_for_party
from workflows.parts.block import RecordTalk
from workflows.parts.confirmation import RaiseObjection
from workflows.rules_2026.fast_track import FAST_TRACK
from workflows.vocabulary import CapacityKind

from ...support.calling import API, token_for
from ...support.exhibits import ROOM_KEY
from ...support.leaks import OF_COLLEAGUES, OF_PEOPLE, OF_PRESENCE, OF_WORDS, Leak
from ...support.looks import auditors, colleagues, gets, outsiders, screens
from ...support.pairs import KINDS, Act, Private, Words, tell
from ...support.story import STAFF, ZHOU, Story
from ...support.thorough import much, some
from ...support.worlds import FORM, LATER, TOKEN, Ask, Seen, World, differences
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
    """The same acts with somebody else; other dangers and other files of the same number."""
    acts = draw(st.lists(ACTS, min_size=1, max_size=5))
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
    for path in ("/party", "/party/text", "/party/receipt", "/party?text=agreement/1", "/party/answer?answer=agree"):
        answer = phone.get(path)
        found.append((answer.status_code, FORM.sub("form", TOKEN.sub("token", answer.text)), str(answer.location)))
    asked = dict(re.findall(r'type="hidden" name="(text|hash)" value="([^"]*)"', found[1][1]))
    for said in ("agree", "object", "decline"):
        answer = phone.get("/party/answer", query_string=asked | {"answer": said})
        found.append((answer.status_code, FORM.sub("form", TOKEN.sub("token", answer.text)), str(answer.location)))
    return found


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
    """What is told, in order. At which line it stands is for whoever sends it out, not for whoever gets it.

    A risk is told to the authorities that have to know of it (人民调解法 第25条), and to nobody in the case.
    """
    with story.store.read() as unit:
        found = unit.views.notices()
    about = {line.version: machine_of(line.instance) for line in story.lines}
    return [notice.event for notice in found if about[notice.version] != "risk"]


def auditors_see_no_more_than_that_it_was(worlds: Worlds) -> None:
    """Without the private lines the two histories read alike to an auditor, but for their numbers."""
    histories = ((world.story.case, json.loads(history(world).body)["lines"]) for world in worlds)
    one, other = ([it for it in lines if is_joint(FAST_TRACK, case, it["on"])] for case, lines in histories)
    assert [plain(line) for line in one] == [plain(line) for line in other]


def history(world: World) -> Seen:
    [found] = world.see(gets("auditor", f"{API}/cases/A1/history"))
    return found


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


def test_the_others_telephone_is_looked_at(worlds: Worlds) -> None:
    for speaker in ("party/1", "party/2"):
        worlds[0].begin_anew().drafted()
        pages = telephone(worlds[0], speaker)
        assert [status for status, _, _ in pages] == [200, 200, 302, 200, 409, 200, 200, 200]


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
