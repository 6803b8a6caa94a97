"""A process that does one job with what is on its path, and prints one figure: seconds of CPU for one time, or mails a
second. The job is JSON on its input; see `working.py`. Nothing but Python's own library is imported besides.
"""

import json
import sys
import time
import urllib.request
from collections.abc import Callable
from importlib import import_module
from itertools import batched
from typing import Any

# Lambda's runtime is there before the function, which looks whether it is.
import_module("awslambdaric")

_WARM, _RUNS, _SECONDS = 5, 40, 4.0
_BATCH = 10


class Context:
    aws_request_id = "00000000-0000-4000-8000-000000000001"
    function_name = "bench"
    function_version = "1"
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:bench"
    memory_limit_in_mb = 512

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def main(job: dict[str, Any]) -> float:
    match job["do"]:
        case "invoke":
            return _invoke(job)
        case "call":
            return _call(job)
        case "floor":
            return _floor(job)
        case _:
            return _mails(job)


def _invoke(job: dict[str, Any]) -> float:
    handler = _handler(job)

    def once() -> None:
        _succeeded(handler(job["event"], Context()))

    return _cpu(once, job, lambda: _begin(job))


def _call(job: dict[str, Any]) -> float:
    _handler(job)
    client = getattr(import_module("engagement.aws"), job["service"])()
    ask, parameters = getattr(client, job["operation"]), job["parameters"]
    _begin(job)
    return _cpu(lambda: ask(**parameters), job, lambda: None)


def _floor(job: dict[str, Any]) -> float:
    """What cannot be left out. With `wire`, also putting it on a connection that is open, and reading the answer."""
    from http.client import HTTPConnection

    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    auth = SigV4Auth(Credentials("local", "local", "local"), "dynamodb", "eu-central-1")
    requests = [(what, json.loads(asked or "{}"), answer) for what, asked, answer in job["asked"]]
    connection = HTTPConnection(job["aws"].removeprefix("http://"))

    def once() -> None:
        for what, parameters, answer in requests:
            body = json.dumps(parameters).encode()
            headers = {"X-Amz-Target": what, "Content-Type": "application/x-amz-json-1.0"}
            request = AWSRequest("POST", job["aws"] + "/", headers, body)
            auth.add_auth(request)
            text = answer
            if job.get("wire"):
                connection.request("POST", "/", body, dict(request.headers.items()))
                text = connection.getresponse().read().decode()
            json.loads(text)

    return _cpu(once, job, lambda: None)


def _mails(job: dict[str, Any]) -> float:
    handler = _handler(job)
    _begin(job)
    records = job["event"]["Records"]
    _succeeded(handler({"Records": records[:1]}, Context()))  # clients are built, connections opened
    begun = time.perf_counter()
    for batch in batched(records[1:], _BATCH, strict=False):
        _succeeded(handler({"Records": list(batch)}, Context()))
    return (len(records) - 1) / (time.perf_counter() - begun)


def _cpu(once: Callable[[], Any], job: dict[str, Any], before: Callable[[], None]) -> float:
    """Seconds for one time, on average: so many times, or as often as fits into a few seconds."""
    runs, took = job.get("runs", _RUNS), list[float]()
    warm = min(_WARM, runs - 1)
    end = time.monotonic() + _SECONDS
    for number in range(warm + runs):
        before()
        begun = time.process_time()
        once()
        if number >= warm:
            took.append(time.process_time() - begun)
        if took and time.monotonic() > end:
            break
    return sum(took) / len(took)


def _begin(job: dict[str, Any]) -> None:
    told = {"scene": job["scene"], "latency": job.get("latency", 0.0)}
    with urllib.request.urlopen(job["aws"] + "/_scene", json.dumps(told).encode()) as answer:
        answer.read()


def _handler(job: dict[str, Any]) -> Callable[[Any, Any], Any]:
    module, _, name = job["handler"].rpartition(".")
    found: Callable[[Any, Any], Any] = getattr(import_module(module), name)
    return found


def _succeeded(answer: Any) -> None:
    if answer and answer.get("batchItemFailures"):
        raise RuntimeError(f"the function answered {answer}")


if __name__ == "__main__":
    print(main(json.load(sys.stdin)))  # noqa: T201 - who started it reads it
