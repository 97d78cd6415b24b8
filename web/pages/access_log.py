"""查阅记录: who looked at a case."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, render_template, request

from mediation_engine.domain.formatting import heading
from mediation_engine.domain.masking import MASKED
from mediation_engine.domain.people import RegisterReason
from mediation_engine.domain.roles import Office
from mediation_engine.ports.views import Read
from mediation_engine.record.disclosure import LOOK, LookReason
from mediation_engine.services.authorization import reach
from workflows.papers import PAPERS
from workflows.zone.alert.papers import PAPERS as ALERT_PAPERS

from ..http.case_access import look
from ..http.request_context import door, reader, skipped

pages = Blueprint("access_log", __name__)


READS_A_PAGE = 50

LOOKS = {
    "case": "案件页",
    "show": "案件现况",
    "screen": "投屏",
    "audit": "校验",
    "export": "导出",
    "again": "再起纠纷，照当事人登记新案",
    "reads": "查阅记录",
    "replay": "回放",
    "history": "经过",
    "texts": "文字清单",
    "workflow": "流程图",
    "available": "能办什么",
    "steps": "全部步骤",
    "missing": "还差什么",
    "step": "填写步骤",
    "decide": "室务：等室主任决定的",
    "visit": "走访单",
    "links": "发过的链接",
    "visit link": "凭走访链接看走访单",
    "party links": "发给当事人的链接",
    "party acts": "凭当事人链接看可以办的事",
    "party case": "凭当事人链接看案件",
    "party record": "凭当事人链接看经过",
    "party money": "凭当事人链接看钱",
    "party papers": "凭当事人链接看文书清单",
    "party paper": "凭当事人链接取文书",
    "party receipt": "凭当事人链接取回执",
    "party reads": "凭当事人链接看谁看过",
    "party me": "凭当事人链接看本人资料",
    "party summary": "凭当事人链接看协议摘要",
    "party text": "凭当事人链接看协议全文",
    "particulars": "各人的资料",
    "application": "登记申请",
    "application receipt": "申请的回执",
    "application status": "凭回执码看申请办到哪一步",
    "correct": "更正页",
    **{f"{LOOK} {reason.value}": f"要看私下的内容：{reason.label}" for reason in LookReason},
    "exhibits": "材料清单",
    "papers": "文书清单",
    "dossier": "案卷",
    "terms": "条款，照着写新的协议",
    "bound dossier": "取出整卷",
    "dossier folder": "取出电子卷",
    "self_check": "自查",
    "deadlines": "期限",
    "roster": "登记花名册",
    "batch": "批量付款的表",
    "return": "月报",
}


LISTS = {
    "list": "案件列表",
    "search": "查找案件（查找的字不记）",
    "board": "工作台",
    "corrections": "更正清单",
    "marks": "瑕疵、变通、更正清单",
    "self_check": "自查全部案件",
    "same": "登记时同名案件的提示",
    "people": "名册中的查找（查找的字不记）",
    "accounts": "银行的表与名册里的银行账号核对",
    "room": "室务：等室主任决定的",
    "handover": "移交同事案件的清单",
    "messages": "本人的消息",
    "calls": "今天要打的电话",
    "figures": "数说战果里数字后面的名单",
    "applications": "新申请",
    "alerts": "警情",
    "ledger": "录入台账时读到的名单",
    "campaign": "专项行动的清单",
    "matters": "事项",
    "meetings": "例会",
    "returns": "月报",
    "organisations": "组织名录",
    "notes": "随手记可以归到哪件案件",
}


PAPER = {"paper": "看文书", "print": "取出文书"}
"""Looks at a paper, and papers taken away; the code of the paper and what it is about follow."""
PERSON = {"": "当事人资料", "edit": "当事人资料的修改页", "paper": "印在文书上的当事人资料"}
PERSON |= {name: f"当事人完整的{label}" for name, label in MASKED.items()}
"""Looks at somebody of the register, by what follows the word."""


def look_words(what: str) -> str:
    """What was looked at, in words."""
    kind, _, shown = what.partition(" ")
    if kind == "person":
        return f"{PERSON[shown]}" if shown in PERSON else what
    if kind in LISTS:
        return f"{LISTS[kind]}，{shown}{'位' if kind in ('people', 'accounts') else '件'}"
    at = re.fullmatch(r"replay (\d+)", what)
    day = re.fullmatch(r"replay (\d{4}-\d\d-\d\d)", what)
    if kind in PAPER:
        label = next((it.label for it in (*PAPERS, *ALERT_PAPERS) if it.code == shown.partition(" ")[0]), shown)
        return f"{PAPER[kind]}：{label}"
    taken = re.fullmatch(r"(exhibit|preview) exhibit/(\d+)", what)
    if taken:
        return f"材料{taken[2]}的{'文件' if taken[1] == 'exhibit' else '图片'}"
    return f"回放第{at[1]}条" if at else f"回放到{day[1]}" if day else LOOKS.get(what, what)


@pages.get("/cases/<case_id>/reads")
def reads(case_id: str) -> str:
    """Who looked at a case, the latest first, this look among them."""
    view = look(case_id, "reads")
    case = view.case
    with door().store.read() as unit:
        noted = unit.views.reads(case.id)
    asked = request.args.get("upto", "")
    upto = min(int(asked), len(noted)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else len(noted)
    begin = max(0, upto - READS_A_PAGE)
    rows = [_row(number, read, view.actors) for number, read in reversed(list(enumerate(noted[begin:upto], begin + 1)))]
    given = {"total": len(noted), "earlier": begin, "names": heading(view.parties)}
    return render_template("access_log.html", case=case, rows=rows, **given)


@pages.get("/reads")
def lists() -> str:
    """Who looked at lists that show names, in one's organisation and those below it, the latest first."""
    skip = skipped()
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        names = {actor.id: actor.name for actor in unit.register.actors() if actor.organisation in own}
        noted = unit.views.list_reads(names, skip=skip, most=READS_A_PAGE + 1)
    rows = [_row(number, read, names) for number, read in enumerate(noted[:READS_A_PAGE], skip + 1)]
    further = skip + READS_A_PAGE if len(noted) > READS_A_PAGE else 0
    return render_template("list_reads.html", rows=rows, skip=skip, further=further)


def _row(number: int, read: Read, names: Mapping[str, str]) -> dict[str, object]:
    office, reason = Office.named(read.office), RegisterReason.named(read.reason or "")
    return {
        "number": number,
        "at": read.at,
        "who": names.get(read.actor, read.actor),
        "office": office.label if office else read.office,
        "what": look_words(read.what) + (f"（{reason.label}）" if reason else ""),
    }
