"""The notices of the State Council's office as they were published, and one that might be."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "notices"


def published(year: int) -> str:
    """The notice of 2023, 2024, 2025 or 2026."""
    return (FOLDER / f"{year}.txt").read_text(encoding="utf-8")


OF_2027 = """国务院办公厅关于2027年
部分节假日安排的通知
国办发明电〔2026〕99号

一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至13日（农历正月初八、周六）放假调休，共9天。1月30日（周六）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。

国务院办公厅
2026年11月20日
"""
"""Made up: nobody has seen the real one."""
