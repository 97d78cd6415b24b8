"""The worker: what it is made of, and one turn of it. The process that turns is `mediation worker`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct

from mediation_engine.adapters.plugins import installed_channels
from mediation_engine.errors import ChannelUnfit
from mediation_engine.ports.channels import Channel
from mediation_engine.ports.store import Store
from mediation_engine.rules.catalogue import Catalogue
from mediation_engine.services.automatic import Done, take_steps
from mediation_engine.services.counting import count
from mediation_engine.services.digest import write_digests
from mediation_engine.services.due_sweep import Swept, sweep
from mediation_engine.services.jottings import drop_old
from mediation_engine.services.mediation import MediationService
from mediation_engine.services.recounting import recount
from mediation_engine.services.sending import Pace, Post, Sent
from mediation_engine.services.tasks import finish

from .config import JOTTING_DAYS, Settings


class Turn(Struct, kw_only=True):
    """What one turn of the worker did."""

    swept: Swept
    digests: int = 0
    """How many morning digests it wrote."""
    sent: Sent
    moved: int = 0
    """Last days that a notice moved."""
    steps: int = 0
    """Steps that it took of itself."""
    parked: int = 0
    """Of those, how many it had to put aside."""

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        nothing = not (self.moved or self.digests or self.steps or self.parked)
        return self.swept == Swept() and self.sent == Sent() and nothing


def channels(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings name, set up. ChannelUnfit."""
    if not settings.channels:
        return {}
    kinds, found = installed_channels(), dict[str, Channel]()
    for name, section in settings.channels.items():
        if name not in kinds:
            raise ChannelUnfit(channel=name, why="没有安装这种通知方式")
        try:
            found[name] = kinds[name].open(section)
        except (ValueError, TypeError, KeyError) as fault:
            raise ChannelUnfit(channel=kinds[name].label, why=str(fault)) from fault
    return found


def post(store: Store, catalogue: Catalogue, settings: Settings) -> Post:
    """What messages are sent with. ChannelUnfit."""
    return Post(
        store=store,
        catalogue=catalogue,
        channels=channels(settings),
        address=settings.web.public_url,
        quiet=settings.messages.quiet,
        morning=settings.messages.morning,
        pace=Pace(first=timedelta(seconds=settings.messages.retry)),
    )


def turn(
    post: Post,
    door: MediationService,
    stop: Callable[[], bool] = lambda: False,
    *,
    takes_steps: bool = True,
    jotting_days: int = JOTTING_DAYS,
) -> Turn:
    """Do what cases leave to be done in others, take the worker's own steps, count anew what a notice moved and what
    figures count, claim what is due, write the messages, send what is to be sent.

    Its own steps, and what was jotted down too long ago, go by days: to look for them once an hour is enough.
    """
    finished = finish(door, stop=stop)
    done = take_steps(door, stop=stop) if takes_steps else Done()
    if takes_steps:
        drop_old(door.store, jotting_days)
    moved = recount(post.store, post.catalogue, post.channels.keys(), stop=stop)
    count(post.store, post.catalogue, stop)
    swept = sweep(post.store, post.catalogue, post.channels.keys(), stop=stop)
    digests = write_digests(post.store, post.catalogue, post.channels.keys(), post.morning)
    sent = post.send(stop)
    steps, parked = done.steps + finished.orders, done.parked + finished.parked
    return Turn(swept=swept, digests=digests, sent=sent, moved=moved, steps=steps, parked=parked)


def beat(store: Store) -> None:
    """Let it be seen that a worker turns."""
    with store.write() as unit:
        unit.messages.beat()
