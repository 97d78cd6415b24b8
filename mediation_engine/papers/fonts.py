"""The fonts that papers are set in."""

FONTS = ("FangSong", "仿宋", "STFangsong", "SimSun", "宋体", "Noto Serif CJK SC", "Noto Serif SC")
"""In order of preference; the first that a machine has is used, the others for what it lacks."""
