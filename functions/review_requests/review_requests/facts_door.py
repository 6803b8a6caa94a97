"""Door: ReviewRequestsQueue, the shop's facts about what became of an order."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.orders import OrderCancelled, OrderDelivered, OrderRefunded
from engagement.events.reviews import ReviewSubmitted
from engagement.plan import engagement_plan
from engagement.queue_door import process_queue
from engagement.queues import MessageQueue
from engagement.settings import DoorSettings
from review_requests.campaign import ReviewRequestSettings
from review_requests.table import ReviewRequests
from review_requests.tracking import RequestTracking

FACTS = (OrderDelivered, OrderCancelled, OrderRefunded, ReviewSubmitted)


class Settings(DoorSettings):
    mail_queue_url: str
    review_requests_table: str


@cache
def capability() -> RequestTracking:
    settings = Settings.from_environment()
    return RequestTracking(
        requests=ReviewRequests(aws.dynamodb(), settings.review_requests_table),
        mail_queue=MessageQueue(aws.sqs(), settings.mail_queue_url),
        settings=engagement_plan().settings(ReviewRequestSettings),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().apply(parse_fact(body, *FACTS, now=utc_now()))
    )
