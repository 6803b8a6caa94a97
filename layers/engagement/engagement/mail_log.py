"""The mail log: the life of every send key. The one module that spells MailLogTable.

sending ─▶ sent ─▶ delivered | bounced | complained
   ├─▶ skipped (with its reason)
   └─▶ unknown: the worker died between its claim and its answer; SES's own event may still settle it
cancelled: a tombstone, put before a claim, or what is left of a claim that was given back
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Status(StrEnum):
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


# A later fact about a mail replaces an earlier one, whatever order SES tells them in: a complaint is the last word.
_LATER_THAN = {
    Status.DELIVERED: (Status.SENDING, Status.UNKNOWN, Status.SENT),
    Status.BOUNCED: (Status.SENDING, Status.UNKNOWN, Status.SENT, Status.DELIVERED),
    Status.COMPLAINED: (Status.SENDING, Status.UNKNOWN, Status.SENT, Status.DELIVERED, Status.BOUNCED),
}


@dataclass(frozen=True)
class Claim:
    """What a claim met: `won`, or the status that the send key has already, with its lease's end (UTC) if sending.

    `cancelled`: it is being sent, and was called off meanwhile.
    """

    won: bool
    status: Status = Status.SENDING
    lease_end: datetime | None = None
    cancelled: bool = False


class MailLog:
    """MailLogTable (`send_key`), which `mail_delivery` owns; `mail_feedback` adds what SES reports."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def claim(
        self,
        send_key: str,
        campaign: str,
        customer_ref: str,
        *,
        claim_id: str,
        now: datetime,
        lease: timedelta,
        keep_for: timedelta,
    ) -> Claim:
        """Take a send key by a conditional put; of any number at once, one wins.

        `claim_id` is this attempt's own, so that a put whose answer got lost, and which the client repeats, meets
        itself and not a stranger.
        """
        item = {
            "send_key": send_key,
            "claim_id": claim_id,
            "mail_status": Status.SENDING,
            "campaign": campaign,
            "customer_ref": customer_ref,
            "lease_end": to_text(now + lease),
            "changed_at": to_text(now),
            "expires_at": int((now + keep_for).timestamp()),
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(send_key)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as taken:
            old = from_item(taken.response["Item"])  # type: ignore[typeddict-item]
            return Claim(
                won=old.get("claim_id") == claim_id,
                status=Status(old["mail_status"]),
                lease_end=from_text(old["lease_end"]) if "lease_end" in old else None,
                cancelled="cancelled_because" in old,
            )
        return Claim(won=True)

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
                "SET mail_status = :cancelled, changed_at = :now REMOVE lease_end",
                is_ours,
                ours | {":cancelled": Status.CANCELLED, ":now": to_text(now)},
            )

    def record_sent(self, send_key: str, message_id: str, now: datetime) -> None:
        """SES took it. Where SES's own event was faster, that stays."""
        self._change(send_key, Status.SENT, now, (Status.SENDING, Status.UNKNOWN), message_id=message_id)

    def record_skipped(self, send_key: str, reason: str, now: datetime) -> None:
        """It was not sent, for a reason of one word."""
        self._change(send_key, Status.SKIPPED, now, (Status.SENDING,), reason=reason)

    def record_unknown(self, send_key: str, now: datetime) -> None:
        """Nobody can tell whether SES took it."""
        self._change(send_key, Status.UNKNOWN, now, (Status.SENDING,))

    def record_feedback(self, send_key: str, status: Status, message_id: str, now: datetime) -> bool:
        """What SES reports: delivered, bounced or complained. False if a later fact is known, or the key is not."""
        return self._change(send_key, status, now, _LATER_THAN[status], message_id=message_id)

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
