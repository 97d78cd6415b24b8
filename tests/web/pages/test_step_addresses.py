"""An address of a form that names what is not there opens the form all the same: never a page of a fault of ours."""

from __future__ import annotations

from mediation_engine.domain.fields import fields_of
from tests.support.story import Story
from tests.web.pages.test_dashboard import li_over
from workflows.rules_2026.fast_track import FAST_TRACK


def test_a_form_opens_whatever_thing_its_address_names_that_the_case_does_not_have(story: Story) -> None:
    story.drafted()
    browser = li_over(story)
    kinds = {k for m in FAST_TRACK.machines.values() for k in m.commands} - set(FAST_TRACK.openings)
    for kind in sorted(kinds, key=lambda it: it.name()):
        machines = {spec.machine for spec in fields_of(kind) if spec.kind == "ref" and spec.machine} | {"party"}
        for machine in sorted(machines):
            names = [spec.name for spec in fields_of(kind) if spec.machine == machine]
            for words in (f"on={machine}/99", *(f"f.{name}={machine}/99" for name in names), "on=nothing/1", "on=/"):
                answer = browser.get(f"/cases/A1/steps/{kind.name()}?{words}")
                assert answer.status_code in (200, 404), (kind.name(), words)
