"""The pages, a blueprint each. What is listed here is there."""

from __future__ import annotations

from . import audit, cases, entrance, health, home, me, registering, replay, steps, work, workflows

BLUEPRINTS = (
    *(entrance.pages, home.pages, work.pages, cases.pages, registering.pages, steps.pages),
    *(replay.pages, audit.pages, workflows.pages, me.pages, health.pages),
)
MENU = (
    ("work.index", "工作台"),
    ("cases.index", "案件"),
    ("registering.new", "登记"),
    ("audit.index", "校验"),
    ("workflows.index", "流程图"),
)
"""What stands at the top of every page, for those who may open it."""
