"""The pages, a blueprint each. What is listed here is there."""

from __future__ import annotations

from . import audit, cases, entrance, health, home, me, replay, workflows

BLUEPRINTS = (
    *(entrance.pages, home.pages, cases.pages, me.pages, health.pages),
    *(replay.pages, audit.pages, workflows.pages),
)
MENU = (("cases.index", "案件"), ("audit.index", "校验"), ("workflows.index", "流程图"))
"""What stands at the top of every page, for those who may open it."""
