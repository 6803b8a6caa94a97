"""The engine in memory answers as the real one does, whatever is written in whatever order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dynamodb_engine import DynamoDBEngine

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TABLE = "EngineInMemory"
_DEFINITION: dict[str, Any] = {
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("customer", "entry", "shopper")
    ],
    "KeySchema": [
        {"AttributeName": "customer", "KeyType": "HASH"},
        {"AttributeName": "entry", "KeyType": "RANGE"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_shopper",
            "KeySchema": [{"AttributeName": "shopper", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}

_UPDATES = (
    "SET told_at = :text, points = :number",
    "SET told_at = if_not_exists(told_at, :text) REMOVE points, shopper",
    "SET points = if_not_exists(points, :number) + :number",
    "SET shopper = :text ADD points :number",
    "SET #map = :map REMOVE told_at",
    "ADD points :number SET told_at = :text",
)
_CONDITIONS = (
    "",
    "attribute_not_exists(told_at)",
    "attribute_exists(told_at) AND told_at < :text",
    "attribute_not_exists(points) OR points <= :number",
    "told_at = :text OR (points > :number AND NOT shopper = :text)",
    "points IN (:number, :text) OR told_at IN (:number, :text)",
    "told_at <> :text AND attribute_exists(customer)",
    "#map.held = :number OR attribute_not_exists(#map.held)",
    "points BETWEEN :number AND :number OR begins_with(told_at, :text)",
)
_TEXTS = st.sampled_from(["", "a", "ab", "b"]).map(lambda text: {"S": text or "-"})
_NUMBERS = st.integers(-2, 3).map(lambda number: {"N": str(number)})
_KEYS = st.fixed_dictionaries(
    {name: st.sampled_from(["1", "2"]).map(lambda text: {"S": text}) for name in ("customer", "entry")}
)


@st.composite
def _requests(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    operation = draw(st.sampled_from(["put_item", "delete_item", *["update_item"] * 4, "transact", "query"]))
    key, condition = draw(_KEYS), draw(st.sampled_from(_CONDITIONS))
    values: dict[str, Any] = {":text": draw(_TEXTS), ":number": draw(_NUMBERS)}
    values[":map"] = {"M": {"held": values[":number"]}}
    if operation == "query":
        wanted = draw(st.sampled_from(["customer = :text", "customer = :text AND entry >= :other"]))
        question = {
            "KeyConditionExpression": wanted,
            "Limit": draw(st.integers(1, 3)),
            ":text": key["customer"],
        }
        return "query", question | {":other": key["entry"]}
    request: dict[str, Any] = {"TableName": _TABLE}
    if operation == "put_item":
        request["Item"] = {**key, "told_at": values[":text"], "points": values[":number"]}
    else:
        request["Key"] = key
    expressions = condition
    if operation in {"update_item", "transact"}:
        request["UpdateExpression"] = draw(st.sampled_from(_UPDATES))
        expressions += request["UpdateExpression"]
    if condition:
        request["ConditionExpression"] = condition
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    used = {name: value for name, value in values.items() if name in expressions}
    request |= {"ExpressionAttributeValues": used} if used else {}
    request |= {"ExpressionAttributeNames": {"#map": "map"}} if "#map" in expressions else {}
    if operation == "update_item":
        request["ReturnValues"] = draw(st.sampled_from(["NONE", "ALL_OLD", "ALL_NEW"]))
    return operation, request


@pytest.fixture(scope="module")
def real(dynamodb: "DynamoDBClient") -> "Iterator[DynamoDBClient]":
    dynamodb.create_table(TableName=_TABLE, **_DEFINITION)
    yield dynamodb
    dynamodb.delete_table(TableName=_TABLE)


def _answer(client: Any, operation: str, request: dict[str, Any]) -> Any:
    try:
        if operation == "transact":
            # A second write to another item, which has to wait for what becomes of the first.
            other = {"TableName": _TABLE, "Item": {"customer": {"S": "3"}, "entry": request["Key"]["entry"]}}
            answer = client.transact_write_items(TransactItems=[{"Update": request}, {"Put": other}])
        elif operation == "query":
            values = {name: value for name, value in request.items() if name in {":text", ":other"}}
            values = {
                name: value for name, value in values.items() if name in request["KeyConditionExpression"]
            }
            asked = {name: value for name, value in request.items() if not name.startswith(":")}
            answer = client.query(TableName=_TABLE, ExpressionAttributeValues=values, **asked)
        else:
            answer = getattr(client, operation)(**request)
    except ClientError as error:
        told: Any = error.response
        reasons = [(each["Code"], each.get("Item")) for each in told.get("CancellationReasons", ())]
        return told["Error"]["Code"], told.get("Item"), reasons
    return answer.get("Attributes") or None, answer.get("Items"), answer.get("LastEvaluatedKey")


def _everything(client: Any) -> list[Any]:
    asked = [
        client.query(
            TableName=_TABLE,
            KeyConditionExpression="customer = :customer",
            ExpressionAttributeValues={":customer": {"S": number}},
        )["Items"]
        for number in "123"
    ]
    indexed = client.query(
        TableName=_TABLE,
        IndexName="by_shopper",
        KeyConditionExpression="shopper = :a",
        ExpressionAttributeValues={":a": {"S": "a"}},
    )["Items"]
    return [*asked, sorted((item["customer"]["S"], item["entry"]["S"]) for item in indexed)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(_requests(), min_size=1, max_size=14))
def test_both_answer_alike_and_end_alike(
    real: "DynamoDBClient", story: list[tuple[str, dict[str, Any]]]
) -> None:
    for customer in "123":
        for entry in "12":
            real.delete_item(TableName=_TABLE, Key={"customer": {"S": customer}, "entry": {"S": entry}})
    quick = DynamoDBEngine({_TABLE: _DEFINITION})
    for operation, request in story:
        assert _answer(quick, operation, request) == _answer(real, operation, request), (operation, request)
    assert _everything(quick) == _everything(real)
