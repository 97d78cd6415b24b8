"""Connections against their limits, and the requests they make of bytes: a server of one's own in this process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from select import select
from typing import Any

import pytest

from web.server.connections import MEGABYTE, Limits, Server

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SHORT = 0.2
"""A limit that is soon over."""
HANGS = 30
"""Seconds after which somebody who is to be let go has been kept for ever."""

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Says back what was sent."""
    sent = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("X-Length", environ.get("CONTENT_LENGTH", ""))])
    return [sent or b"nothing"]


class Running:
    """A server in a thread, and those connected to it."""

    def __init__(self, app: App, stack: ExitStack, **limits: Any) -> None:
        self._stack, self._limits, self._app = stack, Limits(**{"grace": SHORT} | limits), app
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = listener.getsockname()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(listener),))
        self._thread.start()
        self._ready.wait(HANGS)

    async def _serve(self, listener: socket.socket) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.server = Server(self._app, 2, limits=self._limits)
        self._ready.set()
        await self.server.serve([listener], self._stop)
        self.server.abandon()
        listener.close()

    def stop(self) -> None:
        """Tell it to stop; it finishes what is under way."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)

    def ended(self) -> bool:
        """Whether it comes to its end."""
        self._thread.join(HANGS)
        return not self._thread.is_alive()

    def client(self, *sent: bytes) -> socket.socket:
        """Somebody who has sent something."""
        client = self._stack.enter_context(socket.create_connection(self.address, HANGS))
        for part in sent:
            client.sendall(part)
        return client

    def ask(self, *sent: bytes) -> bytes:
        """All that is answered, up to the end."""
        return everything(self.client(*sent))


def everything(client: socket.socket) -> bytes:
    """What comes until the server leaves."""
    found = b""
    while True:
        try:
            part = client.recv(1 << 16)
        except ConnectionResetError:
            return found
        if not part:
            return found
        found += part


@contextmanager
def running(app: App = echo, **limits: Any) -> Iterator[Running]:
    with ExitStack() as stack:
        server = Running(app, stack, **limits)
        try:
            yield server
        finally:
            server.stop()
            assert server.ended()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def post(body: bytes, length: int | None = None) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body) if length is None else length,
        body,
    )


# -- time


@pytest.mark.parametrize(
    ("sent", "told"),
    [(b"", 0), (b"GET / HTTP/1.1\r\nHost:", 408), (post(b"so far", 1000), 408)],
    ids=["nothing", "head", "body"],
)
def test_who_stalls_is_let_go_when_the_time_is_over(sent: bytes, told: int) -> None:
    with running(head=SHORT, body=SHORT) as server:
        assert status(server.ask(sent)) == told


def test_a_drop_now_and_then_does_not_lengthen_the_time_for_a_head() -> None:
    with running(head=SHORT, leave=SHORT) as server:
        client = server.client(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError, match=r"reset|pipe|aborted"):  # noqa: PT012
            while True:
                client.sendall(b"X: y\r\n")


def test_a_long_body_may_take_as_long_as_its_pace_allows() -> None:
    body = b"x" * MEGABYTE
    with running(body=0, pace=1) as server:  # not a moment, but a second for every byte that has come
        client = server.client(post(body[: 1 << 16], len(body)))
        client.sendall(body[1 << 16 :])
        client.shutdown(socket.SHUT_WR)
        assert everything(client).endswith(b"x" * 100)


def test_who_takes_no_answer_is_let_go() -> None:
    def much(_: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        return [b"x" * (64 * MEGABYTE)]

    with running(much, answer=SHORT, pace=1 << 40) as server:
        client = server.client(GET)
        while server.server.connected or not client.recv(1, socket.MSG_PEEK):
            threading.Event().wait(0.01)
        assert len(everything(client)) < 64 * MEGABYTE


def test_who_asks_nothing_more_is_let_go() -> None:
    with running(idle=SHORT) as server:
        answer = server.ask(GET)
        assert (status(answer), answer.count(b"HTTP/1.1")) == (200, 1)


# -- number and size


def test_where_there_are_too_many_whoever_stalls_longest_goes_first() -> None:
    with running(connections=3) as server:
        stalled = [server.client(b"GET /") for _ in range(6)]
        assert status(server.ask(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) == 200
        assert [everything(client) for client in stalled[:3]] == [b"", b"", b""]


def test_bodies_that_do_not_end_are_held_up_to_a_bound() -> None:
    with running(held_bytes=3 * MEGABYTE) as server:
        first = server.client(post(b"x" * MEGABYTE, 2 * MEGABYTE))
        stalled = [first, *(server.client(post(b"x" * (MEGABYTE * 3 // 2), 2 * MEGABYTE)) for _ in range(3))]
        gone, _, _ = select(stalled, [], [], HANGS)
        assert [everything(client) for client in gone] == [b""] * len(gone)
        assert gone
        assert server.ask(post(b"short")[:-5].replace(b"Host", b"Connection: close\r\nHost") + b"short").endswith(
            b"short"
        )


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_that_is_too_long_is_not_read_and_the_application_says_so(chunked: bool) -> None:
    sent = b"POST / HTTP/1.1\r\nHost: a\r\n"
    sent += b"Transfer-Encoding: chunked\r\n\r\n400\r\n" + b"x" * 1024 if chunked else b"Content-Length: 1024\r\n\r\n"
    with running(body_bytes=1000, leave=SHORT) as server:
        answer = server.ask(sent)
        assert b"X-Length: 1024" in answer
        assert b"Connection: close" in answer or b"connection: close" in answer


def test_a_head_that_is_too_long_is_not_read() -> None:
    with running(leave=SHORT) as server:
        assert status(server.ask(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000)) == 431


# -- requests and answers


def test_what_could_be_read_in_two_ways_is_refused() -> None:
    twice = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    hosts = b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
    nowhere = b"GET a/b HTTP/1.1\r\nHost: a\r\n\r\n"
    with running(leave=SHORT) as server:
        assert [status(server.ask(sent)) for sent in (twice, hosts, nowhere, b"hello\r\n\r\n")] == [400] * 4


def test_a_name_that_would_pass_for_another_is_not_taken() -> None:
    seen: list[dict[str, Any]] = []

    def keep(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.append(environ)
        return list(echo(environ, start))

    with running(keep) as server:
        server.ask(
            b"GET http://a/b%20c?d=e HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 1\r\nX-Two: 1\r\nX-Two: 2\r\n"
            b"Cookie: a=1\r\nCookie: b=2\r\nContent-Type: text/x\r\nConnection: close\r\n\r\n"
        )
    (found,) = seen
    assert "HTTP_X_FORWARDED_FOR" not in found
    assert (found["PATH_INFO"], found["QUERY_STRING"], found["HTTP_X_TWO"]) == ("/b c", "d=e", "1,2")
    assert (found["HTTP_COOKIE"], found["CONTENT_TYPE"], found["REMOTE_ADDR"]) == ("a=1; b=2", "text/x", "127.0.0.1")


def test_one_connection_serves_one_request_after_another_also_sent_at_once() -> None:
    last = b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with running() as server:
        answer = server.ask(GET + post(b"second") + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert b"second" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_who_waits_to_be_told_to_go_on_is_told() -> None:
    with running() as server:
        client = server.client(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"on")
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 ")


def test_what_an_application_did_not_foresee_is_told_without_a_trace(capfd: pytest.CaptureFixture[str]) -> None:
    def fails(*_: Any) -> list[bytes]:
        raise RuntimeError("王某的话")

    with running(fails) as server:
        client = server.client(GET)
        assert status(client.recv(1 << 16)) == 500
    said = "".join(capfd.readouterr())
    assert "Traceback" not in said
    assert "王某" not in said


# -- stopping


def test_what_is_under_way_is_finished_before_the_server_stops_and_who_is_idle_is_let_go() -> None:
    entered, leave = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            entered.set()
            leave.wait(HANGS)
        return echo(environ, start)

    with running(slow, idle=HANGS, grace=HANGS) as server:
        idle, busy = server.client(GET), server.client(GET.replace(b"/", b"/slow", 1))
        assert status(idle.recv(1 << 16)) == 200
        entered.wait(HANGS)
        server.stop()
        assert everything(idle) == b""
        leave.set()
        answer = everything(busy)
        assert (status(answer), b"connection: close" in answer) == (200, True)
        assert server.ended()


def test_who_does_not_come_to_an_end_holds_up_no_stop_for_ever() -> None:
    with running() as server:
        stalled = server.client(b"GET /")
        while not any(not c.idle for c in server.server.connected):
            threading.Event().wait(0.01)
        server.stop()
        assert everything(stalled) == b""
        assert server.ended()


# -- longer bodies, of people who are known

LONG = 3 * MEGABYTE


class Knowing:
    """Says back how much was sent; lets whoever shows a pass send longer bodies."""

    def __init__(self, most: int = 4 * MEGABYTE) -> None:
        self.most, self.asked = most, 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [str(len(environ["wsgi.input"].read())).encode()]

    def longer_body(self, asked: Any) -> int:
        self.asked += 1
        assert asked.body == b""
        return self.most if (b"x-pass", b"1") in asked.headers else 0


def long_post(length: int, *, known: bool) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: a\r\n%sContent-Length: %d\r\n\r\n" % (b"X-Pass: 1\r\n" if known else b"", length)


def test_a_longer_body_is_read_of_people_who_are_known_and_of_nobody_else() -> None:
    app = Knowing()
    with running(app) as server:
        assert server.ask(long_post(LONG, known=True), bytes(LONG)).endswith(str(LONG).encode())
        assert server.ask(long_post(LONG, known=False), bytes(1000)).endswith(b"\r\n0")
        assert server.ask(long_post(5 * MEGABYTE, known=True), bytes(1000)).endswith(b"\r\n0")
        assert app.asked == 3
        assert server.ask(post(b"short")).endswith(b"\r\n5")
        assert (app.asked, server.server.longer_bytes) == (3, 0)


def test_longer_bodies_under_way_are_bounded_together_and_the_room_is_given_back() -> None:
    with running(Knowing(), longer_bytes=LONG, idle=SHORT) as server:
        slow = server.client(long_post(LONG, known=True), bytes(1000))
        while not server.server.longer_bytes:
            pass
        assert status(server.ask(long_post(LONG, known=True))) == 503
        slow.close()
        while server.server.longer_bytes:
            pass
        assert status(server.ask(long_post(LONG, known=True), bytes(LONG))) == 200


def test_whoever_is_known_and_stalls_is_let_go_all_the_same() -> None:
    with running(Knowing(), body=SHORT, pace=100 * MEGABYTE) as server:
        assert status(server.ask(long_post(LONG, known=True), bytes(1000))) == 408
        while server.server.longer_bytes:
            pass


def test_an_application_that_fails_when_it_is_asked_lets_nobody_send_more() -> None:
    app = Knowing()
    app.longer_body = lambda _: 1 // 0  # type: ignore[method-assign]
    with running(app) as server:
        assert server.ask(long_post(LONG, known=True), bytes(1000)).endswith(b"\r\n0")
