"""SendingPaceTable (`account`): the one module that spells its attributes. It has one item."""

from typing import TYPE_CHECKING, Any

from engagement.items import from_item, to_item
from mail_delivery.pace_rules import Timetable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = {"account": "ses"}
_STOP = (
    "SET stopped_until = :until, stopped_because = :because, next_free = if_not_exists(next_free, :zero)"
    " REMOVE trying"
)


class PaceTable:
    """The timetable. Whoever changes it says what they saw; who saw something old is told what it is now."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def queue_up(self, span: int, *, since: int, before: int) -> tuple[bool, Timetable]:
        """Take the next `span` where places are being taken one after the other, whatever others do meanwhile: True,
        and the timetable after it. False, and the timetable as it is, where there is no queue, it is too long, or
        sending is stopped.
        """
        return self._update(
            "SET next_free = next_free + :span",
            "next_free BETWEEN :since AND :before AND attribute_not_exists(stopped_until)",
            {":span": span, ":since": since, ":before": before},
        )

    def replace(self, seen: Timetable, after: Timetable) -> tuple[bool, Timetable]:
        """Put `after` in the place of `seen`. False, and the timetable as it is, if somebody was faster."""
        sets: dict[str, Any] = {
            "next_free": after.next_free,
            "stopped_until": after.stopped_until,
            "stopped_because": after.stopped_because,
            "trying": after.trying or None,
        }
        values = {f":{name}": value for name, value in sets.items() if value is not None}
        absent = [name for name, value in sets.items() if value is None]
        update = "SET " + ", ".join(f"{name[1:]} = {name}" for name in values)
        condition, seen_values = _is_still(seen)
        return self._update(
            update + (f" REMOVE {', '.join(absent)}" if absent else ""), condition, values | seen_values
        )

    def doubt(self) -> Timetable:
        """One more answer of SES that never came."""
        return self._update("ADD doubts :one", "", {":one": 1})[1]

    def stop(self, until: int, because: str) -> None:
        """Nothing is sent until then."""
        self._update(_STOP, "", {":until": until, ":because": because, ":zero": 0})

    def stop_once(self, until: int, because: str) -> bool:
        """Nothing is sent until then. False: it is stopped already, and nobody is trying."""
        unless_stopped = "attribute_not_exists(stopped_until) OR attribute_exists(trying)"
        values = {":until": until, ":because": because, ":zero": 0, ":one": 1}
        return self._update(f"{_STOP} ADD stops :one", unless_stopped, values)[0]

    def go_on(self) -> Timetable:
        """SES took a mail: there is no doubt, and no stop."""
        return self._update("REMOVE stopped_until, stopped_because, trying, doubts, stops", "", {})[1]

    def _update(self, update: str, condition: str, values: dict[str, Any]) -> tuple[bool, Timetable]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": to_item(_KEY),
            "UpdateExpression": update,
            "ReturnValues": "ALL_NEW",
        }
        if values:
            request["ExpressionAttributeValues"] = to_item(values)
        if condition:
            request["ConditionExpression"] = condition
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            answer = self._client.update_item(**request)
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            return False, _timetable(refused.response.get("Item", {}))  # type: ignore[arg-type]
        return True, _timetable(answer.get("Attributes", {}))


def _is_still(seen: Timetable) -> tuple[str, dict[str, Any]]:
    if seen.next_free == 0 and seen.stopped_until is None:
        return "attribute_not_exists(next_free)", {}
    if seen.stopped_until is None:
        return "next_free = :seen AND attribute_not_exists(stopped_until)", {":seen": seen.next_free}
    both = {":seen": seen.next_free, ":seen_stop": seen.stopped_until}
    return "next_free = :seen AND stopped_until = :seen_stop", both


def _timetable(item: dict[str, Any]) -> Timetable:
    known = from_item(item)
    return Timetable(
        next_free=known.get("next_free", 0),
        stopped_until=known.get("stopped_until"),
        stopped_because=known.get("stopped_because"),
        trying=known.get("trying", False),
        doubts=known.get("doubts", 0),
        stops=known.get("stops", 0),
    )
