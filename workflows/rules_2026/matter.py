"""事项: one way for whatever comes to the room besides cases and alerts; the kinds of it are data."""

from datetime import date

from mediation_engine.domain.roles import MEDIATOR_OR_GRID_WORKER
from mediation_engine.domain.workflow import CLOSES, Workflow

from ..zone.matter import entry, handling
from ..zone.matter.concerned import CONCERNED
from ..zone.matter.counting import MATTERS
from ..zone.matter.deadlines import DEADLINES
from ..zone.matter.facts import MatterFacts
from ..zone.matter.guidance import GUIDANCE, TOPICS
from ..zone.matter.measure import MEASURE
from ..zone.matter.outcome import OUTCOME
from ..zone.matter.questions import QUESTIONS
from ..zone.matter.rating import RATING
from ..zone.matter.remit import barred
from ..zone.matter.sheet import SHEET
from ..zone.matter.vocabulary import MATTER as KIND_OF_THING
from ..zone.tasks import ITEM_TASKS

MATTER = Workflow(
    name="matter_2026",
    family="matter",
    label="事项",
    matter=KIND_OF_THING,
    phases=(entry.ENTRY_PHASE, handling.HANDLING),
    parts=(SHEET, CONCERNED, MEASURE, OUTCOME, RATING),
    handoffs={
        entry.S.PASSED_ON: "handling",
        entry.S.ENDED: CLOSES,
        handling.S.ENDED: CLOSES,
    },
    tracks=(),
    known_as=entry.outside_number,
    facts=MatterFacts,
    questions=QUESTIONS,
    deadlines=DEADLINES,
    reopens=(handling.AGAIN,),
    barred=barred,
    handlers=MEDIATOR_OR_GRID_WORKER,
    topics=TOPICS,
    tasks=ITEM_TASKS,
    counting=MATTERS,
    guidance=GUIDANCE,
    in_force_from=date(2026, 1, 1),
)
