"""Several items in as few calls as DynamoDB allows."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import RetryLaterError
from engagement.items import to_item
from engagement.reading import Read, read_one, read_together

MOST_KEYS = 100


class Tables:
    """Has an item for every even number; of each call it leaves so many keys unread. As DynamoDB does, it refuses a
    call for nothing, for too much, or for one key twice.
    """

    def __init__(self, *leaves: int) -> None:
        self._leaves = list(leaves)
        self.calls: list[int] = []
        self.consistent: set[bool] = set()

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
        asked = [(table, key["id"]["S"]) for table, keys in RequestItems.items() for key in keys["Keys"]]
        assert 0 < len(asked) <= MOST_KEYS
        assert len(set(asked)) == len(asked), "Provided list of item keys contains duplicates"
        self.calls.append(len(asked))
        self.consistent |= {keys["ConsistentRead"] for keys in RequestItems.values()}
        leave = self._leaves.pop(0) if self._leaves else 0
        left, read = asked[:leave], asked[leave:]
        responses: dict[str, list[Any]] = {}
        for table, key in reversed(read):  # in no order that one could rely on
            if int(key) % 2 == 0:
                responses.setdefault(table, []).append(to_item({"id": key, "is": f"{table}/{key}"}))
        unread: dict[str, Any] = {}
        for table, key in left:
            kept = unread.setdefault(table, {"ConsistentRead": True, "Keys": []})
            kept["Keys"].append(to_item({"id": key}))
        return {"Responses": responses, "UnprocessedKeys": unread}


def read_of(table: str, number: int) -> Read[str | None]:
    return Read(table, {"id": str(number)}, lambda item: item["is"] if item else None)


def expected(table: str, number: int) -> str | None:
    return f"{table}/{number}" if number % 2 == 0 else None


def read(tables: Tables, *asked: tuple[str, int], **how: bool) -> list[Any]:
    return read_together(cast("Any", tables), *(read_of(*each) for each in asked), **how)


@given(st.lists(st.tuples(st.sampled_from(["carts", "products"]), st.integers(0, 400)), max_size=350))
def test_each_gets_what_it_asked_for_by_as_few_calls_as_there_can_be(asked: list[tuple[str, int]]) -> None:
    tables = Tables()
    assert read(tables, *asked) == [expected(*each) for each in asked]
    assert len(tables.calls) == -(-len(set(asked)) // MOST_KEYS)


def test_up_to_a_hundred_items_are_one_call() -> None:
    tables = Tables()
    read(tables, *(("carts", number) for number in range(MOST_KEYS)))
    assert tables.calls == [MOST_KEYS]


def test_two_who_mean_different_things_by_one_item_both_get_theirs() -> None:
    tables, key = Tables(), {"id": "2"}
    reads = [Read("carts", key, lambda item: item), Read("carts", key, lambda item: item is not None)]
    assert read_together(cast("Any", tables), *reads) == [{"id": "2", "is": "carts/2"}, True]
    assert tables.calls == [1]


def test_what_dynamodb_leaves_unread_is_asked_for_again() -> None:
    asked = [("carts", 2), ("carts", 3), ("carts", 4), ("products", 6), ("products", 8)]
    tables = Tables(2, 1)
    assert read(tables, *asked) == [expected(*each) for each in asked]
    assert tables.calls == [5, 2, 1]
    with pytest.raises(RetryLaterError):
        read(Tables(3, 2, 1), *asked)


def test_reads_are_consistent_unless_somebody_says_that_they_need_not_be() -> None:
    tables = Tables()
    read(tables, ("carts", 1), ("products", 1))
    assert tables.consistent == {True}
    assert read_one(cast("Any", tables), read_of("carts", 2)) == "carts/2"
    tables = Tables()
    read(tables, ("carts", 1), consistent=False)
    assert tables.consistent == {False}
