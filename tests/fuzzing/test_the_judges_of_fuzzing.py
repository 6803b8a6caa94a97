"""What the other tests here go by finds fault where there is one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fuzz_cloud import StrictEngine, clear_failures
from local_cloud.cloud import Invocation

TABLE = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}


def a_run(*lines: dict[str, Any], failed: tuple[str, ...] = ()) -> Invocation:
    result = {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
    logs = tuple(json.dumps(line) for line in lines)
    return Invocation("Function", datetime(2027, 3, 1, tzinfo=UTC), result, None, "", logs, ())


SAID = {
    "message": "message failed",
    "message_id": "m",
    "error": "MalformedMessageError",
    "reason": "points: …",
}


def test_a_failure_that_says_why_is_clear() -> None:
    assert clear_failures(a_run(SAID, failed=("m",))) == {"m": "MalformedMessageError"}


@pytest.mark.parametrize(
    ("line", "failed"),
    [
        (SAID, ()),
        (SAID, ("m", "another")),
        (SAID | {"error": "KeyError", "place": "rules.py:7"}, ("m",)),
        (SAID | {"error": "KeyError"}, ("m",)),
        (SAID | {"reason": " "}, ("m",)),
        (SAID | {"reason": "x" * 3_000}, ("m",)),
    ],
    ids=[
        "not reported",
        "its neighbour reported",
        "a place alone",
        "a stranger",
        "no reason",
        "a reason of pages",
    ],
)
def test_any_other_is_not(line: dict[str, Any], failed: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError):
        clear_failures(a_run(line, failed=failed))


@pytest.mark.parametrize(
    "item",
    [
        {"id": {"S": ""}},
        {"id": {"S": "x" * 2049}},
        {"id": {"S": "x"}, "points": {"N": "9" * 39}},
        {"id": {"S": "x"}, "points": {"N": "NaN"}},
        {"id": {"S": "x"}, "name": {"S": "\ud800"}},
        {"id": {"S": "x"}, "page": {"B": b"x" * 410_000}},
    ],
    ids=["empty key", "long key", "many digits", "no number", "no character", "large item"],
)
def test_the_engine_refuses_what_dynamodb_refuses(item: dict[str, Any]) -> None:
    engine = StrictEngine({"T": TABLE})
    with pytest.raises(ClientError, match="ValidationException"):
        engine.put_item(TableName="T", Item=item)
