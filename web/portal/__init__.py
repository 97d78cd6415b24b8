"""Pages for representatives of parties, who have no account: they come in by a link, a short code and a PIN."""

from __future__ import annotations

from . import acts, confirm, home, own, own_papers

BLUEPRINTS = (home.pages, own.pages, own_papers.pages, confirm.pages, acts.pages)
