"""Door: GET /carts/{token}, the shop's page that puts a cart together again, signed with AWS credentials."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cart_nudges.links.looking_up import LookingUp
from cart_nudges.links.restoring import restoring_from
from engagement import aws
from engagement.clock import utc_now
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.startup import ready


class Settings(DoorSettings):
    carts_table: str
    signing_keys_parameter: str


@cache
def capability() -> LookingUp:
    settings = Settings.from_environment()
    keys = signing_keys(settings.signing_keys_parameter)
    return LookingUp(restoring_from(aws.dynamodb(), settings.carts_table, keys))


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event, utc_now())
