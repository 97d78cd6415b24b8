"""Pages for who has no account: parties and their representatives, by a link and a PIN; and whoever applies."""

from __future__ import annotations

from . import acts, apply, confirm, home, monthly, own, own_papers

BLUEPRINTS = (home.pages, own.pages, own_papers.pages, confirm.pages, acts.pages, apply.pages, monthly.pages)
