"""The account's sending rate, asked of SES now and then."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from engagement.metrics import count
from engagement.observability import explanation, logger
from mail_delivery.pace_rules import SECOND

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

# AWS raises a rate by itself as a sender proves good; GetAccount may be called once a second in the whole account.
_ASK_AFTER = timedelta(minutes=10)
# Somebody else asked in the same second.
_AFTER_FAILURE = timedelta(seconds=2)
# SES's sandbox. Until the rate is known, nobody is faster.
_LEAST = 1
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class SendingRate:
    """`fixed`: mails a second, instead of what SES would say; 0 asks SES."""

    client: "SESV2Client"
    fixed: int = 0
    _interval: int = SECOND // _LEAST
    _ask_at: datetime = _LONG_AGO
    _lock: Lock = field(default_factory=Lock)

    def interval(self, now: datetime) -> int:
        """Microseconds from one mail to the next, rounded up."""
        if self.fixed:
            return -(-SECOND // self.fixed)
        with self._lock:
            if now >= self._ask_at:
                self._ask_at = now + (_ASK_AFTER if self._asked() else _AFTER_FAILURE)
            return self._interval

    def _asked(self) -> bool:
        try:
            quota = self.client.get_account()["SendQuota"]
            rate = quota["MaxSendRate"]
        except Exception as error:  # noqa: BLE001 - mail goes on at the rate that was known before
            logger().warning("SES's sending rate is not known", extra=explanation(error))
            return False
        # SES gives the rate as a float; a fraction of a mail a second is nobody's.
        self._interval = -(-SECOND // max(int(rate), _LEAST))
        # -1 means that there is none.
        if (most := int(quota.get("Max24HourSend", 0))) > 0:
            count("SesQuotaUsed", 100 * int(quota.get("SentLast24Hours", 0)) // most)
        return True
