"""A page may come again, or after its customers' mails were decided: nothing multiplies, nobody is offered twice."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from engagement.errors import RetryLaterError
from engagement.mail_log import About, MailLog
from occasion_world import TABLES, Killed, OccasionWorld
from shop_facts import days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NINE = datetime(2027, 3, 1, 3, 30, tzinfo=UTC)


@pytest.fixture
def world(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> OccasionWorld:
    return OccasionWorld(dynamodb, {name: dynamodb_table(name) for name in TABLES})


def test_a_page_that_fails_again_and_again_orders_the_pages_behind_it_once(
    world: OccasionWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("occasion_offers.choosing.PAGE_SIZE", 5)
    for number in range(12):
        world.welcome(f"cust-{number:02d}", "1990-03-01", now=NINE)
    world.tick(NINE)

    def no_bus(moment: str, call: str) -> None:
        if (moment, call) == ("before", "put_events"):
            raise Killed

    world.watch = no_bus
    for _ in range(6):
        with pytest.raises(Killed):
            world.celebrate_next(NINE)
    world.watch = lambda _moment, _call: None
    assert len(world.posted.pages) == 1
    world.celebrate_all(NINE)
    assert len(world.posted.mails) == 12


def test_nobody_is_offered_what_their_mail_of_this_year_cannot_tell_any_more(
    world: OccasionWorld, dynamodb: "DynamoDBClient"
) -> None:
    """A birthday typed on the day itself was skipped; corrected, it comes round once more in the year."""
    log = MailLog(dynamodb, world.tables["MailLogTable"])
    world.welcome("cust-asha", "1990-03-01", now=NINE)
    skipped = About("birthday_offer:cust-asha:2027", "birthday_offer", "standard", "who", NINE + days(400))
    assert log.skip(skipped, "date_too_new", NINE - days(40)) is None
    world.tick(NINE)
    world.celebrate_all(NINE)
    assert (world.posted.mails, world.posted.facts) == ([], [])
    assert dynamodb.scan(TableName=world.tables["OffersTable"])["Items"] == []


def test_a_page_whose_hour_has_not_come_waits(world: OccasionWorld) -> None:
    """A run by hand for a day to come must not celebrate it today."""
    world.welcome("cust-asha", "1990-03-01", now=NINE)
    world.tick(NINE)
    with pytest.raises(RetryLaterError, match="hour has not come"):
        world.celebrate_next(NINE - hours(1))
    assert (world.posted.mails, world.posted.facts) == ([], [])
