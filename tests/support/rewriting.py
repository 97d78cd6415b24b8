"""Doing to the store in memory what no door does."""

from __future__ import annotations

from msgspec import structs

from mediation_engine.domain.recorded_order import StoredOrder

from .story import Story


def orders_of(story: Story) -> list[StoredOrder]:
    """The stored orders of a story's case, to be laid hands on."""
    orders: list[StoredOrder] = story.store._tables.orders[story.name]  # type: ignore[attr-defined]
    return orders


def rewrite(story: Story, first: int, **changed: object) -> None:
    """Change the stored order that begins with a line; whoever looks next reads it anew."""
    orders = orders_of(story)
    [at] = [n for n, stored in enumerate(orders) if stored.first == first]
    orders[at] = structs.replace(orders[at], **changed)
    story.door.recent.__init__()  # type: ignore[misc]
