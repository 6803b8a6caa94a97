"""How the parts of mail delivery hang together."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from engagement.campaign_states import CampaignStates
from engagement.contacts import Contacts
from engagement.mail_log import MailLog
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.suppression import Suppression
from mail_delivery.circumstances import Lookup
from mail_delivery.delivery import MailDelivery
from mail_delivery.handover import Handover
from mail_delivery.mail_pages import MailPages
from mail_delivery.pace import Pace
from mail_delivery.pace_table import PaceTable
from mail_delivery.ses import Ses

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Tables(BaseModel):
    """The tables' physical names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    campaign_states_table: str
    contacts_table: str
    customers_table: str
    mail_log_table: str
    mail_pages_table: str
    sending_pace_table: str
    suppression_table: str


def mail_delivery(
    client: "DynamoDBClient",
    tables: Tables,
    *,
    plan: EngagementPlan,
    hash_key: bytes,
    interval: Callable[[datetime], int],
    ses: Ses,
) -> MailDelivery:
    """`interval` tells how many microseconds lie between two mails."""
    log, contacts = MailLog(client, tables.mail_log_table), Contacts(client, tables.contacts_table)
    pace = Pace(PaceTable(client, tables.sending_pace_table), interval)
    lookup = Lookup(
        client=client,
        log=log,
        profiles=Profiles(client, tables.customers_table),
        contacts=contacts,
        campaigns=CampaignStates(client, tables.campaign_states_table),
        suppression=Suppression(client, tables.suppression_table, hash_key),
        plan=plan,
    )
    return MailDelivery(
        lookup=lookup,
        log=log,
        contacts=contacts,
        pace=pace,
        handover=Handover(
            lookup=lookup,
            log=log,
            pages=MailPages(client, tables.mail_pages_table),
            pace=pace,
            ses=ses,
            plan=plan.delivery,
        ),
        plan=plan,
    )
