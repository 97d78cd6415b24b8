"""Whatever goes wrong, the record holds. `make faults` tries the same faults many times more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..support.postgres import RUN, WORKER
from ..support.thorough import much
from . import crowding, failing, filing, golden, killing, machine, saving, serving, tampering, tearing, trouble
from .server import own_target
from .target import SqliteTarget, Target
from .trial import FAULTS, CannotBeTried, Fault

SEED = 2026


@pytest.fixture
def file(tmp_path: Path) -> Target:
    """A SQLite file."""
    return SqliteTarget(tmp_path)


@pytest.fixture(scope="module")
def server() -> Iterator[Target]:
    """A database on a PostgreSQL server that may be killed."""
    with own_target(f"{RUN}-{WORKER}") as target:
        yield target


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.thorough)])
def target(request: pytest.FixtureRequest) -> Target:
    """Each kind of database in turn."""
    found: Target = request.getfixturevalue(request.param)
    return found


def hold(fault: Fault, target: Target) -> None:
    """Nothing that was promised is broken by a fault, tried a few times."""
    try:
        trial = fault.tried(target, much(max(1, fault.few // 2), fault.few), SEED)
    except CannotBeTried as reason:
        pytest.skip(str(reason))
    assert trial.broken == []
    assert trial.tried >= trial.size


def test_nothing_acknowledged_is_lost_when_processes_are_killed_in_the_middle_of_commits(target: Target) -> None:
    hold(killing.processes_killed, target)


def test_no_line_is_without_its_file_when_processes_are_killed_in_the_middle_of_filing(target: Target) -> None:
    hold(filing.uploads_killed, target)


def test_every_backup_taken_while_others_write_can_be_put_back(target: Target) -> None:
    hold(saving.saved_under_load, target)


def test_a_backup_put_back_is_worked_on_and_an_older_one_is_told(target: Target) -> None:
    hold(saving.drilled, target)


def test_a_backup_with_any_bit_flipped_is_refused(file: Target) -> None:
    hold(saving.damaged, file)


def test_an_upgrade_that_is_killed_is_whole_or_not_there(target: Target) -> None:
    hold(saving.upgrades_killed, target)


def test_after_a_power_cut_the_record_ends_with_the_last_commit_that_was_wholly_on_the_disk(file: Target) -> None:
    hold(tearing.logs_torn, file)


def test_the_settings_durability_rests_on_are_in_force_on_every_connection(file: Target) -> None:
    hold(trouble.settings_read_back, file)


def test_whichever_call_of_whichever_command_fails_all_is_kept_or_nothing_and_the_next_try_works(
    target: Target,
) -> None:
    hold(failing.fails_at_every_call, target)


def test_whichever_call_of_a_reader_fails_those_who_come_after_notice_nothing(target: Target) -> None:
    hold(failing.fails_while_reading, target)


def test_a_commit_whose_answer_was_lost_has_one_effect_when_the_order_is_given_again(target: Target) -> None:
    hold(failing.answers_lost, target)


def test_the_same_order_by_twenty_at_once_has_one_effect_and_twenty_equal_receipts(target: Target) -> None:
    hold(crowding.the_same_by_twenty, target)


def test_an_id_used_for_something_else_is_refused_and_in_another_case_or_organisation_is_another_order(
    target: Target,
) -> None:
    hold(crowding.ids_used_for_something_else, target)


def test_of_ten_who_saw_the_same_version_one_wins_and_nine_are_told_what_moved(target: Target) -> None:
    hold(crowding.ten_at_one_version, target)


def test_without_the_check_of_versions_updates_are_lost_and_the_trial_before_finds_it(target: Target) -> None:
    hold(crowding.without_the_check, target)


def test_threads_and_processes_that_append_at_once_keep_one_chain(target: Target) -> None:
    hold(crowding.appended_at_once, target)


def test_a_database_that_may_not_grow_refuses_whole_and_works_again_when_it_may(file: Target) -> None:
    hold(trouble.pages_run_out, file)


def test_a_full_disk_refuses_whole_and_works_again_when_there_is_room(file: Target) -> None:
    hold(trouble.disk_runs_full, file)


def test_a_writer_waits_for_another_process_its_time_and_no_longer_and_readers_not_at_all(file: Target) -> None:
    hold(trouble.held_by_another, file)


def test_a_file_that_is_gone_or_may_not_be_written_or_reached_is_said_to_be_so(file: Target) -> None:
    hold(trouble.files_out_of_reach, file)


def test_golden_histories_told_again_through_the_door_are_the_same_to_the_byte(target: Target) -> None:
    hold(golden.told_again, target)


def test_whatever_is_done_to_the_record_behind_the_door_is_found_with_its_first_bad_line(target: Target) -> None:
    hold(tampering.record_tampered_with, target)


def test_nothing_is_found_in_a_record_nobody_touched(target: Target) -> None:
    hold(tampering.clean_cases, target)


def test_whatever_is_done_in_whatever_order_the_database_does_as_the_one_in_memory(target: Target) -> None:
    hold(machine.anything_in_any_order, target)


def test_nothing_acknowledged_is_lost_when_the_server_dies_in_the_middle_of_commits(server: Target) -> None:
    hold(serving.servers_killed, server)


def test_when_the_server_stops_and_comes_back_everything_is_done_exactly_once(server: Target) -> None:
    hold(serving.servers_restarted, server)


def test_orders_that_got_in_each_others_way_are_tried_again_and_then_refused(server: Target) -> None:
    hold(serving.clashes_in_the_server, server)


def test_every_fault_there_is_has_a_test_here() -> None:
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    tested = {name for test in tests for name in test.__code__.co_names}
    assert {fault.happens.__name__ for fault in FAULTS} <= tested
