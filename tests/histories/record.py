"""Records golden histories: `python -m tests.histories.record`, for a new workflow version, never for an old one."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.domain.case import Case
from mediation_engine.domain.workflow import Workflow
from mediation_engine.export import write_case
from mediation_engine.upkeep import case_file

from ..story import Story
from ..test_walk import walk

HERE = Path(__file__).parent


def covering(workflow: Workflow, most: int = 400) -> list[Story]:
    """Random walks that together write every event of a workflow, as few as a greedy choice gives."""
    walks = [story for seed in range(most) if (story := walk(seed)).case.workflow == workflow.name]
    said = {id(s): {line.event for line in s.lines} for s in walks}
    wanted, chosen = set(workflow.events), []
    while wanted:
        best = max(walks, key=lambda s: len(said[id(s)] & wanted) / len(s.lines) ** 0.5)
        if not said[id(best)] & wanted:
            break
        wanted -= said[id(best)]
        chosen.append(best)
    return chosen


def folded(case: Case) -> bytes:
    """What a history folds to, as pinned: every state and every fact."""
    states = {key: [i.state, i.version] for key, i in case.instances.items()}
    return msgspec.json.encode({"phase": case.phase, "states": states, "facts": case.facts}, order="sorted")


def main() -> None:
    """Write a file of histories, and what each folds to, for every installed workflow that has none."""
    for workflow in installed_workflows():
        path = HERE / f"{workflow.name}.jsonl"
        if path.exists():
            continue
        with path.open("wb") as out:
            for story in covering(workflow):
                lines = list(write_case(case_file(story.store, "A1")))
                out.write(b"\n".join([*lines, folded(story.case)]) + b"\n")


if __name__ == "__main__":
    main()
