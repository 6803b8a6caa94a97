"""Builders for the mail path: a mail to send, or to call off."""

from typing import Any

from engagement.mail_orders import CancelMail, SendMail
from shop_facts import NOW, hours

SEND_KEY = "cart_nudge:cart-9:step-1"


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
