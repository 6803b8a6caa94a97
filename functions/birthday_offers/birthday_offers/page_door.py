"""Door: BirthdayPagesQueue, our own orders to celebrate a page of birthdays."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from birthday_offers.campaign import BirthdayOfferSettings
from birthday_offers.celebrating import Celebration
from birthday_offers.pages import CelebratePage
from engagement import aws
from engagement.bus import parse_message
from engagement.clock import utc_now
from engagement.mail_composer import MailComposer
from engagement.offers import Offers
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from engagement.queue_door import process_queue
from engagement.queues import MessageQueue
from engagement.secret_keys import hash_key, signing_keys
from engagement.settings import DoorSettings


class Settings(DoorSettings):
    bulk_mail_queue_url: str
    customers_table: str
    hash_key_parameter: str
    offers_table: str
    pages_queue_url: str
    preferences_url: str
    signing_keys_parameter: str


@cache
def capability() -> Celebration:
    settings = Settings.from_environment()
    plan = engagement_plan()
    keys = signing_keys(settings.signing_keys_parameter)
    return Celebration(
        profiles=Profiles(aws.dynamodb(), settings.customers_table),
        offers=Offers(aws.dynamodb(), settings.offers_table, hash_key(settings.hash_key_parameter)),
        composer=MailComposer("birthday_offers", plan, keys, settings.preferences_url),
        mail_queue=MessageQueue(aws.sqs(), settings.bulk_mail_queue_url),
        pages_queue=MessageQueue(aws.sqs(), settings.pages_queue_url),
        plan=plan,
        settings=plan.settings(BirthdayOfferSettings),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event,
        context,
        lambda body: capability().celebrate(parse_message(body, CelebratePage), utc_now()),
    )
