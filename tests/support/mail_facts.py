"""Builders for the mail path: a mail to send, and what SES tells about it."""

import json
from itertools import count
from typing import Any

from engagement.mail_orders import CancelMail, SendMail, send_key_tag
from shop_facts import NOW, hours

SEND_KEY = "cart_nudge:cart-9:step-1"
_numbers = count(1)


def a_mail(send_key: str = SEND_KEY, **changes: Any) -> SendMail:
    known: dict[str, Any] = {
        "campaign": "cart_nudge",
        "topic": "reminders",
        "kind": "marketing",
        "customer_id": "cust-asha",
        "locale": "en-IN",
        "subject": "Asha, your cart is still here",
        "html": "<p>Hello Asha</p>",
        "text": "Hello Asha",
        "unsubscribe_url": "https://pages.example.com/unsubscribe?token=1.a.b&lang=en",
        "useful_until": NOW + hours(24),
    }
    return SendMail.model_validate({"send_key": send_key, **known, **changes})


def a_cancellation(send_key: str = SEND_KEY, reason: str = "bought") -> CancelMail:
    return CancelMail(send_key=send_key, reason=reason)


def delivery(**about: Any) -> str:
    return _from_ses("Email Delivered", "Delivery", {"recipients": [_address(about)]}, about)


def bounce(kind: str = "Permanent", **about: Any) -> str:
    what = {"bounceType": kind, "bouncedRecipients": [{"emailAddress": _address(about)}]}
    return _from_ses("Email Bounced", "Bounce", what, about)


def complaint(**about: Any) -> str:
    what = {"complainedRecipients": [{"emailAddress": _address(about)}]}
    return _from_ses("Email Complaint Received", "Complaint", what, about)


def opened(**about: Any) -> str:
    return _from_ses("Email Opened", "Open", {"ipAddress": "192.0.2.1"}, about)


def _address(about: dict[str, Any]) -> str:
    return str(about.get("address", "cust-asha@mail.example.com"))


def _from_ses(detail_type: str, kind: str, what: dict[str, Any], about: dict[str, Any]) -> str:
    """A queue message's body; `about` may give `address`, `send_key` (None: a mail without our tags), `message_id`."""
    send_key = about.get("send_key", SEND_KEY)
    tags = {"SendKey": [send_key_tag(send_key)], "Campaign": ["cart_nudge"]} if send_key else {}
    mail = {
        "messageId": about.get("message_id", "0107-ses-1"),
        "destination": [_address(about)],
        "tags": {"ses:configuration-set": ["rishta-mail"], **tags},
    }
    return json.dumps(
        {
            "version": "0",
            "id": f"00000000-0000-4000-9000-{next(_numbers):012d}",
            "detail-type": detail_type,
            "source": "aws.ses",
            "account": "123456789012",
            "time": "2027-03-01T12:00:05Z",
            "region": "ap-south-1",
            "resources": ["arn:aws:ses:ap-south-1:123456789012:configuration-set/rishta-mail"],
            "detail": {"eventType": kind, "mail": mail, kind.lower(): what},
        }
    )
