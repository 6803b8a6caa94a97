"""LoyaltyTable (`customer_id`, `record_id`), with `ledger_items` the one place that spells its attributes.

A customer's partition holds the `account`, an `entry#…` for every fact that was booked, and an `order#…` or `review#…`
for every order and review that points depend on. Entries are written once and never changed. Beside its sums the
account keeps the tier that was found last (`tier`, `tier_since`, `tier_told`), which is no part of the ledger: it
follows from the balance.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.errors import RetryLaterError
from engagement.items import from_item, to_item
from engagement.races import codes_of_lost_race
from loyalty_accrual.auditing import Audit, audited
from loyalty_accrual.ledger import Account, Entry, Order, Review, Standing
from loyalty_accrual.ledger_items import account_of, entry_of, order_of, review_of, values_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_ACCOUNT, _ENTRY, _ORDER, _REVIEW = "account", "entry#", "order#", "review#"


class Ledger:
    """The ledger of all customers."""

    def __init__(self, client: "DynamoDBClient", table: str, *, page_size: int = 1000) -> None:
        self._client = client
        self._table = table
        self._page_size = page_size

    def order(self, customer_id: str, order_id: str) -> Order:
        """The order as it stands, by a consistent read; one of version 0 if nothing is known of it."""
        record = self._record(customer_id, _ORDER + order_id)
        return order_of(record) if record else Order(customer_id, order_id)

    def review(self, customer_id: str, review_id: str) -> Review:
        """The review as it stands, by a consistent read; one of version 0 if nothing is known of it."""
        record = self._record(customer_id, _REVIEW + review_id)
        return review_of(record) if record else Review(customer_id, review_id)

    def book(self, entry: Entry, source: Order | Review | None = None) -> Entry | None:
        """Book an entry, what it does to the account and the order or review that it came from, all or nothing.

        Returns the entry that the ledger has: this one or, where the fact was booked before, that one. None: the source
        or the account changed since it was read, and nothing was booked. Raises RetryLaterError if the table throttles.
        """
        writes: list[TransactWriteItemTypeDef] = [self._put_entry(entry), self._add_to_account(entry)]
        if source:
            writes.append(self._put_source(source))
        try:
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            reasons = cancelled.response["CancellationReasons"]
            if "Item" in reasons[0]:
                return entry_of(from_item(reasons[0]["Item"]))
            codes_of_lost_race(reasons, refused_by="the ledger's table")
            return None
        return entry

    def entries(self, customer_id: str) -> Iterator[Entry]:
        """All of a customer's entries, by consistent reads, in the order of their ids."""
        return (entry_of(record) for record in self._records(customer_id, _ENTRY))

    def account(self, customer_id: str) -> Account:
        """The customer's account, by a consistent read; an empty one where nothing was ever booked."""
        return account_of(self._record(customer_id, _ACCOUNT))

    def balance(self, customer_id: str) -> int:
        """The points that a customer holds."""
        return self.account(customer_id).balance

    def standing(self, customer_id: str) -> Standing:
        """What the customer holds now, and the tier that was found last, by a consistent read."""
        record = self._record(customer_id, _ACCOUNT)
        return Standing(
            customer_id,
            balance=record.get("balance", 0),
            tier=record.get("tier"),
            since=from_text(record["tier_since"]) if "tier_since" in record else None,
            told=record.get("tier_told", True),
        )

    def keep_tier(self, before: Standing, after: Standing) -> bool:
        """Keep another tier, which is still to be told. False: the balance or the tier is not as in `before` any more,
        and whoever changed it looks at the tier too. Raises RetryLaterError if somebody is booking at this moment.
        """
        unchanged = "tier_since = :read" if before.since else "attribute_not_exists(tier_since)"
        return self._update_tier(
            after,
            "SET tier = :tier, tier_since = :since, tier_told = :told",
            {":tier": after.tier, ":told": False}
            | {":balance": before.balance, ":read": to_text(before.since) if before.since else None},
            f"balance = :balance AND {unchanged}",
        )

    def tier_was_told(self, standing: Standing) -> None:
        """Keep that the news of this tier is out, unless it has changed since. Raises RetryLaterError as above."""
        self._update_tier(standing, "SET tier_told = :told", {":told": True}, "tier_since = :since")

    def audit(self, customer_id: str) -> Audit:
        """Compare a customer's account with its entries, orders and reviews.

        The pages of one reading are not of one moment: where a difference is found while points are being booked for
        this customer, audit again.
        """
        records = list(self._records(customer_id, ""))
        account = next((record for record in records if record["record_id"] == _ACCOUNT), {})
        return audited(
            account_of(account),
            [entry_of(record) for record in records if record["record_id"].startswith(_ENTRY)],
            [order_of(record) for record in records if record["record_id"].startswith(_ORDER)],
            [review_of(record) for record in records if record["record_id"].startswith(_REVIEW)],
        )

    def _record(self, customer_id: str, record_id: str) -> dict[str, Any]:
        key = {"customer_id": customer_id, "record_id": record_id}
        answer = self._client.get_item(TableName=self._table, Key=to_item(key), ConsistentRead=True)
        return from_item(answer.get("Item", {}))

    def _update_tier(self, standing: Standing, update: str, values: dict[str, Any], condition: str) -> bool:
        since = to_text(standing.since) if standing.since else None
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"customer_id": standing.customer_id, "record_id": _ACCOUNT}),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(values | {":since": since}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        except self._client.exceptions.TransactionConflictException:
            raise RetryLaterError("a tier: somebody books on this account at the same time") from None
        return True

    def _records(self, customer_id: str, prefix: str) -> Iterator[dict[str, Any]]:
        narrowed = " AND begins_with(record_id, :prefix)" if prefix else ""
        values = {":customer_id": customer_id} | ({":prefix": prefix} if prefix else {})
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="customer_id = :customer_id" + narrowed,
                ExpressionAttributeValues=to_item(values),
                ConsistentRead=True,
                Limit=self._page_size,
                **start,
            )
            yield from map(from_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _put_entry(self, entry: Entry) -> "TransactWriteItemTypeDef":
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_item(values_of(entry) | {"record_id": _ENTRY + entry.entry_id}),
                "ConditionExpression": "attribute_not_exists(record_id)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def _put_source(self, source: Order | Review) -> "TransactWriteItemTypeDef":
        """Only over the version that it was computed from."""
        first = source.version == 1
        read = {} if first else {"ExpressionAttributeValues": to_item({":read": source.version - 1})}
        record_id = _ORDER + source.order_id if isinstance(source, Order) else _REVIEW + source.review_id
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_item(values_of(source) | {"record_id": record_id}),
                "ConditionExpression": "attribute_not_exists(record_id)" if first else "version = :read",
                **read,  # type: ignore[typeddict-item]
            }
        }

    def _add_to_account(self, entry: Entry) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self._table,
                "Key": to_item({"customer_id": entry.customer_id, "record_id": _ACCOUNT}),
                "UpdateExpression": "ADD balance :points, total_earned :earned, entry_count :one",
                "ExpressionAttributeValues": to_item(
                    {":points": entry.points, ":earned": entry.earned, ":one": 1}
                ),
            }
        }
