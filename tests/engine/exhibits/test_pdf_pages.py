"""Pages of a PDF drawn in a process of its own: in order, or refused in time."""

from __future__ import annotations

import pytest

from mediation_engine.errors import ExhibitUnfit
from mediation_engine.exhibits.documents import pages_in
from mediation_engine.exhibits.pdf_pages import drawn

SIZE = b"[0 0 300 200]"


def document(depth: int, wide: int) -> bytes:
    """Two pages; the second draws a form that draws `wide` times another one, and so on, `depth` deep."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 5 0 R >>" % SIZE,
        4: b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 6 0 R /Resources << /XObject << /X 7 0 R >> >> >>"
        % SIZE,
        5: stream(b"", b"0 0 10 10 re f"),
        6: stream(b"", b"/X Do"),
    }
    for level in range(depth):
        last = level == depth - 1
        inner = b"" if last else b"/Resources " + form_of(8 + level)
        form = b"/Type /XObject /Subtype /Form /BBox %s %s" % (SIZE, inner)
        objects[7 + level] = stream(form, b"0 0 300 200 re f" if last else b" ".join([b"/X Do"] * wide))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in sorted(objects.items()):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, count = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % count + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, table))


def form_of(number: int) -> bytes:
    return b"<< /XObject << /X %d 0 R >> >>" % number


def stream(of: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (of, len(content), content)


def test_pages_come_in_order_and_as_pictures() -> None:
    content = document(2, 2)
    assert pages_in(content) == 2
    pages = drawn(content, 200, 0, 2)
    assert [page[:2] for page in pages] == [b"\xff\xd8"] * 2
    assert drawn(content, 200, 1, 1) == pages[1:]


def test_a_small_file_that_asks_for_years_is_given_up() -> None:
    content = document(12, 10)
    assert len(content) < 5000
    assert drawn(content, 200, 0, 1)
    with pytest.raises(ExhibitUnfit, match="画得太久"):
        drawn(content, 200, 1, 1, seconds=0)


def test_what_is_no_pdf_is_said_to_be_broken() -> None:
    with pytest.raises(ExhibitUnfit, match="不完整或已损坏"):
        drawn(b"%PDF-1.4 nothing", 200, 0, 1)
