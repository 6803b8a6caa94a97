"""Door: LoyaltyAccrualQueue, facts about money that came and went, points that were spent, offers of them, reviews."""

import time
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus, parse_fact
from engagement.clock import utc_now
from engagement.events.loyalty import PointsRedeemed
from engagement.events.offers import OfferRedeemed, OfferReleased
from engagement.events.orders import OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewPublished, ReviewRejected
from engagement.plan import engagement_plan
from engagement.queue_door import process_queue
from engagement.review_points import points_for_a_review_today
from engagement.settings import DoorSettings
from loyalty_accrual.booking import LedgerFact, PointsBooking
from loyalty_accrual.campaign import LoyaltyAccrualSettings, earning_today
from loyalty_accrual.table import Ledger

FACTS: tuple[type[LedgerFact], ...] = (
    OrderPaid,
    OrderRefunded,
    PointsRedeemed,
    OfferRedeemed,
    OfferReleased,
    ReviewPublished,
    ReviewRejected,
)


class Settings(DoorSettings):
    loyalty_table: str
    shop_bus_name: str


@cache
def capability() -> PointsBooking:
    settings = Settings.from_environment()
    return PointsBooking(
        ledger=Ledger(aws.dynamodb(), settings.loyalty_table),
        bus=Bus(aws.events(), settings.shop_bus_name),
        earning=earning_today(engagement_plan()),
        tiers=engagement_plan().settings(LoyaltyAccrualSettings).tiers,
        pause=time.sleep,
        points_for_a_review=points_for_a_review_today(engagement_plan()),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().apply(parse_fact(body, *FACTS, now=utc_now()), utc_now())
    )
