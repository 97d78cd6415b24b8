"""Characters as they are typed: of full width, and those that nobody sees; what was typed, quoted in a sentence."""

import re

# A Chinese keyboard left in full width writes １２，３４５．６０ and ￥.
FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥"}
# Everything below a space but line ends and tabs, the second set of controls, what breaks lines or reverses the
# direction of writing, halves of characters (bytes that were no UTF-8), and what is no character and never will be.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def quoted(words: str) -> str:
    """What was typed, quoted in a sentence: not all of a long one, and nothing that disturbs a screen."""
    shown = UNPRINTABLE.sub("?", words)
    return f"“{shown}”" if len(shown) <= 40 else f"“{shown[:40]}…”"
