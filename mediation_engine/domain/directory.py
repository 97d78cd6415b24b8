"""The directory of organisations (1+3+N): who lies below whom, in which district, who answers for a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from .roles import Actor, Level, Organisation, is_above, may_handle


class Directory:
    """All organisations of the register, and what follows from how they hang together."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.by_id = {it.id: it for it in organisations}

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self.by_id.values())

    def above(self, id: str) -> Iterator[Organisation]:
        """Those above an organisation, the nearest first."""
        seen, held = {id}, self.by_id.get(id)
        while held and held.parent and held.parent not in seen:
            seen.add(held.parent)
            held = self.by_id.get(held.parent)
            if held:
                yield held

    def district(self, id: str) -> Organisation | None:
        """The district that an organisation lies in: itself where it is one, else the nearest above that is."""
        own = [self.by_id[id]] if id in self.by_id else []
        return next((it for it in (*own, *self.above(id)) if it.level is Level.DISTRICT), None)

    def districts(self) -> list[Organisation]:
        """Those that are districts, in the order of their ids."""
        return sorted((it for it in self if it.level is Level.DISTRICT), key=lambda it: it.id)

    def reporting(self, day: date) -> list[Organisation]:
        """The committees of enterprises that are there on a day: they owe the return of a month that ends on it."""
        return [it for it in self if it.level is Level.ENTERPRISE and it.is_active(day)]

    def faults(self, new: Organisation) -> Iterator[str]:
        """Why an organisation cannot be entered as it is, in sentences."""
        if any(it.short_name == new.short_name for it in self if it.id != new.id):
            yield f"简称“{new.short_name}”别的组织在用，案号会重复，请换一个"
        for it in self:
            if it.parent == new.id and it.level and new.level and not is_above(new.level, it.level):
                yield f"它下面有“{it.name}”（{it.level.label}），应比它低"
        if new.parent is None:
            return
        above = [it for it in [self.by_id.get(new.parent)] if it]
        if not above:
            yield f"没有登记过上级“{new.parent}”，请先登记它"
        elif new.id in {new.parent, *(it.id for it in self.above(new.parent))}:
            yield "上级不能是它自己，也不能在它下面"
        elif new.level and above[0].level and not is_above(above[0].level, new.level):
            yield f"上级（{above[0].level.label}）应比它（{new.level.label}）高"
        if new.since and new.until and new.until < new.since:
            yield "撤销的日子不能早于设立的日子"


def hosts_of(organisations: Iterable[Organisation], staff: Iterable[Actor]) -> dict[str, str]:
    """The names of those a case can be handed to, by id: committees of enterprises only where somebody mediates."""
    staffed = {actor.organisation for actor in staff if may_handle(actor, actor.organisation)}
    return {it.id: it.name for it in organisations if it.level is not Level.ENTERPRISE or it.id in staffed}
