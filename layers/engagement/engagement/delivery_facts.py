"""Delivery facts: what SES tells about a mail, on its send key's entry in MailLogTable.

Each fact is an attribute `fact:<name>` with the instant at which it became true, written once. Beside `mail_log`, the
one module that spells MailLogTable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item
from engagement.mail_log import Status

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_FACT = "fact:"
# What SES tells of a mail changes its status in this direction alone, whatever the order: a complaint is the last word.
# A mail that was skipped or called off never left, and has none of them.
_FORWARD = (
    Status.SENDING,
    Status.UNKNOWN,
    Status.SENT,
    Status.DELIVERED,
    Status.REJECTED,
    Status.BOUNCED,
    Status.COMPLAINED,
)


@dataclass(frozen=True)
class LoggedMail:
    """An entry of the mail log. `facts`: when (UTC) each became true; `sent_on`: the day (UTC) of sending, as SES
    tells it. Entries have no `campaign` if they were called off before they were claimed.
    """

    send_key: str
    status: Status
    changed_at: datetime
    campaign: str | None = None
    variant: str | None = None
    sent_on: date | None = None
    facts: Mapping[str, datetime] = field(default_factory=dict)


def later(known: Status, told: Status) -> Status:
    """The status of a mail of which `known` is known when SES tells `told`."""
    if known not in _FORWARD or _FORWARD.index(told) <= _FORWARD.index(known):
        return known
    return told


class DeliveryFacts:
    """The feedback's half of MailLogTable (`send_key`), which `mail_delivery` owns."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def mail(self, send_key: str) -> LoggedMail | None:
        """The entry, by a consistent read; None: there is none, or not any more."""
        answer = self._client.get_item(
            TableName=self._table, Key=to_item({"send_key": send_key}), ConsistentRead=True
        )
        return _logged_mail(from_item(answer["Item"])) if "Item" in answer else None

    def write(
        self,
        mail: LoggedMail,
        facts: Mapping[str, datetime],
        status: Status,
        *,
        variant: str,
        sent_on: date,
        message_id: str | None,
        now: datetime,
    ) -> "TransactWriteItemTypeDef":
        """For a transaction: add these facts, none of which the entry may have, to an entry whose status is still as
        it was read. `variant`, `sent_on` and `message_id` are kept where the entry has none yet.
        """
        known = {"variant": variant, "sent_on": sent_on.isoformat(), "message_id": message_id}
        once = {name: value for name, value in known.items() if value is not None}
        names = {f"#fact{number}": _FACT + fact for number, fact in enumerate(facts)}
        values: dict[str, Any] = {f":fact{number}": to_text(at) for number, at in enumerate(facts.values())}
        sets = [f"#fact{number} = :fact{number}" for number in range(len(facts))]
        sets += [f"{name} = if_not_exists({name}, :{name})" for name in once]
        values |= {f":{name}": value for name, value in once.items()} | {":seen": mail.status}
        removed = ""
        if (settled := later(mail.status, status)) != mail.status:
            sets += ["mail_status = :settled", "changed_at = :now"]
            values |= {":settled": settled, ":now": to_text(now)}
            removed = " REMOVE lease_end"
        return {
            "Update": {
                "TableName": self._table,
                "Key": to_item({"send_key": mail.send_key}),
                "UpdateExpression": f"SET {', '.join(sets)}{removed}",
                "ConditionExpression": " AND ".join(
                    ["mail_status = :seen", *(f"attribute_not_exists({name})" for name in names)]
                ),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": to_item(values),
            }
        }


def _logged_mail(item: dict[str, Any]) -> LoggedMail:
    return LoggedMail(
        send_key=item["send_key"],
        status=Status(item["mail_status"]),
        changed_at=from_text(item["changed_at"]),
        campaign=item.get("campaign"),
        variant=item.get("variant"),
        sent_on=date.fromisoformat(item["sent_on"]) if "sent_on" in item else None,
        facts={
            name.removeprefix(_FACT): from_text(at) for name, at in item.items() if name.startswith(_FACT)
        },
    )
