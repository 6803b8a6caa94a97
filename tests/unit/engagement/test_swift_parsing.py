"""Our reading of AWS's answers finds in each what botocore's own finds."""

import base64
import json
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import pytest
from botocore.awsrequest import HeadersDict
from botocore.model import OperationModel, Shape
from botocore.parsers import ResponseParserFactory
from botocore.session import get_session
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.swift_parsing import SwiftParserFactory

OURS, BOTOCORES = SwiftParserFactory(), ResponseParserFactory()
CALLS = {
    "dynamodb": "GetItem PutItem UpdateItem DeleteItem Query Scan BatchGetItem BatchWriteItem TransactWriteItems",
    "sqs": "SendMessage SendMessageBatch ChangeMessageVisibility ReceiveMessage",
    "events": "PutEvents",
    "ssm": "GetParameter GetParameters PutParameter",
    "sesv2": "SendEmail GetAccount",
}
EACH_CALL = [(service, name) for service, names in CALLS.items() for name in names.split()]
HEADERS = {"x-amzn-RequestId": "REQUEST-1", "Content-Type": "application/x-amz-json-1.0", "x-amz-crc32": "1"}
CONDITION_FAILED = (
    b'{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "The conditional'
    b' request failed", "Item": {"points": {"N": "1"}, "page": {"B": "AAEC"}}}'
)
CANCELLED = (
    b'{"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "cancelled",'
    b' "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": {"a": {"S": "b"}}}]}'
)
# Words that would lead a hasty reader astray, in keys and in values.
TEXTS = st.text(max_size=5) | st.sampled_from(
    ["B", "BS", "null", '"B"', "S", "__type", "ResponseMetadata", "\\u0042"]
)
_SIMPLE: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXTS,
    "character": TEXTS,
    "boolean": st.booleans(),
    "integer": st.integers(-(2**31), 2**31),
    "long": st.integers(-(2**63), 2**63),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "timestamp": st.integers(0, 2**31) | st.floats(0, 2**31),
    "blob": st.binary(max_size=5).map(lambda data: base64.b64encode(data).decode()),
}


@cache
def operation(service: str, name: str) -> OperationModel:
    return get_session().get_service_model(service).operation_model(name)


@cache
def contents(shape: Shape) -> st.SearchStrategy[Any]:
    """All that AWS's model allows in an answer, and nulls besides."""
    known: Any = shape
    if shape.type_name == "structure":
        members = {
            member.serialization.get("name", name): _later(member) | st.none()
            for name, member in known.members.items()
        }
        return st.fixed_dictionaries({}, optional=members)
    if shape.type_name == "list":
        return st.lists(_later(known.member), max_size=3)
    if shape.type_name == "map":
        return st.dictionaries(TEXTS, _later(known.value), max_size=3)
    return _SIMPLE[shape.type_name]


def _later(shape: Shape) -> st.SearchStrategy[Any]:
    """A map may hold maps."""
    return st.deferred(lambda: contents(shape))


def both(call: OperationModel, body: bytes, status: int = 200, **more: str) -> list[Any]:
    """What each reads, or the kind of error that it meets."""
    answer = {
        "body": body,
        "headers": HeadersDict(HEADERS | more),
        "status_code": status,
        "context": {},
    }
    protocol, shape = call.service_model.resolved_protocol, cast("Any", call.output_shape)
    parsers = [factory.create_parser(protocol) for factory in (OURS, BOTOCORES)]
    return [_outcome(parser.parse, dict(answer), shape) for parser in parsers]


def _outcome(parse: Callable[..., Any], *what: Any) -> Any:
    try:
        return parse(*what)
    except Exception as error:  # noqa: BLE001 - the same error is as good as the same answer
        return type(error)


@pytest.mark.parametrize(("service", "name"), EACH_CALL)
@settings(max_examples=40)
@given(data=st.data())
def test_an_answer_says_the_same_to_both(service: str, name: str, data: st.DataObject) -> None:
    call = operation(service, name)
    content = data.draw(contents(call.output_shape)) if call.output_shape else {}
    separators = data.draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]))
    body = json.dumps(content, separators=separators, ensure_ascii=data.draw(st.booleans()))
    ours, botocores = both(call, body.encode(errors="surrogatepass"))
    assert ours == botocores


@pytest.mark.parametrize("status", [200, 299, 300, 301, 400, 413, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b'"text"',
        b'{"Item": ',
        b"\xff\xfe",
        b"<html><body>Service Unavailable</body></html>",
        b'{"Item": {"\\u0042": {"\\u0042": "AAEC"}}, "Unknown": 1}',
        b'{"Item": {"points": {"N": "1"}}, "Unknown": {"S": 1}}',
        CONDITION_FAILED,
        CANCELLED,
        b'{"__type": "com.amazon.coral.availability#ThrottlingException", "message": "Rate exceeded"}',
    ],
)
@pytest.mark.parametrize("name", ["GetItem", "PutItem", "TransactWriteItems"])
def test_errors_and_odd_answers_are_read_as_botocore_reads_them(name: str, body: bytes, status: int) -> None:
    ours, botocores = both(
        operation("dynamodb", name), body, status, **{"x-amzn-query-error": "Other;Sender"}
    )
    assert ours == botocores


def test_bytes_come_back_as_bytes() -> None:
    body = b'{"Item": {"send_key": {"S": "k"}, "page": {"B": "AAEC"}}}'
    ours, _ = both(operation("dynamodb", "GetItem"), body)
    assert ours["Item"]["page"] == {"B": b"\x00\x01\x02"}


def test_a_page_of_items_is_not_walked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.parsers.JSONParser.parse", None)
    page = {"Items": [{"cart_id": {"S": f"cart-{number}"}} for number in range(100)], "Count": 100}
    answer = {"body": json.dumps(page).encode(), "headers": HeadersDict(HEADERS), "status_code": 200}
    read = OURS.create_parser("json").parse(answer, operation("dynamodb", "Query").output_shape)
    assert read["Items"] == page["Items"]
    assert read["ResponseMetadata"]["RequestId"] == "REQUEST-1"
