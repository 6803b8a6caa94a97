"""Door: GET and HEAD /cart, the link in a mail that restores a cart."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.links.restore_pages import RestorePages
from cart_nudges.links.restoring import Restoring
from engagement import aws
from engagement.clock import utc_now
from engagement.notices import Notices
from engagement.plan import engagement_plan
from engagement.reading import read_one
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings


class Settings(DoorSettings):
    carts_table: str
    signing_keys_parameter: str


@cache
def capability() -> RestorePages:
    settings = Settings.from_environment()
    plan = engagement_plan()
    carts = Carts(aws.dynamodb(), settings.carts_table)
    return RestorePages(
        restoring=Restoring(
            find=lambda cart_id: read_one(aws.dynamodb(), carts.reading(cart_id)),
            keys=signing_keys(settings.signing_keys_parameter),
        ),
        settings=plan.settings(CartNudgeSettings),
        website=plan.shop.website,
        notices=Notices("cart_nudges", plan.shop),
    )


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event, utc_now())
