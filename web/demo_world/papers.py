"""Papers of the stories, drawn when they are filed. Each says 样本 across it.

Where the machine has no Chinese font the words are drawn as lines of ink, and the two characters 样本 as strokes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)
"""Where usual machines keep a font with Chinese characters."""
PAPER, INK, RED = "#fbf7ec", "#22303c", "#c0392b"
SHEET, CARD = (720, 960), (860, 540)
YANG = (
    *("0.22 0.05 0.22 0.98", "0.04 0.3 0.42 0.3", "0.22 0.32 0.04 0.7", "0.22 0.32 0.4 0.6", "0.58 0.05 0.64 0.2"),
    *("0.86 0.05 0.78 0.2", "0.5 0.24 0.96 0.24", "0.54 0.44 0.92 0.44", "0.46 0.66 1 0.66", "0.73 0.24 0.73 0.98"),
)
BEN = ("0.06 0.3 0.94 0.3", "0.5 0.04 0.5 0.98", "0.48 0.32 0.06 0.8", "0.52 0.32 0.94 0.8", "0.3 0.76 0.7 0.76")
"""样 and 本, a stroke each: from where to where in a square of one."""


Drawn = Callable[[], bytes]
"""A paper that is drawn when somebody asks for it."""


def sheet(title: str, *lines: str, signed: str = "") -> Drawn:
    """A paper written by hand: 欠条, 收条."""
    return lambda: _jpeg(_sheet(title, lines, signed))


def scan(title: str, *lines: str, day: date, signed: str = "") -> Drawn:
    """A paper as a PDF of one page, as an office's scanner makes it."""
    return lambda: _pdf(_sheet(title, lines, signed), day)


def card(name: str) -> Drawn:
    """Something like an identity card, which could deceive nobody."""
    return lambda: _jpeg(_card(name))


def photo(words: str) -> Drawn:
    """A photo of some place, as far as can be told."""
    return lambda: _jpeg(_photo(words))


def _card(name: str) -> Image.Image:
    image = Image.new("RGB", CARD, "#e8f0f4")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((8, 8, CARD[0] - 8, CARD[1] - 8), 28, outline=INK, width=3)
    draw.rectangle((600, 90, 800, 350), fill="#cfd8dc", outline=INK)
    for n, line in enumerate((f"姓名 {name}", "住址 浙江省永康市样本村", "（样本，不是真的证件）")):
        _write(draw, (50, 90 + 80 * n), line, 40)
    _write(draw, (50, 430), "公民身份号码（样本）", 38)
    _stamp(image, 110)
    return image


def _photo(words: str) -> Image.Image:
    image = Image.new("RGB", (960, 720), "#9fb4c4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 960, 720), fill="#8a8f86")
    draw.polygon([(140, 430), (140, 220), (420, 120), (700, 220), (700, 430)], fill="#c9bfae", outline=INK)
    draw.rectangle((360, 290, 480, 430), fill="#6d5a48")
    _write(draw, (40, 640), words, 40)
    _stamp(image, 110)
    return image


def _sheet(title: str, lines: Sequence[str], signed: str) -> Image.Image:
    image = Image.new("RGB", SHEET, PAPER)
    draw = ImageDraw.Draw(image)
    _write(draw, (SHEET[0] // 2 - 32 * len(title), 90), title, 64)
    for n, line in enumerate(lines):
        _write(draw, (70, 240 + 70 * n), line, 36)
    _write(draw, (380, 660), signed, 36)
    _stamp(image, 130)
    return image


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def _pdf(image: Image.Image, day: date) -> bytes:
    out, made = BytesIO(), day.timetuple()
    image.save(out, "PDF", resolution=96, creationDate=made, modDate=made)
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    found = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(found, size) if found else None


def _write(draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int) -> None:
    font = _font(size)
    if font is not None:
        draw.text(at, words, fill=INK, font=font)
        return
    for n in range(len(words)):  # as handwriting looks from afar
        left, top = at[0] + n * size, at[1]
        draw.line(
            [(left, top + size * 0.7), (left + size * 0.3, top + size * 0.2), (left + size * 0.7, top + size)], INK, 3
        )


def _stamp(image: Image.Image, size: int) -> None:
    """样本 in red, in the lower right corner."""
    draw, width = ImageDraw.Draw(image), max(4, size // 14)
    left, top = image.width - 2 * size - 60, image.height - size - 50
    draw.rectangle((left - 16, top - 16, left + 2 * size + 28, top + size + 16), outline=RED, width=width)
    for place, strokes in enumerate((YANG, BEN)):
        for stroke in strokes:
            x1, y1, x2, y2 = (float(part) * size for part in stroke.split())
            begin = left + place * (size + 12)
            draw.line([(begin + x1, top + y1), (begin + x2, top + y2)], RED, width)
