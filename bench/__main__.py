"""`make bench`: every figure beside its raw limit, in one run.

BENCH_CASES sets how many cases are many, BENCH_DUE how many items fall due.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from . import (
    checking,
    counts,
    door,
    dossiers,
    growth,
    looking,
    nexts,
    pages,
    phone,
    replay,
    stalled,
    statistics,
    sweep,
    tasks,
    writers,
)
from .figures import Figure, show
from .servers import databases


def sections(folder: Path) -> Iterator[tuple[str, Callable[[], list[Figure]]]]:
    """Each part of the bench by its title."""
    with databases(folder, 2) as (ours, raw):
        sqlite, postgres = door.places(folder, ours, raw)
        yield (
            "办理",
            lambda: [
                counts.disk(folder),
                *door.alone(sqlite, 0.33),
                *writers.figures(sqlite, None),
                *door.alone(postgres, 0.55),
                door.together(postgres, 0.45)[0],
            ],
        )
    yield "写了多少", lambda: counts.figures(folder)
    yield "到期", lambda: sweep.figures(folder, int(os.environ.get("BENCH_DUE", sweep.ITEMS)))
    yield "回放与校验", lambda: replay.figures(folder)
    yield "查看与内存", lambda: looking.figures(folder)
    yield "网页", lambda: pages.figures(folder)
    yield "手机慢网", lambda: phone.figures(folder)
    yield "点击", lambda: tasks.figures(folder)
    yield "整卷", lambda: dossiers.figures(folder)
    yield "下一步", lambda: nexts.figures(folder)
    yield "自查", lambda: checking.figures(folder)
    yield "数字", lambda: statistics.figures(folder, int(os.environ.get("BENCH_FIGURES", statistics.CASES)))
    yield "拖着的连接", lambda: stalled.figures(folder)
    yield "规模", lambda: growth.figures(folder, int(os.environ.get("BENCH_CASES", growth.MANY)))


def main() -> None:
    """Measure and print; the names of parts may be given to run only those."""
    with tempfile.TemporaryDirectory(prefix="mediation-bench-") as name:
        for title, measure in sections(Path(name)):
            if sys.argv[1:] and title not in sys.argv[1:]:
                continue
            began = perf_counter()
            figures = measure()
            show(f"{title}（{perf_counter() - began:.0f} 秒）", figures)


if __name__ == "__main__":
    main()
