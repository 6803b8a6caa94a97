"""Suppressed addresses: those that bounced hard, complained, or bounced softly again and again.

Kept under a keyed hash, never in the clear, and of the mails that bounced softly a keyed hash as well: an entry
outlives the customer's profile, and must not lead back to it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item
from engagement.plan_sections import SoftBounces
from engagement.secret_keys import keyed_digest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What a suppression by soft bounces is called; the others are called after the mail's status, `bounced` and so on.
SOFT_BOUNCES = "soft_bounces"
_SOFT = "soft:"


def suppressed_until(soft_bounces: Iterable[datetime], rule: SoftBounces) -> datetime | None:
    """Until when so many soft bounces, each of another mail, suppress their address; None: they are too few, or too
    far apart. The order in which they were told does not matter.
    """
    bounced = sorted(soft_bounces)
    enough = (
        last
        for first, last in zip(bounced, bounced[rule.mails - 1 :], strict=False)
        if last - first <= rule.within
    )
    latest = max(enough, default=None)
    return latest + rule.suppress_for if latest else None


class Suppression:
    """SuppressionTable (`address_hash`), which `mail_feedback` owns."""

    def __init__(self, client: "DynamoDBClient", table: str, key: bytes) -> None:
        self._client = client
        self._table = table
        self._key = key

    def add(self, address: str, reason: str, now: datetime) -> None:
        """Suppress an address for good; the first reason stays."""
        self._client.update_item(
            TableName=self._table,
            Key=self._key_of(address),
            # An entry for soft bounces expires; this one never does.
            UpdateExpression="SET reason = if_not_exists(reason, :reason), since = if_not_exists(since, :now)"
            " REMOVE expires_at",
            ExpressionAttributeValues=to_item({":reason": reason, ":now": to_text(now)}),
        )

    def note_soft_bounce(
        self, address: str, mail: str, *, at: datetime, rule: SoftBounces, now: datetime
    ) -> bool:
        """Note that this mail (its send key, or SES's id of it) bounced softly `at`; told twice it counts once.

        Whether the address is suppressed by that, for a while.
        """
        note = _SOFT + keyed_digest(self._key, "soft bounce", mail).hex()[:16]
        kept = self._update(
            address,
            "SET #note = if_not_exists(#note, :at), expires_at = :expires_at",
            "attribute_not_exists(reason)",
            {
                ":at": to_text(at),
                # Longer than anything can follow from it.
                ":expires_at": int((now + 2 * rule.within + rule.suppress_for).timestamp()),
            },
            {"#note": note},
        )
        if kept is None:  # suppressed for good
            return False
        notes = (from_text(told) for name, told in kept.items() if name.startswith(_SOFT))
        until = suppressed_until(notes, rule)
        if until is None or until <= now:
            return False
        # Somebody else may have noted one more meanwhile: the later end stays.
        self._update(
            address,
            "SET soft_bounces_until = :until",
            "attribute_not_exists(soft_bounces_until) OR soft_bounces_until < :until",
            {":until": to_text(until)},
        )
        return True

    def reason(self, address: str, now: datetime) -> str | None:
        """Why mail to this address is not sent: `bounced`, `complained` or `soft_bounces`. None: it may be sent.

        A consistent read.
        """
        answer = self._client.get_item(TableName=self._table, Key=self._key_of(address), ConsistentRead=True)
        item = from_item(answer.get("Item", {}))
        if "reason" in item:
            return str(item["reason"])
        softly = "soft_bounces_until" in item and now < from_text(item["soft_bounces_until"])
        return SOFT_BOUNCES if softly else None

    def holds(self, address: str, now: datetime) -> bool:
        """Whether mail to this address is not sent."""
        return self.reason(address, now) is not None

    def _update(
        self,
        address: str,
        update: str,
        condition: str,
        values: dict[str, Any],
        names: dict[str, str] | None = None,
    ) -> dict[str, Any] | None:
        """The item as it is afterwards; None if the condition does not hold."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=self._key_of(address),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(values),
                ReturnValues="ALL_NEW",
                **({"ExpressionAttributeNames": names} if names else {}),  # type: ignore[arg-type]
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return from_item(answer["Attributes"])

    def _key_of(self, address: str) -> dict[str, "dict[str, str]"]:
        # Mailboxes are case-insensitive in practice; SES may report an address in another case than we sent to.
        digest = keyed_digest(self._key, "suppression", address.strip().lower())
        return to_item({"address_hash": digest.hex()})
