"""A DynamoDB client whose transactions are cancelled, as the real service does and the engine here never will."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Conflicting:
    """A client whose next transactions are cancelled, as the real service does and the engine here never will."""

    def __init__(
        self, client: "DynamoDBClient", *, conflicts: int, code: str = "TransactionConflict"
    ) -> None:
        self.left = conflicts
        self._code = code
        self._lock = threading.Lock()
        self.client: Any = _Through(client, self._transact)

    def _transact(self, client: "DynamoDBClient", **request: Any) -> object:
        with self._lock:
            self.left -= 1
            conflict = self.left >= 0
        if not conflict:
            return client.transact_write_items(**request)
        reasons = [{"Code": "None"}, {"Code": self._code}, {"Code": "None"}]
        answer: Any = {
            "Error": {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"},
            "CancellationReasons": reasons,
        }
        cancelled: type[ClientError] = client.exceptions.TransactionCanceledException
        raise cancelled(answer, "TransactWriteItems")


class _Through:
    def __init__(self, client: "DynamoDBClient", transact: Callable[..., object]) -> None:
        self._client = client
        self._transact = transact

    def transact_write_items(self, **request: Any) -> object:
        return self._transact(self._client, **request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)
