"""The ledger on the real engine: thousands of facts told by twenty at once, some twice, in any order, amid trouble."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from engagement.errors import RetryLaterError
from engagement.events.loyalty import PointsEarned, PointsGivenBack, PointsRedeemed, PointsTakenBack
from ledger_house import LedgerHouse
from loyalty.entries import Movement
from loyalty.records import Reservation
from loyalty_facts import paid_line, sent_back
from mail_house import Kill
from points_yardstick import Spent, Sums, sums_of
from shop_facts import (
    NOW,
    order_cancelled,
    order_paid,
    order_refunded,
    referral_completed,
    registered,
    review_published,
    review_rejected,
    rupees,
)
from unreliable_client import Unreliable

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

THREADS = 20
# Each costs some 10 ms of the machine, however many threads there are. Ten thousand are as exact.
EVENTS = int(os.environ.get("LOYALTY_EVENTS", "600"))
CUSTOMERS = 200
# One in five comes a second time.
TOLD_TWICE = EVENTS // 5
PRODUCTS = {"assam-tea": None, "darjeeling": "single_estate", "chai-glass": "cups"}


def test_every_point_is_right_after_thousands_of_facts_at_once(
    dynamodb_engine: "DynamoDBLocal", dynamodb_table: Callable[[str], str]
) -> None:
    # Clients of AWS are built so in the house itself; what is left out is a third of what a call costs.
    config = Config(max_pool_connections=THREADS, parameter_validation=False, user_agent="rishta")
    client = boto3.client("dynamodb", endpoint_url=dynamodb_engine.endpoint, config=config)
    unreliable = Unreliable(client)
    house = LedgerHouse(unreliable, dynamodb_table("LoyaltyTable"))
    chance = random.Random(20)
    facts = [fact for _, fact in zip(range(EVENTS - TOLD_TWICE), _facts(chance), strict=False)]
    told = [*facts, *chance.sample(facts, TOLD_TWICE)]
    chance.shuffle(told)
    with ThreadPoolExecutor(THREADS) as pool:
        spent = [fact for fact in pool.map(lambda fact: _delivered(house, fact), told) if fact]
    # What was spent is known only now: a checkout may have been refused.
    happened = [fact for fact in facts if not isinstance(fact, Spent)]
    _assert_exact(house, [*happened, *{fact.redemption_id: fact for fact in spent}.values()])
    assert min(unreliable.met[fate] for fate in ("conflict", "throttle", "kill")) > EVENTS // 250
    assert len(spent) > EVENTS // 1000
    client.close()


def _assert_exact(house: LedgerHouse, told: list[Any]) -> None:
    moved: Counter[type[Any]] = Counter()
    for fact in {fact.event_id: fact for fact in house.bus.told}.values():
        moved[type(fact)] += getattr(fact, "points", 0)
    by_customer: dict[str, list[Any]] = {f"cust-{number}": [] for number in range(CUSTOMERS)}
    for fact in told:
        by_customer[fact.customer_id].append(fact)
    totals: Counter[Movement] = Counter()
    for customer_id, facts in by_customer.items():
        account, sums = house.account(customer_id), _plain(facts, house)
        assert account.balance + account.pending_points == sums.standing
        assert sum(entry.points for entry in house.entries(customer_id)) == sums.standing
        assert house.audit(customer_id).differences == ()
        totals.update(account.totals)
    assert moved[PointsEarned] == totals[Movement.EARNED] > 0
    assert moved[PointsTakenBack] == -totals[Movement.TAKEN_BACK] > 0
    assert moved[PointsRedeemed] == -totals[Movement.REDEEMED] > 0
    assert moved[PointsGivenBack] == totals[Movement.GIVEN_BACK] > 0


def _plain(facts: list[Any], house: LedgerHouse) -> Sums:
    terms = house.terms
    return sums_of(facts, terms.settings, points_for_a_review=terms.points_for_a_review, zone=terms.days.zone)


def _facts(chance: random.Random) -> Iterator[Any]:
    """Orders with what becomes of them, and other deeds; of each customer enough to spend before anything matures."""
    for number in range(CUSTOMERS):
        yield registered(f"cust-{number}", occurred_at=NOW)
        yield referral_completed(f"cust-{number}", f"friend-{number}", occurred_at=NOW)
    for number in range(EVENTS):
        yield from _an_orders(chance, number, f"cust-{chance.randrange(CUSTOMERS)}")


def _an_orders(chance: random.Random, number: int, customer_id: str) -> Iterator[Any]:
    order: dict[str, Any] = {"order_id": f"order-{number}", "customer_id": customer_id, "occurred_at": NOW}
    lines = tuple(
        paid_line(product, chance.randint(50, 5000), quantity=chance.randint(1, 3), category=category)
        for product, category in chance.sample(list(PRODUCTS.items()), chance.randint(0, 3))
    )
    amount = sum(line.amount.amount_minor for line in lines) // 100 + chance.randint(0, 3000)
    yield order_paid(amount=rupees(amount), lines=lines, **order)
    match chance.randint(1, 8):
        case 1:
            yield order_cancelled(**order)
        case 2:
            yield order_refunded(amount=rupees(amount), **order)
        case 3 | 4:
            for part in range(chance.randint(1, 3)):
                given: dict[str, Any] = {"refund_id": f"part-{part}", "amount": rupees(amount // 4)}
                yield order_refunded(**given, **order)
        case 5 if lines:
            back = sent_back(lines[0].product_id, quantity=1)
            yield order_refunded(amount=rupees(lines[0].amount.amount_minor // 100), lines=(back,), **order)
        case 6:
            yield Spent(f"redemption-{number}", chance.randint(5, 40), order["order_id"], customer_id)
            if number % 2:
                yield order_refunded(amount=rupees(amount // 2), **order)
        case 7:
            review: dict[str, Any] = {"customer_id": customer_id, "occurred_at": NOW}
            yield review_published(f"product-{number}", **review)
            if chance.random() < 0.5:
                yield review_rejected(f"product-{number}", **review)
        case _:
            pass


def _delivered(house: LedgerHouse, fact: Any) -> Spent | None:
    """Told until it is taken, as a queue does; what the customer has not enough points for is not spent."""
    while True:
        try:
            if isinstance(fact, Spent):
                return fact if _spends(house, fact) else None
            house.told(fact)
        except (RetryLaterError, ClientError, Kill):
            continue
        return None


def _spends(house: LedgerHouse, fact: Spent) -> bool:
    """A checkout in three is given up after it has reserved the points."""
    asked = Reservation(fact.customer_id, fact.redemption_id, fact.points, NOW, order_id=fact.order_id)
    house.till.reserve(asked, NOW)
    if int(fact.redemption_id.rpartition("-")[2]) % 3 == 0:
        house.till.release(fact.customer_id, fact.redemption_id, NOW)
        return False
    answer = house.till.commit(fact.customer_id, fact.redemption_id, NOW)
    return answer.refusal is None
