"""Door: GET /points/statement, for the shop's pages, signed with AWS credentials."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.clock import utc_now
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.settings import DoorSettings
from engagement.startup import ready
from loyalty.statement import Statements
from loyalty.statement_answers import StatementAnswers
from loyalty.table import Ledger
from loyalty.terms import Terms


class Settings(DoorSettings):
    loyalty_table: str


@for_each_plan
def capability(plan: EngagementPlan) -> StatementAnswers:
    settings = Settings.from_environment()
    ledger = Ledger(aws.dynamodb(), settings.loyalty_table)
    return StatementAnswers(Statements(ledger, Terms.of(plan)))


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event, utc_now())
