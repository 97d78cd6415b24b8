"""Leaks to be let in one at a time: each must be noticed, or what should notice it proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from flask import abort, render_template
from msgspec import structs
from werkzeug.exceptions import NotFound

from mediation_engine.adapters.memory import MemoryViews
from mediation_engine.audit import CaseFile
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.line import Line
from mediation_engine.domain.roles import Office
from mediation_engine.export.case_file import readable
from mediation_engine.ports.store import Unit
from mediation_engine.record import disclosure
from mediation_engine.record.disclosure import Access
from mediation_engine.record.sealing import TextRef
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services import case_view, mediation
from mediation_engine.services.case_view import CaseView
from web.api import cases as api_cases
from web.http.case_access import find, look
from web.http.request_context import door
from web.pages import cases as cases_page
from web.pages import exports as exports_page
from web.pages import replay as replay_page
from web.presenters import case_details, timeline
from workflows.parts.block import TalkRecorded

Patch = pytest.MonkeyPatch
Leak = Callable[[Patch], None]
OF_WORDS: list[Leak] = []
"""To somebody who may know that something was said, but not what."""
OF_PRESENCE: list[Leak] = []
"""To somebody who may not even know that."""


OF_PEOPLE: list[Leak] = []
"""To somebody who may know that there were talks and a danger, but not with whom and which."""


def of_people(leak: Leak) -> Leak:
    OF_PEOPLE.append(leak)
    return leak


def of_words(leak: Leak) -> Leak:
    OF_WORDS.append(leak)
    return leak


def of_presence(leak: Leak) -> Leak:
    OF_PRESENCE.append(leak)
    return leak


def as_mediator(look: Callable[..., CaseView]) -> Callable[..., CaseView]:
    def looked(*given: Any) -> CaseView:
        view = look(*given)
        return replace(view, words=door().view(view.case.id, Office.MEDIATOR).words)

    return looked


@of_words
def a_timeline_is_told_as_to_a_mediator(patch: Patch) -> None:
    patch.setattr(cases_page, "look", as_mediator(look))


@of_words
def a_replay_is_told_as_to_a_mediator(patch: Patch) -> None:
    patch.setattr(replay_page, "look", as_mediator(look))


@of_words
def a_program_is_told_as_a_mediator(patch: Patch) -> None:
    patch.setattr(api_cases, "look", as_mediator(look))


@of_words
def a_program_replays_as_a_mediator(patch: Patch) -> None:
    patch.setattr(api_cases, "find", as_mediator(find))


@of_words
def what_is_hidden_shows_how_long_it_is(patch: Patch) -> None:
    words = case_view.words_for

    def masked(unit: Unit, catalogue: Catalogue, case: str, access: Access) -> dict[str, str]:
        lengths = {k: "■" * len(w) for k, w in words(unit, catalogue, case, Access(Office.MEDIATOR)).items()}
        return lengths | words(unit, catalogue, case, access)

    for module in (case_view, mediation):
        patch.setattr(module, "words_for", masked)


@of_words
def a_search_looks_into_what_was_said(patch: Patch) -> None:
    is_wanted = MemoryViews._is_wanted

    def looser(views: MemoryViews, held: Any, wanted: Any) -> bool:
        said = (t.words or "" for t in views._t.texts.values())
        return is_wanted(views, held, wanted) or (bool(wanted.words) and any(wanted.words in w for w in said))

    patch.setattr(MemoryViews, "_is_wanted", looser)


@of_words
def an_export_keeps_the_words(patch: Patch) -> None:
    patch.setattr(exports_page, "readable", lambda file, access: file)


@of_words
def an_export_keeps_the_salts(patch: Patch) -> None:
    def salted(file: CaseFile, access: Access) -> CaseFile:
        held = readable(file, access).texts
        return replace(file, texts={k: structs.replace(t, salt=file.texts[k].salt) for k, t in held.items()})

    patch.setattr(api_cases, "readable", salted)


@of_words
def a_side_reads_what_the_other_said(patch: Patch) -> None:
    mine = disclosure.may_read
    patch.setattr(case_view, "may_read", lambda label, access: bool(access.parties) or mine(label, access))


@of_presence
def a_screen_numbers_its_lines_as_the_record_does(patch: Patch) -> None:
    shown_ = timeline._shown
    patch.setattr(timeline, "_shown", lambda it, *more: replace(shown_(it, *more), number=it.line.version))


@of_presence
def a_screen_says_when_the_case_last_moved(patch: Patch) -> None:
    def rendered(name: str, **given: Any) -> str:
        return render_template(name, **given) + f"<!-- {given['case'].recorded} -->"

    patch.setattr(cases_page, "render_template", rendered)


@of_presence
def a_screen_says_that_something_is_left_out(patch: Patch) -> None:
    patch.setattr(timeline, "joint_part", lambda told: told)


@of_presence
def a_screen_lists_talks_apart(patch: Patch) -> None:
    patch.setattr(case_details, "is_joint", lambda workflow, key: True)


@of_presence
def a_screen_tells_of_talks_apart(patch: Patch) -> None:
    patch.setattr(timeline, "is_joint", lambda workflow, key: True)


@of_presence
def talks_apart_are_told_to_everybody(patch: Patch) -> None:
    patch.setattr(TalkRecorded, "tells", True)


@of_presence
def the_log_says_how_long_the_record_is(patch: Patch) -> None:
    def noted(*given: Any) -> CaseView:
        view = look(*given)
        structlog.get_logger().info("looked", version=view.case.version)
        return view

    patch.setattr(cases_page, "look", noted)


@of_presence
def a_stranger_is_told_that_there_were_talks_apart(patch: Patch) -> None:
    def noted(case_id: str, what: str) -> CaseView:
        try:
            return look(case_id, what)
        except NotFound:
            abort(410 if door().case("A1").of("block") else 404)

    patch.setattr(replay_page, "look", noted)


@of_presence
def auditors_see_more_of_an_order_after_a_talk(patch: Patch) -> None:
    notes = Teller._notes

    def more(teller: Teller, line: Line) -> Iterator[str]:
        yield from notes(teller, line)
        yield f"此前{line.version}条"

    patch.setattr(Teller, "_notes", more)


# -- with whom, and which


# -- to mediators who do not handle the case

OF_COLLEAGUES: list[Leak] = []


def of_colleagues(leak: Leak) -> Leak:
    OF_COLLEAGUES.append(leak)
    return leak


@of_colleagues
def whoever_mediates_reads_everything(patch: Patch) -> None:
    patch.setattr(mediation, "access_in", lambda unit, case, office, actor: Access(office))


@of_colleagues
def a_case_page_is_opened_for_the_house(patch: Patch) -> None:
    patch.setattr(cases_page, "look", lambda case, *given: door().view(case, Office.MEDIATOR))


@of_people
def lines_are_told_whole(patch: Patch) -> None:
    patch.setattr(mediation, "told_to", lambda _, lines, *__: lines)


@of_people
def the_facts_are_those_of_mediators(patch: Patch) -> None:
    patch.setattr(mediation, "fold_whole", lambda case, *_: door().case(case))


@of_people
def whose_words_they_are_is_told(patch: Patch) -> None:
    patch.setattr(disclosure, "_unlabelled", TextRef.written)


@of_people
def what_kind_of_danger_is_told(patch: Patch) -> None:
    hidden = disclosure._hidden
    patch.setattr(disclosure, "_hidden", lambda *given: (spec for spec in hidden(*given) if spec.name != "danger"))
