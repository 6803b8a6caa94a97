"""Redeeming and watching on the real engine, with trouble before or after every AWS call, and then once more."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Literal

import pytest

from engagement.clock import to_text
from engagement.due_work import LEASE
from mail_house import Kill, Trouble, unanswered
from offer_facts import an_offer, order_with
from offers.announcing import redeemed, released
from shop_facts import NOW, days, order_cancelled
from tests.dynamodb.offers.house import House, end_of

MINUTE = timedelta(minutes=1)
REDEEMING = ["batch_get_item", "transact_write_items", "put_events"]
RELEASING = ["update_item", "batch_get_item", "update_item", "update_item", "put_events"]
WATCHING = ["query"] * 4 + ["update_item", "put_events", "update_item"] * 2
ERRORS: list[tuple[Callable[[], BaseException], Literal["before", "after"]]] = [
    (Kill, "before"),
    (Kill, "after"),
    (unanswered, "after"),
]
_numbers = count(1)


def every_trouble(calls: list[str]) -> Iterator[Trouble]:
    for at in range(1, len(calls) + 1):
        for error, moment in ERRORS:
            yield Trouble(at, moment, error)


def described(trouble: Trouble) -> str:
    error = getattr(trouble.error, "__name__", "")
    return f"{error} {trouble.moment} call {trouble.at}"


def wrongly_told(house: House, *event_ids: str) -> list[str]:
    """What is not told at all, what is told besides, and what is told in two ways."""
    facts = house.facts()
    in_two_ways = [each for each, told in facts.items() if any(fact != told[0] for fact in told)]
    return sorted(facts.keys() ^ set(event_ids)) + in_two_ways


def test_without_trouble_these_are_the_calls(house: House) -> None:
    trouble = Trouble()
    house.keep(an_offer("A"), an_offer("C"))
    house.hear(order_with("A", "C"), trouble=trouble)
    assert trouble.calls == REDEEMING
    trouble.calls.clear()
    house.hear(order_cancelled(), trouble=trouble)
    assert trouble.calls == RELEASING
    trouble.calls.clear()
    house.keep(an_offer("D", remind_at=NOW), an_offer("E", expires_at=NOW - days(1)))
    house.watching(trouble).sweep(NOW)
    assert sorted(trouble.calls) == sorted(WATCHING)


def test_an_order_redeems_each_of_its_codes_and_tells_so_whatever_happens_at_any_call(house: House) -> None:
    wrong = []
    for trouble in every_trouble(REDEEMING):
        codes = [f"{letter}{next(_numbers)}" for letter in "AC"]
        house.keep(*map(an_offer, codes))
        house.bus.told.clear()
        order = order_with(*codes, order_id=f"order-{codes[0]}")
        with suppress(Exception, Kill):
            house.hear(order, trouble=trouble)
        house.hear(order)
        done = [house.redeemed_by(code) for code in codes] == [order.order_id] * 2
        told = wrongly_told(
            house, *(redeemed(an_offer(code), order_id=order.order_id, at=NOW).event_id for code in codes)
        )
        if not (done and trouble.struck) or told:
            wrong.append(f"{described(trouble)}: {told}")
    assert wrong == []


@pytest.mark.parametrize("cancelled_first", [False, True])
def test_a_cancelled_order_holds_no_code_whatever_happens_at_any_call(
    house: House, cancelled_first: bool
) -> None:
    """Trouble at any call of either telling; the queue then brings that one again, after the other."""
    wrong = []
    for call in range(1, len(REDEEMING + RELEASING) + 1):
        for error, moment in ERRORS:
            trouble = Trouble(call, moment, error)
            codes = [f"{letter}{next(_numbers)}" for letter in "AC"]
            house.keep(*map(an_offer, codes))
            house.bus.told.clear()
            order_id = f"order-{codes[0]}"
            placed, cancelled = order_with(*codes, order_id=order_id), order_cancelled(order_id)
            facts = (cancelled, placed) if cancelled_first else (placed, cancelled)
            again = []
            for fact in facts:
                try:
                    house.hear(fact, trouble=trouble)
                except (Exception, Kill):  # noqa: BLE001 - whatever it is, the queue brings it again
                    again.append(fact)
            house.hear(*again)
            free = [house.offers().find(code) for code in codes] == [*map(an_offer, codes)]
            due = [house.item(code).get("due_at") for code in codes]
            told = {fact["event_id"] for kind, fact in house.bus.told if kind == "OfferRedeemed"}
            taken_back = {fact["event_id"] for kind, fact in house.bus.told if kind == "OfferReleased"}
            facts_of = [
                {make(an_offer(code), order_id=order_id, at=NOW).event_id for code in codes}
                for make in (redeemed, released)
            ]
            # Of an order that nobody was told of, a cancellation may be told all the same.
            right = (told, taken_back) in (
                (set(), set()),
                (set(), facts_of[1]),
                (facts_of[0], facts_of[1]),
            )
            if not (free and right and due == [to_text(end_of(an_offer()))] * 2):
                wrong.append(described(trouble))
    assert wrong == []


def test_what_is_due_is_told_and_settled_whatever_happens_at_any_call(house: House) -> None:
    wrong = []
    for trouble in every_trouble(WATCHING):
        number = next(_numbers)
        nearing = an_offer(f"A{number}", remind_at=NOW)
        ended = an_offer(f"C{number}", expires_at=NOW - days(1))
        house.keep(nearing, ended)
        house.bus.told.clear()
        with suppress(Exception, Kill):
            house.watching(trouble).sweep(NOW)
        for later in (5 * MINUTE, LEASE):
            house.watching().sweep(NOW + later)
        told = wrongly_told(house, f"offer-{nearing.code}-neared-expiry", f"offer-{ended.code}-expired")
        first, second = house.item(nearing.code), house.item(ended.code)
        settled = (
            "reminded_at" in first
            and first["due_at"] == to_text(end_of(nearing))
            and "expired_at" in second
            and "due_at" not in second
        )
        if not (settled and trouble.struck) or told:
            wrong.append(f"{described(trouble)}: {told}")
    assert wrong == []
