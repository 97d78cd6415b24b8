"""What people know something by: its id or its number, however that was typed, or the serial in it alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from ..domain.matter import CASE
from ..domain.names import plain_number
from ..ports.store import Unit
from ..ports.views import Wanted
from ..read_models.projections import CaseRow
from ..rules.catalogue import Catalogue

MOST = 200
"""So many of a kind are looked at."""
_SERIAL = re.compile(r"第?0*(\d{1,8})号?")
_SERIAL_OF = re.compile(r"第0*(\d{1,8})号$")


def known_by(
    unit: Unit,
    catalogue: Catalogue,
    typed: str,
    is_meant: Callable[[CaseRow], bool],
    within: Collection[str] | None = None,
) -> list[CaseRow]:
    """All that have an id or a number, of those that can be meant; of a serial the one case, or the one thing, with it.

    `within` are the organisations (ids) that can be meant. A serial that too many have is nobody's. Width, shape of
    brackets, blanks and noughts do not count. The serial of (2026)永开人调字第0012号 is 12.
    """
    rows = (unit.views.row(id) for id in unit.views.find_case(typed))
    if exact := [it for it in rows if it and typed in (it.case, it.number) and is_meant(it)]:
        return exact
    plain = plain_number(typed)
    around = _near(unit, catalogue, plain, within)
    near = [it for it in around if is_meant(it)]
    if same := [it for it in near if _bare(it.number or "") == _bare(typed)]:
        return same
    serial = None if len(around) >= MOST else _SERIAL.fullmatch(plain)
    own = [it for it in near if serial and _serial(it.number) == serial[1]]
    own = [it for it in own if it.matter == CASE.code] or own
    return own if len(own) == 1 else []


def _near(unit: Unit, catalogue: Catalogue, plain: str, within: Collection[str] | None) -> list[CaseRow]:
    """What has the words of a number in its own, of every kind."""
    matters = {it.matter.code for it in catalogue.workflows.values()}
    wanted = (Wanted(words=plain, matter=matter, organisations=within) for matter in sorted(matters))
    return [row for it in wanted for row in unit.views.search(it, most=MOST)]


def _bare(number: str) -> str:
    """A number as it is compared: brackets of one shape, no noughts before the serial."""
    plain = re.sub(r"[\[\]〔〕【】{}]", lambda it: "(" if it[0] in "[〔【{" else ")", plain_number(number))
    return re.sub(r"(?<=第)0+(?=\d)", "", plain)


def _serial(number: str | None) -> str | None:
    found = _SERIAL_OF.search(plain_number(number or ""))
    return found[1] if found else None
