"""One item's update, and what the item says then; or its end."""

from typing import TYPE_CHECKING, Any

from engagement.errors import RetryLaterError
from engagement.items import from_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class OvertakenError(RetryLaterError):
    """Somebody writes at this moment what we looked at: look again at once."""


def update_item(client: "DynamoDBClient", **request: Any) -> dict[str, Any] | None:
    """The item as it stands now, whether the condition held or not; None: there is none. Raises OvertakenError."""
    try:
        answer = client.update_item(
            **request, ReturnValues="ALL_NEW", ReturnValuesOnConditionCheckFailure="ALL_OLD"
        )
    except client.exceptions.ConditionalCheckFailedException as refused:
        item: dict[str, Any] | None = refused.response.get("Item")  # type: ignore[assignment]
        return from_item(item) if item else None
    except client.exceptions.TransactionConflictException:
        raise OvertakenError("a transaction holds the item") from None
    return from_item(answer["Attributes"])


def delete_item(client: "DynamoDBClient", **request: Any) -> None:
    """Delete an item; one that is gone already is no matter. Raises OvertakenError if its condition does not hold."""
    try:
        client.delete_item(**request)
    except client.exceptions.ConditionalCheckFailedException:
        raise OvertakenError("somebody wrote the item meanwhile") from None
    except client.exceptions.TransactionConflictException:
        raise OvertakenError("a transaction holds the item") from None
