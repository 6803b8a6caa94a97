"""How far each zone is: one suite for the real engine and for the records in memory that unit tests use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from occasion_house import RunsInMemory, zones
from occasion_offers.runs_table import CampaignZone, OccasionRuns

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FIRST_OF_MARCH = date(2027, 3, 1)
DAY = timedelta(days=1)
KOLKATA, CHATHAM, LONDON = (
    CampaignZone("birthday_offer", zone) for zone in ("Asia/Kolkata", "Pacific/Chatham", "Europe/London")
)


@pytest.fixture(params=["engine", "memory"])
def runs(
    request: pytest.FixtureRequest, dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> OccasionRuns:
    if request.param == "memory":
        return RunsInMemory()
    return OccasionRuns(dynamodb, dynamodb_table("OccasionRunsTable"))


def test_a_zone_that_never_had_a_run_is_not_known(runs: OccasionRuns) -> None:
    assert runs.last_dates([KOLKATA]) == {}


def test_the_last_date_of_each_zone_is_kept(runs: OccasionRuns) -> None:
    assert runs.record(KOLKATA, FIRST_OF_MARCH)
    assert runs.record(CHATHAM, FIRST_OF_MARCH)
    assert runs.record(KOLKATA, FIRST_OF_MARCH + DAY)
    asked = [KOLKATA, CHATHAM, LONDON]
    assert runs.last_dates(asked) == {KOLKATA: FIRST_OF_MARCH + DAY, CHATHAM: FIRST_OF_MARCH}
    assert runs.last_dates(asked[1:]) == {CHATHAM: FIRST_OF_MARCH}
    assert runs.last_dates([]) == {}


def test_each_campaign_has_a_record_of_its_own(runs: OccasionRuns) -> None:
    other = CampaignZone("anniversary_offer", "Asia/Kolkata")
    runs.record(KOLKATA, FIRST_OF_MARCH)
    assert runs.record(other, FIRST_OF_MARCH - DAY)
    assert runs.last_dates([other, KOLKATA]) == {other: FIRST_OF_MARCH - DAY, KOLKATA: FIRST_OF_MARCH}


def test_a_date_done_is_recorded_once(runs: OccasionRuns) -> None:
    assert runs.record(KOLKATA, FIRST_OF_MARCH) is True
    assert runs.record(KOLKATA, FIRST_OF_MARCH) is False


def test_dates_never_go_back(runs: OccasionRuns) -> None:
    runs.record(KOLKATA, FIRST_OF_MARCH)
    assert runs.record(KOLKATA, FIRST_OF_MARCH - DAY) is False
    assert runs.last_dates([KOLKATA]) == {KOLKATA: FIRST_OF_MARCH}


def test_of_many_runs_at_once_the_newest_date_stays(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    runs = OccasionRuns(dynamodb, dynamodb_table("OccasionRunsTable"))
    shuffled = [FIRST_OF_MARCH + (number * 17 % 40) * DAY for number in range(40)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda day: runs.record(KOLKATA, day), shuffled))
    assert runs.last_dates([KOLKATA]) == {KOLKATA: FIRST_OF_MARCH + 39 * DAY}


def test_all_zones_of_the_world_are_read_a_hundred_a_call(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    runs = OccasionRuns(dynamodb, dynamodb_table("OccasionRunsTable"))
    world = [CampaignZone("birthday_offer", zone.key) for zone in zones()]
    for where in world:
        runs.record(where, FIRST_OF_MARCH)
    reads: list[object] = []
    counted = "after-call.dynamodb.BatchGetItem"
    dynamodb.meta.events.register(counted, lambda **_: reads.append(1), unique_id="count")
    assert runs.last_dates(world) == dict.fromkeys(world, FIRST_OF_MARCH)
    dynamodb.meta.events.unregister(counted, unique_id="count")
    assert len(reads) == -(-len(world) // 100)


def test_zones_that_a_throttled_table_leaves_for_later_are_asked_again(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    table = dynamodb_table("OccasionRunsTable")
    runs = OccasionRuns(dynamodb, table)
    for where in (KOLKATA, CHATHAM):
        runs.record(where, FIRST_OF_MARCH)
    refusals = iter([1])

    def leave_one(parsed: dict[str, Any], **_: Any) -> None:
        if next(refusals, None):
            left = parsed["Responses"][table].pop()
            key = {name: left[name] for name in ("campaign", "time_zone")}
            parsed["UnprocessedKeys"] = {table: {"Keys": [key], "ConsistentRead": True}}

    throttled = "after-call.dynamodb.BatchGetItem"
    dynamodb.meta.events.register(throttled, leave_one, unique_id="throttle")
    found = runs.last_dates([KOLKATA, CHATHAM])
    dynamodb.meta.events.unregister(throttled, unique_id="throttle")
    assert found == {KOLKATA: FIRST_OF_MARCH, CHATHAM: FIRST_OF_MARCH}
