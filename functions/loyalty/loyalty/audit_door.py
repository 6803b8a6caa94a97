"""Door: the schedule that has another part of the ledger audited."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.schedule_door import scheduled_at
from engagement.settings import DoorSettings
from engagement.startup import ready
from loyalty.ledger_audit import LedgerAudit
from loyalty.table import Ledger


class Settings(DoorSettings):
    loyalty_table: str


@for_each_plan
def capability(plan: EngagementPlan) -> LedgerAudit:
    settings = Settings.from_environment()
    return LedgerAudit(Ledger(aws.dynamodb(), settings.loyalty_table), plan.tiers)


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    return capability().audit(scheduled_at(event), context.get_remaining_time_in_millis)
