"""材料 on the pages: a photo is filed, shown without what it hides, taken away whole; each look is on record."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from mediation_engine.domain.roles import Office

from ...support.files import photo
from ...support.story import Story
from ..conftest import Browser

STEP = "/cases/A1/steps/FileExhibit"


def filed(browser: Browser, *contents: bytes, **filled: str) -> str:
    """File something; the page that is led to."""
    page = browser.get(STEP).text
    id = re.search(r'name="id" value="([^"]+)"', page)
    assert id
    given = {"f.kind": "identity", "f.party": "party/1", "f.readers": "joint", "when": "now", "id": id[1], "do": "do"}
    files = [(BytesIO(content), "身份证 王某.jpg") for content in contents]
    answer = browser.send(STEP, **given | filled, files=files)
    assert answer.status_code == 303, answer.text
    return browser.get("/cases/A1").text


def test_a_photo_is_filed_shown_and_taken_away(web_client: Callable[[Office], Browser], told: Story) -> None:
    browser, sent = web_client(Office.MEDIATOR), photo()
    page = filed(browser, sent, **{"f.title": "身份证正面"})
    assert "身份证正面" in page
    [address] = set(re.findall(r'href="(/cases/A1/exhibits/[0-9a-f]{32})"', page))
    taken = browser.get(address)
    assert taken.data == sent
    assert taken.headers["Content-Disposition"].startswith("attachment")
    shown = browser.get(f"{address}/preview?size=small")
    assert shown.mimetype == "image/jpeg"
    assert b"SECRET-EXIF" not in shown.data
    assert Image.open(BytesIO(shown.data)).getexif() == {}
    with told.store.read() as unit:
        looks = [read.what for read in unit.views.reads("A1")]
    assert looks[-2:] == ["exhibit exhibit/1", "preview exhibit/1"]
