"""One running DynamoDB Local."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from dynamodb_local.errors import DynamoDBLocalError
from dynamodb_local.fetching import REPOSITORY, fetch
from dynamodb_local.java import working_java

_PATIENCE_SECONDS = 60
_PORT_ATTEMPTS = 3

# The shell outlives neither its engine nor us: it holds the read end of a pipe whose write end only we have, so
# however we end (SIGKILL included) the pipe closes, and the engine is stopped. Works on Linux and macOS alike.
_GUARD = """
exec 3<&0
"$@" </dev/null 3<&- &
engine=$!
{ read -r _ <&3; kill $engine; sleep 3; kill -9 $engine; } >/dev/null 2>&1 &
guard=$!
wait $engine
code=$?
kill $guard
exit $code
"""


class DynamoDBLocal:
    """The engine on a free port, for the length of a `with` block.

    `database`: a folder that keeps the tables from one run to the next; without one they live in memory.

        with DynamoDBLocal() as engine:
            client = boto3.client("dynamodb", endpoint_url=engine.endpoint)

    The engine has no option to listen on 127.0.0.1 alone and asks for no credentials: keep nothing real in it.
    Its access keys must be letters and digits only. One sequential transaction takes about 10 ms.
    """

    def __init__(self, database: Path | None = None, *, heap_megabytes: int = 256) -> None:
        self._database = database
        self._heap_megabytes = heap_megabytes
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._log = Path()

    @property
    def endpoint(self) -> str:
        if self._process is None:
            raise DynamoDBLocalError("DynamoDB Local is not running: use it in a `with` block")
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> Path:
        """What the engine printed."""
        return self._log

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when the engine answers. Raises DynamoDBLocalError with its log when it does not."""
        for attempt in range(1, _PORT_ATTEMPTS + 1):
            self._launch()
            try:
                return self._wait_until_it_answers()
            except DynamoDBLocalError:
                self.stop()
                # Between our finding a free port and the engine's taking it, somebody else can.
                if attempt == _PORT_ATTEMPTS or "already in use" not in self._printed():
                    raise
        return None

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _launch(self) -> None:
        folder = fetch()
        self._port = _free_port()
        self._log = REPOSITORY / ".local" / "logs" / f"dynamodb-local-{os.getpid()}-{self._port}.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "dynamodb-local", *self._command(folder)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C in the terminal is for us, who may want to say goodbye to the engine properly.
                start_new_session=True,
            )

    def _command(self, folder: Path) -> list[str]:
        if self._database is None:
            storage = ["-inMemory"]
        else:
            self._database.mkdir(parents=True, exist_ok=True)
            storage = ["-dbPath", str(self._database.resolve())]
        return [
            working_java(),
            f"-Xmx{self._heap_megabytes}m",
            # Starts sooner and stays smaller; sequential throughput is the same (measured).
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}",
            "-jar",
            str(folder / "DynamoDBLocal.jar"),
            "-disableTelemetry",
            "-port",
            str(self._port),
            # One database for every region and access key: all who ask are the same stack.
            "-sharedDb",
            *storage,
        ]

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise DynamoDBLocalError(f"DynamoDB Local ended at once; it said:\n{self._printed()}")
            if _answers(self._port):
                return
            time.sleep(0.05)
        raise DynamoDBLocalError(
            f"DynamoDB Local did not answer in {_PATIENCE_SECONDS} s:\n{self._printed()}"
        )

    def _printed(self) -> str:
        return self._log.read_text(errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
