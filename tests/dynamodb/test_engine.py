"""The engine is DynamoDB's own: it keeps the promises that moto does not."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from dynamodb_local import DynamoDBLocal
from dynamodb_local.java import major_version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def points(dynamodb: "DynamoDBClient") -> Iterator[str]:
    """A table of `name` → `amount`."""
    yield _make_table(dynamodb, "Points")
    dynamodb.delete_table(TableName="Points")


def test_a_repeated_client_request_token_is_applied_once(dynamodb: "DynamoDBClient", points: str) -> None:
    for _ in range(2):
        dynamodb.transact_write_items(
            ClientRequestToken="order-77-paid",
            TransactItems=[
                {
                    "Update": {
                        "TableName": points,
                        "Key": {"name": {"S": "asha"}},
                        "UpdateExpression": "ADD amount :earned",
                        "ExpressionAttributeValues": {":earned": {"N": "5"}},
                    }
                }
            ],
        )
    assert _amount(dynamodb, points, "asha") == 5


def test_a_number_of_more_than_38_digits_is_refused(dynamodb: "DynamoDBClient", points: str) -> None:
    dynamodb.put_item(TableName=points, Item={"name": {"S": "asha"}, "amount": {"N": "9" * 38}})
    with pytest.raises(ClientError, match="up to 38 digits"):
        dynamodb.put_item(TableName=points, Item={"name": {"S": "asha"}, "amount": {"N": "9" * 39}})


def test_concurrent_additions_are_all_counted(dynamodb: "DynamoDBClient", points: str) -> None:
    def earn(_: int) -> None:
        dynamodb.update_item(
            TableName=points,
            Key={"name": {"S": "asha"}},
            UpdateExpression="ADD amount :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(earn, range(80)))
    assert _amount(dynamodb, points, "asha") == 80


def test_a_page_that_ends_exactly_at_the_limit_has_a_cursor(dynamodb: "DynamoDBClient", points: str) -> None:
    for name in ("asha", "bela"):
        dynamodb.put_item(TableName=points, Item={"name": {"S": name}})
    page = dynamodb.scan(TableName=points, Limit=2)
    assert len(page["Items"]) == 2
    assert "LastEvaluatedKey" in page


def test_a_database_folder_keeps_tables_from_run_to_run(tmp_path: Path) -> None:
    with DynamoDBLocal(tmp_path) as engine:
        client = boto3.client("dynamodb", endpoint_url=engine.endpoint)
        _make_table(client, "Points")
        client.put_item(TableName="Points", Item={"name": {"S": "asha"}, "amount": {"N": "5"}})
        client.close()
    with DynamoDBLocal(tmp_path) as engine:
        client = boto3.client("dynamodb", endpoint_url=engine.endpoint, region_name="us-east-1")
        assert _amount(client, "Points", "asha") == 5
        client.close()


def test_the_engine_ends_when_its_owner_is_killed() -> None:
    program = (
        "import time; from dynamodb_local import DynamoDBLocal\n"
        "with DynamoDBLocal() as engine: print(engine.endpoint, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout:
        endpoint = owner.stdout.readline().strip()
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    _wait_until_nobody_listens(int(endpoint.rpartition(":")[2]))


@pytest.mark.parametrize(
    ("printed", "version"),
    [('openjdk version "25.0.2" 2026-01-20', 25), ('java version "1.8.0_402"', 1), ("no such thing", 0)],
)
def test_the_major_version_of_a_java(tmp_path: Path, printed: str, version: int) -> None:
    java = tmp_path / "java"
    java.write_text(f"#!/bin/sh\necho '{printed}' >&2\n")
    java.chmod(0o755)
    assert major_version(str(java)) == version


def test_a_java_that_does_not_start_has_no_version(tmp_path: Path) -> None:
    assert major_version(str(tmp_path / "java")) == 0


def _make_table(client: "DynamoDBClient", name: str) -> str:
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def _amount(client: "DynamoDBClient", table: str, name: str) -> int:
    item = client.get_item(TableName=table, Key={"name": {"S": name}}, ConsistentRead=True)["Item"]
    return int(item["amount"]["N"])


def _wait_until_nobody_listens(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.1)
    pytest.fail(f"Something still listens on port {port}")
