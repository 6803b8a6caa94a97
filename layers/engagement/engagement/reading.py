"""Several items of several tables in one call."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from engagement.errors import RetryLaterError
from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3
_MOST_KEYS = 100  # BatchGetItem

# A table and a key in it.
type _Place = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Read[T]:
    """One item to be read: `meaning` makes of its plain values, or of None where there is none, what it stands for."""

    table: str
    key: Mapping[str, str]
    meaning: Callable[[dict[str, Any] | None], T]


def read_together(client: "DynamoDBClient", *reads: Read[Any], consistent: bool = True) -> list[Any]:
    """What each stands for, in their order: by one BatchGetItem up to 100 items, and one for each further 100. An item
    that several stand for is read once. Reads that need not be consistent cost half, and may be a second old.

    Each item is as of its own moment: it is no transaction. Raises RetryLaterError if DynamoDB leaves a part unread.
    """
    every = list({_place(read.table, read.key): read for read in reads}.values())
    found: dict[_Place, dict[str, Any]] = {}
    for some in batched(every, _MOST_KEYS, strict=False):
        found |= _read(client, some, consistent=consistent)
    return [read.meaning(found.get(_place(read.table, read.key))) for read in reads]


def read_one[T](client: "DynamoDBClient", read: Read[T]) -> T:
    """What the one item stands for."""
    meaning: T = read_together(client, read)[0]
    return meaning


def _read(
    client: "DynamoDBClient", reads: Iterable[Read[Any]], *, consistent: bool
) -> dict[_Place, dict[str, Any]]:
    wanted: dict[str, Any] = {}
    names: dict[str, tuple[str, ...]] = {}
    for read in reads:
        asked = wanted.setdefault(read.table, {"ConsistentRead": consistent, "Keys": []})
        asked["Keys"].append(to_item(read.key))
        names[read.table] = tuple(read.key)
    found: dict[_Place, dict[str, Any]] = {}
    for _ in range(_ATTEMPTS):
        answer = client.batch_get_item(RequestItems=wanted)
        for table, items in answer["Responses"].items():
            for item in map(from_item, items):
                found[_place(table, {name: item[name] for name in names[table]})] = item
        wanted = answer.get("UnprocessedKeys", {})
        if not wanted:
            return found
    raise RetryLaterError("DynamoDB left a part unread")


def _place(table: str, key: Mapping[str, str]) -> _Place:
    return table, frozenset(key.items())
