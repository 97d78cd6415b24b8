"""警情: pushed to the room and signed for, then contact, disposition and what the police are told; again with news."""

from datetime import date

from mediation_engine.domain.workflow import CLOSES, Workflow

from ..zone.alert import disposal, inbox
from ..zone.alert.contact import CONTACT
from ..zone.alert.counting import ALERTS
from ..zone.alert.deadlines import DEADLINES
from ..zone.alert.deputy import DEPUTY
from ..zone.alert.facts import AlertFacts
from ..zone.alert.feedback import FEEDBACK
from ..zone.alert.guidance import GUIDANCE, TOPICS, number_of
from ..zone.alert.hints import unanswered
from ..zone.alert.involved import INVOLVED
from ..zone.alert.outcome import OUTCOME
from ..zone.alert.papers import PAPERS
from ..zone.alert.questions import QUESTIONS
from ..zone.alert.vocabulary import ALERT as MATTER
from ..zone.tasks import ITEM_TASKS

ALERT = Workflow(
    name="alert_2026",
    family="alert",
    label="警情",
    matter=MATTER,
    phases=(inbox.INBOX, disposal.DISPOSAL),
    parts=(DEPUTY, INVOLVED, CONTACT, OUTCOME, FEEDBACK),
    handoffs={
        inbox.S.SIGNED: "disposal",
        inbox.S.RETURNED: CLOSES,
        disposal.S.FINISHED: CLOSES,
        disposal.S.RETURNED: CLOSES,
    },
    tracks=(),
    known_as=number_of,
    facts=AlertFacts,
    questions=QUESTIONS,
    deadlines=DEADLINES,
    reopens=(disposal.AGAIN,),
    hints=unanswered,
    papers=PAPERS,
    topics=TOPICS,
    tasks=ITEM_TASKS,
    counting=ALERTS,
    guidance=GUIDANCE,
    in_force_from=date(2026, 1, 1),
)
