"""The timetable on the real engine: workers side by side, each with threads of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from engagement.errors import RetryLaterError
from mail_delivery.pace import Pace, SendingStoppedError
from mail_delivery.pace_table import PaceTable
from shop_facts import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def table(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> PaceTable:
    return PaceTable(dynamodb, dynamodb_table("SendingPaceTable"))


def a_worker(table: PaceTable, rate: int = 10) -> Pace:
    """Its sleep takes no time: the place in the timetable says when it would have gone on."""
    return Pace(table, lambda _: 1_000_000 // rate, sleep=lambda _: None)


def turn(worker: Pace, now: datetime = NOW, *, bulk: bool = False) -> datetime:
    return worker.wait_turn(now, now + MINUTE, bulk=bulk)


def test_all_threads_of_all_workers_get_places_that_keep_to_the_rate(table: PaceTable) -> None:
    workers = [a_worker(table) for _ in range(4)]
    with ThreadPoolExecutor(32) as pool:
        turns = sorted(pool.map(lambda number: turn(workers[number % 4]), range(160)))
    # Never more than the rate and its slack in a second; whom this machine wakes late may come close to the next.
    assert all(turns[number + 13] - turns[number] >= SECOND for number in range(len(turns) - 13))
    assert turns[-1] - turns[0] <= 17 * SECOND


def test_a_worker_that_would_not_live_to_see_its_place_gives_the_mail_back(table: PaceTable) -> None:
    worker = a_worker(table, rate=1)
    for _ in range(10):
        turn(worker)
    with pytest.raises(RetryLaterError):
        worker.wait_turn(NOW, NOW + 5 * SECOND, bulk=False)


def test_everybody_stops_when_one_is_told_to(table: PaceTable) -> None:
    one, other = a_worker(table), a_worker(table)
    turn(one)
    turn(other)
    one.stop(NOW + 15 * MINUTE, "daily_quota")
    for worker in (one, other):
        with pytest.raises(SendingStoppedError) as stopped:
            turn(worker)
        assert stopped.value.until == NOW + 15 * MINUTE


def test_after_a_stop_one_tries_and_when_it_went_well_all_go_on(table: PaceTable) -> None:
    one, other = a_worker(table), a_worker(table)
    one.stop(NOW + MINUTE, "daily_quota")
    later = NOW + 2 * MINUTE
    assert turn(one, later) >= later
    with pytest.raises(SendingStoppedError):
        turn(other, later)
    one.went_well()
    turn(other, later)
    turn(one, later)


def test_answers_that_never_come_stop_sending_for_longer_each_time(table: PaceTable) -> None:
    worker, now, stops = a_worker(table), NOW, []
    for _ in range(4):
        for _ in range(3):
            worker.had_no_answer(now)
        with pytest.raises(SendingStoppedError) as stopped:
            turn(worker, now)
        stops.append((stopped.value.until - now) / MINUTE)
        now = stopped.value.until
        turn(worker, now)
    assert stops == [1, 2, 4, 8]


def test_answers_that_many_workers_miss_at_once_stop_sending_once(table: PaceTable) -> None:
    workers = [a_worker(table) for _ in range(4)]
    for worker in workers:
        turn(worker)
    with ThreadPoolExecutor(40) as pool:
        list(pool.map(lambda number: workers[number % 4].had_no_answer(NOW), range(40)))
    with pytest.raises(SendingStoppedError) as stopped:
        turn(workers[0])
    assert stopped.value.until == NOW + MINUTE


def test_nobody_gets_a_place_that_its_worker_does_not_live_to_see(table: PaceTable) -> None:
    worker = a_worker(table, rate=1)
    turn(worker)

    def wait(_: int) -> datetime | None:
        try:
            return worker.wait_turn(NOW, NOW + 3 * SECOND, bulk=False)
        except RetryLaterError:
            return None

    with ThreadPoolExecutor(10) as pool:
        turns = [each for each in pool.map(wait, range(10)) if each]
    assert turns
    assert max(turns) <= NOW + 3.5 * SECOND


def test_one_answer_that_comes_takes_all_doubts_away(table: PaceTable) -> None:
    worker = a_worker(table)
    for _ in range(5):
        worker.had_no_answer(NOW)
        turn(worker)
        worker.went_well()
    turn(worker)


def test_a_throttle_slows_everybody_down_for_a_moment(table: PaceTable) -> None:
    one, other = a_worker(table, rate=1000), a_worker(table, rate=1000)
    turn(one)
    one.was_throttled(NOW)
    assert turn(other) >= NOW + SECOND / 10
