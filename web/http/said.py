"""What was done, said once on the page that comes next, with where it can be put right."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, get_flashed_messages, request, url_for

from mediation_engine.domain.order import Receipt

from .drafts import BY_SCRIPT


def say(sentences: Sequence[str], receipt: Receipt) -> None:
    """Say on the next page what an order has done; the first sentence with where the order is corrected."""
    mend = url_for("corrections.correct", case_id=receipt.case, line=receipt.first)
    for n, sentence in enumerate(sentences):
        flash(sentence, "message" if n else mend)


def said() -> list[tuple[str, str]]:
    """What is to be said on this page, with where each is put right: what was done several times in one sentence.

    A script that sends one thing after another shows nobody the pages it gets.
    """
    if BY_SCRIPT in request.form:
        return []
    found: dict[str, dict[str, None]] = {}
    told: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment]
    for mend, sentence in told:
        found.setdefault(sentence, {})[mend.removeprefix("message")] = None
    return [_counted(sentence, list(mends)) for sentence, mends in found.items()]


def _counted(sentence: str, mends: list[str]) -> tuple[str, str]:
    if len(mends) == 1:
        return sentence, mends[0]
    return sentence.removesuffix("。") + f"（共{len(mends)}次）。", ""
