"""Sending: messages leave through channels after they were written, at least once, each always under the same id.

Who tries one takes it for some minutes; whoever dies meanwhile leaves it to the next. Back-off doubles from a minute;
after the last try it is given up, and sent again by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from threading import Thread

from msgspec import Struct

from ..descriptions.messages import message_words
from ..domain.formatting import CHINA
from ..domain.message import DIGEST
from ..errors import NotSent
from ..ports.channels import Channel, Envelope
from ..ports.messages import Message, Sending
from ..ports.store import Store, Unit
from ..rules.catalogue import Catalogue
from .digest import digest_text, sections

ROOM = "五方会诊"
"""What a subject begins with."""
Quiet = tuple[time, time]
"""From when to when, in China, it may go past midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long things take and how often they are tried."""

    held: timedelta = timedelta(minutes=5)
    """For so long who tries a sending has it for himself: longer than any channel takes."""
    patience: timedelta = timedelta(minutes=2)
    """For so long a channel may take over a message; one that does not come back is left behind."""
    first: timedelta = timedelta(minutes=1)
    """Until the second try; each wait is twice the one before."""
    longest: timedelta = timedelta(minutes=30)
    tries: int = 12
    """After so many it is given up: with the usual pace that is some four hours."""

    def wait(self, tries: int) -> timedelta:
        """How long after so many tries the next is due."""
        return min(self.longest, self.first * 2.0 ** min(tries - 1, 20))


class Sent(Struct, kw_only=True):
    """What came of going through the sendings."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What messages are sent with."""

    store: Store
    catalogue: Catalogue
    channels: Mapping[str, Channel]
    address: str
    """Of the pages, as people type it."""
    quiet: Quiet | None = None
    morning: time = time(8)
    """From which hour on, in China, digests are written."""
    pace: Pace = Pace()

    def send(self, stop: Callable[[], bool] = lambda: False) -> Sent:
        """Send all whose time has come; a channel that fails is left alone until the next call."""
        done, working = Sent(), set(self.channels)
        while not stop() and (taken := self._take(working)):
            sending, envelope = taken
            if envelope is None:
                self._end(sending, dead="已经不用这种方式接收")
                done.given_up += 1
                continue
            fault = _handed(self.channels[sending.channel], envelope, self.pace.patience)
            if fault:
                given_up = fault.is_final or sending.tries >= self.pace.tries
                self._end(sending, **{"dead" if given_up else "fault": str(fault.about["why"])})
                done.failed += 1
                done.given_up += given_up
                if not fault.is_final:
                    working.discard(sending.channel)
            else:
                self._end(sending)
                done.sent += 1
        return done

    def _take(self, channels: Collection[str]) -> tuple[Sending, Envelope | None] | None:
        with self.store.write() as unit:
            now, pace = unit.now, self.pace
            quiet = self.quiet is not None and is_quiet(now, self.quiet)
            furthest = now + max(pace.held, pace.longest)
            found = unit.messages.take(now + pace.held, furthest, channels, urgent=quiet)
            if found is None:
                return None
            message, sending = found
            address = {it.channel: it.address for it in unit.messages.contacts(message.recipient)}
            known = sending.channel in address
            return sending, self._envelope(unit, message, address[sending.channel]) if known else None

    def _envelope(self, unit: Unit, message: Message, address: str) -> Envelope:
        if message.topic == DIGEST:
            subject, text = digest_text(sections(unit, self.catalogue, message.recipient), message)
            return Envelope(
                id=message.id,
                address=address,
                subject=f"【{ROOM}】{subject}",
                body=f"{text}\n\n打开工作台：\n{self.address}/work\n\n登录后查看详情。晨报里不写姓名和案情。\n",
                urgent=False,
                written=message.written,
            )
        today = unit.now.astimezone(CHINA).date()
        words = message_words(self.catalogue.reading(message.workflow), message, today)
        held = unit.views.row(message.case)
        number = (held.number if held else None) or "尚无案号的案件"
        late = f"{words.late}。\n" if words.late else ""
        return Envelope(
            id=message.id,
            address=address,
            subject=f"【{ROOM}】{words.title}",
            body=(
                f"{number}\n{words.title}，{words.day}。\n{late}{words.onward}：\n"
                f"{self.address}/cases/{message.case}\n\n登录后查看详情。消息里不写姓名和案情。\n"
            ),
            urgent=message.urgent,
            written=message.written,
        )

    def _end(self, sending: Sending, *, fault: str = "", dead: str = "") -> None:
        """Note what came of it; where another had it meanwhile and got it there, that stands."""
        with self.store.write() as unit:
            now, known = unit.now, unit.messages.sending(sending.message, sending.channel)
            if known is None or known.sent is not None:
                return
            if dead:
                ended = replace(known, dead=now, fault=dead)
            elif fault:
                ended = replace(known, next=now + self.pace.wait(sending.tries), fault=fault)
            else:
                ended = replace(known, sent=now, dead=None, fault="")
            unit.messages.put_sending(ended)


def _handed(channel: Channel, envelope: Envelope, patience: timedelta) -> NotSent | None:
    """What came of handing a message to a channel; whatever that does, others go on."""
    outcome = list[NotSent | None]()

    def hand() -> None:
        try:
            channel.send(envelope)
        except NotSent as fault:
            outcome.append(fault)
        except Exception as fault:  # a channel is anybody's
            outcome.append(NotSent(why=f"这种通知方式出了故障（{type(fault).__name__}）"))
        else:
            outcome.append(None)

    hands = Thread(target=hand, name="channel", daemon=True)
    hands.start()
    hands.join(patience.total_seconds())
    return outcome[0] if outcome else NotSent(why="很久没有发完")


def resend(store: Store, messages: Collection[str] | None = None) -> int:
    """Let dead letters, or some (by id of the message), be tried again; how many there were."""
    with store.write() as unit:
        dead = [it for message, it in unit.messages.sendings(dead=True, most=10_000) if _is_in(message, messages)]
        for sending in dead:
            unit.messages.put_sending(replace(sending, tries=0, next=unit.now, dead=None))
    return len(dead)


def _is_in(message: Message, wanted: Collection[str] | None) -> bool:
    return wanted is None or message.id in wanted


def is_quiet(now: datetime, quiet: Quiet) -> bool:
    """Whether a moment lies in quiet hours."""
    first, last = quiet
    hour = now.astimezone(CHINA).time()
    return first <= hour < last if first <= last else hour >= first or hour < last
