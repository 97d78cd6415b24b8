"""What is told to people and to whom: topics are declared by the content, one line each. They decide nothing."""

from __future__ import annotations

from dataclasses import dataclass

from .labels import Labelled


class Audience(Labelled):
    """Those of the staff whom a message may be for."""

    MEDIATOR = "mediator", "承办调解员"
    HELPERS = "helpers", "协办和记录的人"
    LEAD = "lead", "室主任"
    REPORTER = "reporter", "上报的网格员"


class Takes(Labelled):
    """What of the messages somebody wants through a channel. The list on the pages always has all of them."""

    ALL = "all", "每件都发"
    DIGEST = "digest", "一天一封晨报，急事照发"
    URGENT = "urgent", "只发紧急的"


DIGEST = "digest"
"""The topic of a morning digest: a message that is sent only, and stands in no list."""
MOVED = "moved:"
"""How the topic of a message begins that tells of a last day which a notice moved: the code of the rule follows."""
HANDLERS = frozenset({Audience.MEDIATOR, Audience.HELPERS})
"""Whoever handles the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What one kind of message says, to whom it goes, and what is to be done then."""

    words: str = ""
    """In a few words, without names; empty takes the label of the event, or of what falls due."""
    to: frozenset[Audience] = HANDLERS
    step: str = ""
    """The step (name of a command) that leads on, on what the message is about; empty leads to the case."""
    past_step: str = ""
    """The step that leads on where the day has gone by; empty where it is the same."""
    begins: str = ""
    """The step by which something about it is begun, where its form knows it: money that is due is booked."""
    urgent: bool = False
    """Whether it passes quiet hours."""
