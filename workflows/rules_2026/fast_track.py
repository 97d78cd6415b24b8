"""速调: one room, no panel. Intake, mediation, follow-up; talks again after a breach; raised to 会诊 if need be."""

from datetime import date

from mediation_engine.domain.workflow import CLOSES, Workflow

from ..automatic import AUTOMATIC
from ..calls import CALLS
from ..deadlines import DEADLINES
from ..facts import MediationFacts
from ..figures.cases import CASES
from ..guidance import GUIDANCE
from ..hints import unanswered
from ..papers import PAPERS
from ..papers.dossier import DOSSIER
from ..parts.authority import authority
from ..parts.erasure import erasing_files
from ..parts.levels import levels
from ..parts.recusal import barred
from ..phases import challenge, consultation, coordination, follow_up, intake, mediation
from ..questions import QUESTIONS
from ..self_check import RULES
from ..topics import TOPICS
from ..tracks import TRACKS
from ..zone.tasks import CASE_TASKS
from .parts import PARTS

FAST_TRACK = Workflow(
    name="fast_track_2026",
    family="fast_track",
    label="速调",
    phases=(
        intake.INTAKE,
        mediation.MEDIATION,
        coordination.COORDINATION,
        consultation.CONSULTATION,
        follow_up.FOLLOW_UP,
        challenge.CHALLENGE,
    ),
    parts=PARTS,
    handoffs={
        intake.S.ACCEPTED: "mediation",
        intake.S.DECLINED: CLOSES,
        intake.S.TRANSFERRED: CLOSES,
        intake.S.WITHDRAWN: CLOSES,
        intake.S.MISTAKEN: CLOSES,
        intake.S.DUPLICATE: CLOSES,
        mediation.S.SETTLED: "follow_up",
        mediation.S.RAISED: "coordination",
        mediation.S.FAILED: CLOSES,
        mediation.S.WITHDRAWN: CLOSES,
        mediation.S.MISTAKEN: CLOSES,
        mediation.S.DUPLICATE: CLOSES,
        **coordination.HANDOFFS,
        **consultation.HANDOFFS,
        follow_up.S.PERFORMED: CLOSES,
        follow_up.S.REMAINDER: CLOSES,
        follow_up.S.MISTAKEN: CLOSES,
        follow_up.S.DUPLICATE: CLOSES,
        follow_up.S.TALKS_AGAIN: "mediation",
        **challenge.HANDOFFS,
        challenge.S.TALKS_AGAIN: "mediation",
    },
    tracks=TRACKS,
    facts=MediationFacts,
    questions=QUESTIONS,
    deadlines=DEADLINES,
    reopens=(challenge.REOPENS, follow_up.BREACHED, follow_up.UNDONE),
    authority=authority,
    barred=barred,
    hints=unanswered,
    erasing=erasing_files,
    papers=PAPERS,
    dossier=DOSSIER,
    checks=RULES,
    topics=TOPICS,
    calls=CALLS,
    automatic=AUTOMATIC,
    tasks=CASE_TASKS,
    levels=levels,
    counting=CASES,
    guidance=GUIDANCE,
    in_force_from=date(2026, 1, 1),
)
