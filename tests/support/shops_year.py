"""A shop's year of facts about points, and what everyone must hold after it by plain arithmetic."""

from collections import defaultdict
from collections.abc import Iterable
from random import Random

from engagement.events.benefits import Benefit
from engagement.events.loyalty import PointsRedeemed
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderPaid, OrderRefunded
from engagement.money import Money
from ledger_in_memory import offer_given_back
from loyalty_accrual.booking import LedgerFact
from shop_facts import offer_redeemed, order_paid, order_refunded, points_redeemed


def a_shops_year(random: Random, *, orders: int) -> list[LedgerFact]:
    """Orders of four customers in two currencies, with refunds up to more than was paid, redemptions, and offers, of
    which some are given back and redeemed by the customer's next order.
    """
    facts: list[LedgerFact] = []
    for number in range(orders):
        customer, order = f"cust-{number % 4}", f"order-{number}"
        currency = random.choice(["INR", "USD"])
        paid = Money(amount_minor=random.randrange(0, 500_000), currency=currency)
        # Some are never paid.
        if number % 10 != 3:
            facts.append(order_paid(order, customer_id=customer, amount=paid))
        for refund in range(random.choice([0, 0, 1, 2, 3])):
            amount = Money(amount_minor=random.randrange(0, 200_000), currency=currency)
            name = f"refund-{number}-{refund}"
            facts.append(order_refunded(order, customer_id=customer, refund_id=name, amount=amount))
        if number % 8 == 0:
            name, points = f"redemption-{number}", random.randint(1, 90)
            facts.append(points_redeemed(name, customer_id=customer, points=points))
        if number % 3 == 0:
            about = {"customer_id": customer, "benefit": Benefit(points=random.randint(1, 900))}
            facts.append(offer_redeemed(f"CODE{number}", order_id=order, **about))
            if number % 2 == 0:
                facts.append(offer_given_back(f"CODE{number}", order_id=order, **about))
                facts.append(offer_redeemed(f"CODE{number}", order_id=f"order-{number + 4}", **about))
    return facts


def plain_balances(facts: Iterable[LedgerFact], rates: dict[str, tuple[int, int]]) -> dict[str, int]:
    """What everyone must hold, by arithmetic that shares no line with the product. `rates`: points for so much minor
    money, by currency.
    """
    balances: defaultdict[str, int] = defaultdict(int)
    orders: dict[str, tuple[str, int, str]] = {}
    refunds: defaultdict[str, int] = defaultdict(int)
    offers: dict[tuple[str, str], int] = {}
    released: set[tuple[str, str]] = set()
    for fact in facts:
        balances[fact.customer_id] += 0
        if isinstance(fact, PointsRedeemed):
            balances[fact.customer_id] -= fact.points
        elif isinstance(fact, OfferReleased):
            released.add((fact.order_id, fact.code))
        elif isinstance(fact, OfferRedeemed):
            offers[fact.order_id, fact.code] = fact.benefit.points or 0
        elif isinstance(fact, OrderRefunded):
            refunds[fact.order_id] += fact.amount.amount_minor
        elif isinstance(fact, OrderPaid):
            orders[fact.order_id] = (fact.customer_id, fact.amount.amount_minor, fact.amount.currency)
    for order, (customer, paid, currency) in orders.items():
        kept = paid - refunds[order]
        if kept > 0:
            points, each = rates.get(currency, (0, 1))
            balances[customer] += kept // each * points
            balances[customer] += sum(
                offered for key, offered in offers.items() if key[0] == order and key not in released
            )
    return dict(balances)
