"""What the panel promises of the cases that are told: the step that is given was offered first; any step is found."""

from __future__ import annotations

import pytest

from bench import nexts
from bench.nexts import Given, Looking


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Looking:
    return nexts.tasks(tmp_path_factory.mktemp("nexts"))


@pytest.fixture(scope="module")
def reported() -> list[Given]:
    return nexts.reported()


def share(seen: list[Given]) -> float:
    return 100 * sum(it.is_hit for it in seen) / len(seen)


def test_the_step_given_is_among_the_first_three_offered(measured: Looking, reported: list[Given]) -> None:
    assert share([*reported, *measured.seen]) >= nexts.GOAL
    assert share(reported) >= nexts.GOAL
    assert share(measured.seen) >= nexts.GOAL


def test_never_more_is_offered_than_one_takes_in(measured: Looking, reported: list[Given]) -> None:
    assert max(len(it.offered) for it in (*reported, *measured.seen)) <= 5


def test_every_step_is_found_by_its_name_its_pinyin_and_its_first_letters(measured: Looking) -> None:
    missed = [
        (pick.label, query)
        for among in measured.pickers
        for pick in among.picks
        for query in nexts.queries(pick)
        if not nexts.is_found(among, pick, query)
    ]
    assert not missed
