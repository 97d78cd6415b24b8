"""Stores, clocks and stories. A database file is made once and copied: migrating is slow, copying is not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mediation_engine.adapters.memory import MemoryStore
from mediation_engine.adapters.sql import SqlStore, open_store, prepare
from mediation_engine.adapters.sql.postgresql import PostgresWork
from mediation_engine.clock import FixedClock
from mediation_engine.ports.store import Store
from web.console.locale import speak_chinese

from .support import one_time
from .support import postgres as pg
from .support.story import NOW, Story
from .support.thorough import AT_LENGTH, EVERY_TEST

# As the program does before it declares a command: some of click's words are looked up at declaration.
speak_chinese()
one_time.watch(PostgresWork)
if AT_LENGTH:
    os.environ["PYTEST_TIMEOUT"] = "0"  # what is tried at length takes as long as it takes


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes waits for `make proof`."""
    if not EVERY_TEST:
        waiting = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=waiting)
        items[:] = [item for item in items if item not in set(waiting)]


@pytest.fixture(scope="session", autouse=True)
def children_watch_too() -> Iterator[None]:
    """Whatever lasts longer than a test, and every child, knows the injected time, unless a test knows the real one."""
    with pytest.MonkeyPatch.context() as patch, one_time.knowing(one_time.INJECTED):
        patch.setenv("PYTHONPATH", str(one_time.CHILDREN), prepend=os.pathsep)
        yield


@pytest.fixture(autouse=True)
def one_time_is_known(request: pytest.FixtureRequest) -> Iterator[None]:
    """The injected time or, in a test marked `wall_clock`, the real one; never both."""
    real = request.node.get_closest_marker("wall_clock")
    with one_time.knowing(one_time.REAL if real else one_time.INJECTED):
        yield


@pytest.fixture(scope="session", autouse=True)
def no_database_from_outside() -> Iterator[None]:
    """Where the one who runs the tests keeps cases is none of their business."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MEDIATION_DB", raising=False)
        yield


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    prepare(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    """A migrated SQLite file of one's own."""
    return Path(shutil.copy(empty_database, tmp_path / "mediation.db"))


@pytest.fixture
def sqlite(database: Path, clock: FixedClock) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{database}", clock)
    yield store
    store.close()


@pytest.fixture(scope="session")
def server() -> Iterator[pg.Server]:
    """A PostgreSQL server."""
    with pg.given_server() as given:
        yield given


@pytest.fixture(scope="session")
def empty_postgres(server: pg.Server) -> Iterator[str]:
    """The name of a migrated, empty database on it."""
    with server.migrated() as name:
        yield name


@pytest.fixture
def postgres_name(server: pg.Server, empty_postgres: str) -> Iterator[str]:
    """The name of a migrated database of one's own."""
    with server.database(empty_postgres) as name:
        yield name


@pytest.fixture
def postgres_url(server: pg.Server, postgres_name: str) -> str:
    return server.url(postgres_name)


@pytest.fixture
def postgres(postgres_url: str, clock: FixedClock) -> Iterator[SqlStore]:
    store = open_store(postgres_url, clock)
    yield store
    store.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, clock: FixedClock) -> Store:
    """Each kind of store in turn: what is promised of one is promised of all."""
    return MemoryStore(clock) if request.param == "memory" else request.getfixturevalue(request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def database_store(request: pytest.FixtureRequest) -> SqlStore:
    """Each kind of database in turn."""
    found: SqlStore = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A case told in memory."""
    return Story(MemoryStore(clock), clock)


@pytest.fixture
def kept(sqlite: SqlStore, clock: FixedClock) -> Story:
    """A case told to a database file."""
    return Story(sqlite, clock)
