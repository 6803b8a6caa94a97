"""What became of a mail, as SES tells EventBridge, with the addresses of its mailbox simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from local_cloud.aws_environment import ACCOUNT

if TYPE_CHECKING:
    from local_cloud.sent_mail import SentMail

_SIMULATOR = "simulator.amazonses.com"


@dataclass(frozen=True)
class _Kind:
    """An event's detail type, the name of its own part, and what a configuration set's destination calls it."""

    detail_type: str
    part: str
    wanted_as: str


# By `eventType`: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html
_KINDS = {
    "Send": _Kind("Email Sent", "send", "SEND"),
    "Delivery": _Kind("Email Delivered", "delivery", "DELIVERY"),
    "DeliveryDelay": _Kind("Email Delivery Delayed", "deliveryDelay", "DELIVERYDELAY"),
    "Bounce": _Kind("Email Bounced", "bounce", "BOUNCE"),
    "Complaint": _Kind("Email Complaint Received", "complaint", "COMPLAINT"),
    "Reject": _Kind("Email Rejected", "reject", "REJECT"),
    "Rendering Failure": _Kind("Email Rendering Failed", "failure", "RENDERINGFAILURE"),
    "Open": _Kind("Email Opened", "open", "OPEN"),
    "Click": _Kind("Email Clicked", "click", "CLICK"),
    "Subscription": _Kind("Email Subscribed", "subscription", "SUBSCRIPTION"),
}


def ses_events(
    mail: SentMail, wanted: frozenset[str], configuration_set_arn: str
) -> Iterator[dict[str, Any]]:
    """PutEvents entries for the default bus: one per recipient and event type in `wanted` ("BOUNCE", …)."""
    told: list[tuple[str, dict[str, Any]]] = [("Send", {})]
    for number, recipient in enumerate(mail.to):
        told += _fate(recipient, f"{mail.message_id}-{number}", _text(mail.sent_at))
    for kind, part in told:
        if _KINDS[kind].wanted_as in wanted:
            yield _entry(mail, kind, part, mail.sent_at, configuration_set_arn)


def later_event(
    mail: SentMail,
    kind: str,
    part: Mapping[str, Any],
    at: datetime,
    wanted: frozenset[str],
    configuration_set_arn: str,
) -> Iterator[dict[str, Any]]:
    """The PutEvents entry for what happened to a mail `at` a later time, if it is wanted.

    `kind` is SES's `eventType`, `part` what is to be in the event's own part beside its timestamp. Raises KeyError for
    a kind that SES does not have.
    """
    if _KINDS[kind].wanted_as in wanted:
        yield _entry(mail, kind, {"timestamp": _text(at), **part}, at, configuration_set_arn)


def _fate(recipient: str, feedback_id: str, time: str) -> Iterator[tuple[str, dict[str, Any]]]:
    address = parseaddr(recipient)[1]
    local, _, domain = address.lower().rpartition("@")
    label = local.partition("+")[0] if domain == _SIMULATOR else ""
    if label in ("bounce", "suppressionlist"):
        yield (
            "Bounce",
            {
                "feedbackId": feedback_id,
                "bounceType": "Permanent",
                "bounceSubType": "General" if label == "bounce" else "Suppressed",
                "bouncedRecipients": [{"emailAddress": address, "action": "failed", "status": "5.1.1"}],
                "timestamp": time,
            },
        )
        return
    yield (
        "Delivery",
        {"timestamp": time, "processingTimeMillis": 1, "recipients": [address], "smtpResponse": "250 Ok"},
    )
    if label == "complaint":
        yield (
            "Complaint",
            {
                "feedbackId": feedback_id,
                "complaintSubType": None,
                "complaintFeedbackType": "abuse",
                "complainedRecipients": [{"emailAddress": address}],
                "timestamp": time,
            },
        )


def _text(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"


def _entry(
    mail: SentMail, kind: str, part: Mapping[str, Any], at: datetime, configuration_set_arn: str
) -> dict[str, Any]:
    detail = {
        "eventType": kind,
        "mail": {
            "timestamp": _text(mail.sent_at),
            "source": mail.sender,
            "sendingAccountId": ACCOUNT,
            "messageId": mail.message_id,
            "destination": list(mail.to),
            "headersTruncated": False,
            "headers": [{"name": name, "value": value} for name, value in mail.headers.items()],
            "commonHeaders": {
                "from": [mail.sender],
                "to": list(mail.to),
                "messageId": mail.message_id,
                "subject": mail.subject,
            },
            "tags": {
                **{name: [value] for name, value in mail.tags.items()},
                "ses:operation": ["SendEmail"],
                "ses:configuration-set": [str(mail.configuration_set)],
                "ses:from-domain": [parseaddr(mail.sender)[1].rpartition("@")[2]],
            },
        },
        _KINDS[kind].part: dict(part),
    }
    return {
        "Source": "aws.ses",
        "DetailType": _KINDS[kind].detail_type,
        "Detail": json.dumps(detail),
        "Resources": [configuration_set_arn],
        "Time": at,
    }
