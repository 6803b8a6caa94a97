"""Several items of several tables in one call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engagement.errors import RetryLaterError
from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3


@dataclass(frozen=True)
class Read[T]:
    """One item to be read: `meaning` makes of its plain values, or of None where there is none, what it stands for."""

    table: str
    key: Mapping[str, str]
    meaning: Callable[[dict[str, Any] | None], T]


def read_together(client: "DynamoDBClient", *reads: Read[Any], consistent: bool = True) -> list[Any]:
    """What each stands for, in their order, by one BatchGetItem; at most 100, no key twice. Reads that need not be
    consistent cost half, and may be a second old.

    Each item is as of its own moment: it is no transaction. Raises RetryLaterError if DynamoDB leaves a part unread.
    """
    wanted: dict[str, Any] = {}
    for read in reads:
        asked = wanted.setdefault(read.table, {"ConsistentRead": consistent, "Keys": []})
        asked["Keys"].append(to_item(read.key))
    found: dict[str, list[dict[str, Any]]] = {}
    for _ in range(_ATTEMPTS):
        answer = client.batch_get_item(RequestItems=wanted)
        for table, items in answer["Responses"].items():
            found.setdefault(table, []).extend(map(from_item, items))
        wanted = answer.get("UnprocessedKeys", {})
        if not wanted:
            return [read.meaning(_item(found.get(read.table, []), read.key)) for read in reads]
    raise RetryLaterError("DynamoDB left a part unread")


def read_one[T](client: "DynamoDBClient", read: Read[T]) -> T:
    """What the one item stands for."""
    meaning: T = read_together(client, read)[0]
    return meaning


def _item(items: list[dict[str, Any]], key: Mapping[str, str]) -> dict[str, Any] | None:
    return next((item for item in items if all(item[name] == value for name, value in key.items())), None)
