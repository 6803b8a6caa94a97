from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local_cloud import AwsCall
from local_cloud.calls import UnknownCallError
from tests.local_cloud.house import House

WRITES = """
    import boto3, os
    def handler(event, context):
        dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
        item = {"thing_id": {"S": "a"}}
        entry = {"TableName": os.environ["TABLE"], "Item": item}
        dynamodb.transact_write_items(TransactItems=[{"Put": entry}])
        sqs.send_message_batch(QueueUrl=os.environ["QUEUE_URL"], Entries=[])
"""
THINGS = "arn:aws:dynamodb:eu-central-1:123456789012:table/local-Things"


def test_calls_are_recorded_as_what_iam_would_ask_for(house: House) -> None:
    house.consumer("Carts", WRITES)
    cloud = house.open()

    cloud.invoke("Carts", {})

    written, sent = cloud.calls
    assert (written.function, written.caller) == ("Carts", "function")
    assert (written.actions, written.resources) == (("dynamodb:PutItem",), (THINGS,))
    assert sent.actions == ("sqs:SendMessage",)
    assert sent.resources[0].startswith("arn:aws:sqs:eu-central-1:123456789012:local-CartsQueue")


def test_polling_counts_as_done_under_the_functions_role(house: House) -> None:
    house.consumer("Carts", "def handler(event, context): ...")
    cloud = house.open()
    cloud.send("CartsQueue", "one")

    cloud.settle()

    actions = [action for call in cloud.calls for action in call.actions]
    assert actions == ["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"]
    assert {call.caller for call in cloud.calls} == {"poller"}


def test_the_role_is_read_from_the_template(house: House) -> None:
    house.consumer("Carts", WRITES)

    statements = house.open().functions["Carts"].statements

    assert {"Effect": "Allow", "Action": ["dynamodb:PutItem"], "Resource": [THINGS]} in statements
    assert any("logs:PutLogEvents" in statement["Action"] for statement in statements)


def test_a_call_that_the_recorder_does_not_know_is_an_error(house: House) -> None:
    house.consumer("Carts", "import boto3\ndef handler(event, context): boto3.client('s3').list_buckets()")

    error = house.open().invoke("Carts", {}).error

    assert isinstance(error, UnknownCallError)
    assert "s3:ListBuckets" in str(error)


def test_a_fault_reaches_the_function_instead_of_the_call(house: House) -> None:
    house.consumer("Carts", WRITES)
    cloud = house.open()
    refusal: Any = {"Error": {"Code": "ThrottlingException", "Message": ""}}

    def throttle(call: AwsCall, moment: str) -> None:
        if moment == "before" and call.service == "dynamodb":
            raise ClientError(refusal, call.operation)

    cloud.faults.append(throttle)

    assert isinstance(cloud.invoke("Carts", {}).error, ClientError)
    assert cloud.table("Things") == []


def test_what_the_test_itself_calls_is_not_recorded(house: House) -> None:
    house.consumer("Carts", WRITES)
    cloud = house.open()

    cloud.table("Things")

    assert cloud.calls == []
