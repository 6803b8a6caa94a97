"""Door: ReviewRequestsQueue, the shop's facts about what became of an order."""

import time
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.settings import DoorSettings
from engagement.startup import ready
from review_requests.campaign import ReviewRequestSettings
from review_requests.table import ReviewRequests
from review_requests.tracking import FACTS, RequestFact, RequestTracking


class Settings(DoorSettings):
    review_requests_table: str


@for_each_plan
def capability(plan: EngagementPlan) -> RequestTracking:
    settings = Settings.from_environment()
    return RequestTracking(
        requests=ReviewRequests(aws.dynamodb(), settings.review_requests_table),
        settings=plan.settings(ReviewRequestSettings),
        pause=time.sleep,
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    def handle(body: str) -> None:
        now = utc_now()
        fact: RequestFact = parse_fact(body, *FACTS, now=now)
        capability().apply(fact, now)

    return process_queue(event, context, handle)
