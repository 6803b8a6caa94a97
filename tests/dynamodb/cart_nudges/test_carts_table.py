"""Carts on the real engine: the newest news wins, bought is bought, and one sweep wins a cart."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from cart_nudges.rules import Cart, CartStatus
from cart_nudges.table import Carts, cart_of
from engagement.due_work import LEASE, SHARDS
from shop_facts import NOW, a_line, days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def carts(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Carts:
    return Carts(dynamodb, dynamodb_table("CartsTable"))


def keep(
    carts: Carts,
    name: str = "Assam tea",
    *,
    at: datetime = NOW,
    due_at: datetime | None = NOW,
    cart: str = "cart-9",
) -> bool:
    lines = (a_line(name),) if due_at else ()
    kept = Cart(cart, CartStatus.OPEN, at, "cust-asha", lines)
    return carts.keep(kept, at, due_at=due_at, keep_for=days(30)) is not None


def test_who_empties_a_cart_hears_whether_a_nudge_had_been_begun(carts: Carts) -> None:
    keep(carts)
    (seen,) = carts.due_work.due(NOW, 10)
    carts.due_work.claim(seen, NOW)
    emptied = Cart("cart-9", CartStatus.OPEN, NOW + hours(1), "cust-asha")
    kept = carts.keep(emptied, NOW + hours(1), due_at=None, keep_for=days(30))
    assert kept is not None
    assert kept.nudge_begun
    # Killed before the nudge was called off, the same fact comes again and must say so again.
    assert carts.keep(emptied, NOW + hours(1), due_at=None, keep_for=days(30)) == kept
    assert carts.keep(emptied, NOW, due_at=None, keep_for=days(30)) is None


def due(carts: Carts, now: datetime = NOW) -> list[str]:
    return [item["cart_id"] for item in carts.due_work.due(now, 100)]


def test_the_newest_update_wins_in_whatever_order_they_come(carts: Carts) -> None:
    for number, order in enumerate(permutations([0, 1, 2])):
        cart = f"cart-{number}"
        for hour in order:
            keep(carts, f"Tea {hour}", at=NOW + hours(hour), cart=cart)
        (claimed,) = [
            carts.due_work.claim(seen, NOW) for seen in carts.due_work.due(NOW, 99) if seen["cart_id"] == cart
        ]
        assert claimed is not None
        assert cart_of(claimed).lines[0].name == "Tea 2"


def test_the_same_update_twice_changes_nothing(carts: Carts) -> None:
    assert keep(carts)
    assert not keep(carts)


def test_an_emptied_cart_is_due_no_more(carts: Carts) -> None:
    keep(carts)
    keep(carts, at=NOW + hours(1), due_at=None)
    assert due(carts, NOW + days(9)) == []


def test_an_order_closes_a_cart_for_good_even_when_it_overtakes_the_updates(carts: Carts) -> None:
    assert not carts.close_as_bought("cart-9", expires_at=NOW + days(30))
    assert not keep(carts, at=NOW + hours(5))
    assert due(carts, NOW + days(9)) == []


def test_an_order_says_whether_a_nudge_had_been_begun(carts: Carts) -> None:
    keep(carts)
    (seen,) = carts.due_work.due(NOW, 10)
    assert carts.due_work.claim(seen, NOW)
    assert carts.close_as_bought("cart-9", expires_at=NOW + days(30))


def test_an_order_between_the_look_and_the_claim_leaves_nothing_to_claim(carts: Carts) -> None:
    keep(carts)
    (seen,) = carts.due_work.due(NOW, 10)
    carts.close_as_bought("cart-9", expires_at=NOW + days(30))
    assert carts.due_work.claim(seen, NOW) is None


def test_of_twenty_sweeps_at_once_one_claims_the_cart(carts: Carts) -> None:
    keep(carts)
    (seen,) = carts.due_work.due(NOW, 10)
    with ThreadPoolExecutor(20) as pool:
        claims = list(pool.map(lambda _: carts.due_work.claim(seen, NOW), range(20)))
    assert sum(claim is not None for claim in claims) == 1


def test_a_claim_whose_sweep_died_falls_due_again_after_its_lease(carts: Carts) -> None:
    keep(carts)
    (seen,) = carts.due_work.due(NOW, 10)
    carts.due_work.claim(seen, NOW)
    assert due(carts) == []
    assert due(carts, NOW + LEASE) == ["cart-9"]


def test_activity_during_a_sweep_is_not_lost(carts: Carts) -> None:
    keep(carts)
    (seen,) = carts.due_work.due(NOW, 10)
    claimed = carts.due_work.claim(seen, NOW)
    assert claimed is not None
    keep(carts, at=NOW + hours(1), due_at=NOW + hours(2))
    carts.due_work.settle(claimed, nudged_at="now")
    assert due(carts, NOW + hours(2)) == ["cart-9"]


def test_a_settled_cart_is_due_no_more_and_remembers_its_nudge(carts: Carts) -> None:
    keep(carts)
    (seen,) = carts.due_work.due(NOW, 10)
    claimed = carts.due_work.claim(seen, NOW)
    assert claimed is not None
    carts.due_work.settle(claimed, nudged_at="now")
    assert due(carts, NOW + days(9)) == []


def test_a_sweep_reads_only_what_is_due_and_no_more_than_it_takes(carts: Carts) -> None:
    for number in range(30):
        keep(carts, cart=f"due-{number}")
        keep(carts, cart=f"later-{number}", due_at=NOW + hours(1))
    assert len(due(carts)) == 30
    assert all(cart.startswith("due-") for cart in due(carts))
    assert len(list(carts.due_work.due(NOW, SHARDS))) <= SHARDS
