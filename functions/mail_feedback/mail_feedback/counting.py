"""Counting: a fact goes on its mail's entry and into its campaign's counter in one transaction, so exactly once."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from engagement.delivery_facts import DeliveryFacts, LoggedMail
from engagement.errors import RetryLaterError
from engagement.races import codes_of_lost_race
from mail_feedback.rules import Fact, status_of
from mail_feedback.table import MailCounters

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Seconds to wait after each lost race; then the queue tries later.
PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
_STANDARD = "standard"


@dataclass(frozen=True)
class Told:
    """What was told of a mail; `sent_on` (UTC), `campaign` and `variant` as the teller knows them, or not."""

    facts: Mapping[Fact, datetime]
    sent_on: date | None = None
    campaign: str | None = None
    variant: str | None = None
    message_id: str | None = None


class Counting:
    """One function's way of counting. It stays with a shard of the counters until another function writes there too:
    so each soon has one of its own.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        facts: DeliveryFacts,
        counters: MailCounters,
        *,
        keep_for: timedelta,
        pause: Callable[[float], None],
    ) -> None:
        self._client = client
        self._facts = facts
        self._counters = counters
        self._keep_for = keep_for
        self._pause = pause
        self._shard = random.randrange(counters.shards)  # noqa: S311 - hides nothing

    def take_in(
        self, send_key: str, tell: Callable[[LoggedMail], Told], now: datetime
    ) -> tuple[LoggedMail, Told] | None:
        """Keep and count what of `tell`'s facts is new; the entry as it was met, with what was told of it.

        None: the log does not know the mail, or forgot it, and nothing is counted. Raises RetryLaterError.
        """
        for pause in PAUSES:
            mail = self._facts.mail(send_key)
            if mail is None:
                return None
            told = tell(mail)
            if self._counted(mail, told, now):
                return mail, told
            self._pause(pause * random.random())  # noqa: S311
        raise RetryLaterError("others tell about the same mail, or count, at the same time")

    def _counted(self, mail: LoggedMail, told: Told, now: datetime) -> bool:
        """False: something changed since the entry was read, or others were writing."""
        new = {fact: at for fact, at in told.facts.items() if fact not in mail.facts}
        if not new:
            return True
        # As it was first told: all facts of a mail are counted under the same day and variant.
        variant = mail.variant or told.variant or _STANDARD
        day = mail.sent_on or told.sent_on or mail.changed_at.date()
        campaign = mail.campaign or told.campaign or "unknown"
        entry = self._facts.write(
            mail,
            {str(fact): at for fact, at in new.items()},
            status_of(new),
            variant=variant,
            sent_on=day,
            message_id=told.message_id,
            now=now,
        )
        expires_at = int((now + self._keep_for).timestamp())
        counter = self._counters.write(self._shard, campaign, day, variant, new, expires_at)
        try:
            self._client.transact_write_items(TransactItems=[entry, counter])
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = codes_of_lost_race(
                cancelled.response["CancellationReasons"], refused_by="the counters' tables"
            )
            if codes[1] == "TransactionConflict":
                shards = self._counters.shards
                self._shard = (self._shard + random.randrange(1, shards)) % shards  # noqa: S311
            return False
        return True
