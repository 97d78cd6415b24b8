"""不同主体: among which bodies the statistics count an organisation, by its nature in the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mediation_engine.domain.labels import Labelled
from mediation_engine.domain.roles import Organisation


class Body(Labelled):
    """The columns of the form, then what is none of them: every organisation is in one."""

    VILLAGE = "village", "村调委会"
    RESIDENTS = "residents", "居调委会"
    TOWNSHIP = "township", "乡镇调委会"
    STREET = "street", "街道调委会"
    ENTERPRISE = "enterprise", "企事业单位调委会"
    ASSOCIATION = "association", "社会团体和其他组织调委会"
    OTHER = "other", "调解室等其他调解组织"
    UNTOLD = "untold", "没有写明是哪一种"


OF_COMMITTEES: Mapping[str, Body] = {
    "village_committee": Body.VILLAGE,
    "residents_committee": Body.RESIDENTS,
    "township_committee": Body.TOWNSHIP,
    "street_committee": Body.STREET,
    "enterprise_committee": Body.ENTERPRISE,
    "association_committee": Body.ASSOCIATION,
}
"""Natures (codes) that the form has a column for."""
USUAL: Mapping[str, Body] = {
    **dict.fromkeys(("mediation_room", "labour_committee", "labour_organisation"), Body.OTHER),
    **dict.fromkeys(("mediation_committee", "other"), Body.UNTOLD),
}
"""The others: where no rule of the form says, the room may count them elsewhere (本室规定)."""


def body_of(kind: str, own: Mapping[str, str]) -> Body:
    """The body that an organisation of some nature counts as, given what the room says of the others."""
    return OF_COMMITTEES.get(kind) or Body.named(own.get(kind, "")) or USUAL.get(kind, Body.UNTOLD)


def bodies_of(organisations: Iterable[Organisation], own: Mapping[str, str]) -> dict[str, str]:
    """The body (code) of each organisation."""
    return {it.id: body_of(it.kind, own).value for it in organisations}
