"""Channels that come with the program."""
