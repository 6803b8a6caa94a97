"""Alarms ring when somebody has to look, once for one cause, and not for what puts itself right."""

from typing import Any

import pytest

from bells import rings
from tests.architecture.stack import logical_id, of_type

_ALARMS = of_type("AWS::CloudWatch::Alarm")
_HOUR, _DAY = 60, 24 * 60
# Minutes between the runs of each function that has a schedule.
_TICKS = {
    logical_id(alarm["Dimensions"][0]["Value"]): int(alarm["Period"]) // 60 // 3
    for alarm in _ALARMS.values()
    if alarm["MetricName"] == "Invocations" and int(alarm["Period"])
}


def _alarm(metric: str, of: str | None = None) -> dict[str, Any]:
    """The alarm on a metric; of one resource, where each has its own."""
    (found,) = (
        alarm
        for alarm in _ALARMS.values()
        if alarm["MetricName"] == metric
        if of is None or logical_id(alarm["Dimensions"][0]["Value"]) == of
    )
    return dict(found)


@pytest.mark.parametrize(
    "metric", ["SendingStopped", "MailUnknown", "PlanRefused", "CampaignPaused", "OccasionMissed"]
)
def test_what_is_told_again_every_quarter_of_an_hour_rings_once_and_at_once(metric: str) -> None:
    night = dict.fromkeys(range(10, 8 * _HOUR, 15), 3.0)
    assert rings(_alarm(metric), night, _DAY) == [10]


def test_a_later_night_rings_again() -> None:
    two = dict.fromkeys([*range(10, 8 * _HOUR, 15), *range(_DAY, _DAY + 8 * _HOUR, 15)], 1.0)
    assert rings(_alarm("SendingStopped"), two, 2 * _DAY) == [10, _DAY]


def test_a_run_that_fails_with_both_its_repetitions_rings_and_one_that_is_made_good_does_not() -> None:
    errors = _alarm("Errors", "LoyaltySweepFunction")
    assert rings(errors, {100: 1, 101: 1, 103: 1}, _DAY) == [103]
    assert rings(errors, {100: 1, 101: 1}, _DAY) == []
    assert rings(errors, dict.fromkeys(range(0, _DAY, _HOUR), 1.0), _DAY) == []


def test_a_consumer_that_always_fails_rings_once() -> None:
    every_three_minutes = dict.fromkeys(range(10, _DAY, 3), 2.0)
    assert rings(_alarm("Errors", "CartNudgesFactsFunction"), every_three_minutes, _DAY) == [16]


@pytest.mark.parametrize(("function", "tick"), _TICKS.items())
def test_a_schedule_rings_after_three_ticks_without_a_run_and_not_for_a_late_one(
    function: str, tick: int
) -> None:
    alarm = _alarm("Invocations", function)
    punctual = dict.fromkeys(range(0, 20 * tick, tick), 1.0)
    assert rings(alarm, punctual, 20 * tick) == []
    assert rings(alarm, punctual, 40 * tick) == [19 * tick + 3 * tick]
    late = {at + (at // tick % 2) * (tick - 1): 1.0 for at in punctual}
    assert rings(alarm, late, 20 * tick) == []


@pytest.mark.parametrize(("function", "tick"), _TICKS.items())
def test_a_schedule_whose_runs_are_all_slow_rings_and_one_whose_runs_are_not_does_not(
    function: str, tick: int
) -> None:
    alarm = _alarm("Duration", function)
    slow = float(alarm["Threshold"])
    assert rings(alarm, dict.fromkeys(range(0, 4 * tick, tick), slow), 4 * tick)
    assert rings(alarm, dict.fromkeys(range(0, 4 * tick, tick), slow / 2), 4 * tick) == []


def test_a_dead_letter_rings_once_however_long_it_lies_and_however_many_follow() -> None:
    letters = {minute: 1.0 + minute // _HOUR for minute in range(30, 3 * _DAY)}
    assert rings(
        _alarm("ApproximateNumberOfMessagesVisible", "CartNudgesQueueDeadLetterQueue"), letters, 4 * _DAY
    ) == [30]


def test_messages_that_wait_ring_when_nobody_comes_and_not_for_a_burst() -> None:
    alarm = _alarm("ApproximateAgeOfOldestMessage", "CartNudgesQueueQueue")
    burst = {minute: 60.0 * minute for minute in range(35)}
    assert rings(alarm, burst, _DAY) == []
    nobody = {minute: 60.0 * minute for minute in range(3 * _HOUR)}
    (rung,) = rings(alarm, nobody, _DAY)
    assert 30 <= rung <= 50


def test_messages_that_fail_ring_by_their_number_and_not_for_one_bad_batch() -> None:
    alarm = _alarm("MessagesFailed")
    assert rings(alarm, {5: 500}, _HOUR) == []
    assert rings(alarm, dict.fromkeys(range(_HOUR), 4.0), _HOUR) == []
    assert rings(alarm, dict.fromkeys(range(10, _HOUR), 6.0), _HOUR) == [11]


def test_one_mail_that_ses_refuses_rings_nobody_and_many_ring_once() -> None:
    alarm = _alarm("MailRejected")
    assert rings(alarm, dict.fromkeys(range(0, _DAY, 20), 1.0), _DAY) == []
    assert rings(alarm, dict.fromkeys(range(0, _DAY, 10), 1.0), _DAY) == [40]


@pytest.mark.parametrize(
    ("metric", "high", "low"),
    [
        ("SesQuotaUsed", 85, 10),
        ("Reputation.BounceRate", 0.04, 0.01),
        ("Reputation.ComplaintRate", 0.0009, 0.0002),
    ],
)
def test_how_ses_sees_us_rings_once_though_mails_leave_in_the_mornings_alone(
    metric: str, high: float, low: float
) -> None:
    days = [high, high, high, low, high]
    told = {day * _DAY + minute: share for day, share in enumerate(days) for minute in range(480, 600)}
    assert [minute // _DAY for minute in rings(_alarm(metric), told, 5 * _DAY)] == [0, 4]


def test_throttling_for_minutes_rings_nobody() -> None:
    alarm = _alarm("Throttles")
    assert rings(alarm, dict.fromkeys(range(20, 29), 40.0), _DAY) == []
    assert len(rings(alarm, dict.fromkeys(range(20, 80), 40.0), _DAY)) == 1


def test_reviews_that_the_next_sweep_tells_ring_nobody() -> None:
    alarm = _alarm("ReviewsNotToldYet")
    assert rings(alarm, {10: 5, 12: 3}, _DAY) == []
    assert len(rings(alarm, dict.fromkeys(range(10, 3 * _HOUR, 4), 1.0), _DAY)) == 1


def test_a_difference_in_the_ledger_rings_once_a_day_at_most() -> None:
    found_every_hour = dict.fromkeys(range(7, 3 * _DAY, _HOUR), 1.0)
    assert rings(_alarm("LedgerDifferences"), found_every_hour, 3 * _DAY) == [7]


def test_pages_that_fail_for_one_person_ring_nobody() -> None:
    alarm = _alarm("5xx")
    assert rings(alarm, {100: 2, 101: 1}, _DAY) == []
    assert len(rings(alarm, dict.fromkeys(range(100, 160), 3.0), _DAY)) == 1
