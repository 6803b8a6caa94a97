"""What a queue's door counts and logs of messages that fail."""

import json
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement.errors import MalformedMessageError, RetryLaterError
from engagement.queue_door import process_queue

CONTEXT = cast(LambdaContext, None)


def batch(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"m-{body}", "body": body, "receiptHandle": "r", "eventSource": "aws:sqs"}
            for body in bodies
        ]
    }


def handle(body: str) -> None:
    if body == "bad":
        raise MalformedMessageError("CartUpdated: cart_id: Field required")
    if body == "later":
        raise RetryLaterError("others write this cart")


@pytest.mark.parametrize("at_once", [1, 4])
def test_those_that_fail_are_counted_by_door_and_those_that_are_to_come_later_are_not(
    at_once: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = process_queue(batch("good", "bad", "later", "bad"), CONTEXT, handle, at_once=at_once)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counted = [line for line in told if "MessagesFailed" in line]
    assert [line["MessagesFailed"] for line in counted] == [[2.0], [2.0]]
    assert {line.get("door") for line in counted} == {None, handle.__module__}
    assert len(answer["batchItemFailures"]) >= 2


def test_a_good_batch_counts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert process_queue(batch("good", "fine"), CONTEXT, handle) == {"batchItemFailures": []}
    assert "MessagesFailed" not in capsys.readouterr().out
