"""A QR code as a picture inside the page: what it says goes nowhere."""

from __future__ import annotations

import segno


def qr_code(words: str) -> str:
    """An address, or a seed, to be scanned: a data URI of an SVG."""
    return str(segno.make(words, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff"))
