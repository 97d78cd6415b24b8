"""The measured tasks: what they cost at most, with everything on record that their papers say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.tasks import TASKS, Task, counted

from ..support.browser import CHROMIUM

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no chromium here")


@pytest.mark.thorough
@pytest.mark.parametrize("task", TASKS, ids=["a", "b"])
def test_a_task_costs_no_more_than_its_bounds_and_ends_nowhere(task: Task, tmp_path: Path) -> None:
    tally = counted(task, tmp_path)
    assert tally.clicks <= task.clicks, tally.acts
    assert tally.pages <= task.pages, tally.acts
    assert not tally.dead_ends
