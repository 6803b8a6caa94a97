"""Door: GET and POST /unsubscribe, the link in every mail."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.clock import utc_now
from engagement.consent import Consent
from engagement.plan import engagement_plan
from engagement.settings import DoorSettings
from engagement.signing_key import signing_key
from preferences.rendering import Pages
from preferences.unsubscribing import Unsubscribing
from preferences.web import page_request


class Settings(DoorSettings):
    consent_table: str
    signing_key_parameter: str


@cache
def capability() -> Unsubscribing:
    settings = Settings.from_environment()
    plan = engagement_plan()
    return Unsubscribing(
        consent=Consent(aws.dynamodb(), settings.consent_table),
        key=signing_key(settings.signing_key_parameter),
        plan=plan,
        pages=Pages(plan),
    )


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(page_request(event), utc_now()).payload()
