"""LoyaltyTable (`customer_id`, `record_id`), with `ledger_items` the one place that spells its attributes.

A customer's partition holds the `account`, an `entry#…` for every fact that was booked, and an `order#…`, `review#…`
or `reservation#…` for whatever points depend on. Entries are written once and never changed; the index `by_sequence`
has them in the order in which they were booked. The account is written with every booking, on condition that it is as
it was read: what was decided upon all is still true of all. It is the one that falls due.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.due_work import DueWork, due_attributes
from engagement.errors import RetryLaterError
from engagement.items import from_item, to_item
from engagement.mail_orders import Premise
from engagement.observability import customer_ref
from engagement.races import codes_of_lost_race
from engagement.reading import Read, read_together
from loyalty.drafts import Draft
from loyalty.entries import Entry
from loyalty.ledger_items import (
    ACCOUNT,
    ENTRY,
    ORDER,
    RESERVATION,
    REVIEW,
    Record,
    id_of,
    record_of,
    records_of,
    values_of,
)
from loyalty.records import Account, Order, Records, Reservation, Review

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY_NAMES = ("customer_id", "record_id")
_BY_SEQUENCE = "by_sequence"


@dataclass(frozen=True)
class Known:
    """What the ledger knows of what was asked for: an account, order or review of version 0 is new."""

    account: Account
    entry: Entry | None = None
    order: Order | None = None
    review: Review | None = None
    reservation: Reservation | None = None


class Ledger:
    """The ledger of all customers."""

    def __init__(self, client: "DynamoDBClient", table: str, *, page_size: int = 1000) -> None:
        self._client = client
        self._table = table
        self._page_size = page_size
        self.due_work = DueWork(client, table, key_names=KEY_NAMES, log_as=_log_as)

    def read(
        self,
        customer_id: str,
        *,
        entry_id: str | None = None,
        order_id: str | None = None,
        review_id: str | None = None,
        reservation_id: str | None = None,
    ) -> Known:
        """The account, and of the others what is asked for, by one consistent read. Raises RetryLaterError."""
        asked = {
            "account": ACCOUNT,
            "entry": entry_id and ENTRY + entry_id,
            "order": order_id and ORDER + order_id,
            "review": review_id and REVIEW + review_id,
            "reservation": reservation_id and RESERVATION + reservation_id,
        }
        ids = {name: record_id for name, record_id in asked.items() if record_id}
        reads = [Read(self._table, _key(customer_id, each), lambda item: item) for each in ids.values()]
        found: dict[str, Any] = dict(zip(ids, read_together(self._client, *reads), strict=True))
        return Known(
            account=_of(Account, found["account"]) or Account(customer_id),
            entry=_of(Entry, found.get("entry")),
            order=(_of(Order, found.get("order")) or Order(customer_id, order_id)) if order_id else None,
            review=(_of(Review, found.get("review")) or Review(customer_id, review_id))
            if review_id
            else None,
            reservation=_of(Reservation, found.get("reservation")),
        )

    def write(
        self,
        draft: Draft,
        *,
        due_at: datetime | None,
        order: Order | None = None,
        review: Review | None = None,
        reservation: Reservation | None = None,
    ) -> bool:
        """Write what the draft makes new, with the records, all or nothing; `due_at`: when the account is to be looked
        at next. False: somebody else wrote since the account was read. Raises RetryLaterError if a write is throttled.
        """
        records = [record for record in (order, review, reservation) if record]
        if not draft.changed and not records:
            return True
        account = replace(draft.account, version=draft.read.version + 1)
        puts = [self._put(entry, _is_new()) for entry in draft.entries]
        puts += [self._put(account, _as_read(account), due_at)]
        puts += [self._put(record, _as_read(record)) for record in records]
        return self._transact(puts) if len(puts) > 1 else self._put_alone(puts[0])

    def clear_outbox(self, account: Account, due_at: datetime | None) -> bool:
        """Write the account as it is without what is out by now. False: it changed since it was read, and whoever
        changed it sees to what is left.
        """
        cleared = replace(account, version=account.version + 1)
        return self._put_alone(self._put(cleared, _as_read(cleared), due_at))

    def account(self, customer_id: str) -> Account:
        """The customer's account, by a consistent read; one of version 0 where nothing was ever booked."""
        return self._record(Account, customer_id, ACCOUNT) or Account(customer_id)

    def entry(self, customer_id: str, entry_id: str) -> Entry | None:
        """An entry, by a consistent read."""
        return self.read(customer_id, entry_id=entry_id).entry

    def entries(self, customer_id: str) -> Iterator[Entry]:
        """All of a customer's entries as they were booked, by consistent reads."""
        items = self._query(customer_id, IndexName=_BY_SEQUENCE, Limit=self._page_size)
        return (record_of(Entry, item) for item in items)

    def page(
        self, customer_id: str, *, before: int | None = None, limit: int
    ) -> tuple[list[Entry], int | None]:
        """The newest entries booked before the one of sequence `before`, newest first, and the `before` of the next
        page: None where there is none.
        """
        narrowed: dict[str, Any] = {}
        if before is not None:
            narrowed = {"narrowed": " AND #sequence < :before", "values": {":before": before}}
        items = self._query(
            customer_id, IndexName=_BY_SEQUENCE, ScanIndexForward=False, Limit=limit, **narrowed
        )
        page = [record_of(Entry, item) for _, item in zip(range(limit), items, strict=False)]
        more = bool(page) and len(page) == limit and page[-1].sequence > 1
        return page, page[-1].sequence if more else None

    def records(self, customer_id: str) -> Records:
        """All that is kept of a customer. The pages of one reading are not of one moment: where an audit finds a
        difference while somebody books, audit again.
        """
        return records_of(customer_id, self._query(customer_id, Limit=self._page_size))

    def part(self, number: int, of: int) -> Iterator[dict[str, Any]]:
        """The items of one of so many parts of the table, whole customers, one after the other; for an audit alone."""
        start: dict[str, Any] = {}
        wanted: Any = {"Segment": number, "TotalSegments": of, "Limit": self._page_size}
        while True:
            page = self._client.scan(TableName=self._table, ConsistentRead=True, **wanted, **start)
            yield from map(from_item, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def premise(self, account: Account) -> Premise:
        """A mail about what could be spent is true as long as nothing was."""
        return Premise(
            table=self._table,
            key=_key(account.customer_id, ACCOUNT),
            still={"last_redemption": account.last_redemption},
        )

    def _record[R: Record](self, kind: type[R], customer_id: str, record_id: str) -> R | None:
        key = to_item(_key(customer_id, record_id))
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return _of(kind, from_item(answer.get("Item", {})))

    def _query(
        self, customer_id: str, *, narrowed: str = "", values: dict[str, Any] | None = None, **wanted: Any
    ) -> Iterator[dict[str, Any]]:
        if narrowed:
            wanted["ExpressionAttributeNames"] = {"#sequence": "sequence"}
        while True:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="customer_id = :customer" + narrowed,
                ExpressionAttributeValues=to_item({":customer": customer_id} | (values or {})),
                ConsistentRead=True,
                **wanted,
            )
            yield from map(from_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            wanted["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _put(
        self, record: Record, condition: dict[str, Any], due_at: datetime | None = None
    ) -> dict[str, Any]:
        due = due_attributes(record.customer_id, due_at) if due_at else {}
        item = to_item(values_of(record) | _key(record.customer_id, id_of(record)) | due)
        return {"TableName": self._table, "Item": item, **condition}

    def _transact(self, puts: list[dict[str, Any]]) -> bool:
        try:
            writes: Any = [{"Put": put} for put in puts]
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes_of_lost_race(cancelled.response["CancellationReasons"], refused_by="the ledger's table")
            return False
        return True

    def _put_alone(self, put: dict[str, Any]) -> bool:
        try:
            self._client.put_item(**put)
        except (
            self._client.exceptions.ConditionalCheckFailedException,
            self._client.exceptions.TransactionConflictException,
        ):
            return False
        except self._client.exceptions.ProvisionedThroughputExceededException:
            raise RetryLaterError("the ledger's table throttles") from None
        return True


def _of[R: Record](kind: type[R], item: dict[str, Any] | None) -> R | None:
    return record_of(kind, item) if item else None


def _key(customer_id: str, record_id: str) -> dict[str, str]:
    return {"customer_id": customer_id, "record_id": record_id}


def _is_new() -> dict[str, Any]:
    return {"ConditionExpression": "attribute_not_exists(record_id)"}


def _as_read(record: Account | Order | Review | Reservation) -> dict[str, Any]:
    """Only over the version that it was computed from."""
    if record.version == 1:
        return _is_new()
    read = to_item({":read": record.version - 1})
    return {"ConditionExpression": "version = :read", "ExpressionAttributeValues": read}


def _log_as(item: dict[str, Any]) -> dict[str, str]:
    return {"customer_ref": customer_ref(item["customer_id"])}
