from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from local_cloud.schedules import ticks
from tests.local_cloud.house import MORNING, House

PRINTS = "def handler(event, context): print(event['scheduled_at'])"


def schedule(expression: str, more: str = "") -> str:
    return f"""
        Tick:
          Type: ScheduleV2
          Properties:
            ScheduleExpression: {expression}
            Input: '{{"scheduled_at": "<aws.scheduler.scheduled-time>"}}'
            {more}
    """


def test_a_rate_and_a_cron_fire_at_their_times(house: House) -> None:
    house.function("Often", PRINTS, schedule("rate(20 minutes)"))
    house.function("Daily", PRINTS, schedule("cron(30 9 * * ? *)"))
    cloud = house.open()
    steps: list[datetime] = []

    cloud.advance(timedelta(hours=1), on_step=steps.append)

    assert cloud.logs == [
        ("Often", "2026-03-02T09:20:00Z"),
        ("Daily", "2026-03-02T09:30:00Z"),
        ("Often", "2026-03-02T09:40:00Z"),
        ("Often", "2026-03-02T10:00:00Z"),
    ]
    assert steps[-1] == cloud.now == MORNING + timedelta(hours=1)


def test_a_schedule_in_a_time_zone_follows_its_clock(house: House) -> None:
    house.function(
        "Daily", PRINTS, schedule("cron(0 9 * * ? *)", "ScheduleExpressionTimezone: Europe/Berlin")
    )
    cloud = house.open(now=datetime(2026, 3, 27, 12, tzinfo=UTC))

    cloud.advance(to=datetime(2026, 3, 30, 12, tzinfo=UTC))

    times = [line for _, line in cloud.logs]
    assert times == ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]


@pytest.mark.parametrize(
    ("expression", "timezone", "start", "expected"),
    [
        ("cron(0/15 * * * ? *)", "UTC", "2026-03-02T09:00", ["03-02T09:15", "03-02T09:30"]),
        ("cron(0 8 ? * 2 *)", "UTC", "2026-03-02T09:00", ["03-09T08:00", "03-16T08:00"]),
        ("cron(0 8 ? * MON-FRI *)", "UTC", "2026-03-06T09:00", ["03-09T08:00", "03-10T08:00"]),
        ("cron(0 8 ? * 2#1 *)", "UTC", "2026-03-02T09:00", ["04-06T08:00", "05-04T08:00"]),
        ("cron(0 8 1 * ? *)", "UTC", "2026-03-02T09:00", ["04-01T08:00", "05-01T08:00"]),
        ("rate(1 day)", "UTC", "2026-03-02T09:00", ["03-03T09:00", "03-04T09:00"]),
        ("at(2026-04-01T08:00:00)", "Europe/Berlin", "2026-03-02T09:00", ["04-01T06:00"]),
        # 02:30 does not exist on 29 March in Berlin, and exists twice on 25 October.
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T12:00", ["03-30T00:30", "03-31T00:30"]),
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00", ["10-25T00:30", "10-26T01:30"]),
    ],
)
def test_an_expression_fires_at(expression: str, timezone: str, start: str, expected: list[str]) -> None:
    instants = ticks(expression, timezone, datetime.fromisoformat(start).replace(tzinfo=UTC))

    assert [f"{instant:%m-%dT%H:%M}" for instant in islice(instants, 2)] == expected


@pytest.mark.parametrize("expression", ["every day", "rate(5)", "cron(0 8 * * ?)", "cron(0 8 * * ? 2026)"])
def test_an_expression_that_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own message
        next(ticks(expression, "UTC", MORNING))


def test_a_failed_run_is_repeated_with_its_scheduled_time(house: House) -> None:
    source = "def handler(event, context):\n    print(event['scheduled_at'])\n    raise SystemExit"
    house.function("Daily", source, schedule("cron(30 9 * * ? *)"))
    cloud = house.open()

    cloud.advance(timedelta(hours=2))

    times = [line for _, line in cloud.logs if line.startswith("2026")]
    assert times == ["2026-03-02T09:30:00Z"] * 3
    assert [each.at.minute for each in cloud.invocations] == [30, 31, 33]


def test_the_retry_policy_says_how_often(house: House) -> None:
    house.function(
        "Daily", "def handler(event, context): 1 / 0",
        schedule("cron(30 9 * * ? *)", "RetryPolicy: {MaximumRetryAttempts: 0}"),
    )  # fmt: skip
    cloud = house.open()

    cloud.advance(timedelta(hours=2))

    assert len(cloud.invocations) == 1


def test_a_paused_schedule_does_not_fire_and_is_not_made_up_for(house: House) -> None:
    house.function("Often", PRINTS, schedule("rate(20 minutes)"))
    cloud = house.open()

    steps: list[datetime] = []

    cloud.schedules_paused.add("Often")
    cloud.advance(timedelta(minutes=50), on_step=steps.append)
    cloud.schedules_paused.clear()
    cloud.advance(timedelta(minutes=10))

    assert steps == [MORNING + timedelta(minutes=50)]
    assert cloud.logs == [("Often", "2026-03-02T10:00:00Z")]


def test_the_clock_does_not_go_back(house: House) -> None:
    cloud = house.open()

    with pytest.raises(ValueError, match="clock stands"):
        cloud.advance(to=MORNING - timedelta(seconds=1))
