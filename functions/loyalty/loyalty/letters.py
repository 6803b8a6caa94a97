"""Letters: the mails about points, written and handed over to the mail path."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from jinja2 import TemplateError

from engagement.mail_composer import MailComposer
from engagement.mail_orders import Handling, Premise, SendMail
from engagement.observability import customer_ref, explanation, logger
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles
from engagement.queues import MessageQueue
from engagement.secret_keys import SigningKeys
from engagement.wording import language_of, spoken
from loyalty.campaign import LoyaltyMailSettings
from loyalty.composing import Composing
from loyalty.links import points_url
from loyalty.records import Account
from loyalty.terms import EXPIRING, STATEMENT, Terms

# How long a mail's link shows the customer's points.
LINK_VALID_FOR = timedelta(days=90)
# What falls due for many customers at one time keeps no triggered mail waiting.
_BULK = frozenset((EXPIRING, STATEMENT))
# What a mistake in our words can make go wrong. AWS's errors are none of these.
_NO_MAIL_OF_IT = (LookupError, TemplateError, TypeError, ValueError)


@dataclass(frozen=True)
class Letters:
    """`pages_url`: where our pages are."""

    composer: MailComposer
    profiles: Profiles
    mail_queue: MessageQueue
    bulk_mail_queue: MessageQueue
    keys: SigningKeys
    pages_url: str
    plan: EngagementPlan
    terms: Terms

    def hand_over(self, account: Account, mails: Sequence[str], premise: Premise, now: datetime) -> int:
        """Hand over these mails (`<kind>:<occasion>`) of an account that is advanced to `now` (UTC); returns how many.

        None that is not true any more, and none to somebody whom nobody knows. `premise`: that nothing was spent since.
        Raises RetryLaterError if a queue takes nothing: handed over again, they have the same send keys.
        """
        profile = self.profiles.get(account.customer_id)
        if profile is None:
            return 0
        queued: dict[bool, list[SendMail]] = {False: [], True: []}
        for mail in mails:
            if order := self._written(mail, account, profile, premise, now):
                queued[mail.partition(":")[0] in _BULK].append(order)
        for bulk, orders in queued.items():
            if orders:
                (self.bulk_mail_queue if bulk else self.mail_queue).put(orders)
        return sum(map(len, queued.values()))

    @cached_property
    def _campaigns(self) -> dict[str, str]:
        """The campaign of each mail."""
        every = self.plan.all_settings(LoyaltyMailSettings, enabled=True)
        return {settings.mail: campaign for campaign, settings in every.items()}

    def _written(
        self, mail: str, account: Account, profile: Profile, premise: Premise, now: datetime
    ) -> SendMail | None:
        """None where it is not true any more, and where our words do not suffice: one mail must not keep back
        what else is to be told.
        """
        language = language_of(spoken(profile.locale, self.plan.shop.locale))
        until = now + LINK_VALID_FOR
        try:
            letter = Composing(self.plan, self.terms, ZoneInfo(profile.time_zone)).letter(account, mail, now)
            if letter is None:
                return None
            premises = (premise,) if letter.mail == EXPIRING else ()
            return self.composer.compose(
                letter.mail,
                profile,
                send_key=letter.send_key,
                campaign=self._campaigns[letter.mail],
                useful_until=letter.useful_until,
                handling=Handling(premises=premises, if_untrue="skip"),
                points_url=points_url(self.keys, self.pages_url, profile.customer_id, until, language),
                **letter.facts,
            )
        except _NO_MAIL_OF_IT as error:
            about = {"customer_ref": customer_ref(profile.customer_id), **explanation(error)}
            logger().error("no mail about points", extra={"mail": mail.partition(":")[0], **about})
            return None
