"""核对导出的案件记录：python3 verify.py 文件 [存证点]。格式见 docs/record.md。

只用 Python 3.9 以上自带的库，与导出文件的程序无关；存证点的签名不核对。退出码：0 相符，1 有问题，2 有读不出的。"""

import base64
import hmac
import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

Fields = dict[str, Any]
NONE, ANY, HEX, ORIGIN = type(None), object, "([0-9a-f]{2})+", "reported|inferred|assumed|unreported"
B64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
TIME = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{6})?Z"
DEFECT: Fields = {"code": str, "basis": str, "unjudged": bool, "waived": str, "about": [str], "since": str}
LINE: Fields = {"instance": str, "event": str, "schema": int, "source": str, "target": str, "data": ANY}
LINE, PARTS = {**LINE, "defects": [DEFECT], "follows": bool}, {"field_provenance": {"*": ORIGIN}}
SAID = {"given": ANY, "capacity": str, "occurred": str, "provenance": ORIGIN, "waives": {"*": str}, **PARTS}
CORRECTION: Fields = {**SAID, "corrects": int, "void": [int], "instead": [{**LINE, "at": int}], "moved": [str]}
ORDER: Fields = dict.fromkeys(("case", "id", "organisation", "asked", "command", "actor", "office", "rules"), str)
ORDER |= {"substitution": str, "first": int, "recorded": TIME, "lines": [LINE], "correction": CORRECTION, **SAID}
DEFAULTS: Fields = {"given": ANY, "occurred": "..", "provenance": "reported", "field_provenance": {}, "waives": {}}
DEFAULTS |= {"schema": 1, "data": {}, **dict.fromkeys(("source", "waived", "correction", "substitution"))}
DEFAULTS |= {name: [] for name in ("defects", "about", "void", "instead", "moved")}
DEFAULTS |= {"capacity": "", "since": "", "follows": False, "unjudged": False}
ROWS: dict[str, Fields] = {
    "case": {"what": "case", "format": "mediation-case/2", "case": str, "orders": int, "lines": int, "digest": HEX},
    "order": {"what": "order", "case": str, "first": int, "count": int, "command_id": str, "body": B64, "digest": HEX},
    "text": {"what": "text", "case": str, "id": str, "label": str, "state": "given", "salt": HEX, "words": str},
}
ROWS["file"] = {**ROWS["text"], "what": "exhibit", "id": "[0-9a-f]{32}", "words": NONE}
ROWS |= {f"no {k}": {**ROWS[k], "state": "withheld|erased", "salt": NONE, "words": NONE} for k in ("text", "file")}
SIGNED = {**dict.fromkeys(("chains", "erased", "people", "key", "signature"), ANY), "format": str}
HEADS: Fields = {"format": "mediation-checkpoint/1", "made": str, "cases": {"*": (int, str)}}


def read(raw: bytes) -> tuple[Any, bytes]:
    """A JSON value, and its canonical bytes; None where it is none, too deep, or holds too big a number."""
    try:
        value = json.loads(raw.decode(), parse_constant=int)  # int refuses NaN and Infinity
        return value, json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except Exception:
        return None, b""


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind: a type, a 'pattern', [of what], (one by one), {'*': of what, by any name}."""
    if isinstance(kind, str):
        return type(value) is str and re.fullmatch(kind, value) is not None
    if isinstance(kind, (list, tuple)):
        kinds = kind * len(value) if type(value) is type(kind) else kind
        return type(value) is list and len(value) == len(kinds) and all(map(fits, value, kinds))
    if not isinstance(kind, dict):
        return kind is object or (type(value) is kind and (kind is not int or abs(value) < 2**63))
    if type(value) is not dict or "*" in kind:
        return type(value) is dict and all(fits(one, kind["*"]) for one in value.values())
    named = value.keys() <= kind.keys() <= value.keys() | DEFAULTS.keys()
    return named and all(fits(it, kind[n]) and (n not in DEFAULTS or it != DEFAULTS[n]) for n, it in value.items())


def note(case: Fields, at: int, wrong: object, what: str) -> None:
    """Put down what is wrong with a case, and at which line of it."""
    case["faults"] += [(at, what)] if wrong else []


def check_orders(case: Fields) -> None:
    """The orders of a case; leaves in `said` the words they refer to, and where."""
    last, before, kept, ids = 0, "", bytes(32), set()
    for row in case["order"].values():
        at, body, known = row["first"], base64.b64decode(row["body"]), len(case["faults"])
        order, canonical = read(body)
        readable = canonical == body and fits(order, ORDER) and order["lines"]
        note(case, last + 1, at != last + 1, f"第{last}条之后是第{at}条，中间缺少记录")
        note(case, at, not readable, "内容无法读出，或不是规定的写法")
        if readable:
            key, stated = (order["organisation"], order["id"]), (row["case"], at, row["command_id"], row["count"])
            moved = stated != (order["case"], order["first"], order["id"], len(order["lines"]))
            note(case, at, moved, "案件、条号、操作编号或条数与内容不符：不在原处，或被改动")
            note(case, at, order["recorded"][:-1] < before, "记录时间早于前一步")
            note(case, at, key in ids, "与前面的操作用了同一个操作编号")
            ids.add(key)
            refs = re.findall(r'"(?:text|exhibit):([^:"\\]*):([^:"\\]*):([^:"\\]*)"', body.decode())
            case["said"].update(dict.fromkeys(refs, at))
            case["named"].update(re.findall(r'"([^"\\]*)"', body.decode()))
        broken = len(case["faults"]) == known and sha256(kept + body).hexdigest() != row["digest"]
        note(case, at, broken, "内容与校验码不符，或与前面的接不上")
        before = before if case["faults"] else order["recorded"][:-1]
        last, kept = at + row["count"] - 1, bytes.fromhex(row["digest"])
    counted = (len(case["order"]), sum(row["count"] for row in case["order"].values()), kept.hex())
    cut = not case["order"] or counted != (case["orders"], case["lines"], case["digest"])
    note(case, last + 1, cut, "步数、条数或末尾校验码与文件开头写的不同：不完整")


def report(case: Fields, heads: Fields, folder: Path) -> int:
    """Check a case, print what is wrong, what was compared and what was not; how much is wrong."""
    check_orders(case)
    for (key, label, digest), at in case["said"].items():
        row = case["text"].get(key, dict.fromkeys(ROWS["text"]))
        file = next(folder.glob(key + ".*"), None) if row["what"] == "exhibit" and row["salt"] else None
        salt, words = bytes.fromhex(row["salt"] or ""), file.read_bytes() if file else (row["words"] or "").encode()
        same = (file or row["words"]) is not None and hmac.new(salt, words, "sha256").hexdigest() == digest
        good = same or row["state"] == "withheld" or (row["state"] == "erased" and key in case["named"])
        note(case, at, row["label"] != label or not good, "文字或材料不见了、被改动过、没有删除的一步，或换了谁能看")
    note(case, 0, case["text"].keys() - {key for key, *_ in case["said"]}, "有的文字或材料没有任何一条提到")
    ends = {row["first"] + row["count"] - 1: row["digest"] for row in case["order"].values()}
    last = max(ends, default=0)
    version, digest = heads.get(case["case"], (last, ends.get(last)))
    note(case, min(version, last + 1), ends.get(version) != digest, "与存证点不符：被改写过，或末尾被截去")
    print(f"案件 {repr(case['case'])[1:-1]}：{len(case['order'])}步{last}条，{len(case['faults'])}处问题")
    for at, what in case["faults"]:
        print(f"  第{at}条：{what}" if at else f"  全案：{what}")
    count = [row["state"] for row in case["text"].values()].count
    words = f"核对{count('given')}段，没有核对：未提供{count('withheld')}段，已删除{count('erased')}段"
    print(f"  文字{words}。存证点{f'核对第{version}条' if case['case'] in heads else '没有核对'}。")
    return len(case["faults"])


def main(paths: list[str]) -> int:
    """Compare a file with itself, and with a checkpoint where one is given; the exit code."""
    try:
        raw, *away = [Path(path).read_bytes() for path in paths]
        held: Any = read(away[0])[0] if away else {"format": "mediation-checkpoint/1", "made": "", "cases": {}}
        next(kind for kind in (HEADS, {**HEADS, **SIGNED}) if fits(held, kind))
    except (OSError, ValueError, StopIteration):
        print(__doc__, "文件打不开，或不是存证点。", sep="\n")
        return 2
    cases, unread = [], 0
    for number, line in enumerate(raw.splitlines(), 1):
        row = read(line)[0]
        what = next((what for what, kind in ROWS.items() if fits(row, kind)), "")
        if what == "case":
            cases.append({**row, "order": {}, "text": {}, "said": {}, "named": set(), "faults": []})
        elif what and cases and row["case"] == cases[-1]["case"] and row.get("id") not in cases[-1]["text"]:
            cases[-1][row["what"].replace("exhibit", "text")][row.get("id", number)] = row
        elif line.strip():
            unread += 1
            print(f"第{number}行不是导出的记录，或不是这件案的，或重复，没有核对")
    faults = sum(report(case, held["cases"], Path(paths[0]).with_suffix(".exhibits")) for case in cases)
    print(f"共{len(cases)}件：{faults}处问题，{unread}行读不出。核对了条数、次序、内容、校验码、时间、操作编号；")
    blind = "、存证点是谁签的" if away else "，也看不出整个文件是否重做过（要用存证点）"
    print(f"没有核对每一步是否合乎规则、编号是谁{blind}。")
    return 2 if unread or not cases else int(faults > 0)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
