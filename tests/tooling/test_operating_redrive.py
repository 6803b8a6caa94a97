"""`rishta redrive`, as an operator types it: look, then put back; nothing is lost, nothing personal is shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from operated_stack import operated_stack, rishta
from rishta_cli.operating.dead_letter_queue import DeadLetter, DeadLetterQueue
from rishta_cli.stacks import ConsumerQueue, Stack
from shop_facts import cart_updated, on_the_bus, order_placed

POISON = '{"detail-type": "CartUpdated", "detail": {"cart_id":'
WRONG = json.dumps({"detail-type": "CartUpdated", "detail": {"cart_id": "mira@mail.example.com"}})


@pytest.fixture
def stack() -> Iterator[Stack]:
    with operated_stack() as stack:
        yield stack


@pytest.fixture
def queue(stack: Stack) -> ConsumerQueue:
    return stack.queues()["CartNudgesQueue"]


def lay(queue: ConsumerQueue, *bodies: str) -> None:
    for body in bodies:
        boto3.client("sqs").send_message(QueueUrl=queue.dead_letters_url, MessageBody=body)


def lying(url: str) -> list[str]:
    """What lies in a queue, without using it up."""
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(each["Body"] for each in found.get("Messages", []))


def test_looking_tells_kinds_and_reasons_and_moves_nothing(queue: ConsumerQueue) -> None:
    good = [on_the_bus(cart_updated("cart-1")), on_the_bus(cart_updated("cart-2"))]
    lay(queue, *good, POISON, WRONG)
    done = rishta("redrive", "CartNudgesQueue", "--stack", "rishta")
    assert done.exit_code == 1, done.output
    (cart,) = [line for line in done.output.splitlines() if "reads well" in line]
    assert "CartUpdated" in cart
    assert " 2 " in cart
    assert "it is no JSON" in done.output
    assert "event_id: Field required" in done.output
    assert "2 may pass now. Nothing was moved" in done.output
    assert lying(queue.dead_letters_url) == sorted([*good, POISON, WRONG])
    assert lying(queue.url) == []


def test_looking_shows_nothing_of_a_person(queue: ConsumerQueue) -> None:
    lay(queue, WRONG, on_the_bus(cart_updated(email="asha@mail.example.com")))
    done = rishta("redrive", "CartNudgesQueue", "--stack", "rishta")
    assert "@" not in done.output


def test_what_may_pass_goes_back_and_poison_stays_visible(queue: ConsumerQueue) -> None:
    good = [on_the_bus(cart_updated()), on_the_bus(order_placed())]
    lay(queue, *good, POISON)
    done = rishta("redrive", "CartNudgesQueue", "--stack", "rishta", "--go", "--per-second", "1000")
    assert done.exit_code == 1
    assert "CartNudgesQueue: 2 put back, 0 set aside, 1 left where they are." in done.output
    assert lying(queue.url) == sorted(good)
    assert lying(queue.dead_letters_url) == [POISON]


def test_poison_is_set_aside_into_a_file_that_only_its_owner_may_read(
    queue: ConsumerQueue, tmp_path: Path
) -> None:
    lay(queue, POISON)
    file = tmp_path / "aside" / "poison.jsonl"
    done = rishta("redrive", "CartNudgesQueue", "--stack", "rishta", "--go", "--set-aside", str(file))
    assert done.exit_code == 0, done.output
    assert lying(queue.dead_letters_url) == []
    assert [json.loads(line)["body"] for line in file.read_text().splitlines()] == [POISON]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_redrive_that_was_cut_short_is_taken_up_by_the_next(queue: ConsumerQueue) -> None:
    bodies = [on_the_bus(cart_updated(f"cart-{number}")) for number in range(7)]
    lay(queue, *bodies)
    words = ["redrive", "CartNudgesQueue", "--stack", "rishta", "--go", "--per-second", "1000"]
    first = rishta(*words, "--at-most", "4")
    assert first.exit_code == 1
    assert "About 3 are still to be done" in first.output
    second = rishta(*words)
    assert second.exit_code == 0, second.output
    assert lying(queue.url) == sorted(bodies)
    assert lying(queue.dead_letters_url) == []


def test_whoever_interrupts_a_redrive_loses_nothing_and_goes_on_with_the_same_command(
    queue: ConsumerQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [on_the_bus(cart_updated(f"cart-{number}")) for number in range(5)]
    lay(queue, *bodies)
    move, moved = DeadLetterQueue.move, list[DeadLetter]()

    def interrupted(self: DeadLetterQueue, letter: DeadLetter) -> None:
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(letter)
        move(self, letter)

    words = ["redrive", "CartNudgesQueue", "--stack", "rishta", "--go", "--per-second", "1000"]
    with monkeypatch.context() as patched:
        patched.setattr(DeadLetterQueue, "move", interrupted)
        told = rishta(*words)
    assert told.exit_code == 1
    assert "2 put back" in told.output
    assert "About 3 are still to be done" in told.output
    assert rishta(*words).exit_code == 0
    assert lying(queue.url) == sorted(bodies)


def test_a_letter_is_sent_before_it_is_deleted(queue: ConsumerQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    body = on_the_bus(cart_updated())
    lay(queue, body)

    def refused(*_: object) -> None:
        raise ClientError({"Error": {"Code": "RequestThrottled", "Message": "slow down"}}, "DeleteMessage")

    monkeypatch.setattr(DeadLetterQueue, "delete", refused)
    told = rishta("redrive", "CartNudgesQueue", "--stack", "rishta", "--go")
    assert told.exit_code == 1
    assert lying(queue.url) == [body]
    assert lying(queue.dead_letters_url) == [body]  # twice, which its consumer takes; never lost


def test_what_a_letter_carries_besides_its_body_goes_along(queue: ConsumerQueue) -> None:
    body = on_the_bus(cart_updated())
    boto3.client("sqs").send_message(
        QueueUrl=queue.dead_letters_url,
        MessageBody=body,
        MessageAttributes={
            "trace": {"DataType": "String", "StringValue": "kept"},
            "ERROR_CODE": {"DataType": "String", "StringValue": "SQS_THROTTLED"},
        },
    )
    rishta("redrive", "CartNudgesQueue", "--stack", "rishta", "--go")
    (moved,) = boto3.client("sqs").receive_message(QueueUrl=queue.url, MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert moved["Body"] == body
    assert list(moved["MessageAttributes"]) == ["trace"]


def test_what_nested_stacks_hold_is_found_under_their_names_unless_it_is_not_asked_for(stack: Stack) -> None:
    assert {"CartNudgesQueue", "CartNudgesQueue/Queue", "CartNudgesQueue/DeadLetterQueue"} <= set(
        stack.resources
    )
    assert stack.resources["CartNudgesQueue/Queue"].type == "AWS::SQS::Queue"
    assert set(Stack.deployed("rishta", whole=False).resources) == {"CartNudgesQueue"}


def test_no_dead_letters_is_said_so(stack: Stack) -> None:
    done = rishta("redrive", "CartNudgesQueue", "--stack", "rishta")
    assert (done.exit_code, done.output) == (0, "CartNudgesQueue has no dead letters.\n")


def test_a_queue_that_there_is_not_is_refused_with_those_there_are(stack: Stack) -> None:
    done = rishta("redrive", "CartNudgeQueue", "--stack", "rishta")
    assert done.exit_code == 2
    assert "there are CartNudgesQueue." in done.output


def test_a_stack_that_there_is_not_is_said_so_in_a_line() -> None:
    with operated_stack():
        done = rishta("redrive", "CartNudgesQueue", "--stack", "rishti")
    assert done.exit_code == 1
    assert "rishti" in done.output
    assert "Traceback" not in done.output
