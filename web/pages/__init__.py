"""The pages, a blueprint each. What is listed here is there."""

from __future__ import annotations

from . import (
    access_log,
    account,
    audit,
    calendar,
    calls,
    cases,
    corrections,
    dashboard,
    dossiers,
    exhibits,
    exports,
    handover,
    health,
    home,
    links,
    messages,
    new_case,
    papers,
    people,
    replay,
    roster,
    self_check,
    sign_in,
    steps,
    substitutes,
    visits,
    workflows,
)

BLUEPRINTS = (
    *(
        sign_in.pages,
        links.pages,
        home.pages,
        dashboard.pages,
        calls.pages,
        messages.pages,
        handover.pages,
        substitutes.pages,
        cases.pages,
        new_case.pages,
    ),
    *(
        steps.pages,
        visits.pages,
        roster.pages,
        corrections.pages,
        people.pages,
        exhibits.pages,
        papers.pages,
        dossiers.pages,
        self_check.pages,
        replay.pages,
        audit.pages,
        access_log.pages,
    ),
    *(exports.pages, calendar.pages, workflows.pages, account.pages, health.pages),
)
MENU = (
    ("dashboard.index", "工作台"),
    ("cases.index", "案件"),
    ("new_case.new", "登记"),
    ("people.index", "名册"),
    ("self_check.index", "自查"),
    ("audit.index", "校验"),
    ("workflows.index", "流程图"),
)
"""What stands at the top of every page, for those who may open it."""
