"""What SES tells about a mail, as it lies on the queue; and what a customer's leaving by a mail's link tells."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from engagement.events.customers import Unsubscribed
from engagement.mail_orders import send_key_tag
from mail_facts import SEND_KEY
from shop_facts import NOW, hours, on_the_bus

ADDRESS = "cust-asha@mail.example.com"
# A mail is sent at NOW, arrives a second later, and what a person does with it takes its time.
ARRIVED = NOW + hours(1 / 3600)
READ = NOW + hours(0.5)
A_BROWSER = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Mobile"
)
APPLES_PROXY = "Mozilla/5.0"
_numbers = count(1)


def sent(**about: Any) -> str:
    return from_ses("Email Sent", "Send", "send", {}, about)


def delivery(**about: Any) -> str:
    return from_ses("Email Delivered", "Delivery", "delivery", _at(about, ARRIVED), about)


def delayed(**about: Any) -> str:
    what = {"delayType": "MailboxFull", "delayedRecipients": [_recipient(about)]}
    return from_ses(
        "Email Delivery Delayed", "DeliveryDelay", "deliveryDelay", what | _at(about, ARRIVED), about
    )


def bounce(kind: str = "Permanent", subtype: str = "General", **about: Any) -> str:
    """With the receiving server's own notification, unless `status` is None."""
    status = about.get("status", "5.1.1" if kind == "Permanent" else "4.4.7")
    recipient = _recipient(about) | ({"action": "failed", "status": status} if status else {})
    what = {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": [recipient]}
    return from_ses("Email Bounced", "Bounce", "bounce", what | _at(about, ARRIVED), about)


def complaint(**about: Any) -> str:
    what = {
        "complainedRecipients": [_recipient(about)],
        "complaintFeedbackType": about.get("feedback", "abuse"),
    }
    return from_ses("Email Complaint Received", "Complaint", "complaint", what | _at(about, READ), about)


def rejected(**about: Any) -> str:
    return from_ses("Email Rejected", "Reject", "reject", {"reason": "Bad content"}, about)


def rendering_failed(**about: Any) -> str:
    what = {"errorMessage": "Attribute 'name' is not present", "templateName": "x"}
    return from_ses("Email Rendering Failed", "Rendering Failure", "failure", what, about)


def opened(**about: Any) -> str:
    return from_ses("Email Opened", "Open", "open", _program(about), about)


def clicked(**about: Any) -> str:
    what = {"link": "https://shop.example.com/cart", "linkTags": None}
    return from_ses("Email Clicked", "Click", "click", what | _program(about), about)


def subscription(**about: Any) -> str:
    what = {
        "contactList": "x",
        "source": "UnsubscribeHeader",
        "newTopicPreferences": {"unsubscribeAll": True},
    }
    return from_ses("Email Subscribed", "Subscription", "subscription", what | _at(about, READ), about)


def unsubscribed(send_key: str = SEND_KEY, at: datetime = READ) -> str:
    return on_the_bus(an_unsubscription(send_key, at))


def an_unsubscription(send_key: str = SEND_KEY, at: datetime = READ) -> Unsubscribed:
    return Unsubscribed(
        event_id=f"left-{next(_numbers)}",
        occurred_at=at,
        customer_id="cust-asha",
        topic="reminders",
        send_key=send_key,
    )


def from_ses(detail_type: str, kind: str, part: str, what: dict[str, Any], about: dict[str, Any]) -> str:
    """A queue message's body. `about` may give `address`, `at`, `agent`, `send_key` (None: a mail without our tags),
    `message_id`, `sent_at`, `campaign` and `variant` (None: none was tagged).
    """
    send_key = about.get("send_key", SEND_KEY)
    tags = {"ses:configuration-set": ["rishta-mail"]}
    if send_key:
        tags |= {"SendKey": [send_key_tag(send_key)], "Campaign": [about.get("campaign", "cart_nudge")]}
    if variant := about.get("variant"):
        tags["Variant"] = [variant]
    mail = {
        "messageId": about.get("message_id", "0107-ses-1"),
        "timestamp": _text(about.get("sent_at", NOW)),
        "destination": [about.get("address", ADDRESS)],
        "tags": tags,
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
            "detail": {"eventType": kind, "mail": mail, part: what},
        }
    )


def _recipient(about: dict[str, Any]) -> dict[str, str]:
    return {"emailAddress": str(about.get("address", ADDRESS))}


def _program(about: dict[str, Any]) -> dict[str, str]:
    return {"userAgent": about.get("agent", A_BROWSER), "ipAddress": "192.0.2.44"} | _at(about, READ)


def _at(about: dict[str, Any], usually: datetime) -> dict[str, str]:
    return {"timestamp": _text(about.get("at", usually))}


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
