"""`mediation account …`, and the first passwords of `mediation init`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from mediation_engine.adapters.files import write_new
from mediation_engine.adapters.sql import SqlStore, open_store
from mediation_engine.clock import FixedClock
from mediation_engine.ports.drafts import Draft
from mediation_engine.ports.store import Store
from web import wiring
from web.console.locale import speak_chinese
from web.security.api_tokens import known
from web.security.authentication import WrongPassword, come_in
from web.security.throttle import TooManyTries

from ..web.conftest import SEALS, SECRET, Browser, quick
from .conftest import Demonstration

__all__ = ["quick"]

Mediation = Callable[..., str]


@pytest.fixture
def mediation(
    database: Path,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Mediation:
    """The console over a database of one's own: everything a command prints."""
    speak_chinese()  # before the commands are declared, as `start` has it
    from web.console.main import run

    monkeypatch.chdir(tmp_path)

    def command(*words: str, code: int = 0) -> str:
        assert run(["--db", str(database), *words], clock) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return command


@pytest.fixture
def first(mediation: Mediation) -> dict[str, str]:
    """The passwords that `init` gave out."""
    return dict(re.findall(r"有效：(\w+)　(\S+)", mediation("init")))


def let_in(store: Store, name: str, password: str) -> str:
    try:
        return come_in(store, SEALS, name, password, "", "10.0.0.1").id
    except (WrongPassword, TooManyTries) as fault:
        return type(fault).__name__


@pytest.fixture
def now(database: Path, clock: FixedClock) -> SqlStore:
    """The store that the console works at."""
    return open_store(f"sqlite:///{database}", clock)


def test_init_gives_everybody_a_first_password_once(mediation: Mediation, first: dict[str, str], now: SqlStore) -> None:
    assert first.keys() == {"li", "wang", "chen"}
    assert [let_in(now, name, password) for name, password in first.items()] == ["li", "wang", "chen"]
    assert "一次性密码" not in mediation("init")
    assert let_in(now, "li", first["li"]) == "li"
    now.close()


def test_a_new_password_replaces_the_old_one(mediation: Mediation, first: dict[str, str], now: SqlStore) -> None:
    said = mediation("account", "set-password", "李调解")
    new = said.partition("一次性密码：")[2].split()[0]
    assert "24小时" in said
    assert [let_in(now, "li", p) for p in (first["li"], new)] == ["WrongPassword", "li"]
    now.close()


def test_who_is_locked_out_is_shown_and_let_try_again(
    mediation: Mediation, first: dict[str, str], now: SqlStore
) -> None:
    for _ in range(5):
        let_in(now, "li", "wrong")
    assert let_in(now, "li", first["li"]) == "TooManyTries"
    assert "锁定到" in mediation("account", "list")
    mediation("account", "unlock", "li")
    assert "锁定到" not in mediation("account", "list")
    assert let_in(now, "li", first["li"]) == "li"
    now.close()


def test_who_is_stopped_does_not_come_in_until_started(
    mediation: Mediation, first: dict[str, str], now: SqlStore
) -> None:
    with now.write() as unit:
        unit.drafts.put(Draft(owner="li", path="/cases/new", form="x", at=unit.now), "sealed")
    mediation("account", "stop", "li")
    with now.read() as unit:
        assert unit.drafts.of("li") == [], "drafts end with the account"
    assert "已停用" in mediation("account", "list")
    assert let_in(now, "li", first["li"]) == "WrongPassword"
    mediation("account", "start", "li")
    assert let_in(now, "li", first["li"]) == "li"
    now.close()


def test_one_time_codes_are_taken_back(mediation: Mediation, first: dict[str, str], now: SqlStore) -> None:
    from pyotp import TOTP

    from web.security.totp import keep_seed, new_seed

    seed = new_seed()
    with now.read() as unit:
        moment = unit.now
    assert keep_seed(now, SEALS, "li", seed, TOTP(seed).at(moment))
    assert "已启用" in mediation("account", "list")
    assert let_in(now, "li", first["li"]) == "WrongPassword"
    mediation("account", "totp", "li")
    assert let_in(now, "li", first["li"]) == "li"
    now.close()


def test_codes_that_a_new_secret_file_cannot_check_are_listed_and_reset(
    mediation: Mediation, first: dict[str, str], now: SqlStore, tmp_path: Path
) -> None:
    from pyotp import TOTP

    from web.security.totp import keep_seed, new_seed

    seed = new_seed()
    with now.read() as unit:
        moment = unit.now
    assert keep_seed(now, SEALS, "li", seed, TOTP(seed).at(moment))
    assert "须重设" not in mediation("account", "list")
    assert not (tmp_path / "var" / "secret").exists()
    (tmp_path / "var").mkdir(exist_ok=True)
    write_new(tmp_path / "var" / "secret", SECRET)
    assert "须重设" not in mediation("account", "list")
    (tmp_path / "var" / "secret").write_bytes(SECRET[::-1])
    assert "须重设" in mediation("account", "list")
    mediation("account", "totp", "li")
    assert "须重设" not in mediation("account", "list")
    assert let_in(now, "li", first["li"]) == "li"
    now.close()


@pytest.mark.parametrize("command", ["set-password", "unlock", "totp", "stop", "start"])
def test_nobody_is_nobody(mediation: Mediation, first: dict[str, str], command: str) -> None:
    assert "没有登记过工作人员" in mediation("account", command, "nobody", code=5)


def test_who_is_stopped_is_called_stopped_and_started_by_name(mediation: Mediation, first: dict[str, str]) -> None:
    mediation("account", "stop", "李调解")
    for name in ("li", "李调解"):
        assert "已停用" in mediation("token", "new", "上报", "--for", name, code=5)
    assert "已启用" in mediation("account", "start", "李调解")
    assert "令牌" in mediation("token", "new", "上报", "--for", "li")


class TestTheDemonstration:
    @pytest.fixture
    def served(self, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], Flask]]:
        """What would have been served."""
        made: list[Callable[[], Flask]] = []
        monkeypatch.setattr("web.console.serve.serve", lambda make, *_: made.append(make))
        monkeypatch.setattr("web.console.serve.try_address", lambda *_: None)
        return made

    @pytest.fixture
    def demo(self, demonstration: Demonstration, mediation: Mediation, tmp_path: Path) -> Callable[[], str]:
        """`mediation demo` where it was told today already."""
        shutil.copytree(demonstration.var, tmp_path / "var")
        return lambda: mediation("--db", "var/demo.db", "demo")

    def test_it_ends_after_its_table_where_nobody_looks(
        self, demo: Callable[[], str], served: list[Callable[[], Flask]]
    ) -> None:
        assert "网页" not in demo()
        assert served == []

    def test_and_serves_the_room_and_the_real_cases_to_its_staff(
        self, demo: Callable[[], str], served: list[Callable[[], Flask]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SERVE", "1")
        said = demo()
        assert "网页已打开：http://127.0.0.1:8000" in said
        given = re.findall(r"账号 (\w+) +密码 (\S+)　", said)
        assert [name for name, _ in given] == ["li", "zhou", "wang", "chen", "zhao", "gao", "he"]
        app = served[0]()
        app.test_client_class = Browser
        for name, password in given:
            browser: Browser = app.test_client()  # type: ignore[assignment]
            assert browser.sign_in(name, password).location == "/"
            assert len(re.findall(r'href="/cases/(?!new)[^"/?]+"', browser.get("/cases").text)) >= (
                0 if name in ("zhao", "gao", "he") else 24
            )
        invited = re.findall(r"短码 (\w+) 口令 (\d+)　", said)
        titles = []
        for code, pin in invited:
            phone: Browser = app.test_client()  # type: ignore[assignment]
            phone.get("/c")
            assert phone.send("/c", code=code, pin=pin).location == "/party"
            titles += re.findall(r"<h1>(.+?)</h1>", phone.get("/party", follow_redirects=True).text)
        assert titles == ["请看协议", "我的案件"]
        wiring.close(app.extensions["door"])


# -- tokens


def test_a_token_is_shown_once_listed_and_ended(mediation: Mediation, first: dict[str, str], now: SqlStore) -> None:
    made = mediation("token", "new", "数据上报", "--for", "李调解", "--scope", "read", "--scope", "办理案件")
    secret = made.strip().splitlines()[-1]
    assert secret.startswith("mt_")
    assert "查看案件、办理案件" in made
    with now.read() as unit:
        (held,) = unit.tokens.tokens()
        assert known(unit, secret)
    listed = mediation("token", "list")
    assert "数据上报" in listed
    assert "有效" in listed
    assert "未用过" in listed
    assert secret not in listed
    assert held.key not in listed
    assert "已停用" in mediation("token", "end", held.id)
    assert "已停用" in mediation("token", "list")
    with now.read() as unit:
        assert known(unit, secret) is None


def test_where_there_is_no_token_yet_it_is_said_how_to_make_one(mediation: Mediation, first: dict[str, str]) -> None:
    assert "mediation token new" in mediation("token", "list")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["new", "上报", "--for", "chen", "--scope", "write"], 2, "核查员不能有“办理案件”的令牌"),
        (["new", "上报", "--for", "li", "--scope", "all"], 2, "没有“all”这个范围"),
        (["new", "上报", "--for", "li", "--until", "2020-01-01"], 2, "截止日应在今天到"),
        (["new", "上报", "--for", "li", "--until", "2026"], 2, "应写到哪一天"),
        (["new", "上报", "--for", "li", "--office", "室主任"], 3, "没有“室主任”这项职务"),
        (["new", "上报", "--for", "nobody"], 5, "没有登记过工作人员"),
        (["new", "", "--for", "li"], 2, "用途应有1到40个字"),
        (["end", "NONE"], 5, "没有令牌“NONE”"),
    ],
)
def test_what_is_wrong_with_a_token_is_told(
    mediation: Mediation, first: dict[str, str], words: list[str], code: int, said: str
) -> None:
    assert said in mediation("token", *words, code=code)


def test_who_stands_in_already_is_named_again_once_that_was_taken_back(mediation: Mediation) -> None:
    mediation("init")
    words = ("account", "substitute", "li", "--to", "2026-12-10", "--as", "wang", "--act")
    id = re.search(r"编号 (\w+)", mediation(*words, "受理"))[1]  # type: ignore[index]
    assert "代行受理，日期重叠" in mediation(*words, "用印", code=3)
    mediation("account", "substitute", "--end", id, "--as", "wang")
    assert "已指定" in mediation(*words, "用印")
