"""The next step of a case for somebody; or why it stands still. Read for a page of cases at a time."""

from __future__ import annotations

from dataclasses import dataclass

from mediation_engine.decisions.closing import Need
from mediation_engine.domain.formatting import day_words

from .case_options import ACTING, Asking
from .next_offers import day_of, first_now, is_later, offered, waits
from .refusal_reasons import Address, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The next step, who takes it, and why not now; `why` is empty where it can be taken."""

    what: str
    who: str
    why: str = ""
    way: Way | None = None
    """Where it is taken, where the reader can."""
    is_dated: bool = False
    """Whether it waits for a day, and not for somebody."""

    @property
    def address(self) -> Address | None:
        return self.way.address if self.way else None


def next_move(asked: Asking) -> Move | None:
    """The first of what is offered; None where nothing is open."""
    main = [way for way in offered(asked) if not way.is_aside]
    if main and not is_later(asked, main[0]):
        return Move(what=words(main[0]), who=asked.office.label, way=main[0])
    return _others(asked) or (_at_its_day(asked, main[0]) if main else None) or _lacking(asked)


def words(way: Way) -> str:
    """记录付款（某五金厂）."""
    return f"{way.label}（{way.about}）" if way.about else way.label


def _at_its_day(asked: Asking, way: Way) -> Move:
    assert way.day is not None
    first, *others = way.about.split("、")
    what = f"{way.label}（{first}等{len(others) + 1}项）" if others else words(way)
    return Move(what=what, who=asked.office.label, why=f"等到{day_words(way.day)}", way=way, is_dated=True)


def _others(asked: Asking) -> Move | None:
    """What another office can do now."""
    for office in ACTING:
        if office is not asked.office and (way := first_now(asked, office)):
            return Move(what=words(way), who=office.label, why=f"等{office.label}")
    return None


def _lacking(asked: Asking) -> Move | None:
    """Of what nobody can do now: until when it waits, or what is lacking."""
    case, needs = asked.case, asked.needs
    if not needs:
        return None
    dated = [(day, n) for n in needs if waits(case, n, asked.view.today) and (day := day_of(case, n))]
    if dated:
        day, first = min(dated, key=lambda it: it[0])
        return Move(what=_step(asked, first), who=_who(first), why=f"等到{day_words(day)}", is_dated=True)
    own = [n for n in needs if n.key == case.phase and n.by]
    first = (own or [n for n in needs if n.by] or needs)[0]
    return Move(what=_step(asked, first), who=_who(first), why=_why(asked, first))


def _who(need: Need) -> str:
    return "、".join(o.label for o in need.by) or "自动"


def _step(asked: Asking, need: Need) -> str:
    """确认协议（王某）."""
    thing = asked.teller.thing(asked.case.facts.with_party(need.key) or need.key)
    left = asked.workflow.unfinished(asked.case, need.key)
    thing = f"{thing}，{left}" if left else thing
    first = need.path[0].lstrip("⤷") if need.path else thing
    steps = "、".join((first, *need.instead)) if need.at is None else first
    return steps if steps == thing else f"{steps}（{thing}）"


def _why(asked: Asking, first: Need) -> str:
    if first.refusals:  # whoever takes the step cannot take it yet: to wait for him would be to wait for oneself
        about = "、".join(asked.teller.thing(k) for k in first.refusals[0].about[:3])
        return first.refusals[0].sentence + (f"（{about}）" if about else "")
    others = [o.label for o in first.by if o is not asked.office]
    return f"等{'、'.join(others)}" if others else "等上面各项了结"
