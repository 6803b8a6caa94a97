"""layers/dependencies/requirements.txt is what uv.lock says Lambda needs: `make requirements` writes it."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.conftest import REPOSITORY

_REQUIREMENTS = (REPOSITORY / "layers/dependencies/requirements.txt").read_text()
_LOCKED: dict[str, dict[str, Any]] = {
    package["name"]: package for package in tomllib.loads((REPOSITORY / "uv.lock").read_text())["package"]
}


def test_the_layer_holds_what_the_lock_says() -> None:
    stated = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", _REQUIREMENTS, re.MULTILINE))
    assert stated == {name: _LOCKED[name]["version"] for name in _needed_by("rishta")}


def test_every_file_is_pinned_by_its_hash() -> None:
    stated = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", _REQUIREMENTS))
    assert stated == {file["hash"] for name in _needed_by("rishta") for file in _files(name)}


def test_every_package_has_a_wheel_for_lambda() -> None:
    """Graviton runs Linux on arm64; sam build takes no source distributions for it."""
    fits = re.compile(
        r"(py3|cp313)-(none|abi3|cp313)-(any|manylinux\S*aarch64)\.whl$|py2\.py3-none-any\.whl$"
    )
    for name in _needed_by("rishta"):
        wheels = [wheel["url"].rpartition("/")[2] for wheel in _LOCKED[name].get("wheels", [])]
        assert any(fits.search(wheel) for wheel in wheels), f"{name} has none: {wheels}"


def _needed_by(name: str) -> set[str]:
    """All that `name` needs, at whatever distance. A dependency with a marker is not always needed: none has one."""
    needed: set[str] = set()
    waiting = [name]
    while waiting:
        for dependency in _LOCKED[waiting.pop()].get("dependencies", []):
            assert "marker" not in dependency, f"Say here whether Lambda needs {dependency}"
            if dependency["name"] not in needed:
                needed.add(dependency["name"])
                waiting.append(dependency["name"])
    return needed


def _files(name: str) -> Iterator[dict[str, Any]]:
    yield from _LOCKED[name].get("wheels", [])
    if "sdist" in _LOCKED[name]:
        yield _LOCKED[name]["sdist"]
