"""How much there may be of something: one place, from which forms, pages, the API and its description have it.

Counts are held before anything is looked into: what is too much is refused in one sentence, however much it is.
"""

from __future__ import annotations

MOST_ENTRIES = 2000
"""Rows of a table, references in a field, things an order is about."""
MOST_ROWS_SHOWN = 200
"""Rows of a table on a page."""
MOST_PARTIES_SHOWN = 50
"""Lines for the parties of one side on a page."""
MOST_ANSWERS = 12_000
"""Controls of one form, with all its boxes and rows."""
MOST_VALUES = 100_000
"""Values in one JSON body, lists and objects among them."""
MOST_REPORTS = 10_000
"""Reported cases in one file."""
MOST_FAULTS = 50
"""So many faults are named in one answer; of more it is only said that there are more."""
LONGEST_KEY = 80
"""Characters of a key, a code, a reference."""
LONGEST_REASON = 500
"""Characters of the reason why a rule of policy is set aside."""
