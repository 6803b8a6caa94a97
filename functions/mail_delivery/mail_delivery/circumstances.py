"""Looking up what decides about a mail: one call for all that hangs on the order, one for the address."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.campaign_states import CampaignStates
from engagement.contacts import Contacts
from engagement.mail_log import Entry, MailLog
from engagement.mail_orders import Premise, SendMail
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.reading import Read, read_together
from engagement.suppression import Suppression
from mail_delivery.rules import Circumstances

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Lookup:
    client: "DynamoDBClient"
    log: MailLog
    profiles: Profiles
    contacts: Contacts
    campaigns: CampaignStates
    suppression: Suppression
    plan: EngagementPlan

    def look_up(self, order: SendMail) -> tuple[Entry | None, Circumstances]:
        """What is known of the send key, and of all else; every read is consistent."""
        reads: list[Read[Any]] = [
            self.log.reading(order.send_key),
            self.profiles.reading(order.customer_id),
            self.contacts.reading(order.customer_id),
            self.campaigns.reading(order.campaign),
        ]
        if order.premise:
            reads.append(_reading(order.premise))
        entry, profile, contact, state, *premises = read_together(self.client, *reads)
        campaign = self.plan.campaigns.get(order.campaign)
        return entry, Circumstances(
            profile=profile,
            contact=contact,
            campaign_enabled=campaign.enabled if campaign else None,
            campaign_paused=state.paused_because is not None,
            premise_holds=all(premises),
        )

    def is_suppressed(self, address: str, now: datetime) -> bool:
        """Asked last, and only about those who would get the mail."""
        return self.suppression.holds(address, now)


def _reading(premise: Premise) -> Read[bool]:
    return Read(
        premise.table,
        premise.key,
        lambda item: (
            item is not None and all(item.get(name) == value for name, value in premise.still.items())
        ),
    )
