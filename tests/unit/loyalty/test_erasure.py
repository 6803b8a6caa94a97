"""Whoever is erased has nothing any more, whatever of the time before is still told; and begins anew on coming back."""

from loyalty_facts import Book, plain_terms, tier_rules
from shop_facts import (
    NOW,
    days,
    erased,
    offer_redeemed,
    order_paid,
    order_refunded,
    referral_completed,
    registered,
    review_published,
    rupees,
)

BONUSES = {"sign_up": 25, "birthday": 50, "referral": 100, "birthday_unchanged_for": "30d"}
AFTER = NOW + days(1)
BEFORE = NOW - days(1)


def test_what_happened_before_and_is_told_after_earns_nothing() -> None:
    book = Book(plain_terms(bonuses=BONUSES)).tell(erased(occurred_at=NOW))
    book.tell(
        registered(occurred_at=BEFORE),
        referral_completed(occurred_at=BEFORE),
        review_published(occurred_at=BEFORE),
        offer_redeemed(occurred_at=BEFORE),
        order_paid(amount=rupees(100), occurred_at=BEFORE),
        at=AFTER,
    )
    assert (book.standing, book.account.qualifying) == (0, {})


def test_whoever_comes_back_earns_again_and_owes_no_tier_for_what_was_before() -> None:
    tiers = tier_rules((0, 100), (500, 100))
    book = Book(plain_terms(bonuses=BONUSES, pending_for="14d", tiers=tiers))
    book.tell(order_paid(amount=rupees(600)), at=NOW)
    book.tell(erased(occurred_at=AFTER), at=AFTER)
    book.tell(order_refunded(amount=rupees(600)), at=NOW + days(3))
    book.tell(registered(occurred_at=NOW + days(4)), at=NOW + days(4))
    assert book.standing == 25
    later = NOW + days(5)
    book.tell(order_paid("order-new", amount=rupees(500), occurred_at=later), at=later)
    assert book.look(NOW + days(20)).account.tier == "silver"


def test_points_that_paid_for_an_order_do_not_come_back_to_an_erased_customer() -> None:
    book = Book(plain_terms()).adjust(100).tell(order_paid(amount=rupees(50))).spend(100, "order-77")
    book.tell(erased(occurred_at=AFTER), at=AFTER)
    book.tell(order_refunded(amount=rupees(50)), at=AFTER)
    assert book.points("given_back") == []
