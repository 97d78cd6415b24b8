"""Encryption at rest: a key for each person or exhibit, wrapped by the room's key, which lies outside the database."""
