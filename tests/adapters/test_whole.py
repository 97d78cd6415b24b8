"""A dossier bound as one PDF: what was put in stands in it, on the pages that its index says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PageObject, PdfReader, mult

from mediation_engine.adapters.papers import whole
from mediation_engine.adapters.papers.pdf import FONTS
from mediation_engine.adapters.papers.whole import LONGEST, Sheet, bound
from mediation_engine.domain.paper import Binding, Grid, IndexRow, Paper, Paragraph, Signatures
from mediation_engine.errors import PaperUnfit
from mediation_engine.exhibits.previews import pages_of

from ..support.files import heic, pdf, photo
from ..support.papers import flat, put_in

typst = pytest.importorskip("typst")
pytestmark = pytest.mark.skipif(
    not set(FONTS) & set(typst.Fonts(include_embedded_fonts=False).families()), reason="no font for Chinese"
)
DAY = date(2026, 11, 23)
FRONT = 2
"""Pages before the first that is numbered: cover and index."""
HEAD = ("序号", "文书名称", "页号", "备注")


def paper(title: str, paragraphs: int = 3, **more: object) -> Paper:
    blocks = (*(Paragraph(f"第{n}条，内容。") for n in range(paragraphs)), Signatures(left=("甲方：",)))
    return Paper(
        title=title, day=DAY, host="喜哥调解室", case_number="（2026）永开人调字第0001号", blocks=blocks, **more
    )  # type: ignore[arg-type]


def around(rows: Sequence[IndexRow]) -> Mapping[Binding, Paper]:
    grid = Grid(head=HEAD, rows=tuple((f"{n}", r.title, r.numbers, r.remark) for n, r in enumerate(rows, 1)))
    index = Paper(title="卷内目录", day=DAY, host="", numbered=False, blocks=(grid,))
    cover = Paper(title="人民调解卷宗", day=DAY, host="喜哥调解室", numbered=False, blocks=(Paragraph("保管期限十年"),))
    back = Paper(title="封底", day=DAY, host="", numbered=False, blocks=(Paragraph(f"共{rows[-1].last}页"),))
    return {Binding.COVER: cover, Binding.INDEX: index, Binding.BACK: back}


def shown(content: bytes, media: str = "image/jpeg") -> Callable[[int], Iterable[bytes]]:
    return lambda most: pages_of(content, media, LONGEST, most)


def made(*sheets: Sheet) -> tuple[bytes, Sequence[IndexRow]]:
    out = BytesIO()
    rows = bound(sheets, around, out)
    return out.getvalue(), rows


def several_pages(count: int) -> bytes:
    from pypdf import PdfWriter

    writer, out = PdfWriter(), BytesIO()
    for _ in range(count):
        writer.append(BytesIO(pdf()))
    writer.write(out)
    return out.getvalue()


SHEETS = (
    Sheet(title="受理登记表", remark="电子打印件，未见签名件", paper=paper("受理登记表", 80)),
    Sheet(title="当事人身份证明", remark="缺"),
    Sheet(title="证据：欠条", remark="材料1", pictures=shown(photo())),
    Sheet(title="证据：账本", pictures=shown(several_pages(3), "application/pdf")),
    Sheet(title="证据：录音", remark="材料3，录音，见电子文件"),
    Sheet(title="协议书", paper=paper("人民调解协议书", 60, text_hash="ab" * 32)),
)


def folio(page: PageObject) -> str:
    """What stands in the upper right corner."""
    found = []

    def see(words: str, current: list[float], text: list[float], *_: object) -> None:
        x, y = mult(text, current)[4:]
        if x > 400 and y > 790:
            found.append(words.strip())

    page.extract_text(visitor_text=see)
    return "".join(found)


def test_the_index_says_on_which_pages_everything_stands() -> None:
    content, rows = made(*SHEETS)
    pages = PdfReader(BytesIO(content)).pages
    assert [folio(page) for page in pages] == ["", "", *(str(n) for n in range(1, rows[-1].last + 1)), ""]
    for sheet, row in zip(SHEETS, rows, strict=True):
        assert (row.title, bool(row.pages)) == (sheet.title, bool(sheet.paper or sheet.pictures))
        if row.pages:
            title = sheet.paper.title if sheet.paper else sheet.title
            assert flat(title) in flat(pages[FRONT + row.first - 1].extract_text())
    assert [row.numbers for row in rows] == ["1—3", "", "4", "5—7", "", "8—10"]


def test_cover_and_index_say_what_was_put_in() -> None:
    content, rows = made(*SHEETS)
    papers, pages = around(rows), [flat(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]
    assert (pages[0], pages[1], pages[-1]) == tuple(put_in(papers[part]) for part in Binding)


def test_it_is_of_the_kind_that_is_kept_for_good() -> None:
    content, _ = made(*SHEETS)
    reader = PdfReader(BytesIO(content))
    root, about = reader.root_object, reader.root_object["/Metadata"].get_data()
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in about
    assert f"<xmpTPg:NPages>{len(reader.pages)}</xmpTPg:NPages>".encode() in about
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "/ID" in reader.trailer
    assert "/Encrypt" not in reader.trailer
    assert not {"/AcroForm", "/AA", "/OpenAction", "/Names", "/StructTreeRoot"} & root.keys()
    for page in reader.pages:
        assert not {"/Annots", "/AA", "/StructParents"} & page.keys()
        assert all(font.get("/FontFile2") or font.get("/FontFile3") for font in _descriptors(page))
        for image in page["/Resources"].get("/XObject", {}).values():
            assert (image["/ColorSpace"], image["/Filter"]) == ("/DeviceRGB", "/DCTDecode")
            assert "/SMask" not in image


def _descriptors(page: object) -> Iterable[Mapping[str, object]]:
    for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[index]
        for inner in font.get("/DescendantFonts", [font]):
            yield inner["/FontDescriptor"]


def test_the_same_dossier_is_the_same_file_and_another_is_another() -> None:
    assert made(*SHEETS)[0] == made(*SHEETS)[0]
    one, other = (PdfReader(BytesIO(made(Sheet(title="证据", pictures=shown(photo(w))))[0])) for w in ("a", "b"))
    assert one.trailer["/ID"] != other.trailer["/ID"]


def hung(content: bytes, media: str = "image/jpeg") -> Image.Image:
    """The picture on the page of an exhibit."""
    content, [row] = made(Sheet(title="证据", pictures=shown(content, media)))
    assert (row.first, row.pages, row.remark) == (1, 1, "")
    [image] = PdfReader(BytesIO(content)).pages[2].images
    return Image.open(BytesIO(image.data))


def test_a_photo_taken_upright_stands_upright() -> None:
    image, out = Image.new("RGB", (640, 480), "white"), BytesIO()
    image.paste("red", (0, 0, 320, 480))
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned a quarter
    image.save(out, "JPEG", exif=turned)
    there = hung(out.getvalue())
    assert there.size == (480, 640)
    red, white = there.getpixel((240, 60)), there.getpixel((240, 580))
    assert red[0] > 200 > red[1] + 100 and min(white) > 200  # type: ignore[index,operator]


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_a_photo_in_other_colours_is_one_in_ours(mode: str) -> None:
    assert hung(photo(mode=mode)).mode == "RGB"


def test_a_long_picture_is_made_smaller_and_nothing_hidden_comes_along() -> None:
    out = BytesIO()
    Image.new("1", (20_000, 2_000), 1).save(out, "PNG")
    assert max(hung(out.getvalue(), "image/png").size) == LONGEST
    assert b"SECRET-EXIF" not in made(Sheet(title="证据", pictures=shown(photo())))[0]


def test_a_photo_from_an_iphone_is_drawn() -> None:
    assert hung(heic(), "image/heic").size == (16, 16)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (pdf()[:200], "application/pdf"),
        (b"%PDF-1.4\n%%EOF", "application/pdf"),
        (photo()[:900], "image/jpeg"),
        (b"", "image/png"),
        (several_pages(301), "application/pdf"),
    ],
    ids=["cut off", "empty", "half a photo", "nothing", "more pages than are drawn"],
)
def test_what_cannot_be_drawn_is_named_and_nothing_else_moves(content: bytes, media: str) -> None:
    after = Sheet(title="协议书", paper=paper("人民调解协议书"))
    together, rows = made(Sheet(title="证据", remark="材料1", pictures=shown(content, media)), after)
    assert rows[0].pages == 0
    assert rows[0].remark.startswith("材料1；画不出来：")
    assert rows[0].remark.endswith("见电子文件")
    assert rows[1].numbers == "1"
    assert len(PdfReader(BytesIO(together)).pages) == 4


def test_of_more_pages_than_are_drawn_together_it_is_said_where_to_find_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "PAGES_TOGETHER", 2)
    three, one = several_pages(3), Sheet(title="证据", pictures=shown(photo()))
    _, rows = made(Sheet(title="账本", pictures=shown(three, "application/pdf")), one, one, one)
    assert [row.numbers for row in rows] == ["", "1", "2", ""]
    assert rows[0].remark == "画不出来：有3页，这里最多再画2页，见电子文件"
    assert rows[3].remark == "画不出来：有1页，这里最多再画0页，见电子文件"


def test_of_what_an_exhibit_is_called_a_character_that_no_font_has_is_replaced_and_that_is_said() -> None:
    named = "身份证\U00012000\u202e\U00012001"
    content, rows = made(Sheet(title=named, remark="材料1", pictures=shown(photo())), *SHEETS[1:3])
    assert (rows[0].title, rows[0].remark) == ("身份证〓〓", "材料1；名称里显示不了的字写作〓")
    assert "身份证〓〓" in flat(PdfReader(BytesIO(content)).pages[FRONT].extract_text())
    assert rows[1].remark == "缺"


def test_a_character_that_no_font_has_is_a_fault_on_a_paper() -> None:
    with pytest.raises(PaperUnfit, match=r"U\+12000"):
        made(Sheet(title="协议书\U00012000", paper=paper("协议书\U00012000")))


def test_a_picture_of_too_many_points_is_not_unpacked() -> None:
    out = BytesIO()
    Image.new("1", (20_000, 20_000), 1).save(out, "PNG")
    _, [row] = made(Sheet(title="证据", pictures=shown(out.getvalue(), "image/png")))
    assert "超过五千万像素" in row.remark


def test_a_page_of_the_index_leads_to_everything_by_its_outline() -> None:
    content, rows = made(*SHEETS)
    reader = PdfReader(BytesIO(content))
    found = {item["/Title"]: reader.get_destination_page_number(item) for item in reader.outline}  # type: ignore[arg-type,index]
    assert found == {row.title: FRONT + row.first - 1 for row in rows if row.pages}
