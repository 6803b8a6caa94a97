"""Our clients answer as boto3's do: the same calls of the same engine, and servers that do not do as they should."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from engagement import aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from dynamodb_local import DynamoDBLocal

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
_EACH = (aws.dynamodb, aws.sqs, aws.events, aws.ssm, aws.sesv2, aws._session)
type Call = Callable[[Any, str], Any]

KEY = {"customer_id": {"S": "cust-1"}, "send_key": {"S": "cart:1"}}
ITEM = KEY | {
    "page": {"B": b"\x00\xff null"},
    "points": {"N": "-12345678901234567890"},
    "name": {"S": 'आशा "B" null \\u0042'},
    "is_open": {"BOOL": False},
    "nothing": {"NULL": True},
    "tags": {"SS": ["B", "S"]},
    "lines": {"L": [{"M": {"B": {"S": "B"}, "n": {"N": "0.5"}}}, {"L": []}, {"BS": [b"a", b"b"]}]},
}
PLAIN = KEY | {
    "send_key": {"S": "cart:2"},
    "name": {"S": "plain"},
    "lines": {"L": [{"M": {"n": {"N": "1"}}}]},
}
FAILS = {"ConditionExpression": "attribute_not_exists(customer_id)"}
OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
OF_CUSTOMER: dict[str, Any] = {
    "KeyConditionExpression": "customer_id = :c",
    "ExpressionAttributeValues": {":c": {"S": "cust-1"}},
}
CALLS: dict[str, Call] = {
    "put": lambda client, table: client.put_item(TableName=table, Item=ITEM, ReturnValues="ALL_OLD"),
    "get": lambda client, table: client.get_item(TableName=table, Key=KEY, ConsistentRead=True),
    "get nothing": lambda client, table: client.get_item(
        TableName=table, Key=KEY | {"send_key": {"S": "none"}}, ReturnConsumedCapacity="TOTAL"
    ),
    "put plain": lambda client, table: client.put_item(
        TableName=table, Item=PLAIN, ReturnConsumedCapacity="TOTAL"
    ),
    "update": lambda client, table: client.update_item(
        TableName=table,
        Key=KEY,
        UpdateExpression="ADD points :one SET #n = :name",
        ExpressionAttributeNames={"#n": "name"},
        ExpressionAttributeValues={":one": {"N": "0"}, ":name": {"S": "ü"}},
        ReturnValues="ALL_NEW",
    ),
    "query": lambda client, table: client.query(TableName=table, **OF_CUSTOMER),
    "query a page": lambda client, table: client.query(TableName=table, Limit=1, **OF_CUSTOMER),
    "count": lambda client, table: client.query(TableName=table, Select="COUNT", **OF_CUSTOMER),
    "scan": lambda client, table: client.scan(TableName=table, ReturnConsumedCapacity="INDEXES"),
    "batch": lambda client, table: client.batch_get_item(RequestItems={table: {"Keys": [KEY]}}),
    "write": lambda client, table: client.transact_write_items(
        TransactItems=[{"Put": {"TableName": table, "Item": PLAIN}}]
    ),
    "condition fails": lambda client, table: client.put_item(TableName=table, Item=ITEM, **FAILS),
    "condition fails and tells": lambda client, table: client.put_item(
        TableName=table, Item=ITEM, **FAILS, **OLD
    ),
    "transaction is cancelled": lambda client, table: client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": table, "Item": PLAIN | {"send_key": {"S": "cart:3"}}}},
            {"Put": {"TableName": table, "Item": ITEM, **FAILS, **OLD}},
        ]
    ),
    "no such table": lambda client, _: client.get_item(TableName="nowhere", Key=KEY),
    "not valid": lambda client, table: client.get_item(TableName=table, Key={"customer_id": {"S": "x"}}),
    "pages": lambda client, table: [
        page["Items"]
        for page in client.get_paginator("query").paginate(TableName=table, Limit=1, **OF_CUSTOMER)
    ],
}
# What tells two calls apart, and no more.
_OWN = ("RequestId", "HTTPHeaders")


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch, dynamodb_engine: "DynamoDBLocal") -> Iterator["DynamoDBClient"]:
    for name, value in (_CREDENTIALS | {"AWS_ENDPOINT_URL_DYNAMODB": dynamodb_engine.endpoint}).items():
        monkeypatch.setenv(name, value)
    for each in _EACH:
        each.cache_clear()
    yield aws.dynamodb()
    aws.dynamodb().close()
    for each in _EACH:
        each.cache_clear()


@pytest.fixture
def boto3s(dynamodb_engine: "DynamoDBLocal") -> Iterator["DynamoDBClient"]:
    client = boto3.client(
        "dynamodb", endpoint_url=dynamodb_engine.endpoint, config=Config(retries={"mode": "standard"})
    )
    yield client
    client.close()


def _said(call: Call, client: Any, table: str) -> Any:
    try:
        answer = call(client, table)
    except ClientError as error:
        return type(error).__name__, str(error), _comparable(error.response)
    return _comparable(answer)


def _comparable(answer: Any) -> Any:
    if isinstance(answer, list):
        return answer
    metadata = {name: value for name, value in answer["ResponseMetadata"].items() if name not in _OWN}
    assert answer["ResponseMetadata"]["RequestId"]
    return answer | {
        "ResponseMetadata": metadata,
        "headers": sorted(answer["ResponseMetadata"]["HTTPHeaders"]),
    }


def test_each_call_is_answered_as_to_boto3(
    ours: "DynamoDBClient", boto3s: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    tables = dynamodb_table("MailPagesTable"), dynamodb_table("MailPagesTable")
    for name, call in CALLS.items():
        said = [str(_said(call, *each)) for each in zip((ours, boto3s), tables, strict=True)]
        mine, theirs = (each.replace(table, "TABLE") for each, table in zip(said, tables, strict=True))
        assert mine == theirs, name


def test_threads_do_not_get_each_others_answers(
    ours: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    table = dynamodb_table("MailPagesTable")

    def write_and_read(number: int) -> bool:
        item = {"customer_id": {"S": f"cust-{number}"}, "send_key": {"S": "x" * number}}
        ours.put_item(TableName=table, Item=item)
        return ours.get_item(TableName=table, Key=item)["Item"] == item

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(write_and_read, range(1, 200)))
