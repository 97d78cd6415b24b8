"""Making a database, or bringing one to the newest schema: whole, or not at all."""

from __future__ import annotations

from ...rules.catalogue import Catalogue
from ...services.maintenance import rebuild
from . import engine as e
from .copying import Within
from .revisions import bring_up, known_revision, revision_of
from .store import SqlStore


def prepare(url: str, catalogue: Catalogue | None = None) -> tuple[str | None, str | None]:
    """Create the database where there is none, and bring its schema to the newest: from which revision, to which.

    What is derived from the lines is made anew in the same transaction, since a newer schema may have lists that an
    older one had not; a database that may hold cases is given with the `catalogue` they are read by. StoreNotReady,
    StoreUnavailable: then nothing has changed.
    """
    engine = e.open_engine(url)
    try:
        e.dialect_of(engine).make_room(engine.url)
        with SqlStore(engine).work(writes=True, about="schema") as work:
            before = revision_of(work.connection) and known_revision(work.connection)
            bring_up(work.connection)
            after = revision_of(work.connection)
            e.dialect_of(engine).check(work.connection)
            if catalogue and before not in (None, after):
                rebuild(Within(work), catalogue)
        return before, after
    except e.FAULTS as fault:
        raise e.as_told(engine, fault) from fault
    finally:
        engine.dispose()
