"""Looking up what decides about a mail: one call for all that hangs on the order, one for the address, and a last one
for what may have changed since.
"""

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
from mail_delivery.rules import Circumstances, is_claim_of

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
            *map(_reading, order.premises),
        ]
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

    def is_still_true(self, order: SendMail) -> bool:
        """The last look at a mail that nobody claims: whether all that it was written upon is still so."""
        return not order.premises or all(read_together(self.client, *map(_reading, order.premises)))

    def may_still_leave(self, order: SendMail, claim_id: str) -> bool:
        """The last look of whoever claimed the send key: all that the mail was written upon is still so, and nobody
        called it off meanwhile. Every read is consistent. A mail that was written upon nothing is not looked at.
        """
        if not order.premises:
            return True
        entry, *premises = read_together(
            self.client, self.log.reading(order.send_key), *map(_reading, order.premises)
        )
        return is_claim_of(entry, claim_id) and all(premises)


def _reading(premise: Premise) -> Read[bool]:
    return Read(
        premise.table,
        premise.key,
        lambda item: all((item or {}).get(name) == value for name, value in premise.still.items()),
    )
