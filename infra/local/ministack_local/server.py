"""The MiniStack server, started for as long as somebody needs it."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import boto3

REPOSITORY = Path(__file__).resolve().parents[3]
ENVIRONMENT = REPOSITORY / ".local" / "ministack"
REGION = "eu-central-1"
# Twelve digits: MiniStack takes them for the account's.
ACCOUNT = "123456789012"
SECRET = "local"  # noqa: S105 - of nobody
_STARTS_WITHIN = 60.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: str


class MiniStack:
    """A context manager: the server on a free port of 127.0.0.1, its log in `log`; at the end it is gone with all it
    started."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._unpacked: TemporaryDirectory[str] | None = None
        self.port = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.port = _free_port()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        # Each execution environment unpacks its layers, a hundred MB, and MiniStack leaves them behind.
        self._unpacked = TemporaryDirectory(prefix="rishta-ministack-", ignore_cleanup_errors=True)
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [ENVIRONMENT / "bin" / "ministack"],
                env=self._environment(),
                cwd=self._log.parent,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._process
        assert self._unpacked
        # Its own session: the functions that it started are in it.
        os.killpg(self._process.pid, 15)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        self._unpacked.cleanup()

    def client(self, service: str) -> Any:
        """boto3's client of the service, by the AWS API."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=SECRET,
        )

    def get(self, path: str) -> Any:
        """What MiniStack itself tells, as JSON: `/_ministack/ses/messages`. Raises OSError where it does not answer."""
        return json.loads(self.ask("GET", path, None, {}).body)

    def ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        with closing(connection):
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())

    def _environment(self) -> dict[str, str]:
        # Nothing of the developer's: no profile, no credentials, no proxy.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        assert self._unpacked
        return kept | {
            "TMPDIR": self._unpacked.name,
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _wait(self) -> None:
        assert self._process
        until = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                self.get("/_ministack/ready")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"MiniStack did not start: see {self._log}\n{self._log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
