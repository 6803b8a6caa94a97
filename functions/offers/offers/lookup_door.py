"""Door: GET /offers/{code}, the shop's checkout that asks about a code, signed with AWS credentials."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.clock import utc_now
from engagement.settings import DoorSettings
from engagement.startup import ready
from offers.looking_up import LookingUp
from offers.table import KeptOffers


class Settings(DoorSettings):
    offers_table: str


@cache
def capability() -> LookingUp:
    settings = Settings.from_environment()
    return LookingUp(KeptOffers(aws.dynamodb(), settings.offers_table))


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event, utc_now())
