"""The store on a database, by SQLAlchemy Core: SQLite embedded, or PostgreSQL for many offices and workers."""

from .engine import shown
from .store import SqlStore, open_store
from .untouched import untouched
from .upgrading import prepare

__all__ = ["SqlStore", "open_store", "prepare", "shown", "untouched"]
