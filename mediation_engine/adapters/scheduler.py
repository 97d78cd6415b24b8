"""The tick: APScheduler in the main thread, one interval job, kept in memory; the only file that imports it.

Its next run is wall time: with the clock put back an hour it would not tick for an hour, and waking it is no help. A
watchdog on the monotonic clock sees that two ticks are missed and sets the next run to now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.schedulers.blocking import BlockingScheduler

from ..clock import Clock, system_clock

JOB = "tick"
MISSED = 2
"""So many ticks are missed before the watchdog sets the next."""

# It would say in English, and on the screen, what is told by the heartbeat.
logging.getLogger("apscheduler").addHandler(logging.NullHandler())
logging.getLogger("apscheduler").propagate = False


class Ticker:
    """Calls `tick` every so many seconds, never twice at once, until it is stopped."""

    def __init__(self, tick: Callable[[], None], seconds: float, clock: Clock = system_clock) -> None:
        self._tick, self._seconds, self._clock = tick, seconds, clock
        self._stopped, self._ticking, self._last = Event(), Lock(), monotonic()
        self.scheduler = BlockingScheduler(timezone="UTC")

    def run(self) -> None:
        """Tick until stopped; a tick that is under way then is waited for."""
        self.scheduler.add_job(
            self._once,
            "interval",
            seconds=self._seconds,
            id=JOB,
            next_run_time=self._clock(),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        watchdog = Thread(target=self._watch, name="watchdog", daemon=True)
        self.scheduler.add_listener(lambda _: watchdog.start(), EVENT_SCHEDULER_STARTED)
        self.scheduler.start()
        watchdog.join()
        with self._ticking:
            pass

    def stop(self) -> None:
        """Stop soon; may be called from a signal, and more than once."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def _once(self) -> None:
        with self._ticking:
            self._last = monotonic()
            if not self._stopped.is_set():
                self._tick()
            self._last = monotonic()

    def _watch(self) -> None:
        """Look after the ticks, and stop them from a thread that nothing interrupts."""
        while not self._stopped.wait(self._seconds):
            if monotonic() - self._last > MISSED * self._seconds and not self._ticking.locked():
                self.scheduler.modify_job(JOB, next_run_time=self._clock())
        self.scheduler.shutdown(wait=False)
