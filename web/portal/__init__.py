"""Pages for who has no account: parties and their representatives, by a link and a PIN; and whoever applies."""

from __future__ import annotations

from . import apply, confirm

BLUEPRINTS = (confirm.pages, apply.pages)
