"""Papers drawn: what was put in stands on them, hostile words stay words, the same paper is the same file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from mediation_engine.adapters.papers.html import article
from mediation_engine.adapters.papers.pdf import FONTS, pdf
from mediation_engine.adapters.papers.word import docx
from mediation_engine.domain.paper import Entries, Grid, Paper, Paragraph, Ruled, Signatures, Space, Style
from mediation_engine.errors import FontsMissing, PaperUnfit
from mediation_engine.papers.text import clean, cleaned

from ..support.papers import flat, put_in, read_pdf, read_word_file, relations_of
from ..support.thorough import much

typst = pytest.importorskip("typst")
HAS_FONTS = bool(set(FONTS) & set(typst.Fonts(include_embedded_fonts=False).families()))
has_fonts = pytest.mark.skipif(not HAS_FONTS, reason="no font for Chinese")
FIELDS = (
    *("{PAGE}", "MERGEFIELD 姓名", '{ HYPERLINK "http://x" }', '{ INCLUDETEXT "/etc/passwd" }', "{ DATE \\@ yyyy }"),
    *(
        '{ INCLUDEPICTURE "http://x/a.png" }',
        '{ DDEAUTO cmd "/c calc" }',
        '{ QUOTE "伪造" }',
        "{ REF 甲方 }",
        "{ TOC }",
    ),
    *('{ IF 1 = 1 "付" "不付" }', "{ =SUM(ABOVE) }", "{ FORMTEXT }", "{ SEQ 条 }", "{ ASK 金额 }", "{ MACROBUTTON x }"),
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","点")', "\t=1+1", "＝1+1")
MARKUP = (
    *('#eval("1")', "$x^2$", "*粗* _斜_", "= 标题", "@label <label>", '#include "/etc/passwd"', "#sys.inputs"),
    *(
        '#import "@preview/x:0.1.0": *',
        "#set text(fill: red)",
        "// 注",
        "/* 注 */",
        "`原样`",
        "```raw",
        "#[a]",
        "\\u{202e}",
    ),
    *(
        "#let x = 1",
        "- 项",
        "+ 项",
        "/ 词: 义",
        "~",
        "---",
        "#pagebreak()",
        '#image("x.png")',
        "\\",
        "\\section{x}",
        "\\#",
    ),
)
XML = (
    *("<w:p/>", "]]>", "<![CDATA[x]]>", "&lt;&amp;", "&#x202e;", "<!-- x -->", "<?xml version='1.0'?>", "<!DOCTYPE x>"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg onload=alert(1)>", "javascript:alert(1)"),
    *("<a href='http://x'>点</a>", "</w:t></w:r><w:r><w:t>", "<style>*{display:none}</style>", "<iframe src=//x>"),
)
TEMPLATES = (
    "{{ 7*7 }}",
    "{% raw %}",
    "%s %d {0} {name}",
    "${jndi:ldap://x}",
    "#{7*7}",
    "{{{{",
    "}}",
    "%n%n",
    "$(id)",
    "`id`",
)
UNSEEN = tuple(
    f"左{one}右"
    for one in (
        *map(chr, (*range(0x20), 0x7F, 0x85, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060)),
        *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFF9, 0xFFFB, 0xE0001, 0xE0041)),
    )
)
"""A character of each kind that nobody sees, between two that everybody does."""
ODD = (
    *(
        "𠮷田",
        "𬱖",
        "𰻝面",
        "①②③㈠",
        "￥１２３",
        "“引号”‘单’",
        "…—～·",
        "☑√×",
        "　　全角",
        " 前后 ",
        "’",
        "㎡㎏",
        "ａｂｃ",
    ),
    *("长" * 5000, "A" * 500, "长A" * 2500, "。" * 300, "一\n" * 200, "http://" + "x" * 300, "1" * 60, "（" * 100),
    *("左\u202e右到左\u202c", "\u2066隔离\u2069", "\x00\x1b[31m红", "换\r\n行\t制表", "\ud800半个", "王\u200d某"),
)
HOSTILE = (*FIELDS, *FORMULAS, *MARKUP, *XML, *TEMPLATES, *UNSEEN, *ODD)
WRITTEN = st.one_of(st.characters(codec="gbk"), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5))
"""What a keyboard for Chinese writes: no font lacks any of it."""
Drawn = Callable[[Paper], bytes]


def paper(*blocks: object, **more: object) -> Paper:
    given: dict[str, object] = {"title": "人民调解协议书", "day": date(2026, 11, 23), "host": "喜哥调解室"}
    return Paper(**given | {"blocks": blocks, "case_number": "（2026）永开人调字第0001号"} | more)  # type: ignore[arg-type]


WHOLE = paper(
    Entries(((("甲方", "王某"), ("性别", "")), (("住址", "永康市某村"),))),
    Paragraph("协议：", Style.HEAD),
    Paragraph("一、付清工资。"),
    Grid(head=("条", "金额"), rows=(("一", "￥1.00（人民币壹元整）"), ("二", "")), widths=(1, 4)),
    Ruled(2),
    Space(20),
    Paragraph("（以下无正文）", Style.PLAIN),
    Signatures(left=("甲方：", "乙方："), right=("调解员：",), seal="喜哥调解室（印章）"),
    number="（2026）永开人调字第0001号",
    text_hash="0123456789abcdef" * 4,
    check="https://example.cn/texts/A1/agreement/1/0",
    letterhead=("地址：总部中心一楼", "电话：0579-87000000"),
)


@has_fonts
def test_a_pdf_says_what_was_put_in_on_numbered_pages_with_its_digest() -> None:
    words, pages = read_pdf(pdf(WHOLE), WHOLE)
    assert words == put_in(WHOLE)
    assert pages == 2


@has_fonts
def test_a_pdf_is_of_the_kind_that_is_kept_for_good() -> None:
    made = pdf(WHOLE)
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in made


def test_a_word_file_says_what_was_put_in_and_leads_nowhere() -> None:
    made = docx(WHOLE)
    assert flat("".join(read_word_file(made))).startswith(put_in(WHOLE)[:20])
    assert sorted(flat("".join(read_word_file(made)))) == sorted(put_in(WHOLE) + "　扫码核对现行文本".strip())
    assert 'TargetMode="External"' not in relations_of(made)
    with zipfile.ZipFile(BytesIO(made)) as packed:
        foot = packed.read("word/footer1.xml").decode()
        styles = packed.read("word/styles.xml").decode()
    assert re.findall(r"<w:instrText[^>]*>([A-Z]+)<", foot) == ["PAGE", "NUMPAGES"]
    assert 'w:eastAsia="仿宋"' in styles
    assert "eastAsiaTheme" not in styles


@pytest.mark.parametrize("drawn", [pytest.param(pdf, marks=has_fonts), docx], ids=["pdf", "docx"])
def test_the_same_paper_is_the_same_file(drawn: Drawn) -> None:
    assert drawn(WHOLE) == drawn(WHOLE)


def test_there_are_a_hundred_of_them_and_more() -> None:
    assert len({*HOSTILE}) == len(HOSTILE) >= 150


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(words: str) -> None:
    table = Grid(head=("条",), rows=((words[:400],),))
    there = paper(Paragraph(words), Entries((((words[:40], words),),)), table, title=words[:30])
    word_file = docx(there)
    assert flat("".join(read_word_file(word_file))).count(flat(clean(words[:400]))) >= 3
    with zipfile.ZipFile(BytesIO(word_file)) as packed:
        body = packed.read("word/document.xml").decode()
    assert "instrText" not in body
    assert "fldSimple" not in body
    assert "<script" not in article(there)
    if HAS_FONTS:
        assert read_pdf(pdf(there), cleaned(there))[0] == put_in(cleaned(there))


def test_each_table_on_a_page_is_called_otherwise() -> None:
    grid = Grid(head=("甲",), rows=(("1",),), widths=(1,))
    assert re.findall(r'aria-label="(.+?)"', article(paper(grid, Paragraph("和"), grid))) == ["表1", "表2"]


@has_fonts
@settings(max_examples=much(15, 300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(WRITTEN, max_size=80))
def test_whatever_is_written_in_chinese_is_on_the_pdf(words: str) -> None:
    there = cleaned(paper(Paragraph(words)))
    assert read_pdf(pdf(there), there)[0] == put_in(there)


@has_fonts
def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(PaperUnfit, match=r"没有一种字体能显示“\U00012000”（U\+12000）"):
        pdf(paper(Paragraph("王\U00012000某")))


@has_fonts
def test_of_a_name_in_private_characters_nothing_is_lost_without_a_word() -> None:
    with pytest.raises(PaperUnfit, match=r"“\ue863”（U\+E863）"):
        pdf(paper(Paragraph("王\ue863某")))
    assert "王\ue863某" in "".join(read_word_file(docx(paper(Paragraph("王\ue863某")))))


def test_without_a_font_nothing_is_drawn() -> None:
    with pytest.raises(FontsMissing, match="没有这种字体"):
        pdf(WHOLE, fonts=("没有这种字体",))


@has_fonts
@pytest.mark.parametrize("parties", [1, 2, 6, 7, 40, 218])
def test_no_signature_stands_on_a_page_alone(parties: int) -> None:
    """Two paragraphs of the text come with the first of them, and with the last the seal and the day."""
    for lines in range(0, 30, much(3, 1)):
        there = paper(
            *(Paragraph(f"第{n}条，内容。") for n in range(lines)),
            Paragraph("前一段。"),
            Paragraph("（以下无正文）", Style.PLAIN),
            Signatures(left=tuple(f"第{n}方：" for n in range(parties)), seal="喜哥调解室（印章）"),
            text_hash="ab" * 32,
        )
        pages = [flat(page.extract_text()) for page in PdfReader(BytesIO(pdf(there))).pages]
        first = next(page for page in pages if "第0方：" in page)
        assert "前一段。" in first
        assert "（以下无正文）" in first
        last = next(page for page in pages if f"第{parties - 1}方：" in page)
        assert "喜哥调解室（印章）年月日" in last
