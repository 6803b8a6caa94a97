"""Erasures that are told late: what is forgotten, and what a customer who came back keeps."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from engagement.contacts import RecentMail
from preference_house import MINUTE, House
from shop_facts import ALL_TOPICS, NOW, erased, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table)


def test_an_erasure_that_is_told_late_takes_nothing_from_a_customer_who_came_back(house: House) -> None:
    old = erased(occurred_at=NOW - MINUTE)
    house.hear(registered(consents=frozenset({"offers"})))
    house.contacts.pause("cust-asha", NOW + 60 * MINUTE)
    assert house.contacts.keep_recent(house.contacts.get("cust-asha"), [RecentMail("cart_nudge:cart-9", NOW)])
    house.hear(old)
    contact = house.contacts.get("cust-asha")
    assert contact.granted["offers"] is True
    assert contact.paused_until == NOW + 60 * MINUTE
    assert [mail.send_key for mail in contact.recent] == ["cart_nudge:cart-9"]


@pytest.mark.parametrize("leaves", [True, False])
def test_of_who_is_erased_neither_their_break_nor_their_mails_are_kept(house: House, leaves: bool) -> None:
    house.hear(registered())
    house.contacts.pause("cust-asha", NOW + 60 * MINUTE)
    assert house.contacts.keep_recent(house.contacts.get("cust-asha"), [RecentMail("cart_nudge:cart-9", NOW)])
    if leaves:
        house.contacts.withdraw("cust-asha", ["offers"], now=NOW + 2 * MINUTE)
    house.hear(erased(occurred_at=NOW + MINUTE))
    contact = house.contacts.get("cust-asha")
    assert (contact.paused_until, contact.recent) == (None, ())
    assert contact.granted == dict.fromkeys(ALL_TOPICS, False)
