"""An offer's points are its order's: in force while that is paid, kept in part at least, and redeems the offer."""

from dataclasses import replace

import pytest

from engagement.events.benefits import Benefit, Gift
from engagement.events.loyalty import PointsEarned, PointsTakenBack
from engagement.money import Money
from ledger_in_memory import LedgerInMemory, Loyalty, offer_given_back
from loyalty_accrual.ledger import Account, EntryKind, Order, RuleKind
from rishta_cli.points import point_differences
from shop_facts import dollars, offer_redeemed, order_paid, order_refunded, rupees

ASHA = "cust-asha"


def points_told(loyalty: Loyalty) -> list[PointsEarned | PointsTakenBack]:
    return [news for news in loyalty.bus.told if isinstance(news, PointsEarned | PointsTakenBack)]


def test_an_offers_points_wait_until_its_order_is_paid() -> None:
    loyalty = Loyalty().told(offer_redeemed())
    assert loyalty.ledger.account(ASHA) == Account(balance=0, total_earned=0, entry_count=1)
    (entry,) = loyalty.ledger.entries(ASHA)
    assert (entry.entry_id, entry.points, entry.rule.kind) == (
        "order-77:offer_redeemed:ACDEFGHJKM",
        0,
        RuleKind.ORDER_AWAITED,
    )
    assert (entry.code, entry.offers, entry.amount, entry.refunded_minor) == (
        "ACDEFGHJKM",
        {"ACDEFGHJKM": 200},
        None,
        None,
    )
    assert loyalty.bus.told == []
    assert loyalty.told(order_paid()).ledger.balance(ASHA) == 210
    assert loyalty.ledger.audit(ASHA).agrees


def test_an_offers_points_are_booked_once_and_an_entry_says_what_of_its_points_they_are() -> None:
    loyalty = Loyalty().told(offer_redeemed(event_id="evt-1"), offer_redeemed(), order_paid(), order_paid())
    assert loyalty.ledger.account(ASHA) == Account(balance=210, total_earned=210, entry_count=2)
    paid = next(entry for entry in loyalty.ledger.entries(ASHA) if entry.kind is EntryKind.PAID)
    assert (paid.points, paid.offered, paid.offers, paid.code) == (210, 200, {"ACDEFGHJKM": 200}, None)
    assert (paid.rule.kind, paid.paid_minor) == (RuleKind.EARNING, 100_000)


def test_what_an_order_brings_is_told_in_one_sum_and_what_comes_later_on_its_own() -> None:
    loyalty = Loyalty().told(offer_redeemed(), order_paid(), offer_redeemed("WD3CNPY9EF"))
    assert [(type(news), news.points) for news in points_told(loyalty)] == [
        (PointsEarned, 210),
        (PointsEarned, 200),
    ]


def test_an_offers_points_stay_while_the_shop_keeps_anything_of_its_order_and_then_go() -> None:
    loyalty = Loyalty().told(offer_redeemed(), order_paid(), order_refunded(amount=rupees(999)))
    assert loyalty.ledger.balance(ASHA) == 200
    loyalty.told(order_refunded(refund_id="refund-2", amount=rupees(1)))
    assert loyalty.ledger.account(ASHA) == Account(balance=0, total_earned=0, entry_count=4)
    assert points_told(loyalty)[-1].points == 200
    assert loyalty.ledger.audit(ASHA).agrees


def test_an_offer_that_is_given_back_takes_its_points_along_and_leaves_what_the_money_earned() -> None:
    loyalty = Loyalty().told(offer_redeemed(), order_paid(), offer_given_back())
    assert loyalty.ledger.balance(ASHA) == 10
    assert isinstance(points_told(loyalty)[-1], PointsTakenBack)
    assert points_told(loyalty)[-1].points == 200
    assert loyalty.ledger.audit(ASHA).agrees


def test_an_offer_of_which_is_heard_first_that_it_was_given_back_gives_nothing() -> None:
    loyalty = Loyalty().told(order_paid(), offer_given_back(), offer_redeemed())
    assert loyalty.ledger.balance(ASHA) == 10
    assert loyalty.ledger.order(ASHA, "order-77").offers == {"ACDEFGHJKM": 0}
    assert loyalty.ledger.audit(ASHA).agrees


def test_a_code_that_one_order_gave_back_gives_its_points_to_the_next_that_redeems_it() -> None:
    one, next_ = order_paid("order-1"), order_paid("order-2")
    loyalty = Loyalty().told(offer_redeemed(order_id="order-1"), offer_given_back(order_id="order-1"))
    loyalty.told(one, offer_redeemed(order_id="order-2"), next_)
    assert loyalty.ledger.balance(ASHA) == 10 + 210
    assert loyalty.ledger.audit(ASHA).agrees


def test_an_offers_points_count_in_a_currency_without_a_rule_too_but_not_for_an_order_that_cost_nothing() -> (
    None
):
    yen = Money(amount_minor=6800, currency="JPY")
    assert Loyalty().told(offer_redeemed(), order_paid(amount=yen)).ledger.balance(ASHA) == 200
    assert Loyalty().told(offer_redeemed(), order_paid(amount=rupees(0))).ledger.balance(ASHA) == 0


def test_an_offer_for_another_customers_order_waits_for_ever_and_leaves_that_order_alone() -> None:
    loyalty = Loyalty().told(offer_redeemed(customer_id="cust-ravi"), order_paid(), order_refunded())
    assert (loyalty.ledger.balance("cust-ravi"), loyalty.ledger.balance(ASHA)) == (0, 0)
    assert loyalty.ledger.order(ASHA, "order-77").offers == {}
    assert all(loyalty.ledger.audit(customer).agrees for customer in (ASHA, "cust-ravi"))


def test_an_offers_points_can_lift_the_tier_and_take_it_back() -> None:
    loyalty = Loyalty().told(order_paid(), offer_redeemed(benefit=Benefit(points=500)))
    assert loyalty.tiers_told == ["silver"]
    assert loyalty.told(offer_given_back(benefit=Benefit(points=500))).tiers_told == ["silver", "bronze"]


def test_who_compares_the_ledger_with_a_file_of_orders_leaves_their_offers_aside() -> None:
    ledger = Loyalty().told(offer_redeemed(), order_paid(), offer_redeemed("WD3CNPY9EF")).ledger
    assert list(point_differences(ledger, ASHA, 10, {"order-77"})) == []
    assert list(point_differences(ledger, ASHA, 11, {"order-77"})) == [
        "cust-asha: 10 points booked, the file says 11"
    ]


class Untouchable(LedgerInMemory):
    def order(self, customer_id: str, order_id: str) -> Order:
        raise AssertionError("the ledger was asked")

    book = standing = order  # type: ignore[assignment]


@pytest.mark.parametrize(
    "benefit",
    [
        Benefit(percent=15),
        Benefit(amount=dollars(5)),
        Benefit(gift=Gift(product_id="teapot-small", name={"en": "A small teapot"})),
    ],
)
def test_an_offer_of_anything_else_is_none_of_the_ledgers_business(benefit: Benefit) -> None:
    loyalty = Loyalty()
    loyalty.ledger = Untouchable()
    loyalty.booking = replace(loyalty.booking, ledger=loyalty.ledger)
    facts = (offer_redeemed(benefit=benefit), offer_given_back(benefit=benefit))
    assert loyalty.told(*facts).bus.told == []
