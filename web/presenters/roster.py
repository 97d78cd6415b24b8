"""A roster that was read, as a page shows it: numbers masked."""

from __future__ import annotations

from datetime import date

from mediation_engine.domain.formatting import money_words
from mediation_engine.domain.masking import masked_account, masked_number, masked_phone
from mediation_engine.input.roster import Listed, Roster, layout

HEAD = ("行", *(column.label for column in layout(date.max).columns))


def shown_rows(roster: Roster) -> list[tuple[str, ...]]:
    """A row for each of those on it."""
    return [_row(it) for it in roster.people]


def _row(it: Listed) -> tuple[str, ...]:
    own = it.details
    return (
        str(it.row),
        it.name,
        masked_number(own.number or ""),
        "、".join(masked_phone(phone.number) for phone in own.phones),
        own.bank or "",
        masked_account(own.account) if own.account else "",
        it.months,
        money_words(it.claimed),
        it.note,
    )
