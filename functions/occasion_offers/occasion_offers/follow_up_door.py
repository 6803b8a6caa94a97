"""Door: OccasionFollowUpsQueue, our own facts about offers that end soon and were not used."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_fact
from engagement.clock import utc_now
from engagement.events.offers import OfferNearedExpiry
from engagement.mail_composer import MailComposer
from engagement.mail_log import MailLog
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.profiles import Profiles
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.queues import MessageQueue
from engagement.secret_keys import signing_keys
from engagement.settings import DoorSettings
from engagement.startup import ready
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.follow_up import FollowingUp
from occasion_offers.mailing import OccasionMails


class Settings(DoorSettings):
    bulk_mail_queue_url: str
    customers_table: str
    mail_log_table: str
    offers_table: str
    preferences_url: str
    signing_keys_parameter: str


@for_each_plan
def capability(plan: EngagementPlan) -> FollowingUp:
    settings = Settings.from_environment()
    keys = signing_keys(settings.signing_keys_parameter)
    return FollowingUp(
        profiles=Profiles(aws.dynamodb(), settings.customers_table),
        log=MailLog(aws.dynamodb(), settings.mail_log_table),
        mails=OccasionMails(MailComposer("occasion_offers", plan, keys, settings.preferences_url), plan),
        mail_queue=MessageQueue(aws.sqs(), settings.bulk_mail_queue_url),
        offers_table=settings.offers_table,
        plan=plan,
        campaigns=plan.all_settings(OccasionOfferSettings),
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: capability().remind(parse_fact(body, OfferNearedExpiry, now=utc_now()))
    )
