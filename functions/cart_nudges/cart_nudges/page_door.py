"""Door: GET and HEAD /cart, the link in a mail that restores a cart."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.links.restore_pages import RestorePages
from cart_nudges.links.restoring import restoring_from
from engagement import aws
from engagement.clock import utc_now
from engagement.notices import Notices
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.startup import ready


class Settings(DoorSettings):
    carts_table: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> RestorePages:
    settings = Settings.from_environment()
    return RestorePages(
        restoring=restoring_from(
            aws.dynamodb(), settings.carts_table, signing_keys(settings.signing_keys_parameter)
        ),
        settings=plan.settings(CartNudgeSettings),
        website=plan.shop.website,
        notices=Notices("cart_nudges", plan.shop),
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event, utc_now())
