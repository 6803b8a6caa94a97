"""Door: the schedule that looks after the stack's secrets."""

from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.schedule_door import scheduled_at
from engagement.settings import DoorSettings
from engagement.startup import ready
from key_rotation.keeping import SecretKeeping


class Settings(DoorSettings):
    hash_key_parameter: str
    signing_keys_kept: int
    signing_key_days: int
    signing_keys_parameter: str


@cache
def capability() -> SecretKeeping:
    settings = Settings.from_environment()
    return SecretKeeping(
        aws.ssm(),
        settings.signing_keys_parameter,
        settings.hash_key_parameter,
        renewed_after=timedelta(days=settings.signing_key_days),
        kept=settings.signing_keys_kept,
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, list[str]]:
    return capability().keep(scheduled_at(event))
