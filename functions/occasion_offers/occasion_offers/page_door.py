"""Door: OccasionPagesQueue, our own orders to celebrate a page of a day's customers."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import Bus, parse_message
from engagement.clock import utc_now
from engagement.contacts import Contacts
from engagement.mail_composer import MailComposer
from engagement.mail_log import MailLog
from engagement.offers import Offers
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.profiles import Profiles
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.queues import MessageQueue
from engagement.secret_keys import hash_key, signing_keys
from engagement.settings import DoorSettings
from engagement.startup import ready
from occasion_offers.celebrating import Celebration
from occasion_offers.choosing import Choosing
from occasion_offers.dates_table import Dates
from occasion_offers.mailing import OccasionMails
from occasion_offers.pages import CelebratePage


class Settings(DoorSettings):
    bulk_mail_queue_url: str
    contacts_table: str
    customers_table: str
    hash_key_parameter: str
    mail_log_table: str
    occasions_table: str
    offers_table: str
    pages_queue_url: str
    preferences_url: str
    shop_bus_name: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> Celebration:
    settings = Settings.from_environment()
    keys = signing_keys(settings.signing_keys_parameter)
    return Celebration(
        choosing=Choosing(
            client=aws.dynamodb(),
            dates=Dates(aws.dynamodb(), settings.occasions_table),
            profiles=Profiles(aws.dynamodb(), settings.customers_table),
            contacts=Contacts(aws.dynamodb(), settings.contacts_table),
            log=MailLog(aws.dynamodb(), settings.mail_log_table),
            plan=plan,
        ),
        offers=Offers(
            aws.dynamodb(), settings.offers_table, hash_key(settings.hash_key_parameter), plan.offers
        ),
        mails=OccasionMails(MailComposer("occasion_offers", plan, keys, settings.preferences_url), plan),
        bus=Bus(aws.events(), settings.shop_bus_name),
        mail_queue=MessageQueue(aws.sqs(), settings.bulk_mail_queue_url),
        pages_queue=MessageQueue(aws.sqs(), settings.pages_queue_url),
        plan=plan,
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event,
        context,
        lambda body: capability().celebrate(parse_message(body, CelebratePage), utc_now()),
    )
