"""Tiers on the real engine: killed anywhere, everybody at once, and losing races, the newest told is the truth."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count, product
from typing import TYPE_CHECKING, Any, Literal, cast

import pytest

from engagement.bus import Bus
from engagement.errors import RetryLaterError
from engagement.events.benefits import Benefit
from engagement.events.loyalty import TierChanged
from ledger_in_memory import EARNING, TIERS, offer_given_back
from loyalty_accrual.booking import LedgerFact, PointsBooking
from loyalty_accrual.ledger import Account, Standing
from loyalty_accrual.rules import reviewed
from loyalty_accrual.table import Ledger
from mail_house import Kill, Trouble, Troubled, throttled
from shop_facts import NOW, offer_redeemed, order_paid, order_refunded, rupees

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient

MINUTE = timedelta(minutes=1)
CALLS = ["get_item", "transact_write_items", "get_item", "update_item", "put_events", "update_item"]
# Of these facts the last is killed, and comes again; in between another one comes, or none. And the tier they lead to.
BOOKINGS: dict[str, tuple[list[str], str]] = {
    "an order with an offer": (["gold offer", "silver order"], "gold"),
    "a refund": (["silver order", "its refund"], "bronze"),
    "an offer": (["silver order", "gold offer"], "gold"),
    "an offer given back": (["silver order", "gold offer", "its return"], "silver"),
}
THEN = ("nothing", "a small order", "a refund")


class TheShopsBus:
    """As EventBridge: what it took, it took, whether or not the caller heard of it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    def put_events(self, **request: Any) -> dict[str, Any]:
        self.taken += [(entry["DetailType"], entry["Detail"]) for entry in request["Entries"]]
        return {"FailedEntryCount": 0, "Entries": [{} for _ in request["Entries"]]}

    @property
    def tiers(self) -> list[TierChanged]:
        return [TierChanged.model_validate_json(told) for kind, told in self.taken if kind == "TierChanged"]

    @property
    def newest(self) -> str:
        """What whoever hears it believes."""
        return max(self.tiers, key=lambda news: news.occurred_at).tier if self.tiers else "bronze"


class House:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self.client, self.table, self.bus = client, table, TheShopsBus()
        self.ledger = Ledger(client, table)

    def worker(self, trouble: Trouble | None = None) -> PointsBooking:
        trouble = trouble or Trouble()
        client = cast("DynamoDBClient", Troubled(self.client, trouble))
        bus = Bus(cast("EventBridgeClient", Troubled(self.bus, trouble)), "shop")
        return PointsBooking(Ledger(client, self.table), bus, EARNING, TIERS, lambda _: None, 0)


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table("LoyaltyTable"))


def facts_about(customer: str) -> dict[str, LedgerFact]:
    offer: dict[str, Any] = {
        "customer_id": customer,
        "order_id": f"{customer}-1",
        "benefit": Benefit(points=2500),
    }
    return {
        "silver order": order_paid(f"{customer}-1", customer_id=customer, amount=rupees(60_000)),
        "its refund": order_refunded(f"{customer}-1", customer_id=customer, amount=rupees(20_000)),
        "gold offer": offer_redeemed(f"{customer}A", **offer),
        "its return": offer_given_back(f"{customer}A", **offer),
        "a small order": order_paid(f"{customer}-2", customer_id=customer, amount=rupees(100)),
        "a refund": order_refunded(
            f"{customer}-1", refund_id="all", customer_id=customer, amount=rupees(60_000)
        ),
    }


def test_a_booking_makes_two_calls_more_where_it_changes_the_tier(house: House) -> None:
    facts = facts_about("cust-asha")
    change, none, again = Trouble(), Trouble(), Trouble()
    house.worker(change).apply(facts["silver order"], NOW)
    house.worker(none).apply(facts["a small order"], NOW)
    house.worker(again).apply(facts["silver order"], NOW)
    assert change.calls == CALLS
    assert none.calls == again.calls == ["get_item", "transact_write_items", "get_item", "put_events"]


@pytest.mark.parametrize("then", THEN)
@pytest.mark.parametrize("booking", BOOKINGS)
def test_killed_at_any_call_the_points_are_booked_once_and_the_newest_tier_told_is_the_customers(
    house: House, booking: str, then: str
) -> None:
    killed = 0
    for customer, trouble in troubles():
        names, tier = BOOKINGS[booking]
        facts = facts_about(customer)
        house.bus.taken.clear()
        for name in names[:-1]:
            house.worker().apply(facts[name], NOW)
        worker = house.worker(trouble)
        with suppress(Kill):
            worker.apply(facts[names[-1]], NOW + MINUTE)
        killed += trouble.struck
        if then != "nothing":
            # A clock that is behind the other worker's.
            house.worker().apply(facts[then], NOW + MINUTE / 2)
        house.worker().apply(facts[names[-1]], NOW + 9 * MINUTE)

        standing = house.ledger.standing(customer)
        expected = tier if then in ("nothing", "a small order") else reached(standing)
        assert (house.bus.newest, standing.tier or "bronze", standing.told) == (expected, expected, True), (
            trouble
        )
        ids = {news.event_id for news in house.bus.tiers}
        assert len(ids) == len({news.occurred_at for news in house.bus.tiers})
        audit = house.ledger.audit(customer)
        assert audit.agrees, (trouble, audit.differences)
        assert audit.account.entry_count == len({*names, then} - {"nothing"})
    assert killed == 2 * len(CALLS)


def test_a_bus_that_was_away_hears_the_change_with_the_next_fact(house: House) -> None:
    facts = facts_about("cust-asha")
    with pytest.raises(Exception, match="Throttling"):
        house.worker(Trouble(5, "before", throttled)).apply(facts["silver order"], NOW)
    assert house.ledger.standing("cust-asha") == Standing("cust-asha", 600, "silver", NOW, told=False)
    house.worker().apply(facts["a small order"], NOW + MINUTE)
    assert [(news.tier, news.occurred_at) for news in house.bus.tiers] == [("silver", NOW)]


def test_a_tier_is_kept_only_over_what_was_read(house: House) -> None:
    facts = facts_about("cust-asha")
    house.worker().apply(facts["a small order"], NOW)
    read = house.ledger.standing("cust-asha")
    house.worker().apply(facts["silver order"], NOW)
    assert not house.ledger.keep_tier(read, replace(read, tier="gold", since=NOW, told=False))
    read = house.ledger.standing("cust-asha")
    assert read.tier == "silver"
    house.worker().apply(facts["a refund"], NOW)
    late = replace(read, tier="gold", since=NOW + MINUTE, told=False)
    assert not house.ledger.keep_tier(read, late)
    house.ledger.tier_was_told(late)
    assert house.ledger.standing("cust-asha").tier == "bronze"


def test_who_is_at_it_while_another_books_leaves_it_to_the_queue(house: House) -> None:
    client = house.client

    def conflict() -> BaseException:
        answer: Any = {"Error": {"Code": "TransactionConflictException", "Message": "ongoing"}}
        return client.exceptions.TransactionConflictException(answer, "UpdateItem")

    fact = facts_about("cust-asha")["silver order"]
    for at in (4, 6):
        with pytest.raises(RetryLaterError, match="at the same time"):
            house.worker(Trouble(at, "before", conflict)).apply(fact, NOW)
    house.worker().apply(fact, NOW)
    assert house.bus.newest == "silver"
    assert house.ledger.account("cust-asha") == Account(balance=600, total_earned=600, entry_count=1)


def troubles() -> Iterator[tuple[str, Trouble]]:
    """A customer of their own for a kill before, and one after, each call; and one for whom all goes well."""
    moments: tuple[Literal["before", "after"], ...] = ("before", "after")
    numbers = count()
    for at, moment in product(range(1, len(CALLS) + 1), moments):
        yield f"cust-{next(numbers)}", Trouble(at, moment, Kill)
    yield f"cust-{next(numbers)}", Trouble()


def reached(standing: Standing) -> str:
    return reviewed(replace(standing, tier=None), TIERS, NOW).tier or "bronze"
