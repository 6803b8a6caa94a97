"""Watching on the real engine: what falls due is told, and what was redeemed is left alone."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from engagement.clock import to_text
from engagement.due_work import LEASE
from engagement.errors import RetryLaterError
from mail_house import Kill, Trouble
from offer_facts import CODE, an_offer, order_with
from shop_facts import NOW, days, hours
from tests.dynamodb.offers.house import House, end_of

END = NOW + days(14)
REMIND_AT = NOW + days(11)
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)


class Meanwhile(Trouble):
    """Something happens just before a fact is told, and goes wrong or not."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self._happens = happens

    def meet(self, name: str, call: Callable[..., Any], parameters: dict[str, Any]) -> Any:
        if name == "put_events":
            self._happens()
        return super().meet(name, call, parameters)


def die() -> None:
    raise Kill


def test_an_offer_is_reminded_of_and_then_expires_each_once(house: House) -> None:
    offer = an_offer(remind_at=REMIND_AT)
    house.keep(offer)
    told = []
    for around, minutes in product((NOW, REMIND_AT, END, end_of(offer), END + days(5)), (-5, 0, 5, 10, 20)):
        now = around + minutes * MINUTE
        before = len(house.bus.told)
        house.watching().sweep(now)
        told += [(now, kind) for kind, _ in house.bus.told[before:]]
    assert told == [(REMIND_AT, "OfferNearedExpiry"), (end_of(offer), "OfferExpired")]
    item = house.item(CODE)
    assert item["reminded_at"] == to_text(REMIND_AT)
    assert item["expired_at"] == to_text(end_of(offer))
    assert not {"due_at", "due_shard"} & item.keys()


def test_the_facts_say_when_it_was_and_not_when_it_was_told(house: House) -> None:
    house.keep(an_offer(remind_at=REMIND_AT))
    house.watching().sweep(REMIND_AT + days(1))
    house.watching().sweep(END + days(5))
    reminder, expiry = (fact for _, fact in house.bus.told)
    assert reminder["occurred_at"] == "2027-03-12T12:00:00Z"
    assert expiry["occurred_at"] == expiry["expires_at"] == "2027-03-15T12:00:00Z"
    assert reminder["benefit"]["percent"] == 15


def test_an_offer_without_a_reminder_only_expires(house: House) -> None:
    house.keep(an_offer())
    assert house.watching().sweep(end_of(an_offer()) - MOMENT) == 0
    assert house.watching().sweep(end_of(an_offer())) == 1
    assert house.told() == ["OfferExpired"]


@pytest.mark.parametrize("back_after", [days(0), hours(0.5), days(3)])
def test_after_an_outage_until_past_its_end_an_offer_is_only_expired(
    house: House, back_after: timedelta
) -> None:
    offer = an_offer(remind_at=REMIND_AT)
    house.keep(offer)
    house.watching().sweep(END + back_after)
    house.watching().sweep(max(END + back_after, end_of(offer)))
    assert house.told() == ["OfferExpired"]


def test_an_order_between_the_look_and_the_claim_leaves_nothing_to_tell(house: House) -> None:
    house.keep(an_offer())
    work = house.offers().due_work
    (seen,) = work.due(END + days(1), 9)
    house.hear(order_with(CODE))
    assert work.claim(seen, END + days(1)) is None


@pytest.mark.parametrize("now", [REMIND_AT, END + days(1)])
def test_an_offer_that_is_redeemed_while_a_sweep_has_it_is_due_no_more(house: House, now: datetime) -> None:
    """The sweep had looked already, so that it tells; but nothing follows from it."""
    house.keep(an_offer(remind_at=REMIND_AT))
    house.watching(Meanwhile(lambda: house.hear(order_with(CODE)))).sweep(now)
    assert house.redeemed_by(CODE) == "order-77"
    assert not {"due_at", "due_shard"} & house.item(CODE).keys()
    assert house.watching().sweep(END + days(9)) == 0
    assert len(house.told()) == 2


def test_an_order_after_a_sweep_died_over_the_offer_is_the_last_that_is_told_of_it(house: House) -> None:
    house.keep(an_offer())
    with suppress(Kill):
        house.watching(Meanwhile(die)).sweep(END + days(1))
    assert "claimed_at" in house.item(CODE)
    house.hear(order_with(CODE))
    assert house.watching().sweep(END + days(1) + LEASE) == 0
    assert house.told() == ["OfferRedeemed"]


def test_one_refusal_of_the_bus_keeps_no_other_offer_waiting(house: House) -> None:
    house.keep(*(an_offer(f"CODE{number}") for number in range(6)))
    house.bus.refusals = 1
    with pytest.raises(RetryLaterError, match="1 pieces"):
        house.watching().sweep(END + days(1))
    assert len(house.facts()) == 5
    assert house.watching().sweep(END + days(1) + LEASE) == 1
    assert len(house.facts()) == 6
