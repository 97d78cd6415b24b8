"""The store on a database, by SQLAlchemy Core: SQLite embedded."""

from .engine import prepare
from .store import SqlStore, open_store

__all__ = ["SqlStore", "open_store", "prepare"]
