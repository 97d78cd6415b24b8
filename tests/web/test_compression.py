"""What is public is sent smaller; what has a secret in it never is."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest

from mediation_engine.domain.roles import Office
from web.http.compression import PUBLIC
from web.security.permissions import POLICIES

from .conftest import Browser

SignedIn = Callable[[Office | str], Browser]
ANY = {"Accept-Encoding": "gzip, br, zstd, deflate"}
FILES = ("/static/vendor/pico.min.css", "/static/site.css", "/static/replay.js")
UNPACKED: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("way", UNPACKED)
@pytest.mark.parametrize("path", FILES)
def test_files_are_sent_smaller_to_whoever_takes_them_so(browser: Browser, path: str, way: str) -> None:
    whole, packed = browser.get(path), browser.get(path, headers={"Accept-Encoding": way})
    assert "Content-Encoding" not in whole.headers
    assert packed.headers["Content-Encoding"] == way
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert UNPACKED[way](packed.data) == whole.data
    assert len(packed.data) < len(whole.data) / 2


def test_one_that_has_been_kept_is_not_sent_again(browser: Browser) -> None:
    first = browser.get(FILES[0], headers=ANY)
    again = browser.get(FILES[0], headers=ANY | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_is_that_part(browser: Browser) -> None:
    part = browser.get(FILES[0], headers=ANY | {"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, browser.get(FILES[0]).data[10:20])


def test_the_description_of_the_api_too(web_client: SignedIn) -> None:
    lead = web_client(Office.LEAD)
    packed = lead.get("/api/v1/openapi.json", headers=ANY)
    assert packed.headers["Content-Encoding"] == "br"


def test_no_page_is_nor_anything_of_a_case(web_client: SignedIn) -> None:
    """Tokens of forms, and cases, stand beside what a stranger can choose."""
    lead = web_client(Office.LEAD)
    pages = ("/sign-in", "/work", "/cases?q=x", "/cases/A1", "/me/password", "/workflows", "/none")
    for path in (*pages, "/cases/A1/export", "/cases/A1/replay", "/audit", "/audit/checkpoint"):
        assert "Content-Encoding" not in lead.get(path, headers=ANY).headers, path


def test_what_is_public_is_few_and_there() -> None:
    assert {"static", "api.openapi", "workflows.text"} == PUBLIC
    assert POLICIES.keys() >= PUBLIC
