"""A client of AWS whose every call can be watched, and so be the moment at which something else happens."""

from collections.abc import Callable, Iterator
from typing import Any, Literal, Protocol

from dynamodb_in_memory import pages_of_query

type Moment = Literal["before", "after"]


class Watcher(Protocol):
    """`watch` hears of each call, by its name in boto3."""

    watch: Callable[[Moment, str], None]


class Watched:
    """`client` as `owner` has it watched, whoever watches at the time."""

    def __init__(self, client: Any, owner: Watcher) -> None:
        self._client, self._owner = client, owner

    def get_paginator(self, operation: str) -> "Watched":
        assert operation == "query"
        return self

    def paginate(self, **request: Any) -> Iterator[Any]:
        return pages_of_query(self, request)

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions":
            return attribute

        def call(**request: Any) -> Any:
            self._owner.watch("before", name)
            try:
                return attribute(**request)
            finally:
                self._owner.watch("after", name)

        return call
