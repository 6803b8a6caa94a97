"""The local cloud on quick ground for messages that nobody should send: strict where AWS is, and as new after each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

from dynamodb_expressions import Item
from engagement import errors
from local_cloud.cloud import Invocation
from tests.simulation.quick_cloud import QuickCloud
from tests.simulation.quick_engine import QuickEngine

# Bytes: DynamoDB's of a partition key and of an item, SQS's and EventBridge's of a message.
_LONGEST_KEY, _LARGEST_ITEM, _LARGEST_MESSAGE = 2048, 400 * 1024, 256 * 1024
_MOST_DIGITS = 38
# The characters that XML 1.0 has not, and SQS therefore refuses.
_NOT_IN_XML = {*map(chr, range(32)), "\ufffe", "\uffff"} - {"\t", "\n", "\r"}
_OUR_ERRORS = {name for name, each in vars(errors).items() if isinstance(each, type)}


class StrictEngine(QuickEngine):
    """Refuses what DynamoDB refuses about keys, numbers and sizes."""

    def _key(self, table: str, item: Item) -> tuple[str, ...]:
        for name in self._keys[table]:
            _check_key(name, item[name])
        return super()._key(table, item)

    def _write(self, request: Mapping[str, Any], change: Any, key: Item | None = None) -> Item:
        def checked(old: Item, words: Any) -> Item:
            new: Item = change(old, words)
            _check_values(new)
            for (table, _), names in self._indexes.items():
                for name in names:
                    if table == request["TableName"] and name in new:
                        _check_key(name, new[name])
            if _size(new) > _LARGEST_ITEM:
                raise _refused("Item size has exceeded the maximum allowed size")
            return new

        return super()._write(request, checked, key)


@dataclass(frozen=True)
class Left:
    """What there is after a run: in the tables, and what has been handed on."""

    tables: Mapping[str, Mapping[Any, Any]]
    handed_on: Sequence[str]


class FuzzCloud(QuickCloud):
    """`handed_on`: every message and event that a function put somewhere, and every mail."""

    def __init__(self, *, now: datetime) -> None:
        super().__init__(now=now, on_handled=lambda _function, _message: None, seed=1)
        self.handed_on: list[str] = []

    def _enter(self, exits: Any) -> None:
        super()._enter(exits)
        properties = self._ground.resources("AWS::DynamoDB::Table").values()
        self.engine = self.aws.engine = StrictEngine({each["TableName"]: each for each in properties})
        self.aws.on_message = lambda queue, body: self._on_way(f"{queue}: {body}")
        self.aws.on_event = lambda entry: self._on_way(entry["Detail"])

    def _on_way(self, body: str) -> None:
        if _NOT_IN_XML & set(body) or len(body.encode()) > _LARGEST_MESSAGE:
            raise _refused("Invalid characters found, or too long")
        self.handed_on.append(body)

    def at(self, moment: datetime) -> None:
        """The clock shows this moment, whatever it showed before."""
        self._clock.move_to(moment)

    @contextmanager
    def a_new_day(self, moment: datetime) -> Iterator[None]:
        """All that happens within is undone at its end; functions stay warm."""
        tables, start = {name: dict(items) for name, items in self.engine.tables.items()}, self.now
        indexes = {name: {at: dict(keys) for at, keys in group.items()} for name, group in _with(self.engine)}
        self.at(moment)
        for each in (self.handed_on, self.logs, self.calls, self.invocations, self.mails):
            each.clear()
        try:
            yield
        finally:
            self.at(start)
            self.engine.tables = tables
            for name, group in _with(self.engine):
                group.clear()
                group.update(indexes[name])
            for queue in self.queues.by_name.values():
                queue.messages.clear()
            self._mailbox.take_events()

    def left(self) -> Left:
        return Left(
            {name: dict(items) for name, items in self.engine.tables.items()},
            [*self.handed_on, *(str(mail) for mail in self.mails)],
        )


def clear_failures(invocation: Invocation) -> dict[str, str]:
    """The message ids that failed in a run, and the name of our error that each failed with; what is wrong with how it
    was told is an AssertionError."""
    assert invocation.ok, invocation.trace
    told: dict[str, str] = {}
    for line in (json.loads(each) for each in invocation.logs if each.startswith("{")):
        if line.get("message") == "message failed":
            told[line["message_id"]] = line["error"]
        if "place" in line:
            raise AssertionError(f"an error that says nothing: {line['error']} at {line['place']}")
        if "error" in line:
            assert line["error"] in _OUR_ERRORS, line
            assert len(line["reason"]) < 2_000, f"a reason of {len(line['reason'])} characters"
            assert line["reason"].strip(), line
    named = [each["itemIdentifier"] for each in invocation.result["batchItemFailures"]]
    assert sorted(told) == sorted(named), (
        "what failed, what is logged, and what stays on the queue are the same"
    )
    return told


def _check_key(name: str, value: Item) -> None:
    if "S" in value and not 0 < len(_bytes(value["S"])) <= _LONGEST_KEY:
        raise _refused(f"One or more parameter values are not valid: the key {name}")


def _check_values(value: Any) -> None:
    match value:
        case {"N": str(number)} if len(value) == 1:
            exact = Decimal(number)
            digits = "".join(map(str, exact.as_tuple().digits)).strip("0")
            if not exact.is_finite() or len(digits) > _MOST_DIGITS:
                raise _refused("Number overflow")
        case {"S": str(text)} if len(value) == 1:
            _bytes(text)
        case dict():
            for name, each in value.items():
                _bytes(name)
                _check_values(each)
        case list():
            for each in value:
                _check_values(each)
        case _:
            pass


def _size(value: Any) -> int:
    match value:
        case dict():
            return sum(len(name.encode()) + _size(each) for name, each in value.items())
        case list():
            return sum(map(_size, value))
        case _:
            return len(value if isinstance(value, bytes) else str(value).encode())


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _refused("a string that is not UTF-8") from None


def _refused(reason: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationException", "Message": reason}}, "Call")


def _with(engine: QuickEngine) -> list[tuple[tuple[str, str], Any]]:
    return list(engine._with.items())


def all_clear(cloud: FuzzCloud, tells: Iterable[str]) -> None:
    """Every run went through, what failed in it says why in our words, and no line tells what is in `tells`."""
    for invocation in cloud.invocations:
        assert invocation.ok, f"{invocation.function}: {invocation.trace}"
        for line in invocation.logs:
            assert not any(word in line for word in tells), f"{invocation.function}: {line}"
            if line.startswith("{"):
                entry = json.loads(line)
                assert "place" not in entry, f"{invocation.function}: {line}"
                assert entry.get("error", "RetryLaterError") in _OUR_ERRORS, line
