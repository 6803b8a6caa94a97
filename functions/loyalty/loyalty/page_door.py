"""Door: GET and HEAD /points, the link in a mail to the customer's own page about their points."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.clock import utc_now
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.site import Site
from engagement.startup import ready
from engagement.web import page_request
from loyalty.showing import PointsPage, PointsPages
from loyalty.statement import Statements
from loyalty.table import Ledger
from loyalty.terms import Terms


class Settings(DoorSettings):
    loyalty_table: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> Site:
    settings = Settings.from_environment()
    pages = PointsPages(plan)
    page = PointsPage(
        statements=Statements(Ledger(aws.dynamodb(), settings.loyalty_table), Terms.of(plan)),
        keys=signing_keys(settings.signing_keys_parameter),
        pages=pages,
    )
    return Site(by_name={"points": page}, plan=plan, frame=pages.frame)


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(page_request(event), utc_now()).payload()
