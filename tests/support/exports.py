"""Exported cases tampered with, by somebody who knows the format and makes good again what he cares to."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Row = dict[str, Any]
FIRST = bytes(32)


@dataclass
class Hands:
    """Somebody's hands on the rows of one case, and another case to take from."""

    random: Random
    rows: list[Row]
    other: Sequence[Row]

    def of(self, what: str) -> list[Row]:
        """The orders, or the texts."""
        return [row for row in self.rows if row["what"] == what]

    def one(self, what: str = "order") -> Row:
        """One of them; not the first, with which a case begins."""
        rows = self.of(what)
        return self.random.choice(rows[1:] or rows)

    def edit(self, row: Row, **changes: Any) -> None:
        """Write something else into the body of an order, as the program would have written it."""
        row["body"] = wrapped(written(inside(row) | changes))

    def chain(self) -> None:
        """Make good the chain and the head of the file."""
        before = FIRST
        for row in self.of("order"):
            before = hashlib.sha256(before + base64.b64decode(row["body"])).digest()
            row["digest"] = before.hex()
        self.head(digest=before.hex())

    def head(self, **changes: Any) -> None:
        orders = self.of("order")
        self.rows[0] |= {"orders": len(orders), "lines": sum(row["count"] for row in orders)} | changes

    def number(self) -> None:
        """Count the lines anew."""
        first = 1
        for row in self.of("order"):
            self.edit(row, first=first)
            row["first"] = first
            first += row["count"]


def inside(row: Row) -> Row:
    """The order in a row."""
    held: Row = json.loads(base64.b64decode(row["body"]))
    return held


def written(value: Any) -> bytes:
    """Canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def wrapped(body: bytes) -> str:
    return base64.b64encode(body).decode()


def edit_actor(hands: Hands) -> None:
    hands.edit(hands.one(), actor="nobody")


def edit_lines(hands: Hands) -> None:
    row = hands.one()
    lines = inside(row)["lines"]
    hands.edit(row, lines=[{**lines[0], "target": "elsewhere"}, *lines[1:]])


def edit_time(hands: Hands) -> None:
    hands.edit(hands.one(), recorded="2020-01-01T00:00:00Z")


def edit_bit(hands: Hands) -> None:
    row = hands.one()
    body = bytearray(base64.b64decode(row["body"]))
    body[hands.random.randrange(len(body))] ^= 1 << hands.random.randrange(7)
    row["body"] = wrapped(bytes(body))


def edit_digest(hands: Hands) -> None:
    hands.one()["digest"] = hands.random.choice(["00" * 32, "ab", hands.of("order")[0]["digest"]])


def edit_column(hands: Hands) -> None:
    column, value = hands.random.choice([("first", 2), ("count", 7), ("count", -1), ("command_id", "forged")])
    hands.one()[column] = value


def edit_case(hands: Hands) -> None:
    hands.edit(hands.one(), case="elsewhere")


def drop_one(hands: Hands) -> None:
    hands.rows.remove(hands.one())


def insert_one(hands: Hands) -> None:
    row = hands.one()
    hands.rows.insert(hands.rows.index(row), dict(row))


def swap_two(hands: Hands) -> None:
    one, two = hands.random.sample(hands.of("order")[1:], 2)
    at, to = hands.rows.index(one), hands.rows.index(two)
    hands.rows[at], hands.rows[to] = two, one


def move_one(hands: Hands) -> None:
    row = hands.one()
    foreign = hands.random.choice([r for r in hands.other if r["what"] == "order"])
    hands.rows[hands.rows.index(row)] = foreign | {"case": row["case"]}


def cut_tail(hands: Hands) -> None:
    hands.rows.remove(hands.of("order")[-1])


def head_wrongly(hands: Hands) -> None:
    name, value = hands.random.choice([("orders", 1), ("lines", 1), ("digest", "00" * 32)])
    hands.rows[0][name] = value


def turn_time_back(hands: Hands) -> None:
    edit_time(hands)
    hands.chain()


def use_id_twice(hands: Hands) -> None:
    row, again = hands.one(), inside(hands.of("order")[0])
    hands.edit(row, id=again["id"], organisation=again["organisation"])
    row["command_id"] = again["id"]
    hands.chain()


def say_more(hands: Hands) -> None:
    hands.edit(hands.one(), note="x")
    hands.chain()


def write_otherwise(hands: Hands) -> None:
    """The same in other bytes: with white space, with a default written out, with a name twice."""
    row = hands.one()
    body = base64.b64decode(row["body"])
    ways = [
        (b'"lines":[', b'"lines": ['),
        (b'"lines":[', b'"lines":[],"lines":['),
        (b'"actor":', b'"waives":{},"actor":'),
    ]
    row["body"] = wrapped(body.replace(*hands.random.choice(ways)))
    hands.chain()


def garble(hands: Hands) -> None:
    """Nonsense in place of something, well chained."""
    row = hands.one()
    order = inside(row)
    holder = hands.random.choice([order, order["lines"][0]])
    holder[hands.random.choice([*holder, "new"])] = hands.random.choice(NONSENSE)
    row["body"] = wrapped(written(order))
    hands.chain()


NONSENSE: tuple[Any, ...] = (None, 0, -1, 1.5, True, "", "nobody", [], [1], {}, {"x": 1}, "2026-13-45T25:00:00Z")


def cut_and_mend(hands: Hands) -> None:
    """The end never was, nor what was said in it; the head of the file says so, too."""
    last = hands.of("order")[-1]
    gone = base64.b64decode(last["body"]).decode()
    hands.rows = [r for r in hands.rows if r is not last and not (r["what"] == "text" and r["id"] in gone)]
    hands.chain()


def drop_and_mend(hands: Hands) -> None:
    hands.rows.remove(hands.one())
    hands.number()
    hands.chain()


def edit_and_mend(hands: Hands) -> None:
    edit_actor(hands)
    hands.chain()


def change_words(hands: Hands) -> None:
    hands.one("text")["words"] = "别的话"


def change_salt(hands: Hands) -> None:
    hands.one("text")["salt"] = "00" * 16


def change_label(hands: Hands) -> None:
    row = hands.one("text")
    row["label"] = "joint" if row["label"] != "joint" else "host"


def drop_words(hands: Hands) -> None:
    hands.rows.remove(hands.one("text"))


def add_words(hands: Hands) -> None:
    hands.rows.append(hands.one("text") | {"id": hands.random.choice(["0" * 32, hands.one("text")["id"]])})


def hide_words(hands: Hands) -> None:
    """The words stay where they are said not to be; or they are gone, and said to be there."""
    row = hands.one("text")
    row |= hands.random.choice([{"state": "withheld"}, {"state": "erased"}, {"words": None}, {"salt": None}])


def break_row(hands: Hands) -> None:
    row = hands.random.choice(hands.rows)
    name = hands.random.choice(list(row))
    row[name] = hands.random.choice([None, 1.5, {}, "x y"])


WAYS: tuple[Callable[[Hands], None], ...] = (
    *(edit_actor, edit_lines, edit_time, edit_bit, edit_digest, edit_column, edit_case, drop_one, insert_one),
    *(swap_two, move_one, cut_tail, head_wrongly, turn_time_back, use_id_twice, say_more, write_otherwise, garble),
    *(cut_and_mend, drop_and_mend, edit_and_mend, change_words, change_salt, change_label, drop_words, add_words),
    *(hide_words, break_row),
)


def cases_of(raw: bytes) -> list[list[Row]]:
    """The rows of each case of a file."""
    cases: list[list[Row]] = []
    for row in map(json.loads, raw.splitlines()):
        if row["what"] == "case":
            cases.append([])
        cases[-1].append(row)
    return cases


def file_of(rows: Sequence[Row]) -> bytes:
    """A file of rows."""
    return b"".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)
