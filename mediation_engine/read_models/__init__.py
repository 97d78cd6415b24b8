"""Rows of lists and calendars derived from a case, and the words a case is found by."""
