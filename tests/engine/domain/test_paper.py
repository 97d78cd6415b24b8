"""How long a dossier is kept, and what stands in its index."""

from __future__ import annotations

from datetime import date

import pytest

from mediation_engine.domain.paper import IndexRow, Retention

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("years", "since", "words", "ends"),
    [
        (5, date(2026, 11, 25), "5年", date(2031, 11, 25)),
        (10, date(2028, 2, 29), "10年", date(2038, 2, 28)),
        (4, date(2028, 2, 29), "4年", date(2032, 2, 29)),
        (10, None, "10年", None),
        (None, date(2026, 11, 25), "永久", None),
    ],
)
def test_a_dossier_is_kept_until_the_same_date_so_many_years_on(
    years: int | None, since: date | None, words: str, ends: date | None
) -> None:
    kept = Retention(years, since)
    assert (kept.words, kept.ends) == (words, ends)


@pytest.mark.parametrize(("first", "pages", "numbers"), [(0, 0, ""), (3, 1, "3"), (3, 2, "3—4"), (9, 12, "9—20")])
def test_a_row_of_the_index_says_from_where_to_where(first: int, pages: int, numbers: str) -> None:
    assert IndexRow(title="协议书", first=first, pages=pages).numbers == numbers
