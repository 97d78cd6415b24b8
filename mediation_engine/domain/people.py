"""People and organisations as the register knows them."""

from __future__ import annotations

from .labels import Labelled


class PartyKind(Labelled):
    """Kinds of subject in the register."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "单位"
    GROUP = "group", "群体"
