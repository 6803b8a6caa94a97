"""Door: PreferencesQueue, the shop's facts about customers and their consent."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.contacts import Contacts
from engagement.events.customers import ConsentChanged, CustomerErased, CustomerRegistered
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.settings import DoorSettings
from engagement.startup import ready
from preferences.recording import ConsentRecording


class Settings(DoorSettings):
    contacts_table: str


@for_each_plan
def capability(plan: EngagementPlan) -> ConsentRecording:
    settings = Settings.from_environment()
    return ConsentRecording(
        contacts=Contacts(aws.dynamodb(), settings.contacts_table), topics=tuple(plan.topics)
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event,
        context,
        lambda body: capability().apply(
            parse_fact(body, CustomerRegistered, ConsentChanged, CustomerErased, now=utc_now())
        ),
    )
