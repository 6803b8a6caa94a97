"""Door: MailFeedbackQueue, SES's events about our mails, and customers who left by a mail's link."""

import time
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.bus import parse_fact, parse_message
from engagement.campaign_states import CampaignStates
from engagement.clock import utc_now
from engagement.delivery_facts import DeliveryFacts
from engagement.events.customers import Unsubscribed
from engagement.plan import EngagementPlan
from engagement.plan_door import for_each_plan
from engagement.queue_door import PartialItemFailureResponse, process_queue
from engagement.secret_keys import hash_key
from engagement.settings import DoorSettings
from engagement.startup import ready
from engagement.suppression import Suppression
from mail_feedback.counting import Counting
from mail_feedback.events import SesEnvelope, by_source
from mail_feedback.feedback import MailFeedback
from mail_feedback.fuse import CampaignFuse
from mail_feedback.table import MailCounters


class Settings(DoorSettings):
    campaign_states_table: str
    hash_key_parameter: str
    mail_counters_table: str
    mail_log_table: str
    suppression_table: str


@for_each_plan
def capability(plan: EngagementPlan) -> MailFeedback:
    settings = Settings.from_environment()
    client, delivery = aws.dynamodb(), plan.delivery
    counters = MailCounters(client, settings.mail_counters_table)
    return MailFeedback(
        counting=Counting(
            client,
            DeliveryFacts(client, settings.mail_log_table),
            counters,
            keep_for=delivery.keep_log_for,
            pause=time.sleep,
        ),
        suppression=Suppression(client, settings.suppression_table, hash_key(settings.hash_key_parameter)),
        fuse=CampaignFuse(counters, CampaignStates(client, settings.campaign_states_table), delivery.fuse),
        soft_bounces=delivery.soft_bounces,
    )


@ready
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_queue(
        event, context, lambda body: by_source(body, from_ses=_take_in, from_the_shop=_unsubscribed)
    )


def _take_in(body: str) -> None:
    capability().take_in(parse_message(body, SesEnvelope).detail, utc_now())


def _unsubscribed(body: str) -> None:
    now = utc_now()
    capability().unsubscribed(parse_fact(body, Unsubscribed, now=now), now)
