"""The mail log: the life of every send key. The one module that spells MailLogTable.

sending ─▶ sent ─▶ delivered | rejected | bounced | complained, by what SES tells (`delivery_facts`)
   ├─▶ skipped: SES refused it
   └─▶ unknown: the worker died between its claim and its answer; SES's own event may still settle it
skipped: with its reason, where nobody claimed it; `withheld` is all that an experiment's holdout gets
cancelled: a tombstone, put before a claim, or what is left of a claim that was given back
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item
from engagement.reading import Read, read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The reason of a mail that would have left, to a customer in an experiment's holdout.
WITHHELD = "withheld"


class Status(StrEnum):
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    # SES took it, looked into it and threw it away.
    REJECTED = "rejected"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class About:
    """What an entry says about its mail besides its status; `expires_at` (UTC): when it may be forgotten."""

    send_key: str
    campaign: str
    variant: str
    customer_ref: str
    expires_at: datetime


@dataclass(frozen=True)
class Entry:
    """What became of a send key at `changed_at` (UTC), and, where it was skipped or cancelled, the one word why.

    `left_at` (UTC): when the mail was first claimed to be sent, or was skipped, whatever SES or a cancellation tells
    later; None: it was called off before, or the entry is older than this attribute.
    While it is being sent: until when (UTC) whoever claimed it has for it. `cancelled`: it was called off meanwhile.
    """

    status: Status
    lease_end: datetime | None = None
    cancelled: bool = False
    claim_id: str | None = None
    reason: str | None = None
    left_at: datetime | None = None
    changed_at: datetime = field(kw_only=True)


class MailLog:
    """MailLogTable (`send_key`), which `mail_delivery` owns; what SES tells is added by `delivery_facts`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, send_key: str) -> Entry | None:
        """By a consistent read; None: nobody had it yet."""
        return read_one(self._client, self.reading(send_key))

    def reading(self, send_key: str) -> Read[Entry | None]:
        """The read of one entry, to be put together with others."""
        return Read(self._table, {"send_key": send_key}, lambda item: _entry(item) if item else None)

    def claim(self, about: About, *, claim_id: str, now: datetime, lease: timedelta) -> Entry | None:
        """Take a send key by a conditional put; of any number at once, one wins. None: won; else what was there.

        `claim_id` is this attempt's own, so that a put whose answer got lost, and which the client repeats, meets
        itself and not a stranger.
        """
        return self._put_first(
            about,
            {
                "claim_id": claim_id,
                "mail_status": Status.SENDING,
                "lease_end": to_text(now + lease),
            },
            now,
        )

    def skip(self, about: About, reason: str, now: datetime) -> Entry | None:
        """Decide by a conditional put that the mail is not sent, for a reason of one word. None: so it is; else what
        was there before.
        """
        return self._put_first(about, {"mail_status": Status.SKIPPED, "reason": reason}, now)

    def claim_again(self, send_key: str, *, claim_id: str, now: datetime, lease: timedelta) -> bool:
        """Take over a send key that is `unknown`, or whose lease is over: for mail that may rather come twice than
        never. False: another worker was faster, the mail was called off, or its outcome is known by now.
        """
        return self._update(
            send_key,
            "SET mail_status = :sending, claim_id = :claim_id, lease_end = :lease_end, changed_at = :now",
            "claim_id = :claim_id OR (attribute_not_exists(cancelled_because)"
            " AND (mail_status = :unknown OR (mail_status = :sending AND lease_end <= :now)))",
            {
                ":sending": Status.SENDING,
                ":unknown": Status.UNKNOWN,
                ":claim_id": claim_id,
                ":lease_end": to_text(now + lease),
                ":now": to_text(now),
            },
        )

    def cancel(self, send_key: str, reason: str, *, now: datetime, keep_for: timedelta) -> bool:
        """Leave a tombstone, or a mark on a claim: should it be given back, nobody may have it. False: too late."""
        return self._update(
            send_key,
            "SET cancelled_because = :reason, mail_status = if_not_exists(mail_status, :cancelled),"
            " changed_at = :now, expires_at = if_not_exists(expires_at, :expires_at)",
            "attribute_not_exists(send_key) OR mail_status IN (:cancelled, :sending, :unknown)",
            {
                ":reason": reason,
                ":cancelled": Status.CANCELLED,
                ":sending": Status.SENDING,
                ":unknown": Status.UNKNOWN,
                ":now": to_text(now),
                ":expires_at": int((now + keep_for).timestamp()),
            },
        )

    def release(self, send_key: str, claim_id: str, now: datetime) -> None:
        """Give a claim back: the mail surely did not leave, and another try may have it, unless it was called off."""
        ours = {":claim_id": claim_id, ":sending": Status.SENDING}
        is_ours = "claim_id = :claim_id AND mail_status = :sending"
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=to_item({"send_key": send_key}),
                ConditionExpression=f"{is_ours} AND attribute_not_exists(cancelled_because)",
                ExpressionAttributeValues=to_item(ours),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            self._update(
                send_key,
                "SET mail_status = :cancelled, changed_at = :now REMOVE lease_end, left_at",
                is_ours,
                ours | {":cancelled": Status.CANCELLED, ":now": to_text(now)},
            )

    def record_sent(self, send_key: str, message_id: str, now: datetime) -> None:
        """SES took it. Where SES's own event was faster, that stays."""
        self._change(send_key, Status.SENT, now, (Status.SENDING, Status.UNKNOWN), message_id=message_id)

    def record_refused(self, send_key: str, now: datetime) -> None:
        """SES did not want it, and will not."""
        self._change(send_key, Status.SKIPPED, now, (Status.SENDING,), reason="rejected")

    def record_unknown(self, send_key: str, now: datetime) -> bool:
        """Nobody can tell whether SES took it. False: somebody can, by now."""
        return self._change(send_key, Status.UNKNOWN, now, (Status.SENDING,))

    def _put_first(self, about: About, values: dict[str, Any], now: datetime) -> Entry | None:
        item = {
            "send_key": about.send_key,
            "campaign": about.campaign,
            "variant": about.variant,
            "customer_ref": about.customer_ref,
            "expires_at": int(about.expires_at.timestamp()),
            "left_at": to_text(now),
            "changed_at": to_text(now),
            **values,
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(send_key)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as taken:
            met = _entry(from_item(taken.response["Item"]))  # type: ignore[typeddict-item]
            ours = met.claim_id is not None and met.claim_id == values.get("claim_id")
            return None if ours else met
        return None

    def _change(
        self, send_key: str, status: Status, now: datetime, from_statuses: tuple[Status, ...], **details: str
    ) -> bool:
        values = {"mail_status": status, "changed_at": to_text(now), **details}
        old = {f":old_{number}": old_status for number, old_status in enumerate(from_statuses)}
        return self._update(
            send_key,
            "SET " + ", ".join(f"{name} = :{name}" for name in values) + " REMOVE lease_end",
            f"mail_status IN ({', '.join(old)})",
            {f":{name}": value for name, value in values.items()} | old,
        )

    def _update(self, send_key: str, update: str, condition: str, values: dict[str, Any]) -> bool:
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"send_key": send_key}),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(values),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _entry(item: dict[str, Any]) -> Entry:
    status = Status(item["mail_status"])
    return Entry(
        status=status,
        lease_end=from_text(item["lease_end"]) if "lease_end" in item else None,
        cancelled="cancelled_because" in item,
        claim_id=item.get("claim_id"),
        reason=item.get("cancelled_because" if status is Status.CANCELLED else "reason"),
        left_at=from_text(item["left_at"]) if "left_at" in item else None,
        changed_at=from_text(item["changed_at"]),
    )
