"""The pages, a blueprint each. What is listed here is there."""

from __future__ import annotations

from . import cases, entrance, health, home, me

BLUEPRINTS = (entrance.pages, home.pages, cases.pages, me.pages, health.pages)
MENU = (("cases.index", "案件"),)
"""What stands at the top of every page, for those who may open it."""
