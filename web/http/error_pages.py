"""What goes wrong, told on a calm page: what happened, what to do; never how we are built.

These pages are made without the session and without anything of the request, so that they can be made always, and
are the same for everybody: a case that is no business of the reader answers as one that does not exist.
"""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError

from mediation_engine.errors import (
    BoxUnreadable,
    ExhibitDamaged,
    FontsMissing,
    MediationError,
    NumberTaken,
    PaperUnfit,
    PersonErased,
    ReasonWanted,
    RoomKeyMissing,
    SteppedBack,
    StoreNotReady,
    StoreUnavailable,
    YearUnknown,
)
from mediation_engine.ids import new_id, system_randomness

from . import problems, request_log
from .statuses import outcome_of

SENTENCES: dict[int, tuple[str, str]] = {
    400: ("没有看懂这个请求", "网址可能不完整，或内容有误。请返回上一页再试。"),
    403: ("您不能打开这一页", "这一页不属于您现在的职务。如果您有多项职务，可以在页面上方换一项。"),
    404: ("没有找到", "没有这一页，或它不归您办理。请核对网址，或从首页进入。"),
    405: ("这一页不能这样打开", "请从首页进入。"),
    409: ("内容已有变化", "别人刚刚办理过。请返回看过最新情况再办。"),
    413: ("内容太大", "提交的内容超过了上限，没有保存。请删减后再提交。"),
    414: ("网址太长", "网址里的内容太多。请从首页进入。"),
    429: ("请稍候", "请求太多，请过一会儿再试。"),
    500: ("系统出错", "这不是您的操作造成的。刚才的内容可能没有保存，请返回查看后再试。"),
    503: ("暂时不能使用", "数据库暂时无法使用，内容没有保存。请不要关闭页面，过一会儿再试。"),
}
TITLES: dict[type[MediationError], str] = {
    NumberTaken: "案号重复",
    ReasonWanted: "请先说明理由",
    SteppedBack: "已回避",
    PaperUnfit: "做不成 PDF",
    FontsMissing: "缺少中文字体",
    ExhibitDamaged: "材料打不开",
    RoomKeyMissing: "还没有保密钥匙",
    BoxUnreadable: "加密的内容打不开",
    PersonErased: "已依法删除",
    YearUnknown: "还没有这一年的日历",
}
"""Faults that say themselves what to do, and the heading over it."""
EXPIRED = (
    "这一页已经过期",
    "页面打开太久，或在别处登录过，内容没有保存。请按浏览器的“返回”，不要刷新：填的内容还在，再按一次按钮就可以。",
)


def init(app: Flask) -> None:
    """Tell of every fault."""
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(MediationError, _of_mediation)
    app.register_error_handler(InternalServerError, _of_program)
    # Flask's own line has the address of the page, with the case's id, and the exception's words; ours comes below.
    app.log_exception = lambda _: None  # type: ignore[method-assign,assignment]


def page(status: int, said: tuple[str, str] | None = None, error: str = "") -> Response:
    """A page that tells of a fault."""
    if request.path.startswith("/api/"):
        return problems.of_status(status, error)
    title, sentence = said or SENTENCES.get(status) or (HTTPStatus(status).phrase, "")
    template = current_app.jinja_env.get_template("fault.html")
    response = Response(
        template.render(start=request.script_root + "/", title=title, sentence=sentence, error=error, status=status),
        status,
    )
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


def _of_http(fault: HTTPException) -> Response:
    if fault.response is not None and isinstance(fault.response, Response):
        return fault.response
    response = page(fault.code or 500)
    allowed = getattr(fault, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _of_mediation(fault: MediationError) -> Response:
    status, title = outcome_of(fault).page, TITLES.get(type(fault))
    if status == 503 and title is None:
        return _of_store(fault)
    said = (title, fault.sentence) if title else None
    return page(status, said) if status else _of_program(InternalServerError(original_exception=fault))


def _of_store(fault: MediationError) -> Response:
    """The database is not to be had."""
    request_log.unavailable(fault)
    return page(503)


def _of_program(fault: InternalServerError) -> Response:
    """Nobody foresaw it: the log has the trace under a number that is also on the page."""
    original = fault.original_exception
    if isinstance(original, StoreUnavailable | StoreNotReady):
        return _of_store(original)
    error = new_id(system_randomness, 8)
    structlog.get_logger().error("failed", error=error, endpoint=request.endpoint, trace=_trace(original))
    return page(500, error=error)


def _trace(fault: BaseException | None) -> list[str]:
    """Where it happened. Not what was said of it: an exception's words may quote what somebody typed."""
    places = []
    step = fault.__traceback__ if fault else None
    while step:
        code = step.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return [type(fault).__name__, *places[-12:]]
