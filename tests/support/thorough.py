"""How much is tried: by `make test` a fair share, by `make proof` (which sets THOROUGH) all there is."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")
THOROUGH = "THOROUGH" in os.environ


def much(usual: T, thorough: T) -> T:
    """Of two amounts, the one for now."""
    return thorough if THOROUGH else usual
