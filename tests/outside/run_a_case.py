"""Run with the package installed: a case by its workflow, with its role at the table."""

import sys

from chamber import AskExpert

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.plugins import installed_roles
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.domain.roles import Office
from mediation_engine.services.maintenance import audit_store
from tests.support.story import NOW, Story, register
from workflows.parts.member import RecordMember
from workflows.phases.intake import AcceptCase

clock = FixedClock(NOW)
story = Story(MemoryStore(clock), clock)
story.do(register(), workflow="chamber_2026")
story.do(AcceptCase(), by=Office.LEAD)
story.do(RecordMember(role="chamber", person="chamber"))
story.do(AskExpert(question=Text("惯例的账期是多少")))
assert [role.label for role in installed_roles()][-1] == "商会"
assert story.state("expert/1") == "asked"
assert "chamber" in story.case.facts.roles
assert all(f.known for _, found in audit_store(story.store, story.door.catalogue) for f in found)
sys.stdout.write(story.lines[-1].event)
