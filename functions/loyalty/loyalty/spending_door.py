"""Door: POST /points/reserve, /points/commit and /points/release, the shop's checkout, signed with AWS credentials."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus
from engagement.clock import utc_now
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.races import pause_a_while
from engagement.settings import DoorSettings
from engagement.startup import ready
from loyalty.outbox import Outbox
from loyalty.spending_answers import SpendingAnswers
from loyalty.table import Ledger
from loyalty.terms import Terms
from loyalty.till import PointsSpending


class Settings(DoorSettings):
    loyalty_table: str
    shop_bus_name: str


@for_each_plan
def capability(plan: EngagementPlan) -> SpendingAnswers:
    settings = Settings.from_environment()
    ledger = Ledger(aws.dynamodb(), settings.loyalty_table)
    bus, terms = Bus(aws.events(), settings.shop_bus_name), Terms.of(plan)
    outbox = Outbox(ledger, bus, letters=None, terms=terms)
    return SpendingAnswers(PointsSpending(ledger, outbox, terms, pause_a_while))


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event, utc_now())
