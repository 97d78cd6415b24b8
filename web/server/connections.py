"""Connections: a request is read whole, within limits of time and size, before it takes a thread; its answer is sent
when the thread is free again.

Whoever stalls costs a socket and what he has sent so far, for as long as the limits say; and where there are too many,
those who have kept us waiting longest are let go first.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from asyncio import StreamReader, StreamReaderProtocol, StreamWriter, timeout
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from typing import Any

import h11
import structlog

from .wsgi import Answer, Application, Asked, answer_of, plain

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
MOST_BODY = 2 * MEGABYTE
"""A longer one is not read; the application is told how long it would be."""
AT_A_TIME = 64 * KILOBYTE
AT_ONCE = 100
"""So many are taken in before those who are in are attended to again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a client may take, in seconds, and how much it may send."""

    handshake: float = 10
    head: float = 10
    idle: float = 5
    """Between two requests."""
    body: float = 20
    answer: float = 20
    pace: int = 16 * KILOBYTE
    """Bytes a second that a long body and a long answer may take besides: that of a bad telephone."""
    leave: float = 5
    """To take leave: what we did not read is thrown away, so that the answer is not lost on the way."""
    farewell: float = 1
    """For whoever had just come when we stop."""
    grace: float = 30
    """For what is under way when we stop."""
    head_bytes: int = 32 * KILOBYTE
    body_bytes: int = MOST_BODY
    connections: int = 1000
    held_bytes: int = 64 * MEGABYTE
    """Of all bodies that have not yet arrived whole."""
    longer_bytes: int = 64 * MEGABYTE
    """Of all longer bodies, of people whom the application knows, until they are answered."""


class TooManyLonger(Exception):
    """There is no room for one more longer body now."""


class Server:
    """Everything one process serves: an application, its threads, and who is connected."""

    def __init__(
        self,
        app: Application,
        threads: int,
        tls: ssl.SSLContext | None = None,
        limits: Limits = Limits(),
    ) -> None:
        self.app, self.tls, self.limits = app, tls, limits
        self.longer: Callable[[Asked], int] = getattr(app, "longer_body", lambda _: 0)
        """How long a body may be of which only the head has come, where that is longer than usual; else 0."""
        self.longer_bytes = 0
        """Announced of longer bodies that are under way."""
        self.threads = ThreadPoolExecutor(threads, "request")
        self.stopping = False
        self.connected: dict[Connection, asyncio.Task[None]] = {}
        self.waiting: dict[Connection, None] = {}
        """Those we wait for, whoever keeps us waiting longest first."""

    async def serve(self, listeners: Sequence[socket.socket], stop: asyncio.Event) -> None:
        """Serve until told to stop, then finish what is under way."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_tell)
        for listener in listeners:
            listener.setblocking(False)
            loop.add_reader(listener, self._accept, listener)
        try:
            await stop.wait()
        finally:
            self.stopping = True
            for listener in listeners:
                loop.remove_reader(listener)
        await self._finish()

    async def _finish(self) -> None:
        """Let those go who ask nothing; wait for the others. Who has just come may have asked already."""
        self._let_idle_go(lambda connection: connection.served > 0)
        if self.connected:
            await asyncio.wait([*self.connected.values()], timeout=min(self.limits.farewell, self.limits.grace))
        self._let_idle_go(lambda _: True)
        if self.connected:
            await asyncio.wait([*self.connected.values()], timeout=self.limits.grace)

    def _let_idle_go(self, which: Callable[[Connection], bool]) -> None:
        for connection in [c for c in self.waiting if c.idle and which(c)]:
            self._let_go(connection)

    def abandon(self) -> None:
        """Let go of everybody, at once."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        for task in self.connected.values():
            task.cancel()

    def _accept(self, listener: socket.socket) -> None:
        """Take everybody in who has come."""
        for _ in range(AT_ONCE):
            try:
                connected, _address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # no more files, or who knocked is gone
                self._shed()
                return
            connected.setblocking(False)
            if len(self.connected) >= self.limits.connections:
                self._shed()
            connection = Connection(self, connected)
            self.connected[connection] = task = asyncio.create_task(connection.attend())
            self.waiting[connection] = None
            task.add_done_callback(partial(self._forget, connection))

    def make_room(self) -> None:
        """Let those go who hold the most of bodies that do not come to their end."""
        while sum(c.held for c in self.waiting) > self.limits.held_bytes:
            self._let_go(max(self.waiting, key=lambda c: c.held))

    def _shed(self) -> None:
        if self.waiting:
            self._let_go(next(iter(self.waiting)))

    def _let_go(self, connection: Connection) -> None:
        self.waiting.pop(connection)
        self.connected[connection].cancel()

    def _forget(self, connection: Connection, _: asyncio.Task[None]) -> None:
        connection.drop()  # also of who was let go before his turn came
        self.connected.pop(connection, None)
        self.waiting.pop(connection, None)


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A line of the log, without what a client sent."""
    structlog.get_logger().error("connection", fault=type(context.get("exception")).__name__)


class Connection:
    """One client, from its first byte to its last."""

    def __init__(self, server: Server, connected: socket.socket) -> None:
        self._server, self._socket, self._limits = server, connected, server.limits
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_bytes)
        self._reader = StreamReader(AT_A_TIME)
        self._writer: StreamWriter | None = None
        self.served = 0
        """Requests that have been answered."""
        self.held = 0
        """Bytes of a body that has not yet arrived whole."""
        self.granted = 0
        """Announced of a longer body."""
        self.idle = True
        """Whether nothing of a request has come."""

    async def attend(self) -> None:
        """Answer until the client leaves, or stalls."""
        try:
            self._writer = await self._open()
            while await self._exchange():
                pass
            await self._leave()
        except (OSError, EOFError, TimeoutError, h11.ProtocolError):
            pass  # who is gone is told nothing
        finally:
            self._give_back()

    def drop(self) -> None:
        """Let go at once of what is left."""
        if self._writer:
            self._writer.transport.abort()
        else:
            self._socket.close()

    async def _open(self) -> StreamWriter:
        """The connection as a stream, after the handshake where there is one."""
        loop, limits = asyncio.get_running_loop(), self._limits
        with suppress(OSError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secured: dict[str, Any] = (
            {"ssl": self._server.tls, "ssl_handshake_timeout": limits.handshake, "ssl_shutdown_timeout": limits.leave}
            if self._server.tls
            else {}
        )
        transport, protocol = await loop.connect_accepted_socket(
            lambda: StreamReaderProtocol(self._reader), self._socket, **secured
        )
        transport.set_write_buffer_limits(high=1)  # `drain` waits for the last byte; of 0, under TLS, for ever
        return StreamWriter(transport, protocol, self._reader, loop)

    async def _exchange(self) -> bool:
        """One request and its answer; whether another may follow."""
        try:
            head = await self._head()
            if head is None:
                return False
            asked = await self._whole(head)
        except TooManyLonger:
            await self._send(plain(503, "现在上传的人多，请过一会儿再试。"))
            return False
        except TimeoutError:
            await self._send(plain(408, "请求没有在时限内发完，请重试。"))
            return False
        except h11.RemoteProtocolError as fault:
            await self._send(plain(fault.error_status_hint, "没有看懂这个请求。"))
            return False
        answer = await self._answer(asked)
        del asked
        self._give_back()
        await self._send(answer)
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        self.served += 1
        return not self._server.stopping

    async def _head(self) -> h11.Request | None:
        """What is asked; None where nothing more is."""
        self.idle = not self._http.trailing_data[0]
        if self.idle:
            try:
                async with timeout(self._limits.idle if self.served else self._limits.head):
                    first = await self._reader.read(AT_A_TIME)
            except TimeoutError:
                return None
            self.idle = False
            self._http.receive_data(first)
        async with timeout(self._limits.head):
            event = await self._event()
        if not isinstance(event, h11.Request):
            return None
        framed = {name for name, _ in event.headers} & {b"content-length", b"transfer-encoding"}
        if len(framed) > 1:  # two servers could end such a request at two places
            raise h11.RemoteProtocolError("two lengths")
        if not event.target.startswith((b"/", b"http://", b"https://")):
            raise h11.RemoteProtocolError("no path")
        return event

    async def _whole(self, head: h11.Request) -> Asked:
        """A request with its body, unless that is too long."""
        announced = int(dict(head.headers).get(b"content-length", b"0"))
        body, most = bytearray(), self._limits.body_bytes
        if announced > most:
            most = await self._grant(head, announced)
        if announced <= most:
            begun = asyncio.get_running_loop().time()
            try:
                while not isinstance(event := await self._in_time(begun, len(body)), h11.EndOfMessage):
                    if not isinstance(event, h11.Data):
                        raise EOFError
                    body += event.data
                    if len(body) > most:
                        break
                    self.held = 0 if self.granted else len(body)
                    self._server.make_room()
            finally:
                self.held = 0
        return self._asked(head, bytes(body), max(announced, len(body)))

    async def _grant(self, head: h11.Request, announced: int) -> int:
        """How long this body may be: the application is asked before a byte of it is read. TooManyLonger."""
        loop, asked = asyncio.get_running_loop(), self._asked(head, b"", 0)
        try:
            most = await loop.run_in_executor(self._server.threads, self._server.longer, asked)
        except Exception as fault:  # whatever an application does, the server goes on
            structlog.get_logger().error("not asked", fault=type(fault).__name__)
            most = 0
        if announced <= most:
            if self._server.longer_bytes + announced > self._limits.longer_bytes:
                raise TooManyLonger
            self._server.longer_bytes += announced
            self.granted = announced
        return most

    def _give_back(self) -> None:
        self._server.longer_bytes -= self.granted
        self.granted = 0

    async def _in_time(self, begun: float, so_far: int) -> Any:
        """What comes next of a body that began at a time; the more has come, the longer it may take."""
        until = begun + self._limits.body + so_far / self._limits.pace
        async with asyncio.timeout_at(until):
            return await self._event()

    def _asked(self, head: h11.Request, body: bytes, length: int) -> Asked:
        assert self._writer is not None
        client, server = (self._writer.get_extra_info(name) or ("", 0) for name in ("peername", "sockname"))
        return Asked(
            method=head.method.decode("ascii"),
            target=head.target.decode("ascii"),
            version=head.http_version.decode("ascii"),
            headers=list(head.headers),
            body=body,
            length=length,
            client=client[0],
            server=(server[0], server[1]),
            scheme="https" if self._server.tls else "http",
        )

    async def _event(self) -> Any:
        """What comes next."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                self._write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])))
            self._http.receive_data(await self._reader.read(AT_A_TIME))
        return event

    async def _answer(self, asked: Asked) -> Answer:
        """What the application answers, in a thread; meanwhile nobody is waited for."""
        self._server.waiting.pop(self, None)
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._server.threads, answer_of, self._server.app, asked)
        except Exception as fault:  # whatever an application does, the server goes on
            structlog.get_logger().error("unanswered", fault=type(fault).__name__)
            return plain(500, "系统出错，内容可能没有保存，请返回查看后再试。")
        finally:
            self._server.waiting[self] = None

    async def _send(self, answer: Answer) -> None:
        """Send an answer; TimeoutError where nobody takes it."""
        last = self._server.stopping or self._http.their_state is not h11.DONE
        headers = [*answer.headers, (b"date", formatdate(usegmt=True).encode())]
        headers += [(b"connection", b"close")] if last else []
        head = h11.Response(status_code=answer.status, reason=answer.reason, headers=headers)
        sent = self._http.send(head) or b""
        if answer.body:
            sent += self._http.send(h11.Data(data=answer.body)) or b""
        sent += self._http.send(h11.EndOfMessage()) or b""
        self._write(sent)
        assert self._writer is not None
        async with timeout(self._limits.answer + len(sent) / self._limits.pace):
            await self._writer.drain()

    def _write(self, sent: bytes | None) -> None:
        assert self._writer is not None
        if sent:
            self._writer.write(sent)

    async def _leave(self) -> None:
        """Close. What still comes is thrown away: else the system would take back what we have just sent."""
        assert self._writer is not None
        async with timeout(self._limits.leave):
            if self._http.their_state in (h11.SEND_BODY, h11.ERROR):
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                while await self._reader.read(AT_A_TIME):
                    pass
            self._writer.close()
            await self._writer.wait_closed()
