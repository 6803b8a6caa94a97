"""ReviewsTable (`review_id`): the one module that spells its attributes. With it go the ratings, in one transaction.

An item is in an index while that concerns it: `by_product` while it is shown, `pending` while it waits for somebody's
look, `due` while something of it is to be told. `by_customer` has all. An unanswered invitation expires.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from engagement.clock import from_text, to_text
from engagement.due_work import DueWork, due_attributes
from engagement.items import from_item, to_item
from engagement.races import codes_of_lost_race
from engagement.reading import Read, read_one, read_together
from reviews.ratings_table import Ratings
from reviews.review import Draft, News, Review, State
from reviews.rules import growth

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# Partitions of the index `pending`.
PENDING_SHARDS = 4
# All that a review may have, but its key.
_ATTRIBUTES = (
    *(name for name in Review.__dataclass_fields__ if name != "review_id"),
    *("due_at", "due_shard", "pending_shard", "expires_at"),
)
_INSTANTS = ("submitted_at", "published_at", "changed_at", "invited_at", "until")


@dataclass(frozen=True)
class Page:
    """Some of a product's reviews; `after`: the index's key of the last one, None if there are no more."""

    reviews: tuple[Review, ...]
    after: Mapping[str, str] | None


class Reviews:
    def __init__(self, client: "DynamoDBClient", table: str, *, page_size: int = 100) -> None:
        self._client = client
        self._table = table
        self._page_size = page_size
        self.due_work = DueWork(client, table, key_names=("review_id",))

    def find(self, review_id: str) -> Review | None:
        """The review as it is now, by a consistent read."""
        return read_one(self._client, self._reading(review_id))

    def find_with[T](self, review_id: str, other: Read[T]) -> tuple[Review | None, T]:
        """The review and something else, in one call."""
        review, found = read_together(self._client, self._reading(review_id), other)
        return review, found

    def write(self, before: Review | None, after: Review | None, ratings: Ratings | None = None) -> bool:
        """Write the review, or delete it, over the state that it came from, together with what it counts.

        False: that state is not the one that stands any more, or others write at the same time; nothing was written.
        Raises RetryLaterError if a table throttles.
        """
        writes = [self._change(before, after)]
        if difference := growth(before, after):
            shown = after or before
            assert ratings, "what is shown counts"
            assert shown, "what counts was written"
            writes.append(ratings.write(shown, difference))
        try:
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes_of_lost_race(cancelled.response["CancellationReasons"], refused_by="the reviews' tables")
            return False
        return True

    def was_told(self, review: Review) -> None:
        """The bus took all that was to be told as of this revision; of a later one there is more to tell."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"review_id": review.review_id}),
                UpdateExpression="REMOVE untold, due_at, due_shard",
                ConditionExpression="revision = :told",
                ExpressionAttributeValues=to_item({":told": review.revision}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def reinvite(self, review: Review) -> bool:
        """A written review has a new invitation: of all else nothing changes, so it has no revision. False: somebody
        changed it meanwhile.
        """
        assert review.invited_at and review.until, "it was invited"  # noqa: PT018
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"review_id": review.review_id}),
                UpdateExpression="SET invited_at = :at, #until = :until",
                ConditionExpression="revision = :read",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=to_item(
                    {
                        ":at": to_text(review.invited_at),
                        ":until": to_text(review.until),
                        ":read": review.revision,
                    }
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def ids_of(self, customer_id: str) -> Iterator[str]:
        """The ids of all reviews of a customer, from an index that may be a second old."""
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._table,
                IndexName="by_customer",
                KeyConditionExpression="customer_id = :customer",
                ExpressionAttributeValues=to_item({":customer": customer_id}),
                Limit=self._page_size,
                **start,
            )
            yield from (from_item(item)["review_id"] for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def published(self, product_id: str, limit: int, after: Mapping[str, str] | None = None) -> Page:
        """A product's reviews that are shown, the newest first, from an index that may be a second old."""
        answer = self._client.query(
            TableName=self._table,
            IndexName="by_product",
            KeyConditionExpression="product_id = :product",
            ExpressionAttributeValues=to_item({":product": product_id}),
            ScanIndexForward=False,
            Limit=limit,
            **({"ExclusiveStartKey": to_item(after)} if after else {}),  # type: ignore[arg-type]
        )
        items = [from_item(item) for item in answer["Items"]]
        last = items[-1] if "LastEvaluatedKey" in answer else None
        following = (
            {name: last[name] for name in ("product_id", "published_at", "review_id")} if last else None
        )
        return Page(tuple(map(review_from, items)), following)

    def _reading(self, review_id: str) -> Read[Review | None]:
        return Read(self._table, {"review_id": review_id}, lambda item: review_from(item) if item else None)

    def _change(self, before: Review | None, after: Review | None) -> "TransactWriteItemTypeDef":
        if before is None:
            assert after, "nothing can become of nothing"
            condition = "attribute_not_exists(review_id)"
            item = to_item(_item(after))
            return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": condition}}
        over: Any = {
            "TableName": self._table,
            "Key": to_item({"review_id": before.review_id}),
            "ConditionExpression": "#revision = :read",
            "ExpressionAttributeNames": {"#revision": "revision"},
            "ExpressionAttributeValues": to_item({":read": before.revision}),
        }
        if after is None:
            return {"Delete": over}
        # All of it is written anew, by an update, because the page may not put what nobody was invited to.
        values = {name: value for name, value in _item(after).items() if name != "review_id"}
        gone = [name for name in _ATTRIBUTES if values.get(name) is None]
        kept = [name for name in _ATTRIBUTES if values.get(name) is not None]
        sets = ", ".join(f"#{name} = :{name}" for name in kept)
        over["UpdateExpression"] = f"SET {sets} REMOVE {', '.join(f'#{name}' for name in gone)}"
        over["ExpressionAttributeNames"] |= {f"#{name}": name for name in _ATTRIBUTES}
        over["ExpressionAttributeValues"] |= to_item({f":{name}": values[name] for name in kept})
        return {"Update": over}


def _item(review: Review) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: value for name, value in vars(review).items() if name not in ("draft", "untold")
    }
    values |= {name: to_text(values[name]) for name in _INSTANTS if values[name]}
    values["state"] = review.state.value
    if review.draft:
        values["draft"] = asdict(review.draft)
    if review.untold:
        values["untold"] = [asdict(news) | {"at": to_text(news.at)} for news in review.untold]
        values |= due_attributes(review.review_id, review.changed_at)
    if review.state is State.PENDING:
        values["pending_shard"] = f"shard-{crc32(review.review_id.encode()) % PENDING_SHARDS}"
    if review.state is State.INVITED and review.until:
        values["expires_at"] = int(review.until.timestamp())
    return values


def review_from(item: Mapping[str, Any]) -> Review:
    """A review from its item's plain values."""
    values = {name: item.get(name) for name in Review.__dataclass_fields__}
    values |= {name: from_text(item[name]) for name in _INSTANTS if name in item}
    return Review(
        **values  # type: ignore[arg-type]
        | {
            "state": State(item["state"]),
            "draft": Draft(**item["draft"]) if "draft" in item else None,
            "untold": tuple(News(**news | {"at": from_text(news["at"])}) for news in item.get("untold", ())),
        }
    )
