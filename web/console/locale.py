"""Makes click and the system speak Chinese: help, usage lines, refusals, prompts."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "mediation"
LANGUAGE = "zh_CN"
LOCALE = Path(__file__).parents[1] / "locale"


def speak_chinese() -> None:
    """Let everything in this process that asks `gettext` be answered from our Chinese catalogue.

    Why: whoever sits at the console reads Chinese, but click says what `gettext` finds for the user's own language,
    and a PC set to English, or to no language at all (``LANG=C``), would get English. Of the variables `gettext`
    looks at, ``LANGUAGE`` comes first, so setting it overrules ``LC_ALL``, ``LC_MESSAGES`` and ``LANG``. Programs
    started from here inherit it.

    When: before the first command is declared. Importing click itself may come earlier, for click looks up nothing
    while it is imported and nearly everything only when it is said. But `click.Path`, `click.version_option`,
    `click.custom_version_option`, `click.confirmation_option` and `click.help_option` look up their words when they
    are called, which in a module of commands is while that module is imported. So: call this, then import them.

    Calling it again does nothing more.
    """
    os.environ["LANGUAGE"] = LANGUAGE
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
