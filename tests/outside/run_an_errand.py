"""Run with the package installed: a case of another kind, with facts, a question, a part and a section of its own."""

import sys
from datetime import date

import pytest
import structlog
from errand import CallOffice, Entrust, FinishErrand, RecordAnswer

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.clock import FixedClock
from mediation_engine.descriptions.changes import ChangeTeller, changes
from mediation_engine.domain.case import Case
from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.roles import Office
from mediation_engine.errors import GuardRefused
from mediation_engine.ports.register import Person
from mediation_engine.services.maintenance import audit_store
from tests.support.story import NOW, Story
from tests.web.conftest import PASSWORD, app_over
from web.security import passwords

structlog.configure(processors=[structlog.testing.LogCapture()])  # no line of the log among what is said

clock = FixedClock(NOW)
story = Story(MemoryStore(clock), clock)
with story.store.write() as unit:
    unit.register.put_person(Person(id="resident", name="周某", kind=PartyKind.PERSON))
story.do(Entrust(resident="resident", organisation="room", matter=Text("补办社保卡")), workflow="errand_2026")
with pytest.raises(GuardRefused, match="答复"):
    story.do(FinishErrand())
story.do(CallOffice(promised=date(2026, 11, 20), said=Text("下周一答复")))

# What was asked from outside is kept, and the facts are those of its own class.
assert story.case.facts.office_hours == "喜哥调解室 9:00—17:00"
assert story.case.facts.calls["call/1"].promised == date(2026, 11, 20)
with story.store.read() as unit:
    rows = unit.views.projection("A1")
    assert rows is not None and (rows.row.matter, rows.row.track, rows.row.dispute) == ("case", None, None)
    assert [due.due for due in rows.dues] == [date(2026, 11, 20)]
tells = ChangeTeller(story.door.view("A1", Office.MEDIATOR).teller)
said = {
    told.label: told.after for told in map(tells.told, changes(Case("A1", facts=type(story.case.facts)()), story.case))
}
assert said["受理时间"] == "喜哥调解室 9:00—17:00" and said["委托人"] == "周某" and said["代办事项"] == "补办社保卡"

# Its sections stand on the pages: case, list, work, replay, what is lacking, the form of its step.
with story.store.write() as unit:
    passwords.give_password(unit, "li", PASSWORD, once=False)
browser = app_over(story).test_client()
browser.sign_in("li")  # type: ignore[attr-defined]
page = browser.get("/cases/A1").text
for words in ("周某", "代办民情民访", "联系主管部门", "联系记录1", "答应哪天答复", "等回音", "记录答复"):
    assert words in page, words
every_step = browser.get("/cases/A1/steps").text
for words in ("办成", "须先联系过主管部门并有了答复", "去“记录答复”", "联系主管部门"):
    assert words in every_step, words
for path in (
    "/cases",
    "/work",
    "/cases/A1/replay?at=1",
    "/cases/A1/missing",
    "/cases/A1/steps/CallOffice",
    "/workflows",
):
    assert browser.get(path).status_code == 200, path
assert "主管部门答复" in browser.get("/work").text

story.do(RecordAnswer(), "call/1")
story.do(FinishErrand())
assert story.case.facts.closed == "done"
assert all(f.known for _, found in audit_store(story.store, story.door.catalogue) for f in found)
sys.stdout.write(story.lines[-1].event)
