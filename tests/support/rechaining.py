"""Orders forged by somebody who can make all digests anew."""

from __future__ import annotations

from typing import Any

from mediation_engine.domain.recorded_order import RecordedOrder
from mediation_engine.record.codec import decode_order, stored


def whole(stored_order: Any) -> RecordedOrder:
    return decode_order(stored_order.body)


def fields(order: RecordedOrder) -> dict[str, Any]:
    return {name: getattr(order, name) for name in order.__struct_fields__}


def rechained(orders: list[RecordedOrder]) -> list[Any]:
    made: list[Any] = []
    for order in orders:
        made.append(stored(made[-1].digest if made else bytes(32), order))
    return made
