"""Door: GET and HEAD /mail, the link in every mail to view it in the browser."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.clock import utc_now
from engagement.notices import Notices
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.profiles import Profiles
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.startup import ready
from mail_delivery.mail_pages import MailPages
from mail_delivery.viewing import Viewing


class Settings(DoorSettings):
    customers_table: str
    mail_pages_table: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> Viewing:
    settings = Settings.from_environment()
    return Viewing(
        pages=MailPages(aws.dynamodb(), settings.mail_pages_table),
        profiles=Profiles(aws.dynamodb(), settings.customers_table),
        keys=signing_keys(settings.signing_keys_parameter),
        notices=Notices("mail_delivery", plan.shop),
    )


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event, utc_now())
