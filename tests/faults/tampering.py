"""The record edited behind the door's back, by somebody who can write the database and knows how it is made."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from itertools import islice
from random import Random
from typing import Any

import msgspec
from msgspec import Raw, structs

from mediation_engine.adapters.sql import SqlStore
from mediation_engine.adapters.sql.schema import metadata
from mediation_engine.audit import CaseFile, Finding, audit
from mediation_engine.clock import FixedClock
from mediation_engine.domain.correcting import CorrectOrder
from mediation_engine.domain.fields import Text
from mediation_engine.domain.line import GENESIS, Correction, Defect, Provenance
from mediation_engine.domain.recorded_order import RecordedLine, RecordedOrder, StoredOrder
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CaseNotFound, LineUnreadable
from mediation_engine.export.checkpoint import read_checkpoint, write_checkpoint
from mediation_engine.record.codec import decode_order, encode_order
from mediation_engine.record.erasures import erased_in
from mediation_engine.record.fold import fold
from mediation_engine.record.sealing import StoredText, files_named_in
from mediation_engine.services.maintenance import audit_store, case_file, checkpoint, rebuild
from workflows.parts.note import RecordNote

from ..support.story import NOW, Story
from ..workflows.test_walk import walk
from .asked import refs_of
from .golden import Retelling, Step, histories, steps
from .promises import CATALOGUE
from .target import Rows, Target, all_of, as_sorted
from .trial import Trial, fault

Lines = range
"""The lines one of which has to be the first that is named."""


def just(at: int) -> Lines:
    return range(at, at + 1)


class Hands:
    """Somebody's hands on a case: its orders and texts, edited one by one and put back at once."""

    def __init__(self, random: Random, file: CaseFile, other: CaseFile) -> None:
        self.random, self.case = random, file.case
        self.orders, self.texts = list(file.orders), dict(file.texts)
        self.others, self.last = list(other.orders), file.orders[-1].last
        self.i = random.randrange(1, len(self.orders) - 1)
        """The order in the middle that is laid hands on."""

    @property
    def stored(self) -> StoredOrder:
        return self.orders[self.i]

    @property
    def order(self) -> RecordedOrder:
        return decode_order(self.stored.body)

    @property
    def first(self) -> int:
        return self.stored.first

    @property
    def own(self) -> Lines:
        """The lines of the order."""
        return range(self.stored.first, self.stored.last + 1)

    @property
    def rest(self) -> Lines:
        """Its lines, and all that come after."""
        return range(self.stored.first, self.last + 2)

    def choose(self, fits: Callable[[RecordedOrder], bool]) -> RecordedOrder:
        """Lay hands on another one, that is fit for what is to be done."""
        fit = [i for i, stored in enumerate(self.orders) if i > 0 and fits(decode_order(stored.body))]
        self.i = self.random.choice(fit)
        return self.order

    def column(self, **changes: Any) -> None:
        """Change a row, and not what is in it."""
        self.orders[self.i] = structs.replace(self.stored, **changes)

    def edit(self, order: RecordedOrder) -> None:
        """Put another order in its place: its bytes alone."""
        self.column(body=encode_order(order))

    def drop(self, i: int) -> StoredOrder:
        """Take an order away with the texts that belong to it."""
        gone = self.orders.pop(i)
        for ref in refs_of(decode_order(gone.body)):
            self.texts.pop(ref.id, None)
        return gone

    def make_good(self) -> None:
        """Every row after what is in it, numbers without a gap, and the chain anew."""
        before, last = GENESIS, 0
        for n, stored in enumerate(self.orders):
            order = structs.replace(decode_order(stored.body), first=last + 1)
            self.orders[n] = chained(before, structs.replace(stored, **keys_of(order), body=encode_order(order)))
            before, last = self.orders[n].digest, order.last

    def rehash(self) -> None:
        """The chain anew over whatever the bytes are."""
        before = GENESIS
        for n, stored in enumerate(self.orders):
            self.orders[n] = chained(before, stored)
            before = self.orders[n].digest


def chained(before: bytes, stored: StoredOrder) -> StoredOrder:
    return structs.replace(stored, digest=hashlib.sha256(before + stored.body).digest())


def keys_of(order: RecordedOrder) -> dict[str, Any]:
    """What the columns of a row say of the order in it; whose case it is put in stays as it is."""
    return {"first": order.first, "count": len(order.lines), "command_id": order.id}


Edit = Callable[[Hands], Lines]


# -- the columns of a row, of which the bytes know better


def _other_column(hands: Hands, name: str) -> Any:
    stored = hands.stored
    return {
        "case": "elsewhere",
        "first": stored.first + 10_000,
        "count": hands.random.choice([stored.count - 1, stored.count + 1]),
        "command_id": "forged",
        "body": flipped(hands.random, stored.body),
        "digest": flipped(hands.random, stored.digest),
    }[name]


def flipped(random: Random, content: bytes) -> bytes:
    """One bit turned over."""
    at = random.randrange(len(content) * 8)
    return content[: at // 8] + bytes([content[at // 8] ^ 1 << at % 8]) + content[at // 8 + 1 :]


def edit_column(hands: Hands, name: str) -> Lines:
    found = hands.own if name == "case" else just(hands.first)
    hands.column(**{name: _other_column(hands, name)})
    return found


# -- the fields of an order, and of a line in it

MORE = Raw(b'{"x":1}')
ORDER_FIELDS: dict[str, tuple[Callable[[Hands, RecordedOrder], Any], bool]] = {
    "case": (lambda hands, order: "elsewhere", True),
    "first": (lambda hands, order: order.first + 1, True),
    "id": (lambda hands, order: "forged", False),
    "organisation": (lambda hands, order: "nobody", False),
    "asked": (lambda hands, order: "0" * 64, False),
    "command": (lambda hands, order: "RecordPayment" if order.command == "RecordNote" else "RecordNote", True),
    "given": (lambda hands, order: MORE, True),
    "actor": (lambda hands, order: "nobody", False),
    "office": (lambda hands, order: "lead" if order.office == "mediator" else "mediator", False),
    "recorded": (lambda hands, order: order.recorded - timedelta(days=400), True),
    "occurred": (lambda hands, order: "2020-01-01", False),
    "provenance": (
        lambda hands, order: next(p for p in Provenance if p is not order.provenance),
        False,
    ),
    "field_provenance": (lambda hands, order: {**order.field_provenance, "x": Provenance.ASSUMED}, False),
    "waives": (lambda hands, order: {**order.waives, "x": "forged"}, False),
    "capacity": (lambda hands, order: "capacity/99", True),
    "substitution": (lambda hands, order: None if order.substitution else "forged", False),
    "rules": (lambda hands, order: f"{order.rules}0", True),
    "lines": (lambda hands, order: order.lines * 2, True),
    "correction": (lambda hands, order: None if order.correction else Correction(corrects=1, void=(2,)), True),
}
"""What each field of an order is changed to; and whether bytes and rules alone find it once the chain is made good."""
LINE_FIELDS: dict[str, Callable[[RecordedLine], Any]] = {
    "instance": lambda line: f"{line.instance}9",
    "event": lambda line: "NoteRecorded" if line.event != "NoteRecorded" else "PaymentRecorded",
    "schema": lambda line: line.schema + 1,
    "source": lambda line: "nowhere",
    "target": lambda line: "nowhere",
    "data": lambda line: MORE,
    "defects": lambda line: () if line.defects else (Defect("x", "y"),),
    "follows": lambda line: not line.follows,
}
"""What each field of a line is changed to; the rules alone find all of it."""


def edit_order(hands: Hands, name: str) -> Lines:
    change, _ = ORDER_FIELDS[name]
    hands.edit(structs.replace(hands.order, **{name: change(hands, hands.order)}))
    return just(hands.first)


def edit_order_well(hands: Hands, name: str) -> Lines:
    """The same, and all is made good that can be; where it stands in the case stands to the right case."""
    change, alone = ORDER_FIELDS[name]
    own, order = hands.own if alone else hands.rest, hands.order
    changed = structs.replace(order, **{name: change(hands, order)})
    if len(changed.lines) > len(order.lines):
        own = range(order.first, order.first + max(len(order.lines), len(changed.lines)))
    hands.edit(changed)
    hands.make_good()
    if name == "first":  # numbers are what is forged: from here on one is left out
        for n, stored in enumerate(hands.orders[hands.i :], hands.i):
            later = decode_order(stored.body)
            moved = structs.replace(later, first=later.first + 1)
            hands.orders[n] = structs.replace(stored, first=moved.first, body=encode_order(moved))
        hands.rehash()
    return own


def edit_line(hands: Hands, name: str) -> Lines:
    order = hands.order
    n = hands.random.randrange(len(order.lines))
    line = structs.replace(order.lines[n], **{name: LINE_FIELDS[name](order.lines[n])})
    hands.edit(with_line(order, n, line))
    return just(hands.first)


def edit_line_well(hands: Hands, name: str) -> Lines:
    own = hands.own
    edit_line(hands, name)
    hands.make_good()
    return own


def shorten_well(hands: Hands) -> Lines:
    """Not all of it happened."""
    order = hands.choose(lambda order: len(order.lines) > 1)
    hands.edit(structs.replace(order, lines=order.lines[:-1]))
    hands.make_good()
    return hands.rest


def edit_answer_well(hands: Hands) -> Lines:
    """What was asked from outside was answered otherwise."""
    order = hands.choose(lambda order: bool(answered(order)))
    n = answered(order)[0]
    line = order.lines[n]
    data = msgspec.json.decode(line.data) | {"number": "（2026）永开人调字第9999号"}
    hands.edit(with_line(order, n, structs.replace(line, data=Raw(written(data)))))
    hands.make_good()
    return hands.rest


def answered(order: RecordedOrder) -> list[int]:
    """The lines of an order that keep the number they were given."""
    return [n for n, line in enumerate(order.lines) if b'"number"' in bytes(line.data)]


def with_line(order: RecordedOrder, n: int, line: RecordedLine) -> RecordedOrder:
    return structs.replace(order, lines=(*order.lines[:n], line, *order.lines[n + 1 :]))


# -- the same order, written otherwise than the program writes


def written(value: Any) -> bytes:
    """Bytes as the program would have written them."""
    return msgspec.json.encode(value, order="sorted")


def _with(where: str, **more: Any) -> Callable[[bytes], bytes]:
    """Something added to an order, or to its first line."""

    def added(body: bytes) -> bytes:
        read: dict[str, Any] = msgspec.json.decode(body)
        inside = read if where == "order" else read["lines"][0]
        inside |= more
        return written(read)

    return added


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "加空格": lambda body: body.replace(b":", b": ", 1),
    "加换行": lambda body: body + b"\n",
    "加字段": _with("order", extra=1),
    "行中加字段": _with("line", extra=1),
    "写出默认值": _with("line", schema=1),
    "换次序": lambda body: msgspec.json.encode(dict(reversed(msgspec.json.decode(body).items()))),
    "字段写两遍": lambda body: b'{"actor":"nobody",' + body[1:],
    "字符写成代码": lambda body: body.replace(b'"actor":"', b'"\\u0061ctor":"', 1),
    "加文件头": lambda body: b"\xef\xbb\xbf" + body,
    "换编码": lambda body: body.decode().encode("utf-16"),
    "清空": lambda body: b"",
    "没有行": lambda body: written(msgspec.json.decode(body) | {"lines": []}),
    "时间不带时区": lambda body: written(msgspec.json.decode(body) | {"recorded": "2026-11-23T01:00:00"}),
    "时间换时区": lambda body: body.replace(b'Z","rules"', b'+00:00","rules"', 1),
    "层层嵌套": lambda body: b'{"given":' + b"[" * 100_000 + b"]" * 100_000 + b"," + body[1:],
    "给定层层嵌套": _with("order", given=Raw(b'{"x":' * 900 + b"0" + b"}" * 900)),
}
"""Other bytes for an order, none of them those the program would have written."""


def respell(hands: Hands, how: str) -> Lines:
    hands.column(body=SPELLINGS[how](hands.stored.body))
    return just(hands.first)


def respell_well(hands: Hands, how: str) -> Lines:
    respell(hands, how)
    hands.rehash()
    return just(hands.first)


# -- whole orders


def delete_one(hands: Hands) -> Lines:
    """It did not happen."""
    found = just(hands.first)
    del hands.orders[hands.i]
    return found


def delete_well(hands: Hands) -> Lines:
    """It did not happen, and the rest is made good."""
    found = hands.rest
    hands.drop(hands.i)
    hands.make_good()
    return found


def insert_one(hands: Hands) -> Lines:
    """It happened twice: an order well chained to the one before; only what comes after can betray it."""
    order, stored = hands.order, hands.stored
    again = structs.replace(order, id="forged", first=stored.last + 1)
    forged = structs.replace(stored, **keys_of(again), body=encode_order(again))
    after = [structs.replace(later, first=later.first + stored.count) for later in hands.orders[hands.i + 1 :]]
    hands.orders[hands.i + 1 :] = [chained(stored.digest, forged), *after]
    return range(again.first, again.last + 2)


def repeat_well(hands: Hands, id: str | None) -> Lines:
    """It happened once more, under its own id or another.

    Not at the very end: what is well forged there, after the newest checkpoint, nothing here can betray.
    """
    order, after = hands.order, hands.stored.last + 1
    again = structs.replace(order, id=id or order.id)
    hands.orders.insert(hands.i + 1, structs.replace(hands.stored, body=encode_order(again)))
    hands.make_good()
    return range(after, hands.last + 2) if id else range(after, after + len(order.lines))


def reuse_id(hands: Hands) -> Lines:
    """Two orders are given one id, in every place where it stands."""
    before = decode_order(hands.random.choice(hands.orders[: hands.i]).body)
    hands.edit(structs.replace(hands.order, id=before.id))
    hands.make_good()
    return just(hands.first)


def split(hands: Hands, id: str | None, *, well: bool) -> Lines:
    """One order becomes two."""
    order, found = hands.choose(lambda order: len(order.lines) > 1), hands.rest
    n = hands.random.randrange(1, len(order.lines))
    halves = [
        structs.replace(order, lines=order.lines[:n]),
        structs.replace(order, lines=order.lines[n:], first=order.first + n, id=id or order.id),
    ]
    rows = [structs.replace(hands.stored, **keys_of(half), body=encode_order(half)) for half in halves]
    hands.orders[hands.i : hands.i + 1] = rows
    if well:
        hands.make_good()
    return just(order.first + n) if well and not id else found


def merge(hands: Hands, *, well: bool) -> Lines:
    """Two orders become one."""
    found, one, other = hands.rest, hands.order, decode_order(hands.orders[hands.i + 1].body)
    both = structs.replace(one, lines=one.lines + other.lines)
    hands.orders[hands.i : hands.i + 2] = [
        structs.replace(hands.stored, **keys_of(both), body=encode_order(both)),
    ]
    if well:
        hands.make_good()
    return found if well else just(one.first)


def swap(hands: Hands) -> Lines:
    """It happened the other way round."""
    one, other = hands.orders[hands.i : hands.i + 2]
    hands.orders[hands.i : hands.i + 2] = [
        structs.replace(other, first=one.first),
        structs.replace(one, first=one.first + other.count),
    ]
    return just(one.first)


def swap_well(hands: Hands, *, times: bool) -> Lines:
    """The same, made good; and perhaps the times, too, run on."""
    found, (one, other) = hands.rest, (decode_order(s.body) for s in hands.orders[hands.i : hands.i + 2])
    one, other = (
        (structs.replace(one, recorded=other.recorded), structs.replace(other, recorded=one.recorded))
        if times
        else (one, other)
    )
    rows = hands.orders[hands.i : hands.i + 2]
    hands.orders[hands.i : hands.i + 2] = [
        structs.replace(row, body=encode_order(order)) for row, order in zip(rows, (other, one), strict=True)
    ]
    hands.make_good()
    return found


def borrow(hands: Hands) -> Lines:
    """It happened in another case: its row in the place of one of ours."""
    foreign = hands.random.choice(hands.others)
    hands.column(count=foreign.count, command_id=foreign.command_id, body=foreign.body, digest=foreign.digest)
    return just(hands.first)


def borrow_well(hands: Hands) -> Lines:
    """The same, as if it had happened here."""
    found, foreign = hands.rest, decode_order(hands.random.choice(hands.others[1:]).body)
    hands.edit(structs.replace(foreign, case=hands.case, id="forged", recorded=hands.order.recorded))
    hands.make_good()
    return found


def cut_tail(hands: Hands) -> Lines:
    """The end never happened: whole orders are gone, with everything that was written with them."""
    while len(hands.orders) > hands.i:
        hands.drop(-1)
    return just(hands.orders[-1].last + 1)


def empty(hands: Hands) -> Lines:
    """Nothing ever happened."""
    hands.orders.clear()
    hands.texts.clear()
    return just(1)


def garble(hands: Hands) -> Lines:
    """Nonsense instead of anything that was recorded, and the chain is made good: audit has to bear it."""
    body = msgspec.json.decode(hands.stored.body)
    inside, key = hands.random.choice(list(places(body)))
    inside[key] = hands.random.choice([x for x in NONSENSE if x != inside.get(key)])
    hands.column(body=written(body))
    hands.rehash()
    return hands.rest


def places(value: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Every place in a value where something else might stand."""
    if isinstance(value, dict):
        yield from ((value, key) for key in [*value, "new"])
        for inner in value.values():
            yield from places(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner)


NONSENSE: list[Any] = [
    None,
    0,
    -1,
    1 << 70,
    "",
    "nobody",
    [],
    ["party/9"],
    {},
    {"x": 1},
    True,
    "2026-13-45",
    "2026-11-23T01:00:00",
    "party/99",
    [[]],
    [None],
]


# -- the texts


def edit_text(hands: Hands, **changes: Callable[[StoredText], Any]) -> Lines:
    id, found = chosen_text(hands)
    text = hands.texts[id]
    hands.texts[id] = structs.replace(text, **{name: change(text) for name, change in changes.items()})
    return found


def chosen_text(hands: Hands) -> tuple[str, Lines]:
    """One of the texts, and the line that has to be named where it is not what it was."""
    orders = [decode_order(stored.body) for stored in hands.orders]
    spoken = [(ref.id, order.first) for order in orders for ref in refs_of(order)]
    id, _ = hands.random.choice(spoken)
    return id, just(min(first for ref, first in spoken if ref == id))


def edit_corrected(hands: Hands) -> Lines:
    """What was put right reads otherwise."""
    id = next(id for id, text in hands.texts.items() if text.words == RIGHT)
    hands.texts[id] = structs.replace(hands.texts[id], words="三万才签")
    return just(hands.orders[-1].first)


def lose_text(hands: Hands) -> Lines:
    id, found = chosen_text(hands)
    del hands.texts[id]
    return found


def swap_texts(hands: Hands) -> Lines:
    """Each is said where the other was."""
    (one, first), (other, second) = chosen_text(hands), chosen_text(hands)
    while other == one:
        other, second = chosen_text(hands)
    hands.texts[one], hands.texts[other] = (
        structs.replace(hands.texts[other], id=one),
        structs.replace(hands.texts[one], id=other),
    )
    return min(first, second, key=lambda lines: lines.start)


RIGHT = "补记另一句"
OTHER_SALT = bytes(range(16))
TEXTS: dict[str, Edit] = {
    "改文字": partial(edit_text, words=lambda text: f"{text.words}。"),
    "文字改成空": partial(edit_text, words=lambda text: ""),
    "改盐": partial(edit_text, salt=lambda text: OTHER_SALT),
    "去掉盐": partial(edit_text, salt=lambda text: None),
    "去掉盐再改文字": partial(edit_text, salt=lambda text: None, words=lambda text: "三万才签"),
    "改归属": partial(edit_text, label=lambda text: "party/1" if text.label != "party/1" else "joint"),
    "改更正的文字": edit_corrected,
    "删文字": lose_text,
    "对调文字": swap_texts,
}
"""The record says of each which words it was."""


# -- all of it


@dataclass(frozen=True)
class Way:
    """One way to edit the record."""

    edit: Edit
    alone: bool = True
    """Whether bytes and rules alone betray it for certain, wherever it is done; otherwise a checkpoint does."""
    thorough: bool = False
    """Whether everything beside the record is put right, too."""


def _ways() -> Iterator[tuple[str, Way]]:
    for column in StoredOrder.__struct_fields__:
        yield f"改列 {column}", Way(partial(edit_column, name=column))
    for column in ("case", "first", "count", "command_id"):
        yield f"改列 {column} 后重算", Way(partial(_then_rehash, edit=partial(edit_column, name=column)), thorough=True)
    for name, (_, alone) in ORDER_FIELDS.items():
        yield f"改 {name}", Way(partial(edit_order, name=name))
        yield f"改 {name} 后重算", Way(partial(edit_order_well, name=name), alone, thorough=True)
    for name in LINE_FIELDS:
        yield f"改行内 {name}", Way(partial(edit_line, name=name))
        yield f"改行内 {name} 后重算", Way(partial(edit_line_well, name=name), thorough=True)
    for how in SPELLINGS:
        yield f"{how}", Way(partial(respell, how=how))
        yield f"{how}后重算", Way(partial(respell_well, how=how), thorough=True)
    for how, edit in TEXTS.items():
        yield how, Way(edit, thorough=True)
    yield from WHOLE.items()


def _then_rehash(hands: Hands, edit: Edit) -> Lines:
    found = edit(hands)
    hands.rehash()
    return found


WHOLE: dict[str, Way] = {
    "删中间": Way(delete_one),
    "删后重算": Way(delete_well, alone=False, thorough=True),
    "插入": Way(insert_one),
    "重复一项": Way(partial(repeat_well, id=None), thorough=True),
    "换编号重复一项": Way(partial(repeat_well, id="forged"), alone=False, thorough=True),
    "两项同一编号": Way(reuse_id, thorough=True),
    "一项拆成两项": Way(partial(split, id=None, well=False)),
    "拆后重算": Way(partial(split, id=None, well=True), thorough=True),
    "换编号拆后重算": Way(partial(split, id="forged", well=True), alone=False, thorough=True),
    "两项并成一项": Way(partial(merge, well=False)),
    "并后重算": Way(partial(merge, well=True), alone=False, thorough=True),
    "对调": Way(swap),
    "对调后重算": Way(partial(swap_well, times=False), alone=False, thorough=True),
    "连时间对调后重算": Way(partial(swap_well, times=True), alone=False, thorough=True),
    "移到别案": Way(borrow),
    "移到别案后重算": Way(borrow_well, alone=False, thorough=True),
    "去掉末行后重算": Way(shorten_well, alone=False, thorough=True),
    "改答复后重算": Way(edit_answer_well, alone=False, thorough=True),
    "截尾": Way(cut_tail, alone=False, thorough=True),
    "整案删空": Way(empty),
    "整案删净": Way(empty, alone=False, thorough=True),
    "乱改后重算": Way(garble, alone=False, thorough=True),
}
OLDER = "换回旧库"
"""The whole database as it was at another time."""
WAYS = dict(_ways()) | {OLDER: Way(lambda hands: just(hands.last + 1), alone=False)}


@dataclass
class Bench:
    """A clean database with two cases in it, as it is, as it was halfway, and the checkpoint kept elsewhere."""

    target: Target
    store: SqlStore
    file: CaseFile
    other: CaseFile
    now: Rows
    older: Rows
    checkpoint: bytes
    halfway: bytes

    def found(self, kept: bytes | None = None) -> list[Finding]:
        """What audit finds in the case, apart from what the lines own up to."""
        heads = read_checkpoint(kept, "存证点").cases if kept else None
        with suppress(CaseNotFound):  # nothing is left of it, and nothing tells of it
            results = dict(audit_store(self.store, CATALOGUE, [self.file.case], heads))
            return [f for f in results[self.file.case] if not f.known]
        return []


@fault("F28", "绕过程序改库：改列、改内容、增删换序、改文字", few=60, many=10_000)
def record_tampered_with(trial: Trial) -> None:
    """Every way is found, with its first bad line, as the table says: alone, or by the checkpoint kept elsewhere."""
    decided = {*RecordedOrder.__struct_fields__} == {*ORDER_FIELDS}, {*RecordedLine.__struct_fields__} == {*LINE_FIELDS}
    trial.hold(all(decided), "有字段没有试到")
    blind, each, ways = Counter[str](), Counter[str](), list(WAYS)
    size = max(len(ways), trial.size)
    counts, share = trial.tries(size), max(len(ways), size // len(histories()))
    while trial.tried < size:
        with bench(trial) as clean, clean.target.unguarded() as db:
            for n in islice(counts, share):
                name = ways[n % len(ways)]
                each[name] += 1
                blind[name] += tamper(trial, clean, db, name)
    missed = "、".join(f"{name} {blind[name]}/{each[name]}" for name in ways if blind[name])
    trial.note = f"不用存证点时查不出：{missed}"


@contextmanager
def bench(trial: Trial) -> Iterator[Bench]:
    """A golden history in a new database, with a correction at its end, and another case beside it."""
    file = histories()[trial.random.choice([n for n in range(len(histories())) if is_rich(n)])]
    beside = next(f for f in histories() if f.case != file.case)
    clock, target = FixedClock(NOW), trial.target.anew()
    with target.opened(clock) as store:
        retold(store, clock, beside, list(steps(beside)))
        orders = list(steps(file))
        retold(store, clock, file, orders[: len(orders) // 2])
        older, halfway = target.rows(), kept(store)
        retold(store, clock, file, orders[len(orders) // 2 :])
        corrected(Story(store, clock, file.case))
        now, other = case_file(store, file.case), case_file(store, beside.case)
        yield Bench(target, store, now, other, target.rows(), older, kept(store), halfway)


def corrected(story: Story) -> None:
    """Something noted down, and put right."""
    noted = story.do(RecordNote(words=Text("补记一句")), id="noted")
    right = CorrectOrder(order=noted.first, reason=Text("录错了"))
    story.do(right, by=Office.LEAD, id="corrected", instead=RecordNote(words=Text(RIGHT)))


ERASING = {"EraseTexts", "EraseExhibits"}


@cache
def is_rich(case: int) -> bool:
    """Whether a history has something of everything that is laid hands on, and is not at its end."""
    file = histories()[case]
    orders = [decode_order(stored.body) for stored in file.orders[1:]]
    workflow = CATALOGUE.in_force(orders[0].rules)
    if workflow.has_ended(fold(file.case, file.orders, workflow)):
        return False
    if any(order.command in ERASING for order in orders):  # where that is edited, what was erased is missing earlier
        return False
    return len(file.texts) > 1 and any(map(answered, orders)) and any(len(order.lines) > 1 for order in orders)


def kept(store: SqlStore) -> bytes:
    """A checkpoint, as it is kept elsewhere."""
    now, stood = checkpoint(store)
    return write_checkpoint(stood, now.isoformat())


def retold(store: SqlStore, clock: FixedClock, file: CaseFile, orders: list[Step]) -> None:
    """Some orders of a golden history, told to a store."""
    retelling = Retelling(store, clock, file)
    for step in orders:
        retelling.give(step)


def tamper(trial: Trial, clean: Bench, db: Any, name: str) -> bool:
    """Edit in one way, look with and without a checkpoint, and put everything back. Whether only that betrayed it."""
    way = WAYS[name]
    suspects = edit(trial, clean, db, name)
    if way.thorough:
        with suppress(LineUnreadable):
            rebuild(clean.store, CATALOGUE)
    alone = clean.found()
    if way.alone:
        named(trial, f"{name}，不用存证点", alone, suspects)
    named(trial, name, clean.found(clean.checkpoint), suspects)
    [half] = [h for case, h in read_checkpoint(clean.halfway, "").cases.items() if case == clean.file.case]
    if suspects.start <= half.version:  # an older one serves as well for all that came before it
        named(trial, f"{name}，用较早的存证点", clean.found(clean.halfway), suspects)
    replace_all(db, clean.now)
    return not alone


def named(trial: Trial, name: str, findings: list[Finding], suspects: Lines) -> None:
    first = min((f.version for f in findings if f.version is not None), default=None)
    trial.hold(first in suspects, f"{name}：应指出第{suspects[0]}至{suspects[-1]}条，指出的是第{first}条")


def edit(trial: Trial, clean: Bench, db: Any, name: str) -> Lines:
    """Do it, in one transaction."""
    if name == OLDER:
        replace_all(db, clean.older)
        return just(max(first + count for case, first, count, *_ in clean.older["orders"] if case == clean.file.case))
    hands = Hands(trial.random, clean.file, clean.other)
    found = WAYS[name].edit(hands)
    with at_once(db):
        for table, rows in (("orders", hands.orders), ("texts", hands.texts.values())):
            db.execute(f'DELETE FROM {table} WHERE "case"=?', (clean.file.case,))
            for row in rows:
                insert(db, table, tuple(getattr(row, column.name) for column in metadata.tables[table].columns))
    return found


@contextmanager
def at_once(db: Any) -> Iterator[None]:
    """One transaction over a raw connection."""
    db.execute("BEGIN")
    yield
    db.execute("COMMIT")


def replace_all(db: Any, rows: Rows) -> None:
    """Every row of every table as it was at another time."""
    with at_once(db):
        for table, wanted in rows.items():
            if as_sorted(all_of(db, table)) == wanted:
                continue
            db.execute(f"DELETE FROM {table}")
            for row in wanted:
                insert(db, table, row)


def insert(db: Any, table: str, row: tuple[Any, ...]) -> None:
    db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)


@fault("F28", "干净案件不误报", few=60, many=5_000)
def clean_cases(trial: Trial) -> None:
    """Of every history, as it was after each of its orders, nothing is found that the lines do not own up to."""
    for file in prefixes(trial):
        trial.hold_all(
            [f.sentence for f in audit(file, CATALOGUE) if not f.known], f"{file.case} 前{len(file.orders)}项操作"
        )
        trial.count()


def prefixes(trial: Trial) -> Iterator[CaseFile]:
    """Histories as they were after one of their orders; the golden ones first, then random walks."""
    golden = [part for file in histories() for part in parts_of(file)]
    yield from trial.random.sample(golden, min(len(golden), trial.size))
    while trial.tried < trial.size:
        story = walk(trial.random.randrange(1 << 32))
        left = trial.size - trial.tried
        yield from list(parts_of(case_file(story.store, story.name)))[:left]


def parts_of(file: CaseFile) -> Iterator[CaseFile]:
    """A history as it was after each of its orders, but for those whose words or files have been erased since."""
    for upto in range(1, len(file.orders) + 1):
        orders = file.orders[:upto]
        told = {ref.id for stored in orders for ref in refs_of(decode_order(stored.body))}
        named = {ref.id for stored in orders for ref in files_named_in(msgspec.json.decode(stored.body))}
        texts = {id: file.texts[id] for id in told}
        exhibits = {id: file.exhibits[id] for id in named if id in file.exhibits}
        gone = {id for id, text in texts.items() if text.words is None} | named - set(exhibits)
        if gone <= {*erased_in(CATALOGUE, orders)}:
            yield CaseFile(case=file.case, orders=orders, texts=texts, exhibits=exhibits, has_projection=False)
