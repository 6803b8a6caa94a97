"""What `make bench` measures with: the fake Runtime API and the fake AWS, over real sockets on this machine."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.benchmarks.speed.aws_process import AwsProcess, fake_aws, make_certificate
from tests.benchmarks.speed.fake_runtime import FakeRuntimeApi, FunctionFailedError

INVOCATION = "/2018-06-01/runtime/invocation"
SCENES = {
    "shop": {
        "definitions": {"carts": {"KeySchema": [{"AttributeName": "cart_id", "KeyType": "HASH"}]}},
        "items": {"carts": [{"cart_id": {"S": "cart-1"}, "lines": {"N": "3"}}]},
        "parameters": {"/local/hash-key": "a key"},
    }
}


@contextmanager
def a_function(answer: str, body: Any) -> Iterator[FakeRuntimeApi]:
    """Asks for an event as Lambda's runtime does, answers it, asks for the next, and is ended while it waits."""
    with FakeRuntimeApi() as api:

        def live() -> None:
            with closing(HTTPConnection(api.address)) as connection:
                connection.request("GET", f"{INVOCATION}/next")
                event = connection.getresponse()
                told = json.loads(event.read())
                path = f"{INVOCATION}/{event.headers['Lambda-Runtime-Aws-Request-Id']}/{answer}"
                connection.request("POST", path, json.dumps({"told": told, **body}))
                connection.getresponse().read()
                connection.request("GET", f"{INVOCATION}/next")
                with suppress(ConnectionError):
                    connection.getresponse()

        thread = threading.Thread(target=live)
        thread.start()
        yield api
    thread.join()


def test_a_function_is_ready_when_it_asks_for_its_event_and_is_timed_until_it_answers() -> None:
    with a_function("response", {"batchItemFailures": []}) as api:
        ready = api.ready_at()
        run = api.run({"Records": []})
        assert run.answer == {"told": {"Records": []}, "batchItemFailures": []}
        assert 0 < run.seconds < api.ready_at() - ready


def test_a_function_that_raises_ends_the_measuring() -> None:
    with a_function("error", {"errorMessage": "no such table"}) as api:
        api.ready_at()
        with pytest.raises(FunctionFailedError, match="no such table"):
            api.run({})


@pytest.fixture(scope="module", params=["http", "https"])
def aws(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[AwsProcess, Any]]:
    folder: Path = tmp_path_factory.mktemp("speed")
    (folder / "scenes.json").write_text(json.dumps(SCENES), encoding="utf-8")
    certificate = make_certificate(folder / "certificate.pem") if request.param == "https" else None
    with fake_aws(folder / "scenes.json", certificate) as process:
        yield process, str(certificate) if certificate else None


@pytest.fixture
def shop(aws: tuple[AwsProcess, Any]) -> AwsProcess:
    aws[0].begin("shop")
    return aws[0]


def client(aws: tuple[AwsProcess, Any], service: Any) -> Any:
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client(service, endpoint_url=aws[0].url, verify=aws[1], config=config)


def test_dynamodb_answers_from_the_scene_and_refuses_what_does_not_hold(
    aws: tuple[AwsProcess, Any], shop: AwsProcess
) -> None:
    dynamodb = client(aws, "dynamodb")
    key = {"cart_id": {"S": "cart-1"}}
    assert dynamodb.get_item(TableName="carts", Key=key)["Item"]["lines"] == {"N": "3"}
    with pytest.raises(ClientError) as refused:
        dynamodb.put_item(TableName="carts", Item=key, ConditionExpression="attribute_not_exists(cart_id)")
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert [what for what, _, _ in shop.seen()] == ["DynamoDB_20120810.GetItem", "DynamoDB_20120810.PutItem"]


def test_each_beginning_sets_all_back(aws: tuple[AwsProcess, Any], shop: AwsProcess) -> None:
    dynamodb = client(aws, "dynamodb")
    dynamodb.put_item(TableName="carts", Item={"cart_id": {"S": "cart-2"}})
    shop.begin("shop")
    assert shop.seen() == []
    assert "Item" not in dynamodb.get_item(TableName="carts", Key={"cart_id": {"S": "cart-2"}})


def test_the_other_services_take_what_they_are_given(aws: tuple[AwsProcess, Any], shop: AwsProcess) -> None:
    assert client(aws, "ssm").get_parameter(Name="/local/hash-key")["Parameter"]["Value"] == "a key"
    sent = client(aws, "sqs").send_message(QueueUrl=f"{shop.url}/1/mails", MessageBody="a mail")
    assert sent["MessageId"]
    entry = {"Source": "shop", "DetailType": "CartUpdated", "Detail": "{}"}
    assert client(aws, "events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    mail: Any = {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}}}
    assert client(aws, "sesv2").send_email(FromEmailAddress="a@example.com", Content=mail)["MessageId"]


def test_what_it_does_not_know_is_refused(aws: tuple[AwsProcess, Any], shop: AwsProcess) -> None:
    with pytest.raises(ClientError, match="NotKnownHere"):
        client(aws, "sqs").purge_queue(QueueUrl=f"{shop.url}/1/mails")
