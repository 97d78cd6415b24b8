"""What a connection is told before its transaction begins, on every database."""

from __future__ import annotations

WRITES = "mediation_writes"
"""Execution option of a connection that will write."""
ABOUT = "mediation_about"
"""Execution option: what it will write about. Writers about the same thing take turns."""
LONGEST_WAIT = 5.0
"""Seconds a writer waits for its turn, or anybody for a connection, before giving up."""
BEGUN = "mediation_begun"
"""Execution option of a connection whose transaction has been begun without SQLAlchemy."""
