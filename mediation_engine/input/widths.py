"""Characters of full width, as a Chinese keyboard left in it writes them: １２，３４５．６０ and ￥."""

FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥"}
