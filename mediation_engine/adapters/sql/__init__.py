"""The store on a database, by SQLAlchemy Core: SQLite embedded, or PostgreSQL for many offices and workers."""

from .engine import prepare, shown
from .store import SqlStore, open_store

__all__ = ["SqlStore", "open_store", "prepare", "shown"]
