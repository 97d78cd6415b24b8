"""The console, as a mediator and an auditor sit at it: every command, its answers, and what it ends with."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import click
import pytest

from mediation_engine.adapters.sql import open_store
from mediation_engine.adapters.sql.schema import HEAD
from mediation_engine.clock import FixedClock
from mediation_engine.export.case_file import VERIFIER
from mediation_engine.ports.views import NO_CASE, Read
from mediation_engine.record.journal import Chain
from web.case_import.samples import reported_cases
from web.console.demo import free_address
from web.console.locale import speak_chinese
from web.demo_world.cases import STORIES
from web.demo_world.month import month

from ..support import ledgers
from ..support.apart import STOPS, apart
from ..support.files import photo
from ..support.notices import OF_2027
from ..support.postgres import Server
from ..support.sheets import xlsx
from ..support.story import NOW
from .conftest import Demonstration

SCRIPT = Path(sys.executable).with_name("mediation")
CHINESE = re.compile("[一-鿿]")
OF_CLICK = re.compile(
    r"Usage|Options|Commands|Arguments|Error|Show this|Try |Missing|Invalid|No such|default|required"
    r"|\b(INTEGER|TEXT|FILE|PATH|DIRECTORY|RANGE|FLOAT|integer|text)\b"
)
OWN_NAMES = re.compile(r"^用法: mediation.*|^  text  |mediation text ", re.MULTILINE)
"""Where the words of a command stand, of which one is a word of click's."""
WORD = re.compile("[A-Za-z]{3,}")
SECRET, JOINT = "两万就肯签", "欠两个月工资"
REGISTER = ("--set", "调解程序=人民调解", "--set", "纠纷类型=拖欠劳动报酬", "--set", f"简要情况={JOINT}")
PARTIES = ("--applicant", "王某", "--respondent", "某五金厂:单位")


@pytest.fixture(scope="session")
def root() -> ModuleType:
    """The program; its commands are declared once click speaks Chinese, as `start` has it."""
    speak_chinese()
    from web.console import main

    return main


class Console:
    """Somebody at the console, in a folder of their own."""

    def __init__(self, root: ModuleType, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.root, self.capsys, self.folder = root, capsys, folder
        self.database, self.clock = folder / "var" / "mediation.db", FixedClock(NOW)

    def with_database(self, file: Path) -> Console:
        """The same folder with a copy of a database in its usual place."""
        self.database.parent.mkdir()
        shutil.copy(file, self.database)
        return self

    def __call__(self, *words: str, code: int = 0) -> str:
        """Everything a command prints, on either screen; it ends with `code`."""
        self.capsys.readouterr()
        ended = self.root.run(list(words), self.clock)
        printed = self.capsys.readouterr()
        assert ended == code, printed.out + printed.err
        assert "Traceback" not in printed.err
        return printed.out + printed.err

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self(*words, "--json", code=code))

    def lines(self, case: str = "A1") -> list[Any]:
        return self.json("case", "history", case, "--as", "li")

    def new(self, *words: str, case: str = "A1") -> str:
        """A case registered by the mediator."""
        parties = () if "--applicant" in words else PARTIES
        return self("case", "new", "--id", case, "--as", "li", *REGISTER, *parties, *words)

    def do(self, step: str, *words: str, case: str = "A1", by: str = "li", code: int = 0) -> str:
        return self("case", "do", case, step, "--as", by, *words, code=code)

    def photo(self) -> str:
        """A photo to file, with the key that it takes."""
        self("key", "make")
        (self.folder / "photo.jpg").write_bytes(photo())
        return "photo.jpg"

    def notice(self) -> str:
        """A holiday notice to import."""
        (self.folder / "通知.txt").write_text(OF_2027, encoding="utf-8")
        return "通知.txt"

    def raw(self, *statements: str, file: Path | None = None) -> list[Any]:
        """SQL past the door, as somebody who has the file can do it; the rows of the last statement."""
        with closing(_sqlite().connect(str(file or self.database))) as connection:
            found: list[Any] = []
            for statement in statements:
                found = connection.execute(statement).fetchall()
            connection.commit()
        return found

    def tamper(self, change: Callable[[Any], object]) -> None:
        """Change the record with its guards taken off and put back, so that nothing shows."""
        with closing(_sqlite().connect(str(self.database))) as connection:
            guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                connection.execute(f"DROP TRIGGER {name}")
            change(connection)
            for _, declared in guards:
                connection.execute(declared)
            connection.commit()

    def text(self, case: str = "A1") -> str:
        """The id of the first words of a case."""
        return re.search(r"\b[0-9a-f]{32}\b", self("text", "list", case, "--as", "wang"))[0]  # type: ignore[index]

    def reads(self, case: str = "A1") -> list[Read]:
        store = open_store(f"sqlite:///{self.database}", self.clock)
        with store.read() as unit:
            found = unit.views.reads(case)
        store.close()
        return found


def _sqlite() -> Any:
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    return dbapi2


@pytest.fixture
def nowhere(
    root: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Console:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("MEDIATION_DB", "MEDIATION_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    return Console(root, capsys, tmp_path)


@pytest.fixture
def room(nowhere: Console, staffed: Path) -> Console:
    """A room with its sample staff and no case."""
    return nowhere.with_database(staffed)


@pytest.fixture
def case(nowhere: Console, one_case: Path) -> Console:
    """A case A1 accepted, after a talk apart in which something was said."""
    return nowhere.with_database(one_case)


@pytest.fixture(scope="session")
def staffed(root: ModuleType, empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a room without cases: made once, then copied."""
    file = Path(shutil.copy(empty_database, tmp_path_factory.mktemp("staffed") / "mediation.db"))
    return _after(root, file, ["init"])


@pytest.fixture(scope="session")
def one_case(root: ModuleType, staffed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a room with one case."""
    file = Path(shutil.copy(staffed, tmp_path_factory.mktemp("told") / "mediation.db"))
    do, said = ["case", "do", "A1"], ["--set", f"对方说了什么={SECRET}", "--set", "底线=一万五"]
    return _after(
        root,
        file,
        ["case", "new", "--id", "A1", "--as", "li", *REGISTER, *PARTIES],
        [*do, "受理", "--as", "wang"],
        [*do, "记录单独沟通", "--as", "li", "--set", "当事人=王某", *said],
    )


def _after(root: ModuleType, file: Path, *orders: list[str]) -> Path:
    """A database after some commands."""
    with redirect_stdout(StringIO()):
        ended = [root.run(["--db", str(file), *words], FixedClock(NOW)) for words in orders]
    assert ended == [0] * len(orders)
    return file


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of the program with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from commands(inner, (*path, name))


def every_command(root: ModuleType) -> dict[tuple[str, ...], click.Command]:
    return dict(commands(root.mediation))


class TestHelp:
    def test_every_page_of_it_is_in_chinese(self, nowhere: Console) -> None:
        for path in every_command(nowhere.root):
            for flag in ("--help", "-h"):
                page = nowhere(*path, flag)
                assert page.startswith("用法:")
                assert CHINESE.search(page)
                assert not OF_CLICK.search(OWN_NAMES.sub("", page)), page
                assert "None" not in page, page

    def test_every_option_and_argument_has_its_help_and_a_chinese_name_for_its_value(self, nowhere: Console) -> None:
        for path, command in every_command(nowhere.root).items():
            for parameter in command.params:
                value = parameter.metavar or ""
                if isinstance(parameter, click.Option):
                    assert CHINESE.search(parameter.help or ""), (path, parameter.name)
                if not getattr(parameter, "is_flag", False):
                    assert CHINESE.search(value), (path, parameter.name)

    def test_a_group_alone_shows_its_commands(self, nowhere: Console) -> None:
        assert "registered" not in nowhere("case", code=2)
        assert "登记一件新案" in nowhere("case", code=2)

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["cas"], "没有 'cas' 这个命令"),
            (["case", "show"], "缺少参数 '案件'"),
            (["case", "list", "--most", "x"], "'x' 不是有效的数值（整数）"),
            (["case", "list", "--most", "0"], "0 不在范围 1<=x<=10000 内"),
            (["case", "list", "--mots", "1"], "没有 '--mots' 这个选项"),
            (["case", "new"], "缺少选项 '--applicant'"),
            (["case", "new", "--applicant", "王某", "--id", "王某"], "编号只能用字母、数字"),
            (["case", "show", "A1", "--office", "门卫"], "没有“门卫”这项职务；可用：调解员、室主任"),
            (["audit"], "请指明一个案件、--all 或 --file 文件 三者之一"),
            (["audit", "A1", "--all"], "请指明一个案件、--all 或 --file 文件 三者之一"),
        ],
    )
    def test_wrong_use_is_answered_in_chinese(self, room: Console, words: list[str], told: str) -> None:
        answer = room(*words, code=2)
        assert told in answer
        assert not OF_CLICK.search(answer), answer


@pytest.mark.wall_clock
@pytest.mark.parametrize("alphabet", ["ascii", "gbk", pytest.param("utf-8", marks=pytest.mark.thorough)])
def test_whatever_alphabet_a_pipe_is_set_to_nothing_it_says_is_lost(tmp_path: Path, alphabet: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": alphabet}
    for words, stream in ((["case", "list"], "stderr"), (["init"], "stdout"), (["db", "check"], "stdout")):
        ended = subprocess.run(
            [SCRIPT, "--db", "a.db", *words], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert CHINESE.search(getattr(ended, stream).decode()), words
        assert b"Traceback" not in ended.stderr


@pytest.mark.wall_clock
def test_a_whole_small_case_by_the_program_itself(tmp_path: Path) -> None:
    """From nothing to closed, each step a process of its own, on a PC set to no language."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "MEDIATION"))}

    def mediation(*words: str) -> str:
        ended = subprocess.run(
            [SCRIPT, *words], cwd=tmp_path, env=inherited | {"LANG": "C"}, capture_output=True, check=False
        )
        assert ended.returncode == 0, ended.stderr.decode()
        assert not ended.stderr
        return ended.stdout.decode()

    def do(step: str, *words: str, by: str = "li") -> str:
        return mediation("case", "do", "A1", step, "--as", by, *words)

    assert "数据库已就绪" in mediation("init")
    opened = mediation(
        "case", "new", "--id", "A1", "--as", "li", "--applicant", "王某", "--respondent", "李某", *REGISTER
    )
    assert "第1—5条" in opened
    assert "已登记 → 已受理" in do("受理", by="wang")
    assert "会议已召开" in do("记录会议", "--set", "开场时已告知权利义务=是", "--set", "结果=调解成功")
    do("记录谈妥", "--set", '协议条款=[{"内容": "当面道歉", "付款方（义务人）": "李某", "收款方（权利人）": "王某"}]')
    assert "走访稳固" in do("按口头协议生效", "--on", "协议1")
    do("记录已履行", "--on", "协议义务1", "--set", "履行情况或凭证=已当面道歉")
    cancelled = ("--set", "还没有做的走访=取消", "--set", "取消走访的原因=双方已搬离")
    assert "履行监督中 → 履行完毕结案" in do("履行完毕结案", *cancelled)
    shown = mediation("case", "show", "A1", "--as", "li")
    assert "走访稳固·履行完毕结案" in shown
    assert "各项都已了结" in shown
    assert "校验 1 件：全部完整合规；已注明瑕疵 0 处。" in mediation("audit", "--all")


class TestExitCodes:
    def test_0_where_all_went_well(self, room: Console) -> None:
        room("case", "list", code=0)

    def test_1_where_audit_found_something(self, case: Console) -> None:
        case.tamper(lambda db: db.execute("DELETE FROM orders WHERE first = 6"))
        case("audit", "A1", code=1)

    def test_2_where_the_form_is_filled_in_wrongly_with_every_fault(self, room: Console) -> None:
        told = room(
            *("case", "new", "--as", "li", "--applicant", "王某"), "--set", "纠纷类型=吵架", "--set", "颜色=红", code=2
        )
        assert "填写的内容有误：" in told
        assert "✗ 纠纷类型：“吵架”不在可选范围" in told
        assert "✗ 颜色：没有这一项；可填：" in told
        assert "✗ 调解程序：必填" in told

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["跳舞"], "没有“跳舞”这一步骤"),
            (["记录会议", "--set", "结果"], "“结果”应写成 项=值"),
            (["记录会议", "--set", "结果=其他", "--set", "结果=不清楚"], "“结果”填写了两次"),
            (["记录会议", "--expect", "协议1"], "“协议1”应写成 事项=版本"),
            (["记录会议", "--at", "2026-02-30"], "“2026-02-30”不是有效日期"),
            (["记录会议", "--at", "2026-11-05/2026-11-01"], "起日晚于止日"),
        ],
    )
    def test_2_where_an_order_is_written_wrongly(self, case: Console, words: list[str], told: str) -> None:
        assert told in case.do(*words, code=2)

    def test_2_where_a_case_of_that_id_is_there(self, case: Console) -> None:
        again = case("case", "new", "--id", "A1", "--as", "li", "--applicant", "赵某", *REGISTER, code=2)
        assert "案件编号“A1”已经登记过" in again

    def test_3_where_it_is_refused_with_every_reason_and_its_basis(self, case: Console) -> None:
        told = case.do("终止调解", "--set", "原因=调解不成", by="wang", code=3)
        assert "不能办理：" in told
        assert "告知每位当事人其他救济途径（未能联系上也要记录）（王某、某五金厂）　依据：人民调解法 第26条" in told

    def test_3_where_it_is_for_another_office(self, case: Console) -> None:
        assert "由室主任办理，调解员不能办理" in case.do("终止调解", "--set", "原因=调解不成", code=3)

    def test_3_where_it_has_not_happened_yet(self, case: Console) -> None:
        told = case.do("记录会议", "--at", "2199-01-01", code=3)
        assert "发生时间不能晚于现在" in told
        assert "依据" not in told

    def test_3_where_what_is_named_is_not_in_the_case(self, case: Console) -> None:
        told = case.do("记录会议", "--set", "到场的当事人=王某、赵某", code=3)
        assert told.count("赵某") == 1

    def test_3_where_somebody_claims_an_office_not_theirs(self, case: Console) -> None:
        assert "“陈核查”没有“调解员”这项职务" in case(
            "case", "history", "A1", "--as", "chen", "--office", "调解员", code=3
        )
        assert "“李调解”没有“室主任”这项职务" in case.do("受理", "--office", "lead", code=3)

    def test_4_where_what_was_seen_has_changed(self, case: Console) -> None:
        told = case.do("记录会议", "--expect", "分头沟通1=3", code=4)
        assert "“分头沟通”现在是“分头沟通中”" in told

    @pytest.mark.parametrize(
        "words",
        [
            ["case", "show", "A2", "--as", "li"],
            ["case", "show", "A1", "--as", "nobody"],
            ["case", "available", "A1", "--as", "li", "--on", "协议7"],
            ["case", "do", "A1", "按口头协议生效", "--as", "li", "--on", "协议7"],
            ["case", "new", "--as", "li", "--applicant", "王某", "--workflow", "slow_track_1926"],
            ["audit", "A2"],
            ["workflow", "table", "slow_track_1926"],
        ],
    )
    def test_5_where_there_is_no_such_thing(self, case: Console, words: list[str]) -> None:
        assert "没有" in case(*words, code=5)

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["--db", "var/none.db", "case", "list"], "还没有数据库，请先运行 mediation init"),
            (["--db", "mysql://here/it", "case", "list"], "目前只支持 SQLite 和 PostgreSQL"),
            (["--db", "postgresql://localhost:1/it", "case", "list"], "连接不上数据库服务器"),
            (["--db", "postgresql://localhost", "init"], "请在地址中写明是哪个数据库"),
            (["--db", "junk.db", "case", "list"], "文件不是数据库，或已损坏"),
            (["--config", "none.toml", "case", "list"], "配置文件“none.toml”有误：文件或目录不存在"),
            (["--config", "junk.db", "case", "list"], "配置文件“junk.db”有误：第1行"),
            (["import", "none.json"], "文件“none.json”无法使用：文件或目录不存在"),
            (["audit", "--file", "none.jsonl"], "文件“none.jsonl”无法使用：文件或目录不存在"),
            (["audit", "--file", "junk.db"], "第1行不是导出的案件记录"),
            (["audit", "--all", "--checkpoint", "junk.db"], "不是存证点文件"),
            (["export", "A1", "--as", "li", "-o", "junk.db/x"], "写不进去（路径中有一段不是目录）"),
        ],
    )
    def test_6_where_database_file_or_settings_cannot_be_used(self, case: Console, words: list[str], told: str) -> None:
        Path("junk.db").write_text("这不是数据库" * 500, encoding="utf-8")
        assert told in case(*words, code=6)

    @pytest.mark.parametrize("first", [1, 6])
    def test_6_where_an_order_cannot_be_read(self, case: Console, first: int) -> None:
        case.tamper(lambda db: db.execute("UPDATE orders SET body = x'00' WHERE first = ?", (first,)))
        for words in (["case", "show", "A1", "--as", "li"], ["case", "history", "A1", "--as", "li"], ["rebuild"]):
            assert "无法读取，内容可能已被改动" in case(*words, code=6)
        assert f"第{first}条起的内容无法读出" in case("audit", "A1", code=1)


def test_who_did_what_a_party_does_is_the_only_one_who_may_unless_it_is_said(case: Console) -> None:
    entered = ("--set", "代谁（当事人）=王某", "--set", "代理人或代表=张律师", "--set", "凭什么文件=授权委托书")
    case.do("登记代理与代表", *entered)
    assert "由谁办理：张律师（代理与代表1）" in case.do("记录同意调解", "--on", "王某")
    assert "由谁办理" not in case.do("记录同意调解", "--on", "王某", "--capacity", "本人")
    for named in ("张律师", "代理与代表1"):
        assert "由谁办理：张律师" in case.do("记录同意调解", "--on", "王某", "--capacity", named)
    told = case.do("记录同意调解", "--on", "某五金厂", "--capacity", "张律师", code=3)
    assert "只能办理本人或被代理（代表）的当事人的事" in told
    last = re.findall(r"^ *(\d+)", case("case", "history", "A1", "--as", "li"), re.MULTILINE)[-1]
    case("case", "correct", "A1", last, "--capacity", "本人", "--reason", "是本人说的", "--as", "wang")
    assert "校验 1 件：全部完整合规" in case("audit", "--all")


class TestJson:
    def test_every_command_that_has_it_prints_it(self, case: Console) -> None:
        words: dict[tuple[str, ...], list[str]] = {
            ("access", "issue"): [
                "A1",
                *("--visit", "走访1", "--name", "吴网格"),
                "--phone",
                "13900000000",
                "--as",
                "li",
            ],
            ("access", "list"): ["A1", "--as", "li"],
            ("application", "list"): ["--as", "li"],
            ("case", "new"): ["--id", "A2", "--as", "li", "--applicant", "赵某", *REGISTER],
            ("case", "list"): [],
            ("case", "show"): ["A1", "--as", "li"],
            ("case", "deadlines"): ["A1", "--as", "li"],
            ("case", "again"): ["A3", "--set", "简要情况=又欠一个月工资", "--as", "li"],
            ("case", "history"): ["A1", "--as", "li"],
            ("case", "available"): ["A1", "--as", "li"],
            ("case", "do"): ["A1", "记录会议", "--as", "li"],
            ("case", "missing"): ["A1", "--as", "li"],
            ("case", "batch"): ["A1", "协议1", "--template", str(case.folder / "代发.xlsx"), "--as", "li"],
            ("case", "correct"): ["A1", "8", "--set", "对方说了什么=两万", "--reason", "听错了", "--as", "wang"],
            ("case", "corrections"): ["--as", "chen"],
            ("case", "handover"): ["li", "wang", "--as", "wang"],
            ("case", "roster"): ["A1", "--template", str(case.folder / "花名册.xlsx"), "--as", "li"],
            ("case", "sign"): ["A1", "协议1", "--manner", "签名", "--as", "li"],
            ("case", "strike"): ["A1", "8", "--reason", "记错案子", "--as", "wang"],
            ("calendar", "count"): ["2026-09-01", "--days", "30"],
            ("calendar", "import"): [case.notice(), "--dry-run"],
            ("calendar", "show"): ["2026"],
            ("calendar", "moved"): ["2027", "--as", "wang"],
            ("person", "find"): ["王", "--as", "li"],
            ("person", "show"): ["王某", "--as", "li"],
            ("text", "erase"): ["A1", case.text(), "--reason", "本人申请", "--basis", "第47条", "--as", "wang"],
            ("dossier", "show"): ["A1", "--as", "li"],
            ("exhibit", "add"): ["A1", case.photo(), "--kind", "其他", "--as", "li"],
            ("exhibit", "list"): ["A1", "--as", "li"],
            ("exhibit", "sweep"): [],
            ("paper", "list"): ["A1", "--as", "li"],
            ("paper", "clauses"): ["A1", "--as", "li"],
            ("replay",): ["A1", "--as", "li"],
            ("audit",): ["--all"],
            ("self-check",): ["--all", "--as", "wang"],
            ("figures",): ["--as", "wang"],
            ("workflow", "list"): [],
            ("db", "check"): [],
            ("ledger", "check"): ["台账.xlsx", "--as", "wang"],
            ("ledger", "take"): ["台账.xlsx", "--as", "wang"],
            ("organisation", "import"): ["名录.xlsx", "--as", "wang"],
            ("message", "list"): [],
            ("message", "calls"): ["--as", "li"],
            ("worker",): ["--once"],
            ("token", "new"): ["上报", "--for", "li"],
            ("token", "list"): [],
        }
        (case.folder / "台账.xlsx").write_bytes(xlsx([ledgers.HEAD, *ledgers.rows(1)]))
        case("organisation", "export", "名录.xlsx", "--as", "wang")
        case("key", "make")
        case.do("拟定协议书", "--set", "签署的当事人=王某、某五金厂")
        case.do("安排走访", "--set", "走访日期=2026-12-01", "--set", "走访谁=王某")
        case("case", "new", "--id", "A3", "--as", "li", "--applicant", "钱某", *REGISTER)
        case("case", "do", "A3", "撤回申请", "--as", "li")
        having = [p for p, c in every_command(case.root).items() if any(o.name == "json_" for o in c.params)]
        assert set(having) == set(words)
        for path in having:
            assert isinstance(case.json(*path, *words[path]), dict | list)

    def test_it_tells_what_a_program_needs(self, case: Console) -> None:
        shown = case.json("case", "show", "A1", "--as", "li")
        assert (shown["case"], shown["phase"], shown["states"]["block/1"]) == ("A1", "mediation/1", "open")
        (listed,) = case.json("case", "list")
        assert (listed["case"], listed["organisation"]) == ("A1", "xige")
        options = case.json("case", "available", "A1", "--as", "li", "--on", "王某")
        assert {o["on"] for o in options} == {"party/1"}
        assert case.json("audit", "A1") == []
        assert [line["version"] for line in case.lines()] == list(range(1, len(case.lines()) + 1))

    def test_figures_are_told_apart_by_the_kind_of_body_with_the_rate_of_each(self, case: Console) -> None:
        words = ("figures", "--by", "主体", "--as", "wang")
        (row,) = case.json(*words)["groups"]
        assert (row["group"], row["label"], row["accepted"]) == ("other", "调解室等其他调解组织", 1)
        assert row["success_rate"] is None  # nothing was closed
        assert "按主体" in case(*words)

    def test_a_preview_is_printed_so_too_and_nothing_is_written(self, case: Console) -> None:
        before = case.lines()
        (line,) = case.json("case", "do", "A1", "记录会议", "--as", "li", "--preview")
        assert (line["event"], line["version"]) == ("SessionHeld", len(before) + 1)
        assert case.lines() == before


class TestWhereTheDatabaseIs:
    @pytest.mark.parametrize("written", ["elsewhere.db", "sqlite:///elsewhere.db", "./sub folder/二.db"])
    def test_it_is_named_by_path_or_by_url(self, nowhere: Console, written: str) -> None:
        nowhere("--db", written, "init")
        assert Path(written.removeprefix("sqlite:///")).exists()
        assert "还没有案件" in nowhere("--db", written, "case", "list")

    def test_or_by_the_environment_which_the_option_overrules(
        self, nowhere: Console, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MEDIATION_DB", "by environment.db")
        nowhere("init")
        assert Path("by environment.db").exists()
        nowhere("--db", "other.db", "case", "list", code=6)

    def test_or_by_the_settings_or_it_lies_in_var(self, nowhere: Console, monkeypatch: pytest.MonkeyPatch) -> None:
        nowhere("init")
        assert nowhere.database.exists()
        Path("config.toml").write_text('[store]\nurl = "sqlite:///by-settings.db"\n', encoding="utf-8")
        nowhere("init")
        assert Path("by-settings.db").exists()
        monkeypatch.setenv("MEDIATION_DB", "sqlite:///other.db")
        nowhere("case", "list", code=6)

    def test_a_server_is_named_by_url_wherever_a_file_can_be_named(
        self, nowhere: Console, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with server.database() as name:
            url = server.url(name).replace(":@", ":geheim@")
            assert "还没有初始化，请先运行 mediation init" in nowhere("--db", url, "case", "list", code=6)
            Path("config.toml").write_text(f'[store]\nurl = "{url}"\n', encoding="utf-8")
            assert "geheim" not in nowhere("init")
            monkeypatch.setenv("MEDIATION_DB", url)
            Path("config.toml").unlink()
            nowhere.new()
            nowhere.do("受理", by="wang")
            assert "全部完整合规" in nowhere("audit", "--all")
            assert nowhere.lines()[0]["event"] == "CaseRegistered"
            nowhere("rebuild")
            nowhere("checkpoint", "-o", "kept.json")
            nowhere("export", "A1", "-o", "A1.jsonl", "--as", "chen")
            nowhere("audit", "--file", "A1.jsonl", "--checkpoint", "kept.json")


SETTINGS = """
[organisation]
id = "east"
name = "城东调解委员会"
short_name = "城东"
kind = "mediation_committee"

[[staff]]
id = "sun"
name = "孙调解"
offices = ["调解员", "室主任"]

[[staff]]
id = "qian"
name = "钱核查"
offices = ["核查员"]

[console]
actor = "sun"
"""


class TestSettings:
    @pytest.fixture
    def east(self, nowhere: Console) -> Console:
        Path("config.toml").write_text(SETTINGS, encoding="utf-8")
        nowhere("init")
        return nowhere

    def test_the_file_in_the_folder_is_taken(self, east: Console) -> None:
        said = east("init")
        assert "城东调解委员会：孙调解（sun，调解员、室主任）、钱核查（qian，核查员）" in said
        assert "示例人员" not in said

    def test_who_acts_is_named_there_and_by_the_environment_and_by_the_option(
        self, east: Console, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "调解员 孙调解" in east("case", "new", "--id", "A1", "--applicant", "王某", *REGISTER)
        assert "（2026）" not in east("case", "show", "A1")
        east("case", "do", "A1", "受理", code=3)
        assert "室主任 孙调解" in east("case", "do", "A1", "受理", "--office", "室主任")
        monkeypatch.setenv("MEDIATION_ACTOR", "钱核查")
        east("case", "history", "A1")
        east("case", "history", "A1", "--as", "孙调解")
        assert [(r.actor, r.office) for r in east.reads()] == [
            ("sun", "mediator"),
            ("qian", "auditor"),
            ("sun", "mediator"),
        ]

    def test_the_number_of_a_case_bears_the_name_of_the_room(self, east: Console) -> None:
        east("case", "new", "--id", "A1", "--applicant", "王某", "--respondent", "李某", *REGISTER)
        east("case", "do", "A1", "受理", "--office", "室主任")
        assert "城东人调字第0001号" in east("case", "show", "A1")

    def test_another_file_can_be_named(self, nowhere: Console) -> None:
        Path("east.toml").write_text(SETTINGS, encoding="utf-8")
        assert "城东调解委员会" in nowhere("--config", "east.toml", "init")

    def test_a_faulty_file_stops_everything_with_a_sentence(self, nowhere: Console) -> None:
        Path("config.toml").write_text("[stroe]\n", encoding="utf-8")
        assert "✗ 配置文件“config.toml”有误：stroe：没有这一项" in nowhere("init", code=6)

    def test_who_acts_must_be_said_where_nobody_is_named(self, room: Console) -> None:
        told = room("case", "new", "--applicant", "王某", *REGISTER, code=2)
        assert "请用 --as 指明由谁办理；登记的人员：chen（陈核查）、li（李调解）、wang（王主任）" in told


class TestInit:
    def test_it_makes_the_database_and_says_whose_it_is(self, nowhere: Console) -> None:
        said = nowhere("init")
        assert "数据库已就绪：sqlite:///var/mediation.db" in said
        assert "永康经济开发区喜哥调解室：李调解（li，调解员）、王主任（wang，室主任）、陈核查（chen，核查员）" in said
        assert "示例人员" in said

    def test_a_second_time_it_harms_nothing(self, case: Console) -> None:
        first, before, said = case("init"), case.lines(), case("init")
        assert "存证点的签名密钥：var/checkpoint.key" in first
        assert case("init") == said
        assert case.lines() == before
        assert case("audit", "--all").startswith("案件 A1　✓ 完整合规")


class TestLooking:
    def test_a_case_is_shown_part_by_part(self, case: Console) -> None:
        shown = case("case", "show", "A1", "--as", "li")
        assert "现在：调解·调解中" in shown
        assert re.search(r"●\s+争议事项1\s+待解决\s+王某、某五金厂", shown)
        assert re.search(r"分头沟通1\s+分头沟通中\s+王某　谈过 1 次", shown)
        assert "● 还没有了结，共 1 项" in shown

    def test_a_list_names_the_parties_and_where_each_case_stands(self, case: Console) -> None:
        case.new(case="A2")
        listed = case("case", "list", "--as", "chen")
        assert [(r.actor, r.office, r.what) for r in case.reads(NO_CASE)][-1:] == [("chen", "auditor", "list 2")]
        assert "王某" not in case("case", "list"), "names are for whoever says who he is"
        assert re.search(r"A1 .*人民调解\s+调解·调解中\s+李调解\s+王某、某五金厂", listed)
        assert re.search(r"A2\s+—\s+人民调解\s+受理·已登记", listed)

    def test_a_list_goes_on_from_where_it_stopped(self, case: Console) -> None:
        case.new(case="A2")
        first = case("case", "list", "--most", "1")
        assert "A2" not in first
        assert "接着列：mediation case list --after A1" in first
        second = case("case", "list", "--after", "A1")
        assert "A2" in second
        assert "A1" not in second
        assert "后面没有案件了" in case("case", "list", "--after", "A2")

    def test_a_case_is_found_by_its_number_and_by_the_beginning_of_its_id(self, case: Console) -> None:
        number = next(iter(re.findall("（20../?.*?号", case("case", "show", "A1", "--as", "li"))), "")
        assert number
        assert "案件 A1" in case("case", "show", number, "--as", "li")
        assert "案件 A1" in case("case", "show", "A", "--as", "li")
        case.new(case="A2")
        assert "“A”对应多个案件：A1、A2" in case("case", "show", "A", "--as", "li", code=2)

    def test_what_can_be_done_is_told_with_why_the_rest_cannot(self, case: Console) -> None:
        told = case("case", "available", "A1", "--as", "li")
        assert re.search(r"✓\s+记录单独沟通\s+.*分头沟通1", told)
        assert re.search(r"✗\s+终止调解\s+调解\s+“终止调解”由室主任办理", told)

    def test_many_things_of_which_the_same_is_true_are_counted(self, room: Console) -> None:
        workers = [word for n in range(12) for word in ("--applicant", f"工友{n}")]
        room.new(*workers, "--respondent", "某五金厂:单位")
        assert "等13项" in room("case", "available", "A1", "--as", "li")

    def test_nobody_reads_a_word_of_english(self, case: Console) -> None:
        case.do("记录会议")
        for words in (["case", "show"], ["case", "history"], ["case", "available"], ["replay"]):
            printed = case(*words, "A1", "--as", "li")
            assert not WORD.search(printed), printed
        assert not WORD.search(case("case", "list", "--as", "li"))
        assert not WORD.search(case("audit", "--all"))

    def test_every_look_at_a_case_is_put_on_record(self, case: Console) -> None:
        for words in (["case", "show"], ["case", "history"], ["case", "available"], ["replay"], ["export"]):
            case(*words, "A1", "--as", "chen")
        case("case", "show", "A1", "--as", "li", "--json")
        assert [(r.actor, r.office, r.what) for r in case.reads()] == [
            ("chen", "auditor", "show"),
            ("chen", "auditor", "history"),
            ("chen", "auditor", "available"),
            ("chen", "auditor", f"replay {len(case.lines())}"),
            ("chen", "auditor", "export"),
            ("li", "mediator", "show"),
        ]


class TestPrivateWords:
    def test_the_mediator_reads_them_and_the_auditor_reads_that_there_are_some(self, case: Console) -> None:
        assert f"对方说了什么：{SECRET}" in case("case", "history", "A1", "--as", "li")
        history = case("case", "history", "A1", "--as", "chen")
        assert SECRET not in history
        assert "一万五" not in history
        apart = ("当事人", "机关、单位", "同时在场的还有", "对方说了什么", "底线")
        assert all(f"{field}：（内容不公开）" in history for field in apart), (
            "with whom, given or not, and what was said"
        )
        assert history.count("（内容不公开）") == len(apart)
        assert "当事人：王某" not in history.partition("单独沟通")[2]
        assert f"简要情况：{JOINT}" in history

    def test_nor_does_the_auditor_get_them_in_a_file_which_still_proves_whole(self, case: Console) -> None:
        said = case("export", "A1", "--as", "chen", "-o", "chen.jsonl")
        assert "2 段陈述核查员无权查看，没有导出" in said
        written = Path("chen.jsonl").read_text(encoding="utf-8")
        assert SECRET not in written
        assert JOINT in written
        assert "案件 A1　✓ 记录完整　已注明瑕疵 2 处" in case("audit", "--file", "chen.jsonl")

    def test_no_name_and_no_word_lies_in_a_line(self, case: Console) -> None:
        case.do("加入当事人", "--set", "当事人=赵某", "--set", "哪一方=关系人")
        guests = '[{"受邀人": "孙教授", "身份": "有专门知识或经验的人", "已同意的当事人": "王某、某五金厂、赵某"}]'
        told = case.do("记录会议", "--set", f"受邀人={guests}", "--set", "会议记录=谈了很久")
        assert "受邀人：孙教授" in told
        bodies = b"".join(body for (body,) in case.raw("SELECT body FROM orders")).decode()
        for word in ("王某", "某五金厂", "赵某", "孙教授", SECRET, JOINT, "谈了很久"):
            assert word not in bodies


class TestReplay:
    def test_it_shows_what_was_then_and_who_could_do_what(self, case: Console) -> None:
        then = case("replay", "A1", "--at", "5", "--as", "li")
        assert "回放 A1：第5条 / 共8条" in then
        assert "现在：受理·已登记" in then
        assert re.search(r"✓\s+受理\s+受理\s+室主任", then)
        assert re.search(r"✓\s+撤回申请\s+受理\s+调解员、室主任", then)
        assert re.search(r"✗\s+记录会议\s+新的一项\s+案件现在处于“受理”阶段", then)

    def test_it_says_where_a_line_is_but_a_part_of_what_was_done(self, case: Console) -> None:
        assert "到第5条为止的各条是同一次办理" in case("replay", "A1", "--at", "2", "--as", "li")

    def test_without_a_number_it_goes_to_the_end(self, case: Console) -> None:
        assert "第8条 / 共8条" in case("replay", "A1", "--as", "li")

    @pytest.mark.parametrize("at", ["0", "9", "-1", "99999999999999999999"])
    def test_out_of_range_it_says_the_range(self, case: Console, at: str) -> None:
        assert "该案共8条，--at 应在1到8之间" in case("replay", "A1", "--at", at, "--as", "li", code=2)

    def test_what_each_office_could_do_is_told_to_programs(self, case: Console) -> None:
        then = case.json("replay", "A1", "--at", "5", "--as", "li")
        assert then["states"]["intake/1"] == "registered"
        accept = {o: next(x for x in then["offices"][o] if x["command"] == "AcceptCase") for o in ("lead", "mediator")}
        assert accept["lead"]["refusals"] == []
        assert accept["mediator"]["refusals"][0]["code"] == "office"


class TestAudit:
    CHANGE = "UPDATE orders SET body = CAST(replace(body, 'labour_pay', 'consumer') AS BLOB) WHERE \"case\" = 'A1'"

    def test_a_changed_body_is_found_at_its_line(self, case: Console) -> None:
        case.new(case="A2")
        case.tamper(lambda db: db.execute(self.CHANGE))
        told = case("audit", "--all", code=1)
        assert "案件 A1　✗ 1 处问题" in told
        assert re.search(r"第1条\s+内容被改动\s+第1条起的内容与校验码不符", told)
        assert "案件 A2　✓ 完整合规" in told
        assert "校验 2 件：发现 1 处问题" in told

    def test_and_told_to_programs(self, case: Console) -> None:
        case.tamper(lambda db: db.execute(self.CHANGE))
        (found,) = case.json("audit", "A1", code=1)
        assert (found["fault"], found["case"], found["version"], found["known"]) == ("altered", "A1", 1, False)

    def test_a_changed_word_is_found_too(self, case: Console) -> None:
        case.raw(f"UPDATE texts SET words = '三万才签' WHERE words = '{SECRET}'")
        assert re.search(r"第8条\s+文字与记录不符\s+第8条所附文字被改动过", case("audit", "A1", code=1))

    def test_known_defects_are_told_and_are_no_fault(self, case: Console) -> None:
        case.do("记录会议", "--set", "到场的当事人=王某、某五金厂")
        told = case("audit", "A1")
        assert "✓ 记录完整　已注明瑕疵 1 处" in told
        assert re.search(r"第9条\s+已注明的瑕疵\s+未满足：每位当事人第一次参加会议前，须告知其权利义务", told)

    def test_an_empty_record_is_sound(self, room: Console) -> None:
        *beside, last = room("audit", "--all").splitlines()
        labels = ("名册与编号", "人员、账号与令牌", "查阅记录", "材料", "自查说明", "工作日历", "上报表")
        assert beside == [f"{label}　✓ 完整" for label in labels]
        assert last == "校验 0 件：全部完整合规；已注明瑕疵 0 处。"


class TestExport:
    @pytest.fixture
    def exported(self, case: Console) -> Console:
        assert "已导出 A1，8 条：out/A1.jsonl（内含陈述原文，请妥善保管）" in case(
            "export", "A1", "--as", "li", "-o", "out/A1.jsonl"
        )
        return case

    def test_what_was_exported_proves_whole_without_the_database(self, exported: Console) -> None:
        exported.database.unlink()
        assert "案件 A1　✓ 完整合规" in exported("audit", "--file", "out/A1.jsonl")

    def test_the_program_that_checks_it_is_written_beside_it(self, exported: Console) -> None:
        assert Path("out/verify.py").read_bytes() == VERIFIER.read_bytes()
        command = [sys.executable, "-I", "-S", "verify.py", "A1.jsonl"]
        ran = subprocess.run(command, cwd="out", capture_output=True, encoding="utf-8", check=True)
        assert "条，0处问题" in ran.stdout

    def test_it_can_go_into_a_directory(self, case: Console) -> None:
        Path("案卷").mkdir()
        assert "核对程序：案卷/verify.py，用法：python3 verify.py A1.jsonl [存证点]" in case(
            "export", "A1", "--as", "li", "-o", "案卷"
        )
        assert {path.name for path in Path("案卷").iterdir()} == {"A1.jsonl", "verify.py"}
        case("export", "A1", "--as", "li", "-o", "案卷")

    def test_another_file_of_that_name_is_left_alone(self, case: Console) -> None:
        Path("verify.py").write_text("mine")
        assert "没有放核对程序：verify.py 已有另一个文件" in case("export", "A1", "--as", "li", "-o", "A1.jsonl")
        assert Path("verify.py").read_text() == "mine"

    def test_the_program_can_be_had_alone(self, room: Console) -> None:
        assert room("export", "--verifier") == VERIFIER.read_text(encoding="utf-8")
        assert "核对程序：v.py" in room("export", "--verifier", "-o", "v.py")
        assert Path("v.py").read_bytes() == VERIFIER.read_bytes()
        for words in (["export"], ["export", "A1", "--verifier"]):
            assert "请指明一个案件，或只用 --verifier" in room(*words, code=2)

    def test_it_can_go_to_the_screen(self, case: Console) -> None:
        printed = case("export", "A1", "--as", "li")
        assert [json.loads(line)["what"] for line in printed.splitlines()][:2] == ["case", "order"]

    def test_a_changed_order_in_it_is_found(self, exported: Console) -> None:
        file = Path("out/A1.jsonl")
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        order = next(r for r in rows if r.get("first") == 6)
        order["body"] = base64.b64encode(base64.b64decode(order["body"]).replace(b"lead", b"boss")).decode()
        file.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
        told = exported("audit", "--file", "out/A1.jsonl", code=1)
        assert re.search(r"第6条\s+内容被改动", told)

    def test_an_order_taken_out_of_it_is_found(self, exported: Console) -> None:
        file = Path("out/A1.jsonl")
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(line for line in lines if b'"first":6' not in line))
        told = exported("audit", "--file", "out/A1.jsonl", code=1)
        assert re.search(r"第6条\s+缺号\s+第5条之后是第8条", told)


class TestCheckpoint:
    @pytest.fixture
    def kept(self, case: Console) -> Console:
        case.new(case="A2")
        assert "已存证 2 件：away/heads.json" in case("checkpoint", "-o", "away/heads.json")
        return case

    def against(self, console: Console, *words: str, code: int = 0) -> str:
        return console("audit", *(words or ("--all",)), "--checkpoint", "away/heads.json", code=code)

    def test_a_record_that_only_grew_agrees_with_it(self, kept: Console) -> None:
        kept.do("记录会议", "--set", "开场时已告知权利义务=是")
        assert "校验 2 件：全部完整合规；已注明瑕疵 0 处，已与存证点核对。" in self.against(kept)
        assert "已与存证点核对" in self.against(kept, "A1")

    def test_it_can_go_to_the_screen(self, kept: Console) -> None:
        assert set(json.loads(kept("checkpoint"))["cases"]) == {"A1", "A2"}

    def test_a_case_that_vanished_altogether_is_found_only_against_it(self, kept: Console) -> None:
        tables = ("orders", "texts", "case_list", "named", "due_dates")
        kept.tamper(lambda db: [db.execute(f"DELETE FROM {table} WHERE \"case\" = 'A2'") for table in tables])
        assert "校验 1 件：全部完整合规" in kept("audit", "--all")
        assert "案件 A2　✗ 1 处问题" in self.against(kept, code=1)
        assert "存证点中有此案，现在整案不见了" in self.against(kept, code=1)

    def test_an_exported_file_is_held_against_it_for_its_own_case(self, kept: Console) -> None:
        kept("export", "A1", "--as", "li", "-o", "A1.jsonl")
        assert "校验 1 件：全部完整合规" in self.against(kept, "--file", "A1.jsonl")


class TestRebuild:
    def test_it_finds_nothing_to_change(self, case: Console) -> None:
        assert case("rebuild") == "已重建，与原有数据完全一致。\n"

    def test_what_was_changed_by_hand_is_put_right_and_named(self, case: Console) -> None:
        listed = case("case", "list")
        case.raw("UPDATE case_list SET open_parts = 99, number = '假号'")
        assert "列表数据与记录不符" in case("audit", "A1", code=1)
        assert "已重建，1 件有出入并已改正：A1" in case("rebuild")
        assert case("case", "list") == listed
        assert case("rebuild") == "已重建，与原有数据完全一致。\n"


class TestKey:
    def test_a_checkpoint_is_signed_with_it_and_one_of_another_room_is_told(self, case: Console) -> None:
        assert "没有签名：请先运行 mediation key make" in case("checkpoint", "-o", "unsigned.json")
        case("key", "public", code=6)
        made = case("key", "make")
        public = case("key", "public").strip()
        assert public in made
        assert Path("var/checkpoint.key").stat().st_mode & 0o777 == 0o600
        assert "没有改动" in case("key", "make")
        assert "没有签名" not in case("checkpoint", "-o", "ours.json")
        audit = ("audit", "--all", "--checkpoint")
        assert "这份存证点没有签名，不能证明是本室的存证点。" in case(*audit, "unsigned.json")
        assert "这份存证点是本室的存证点，签名相符。" in case(*audit, "ours.json")
        Path("var/checkpoint.key").rename("elsewhere.key")
        assert "这里没有本室的公钥，不能核对" in case(*audit, "ours.json")
        assert "签名相符" in case(*audit, "ours.json", "--public", public)
        case("key", "make")
        assert "不是本室的存证点：签名不符，没有拿来核对" in case(*audit, "ours.json", code=6)
        case("db", "backup", "b.db")
        assert "签名相符" in case(*audit, "b.db.checkpoint.json")
        told = case("--db", "new.db", "db", "restore", "b.db", "--checkpoint", "unsigned.json")
        assert "这份存证点没有签名" in told

    def test_one_that_others_can_read_is_refused(self, case: Console) -> None:
        case("key", "make")
        Path("var/checkpoint.key").chmod(0o640)
        assert "chmod 600 var/checkpoint.key" in case("checkpoint", code=6)


class TestDb:
    """Looking after the database."""

    @pytest.fixture
    def backup(self, case: Console) -> Console:
        """A backup, and after it another case, of which a checkpoint kept elsewhere knows."""
        case("db", "backup", "b.db")
        case.new(case="A2")
        case("checkpoint", "-o", "away/heads.json")
        return case

    def test_upgrade_makes_a_database_and_a_second_time_changes_nothing(self, nowhere: Console) -> None:
        assert f"已新建数据库 sqlite:///var/mediation.db，结构版本 {HEAD}。" in nowhere("db", "upgrade")
        assert nowhere("db", "upgrade") == f"数据库结构已是最新（{HEAD}），没有改动。\n"
        assert "还没有案件" in nowhere("case", "list")

    def test_upgrade_refuses_a_database_newer_than_the_program(self, case: Console) -> None:
        case.raw("UPDATE alembic_version SET version_num = '9999'")
        for words in (["db", "upgrade"], ["db", "backup", "b.db"]):
            assert "比程序新，请换用相应版本的程序" in case(*words, code=6)

    def test_check_says_line_by_line_that_all_is_well(self, case: Console) -> None:
        told = case("db", "check")
        assert told.count("✓") == 15
        assert "一切正常" in told
        assert "校验 1 件，记录完整合规，列表与记录相符" in told
        for known in ("SQLite", "sqlite:///var/mediation.db", "mediation key make"):
            told = told.replace(known, "")
        assert not WORD.search(told)
        quick = case("db", "check", "--quick")
        assert "校验 1 件" not in quick
        assert "（没有逐条校验记录）" in quick

    def test_check_shows_everything_that_is_wrong_at_once(self, case: Console) -> None:
        case("db", "backup", "b.db")
        case("db", "backup", "b.db", code=6)
        case.raw("UPDATE texts SET words = '三万才签'", "DROP TRIGGER orders_no_update", "DROP TABLE outbox")
        told = case("db", "check", code=1)
        for words in (
            r"✗\s+数据表\s+缺少 outbox",
            r"✗\s+只增不改\s+只增不改的保护不完好（orders_no_update 不见了）",
            r"✗\s+记录与列表\s+校验 1 件，发现 \d 处问题",
            r"✗\s+最近备份\s+.* 备份失败：文件“b.db”无法使用：已有这个文件",
        ):
            assert re.search(words, told), told
        assert "✗ 4 项不对" in told
        wrong = [one["what"] for one in case.json("db", "check", code=1) if not one["sound"]]
        assert wrong == ["数据表", "只增不改", "记录与列表", "最近备份"]

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda file: file.unlink(), "还没有数据库"),
            (lambda file: file.write_bytes(b""), "还没有初始化"),
            (lambda file: file.write_bytes(b"x" * 5000), "文件不是数据库，或已损坏"),
        ],
    )
    def test_check_of_what_is_no_database(self, case: Console, spoil: Callable[[Path], object], words: str) -> None:
        spoil(case.database)
        assert words in case("db", "check", code=1)

    def test_check_knows_how_old_the_last_backup_is(self, case: Console) -> None:
        note = Path("var/mediation.db.backup.json")

        def last(sound: bool) -> str:
            (found,) = [c for c in case.json("db", "check", code=int(not sound)) if c["what"] == "最近备份"]
            assert found["sound"] is sound
            return str(found["words"])

        case("db", "backup", "b.db")
        assert "此后没有新的记录" in last(True)
        note.write_text(note.read_text(encoding="utf-8").replace('"at":"20', '"at":"19'), encoding="utf-8")
        assert "此后没有新的记录" in last(True)
        case.clock.now += timedelta(minutes=1)
        case.new(case="A2")
        assert "此后有新的记录，已超过 2 天" in last(False)
        note.write_text("{", encoding="utf-8")
        assert "还没有在这台电脑上备份过" in last(True)

    def test_backup_says_what_it_holds_and_where_the_rest_is(self, case: Console) -> None:
        told = case("db", "backup", "away/b.db", "--checkpoint", "heads.json")
        assert "已备份并核对：away/b.db，1 件案件，8 条记录" in told
        assert "校验码：away/b.db.sha256" in told
        assert "存证点：heads.json" in told
        assert "已与存证点核对" in case("audit", "--all", "--checkpoint", "heads.json")

    def test_backup_into_a_folder_is_named_by_the_time(self, case: Console) -> None:
        Path("away").mkdir()
        case("db", "backup", "away")
        names = {re.sub(r"\d{8}-\d{6}", "00000000-000000", file.name) for file in Path("away").iterdir()}
        base = "mediation-00000000-000000.db"
        assert names == {base, f"{base}.sha256", f"{base}.checkpoint.json"}
        Path("elsewhere").mkdir()
        case("db", "backup", "b.db", "--checkpoint", "elsewhere")
        assert [file.name for file in Path("elsewhere").iterdir()] == ["b.db.checkpoint.json"]

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["db", "backup", "there.db"], "已有这个文件，不会覆盖它"),
            (["db", "backup", "there.db/b.db"], "路径中有一段不是目录"),
            (["--db", "none.db", "db", "backup", "b.db"], "还没有数据库，没有可备份的内容"),
            (["--db", "there.db", "db", "backup", "b.db"], "文件不是数据库"),
            (["--db", "mysql://host/it", "db", "backup", "b.db"], "不支持“mysql”"),
            (["db", "restore", "none.db"], "文件“none.db”无法使用：没有这个文件"),
            (["db", "restore", "var"], "文件“var”无法使用"),
            (["db", "restore", "there.db"], "无法确认备份是否完好"),
            (["--db", "new.db", "db", "restore", "there.db", "--without-digest"], "文件不是数据库，或已损坏"),
            (["db", "restore", "there.db", "--checkpoint", "none.json"], "文件“none.json”无法使用：文件或目录不存在"),
        ],
    )
    def test_what_cannot_be_done_is_said_and_nothing_is_left(self, case: Console, words: list[str], told: str) -> None:
        Path("there.db").write_text("不是数据库" * 1000, encoding="utf-8")
        assert told in case(*words, code=6)
        assert not [p for p in (*Path().glob("*.part"), *Path().glob(".*"), Path("b.db"), Path("new.db")) if p.exists()]

    def test_restore_puts_everything_back_and_reports(self, backup: Console) -> None:
        told = backup("--db", "new.db", "db", "restore", "b.db")
        assert re.search(r"已恢复到 sqlite:///new.db：1 件案件，8 条记录，用时 \d+\.\d 秒。", told)
        assert "已校验：与备份逐字节相同" in told
        assert re.search(r"最新一条记录于 20\d\d-.*；此后办理的都不在这份备份里", told)
        assert "没有与存证点核对" in told
        assert "✓ 完整合规" in backup("--db", "new.db", "audit", "A1")

    def test_restore_says_of_an_old_backup_what_is_missing_and_puts_back_what_there_is(self, backup: Console) -> None:
        told = backup("--db", "new.db", "db", "restore", "b.db", "--checkpoint", "away/heads.json", code=1)
        assert "✗ 这是一份旧备份：与存证点相比，1 件案件共缺 5 条" in told
        assert "案件 A2　存证时有5条，备份中没有此案，缺 5 条" in told
        assert "备份里有的已全部恢复" in told
        assert "✓ 完整合规" in backup("--db", "new.db", "audit", "A1")

    def test_restore_with_the_newest_backup_says_that_nothing_is_missing(self, case: Console) -> None:
        case("db", "backup", "b.db", "--checkpoint", "heads.json")
        told = case("--db", "new.db", "db", "restore", "b.db", "--checkpoint", "heads.json")
        assert "存证时有的，一条不缺" in told

    def test_restore_tells_faults_that_came_with_the_backup(self, case: Console) -> None:
        case.raw(f"UPDATE texts SET words = '三万才签' WHERE words = '{SECRET}'")
        case("db", "backup", "b.db")
        told = case("--db", "new.db", "db", "restore", "b.db", code=1)
        assert "备份时就有 1 件案件的记录有问题" in told
        assert "第8条所附文字被改动过" in told

    def test_restore_refuses_where_something_is_already(self, backup: Console) -> None:
        before = backup.lines()
        assert "那里已有数据库" in backup("db", "restore", "b.db", code=6)
        assert backup.lines() == before

    def test_restore_refuses_a_damaged_backup(self, backup: Console) -> None:
        content = bytearray(Path("b.db").read_bytes())
        content[9000] ^= 1
        Path("b.db").write_bytes(content)
        assert "已损坏或被改动过，请换用另一份备份" in backup("--db", "new.db", "db", "restore", "b.db", code=6)
        assert not Path("new.db").exists()

    def test_a_backup_is_audited_as_a_file_or_as_a_database_and_stays_what_it_was(self, backup: Console) -> None:
        before = Path("b.db").read_bytes()
        assert "校验 1 件：全部完整合规" in backup("audit", "--file", "b.db")
        assert "✗ 1 处问题" in backup("audit", "--file", "b.db", "--checkpoint", "away/heads.json", code=1)
        assert "校验 1 件：全部完整合规" in backup("--db", "b.db", "audit", "--all")
        assert Path("b.db").read_bytes() == before


class TestDemo:
    @pytest.fixture
    def told(self, demonstration: Demonstration, nowhere: Console) -> Console:
        """A folder in which it was told today."""
        shutil.copytree(demonstration.var, nowhere.folder / "var")
        return nowhere

    def record(self, console: Console) -> list[Any]:
        return console.raw('SELECT "case", first, digest FROM orders ORDER BY 1, 2', file=Path("var/demo.db"))

    def journal(self, console: Console) -> list[Any]:
        return console.raw("SELECT chain, serial, digest FROM journal ORDER BY 1, 2", file=Path("var/demo.db"))

    def test_its_pages_open_at_the_next_port_where_the_first_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            found = urlsplit(free_address(f"http://127.0.0.1:{port}"))
            assert (found.hostname, port < (found.port or 0)) == ("127.0.0.1", True)

    def test_it_shows_all_cases_and_a_second_time_adds_nothing(
        self, demonstration: Demonstration, told: Console
    ) -> None:
        shown = demonstration.shown
        reported, made_up = {r["id"] for r in reported_cases()}, {story.case for story in STORIES}
        assert len(reported) == 24
        for case in reported:
            assert re.search(rf"^{case} ", shown, re.MULTILINE)
        self.is_sound(told, Path("var/demo.db"), shown, made_up)
        assert shown.count("　✓ 完整\n") == len(Chain)
        _, board = shown.split("李调解的工作台，")
        assert re.search(r"^逾期 .* demo-instalments +$", board, re.MULTILINE)
        assert re.search(r"^ +走访示例电动工具厂 .*今天到期", board, re.MULTILINE)
        assert set(re.findall(r"逾期(\d+)天", board)) <= set("1234")
        before, beside = self.record(told), self.journal(told)
        assert {case for case, _, _ in before} >= reported | made_up
        assert told("demo") == shown
        assert (self.record(told), self.journal(told)) == (before, beside)

    def test_on_another_day_its_room_is_made_anew_with_its_papers(self, told: Console) -> None:
        before, papers = self.record(told), set(Path("var/demo-exhibits").iterdir())
        told.clock.now += timedelta(days=1)
        told("demo")
        assert {case for case, _, _ in self.record(told)} == {case for case, _, _ in before}
        assert self.record(told) != before
        anew = set(Path("var/demo-exhibits").iterdir())
        assert len(anew) == len(papers) and len(anew & papers) <= 1

    @pytest.mark.parametrize("change", ["a guard less", "other rules"])
    def test_where_another_version_left_its_own_there_it_is_made_anew(
        self, demonstration: Demonstration, told: Console, change: str
    ) -> None:
        at = {"file": Path("var/demo.db")}
        [(guard,)] = told.raw("SELECT sql FROM sqlite_master WHERE name = 'orders_no_update'", **at)
        told.raw("DROP TRIGGER orders_no_update", **at)
        if change == "other rules":
            told.raw("UPDATE orders SET body = CAST(replace(body, '2026:', '2025:') AS BLOB)", guard, **at)
        assert told("demo") == demonstration.shown
        assert told.raw("SELECT sql FROM sqlite_master WHERE name = 'orders_no_update'", **at) == [(guard,)]

    def test_what_it_proposes_to_try_can_be_tried(self, demonstration: Demonstration, told: Console) -> None:
        *_, proposed = demonstration.shown.strip().splitlines()
        assert "案件 sanfu-guard" in told(*proposed.split()[1:])

    def test_one_that_was_killed_is_told_anew_and_a_second_at_once_is_told_to_wait(self, nowhere: Console) -> None:
        told = f"""
import os
from datetime import datetime
os.chdir({str(nowhere.folder)!r})
from mediation_engine.clock import FixedClock
from web.console.locale import speak_chinese
speak_chinese()
from web.console import main
from web.demo_world import teller
teller.World._fill_in = stop
main.run(["--db", "own.db", "demo"], FixedClock(datetime.fromisoformat({NOW.isoformat()!r})))
"""
        with apart("-c", STOPS + told) as process:
            assert process.stdout
            assert any(line == "here\n" for line in process.stdout)
            assert "另一个演示正在准备" in nowhere("--db", "own.db", "demo", code=6)
        assert "还没有数据库" in nowhere("--db", "own.db", "case", "list", code=6)
        shown = nowhere("--db", "own.db", "demo")
        self.is_sound(nowhere, Path("own.db"), shown, {story.case for story in STORIES})
        [papers] = nowhere.folder.glob("var/demo-exhibits-*")
        rows = nowhere.raw("SELECT blob FROM exhibits", file=Path("own.db"))
        assert {path.name for path in papers.iterdir()} == {".lock", *(name for (name,) in rows)}

    def is_sound(self, console: Console, file: Path, shown: str, made_up: set[str]) -> None:
        """No made-up case has even a mark; those without any are counted, the others named."""
        named = set(re.findall(r"案件 (\S+)　✓ 记录完整　已注明瑕疵 [1-9]", shown))
        [sound] = re.findall(r"^另 (\d+) 件　✓ 完整合规$", shown, re.MULTILINE)
        assert "处问题" not in shown and not named & made_up
        there = {case for (case,) in console.raw('SELECT "case" FROM case_list', file=file)}
        assert int(sound) + len(named) == len(there)
        assert there >= made_up | {it.case for it in month().stories if it.case.startswith("month-")}

    def files(self, console: Console) -> dict[str, bytes]:
        """The database and its log; what is beside them in memory that processes share is none of it."""
        there = console.database.parent.glob("mediation.db*")
        return {path.name: path.read_bytes() for path in there if not path.name.endswith("-shm")}

    @pytest.mark.parametrize("state", ["closed", "in use", "older", "another program's"])
    def test_what_is_no_demo_is_refused_untouched(self, case: Console, state: str) -> None:
        changes = {
            "older": "UPDATE alembic_version SET version_num = '0101_older'",
            "another program's": "DROP TABLE alembic_version",
        }
        with closing(_sqlite().connect(str(case.database))) as user:
            user.execute(changes.get(state, "UPDATE actors SET name = '李老师' WHERE id = 'li'"))
            user.commit()
            if state != "in use":
                user.close()  # what is in its log is carried over
            before = self.files(case)
            assert ("mediation.db-wal" in before) == (state == "in use")
            told = case("--db", str(case.database), "demo", code=6 if state in changes else 2)
            assert ("李老师" in told) == (state not in changes)
            assert self.files(case) == before

    def test_it_stays_away_from_the_database_of_the_room(self, case: Console, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MEDIATION_DB", str(case.database))
        case("demo")
        assert [row["case"] for row in case.json("case", "list")] == ["A1"]
        assert "请用 --db 指明另一个" in case("--db", str(case.database), "demo", code=2)


class TestTheSameOrderAgain:
    def test_a_step_given_again_under_its_id_gets_the_same_answer(self, case: Console) -> None:
        first = case.do("记录会议", "--command-id", "once", "--set", "会议记录=谈了很久")
        written = case.lines()
        assert case.do("记录会议", "--command-id", "once", "--set", "会议记录=谈了很久") == first
        assert case.lines() == written

    def test_and_with_anything_else_in_it_is_refused(self, case: Console) -> None:
        case.do("记录会议", "--command-id", "once")
        told = case.do("记录会议", "--command-id", "once", "--set", "结果=调解不成", code=2)
        assert "操作编号 once 已用于另一项操作" in told

    def test_a_registration_given_again_is_the_same_case_with_the_same_people(self, room: Console) -> None:
        words = ["case", "new", "--as", "li", "--command-id", "once", "--applicant", "王某", *REGISTER]
        first = room(*words)
        assert room(*words) == first
        assert len(room.json("case", "list")) == 1
        assert len(room.raw("SELECT id FROM people")) == 1

    def test_and_with_another_name_is_refused(self, room: Console) -> None:
        words = ["case", "new", "--as", "li", "--command-id", "once", *REGISTER, "--applicant"]
        room(*words, "王某")
        assert "操作编号 once 已用于另一项操作" in room(*words, "赵某", code=2)

    def test_two_orders_without_an_id_are_two(self, case: Console) -> None:
        case.do("记录会议")
        case.do("记录会议")
        assert len(case.lines()) == 10


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["[bold]王某[/bold]", "[red", "=1+1", "@SUM(A1)", "{0}", "%s", "王\\", "John Smith", "𠮷田", "<b>王</b>"],
    )
    def test_a_name_is_printed_as_it_is_whatever_it_looks_like(self, room: Console, name: str) -> None:
        assert name in room.new("--applicant", name, "--respondent", "李某")
        for words in (["case", "show"], ["case", "history"], ["case", "available"], ["replay"]):
            assert name in room(*words, "A1", "--as", "li")
        assert name in room("case", "list", "--as", "li")

    @pytest.mark.parametrize("words", ["[bold]欠薪[/bold]", "[1]", "{}", ":cat:", "[link=x]", "=1+1"])
    def test_and_so_are_words(self, case: Console, words: str) -> None:
        assert f"会议记录：{words}" in case.do("记录会议", "--set", f"会议记录={words}")

    def test_a_very_long_name_is_not_cut_off(self, room: Console) -> None:
        name = "长" * 40
        room.new("--applicant", name, "--respondent", "李某")
        assert room("case", "show", "A1", "--as", "li").count("长") == 80  # as a party, and in what is disputed
        assert room("case", "list", "--as", "li").count("长") == 40

    @pytest.mark.parametrize("name", ["", "  ", "长" * 101, "响\x07铃", "反\u202e写", "二\n行", "半\udc80个"])
    def test_what_is_no_name_is_refused(self, room: Console, name: str) -> None:
        told = room("case", "new", "--as", "li", "--applicant", name, *REGISTER, code=2)
        assert "✗ 申请人：姓名或名称应有1到100个字" in told

    def test_two_parties_of_one_name_are_told_apart(self, room: Console) -> None:
        room.new("--applicant", "王某", "--applicant", "王某", "--respondent", "李某")
        assert "王某（当事人1）、王某（当事人2）、李某" in room("case", "show", "A1", "--as", "li")
        told = room.do("告知权利义务", "--on", "王某", code=2)
        assert "“王某”不止一个，请写明：王某（当事人1）、王某（当事人2）" in told
        room.do("告知权利义务", "--on", "王某（当事人2）")
        room.do("告知权利义务", "--on", "当事人1", "--on", "party/3")
        assert [line["instance"] for line in room.lines()[-3:]] == ["party/2", "party/1", "party/3"]

    def test_a_mother_who_acts_for_her_child_is_meant_as_what_is_asked_for(self, room: Console) -> None:
        room.new("--applicant", "王某", "--applicant", "王小某", "--respondent", "李某")
        room.do("记录行为能力", "--on", "王小某", "--set", "行为能力=不满16岁")
        guardian = ("--set", "身份=监护人（法定代理人）", "--set", "代理人或代表=王某")
        room.do("登记代理与代表", "--set", "代谁（当事人）=王小某", *guardian)
        room.do("告知权利义务", "--on", "王某")
        assert room.lines()[-1]["instance"] == "party/1"
        room.do("记录同意调解", "--on", "王小某", "--capacity", "王某")
        assert room.lines()[-1]["capacity"] == "capacity/1"
        room.do("送达文书", "--set", "什么文书=权利义务告知书", "--set", "送给谁=王某")
        assert room.lines()[-1]["given"]["party"] == "party/1"
        told = room("case", "available", "A1", "--on", "王某", "--as", "li", code=2)
        assert "“王某”不止一个，请写明：当事人1、代理与代表1" in told
        room.do("受理", by="wang")
        room.do("记录谈妥", "--set", "协议总金额=1万")
        room.do("拟定协议书", "--on", "协议1", "--set", "签署的当事人=王某、王小某、李某")
        room.do("确认协议", "--on", "王某", "--set", "确认方式=签名")
        room.do("确认协议", "--on", "王小某", "--capacity", "王某", "--set", "确认方式=签名")
        assert [line["instance"] for line in room.lines()[-2:]] == ["confirmation/1", "confirmation/2"]

    def test_a_step_on_what_is_a_partys_is_given_by_its_name(self, case: Console) -> None:
        case.do(
            "记录谈妥",
            "--set",
            '协议条款=[{"内容": "付一万", "付款方（义务人）": "某五金厂", "收款方（权利人）": "王某"}]',
        )
        case.do("拟定协议书", "--on", "协议1", "--set", "签署的当事人=王某、某五金厂")
        case.do("确认协议", "--on", "王某", "--set", "确认方式=签名")
        case.do("修改协议书", "--on", "协议1", "--set", "协议总金额=1万")
        case.do("确认协议", "--on", "王某", "--set", "确认方式=签名")
        assert case.lines()[-1]["instance"] == "confirmation/3"
        case.do("记录谈妥", "--set", "协议总金额=2万")
        case.do("拟定协议书", "--on", "协议2", "--set", "签署的当事人=王某、某五金厂")
        told = case.do("确认协议", "--on", "王某", "--set", "确认方式=签名", code=2)
        assert "“王某”有几项，请写明：当事人确认3、当事人确认5" in told

    def test_a_name_that_looks_like_a_key_does_not_take_its_place(self, room: Console) -> None:
        room.new("--applicant", "party/2", "--respondent", "李某")
        room.do("告知权利义务", "--on", "party/2")
        assert room.lines()[-1]["instance"] == "party/2"


class TestParties:
    @pytest.mark.parametrize(
        ("typed", "kind", "count"),
        [
            ("王某", "person", 1),
            ("某五金厂:单位", "enterprise", 1),
            ("某五金厂：单位", "enterprise", 1),
            ("工人:一群人:12", "group", 12),
            ("工人 : 一群人", "group", None),
            ("王某:person", "person", 1),
        ],
    )
    def test_kind_and_number_stand_behind_the_name(
        self, room: Console, typed: str, kind: str, count: int | None
    ) -> None:
        room.new("--applicant", typed, "--respondent", "李某")
        party = room.json("case", "show", "A1", "--as", "li")["facts"]["parties"]["party/1"]
        assert (party["kind"], party["count"]) == (kind, count)

    @pytest.mark.parametrize("typed", ["某厂:公司", "工人:12", "工人:一群人:很多", "王某:个人:2", "王某:", "a:b:c:d"])
    def test_what_is_written_otherwise_is_answered_with_how(self, room: Console, typed: str) -> None:
        told = room("case", "new", "--as", "li", "--applicant", typed, *REGISTER, code=2)
        assert f"✗ 申请人：“{typed}”应写成 姓名、名称:单位 或 名称:一群人:人数" in told

    def test_somebody_who_joins_is_entered_by_name_and_kind(self, case: Console) -> None:
        told = case.do("加入当事人", "--set", "当事人=某劳务公司", "--set", "哪一方=被申请人", "--set", "当事人是=单位")
        assert "某劳务公司" in told
        assert case.raw("SELECT kind FROM people WHERE name = '某劳务公司'") == [("enterprise",)]

    def test_a_preview_of_an_amendment_says_what_would_read_otherwise(self, case: Console) -> None:
        def do(what: str, *words: str, code: int = 0) -> str:
            return case("case", "do", "A1", what, "--as", "li", *words, code=code)

        do("记录谈妥", "--set", "协议全文或要点=一次付清")
        do("拟定协议书", "--on", "agreement/1", "--set", "签署的当事人=王某、某五金厂")
        amended = ("--on", "agreement/1", "--set", "协议全文或要点=分两次付清")
        told = do("修改协议书", *amended, "--preview").partition("与现在的内容比较：")[2]
        assert re.search(r"全文或要点\s+一次付清\s+分两次付清", told)
        do("修改协议书", *amended)
        assert "没有改动" in do("修改协议书", *amended, code=3)

    def test_a_preview_names_who_is_not_entered_yet(self, room: Console) -> None:
        shown = room.new("--preview", "--applicant", "王某")
        assert "预览，尚未写入" in shown
        assert re.search(r"2\s+王某\s+⤷当事人已登记", shown)
        assert room.json("case", "list") == []
        assert room.raw("SELECT * FROM people") == []


class TestTimes:
    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("2019-11-04", "2019年11月4日（周一）"),
            ("2019年11月4日", "2019年11月4日（周一）"),
            ("2019年11月", "2019年11月"),
            ("2019", "2019年"),
            ("2019-11~", "约2019年11月"),
            ("2019-11-04/2019-11-05", "2019年11月4日（周一）至2019年11月5日（周二）"),
            ("..", "时间不清楚"),
        ],
    )
    def test_when_it_happened_is_told_as_exactly_as_it_was_said(self, case: Console, typed: str, told: str) -> None:
        assert told in case.do("记录会议", "--at", typed)


class TestRules:
    def test_the_workflows_are_listed_with_their_phases_and_tracks(self, nowhere: Console) -> None:
        listed = nowhere("workflow", "list")
        assert "受理 → 事前分块协调 → " in listed
        assert "人民调解、劳动争议调解" in listed

    def test_a_form_is_told_field_by_field(self, nowhere: Console) -> None:
        told = nowhere("workflow", "form", "记录谈妥")
        assert re.search(r"协议条款\s+若干行", told)
        assert re.search(r"　· 金额\s+金额，如 12345.60 或 1.2万", told)
        assert re.search(r"　· 内容\s+必填\s+文字，不超过1000个字", told)
        assert "选一项：付款、已付抵扣" in told

    def test_every_step_has_its_form(self, nowhere: Console) -> None:
        from web.wiring import catalogue

        for workflow in catalogue().workflows.values():
            for command in workflow.commands.values():
                told = nowhere("workflow", "form", command.label)
                assert f"{workflow.label}·{command.label}" in told

    def test_a_step_there_is_not_has_none(self, nowhere: Console) -> None:
        assert "没有“跳舞”这一步骤；能办理的步骤见" in nowhere("workflow", "form", "跳舞", code=2)

    def test_one_called_nearly_so_is_named(self, nowhere: Console) -> None:
        assert "是不是：加盖调解组织印章" in nowhere("workflow", "form", "盖章", code=2)

    @pytest.mark.parametrize("name", ["速调", "fast_track", "fast_track_2026"])
    def test_a_workflow_is_called_by_name_family_or_label(self, room: Console, name: str) -> None:
        told = room("workflow", "form", "邀请会诊成员", "--workflow", name)
        assert "五方会诊·" not in told
        assert "选一项：调解组织方、公检法机关" in told
        room.new("--workflow", name)
        assert room.lines()[0]["rules"].startswith("fast_track_2026")

    def test_drawings_that_are_not_of_these_rules_are_noticed(
        self, nowhere: Console, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from web.console import workflow

        monkeypatch.setattr(workflow, "DRAWN", Path("drawn"))
        assert "图表与规则不符" in nowhere("workflow", "check", code=1)
        nowhere("workflow", "draw", "-o", "drawn")
        assert "声明无误" in nowhere("workflow", "check")

    def test_the_table_is_markdown(self, nowhere: Console) -> None:
        assert "|" in nowhere("workflow", "table", "fast_track_2026")


def test_what_the_readme_shows_can_be_typed(nowhere: Console) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = re.search(r"## 办一件案\n.*?```sh\n(.*?)```", readme, re.DOTALL)
    assert block
    shown = block[1].replace("\\\n", " ").replace("../存证点", "存证点")
    commands = [shlex.split(part, comments=True) for line in shown.splitlines() for part in line.split(" && ")]
    for words in commands:
        if words[0] == "mediation":
            meant = {"文字编号": nowhere.text, "身份证.jpg": nowhere.photo}
            nowhere(*(meant[word]() if word in meant else word for word in words[1:]))
    assert len(commands) > 10


class TestAlike:
    def test_open_cases_with_the_same_names_are_told_before_another_is_opened(self, case: Console) -> None:
        told = case.new(case="A2")
        assert "! 未结的案件里也有某五金厂、王某：" in told
        assert "（A1）" in told
        assert "同一件事请不要再登记" in told
        assert "!" not in case.new("--applicant", "赵某", case="A3")

    def test_a_name_that_is_not_there_is_told_with_the_nearest(self, case: Console) -> None:
        told = case.do("告知权利义务", "--on", "王莫某", code=2)
        assert "本案中没有“王莫某”，是不是：王某" in told

    def test_a_role_that_is_none_is_told_with_those_there_are(self, case: Console) -> None:
        told = case.do("记录会诊成员", "--set", "代表哪一方=女人e家", "--set", "成员=某某", code=2)
        assert "请写其中一个：" in told
        assert "社会基层治理导师" in told
