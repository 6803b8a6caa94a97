"""A run finds everybody whose day it is, once, through the index; whatever became of zones and shards."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from date_house import House, found_on, tier_changed, whole_group
from occasion_offers.dates_table import day_group, refused_group, shard_of
from shop_facts import NOW, days, erased, profile_updated, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INDIA = "Asia/Kolkata"


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table)


def test_each_date_is_a_row_in_the_group_of_its_day_zone_and_shard(house: House) -> None:
    house.tell(registered(birthday="--02-29", dates={"wedding_day": "1970-01-01"}), tier_changed())
    shard = shard_of("cust-asha", 4)
    assert {name: item.get("day_group") for name, item in house.items().items()} == {
        "#told": None,
        "birthday": f"birthday#02-29#Asia/Kolkata#{shard}",
        "joining": f"joining#03-01#Asia/Kolkata#{shard}",
        "wedding_day": f"refused#wedding_day#01-01#Asia/Kolkata#{shard}",
    }
    known = house.dates.known("cust-asha").dates
    for group, name in ((day_group, "birthday"), (day_group, "joining"), (refused_group, "wedding_day")):
        row = known[name]
        page = house.dates.on_day(group(name, row.month_day, INDIA, shard), limit=10)
        assert (page.dates, page.cursor) == ((row,), None)
        assert row.tier == "gold"


def test_a_day_that_is_not_believed_is_not_found_among_those_that_are(house: House) -> None:
    house.tell(
        registered("cust-real", birthday="1988-01-01"), registered("cust-blank", birthday="1970-01-01")
    )
    zones = house.zones.inhabited()
    assert house.born_on("01-01") == ["cust-real"]
    assert found_on(house.dates, "birthday", "01-01", zones, group=refused_group) == ["cust-blank"]


def test_a_page_is_in_the_order_of_customers_and_the_cursor_leads_on(house: House) -> None:
    house.tell(*(registered(f"cust-{number}", birthday="--03-02") for number in range(6)), shards=1)
    group = day_group("birthday", "03-02", INDIA, 0)
    first = house.dates.on_day(group, limit=4)
    assert [row.customer_id for row in first.dates] == ["cust-0", "cust-1", "cust-2", "cust-3"]
    # Who was at the cursor may be gone by now; the others are found all the same.
    house.tell(erased("cust-3", occurred_at=NOW + days(1)))
    rest = house.dates.on_day(group, limit=4, cursor=first.cursor)
    assert [row.customer_id for row in rest.dates] == ["cust-4", "cust-5"]
    assert rest.cursor is None


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
def test_pages_of_any_size_have_everyone_once_also_when_the_last_is_exactly_full(
    house: House, limit: int
) -> None:
    house.tell(*(registered(f"cust-{number}", birthday="--03-02") for number in range(6)), shards=1)
    everyone = whole_group(house.dates, day_group("birthday", "03-02", INDIA, 0), limit=limit)
    assert [row.customer_id for row in everyone] == [f"cust-{number}" for number in range(6)]


def test_who_moved_or_changed_the_day_is_found_under_the_new_one_alone(house: House) -> None:
    house.tell(registered(birthday="1991-03-02"))
    house.tell(profile_updated(birthday="1991-03-03", time_zone="Asia/Tokyo", occurred_at=NOW + days(1)))
    assert house.zones.inhabited() == {"Asia/Kolkata": 4, "Asia/Tokyo": 4}
    assert house.born_on("03-02") == []
    assert house.born_on("03-03") == ["cust-asha"]


def test_however_often_the_shards_change_everybody_is_found_once(house: House) -> None:
    everybody = [f"cust-{number}" for number in range(30)]
    for shards, customers in ((2, everybody[:10]), (5, everybody[10:20]), (1, everybody[20:])):
        house.tell(*(registered(name, birthday="--03-02") for name in customers), shards=shards)
    assert house.zones.inhabited() == {INDIA: 5}
    assert house.born_on("03-02") == sorted(everybody)
    written = {
        row["day_group"] for name in everybody for row in house.items(name).values() if "day_group" in row
    }
    assert {group for group in written if group.startswith("birthday")} == {
        day_group("birthday", "03-02", INDIA, shard) for shard in range(5)
    }


def test_nobody_changes_shards_under_a_run_that_is_under_way(house: House) -> None:
    """Who is rewritten on their day, with more shards than when the run began, is found where it looks."""
    everybody = [f"cust-{number}" for number in range(20)]
    house.tell(*(registered(name, birthday="1991-03-02") for name in everybody), shards=1)
    seen_by_the_run = house.zones.inhabited()
    house.tell(*(tier_changed(customer_id=name) for name in everybody), shards=8)
    assert found_on(house.dates, "birthday", "03-02", seen_by_the_run) == sorted(everybody)
    house.tell(
        *(profile_updated(name, birthday="--03-09", occurred_at=NOW + days(1)) for name in everybody),
        shards=8,
    )
    assert found_on(house.dates, "birthday", "03-09", seen_by_the_run) != sorted(everybody)
    assert house.born_on("03-09") == sorted(everybody)


def test_a_zones_highest_shard_count_is_noted_once_by_each_environment(house: House) -> None:
    zones, another = house.zones, house.zones
    assert zones.inhabited() == {}
    zones.note(INDIA, 5)
    another.note(INDIA, 2)
    another.note("Pacific/Chatham", 2)
    assert zones.inhabited() == {INDIA: 5, "Pacific/Chatham": 2}
    another.note(INDIA, 7)
    assert zones.inhabited() == {INDIA: 7, "Pacific/Chatham": 2}
    house.client.delete_item(
        TableName=house.zones_table,
        Key={"inhabitants": {"S": "customers"}, "time_zone": {"S": INDIA}},
    )
    another.note(INDIA, 7)
    assert zones.inhabited() == {"Pacific/Chatham": 2}, "noted already: no write"
