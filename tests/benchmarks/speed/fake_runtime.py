"""Lambda's Runtime API on this machine: `awslambdaric` asks it for work, and is timed meanwhile."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NamedTuple

_VERSION = "/2018-06-01/runtime"
# Seconds. More than any start or run here takes on a machine that has a lot to do.
_PATIENCE = 120.0


class FunctionFailedError(Exception):
    """The function could not be loaded, raised, or answered nothing."""


class Run(NamedTuple):
    seconds: float  # from the event on its way to the answer here
    answer: Any


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """The function was ended while it waited."""


class FakeRuntimeApi:
    """A context manager; one function at a time."""

    def __init__(self) -> None:
        api = self

        class Requests(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body of an answer are two writes; the second would wait for the first's receipt.
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                api._seen.put(("next", time.perf_counter(), None))
                event = api._events.get()
                if event is None:
                    self.close_connection = True
                    return
                api._begun = time.perf_counter()
                self._answer(
                    200, event, {"Lambda-Runtime-Aws-Request-Id": "00000000-0000-4000-8000-000000000001"}
                )

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kind = "response" if self.path.endswith("/response") else "error"
                api._seen.put((kind, time.perf_counter(), json.loads(body or b"null")))
                self._answer(202, b"{}", {})

            def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, **_FIXED}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        self._server = _Server(("127.0.0.1", 0), Requests)
        self._events: Queue[bytes | None] = Queue()
        self._seen: Queue[tuple[str, float, Any]] = Queue()
        self._begun = 0.0

    def __enter__(self) -> "FakeRuntimeApi":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def ready_at(self) -> float:
        """When the function asked for its (next) event, by `time.perf_counter`. Raises FunctionFailedError."""
        return self._wait_for("next")[0]

    def run(self, event: Any) -> Run:
        """One invocation of the function that waits for it. Raises FunctionFailedError."""
        self._events.put(json.dumps(event).encode())
        at, answer = self._wait_for("response")
        return Run(at - self._begun, answer)

    def _wait_for(self, wanted: str) -> tuple[float, Any]:
        try:
            kind, at, body = self._seen.get(timeout=_PATIENCE)
        except Empty:
            raise FunctionFailedError(f"no {wanted} within {_PATIENCE:.0f} seconds") from None
        if kind != wanted:
            raise FunctionFailedError(f"{kind} instead of {wanted}: {json.dumps(body)[:2000]}")
        return at, body


_FIXED = {
    "Content-Type": "application/json",
    "Lambda-Runtime-Deadline-Ms": "4102444800000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:bench",
}


@contextmanager
def started(
    api: FakeRuntimeApi,
    python: Path,
    handler: str,
    *,
    roots: Sequence[Path],
    environment: Mapping[str, str],
) -> Iterator[float]:
    """The function's process, until the end of the block; the instant at which it began to start, as `ready_at` has it.

    `roots` are its import roots, its own folder first, as Lambda has them.
    """
    known = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "PYTHON", "POWERTOOLS"))
    }
    known |= {
        "AWS_LAMBDA_RUNTIME_API": api.address,
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "LAMBDA_TASK_ROOT": str(roots[0]),
        "_HANDLER": handler,
        "PYTHONPATH": os.pathsep.join(map(str, roots)),
        # A function cannot write where it lies: what was shipped without bytecode is compiled at every start.
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
    }
    begun = time.perf_counter()
    process = subprocess.Popen(
        [python, "-m", "awslambdaric", handler],
        cwd=roots[0],
        env=known,
        stdout=subprocess.DEVNULL,
        stderr=None,
    )
    try:
        yield begun
    finally:
        process.kill()
        process.wait()
