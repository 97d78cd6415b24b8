"""What every answer says to browsers, and what is never let through."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import structlog
from flask import Flask

from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreUnavailable
from mediation_engine.services.counting import count
from web.pages.sign_in import own_path
from web.security.headers import HEADERS
from web.wiring import catalogue

from ...support.story import Story
from ..conftest import HOST, PASSWORD, Browser, app_over

ROOT = Path(__file__).parents[3]
SignedIn = Callable[[Office | str], Browser]
PATHS = (
    *("/", "/sign-in", "/healthz", "/static/site.css", "/static/none", "/cases", "/cases/A1", "/cases/none"),
    *(
        "/marks",
        "/figures",
        "/figures/screen",
        "/figures/behind/amount",
        "/figures/form",
        "/figures/reports",
        "/campaigns/wages",
        "/room",
        "/audit/file",
        "/calendar",
        "/calendar/2026",
        "/calendar/99999999",
        "/calendar/count",
        "/calendar/import",
        "/drafts",
        "/help",
        "/help/payment",
        "/help/party",
    ),
    *(
        "/links",
        "/links/x",
        "/links/done/visit",
        "/visit-link",
        "/c",
        "/party",
        "/party/case",
        "/party/record",
        "/party/money",
        "/party/reads",
        "/party/me",
        "/party/papers",
        "/party/papers/agreement.pdf",
        "/party/receipt.pdf",
        "/party/text",
        "/party/do",
        "/party/do/stop",
        "/apply",
        "/apply/status",
        "/applications",
        "/applications/new",
        "/cases/A1/access",
        "/cases/A1/people",
        "/cases/A1/dossier",
        "/cases/A1/visits/1",
        "/cases/A1/visits/1/link",
        "/notes",
        "/notes/new",
        "/notes/none",
        "/settle",
        "/ledger",
        "/ledger/template",
        "/alerts",
        "/alerts/new",
        "/matters",
        "/matters/new",
        "/matters/new?kind=grid",
        "/meetings",
        "/meetings/new",
        "/organisations",
        "/organisations/new",
        "/organisations/import",
        "/organisations/table",
        "/returns",
        "/returns/room/2026-10",
        "/monthly",
        "/monthly/2026-10/report",
    ),
    *("/me/sign-ins", "/me/password", "/me/codes", "/none", "/sign-out", "/%ff", "//evil"),
)


class TestHeaders:
    @pytest.mark.parametrize("path", PATHS)
    def test_they_are_on_every_answer(self, browser: Browser, web_client: SignedIn, path: str) -> None:
        for reader in (browser, web_client(Office.MEDIATOR)):
            answer = reader.get(path)
            for name, value in HEADERS.items():
                assert answer.headers[name] == value
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Strict-Transport-Security" not in answer.headers

    def test_https_is_for_good(self, told: Story) -> None:
        browser = app_over(told, public_url="https://a.example").test_client()
        for path in PATHS:
            answer = browser.get(path, base_url="https://a.example")
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"

    def test_a_file_named_by_its_content_may_be_kept(self, browser: Browser) -> None:
        for file in re.findall(r'href="(/static/[^"]+)"', browser.get("/sign-in").text):
            assert browser.get(file).headers["Cache-Control"] == "public, max-age=31536000, immutable"

    def test_the_policy_lets_nothing_in_that_is_not_ours(self) -> None:
        policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
        assert policy.pop("img-src") == "'self' data:"
        assert policy.pop("require-trusted-types-for") == "'script'"
        assert set(policy.values()) == {"'none'", "'self'"}
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"

    def test_nothing_in_a_template_needs_an_exception(self) -> None:
        for template in (ROOT / "web/templates").rglob("*.html"):
            text = template.read_text(encoding="utf-8")
            assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|https?://", text), (
                template
            )
            assert not re.search(r"\|\s*safe\b|autoescape", text), template

    def test_every_form_that_posts_carries_a_token(self) -> None:
        for template in (ROOT / "web/templates").rglob("*.html"):
            text = template.read_text(encoding="utf-8")
            forms = re.findall(r'<form method="post".*?</form>', text, re.DOTALL)
            assert all("token()" in form for form in forms), template


class TestForeignForms:
    def test_without_the_token_nothing_is_done(self, web_client: SignedIn) -> None:
        li = web_client(Office.MEDIATOR)
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}):
            answer = li.post("/sign-out", data=token)
            assert answer.status_code == 400
            assert "已经过期" in answer.text
        assert li.get("/cases").status_code == 200

    def test_somebody_elses_token_is_none(self, web_client: SignedIn) -> None:
        li, wang = web_client(Office.MEDIATOR), web_client(Office.LEAD)
        wang.get("/cases")
        assert li.post("/sign-out", data={"csrf_token": wang.token}).status_code == 400

    def test_nor_is_the_one_from_before_signing_in(self, browser: Browser) -> None:
        browser.get("/sign-in")
        before = browser.token
        browser.sign_in("li")
        assert browser.post("/sign-out", data={"csrf_token": before}).status_code == 400

    def test_nobody_is_signed_in_without_one(self, browser: Browser) -> None:
        assert browser.post("/sign-in", data={"name": "li", "password": PASSWORD}).status_code == 400

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 302),
            ({"Origin": HOST}, 302),
            ({"Origin": HOST, "Sec-Fetch-Site": "same-origin"}, 302),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Sec-Fetch-Site": "none"}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "https://127.0.0.1:8000"}, 403),
            ({"Origin": "http://127.0.0.1:8001"}, 403),
            ({"Origin": "http://127.0.0.1:8000.evil.example"}, 403),
            ({"Origin": HOST, "Sec-Fetch-Site": "cross-site"}, 403),
        ],
    )
    def test_a_form_of_another_site_is_refused(
        self, web_client: SignedIn, headers: dict[str, str], status: int
    ) -> None:
        li = web_client(Office.MEDIATOR)
        li.get("/cases")
        assert li.post("/sign-out", data={"csrf_token": li.token}, headers=headers).status_code == status

    @pytest.mark.parametrize("path", ["/sign-in", "/me/password", "/me/codes", "/cases/new"])
    def test_asking_for_the_head_of_a_form_is_not_sending_it(
        self, browser: Browser, web_client: SignedIn, told: Story, path: str
    ) -> None:
        reader = browser if path == "/sign-in" else web_client(Office.MEDIATOR)
        opening = {"program": "fast_track_2026/people_mediation", "applicant.0.name": "甲", "respondent.0.name": "乙"}
        filled = opening | {
            "f.dispute": "other",
            "f.matter": "欠薪",
            "f.source": "application",
            "id": "0123456789abcdef",
        }
        before = {name: kept for name, kept in vars(told.store._tables).items() if name != "sign_ins"}  # type: ignore[attr-defined]
        for _ in range(6):
            assert reader.head(path, query_string=filled).status_code == 200
        after = {name: kept for name, kept in vars(told.store._tables).items() if name != "sign_ins"}  # type: ignore[attr-defined]
        assert after == before

    def test_looking_changes_nothing_but_the_record_of_looks(self, web_client: SignedIn, told: Story) -> None:
        li = web_client(Office.MEDIATOR)
        li.get("/cases")
        count(told.store, catalogue())  # what waits to be counted is, by the first who asks for figures or the worker
        tables = dict(vars(told.store._tables))  # type: ignore[attr-defined]
        for path in PATHS:
            li.get(path)
        after = vars(told.store._tables)  # type: ignore[attr-defined]
        assert {name for name in tables if tables[name] != after[name]} == {"reads", "sign_ins", "journal", "bound"}


class TestHosts:
    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.2", "a@127.0.0.1", "", "[::"])
    def test_another_host_is_not_answered(self, browser: Browser, host: str) -> None:
        for path in ("/sign-in", "/", "/none"):
            answer = browser.get(path, headers={"Host": host})
            assert answer.status_code == 400
            assert host not in answer.text or not host

    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "127.0.0.1"])
    def test_this_machine_by_all_its_names_is(self, browser: Browser, host: str) -> None:
        assert browser.get("/sign-in", headers={"Host": host}).status_code == 200

    def test_a_forwarded_one_is_not_believed(self, browser: Browser) -> None:
        answer = browser.get("/cases", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
        assert answer.location == "/sign-in?next=/cases"


class TestGoingOn:
    @pytest.mark.parametrize("path", ["/cases", "/cases/A1", "/me/sign-ins", "/me/password", "/cases/2026-x.y~z"])
    def test_to_a_page_of_ours(self, browser: Browser, path: str) -> None:
        assert browser.sign_in("li", next=path).location == path

    @pytest.mark.parametrize(
        "wanted",
        [
            *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example"),
            *("http:/evil.example", "///evil.example", "/ /evil.example", "/\t/evil.example", "/\r\nLocation: x"),
            *("/cases\r\nSet-Cookie: a=b", "//127.0.0.1@evil.example", "/@evil.example", "javascript:alert(1)"),
            *("data:text/html,x", "/%09/evil.example", "/%5cevil.example", "//%65vil.example", "／／evil.example"),
            *(
                "/sign-out",
                "/sign-in",
                "/sign-in?next=//evil.example",
                "/me/office",
                "/none",
                "cases",
                ".",
                "..",
                "/..",
            ),
            *("/cases?x=//evil.example", "/cases#@evil", "http://127.0.0.1:8000.evil.example", "?next=x", "\0", "/\0"),
        ],
    )
    def test_and_nowhere_else(self, browser: Browser, app: Flask, wanted: str) -> None:
        with app.test_request_context(base_url=HOST):
            assert own_path(wanted) == "/"
        assert browser.sign_in("li", next=wanted).location == "/"


class TestFaults:
    @pytest.mark.parametrize(
        ("path", "method", "status"), [("/none", "GET", 404), ("/sign-out", "GET", 405), ("/cases/none", "GET", 404)]
    )
    def test_they_are_told_calmly(self, web_client: SignedIn, path: str, method: str, status: int) -> None:
        answer = web_client(Office.MEDIATOR).open(path, method=method)
        assert answer.status_code == status
        assert 'lang="zh-CN"' in answer.text
        assert "回首页" in answer.text

    def test_too_much_is_not_even_read(self, browser: Browser) -> None:
        browser.get("/sign-in")
        answer = browser.send("/sign-in", name="x" * 3_000_000)
        assert answer.status_code == 413
        assert "太大" in answer.text

    def test_what_nobody_foresaw_has_a_number_and_says_nothing_else(
        self, web_client: SignedIn, told: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        li = web_client(Office.MEDIATOR)

        def broken(*_: object) -> None:
            raise ValueError("王某 13800000000")

        monkeypatch.setattr(told.door, "view", broken)
        with structlog.testing.capture_logs() as log:
            answer = li.get("/cases/A1")
        assert answer.status_code == 500
        number = re.search(r"<strong>([0-9A-Z]{8})</strong>", answer.text)
        assert number
        [entry] = [e for e in log if e["event"] == "failed"]
        assert entry["error"] == number[1]
        assert "ValueError" in entry["trace"]
        assert "Traceback" not in answer.text
        assert not re.search("王某|1380|ValueError|history", answer.text)
        assert "王某" not in str(log)
        assert not caplog.records  # nor does Flask say it beside us

    @pytest.mark.parametrize("path", ["/cases", "/cases/A1", "/healthz", "/me/sign-ins"])
    def test_a_database_in_trouble_is_said_to_be(
        self, web_client: SignedIn, told: Story, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        li = web_client(Office.MEDIATOR)

        def gone() -> None:
            raise StoreUnavailable(why="磁盘空间不足")

        monkeypatch.setattr(told.store, "read", gone)
        answer = li.get(path)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "没有保存" in answer.text
        assert answer.headers["Content-Security-Policy"]


def test_the_log_names_nobody(web_client: SignedIn) -> None:
    with structlog.testing.capture_logs() as log:
        li = web_client(Office.MEDIATOR)
        for path in PATHS:
            li.get(path)
        li.get("/cases?after=13800000000")
    said = str([{k: v for k, v in entry.items() if k != "request"} for entry in log])  # a random number may say A1
    assert len(log) > 10
    for secret in ("王某", "李调解", "'li'", "A1", "1380", PASSWORD, "127.0.0.1"):
        assert secret not in said
    assert {"request", "method", "view", "status", "ms"} <= set(log[-1])


class TestFilesOfOthers:
    LISTED = tomllib.loads((ROOT / "web/vendor.toml").read_text(encoding="utf-8"))["file"]

    @pytest.mark.parametrize("file", LISTED, ids=lambda f: f["path"])
    def test_each_is_what_it_was(self, file: dict[str, str]) -> None:
        assert sha256((ROOT / file["path"]).read_bytes()).hexdigest() == file["sha256"]
        assert file.keys() == {"path", "package", "version", "licence", "from", "sha256"}

    def test_there_is_no_other(self) -> None:
        there = [p for folder in ("web/static/vendor", "tests/browser") for p in (ROOT / folder).iterdir()]
        there = [p for p in there if p.suffix not in (".py", ".pyc") and p.is_file()]
        assert {str(p.relative_to(ROOT)) for p in there} == {file["path"] for file in self.LISTED}
