"""自查 of all cases: the first time, again, and after one of them has moved; and how alike agreements are found."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from time import process_time

from msgspec import structs

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.record.codec import decode_order
from mediation_engine.services.exhibits import Shelf
from mediation_engine.services.maintenance import case_file
from mediation_engine.services.mediation import MediationService
from web.presenters.self_check_all import Asked, CheckBook, Checking, Overview
from workflows.self_check.alike import alike
from workflows.self_check.heads import USUAL

from .door import door_on
from .figures import Figure
from .laid import BATCH, copy
from .looking import mediated
from .timing import Spread
from .workload import LEAD, PAY, STEPS, scattered

CASES = 10_000
TEMPLATES = 40
"""Ways in which agreements are worded."""
SIGNS = "协议双方自愿达成一致约定甲乙支付补偿金额账户银行期限违约责任工资欠款结清争议要求其他任何理由"
ROUNDS = 3


def figures(folder: Path, many: int = CASES) -> list[Figure]:
    door = filled(folder, many)
    book = CheckBook()
    first = [_taken(door, folder, CheckBook()) for _ in range(ROUNDS)]
    _taken(door, folder, book)
    again = [_taken(door, folder, book) for _ in range(ROUNDS)]
    texts = list(islice(_texts(Random(3)), many))
    near = [_seconds(lambda: alike(texts, 0.9)) for _ in range(ROUNDS)]
    return [
        Figure(name=f"自查全部 {many:,} 件，头一次", value=Spread(tuple(first)), unit="秒（处理器）", digits=1),
        Figure(name="再看一次，没有一件变动", value=Spread(tuple(again)), unit="秒（处理器）", digits=2, most=2),
        Figure(name=f"{many:,} 份协议里找雷同", value=Spread(tuple(near)), unit="秒（处理器）", digits=1),
    ]


def filled(folder: Path, many: int) -> MediationService:
    """A database of mediated cases, each with an agreement in one of some wordings."""
    door = door_on(f"sqlite:///{folder / 'checking.db'}")
    mediated(door, "P", orders_=STEPS)
    file, texts = case_file(door.store, "P"), _texts(Random(3))
    orders = [decode_order(one.body) for one in file.orders]
    assert file.projection is not None
    for begun in range(0, many, BATCH):
        with door.store.write() as unit:
            for number in range(begun, min(begun + BATCH, many)):
                said = next(texts)
                kept = file.texts.values()
                own = [structs.replace(it, words=said if it.words == PAY.words else it.words) for it in kept]
                copy(unit, scattered("checked", number), orders, own, file.projection)
    return door


def _texts(chance: Random) -> Iterator[str]:
    bases = ["".join(chance.choices(SIGNS, k=180)) for _ in range(TEMPLATES)]
    while True:
        base, at = chance.choice(bases), chance.randrange(120)
        changed = "".join(chance.choices(SIGNS, k=chance.choice((0, 3, 10, 60))))
        yield base[:at] + changed + base[at + len(changed) :]


def _seconds(work: Callable[[], object]) -> float:
    """Of the processor: what else the machine does is left out."""
    gc.collect()
    began = process_time()
    work()
    return process_time() - began


def _taken(door: MediationService, folder: Path, book: CheckBook) -> float:
    """Seconds of a whole overview, as the lead asks for it."""
    shelf = Shelf(blobs=Folder(folder / "exhibits"), room_key=None)
    office = next(iter(LEAD.offices))
    checking = Checking(door=door, actor=LEAD, office=office, policy=USUAL, shelf=shelf, book=book)
    found: list[Overview] = []
    taken = _seconds(lambda: found.append(checking.overview(Asked())))
    if not found[0].cases or found[0].unread or not found[0].flags:
        raise AssertionError("nothing was found, or not all was read")
    return taken
