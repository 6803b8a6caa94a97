"""Cancelled orders on the real engine: they hold no code, and their offers are as they were."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.clock import to_text
from engagement.errors import RetryLaterError
from engagement.events.orders import OrderCancelled, OrderPlaced
from mail_house import Trouble
from offer_facts import CODE, an_offer, order_with
from shop_facts import NOW, days, hours, order_cancelled
from tests.dynamodb.offers.house import RULES, House, end_of

END = NOW + days(14)
REMIND_AT = NOW + days(11)
SECOND = timedelta(seconds=1)
_numbers = count(1)


class Before(Trouble):
    """Something happens just before the first call of this name."""

    def __init__(self, name: str, happens: Callable[[], None]) -> None:
        super().__init__()
        self._name = name
        self._happens = happens

    def meet(self, name: str, call: Callable[..., Any], parameters: dict[str, Any]) -> Any:
        if name == self._name and name not in self.calls:
            self._happens()
        return super().meet(name, call, parameters)


def test_a_cancelled_order_gives_its_code_back_to_the_next_one(house: House) -> None:
    house.keep(an_offer())
    before = house.item(CODE)
    house.hear(order_with(CODE), order_cancelled(occurred_at=NOW + hours(2)))
    assert house.item(CODE) == before
    house.hear(order_with(CODE, order_id="order-78"))
    assert house.redeemed_by(CODE) == "order-78"
    assert house.told() == ["OfferRedeemed", "OfferReleased", "OfferRedeemed"]
    first, released, second = (fact for _, fact in house.bus.told)
    assert len({fact["event_id"] for fact in (first, released, second)}) == 3
    assert (released["order_id"], released["occurred_at"]) == ("order-77", "2027-03-01T14:00:00Z")
    assert released["benefit"] == first["benefit"]


def test_a_cancellation_that_is_told_before_its_order_counts(house: House) -> None:
    house.keep(an_offer())
    before = house.item(CODE)
    house.hear(order_cancelled(), order_with(CODE), order_cancelled(), order_with(CODE))
    assert house.item(CODE) == before
    assert house.told() == []


def test_a_cancellation_told_again_takes_nothing_from_the_order_that_redeemed_since(house: House) -> None:
    house.keep(an_offer())
    house.hear(order_with(CODE), order_cancelled(occurred_at=NOW), order_with(CODE, order_id="order-78"))
    house.hear(order_cancelled(occurred_at=NOW + days(1)), order_with(CODE))
    assert house.redeemed_by(CODE) == "order-78"
    released = [fact for kind, fact in house.bus.told if kind == "OfferReleased"]
    assert len(released) == 2
    assert released[0] == released[1]


@pytest.mark.parametrize(
    ("remind_at", "cancelled_at", "told"),
    [
        (REMIND_AT, NOW, ["OfferNearedExpiry", "OfferExpired"]),
        (REMIND_AT, REMIND_AT + hours(1), ["OfferNearedExpiry", "OfferExpired"]),
        (REMIND_AT, END + days(1), ["OfferExpired"]),
        (None, NOW, ["OfferExpired"]),
        (None, END + days(1), ["OfferExpired"]),
    ],
)
def test_a_released_offer_is_reminded_of_and_expires_as_if_nothing_had_been(
    house: House, remind_at: datetime | None, cancelled_at: datetime, told: list[str]
) -> None:
    house.keep(an_offer(remind_at=remind_at))
    house.hear(order_with(CODE))
    for now in (NOW, REMIND_AT, REMIND_AT + hours(2), END, end_of(an_offer()), END + days(2)):
        if now >= cancelled_at:
            house.hear(order_cancelled())
        house.watching().sweep(now)
        house.watching().sweep(now + SECOND)
    kinds = [kind for kind in house.told() if kind not in ("OfferRedeemed", "OfferReleased")]
    assert kinds == told
    assert "expired_at" in house.item(CODE)
    assert not {"due_at", "due_shard"} & house.item(CODE).keys()


def test_whoever_was_reminded_already_is_not_reminded_again(house: House) -> None:
    house.keep(an_offer(remind_at=REMIND_AT))
    house.watching().sweep(REMIND_AT)
    house.hear(order_with(CODE), order_cancelled())
    house.watching().sweep(REMIND_AT + hours(1))
    assert house.told() == ["OfferNearedExpiry", "OfferRedeemed", "OfferReleased"]
    assert house.item(CODE)["due_at"] == to_text(end_of(an_offer()))


def test_an_offer_that_had_been_called_expired_is_so_again(house: House) -> None:
    house.keep(an_offer())
    house.watching().sweep(END + days(1))
    house.hear(order_with(CODE), order_cancelled())
    assert "expired_at" not in house.item(CODE)
    house.watching().sweep(END + days(2))
    assert house.told() == ["OfferExpired", "OfferRedeemed", "OfferReleased", "OfferExpired"]


def test_a_cancelled_order_without_codes_costs_one_write_and_is_forgotten_in_time(house: House) -> None:
    trouble = Trouble()
    house.hear(order_cancelled(), trouble=trouble)
    assert trouble.calls == ["update_item"]
    assert house.order()["expires_at"] == int((NOW + RULES.keep_for).timestamp())


def test_codes_that_are_forgotten_by_now_are_no_obstacle(house: House) -> None:
    house.keep(an_offer(), an_offer("CCDEF34679"))
    house.hear(order_with(CODE, "CCDEF34679"))
    house.dynamodb.delete_item(TableName=house.table, Key={"code": {"S": CODE}})
    house.hear(order_cancelled())
    assert house.redeemed_by("CCDEF34679") is None
    assert house.told().count("OfferReleased") == 1


@pytest.mark.parametrize("call", ["batch_get_item", "transact_write_items", "put_events"])
def test_a_cancellation_between_any_two_calls_of_the_order_leaves_nothing_held(
    house: House, call: str
) -> None:
    house.keep(an_offer())
    before = house.item(CODE)
    house.hear(order_with(CODE), trouble=Before(call, lambda: house.hear(order_cancelled())))
    assert house.item(CODE) == before
    # Who was told of the redemption hears that it is taken back, be it in the other order.
    assert sorted(house.told()) == (["OfferRedeemed", "OfferReleased"] if call == "put_events" else [])


def test_another_order_between_any_two_calls_of_the_cancellation_keeps_the_code(house: House) -> None:
    for call in ("batch_get_item", "update_item", "put_events"):
        number = next(_numbers)
        code, order_id = f"CODE{number}", f"order-{number}"
        house.keep(an_offer(code))
        house.hear(order_with(code, order_id=order_id))
        another = order_with(code, order_id=f"{order_id}-b")
        cancelled = order_cancelled(order_id)

        def meanwhile(cancelled: OrderCancelled = cancelled, another: OrderPlaced = another) -> None:
            house.hear(cancelled, another)

        house.hear(cancelled, trouble=Before(call, meanwhile))
        assert house.redeemed_by(code) == another.order_id


def test_placed_and_cancelled_at_once_leave_nothing_held(house: House) -> None:
    for _ in range(10):
        number = next(_numbers)
        code, order_id = f"CODE{number}", f"order-{number}"
        house.keep(an_offer(code))
        facts = [order_with(code, order_id=order_id), order_cancelled(order_id)] * 3
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda fact: patiently(house, fact), facts))
        assert house.offers().find(code) == an_offer(code)


def patiently(house: House, fact: OrderPlaced | OrderCancelled) -> None:
    """As the queue does: whatever fails comes again."""
    for _ in range(5):
        try:
            return house.hear(fact)
        except (RetryLaterError, house.dynamodb.exceptions.ClientError):
            continue
    raise AssertionError("failed again and again")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "2", "3"]), st.booleans(), st.sampled_from(["A", "C", "AC"])),
        min_size=1,
        max_size=8,
    )
)
def test_in_whatever_order_it_is_told_no_cancelled_order_holds_a_code(
    house: House, tellings: list[tuple[str, bool, str]]
) -> None:
    run = next(_numbers)
    codes = {letter: f"{letter}X{run}" for letter in "AC"}
    house.keep(*(an_offer(code) for code in codes.values()))
    house.bus.told.clear()
    # What each code's holder is: the first order told that is not cancelled by then, until it is.
    holders: dict[str, str] = {}
    cancelled: set[str] = set()
    for name, is_cancelled, letters in tellings:
        order_id = f"order-{run}-{name}"
        if is_cancelled:
            house.hear(order_cancelled(order_id))
            cancelled.add(order_id)
            holders = {code: holder for code, holder in holders.items() if holder != order_id}
            continue
        house.hear(order_with(*(codes[letter] for letter in letters), order_id=order_id))
        if order_id not in cancelled:
            for letter in letters:
                holders.setdefault(codes[letter], order_id)
    for code in codes.values():
        assert house.redeemed_by(code) == holders.get(code)
        assert ("due_at" in house.item(code)) == (code not in holders)
    redeemed = {(fact["code"], fact["order_id"]) for kind, fact in house.bus.told if kind == "OfferRedeemed"}
    released = {(fact["code"], fact["order_id"]) for kind, fact in house.bus.told if kind == "OfferReleased"}
    assert redeemed - released == set(holders.items())
