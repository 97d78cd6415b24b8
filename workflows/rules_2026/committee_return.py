"""月报: what a committee of an enterprise reports of a month; corrected beside it, small disputes handed up."""

from datetime import date

from mediation_engine.domain.workflow import CLOSES, Workflow

from ..zone.returns import filing
from ..zone.returns.counting import RETURNS
from ..zone.returns.entry import ENTRY
from ..zone.returns.facts import ReturnFacts
from ..zone.returns.guidance import GUIDANCE, TOPICS
from ..zone.returns.questions import QUESTIONS
from ..zone.returns.tasks import RETURN_TASKS
from ..zone.returns.vocabulary import RETURN as MATTER

RETURN = Workflow(
    name="return_2026",
    family="return",
    label="月报",
    matter=MATTER,
    phases=(filing.FILING,),
    parts=(filing.STATEMENT, ENTRY),
    handoffs={filing.S.FILED: CLOSES},
    tracks=(),
    known_as=filing.outside_number,
    facts=ReturnFacts,
    questions=QUESTIONS,
    authority=filing.authority,
    topics=TOPICS,
    tasks=RETURN_TASKS,
    counting=RETURNS,
    guidance=GUIDANCE,
    in_force_from=date(2026, 1, 1),
)
