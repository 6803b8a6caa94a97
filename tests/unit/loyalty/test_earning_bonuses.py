"""Points for what is no order: signing up, a friend, a review."""

from dataclasses import replace

import pytest

from engagement.errors import MalformedMessageError
from engagement.events.loyalty import ReferralCompleted
from loyalty_facts import ASHA, Book, plain_terms
from shop_facts import NOW, days, erased, registered, review_published


def referred(friend_id: str) -> ReferralCompleted:
    known = {"event_id": f"evt-{friend_id}", "occurred_at": NOW, "customer_id": ASHA, "friend_id": friend_id}
    return ReferralCompleted.model_validate(known)


def test_signing_up_earns_once_however_often_it_is_told() -> None:
    assert Book(plain_terms()).tell(registered(), registered()).points() == [25]


def test_a_registration_of_the_shops_past_earns_nothing() -> None:
    assert Book(plain_terms()).tell(registered(occurred_at=NOW - days(8))).points() == []
    assert Book(plain_terms()).tell(registered(occurred_at=NOW - days(7))).points() == [25]


def test_signing_up_again_after_being_forgotten_earns_nothing_more() -> None:
    book = Book(plain_terms()).tell(registered(), erased(occurred_at=NOW + days(1)), at=NOW + days(1))
    assert book.tell(registered(occurred_at=NOW + days(2)), at=NOW + days(2)).points("sign_up") == [25]


def test_each_friend_earns_once_and_nobody_is_their_own() -> None:
    book = Book(plain_terms()).tell(referred("cust-ravi"), referred("cust-meera"), referred("cust-ravi"))
    assert book.points() == [100, 100]
    with pytest.raises(MalformedMessageError, match="nobody is their own friend"):
        book.tell(referred(ASHA))


def test_a_review_earns_the_same_with_few_stars_and_with_many() -> None:
    book = Book(plain_terms()).tell(
        review_published("assam", rating=1), review_published("nilgiri", rating=5)
    )
    assert book.points() == [20, 20]


def test_bonuses_can_be_spent_at_once_and_last_as_long_as_any_points() -> None:
    ten_days = {"after": "10d", "counted_from": "earning", "ends_with": "day"}
    book = Book(plain_terms(pending_for="14d", expiry=ten_days)).tell(registered())
    assert book.account.available == 25
    assert book.look(NOW + days(10)).standing == 0


def test_no_bonus_comes_while_loyalty_is_switched_off() -> None:
    book = Book(replace(plain_terms(), earns=False)).tell(registered(), referred("cust-ravi"))
    assert book.points() == []
