"""On what ground a room erases what it holds of somebody."""

from __future__ import annotations

from .labels import Labelled


class ErasureGround(Labelled):
    """When a room erases (个人信息保护法 第47条)."""

    PURPOSE = "purpose", "处理目的已实现、无法实现或不再必要"
    EXPIRED = "expired", "保存期限已届满"
    WITHDRAWN = "withdrawn", "本人撤回同意"
    UNLAWFUL = "unlawful", "违反法律、行政法规或约定处理"
    OTHER = "other", "法律、行政法规规定的其他情形"
