"""A DynamoDB client of which one transaction in ten meets trouble, as among the million that a day has."""

import random
import threading
from collections import Counter
from typing import Any

from botocore.exceptions import ClientError

from mail_house import Kill, throttled


class Unreliable:
    """A conflict, a throttle, or the worker's death after its effect; `met` counts them."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._random = random.Random(7)
        self.met: Counter[str] = Counter()
        self._lock = threading.Lock()

    def transact_write_items(self, **request: Any) -> object:
        with self._lock:
            fate = self._random.choices(["none", "conflict", "throttle", "kill"], [90, 4, 3, 3])[0]
            self.met[fate] += 1
        if fate == "conflict":
            answer: Any = {
                "Error": {"Code": "TransactionCanceledException"},
                "CancellationReasons": [{"Code": "TransactionConflict"}],
            }
            cancelled: type[ClientError] = self._client.exceptions.TransactionCanceledException
            raise cancelled(answer, "TransactWriteItems")
        if fate == "throttle":
            raise throttled()
        answer = self._client.transact_write_items(**request)
        if fate == "kill":
            raise Kill
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)
