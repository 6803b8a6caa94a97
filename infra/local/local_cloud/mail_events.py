"""What became of a mail, as SES tells EventBridge, with the addresses of its mailbox simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from local_cloud.aws_environment import ACCOUNT

if TYPE_CHECKING:
    from local_cloud.sent_mail import SentMail

_SIMULATOR = "simulator.amazonses.com"
_DETAIL_TYPES = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "Bounce": "Email Bounced",
    "Complaint": "Email Complaint Received",
}


def ses_events(
    mail: SentMail, wanted: frozenset[str], configuration_set_arn: str
) -> Iterator[dict[str, Any]]:
    """PutEvents entries for the default bus: one per recipient and event type in `wanted` ("BOUNCE", …)."""
    time = f"{mail.sent_at:%Y-%m-%dT%H:%M:%S}.{mail.sent_at.microsecond // 1000:03d}Z"
    if "SEND" in wanted:
        yield _entry(mail, "Send", {}, time, configuration_set_arn)
    for number, recipient in enumerate(mail.to):
        feedback = f"{mail.message_id}-{number}"
        for kind, record in _fate(recipient, feedback, time):
            if kind.upper() in wanted:
                yield _entry(mail, kind, record, time, configuration_set_arn)


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


def _entry(
    mail: SentMail, kind: str, record: dict[str, Any], time: str, configuration_set_arn: str
) -> dict[str, Any]:
    detail = {
        "eventType": kind,
        "mail": {
            "timestamp": time,
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
        kind.lower(): record,
    }
    return {
        "Source": "aws.ses",
        "DetailType": _DETAIL_TYPES[kind],
        "Detail": json.dumps(detail),
        "Resources": [configuration_set_arn],
        "Time": mail.sent_at,
    }
