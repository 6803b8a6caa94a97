"""Following up: a last word on an offer that was not used and ends soon."""

from collections.abc import Mapping
from dataclasses import dataclass

from engagement.events.offers import OfferNearedExpiry
from engagement.mail_log import MailLog, Status
from engagement.offers import not_redeemed
from engagement.plan import EngagementPlan
from engagement.profiles import Profiles
from engagement.queues import MessageQueue
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.mailing import FOLLOW_UP, OccasionMails

# Who did not get the mail that brought the offer has nothing to be reminded of.
_HEARD_OF = (Status.SENT, Status.DELIVERED, Status.UNKNOWN)


@dataclass(frozen=True)
class FollowingUp:
    """`campaigns` are those that this room runs, by name; `offers_table` is the table's physical name."""

    profiles: Profiles
    log: MailLog
    mails: OccasionMails
    mail_queue: MessageQueue
    offers_table: str
    plan: EngagementPlan
    campaigns: Mapping[str, OccasionOfferSettings]

    def remind(self, fact: OfferNearedExpiry) -> None:
        """Hand over the reminder, if the offer's campaign is ours and still sends one.

        Told again it hands over a mail with the same send key. Should the code be used before the mail leaves, the mail
        path finds that it is no longer true.
        """
        settings = self.campaigns.get(fact.campaign)
        if settings is None or settings.follow_up is None or not self.plan.campaign(fact.campaign).enabled:
            return
        first = self.log.get(fact.offer_key)
        profile = self.profiles.get(fact.customer_id)
        if profile is None or first is None or first.status not in _HEARD_OF:
            return
        mail = self.mails.follow_up(
            profile,
            fact,
            campaign=fact.campaign,
            send_key=f"{fact.offer_key}:{FOLLOW_UP}",
            premise=not_redeemed(self.offers_table, fact.code),
        )
        self.mail_queue.put([mail])
