"""Door: LoyaltyQueue, facts about orders, offers of points, reviews, customers and referrals."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus, parse_fact
from engagement.clock import utc_now
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.loyalty import ReferralCompleted
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderCancelled, OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.races import pause_a_while
from engagement.settings import DoorSettings
from engagement.startup import ready
from loyalty.booking import PointsBooking
from loyalty.facts import LedgerFact
from loyalty.outbox import Outbox
from loyalty.table import Ledger
from loyalty.terms import Terms

FACTS: tuple[type[LedgerFact], ...] = (
    OrderPaid,
    OrderRefunded,
    OrderCancelled,
    OfferRedeemed,
    OfferReleased,
    ReviewPublished,
    ReviewRejected,
    CustomerRegistered,
    CustomerUpdated,
    CustomerErased,
    ReferralCompleted,
)


class Settings(DoorSettings):
    loyalty_table: str
    shop_bus_name: str


@for_each_plan
def capability(plan: EngagementPlan) -> PointsBooking:
    settings = Settings.from_environment()
    ledger = Ledger(aws.dynamodb(), settings.loyalty_table)
    bus, terms = Bus(aws.events(), settings.shop_bus_name), Terms.of(plan)
    return PointsBooking(ledger, bus, Outbox(ledger, bus, None, terms), terms, pause_a_while)


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().apply(parse_fact(body, *FACTS, now=utc_now()), utc_now())
    )
