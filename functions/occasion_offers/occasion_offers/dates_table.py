"""OccasionsTable (`customer_id`, `occasion`): the one module that spells its attributes.

A customer's partition holds the head, whose `occasion` is `#told`, and a row for each date. The head has the dates
too, and is all that is read before a change: a query of the partition could see half of somebody else's transaction.
The rows are there for the index `days` (`day_group`, `customer_id`), which a run reads.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from zlib import crc32

from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item
from engagement.races import codes_of_lost_race
from occasion_offers.dates import KnownDates, OccasionDate, Told

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_INDEX = "days"
_HEAD = "#told"  # no occasion is called so


def shard_of(customer_id: str, shards: int) -> int:
    """0 to `shards` - 1, always the same for a customer."""
    return crc32(customer_id.encode()) % shards


def day_group(occasion: str, month_day: str, time_zone: str, shard: int) -> str:
    """Those who have the same day, in the same zone and shard: `birthday#02-28#Asia/Kolkata#3`."""
    return f"{occasion}#{month_day}#{time_zone}#{shard}"


def refused_group(occasion: str, month_day: str, time_zone: str, shard: int) -> str:
    """Those whose day is not believed; apart, so that a million of 1 January cost a run nothing."""
    return "refused#" + day_group(occasion, month_day, time_zone, shard)


@dataclass(frozen=True)
class DatesPage:
    """In the order of customer ids. `cursor` asks for the next page; None: this was the last."""

    dates: tuple[OccasionDate, ...]
    cursor: str | None = None


class Dates:
    """The dates of all customers."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def known(self, customer_id: str) -> KnownDates:
        """What is known of a customer, by a consistent read; of version 0 if nothing is."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(customer_id, _HEAD), ConsistentRead=True
        )
        return _known(from_item(answer["Item"])) if "Item" in answer else KnownDates(Told(customer_id))

    def keep(self, before: KnownDates, after: KnownDates, shards: int) -> bool:
        """Keep the head and the rows that changed, all or nothing. False: `before` is no longer what is known, and
        nothing was kept. Raises RetryLaterError if the table throttles.

        A row stays in its shard for as long as its day and zone do, however many shards there are by now: a run that
        is under way would miss whoever changes shards behind its back.
        """
        placed = {name: _placed(row, before.dates.get(name), shards) for name, row in after.dates.items()}
        head = self._put_head(KnownDates(after.told, placed), read=before.told.version)
        changed = [row for name, row in placed.items() if before.dates.get(name) != row]
        gone = sorted(before.dates.keys() - placed.keys())
        if not changed and not gone:
            return self._put_alone(head)
        puts: list[TransactWriteItemTypeDef] = [
            {"Put": {"TableName": self._table, "Item": to_item(row_item(row))}} for row in changed
        ]
        deletes: list[TransactWriteItemTypeDef] = [
            {"Delete": {"TableName": self._table, "Key": _key(after.told.customer_id, name)}} for name in gone
        ]
        return self._transact([{"Put": head}, *puts, *deletes])

    def on_day(self, group: str, *, limit: int, cursor: str | None = None) -> DatesPage:
        """Up to `limit` dates of a group (`day_group`, `refused_group`), through the index: a change may be missing
        that is not a second old.
        """
        after = {":after": cursor} if cursor else {}
        answer = self._client.query(
            TableName=self._table,
            IndexName=_INDEX,
            KeyConditionExpression="day_group = :group" + (" AND customer_id > :after" if cursor else ""),
            ExpressionAttributeValues=to_item({":group": group, **after}),
            Limit=limit,
        )
        last = answer.get("LastEvaluatedKey")
        dates = tuple(_row(from_item(item)) for item in answer["Items"])
        return DatesPage(dates, from_item(last)["customer_id"] if last else None)

    def of_customer(self, customer_id: str, occasion: str, month_day: str, time_zone: str) -> DatesPage:
        """One customer's date, if it is believed and on that day and zone, by a consistent read."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(customer_id, occasion), ConsistentRead=True
        )
        rows = [_row(from_item(answer["Item"]))] if "Item" in answer else []
        wanted = (month_day, time_zone, True)
        return DatesPage(tuple(row for row in rows if _place(row) == wanted))

    def _put_head(self, known: KnownDates, *, read: int) -> Any:
        """Only over the version that it was computed from."""
        put: dict[str, Any] = {"TableName": self._table, "Item": to_item(_head_item(known))}
        if read == 0:
            return put | {"ConditionExpression": "attribute_not_exists(occasion)"}
        return put | {
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": to_item({":read": read}),
        }

    def _put_alone(self, put: Any) -> bool:
        errors = self._client.exceptions
        try:
            self._client.put_item(**put)
        except (errors.ConditionalCheckFailedException, errors.TransactionConflictException):
            return False
        return True

    def _transact(self, writes: "list[TransactWriteItemTypeDef]") -> bool:
        try:
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes_of_lost_race(cancelled.response["CancellationReasons"], refused_by="the table of dates")
            return False
        return True


def _placed(row: OccasionDate, before: OccasionDate | None, shards: int) -> OccasionDate:
    return replace(row, shards=before.shards if before and _place(before) == _place(row) else shards)


def _place(row: OccasionDate) -> tuple[str, str, bool]:
    return row.month_day, row.time_zone, row.refused is None


def _key(customer_id: str, occasion: str) -> dict[str, Any]:
    return to_item({"customer_id": customer_id, "occasion": occasion})


def _date_item(row: OccasionDate) -> dict[str, Any]:
    values = {"date": row.date, "since": to_text(row.since), "refused": row.refused, "shards": row.shards}
    return {name: value for name, value in values.items() if value is not None}


def row_item(row: OccasionDate) -> dict[str, Any]:
    """A date as the index files it."""
    group = refused_group if row.refused else day_group
    shard = shard_of(row.customer_id, row.shards)
    return _date_item(row) | {
        "customer_id": row.customer_id,
        "occasion": row.occasion,
        "time_zone": row.time_zone,
        "tier": row.tier,
        "day_group": group(row.occasion, row.month_day, row.time_zone, shard),
    }


def _row(item: dict[str, Any]) -> OccasionDate:
    values = {name: item[name] for name in OccasionDate.__dataclass_fields__ if name in item}
    return OccasionDate(**values | {"since": from_text(item["since"])})


def _head_item(known: KnownDates) -> dict[str, Any]:
    told = known.told
    return {
        "customer_id": told.customer_id,
        "occasion": _HEAD,
        "version": told.version,
        "told_at": to_text(told.told_at) if told.told_at else None,
        "erased_at": to_text(told.erased_at) if told.erased_at else None,
        "registrations": {to_text(at): day.isoformat() for at, day in told.registrations.items()} or None,
        "time_zone": told.time_zone,
        "tier": told.tier,
        "tier_told_at": to_text(told.tier_told_at) if told.tier_told_at else None,
        "dates": {name: _date_item(row) for name, row in known.dates.items()} or None,
    }


def _known(head: dict[str, Any]) -> KnownDates:
    told = Told(
        customer_id=head["customer_id"],
        version=head["version"],
        registrations={
            from_text(at): date.fromisoformat(day) for at, day in head.get("registrations", {}).items()
        },
        time_zone=head.get("time_zone"),
        tier=head.get("tier"),
        **{name: from_text(head[name]) for name in ("told_at", "erased_at", "tier_told_at") if name in head},
    )
    shared = {name: head.get(name) for name in ("customer_id", "time_zone", "tier")}
    return KnownDates(
        told, {name: _row({"occasion": name, **row, **shared}) for name, row in head.get("dates", {}).items()}
    )
