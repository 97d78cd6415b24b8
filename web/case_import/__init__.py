"""Publicly reported cases: read from a file, and taken through the door, each in its own order.

What a report says is recorded as reported, what its words plainly imply as inferred, what only a gate demands as
assumed, and each is marked so. A step missing from a report means "not reported", not "did not happen".
"""

from .file_format import read_reports
from .importer import take_reports

__all__ = ["read_reports", "take_reports"]
