"""Accounts, sign-in, sessions, tokens, and who may open what."""
