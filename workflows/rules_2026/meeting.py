"""例会: called with its four things fixed, held, and what it gives people to do followed to the end."""

from datetime import date

from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER
from mediation_engine.domain.workflow import CLOSES, Workflow

from ..zone.meeting import calling
from ..zone.meeting.attendee import ATTENDEE
from ..zone.meeting.counting import MEETINGS
from ..zone.meeting.deadlines import DEADLINES
from ..zone.meeting.facts import MeetingFacts
from ..zone.meeting.guidance import GUIDANCE, TOPICS
from ..zone.meeting.papers import PAPERS
from ..zone.meeting.questions import QUESTIONS
from ..zone.meeting.sheet import SHEET
from ..zone.meeting.task import TASK
from ..zone.meeting.tasks import MEETING_TASKS
from ..zone.meeting.topic import TOPIC
from ..zone.meeting.vocabulary import MEETING as MATTER

MEETING = Workflow(
    name="meeting_2026",
    family="meeting",
    label="例会",
    matter=MATTER,
    phases=(calling.CALLING,),
    parts=(SHEET, ATTENDEE, TOPIC, TASK),
    handoffs={calling.S.HELD: CLOSES, calling.S.CALLED_OFF: CLOSES},
    tracks=(),
    facts=MeetingFacts,
    questions=QUESTIONS,
    deadlines=DEADLINES,
    handlers=MEDIATOR_OR_GRID_WORKER,
    papers=PAPERS,
    topics=TOPICS,
    tasks=MEETING_TASKS,
    counting=MEETINGS,
    guidance=GUIDANCE,
    in_force_from=date(2026, 1, 1),
)
