"""Processes to be killed. One parent imports everything once and forks a child for each order it reads:
``born <what> <address> <name>``, ``kill <pid>``. Children tell what was acknowledged to them, a line each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from mediation_engine.adapters.sql import open_store, prepare
from mediation_engine.clock import FixedClock
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import Text
from mediation_engine.domain.order import Receipt
from mediation_engine.domain.roles import Office
from mediation_engine.errors import StoreUnavailable
from workflows.parts.agreement import AffixSeal, DraftAgreement, ReachAgreement, SignAsMediator
from workflows.parts.block import RecordTalk
from workflows.parts.party import TellRights
from workflows.parts.payment import RecordPayment

from ..support.exhibits import Shelved
from ..support.files import mp3
from ..support.story import NOW, PAY, Story


def tell(**said: object) -> None:
    """One line to whoever listens; short enough to arrive whole or not at all."""
    os.write(1, json.dumps(said).encode() + b"\n")


class Told(Story):
    """A case whose every receipt is told outside, after the door has given it."""

    def do(self, command: Command, *on: str, **given: object) -> Receipt:
        receipt = super().do(command, *on, **given)  # type: ignore[arg-type]
        tell(pid=os.getpid(), case=self.name, command=receipt.command_id, first=receipt.first, last=receipt.last)
        return receipt


def work(url: str, name: str) -> None:
    """Mediate one case after another, for ever."""
    store = open_store(url, FixedClock(NOW))
    for n in count(1):
        mediate(Told(store, FixedClock(NOW), f"{name}-{n}"))


def mediate(story: Story) -> None:
    """One case, from the registration to the last payment, with words of both sides."""
    story.accepted()
    story.do(RecordTalk(party="party/1", said=Text("只要八千")))
    story.do(RecordTalk(party="party/2", said=Text("先付一半")))
    agreed(story)
    for _ in range(6):
        story.do(RecordPayment(obligation="obligation/1", amount=200_000, note=Text("现金")))


def agreed(story: Story) -> None:
    """From the acceptance to an agreement in force."""
    story.do(ReachAgreement(terms=(PAY,)))
    story.do(DraftAgreement(signers=("party/1", "party/2")), "agreement/1")
    story.confirm("confirmation/1", "confirmation/2")
    story.do(SignAsMediator(), "agreement/1")
    story.do(AffixSeal(), "agreement/1", by=Office.LEAD)


def hold(url: str, name: str) -> None:
    """Hold the database for writing until killed."""
    with open_store(url).write():
        tell(pid=os.getpid(), holds=name)
        signal.pause()


def crowd(url: str, case: str) -> None:
    """Give some orders in a case that others are at, too."""
    store = open_store(url, FixedClock(NOW))
    tell(pid=os.getpid(), ready=case)
    story = Story(store, FixedClock(NOW), case)
    for n in range(EACH):
        story.do(TellRights(), "party/1", "party/2", id=f"{case}-{os.getpid()}-{n}")
    tell(pid=os.getpid(), done=case)
    signal.pause()


def file(url: str, name: str) -> None:
    """File one exhibit after another, for ever."""
    folder, _, case = name.partition("::")
    story = Story(open_store(url, FixedClock(NOW)), FixedClock(NOW), case).accepted()
    shelved, content = Shelved(story, Path(folder), files=10_000, together=1 << 40), mp3(6000)
    tell(pid=os.getpid(), filing=case)
    for n in count(1):
        shelved.file(content)
        tell(pid=os.getpid(), filed=shelved.id(f"exhibit/{n}"))


EACH = 8
"""How many orders each of a crowd gives."""
WHAT: dict[str, Callable[[str, str], None]] = {"work": work, "hold": hold, "crowd": crowd, "file": file}


def bear(what: str, url: str, name: str) -> int:
    """Fork a child for a piece of work; its pid."""
    pid = os.fork()
    if pid:
        return pid
    try:
        WHAT[what](url, name)
    except StoreUnavailable as refused:  # the server died under it, as it was meant to
        tell(pid=os.getpid(), refused=refused.sentence)
        signal.pause()
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(1)


def warm_up() -> None:
    """Do everything once, so that the children need not do it for the first time."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/mediation.db"
        prepare(url)
        store = open_store(url, FixedClock(NOW))
        mediate(Story(store, FixedClock(NOW)))
        store.close()


def main() -> None:
    """Serve until the orders end."""
    warm_up()
    for order in sys.stdin:
        verb, *about = order.split()
        if verb == "born":
            tell(born=bear(*about))
        else:
            pid = int(about[0])
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            tell(dead=pid)


if __name__ == "__main__":
    main()
