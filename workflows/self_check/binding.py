"""装订是否规范: where papers lie, and what became of the record after the dossier was closed (人民调解法 第27条)."""

from __future__ import annotations

from collections.abc import Iterator

from mediation_engine.domain.self_check import CheckFinding, CheckReading, Mend, Weight

from ..papers.dossier import filed
from .heads import CheckHead, rule


def _no_place(reading: CheckReading) -> Iterator[CheckFinding]:
    for key, held in filed(reading.case).items():
        if held.kind is not None and held.place is None:
            words = f"{reading.numbered(key)}没有写明放在卷内哪一处"
            yield CheckFinding(about=key, words=words, mends=(Mend(line=reading.case.instances[key].version),))


RULES = (
    rule(
        code="no_place",
        label="材料没有卷内位置",
        tells="收存的材料没有写明放在卷内哪一处，装订时找不到地方",
        basis="人民调解法 第27条",
        head=CheckHead.BINDING,
        weight=Weight.LIGHT,
        finds=_no_place,
    ),
)
