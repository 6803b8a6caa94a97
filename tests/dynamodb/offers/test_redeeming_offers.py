"""Redeeming on the real engine: by one order, the customer's own and in time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from itertools import count, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflicting_client import Conflicting
from engagement.errors import RetryLaterError
from engagement.events.orders import OrderPlaced
from engagement.offers import Offer
from offer_facts import CODE, an_offer, order_with
from offers.redeeming import Redeeming
from offers.redemptions import Redemptions
from offers.rules import why_refused
from recording_bus import RecordingBus
from shop_facts import NOW, days, hours
from tests.dynamodb.offers.house import RULES, House, end_of

END = NOW + days(14)
MOMENT = timedelta(microseconds=1)
OTHER = "CCDEF34679"
_numbers = count(1)


def test_an_order_with_the_code_redeems_the_offer_and_that_is_told(house: House) -> None:
    house.keep(an_offer())
    house.hear(order_with("acdef-34679", occurred_at=NOW + hours(1)))
    assert house.redeemed_by(CODE) == "order-77"
    assert house.offers().find(CODE) == an_offer(redeemed_by="order-77", redeemed_at=NOW + hours(1))
    ((kind, fact),) = house.bus.told
    assert kind == "OfferRedeemed"
    assert house.order()["codes"] == {CODE}
    assert (fact["order_id"], fact["campaign"], fact["customer_id"]) == (
        "order-77",
        "birthday_offer",
        "cust-asha",
    )
    assert fact["occurred_at"] == "2027-03-01T13:00:00Z"


def test_a_redeemed_offer_falls_due_no_more(house: House) -> None:
    house.keep(an_offer(remind_at=NOW + days(11)))
    house.hear(order_with(CODE))
    assert list(house.offers().due_work.due(END + days(400), 99)) == []
    assert house.watching().sweep(END + days(1)) == 0
    assert house.told() == ["OfferRedeemed"]


def test_the_order_told_again_redeems_nothing_anew_and_tells_the_same_fact(house: House) -> None:
    house.keep(an_offer())
    house.hear(order_with(CODE, occurred_at=NOW))
    # Even where its second telling gives it a time after the end: the first telling counts.
    for again in (END + days(1), NOW):
        house.hear(order_with(CODE, occurred_at=again))
    assert house.told() == ["OfferRedeemed"] * 3
    ((first, second, third),) = house.facts().values()
    assert first == second == third


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (order_with("WELCOME_10"), "unknown"),
        (order_with(CODE, customer_id="cust-noah"), "another_customers"),
        (order_with(CODE, occurred_at=END), "ended"),
        (order_with(OTHER), "already_redeemed"),
    ],
)
def test_a_refused_code_is_no_error_and_its_reason_is_logged_without_it(
    house: House, order: OrderPlaced, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house.keep(an_offer(), an_offer(OTHER))
    house.hear(order_with(OTHER, order_id="order-before"))
    house.bus.told.clear()
    capsys.readouterr()
    house.hear(order)
    told = [(kind, fact["code"], fact["order_id"], fact["reason"]) for kind, fact in house.bus.told]
    refused = ("OfferRefused", order.offer_codes[0], order.order_id, reason)
    # A code that is none of ours is the shop's own, or a slip: that is no news of an offer.
    assert told == ([] if reason == "unknown" else [refused])
    assert all(fact["customer_id"] == order.customer_id for _, fact in house.bus.told)
    assert house.redeemed_by(CODE) is None
    assert house.order() == {}
    written = capsys.readouterr().out
    assert f'"reason":"{reason}"' in written
    assert '"OffersRefused"' in written
    for secret in (CODE, "WELCOME", "cust-asha", "cust-noah"):
        assert secret not in written


def test_one_code_of_an_order_may_be_good_and_another_not(house: House) -> None:
    house.keep(an_offer(), an_offer(OTHER, customer_id="cust-noah"))
    house.hear(order_with("nonsense", CODE, OTHER, CODE.lower()))
    assert (house.redeemed_by(CODE), house.redeemed_by(OTHER)) == ("order-77", None)
    assert house.told() == ["OfferRedeemed", "OfferRefused"]


def test_an_order_of_the_last_moment_redeems_even_if_it_is_told_after_the_offer_was_called_expired(
    house: House,
) -> None:
    house.keep(an_offer())
    house.watching().sweep(end_of(an_offer()))
    house.hear(order_with(CODE, occurred_at=END - MOMENT))
    assert house.redeemed_by(CODE) == "order-77"
    assert house.told() == ["OfferExpired", "OfferRedeemed"]


def test_of_twenty_orders_at_once_one_redeems_the_offer(house: House) -> None:
    house.keep(an_offer())
    orders = [order_with(CODE, order_id=f"order-{number}") for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(house.hear, orders))
    (redeemed,) = (fact for kind, fact in house.bus.told if kind == "OfferRedeemed")
    refused = {fact["order_id"] for kind, fact in house.bus.told if kind == "OfferRefused"}
    assert refused == {order.order_id for order in orders} - {redeemed["order_id"]}
    assert house.redeemed_by(CODE) == redeemed["order_id"]
    assert [order.order_id for order in orders if house.order(order.order_id)] == [redeemed["order_id"]]


@pytest.mark.parametrize("conflicts", [1, 2, 3])
def test_an_order_looks_again_where_others_write_at_the_same_time_and_then_comes_again_later(
    house: House, conflicts: int
) -> None:
    house.keep(an_offer())
    busy = Redemptions(
        Conflicting(house.dynamodb, conflicts=conflicts).client, house.table, house.orders_table
    )
    bus = RecordingBus()
    given_up = pytest.raises(RetryLaterError) if conflicts == 3 else nullcontext()
    with given_up:
        Redeeming(busy, bus, RULES).apply(order_with(CODE), NOW)
    assert len(bus.told) == (0 if conflicts == 3 else 1)
    house.hear(order_with(CODE))
    assert house.redeemed_by(CODE) == "order-77"


def test_the_order_is_remembered_for_as_long_as_any_offer_that_it_holds(house: House) -> None:
    house.keep(an_offer(), an_offer(OTHER, expires_at=END + days(100)))
    house.hear(order_with(OTHER), order_with(CODE))
    assert house.order()["codes"] == {CODE, OTHER}
    assert house.order()["expires_at"] == house.item(OTHER)["expires_at"]


def test_what_the_bus_did_not_take_is_told_when_the_order_comes_again(house: House) -> None:
    house.keep(an_offer(), an_offer(OTHER))
    house.bus.refusals = 1
    with pytest.raises(RetryLaterError):
        house.hear(order_with(CODE, OTHER))
    house.hear(order_with(CODE, OTHER))
    assert house.told() == ["OfferRedeemed", "OfferRedeemed"]


def test_an_order_does_exactly_what_the_rule_allows(house: House) -> None:
    """Every state of an offer, and every order about it."""
    states: list[Offer | None] = [None, an_offer(), an_offer(customer_id="cust-noah")]
    redeemers = (None, "order-77", "order-before")
    instants = (NOW, END - MOMENT, END, END + days(1))
    for state, redeemer, at in product(states, redeemers, instants):
        code = f"CODE{next(_numbers)}"
        order = order_with(code, occurred_at=at)
        if state:
            house.keep(state := an_offer(code, customer_id=state.customer_id))
            if redeemer:
                house.hear(order_with(code, order_id=redeemer, customer_id=state.customer_id))
        offer = house.offers().find(code)
        house.bus.told.clear()
        house.hear(order)
        reason = why_refused(offer, customer_id="cust-asha", at=at, order_id="order-77")
        told = [(kind, fact.get("reason")) for kind, fact in house.bus.told]
        if reason != "unknown":
            assert told == [("OfferRefused", reason) if reason else ("OfferRedeemed", None)], (offer, at)
        after = house.offers().find(code)
        by_this_order = reason is None
        assert (after != offer) == (by_this_order and offer is not None and offer.redeemed_by is None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["order-1", "order-2", "order-3"]),
            st.sampled_from([timedelta(0), days(1), END - NOW - MOMENT, END - NOW, days(20)]),
            st.lists(st.sampled_from(["A", "C"]), min_size=1, max_size=2),
            st.integers(1, 2),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_in_whatever_order_and_however_often_orders_are_told_each_code_is_redeemed_by_one(
    house: House, tellings: list[tuple[str, timedelta, list[str], int]]
) -> None:
    run = next(_numbers)
    names = {letter: f"{letter}{run}" for letter in "AC"}
    house.keep(*(an_offer(code) for code in names.values()))
    house.bus.told.clear()
    in_time: dict[str, str] = {}
    for order_id, after, letters, times in tellings:
        order = order_with(*(names[each] for each in letters), order_id=order_id, occurred_at=NOW + after)
        for _ in range(times):
            house.hear(order)
        for each in letters:
            if after < END - NOW:
                in_time.setdefault(names[each], order_id)
    for code in names.values():
        assert house.redeemed_by(code) == in_time.get(code)
    redeemers: dict[str, set[str]] = {}
    for kind, fact in house.bus.told:
        if kind == "OfferRedeemed":
            redeemers.setdefault(fact["code"], set()).add(fact["order_id"])
    assert redeemers == {code: {order_id} for code, order_id in in_time.items()}
