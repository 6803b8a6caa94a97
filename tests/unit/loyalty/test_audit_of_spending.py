"""An audit follows points that are on hold, spent or over, and finds a tier that is too low."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from loyalty.auditing import audited
from loyalty.records import Hold, ReservationState, TierHeld
from loyalty_books import TERMS, Books
from shop_facts import (
    NOW,
    days,
    erased,
    hours,
    order_cancelled,
    order_paid,
    order_refunded,
    registered,
    review_published,
    review_rejected,
    rupees,
)

SOON = NOW + days(20)


def one_held_one_committed() -> Books:
    books = Books().told(order_paid(amount=rupees(20_000))).after(SOON)
    books.reserved("basket-1", 50, SOON, order_id="order-78").committed("basket-1", SOON)
    return books.reserved("basket-2", 30, SOON)


def test_what_is_on_hold_is_the_customers_and_no_difference() -> None:
    books = one_held_one_committed()
    assert (books.account.balance, books.account.available) == (150, 120)
    assert books.differences == ()
    assert books.released("basket-2", SOON + hours(0.1)).differences == ()


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("basket-1", {"state": ReservationState.HELD}, "basket-1 is held, and basket-1:redeemed redeemed it"),
        ("basket-1", {"state": ReservationState.RELEASED}, "is released, and basket-1:redeemed redeemed it"),
        ("basket-1", {"points": 60}, "basket-1 is of 60 points, its entry of 50, or for another order"),
        (
            "basket-1",
            {"order_id": "order-9"},
            "basket-1 is of 50 points, its entry of 50, or for another order",
        ),
        ("basket-2", {"state": ReservationState.COMMITTED}, "basket-2 is committed, and no entry says so"),
        ("basket-2", {"state": ReservationState.RELEASED}, "is released, and its points are on hold"),
        ("basket-2", {"points": 31}, "is of 31 points, 30 are on hold, or until another time"),
        ("basket-2", {"until": SOON}, "is of 30 points, 30 are on hold, or until another time"),
    ],
)
def test_a_reservation_that_does_not_match_its_entry_or_its_hold_is_found(
    name: str, changes: dict[str, Any], said: str
) -> None:
    books = one_held_one_committed()
    books.reservations[name] = replace(books.reservations[name], **changes)
    assert any(said in difference for difference in books.differences), books.differences


def test_points_that_are_redeemed_or_held_without_a_reservation_are_found() -> None:
    books = one_held_one_committed()
    books.reservations = {}
    assert books.differences == (
        "basket-1:redeemed redeemed a reservation that is not there",
        "points are on hold for basket-2, which is not there",
    )


def test_a_hold_that_nothing_was_taken_for_is_found() -> None:
    books = one_held_one_committed()
    more = {**books.account.held, "basket-3": Hold(10, SOON)}
    books.account = replace(books.account, held=more)
    assert "the account's used is 80, its entries say 90" in books.differences


def test_an_order_that_points_paid_for_has_a_record_even_before_it_is_told() -> None:
    books = one_held_one_committed()
    assert books.orders["order-78"].spent == 50
    del books.orders["order-78"]
    assert "order order-78 has entries and no record" in books.differences


@pytest.mark.parametrize("end", ["released", "committed", "ended by itself"])
def test_points_on_hold_while_they_end_are_no_difference(end: str) -> None:
    books = Books().told(order_paid(amount=rupees(20_000))).after(SOON)
    (ends_on,) = books.account.lots
    midnight = TERMS.days.begin(ends_on)
    books.reserved("basket-1", 80, midnight - hours(0.2)).after(midnight)
    assert (books.account.lots, books.account.on_hold) == ({}, 80)
    assert books.differences == ()
    match end:
        case "released":
            books.released("basket-1", midnight)
        case "committed":
            books.committed("basket-1", midnight)
        case _:
            books.after(midnight + hours(3))
    assert (books.account.balance, books.differences) == (0, ())


def test_a_tier_that_is_lower_than_what_was_reached_is_found() -> None:
    books = Books().told(order_paid(amount=rupees(60_000))).after(SOON)
    assert (books.account.tier, books.differences) == ("silver", ())
    records = replace(books.records, account=replace(books.account, tiers=()))
    assert (
        "the tier is bronze, what counts for it reaches silver" in audited(records, TERMS.tiers).differences
    )
    gold = replace(books.account, tiers=(TierHeld("gold", NOW),))
    (difference,) = audited(replace(books.records, account=gold), TERMS.tiers).differences
    assert difference.startswith("the account's tiers is gold since ")


def test_an_erased_customer_has_no_tier_and_no_difference() -> None:
    books = Books().told(order_paid(amount=rupees(60_000))).after(SOON).reserved("basket-1", 100, SOON)
    books.told_of_customers(erased(occurred_at=SOON), now=SOON)
    assert (books.account.balance, books.account.tier, books.differences) == (0, "bronze", ())


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_in_whatever_order_adds_up(seed: int) -> None:
    chance, books, at = random.Random(seed), Books(), NOW
    for number in range(60):
        at += timedelta(hours=chance.choice([0, 0, 1, 30, 400, 3000]))
        order_id = f"order-{chance.randrange(6)}"
        told: dict[str, Any] = {"occurred_at": at, "order_id": order_id}
        match chance.randrange(10):
            case 0 | 1 if order_id not in books.orders or not books.orders[order_id].paid:
                books.told(order_paid(**told, amount=rupees(chance.randrange(60_000))), now=at)
            case 2 | 3:
                amount = rupees(chance.randrange(1, 9_000))
                books.told(order_refunded(**told, refund_id=f"r-{number}", amount=amount), now=at)
            case 4 if chance.random() < 0.3:
                books.told(order_cancelled(**told), now=at)
            case 5:
                facts = review_published, review_rejected
                books.told_of_reviews(chance.choice(facts)(occurred_at=at, revision=number + 1), now=at)
            case 6:
                books.adjusted(chance.choice([-40, 25]), now=at)
            case 7 | 8 if books.after(at).account.available > 0:
                points = chance.randrange(1, books.account.available + 1)
                books.reserved(f"basket-{number}", points, at, order_id=order_id)
                end = chance.choice([books.committed, books.released, None])
                end and end(f"basket-{number}", at + hours(0.1))
            case 9 if chance.random() < 0.1:
                books.told_of_customers(erased(occurred_at=at), registered(occurred_at=at + hours(1)), now=at)
        assert books.differences == (), (seed, number)
    assert books.entries
