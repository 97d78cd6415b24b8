"""What went wrong, as problem details (RFC 9457): a stable `code`, and what to do in Chinese.

What is no business of the caller answers as what does not exist, to the letter.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from flask import Blueprint, Response

from mediation_engine import errors as e
from mediation_engine.domain.guard import Refusal, basis_words
from mediation_engine.domain.limits import MOST_FAULTS
from mediation_engine.errors import MediationError

from . import request_log
from .request_faults import TooManyBadTokens
from .statuses import outcome_of

TYPE = "application/problem+json"


TOLD: dict[int, tuple[str, str, str]] = {
    400: ("BadRequest", "没有看懂这个请求", "请求不完整，或内容有误。"),
    401: ("Unauthorized", "需要令牌", "请出示有效的令牌。"),
    403: ("Forbidden", "不能这样用", "令牌的范围或职务不允许这样用。"),
    404: ("NotFound", "没有找到", "没有这个地址或这件案件，或它不归令牌所代表的机构办理。"),
    405: ("MethodNotAllowed", "不能用这种方法", "这个地址不支持这种请求方法，可用的见 Allow 头。"),
    409: ("Conflict", "现在不能办理", "案件的现状不允许，或内容已有变化。"),
    413: ("ContentTooLarge", "内容太大", "请求内容超过了上限，没有保存。"),
    414: ("UriTooLong", "网址太长", "网址中的参数太多。"),
    415: ("UnsupportedMediaType", "内容的格式不对", "请求内容应是 JSON。"),
    422: ("Unprocessable", "填写有误", "内容不合要求，没有保存。"),
    429: ("TooManyRequests", "请稍候", "请求太多，请过一会儿再试。"),
    500: ("InternalError", "系统出错", "这不是请求造成的；内容可能没有保存，请查看后再试。"),
    503: ("Unavailable", "暂时不能使用", "数据库暂时无法使用，内容可能没有保存，请用同一操作编号稍后再试。"),
}
"""By status: the code, the title, the sentence."""
RETRY_AFTER = 30


def init(blueprint: Blueprint) -> None:
    """Tell of what is raised under a blueprint."""
    blueprint.register_error_handler(MediationError, of_fault)


def of_status(status: int, error: str = "") -> Response:
    """A problem nothing more is known of; `error` is the number it has in the log."""
    code, _, sentence = _told(status)
    return problem(status, code, sentence, **({"error": error} if error else {}))


def of_fault(fault: MediationError) -> Response:
    """A problem that was foreseen. One that was not goes on to where all pages' do."""
    status = outcome_of(fault).api
    if status is None:
        raise fault
    if status == 404:
        return of_status(404)
    if status == 503:
        request_log.unavailable(fault)
    return problem(status, fault.code, fault.sentence, **_more(fault))


def _told(status: int) -> tuple[str, str, str]:
    """Code, title and sentence; of a status we have no words for, those of its class."""
    return TOLD.get(status) or TOLD[400 if status < 500 else 500]


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """Problem details."""
    _, title, _ = _told(status)
    told = {"type": f"urn:mediation-engine:problem:{code}", "title": title, "status": status, "code": code}
    response = Response(msgspec.json.encode(told | {"detail": detail} | more), status, content_type=TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response.headers["Retry-After"] = str(more.get("retry_after", RETRY_AFTER))
    return response


def refusal(found: Refusal) -> dict[str, Any]:
    """One reason why something cannot be done."""
    return asdict(found) | {"basis_words": basis_words(found.basis), "about": list(found.about)}


def _more(fault: MediationError) -> dict[str, Any]:
    if isinstance(fault, e.Refused):
        told = [refusal(found) for found in fault.refusals[:MOST_FAULTS]]
        return {"refusals": told, "more": len(fault.refusals) > MOST_FAULTS}
    if isinstance(fault, e.StaleInstance):
        since = [{"version": line.version, "event": line.event, "on": line.instance} for line in fault.since]
        return {"on": fault.key, "since": since[-MOST_FAULTS:], "more": len(since) > MOST_FAULTS}
    if isinstance(fault, e.FormFaults):
        faults = [{"field": field, "sentences": said} for field, said in fault.faults.items()]
        return {"faults": faults, "more": fault.more}
    if isinstance(fault, TooManyBadTokens):
        return {"retry_after": fault.about["seconds"]}
    return {}
