"""Contacts: what a customer wants of us. The one place that spells ContactsTable.

One item a customer: what they agreed to (`topic:<topic>`), until when they asked for a pause, and when marketing mail
last went to them. Every change raises its `version`, so that whoever decided by what they read can make their write
depend on nothing having changed since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.items import to_item
from engagement.reading import Read, read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TOPIC = "topic:"


@dataclass(frozen=True)
class RecentMail:
    """A marketing mail that took, or holds, a place under the frequency cap since `at` (UTC)."""

    send_key: str
    at: datetime


@dataclass(frozen=True)
class Contact:
    """A customer's wishes. `granted` has each topic they ever decided about; one they were never asked is absent."""

    customer_id: str
    granted: Mapping[str, bool] = field(default_factory=dict)
    paused_until: datetime | None = None
    recent: tuple[RecentMail, ...] = ()
    version: int = 0

    def why_unwelcome(self, topic: str, now: datetime) -> str | None:
        """Why the customer wants no mail about the topic now, in one word; None: they do."""
        if topic not in self.granted:
            return "no_consent"
        if not self.granted[topic]:
            return "unsubscribed"
        return "paused" if self.paused_until and now < self.paused_until else None


class Contacts:
    """ContactsTable (`customer_id`), which `preferences` owns; `mail_delivery` reads it and keeps the recent mails."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def reading(self, customer_id: str) -> Read[Contact]:
        """The read of one customer, to be put together with others; a stranger has an empty contact."""
        return Read(
            self._table,
            {"customer_id": customer_id},
            lambda item: _contact(customer_id, item),
        )

    def get(self, customer_id: str) -> Contact:
        """By a consistent read."""
        return read_one(self._client, self.reading(customer_id))

    def withdraw(self, customer_id: str, topics: Iterable[str], *, now: datetime) -> None:
        """The customer's own word, given to us: it holds, even if a grant was told as of a later instant."""
        for topic in sorted(topics):
            if not self._keep(customer_id, topic, granted=False, changed_at=now):
                # Keeps the instant that is ahead of ours, so that the same grant told again does not return.
                self._update(
                    customer_id, "SET #topic.granted = :no", {":no": False}, {"#topic": _TOPIC + topic}
                )

    def record(
        self, customer_id: str, topics: Iterable[str], *, granted: bool, changed_at: datetime
    ) -> tuple[str, ...]:
        """Keep a decision, unless a newer one is kept already: an old registration told again re-subscribes nobody.

        Of two decisions at the same instant the withdrawal wins. Returns the topics on which this is what is kept now,
        in alphabetical order; the same decision kept again is among them.
        """
        kept = [
            topic
            for topic in sorted(topics)
            if self._keep(customer_id, topic, granted=granted, changed_at=changed_at)
        ]
        return tuple(kept)

    def pause(self, customer_id: str, until: datetime | None) -> None:
        """No marketing mail until then; None ends a pause."""
        if until is None:
            self._update(customer_id, "REMOVE paused_until", {})
        else:
            self._update(customer_id, "SET paused_until = :until", {":until": to_text(until)})

    def forget_habits(self, customer_id: str, topics: Iterable[str], *, erased_at: datetime) -> None:
        """What an erased customer's contact must not keep: their pause, and which mails they got. Their refusals stay.

        Who agreed to one of these topics after they were erased has come back, and keeps both.
        """
        names = {f"#topic{number}": _TOPIC + topic for number, topic in enumerate(sorted(topics))}
        before = (
            f"(attribute_not_exists({name}) OR {name}.granted = :no OR {name}.changed_at <= :erased_at)"
            for name in names
        )
        self._update(
            customer_id,
            "REMOVE paused_until, recent",
            {":no": False, ":erased_at": to_text(erased_at)},
            names,
            " AND ".join(before),
        )

    def keep_recent(self, contact: Contact, recent: Iterable[RecentMail]) -> bool:
        """Keep these as the customer's recent mails. False: something about the customer changed since `contact` was
        read, and whatever was decided by it must be decided anew.
        """
        return self._update(
            contact.customer_id,
            "SET recent = :recent",
            {
                ":recent": [{"send_key": mail.send_key, "at": to_text(mail.at)} for mail in recent],
                ":seen": contact.version,
            },
            {"#version": "version"},
            "#version = :seen" if contact.version else "attribute_not_exists(#version)",
        )

    def _keep(self, customer_id: str, topic: str, *, granted: bool, changed_at: datetime) -> bool:
        # At the same instant a withdrawal is kept whatever is there, and a grant where it is there already.
        same = "#topic.changed_at = :changed_at AND #topic.granted IN (:granted, :yes)"
        return self._update(
            customer_id,
            "SET #topic = :decision",
            {
                ":decision": {"granted": granted, "changed_at": to_text(changed_at)},
                ":changed_at": to_text(changed_at),
                ":granted": granted,
                ":yes": True,
            },
            {"#topic": _TOPIC + topic},
            f"attribute_not_exists(#topic) OR #topic.changed_at < :changed_at OR ({same})",
        )

    def _update(
        self,
        customer_id: str,
        update: str,
        values: dict[str, Any],
        names: dict[str, str] | None = None,
        condition: str = "",
    ) -> bool:
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"customer_id": customer_id}),
                UpdateExpression=f"{update} ADD #version :one",
                ExpressionAttributeNames={"#version": "version", **(names or {})},
                ExpressionAttributeValues=to_item(values | {":one": 1}),
                **({"ConditionExpression": condition} if condition else {}),  # type: ignore[arg-type]
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _contact(customer_id: str, item: dict[str, Any] | None) -> Contact:
    if item is None:
        return Contact(customer_id)
    return Contact(
        customer_id=customer_id,
        granted={
            name.removeprefix(_TOPIC): decision["granted"]
            for name, decision in item.items()
            if name.startswith(_TOPIC)
        },
        paused_until=from_text(item["paused_until"]) if "paused_until" in item else None,
        recent=tuple(RecentMail(mail["send_key"], from_text(mail["at"])) for mail in item.get("recent", ())),
        version=item["version"],
    )
