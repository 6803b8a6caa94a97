"""A sweep over carts: one odd cart never costs the others their nudge."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from cart_nudges.rules import Cart, CartStatus
from cart_nudges.table import Carts
from engagement.due_work import LEASE, SHARDS
from engagement.errors import RetryLaterError
from shop_facts import NOW, a_line, days

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Outcome = Mapping[str, str] | None


@pytest.fixture
def carts(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Carts:
    return Carts(dynamodb, dynamodb_table("CartsTable"))


def leave(carts: Carts, *names: str) -> None:
    for name in names:
        cart = Cart(name, CartStatus.OPEN, NOW, "cust-asha", (a_line(),))
        carts.keep(cart, NOW, due_at=NOW, keep_for=days(30))


class Act:
    """Answers or raises for some carts, and nudges about the others."""

    def __init__(self, **special: Exception | Outcome) -> None:
        self._special = special
        self.nudged: list[str] = []

    def __call__(self, item: dict[str, Any]) -> Outcome:
        name = item["cart_id"]
        if name not in self._special:
            self.nudged.append(name)
            return {"nudged_at": "now"}
        answer = self._special[name]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_cart_of_which_no_mail_can_be_made_is_settled_as_failed_and_the_others_are_nudged(
    carts: Carts,
) -> None:
    leave(carts, "one", "odd", "two")
    act = Act(odd=ValueError("no mail can be made of this"))
    assert carts.due_work.sweep(NOW, 100, act) == 2
    assert sorted(act.nudged) == ["one", "two"]
    assert list(carts.due_work.due(NOW + days(9), 100)) == []


def test_what_fails_for_a_while_falls_due_again_and_the_others_are_nudged(carts: Carts) -> None:
    leave(carts, "one", "unlucky", "two")
    act = Act(unlucky=ConnectionError())
    with pytest.raises(RetryLaterError, match="1 pieces of due work"):
        carts.due_work.sweep(NOW, 100, act)
    assert sorted(act.nudged) == ["one", "two"]
    assert [item["cart_id"] for item in carts.due_work.due(NOW + LEASE, 100)] == ["unlucky"]


def test_a_cart_whose_customer_is_not_known_yet_falls_due_again(carts: Carts) -> None:
    leave(carts, "early")
    assert carts.due_work.sweep(NOW, 100, Act(early=None)) == 0
    assert carts.due_work.sweep(NOW + LEASE, 100, Act()) == 1


def test_a_cart_with_nothing_to_do_is_settled(carts: Carts) -> None:
    leave(carts, "guests")
    assert carts.due_work.sweep(NOW, 100, Act(guests={})) == 0
    assert list(carts.due_work.due(NOW + days(9), 100)) == []


def test_under_load_every_shard_gets_its_share(carts: Carts) -> None:
    leave(carts, *(f"cart-{number}" for number in range(60)))
    shards = [item["due_shard"] for item in carts.due_work.due(NOW, SHARDS * 3)]
    assert {shard: shards.count(shard) for shard in set(shards)} == {f"shard-{n}": 3 for n in range(SHARDS)}
