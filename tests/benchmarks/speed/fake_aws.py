"""AWS over HTTP on this machine, as far as a hot path asks it: answers from a scene's tables, after a latency.

`python fake_aws.py SCENES [CERTIFICATE]` prints its port and serves until its input ends; with a certificate (PEM, and
its key) over TLS. `POST /_scene` with `{"scene", "latency"}` (seconds) sets it all back; `GET /_seen` tells what was
asked since then, and answered.
"""

import asyncio
import json
import ssl
import sys
import traceback
import zlib
from collections.abc import Callable, Mapping
from hashlib import md5
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "tests" / "support"))

from botocore.exceptions import ClientError  # noqa: E402

from dynamodb_engine import DynamoDBEngine  # noqa: E402

type Answer = dict[str, Any]

_DYNAMODB: Mapping[str, str] = {
    "GetItem": "get_item",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "TransactWriteItems": "transact_write_items",
    "Query": "query",
}
_RATE = 100_000.0


class RefusedError(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer["__type"])
        self.answer = answer


class Aws:
    """`scenes`: by name, `definitions` (CreateTable's parameters) and `items` by table, and SSM's `parameters`."""

    def __init__(self, scenes: Mapping[str, Mapping[str, Any]]) -> None:
        self._scenes = scenes
        self._engine = DynamoDBEngine({})
        self._parameters: Mapping[str, str] = {}
        self.latency = 0.0
        self.seen: list[tuple[str, str, str]] = []
        self._number = 0

    def begin(self, scene: str, latency: float) -> None:
        known = self._scenes[scene]
        self._engine = DynamoDBEngine(known["definitions"])
        for table, items in known["items"].items():
            for item in items:
                self._engine.put_item(TableName=table, Item=item)
        self._parameters = known["parameters"]
        self.latency = latency
        self.seen.clear()

    def answer(self, what: str, body: bytes) -> tuple[int, bytes]:
        """`what`: the target of a JSON protocol, or method and path. 400 for what AWS would refuse."""
        status, answer = 200, b""
        try:
            answer = json.dumps(self._answered(what, json.loads(body or b"{}"))).encode()
        except RefusedError as refused:
            status, answer = 400, json.dumps(refused.answer).encode()
        except Exception as error:  # noqa: BLE001 - told in full here, and to the function as a refusal
            traceback.print_exc()
            status, answer = 400, json.dumps({"__type": "NotKnownHere", "message": repr(error)}).encode()
        self.seen.append((what, body.decode(), answer.decode()))
        return status, answer

    def _answered(self, what: str, request: Answer) -> Answer:
        service, _, operation = what.partition(".")
        if service == "DynamoDB_20120810":
            return self._dynamodb(operation, request)
        known: dict[str, Callable[[Answer], Answer]] = {
            "AmazonSSM.GetParameter": self._parameter,
            "AmazonSSM.GetParameters": lambda asked: {
                "Parameters": [self._parameter({"Name": name})["Parameter"] for name in asked["Names"]]
            },
            "AmazonSQS.SendMessage": lambda asked: self._message(asked["MessageBody"]),
            "AmazonSQS.SendMessageBatch": lambda asked: {
                "Successful": [
                    {"Id": each["Id"]} | self._message(each["MessageBody"]) for each in asked["Entries"]
                ],
                "Failed": [],
            },
            "AWSEvents.PutEvents": lambda asked: {
                "FailedEntryCount": 0,
                "Entries": [{"EventId": f"{number:036d}"} for number, _ in enumerate(asked["Entries"])],
            },
            "POST /v2/email/outbound-emails": lambda _: {"MessageId": f"0107-{self._next()}"},
            "GET /v2/email/account": lambda _: {"SendQuota": {"MaxSendRate": _RATE, "Max24HourSend": -1.0}},
        }
        if what not in known:
            raise NotImplementedError(what)
        return known[what](request)

    def _dynamodb(self, operation: str, request: Answer) -> Answer:
        try:
            return dict(getattr(self._engine, _DYNAMODB[operation])(**request))
        except ClientError as refused:
            told: Any = refused.response
            kind = f"com.amazonaws.dynamodb.v20120810#{told['Error']['Code']}"
            more = {name: told[name] for name in ("Item", "CancellationReasons") if name in told}
            raise RefusedError({"__type": kind, "message": "The conditional request failed"} | more) from None

    def _parameter(self, asked: Answer) -> Answer:
        name = asked["Name"]
        if name not in self._parameters:
            raise RefusedError({"__type": "ParameterNotFound"})
        value = self._parameters[name]
        return {"Parameter": {"Name": name, "Type": "SecureString", "Value": value, "Version": 1}}

    def _message(self, body: str) -> Answer:
        # Not a secret: SQS's own checksum.
        checksum = md5(body.encode(), usedforsecurity=False).hexdigest()
        return {"MessageId": f"{self._next():036d}", "MD5OfMessageBody": checksum}

    def _next(self) -> int:
        self._number += 1
        return self._number


async def serve(aws: Aws, certificate: str | None) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            first, headers = _parsed(head)
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, path, _ = first.split(" ")
            if path == "/_scene":
                aws.begin(**json.loads(body))
                status, answer = 200, b"{}"
            elif path == "/_seen":
                status, answer = 200, json.dumps(aws.seen).encode()
            else:
                status, answer = aws.answer(headers.get("x-amz-target", f"{method} {path}"), body)
                if aws.latency:
                    await asyncio.sleep(aws.latency)
            writer.write(_response(status, answer))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context, backlog=512, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - who started it reads it
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _parsed(head: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines if line)
    return first, {name.lower(): value for name, _, value in pairs}


def _response(status: int, body: bytes) -> bytes:
    return (
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'Bad Request'}\r\n"
        "Server: Server\r\nConnection: keep-alive\r\n"
        "x-amzn-RequestId: 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF\r\n"
        "Content-Type: application/x-amz-json-1.0\r\n"
        f"x-amz-crc32: {zlib.crc32(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


if __name__ == "__main__":
    asyncio.run(
        serve(Aws(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), (*sys.argv[2:], None)[0])
    )
