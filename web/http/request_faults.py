"""Faults of a request that a program makes. The docstring's first line is the sentence its caller reads."""

from __future__ import annotations

from mediation_engine.errors import FormFaults, MediationError


class TokenMissing(MediationError):
    """请在 Authorization 头中写明 Bearer 和令牌；令牌由管理员发给。"""


class TokenUnknown(MediationError):
    """令牌不对、已停用、已到期，或所代表的人员已不担任该职务；请向管理员索取新令牌。"""


class TooManyBadTokens(MediationError):
    """此地址连续出示了太多无效的令牌，请 {seconds} 秒后再试。"""


class ScopeMissing(MediationError):
    """这个令牌没有“{scope}”的范围，不能这样用。"""


class OfficeUnfit(MediationError):
    """这个令牌以“{office}”身份办理，该职务不能这样用。"""


class NotJson(MediationError):
    """请求内容应是 JSON，Content-Type 应写 application/json。"""


class UnreadableJson(MediationError):
    """请求内容不是有效的 JSON。"""


class KeyMissing(MediationError):
    """缺少操作编号：请在 Idempotency-Key 头或 id 中写明，重试时不变。"""


class KeysDiffer(MediationError):
    """Idempotency-Key 头与 id 中的操作编号不一致。"""


class InvalidInput(FormFaults):
    """填写的内容有误：{faults}"""
