"""The project speaks of itself alone, and of nothing unfinished."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rishta_cli.project import ROOT
from tests.architecture.source_code import assert_none

_TOP_FOLDERS = {"functions", "layers", "infra", "events", "tests"}
_TOP_FILES = {
    "template.yaml",
    "README.md",
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "uv.lock",
    "samconfig.toml",
}
_LOCKS = {"uv.lock", "package-lock.json", "requirements.txt"}

# In pieces, because this file is looked at as well.
_OF_ELSEWHERE = {
    "a path of one machine": r"(?<![\w.-])/(?:wo" + r"rk|ho" + r"me|Use" + r"rs)/\w",
    "a tool that wrote it": r"(?i)\b(?:cla"
    r"ude|anthr"
    r"opic|chatg"
    r"pt|ope"
    r"nai|copi"
    r"lot)\b",
    "a helper that wrote it": r"(?i)\b(?:ai|coding|language)[ -](?:assis"
    r"tant|ag"
    r"ent|mod"
    r"el)s?\b",
    "a number of some tracker's": r"(?i)\b(?:iss" + r"ue|tic" + r"ket|pull requ" + r"est|PR) #?\d+",
}
_UNFINISHED = {
    "a note to oneself": r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b",
    "a bare noqa": r"#\s*no" + r"qa(?!:\s*[A-Z]+\d+)",
    "a bare type: ignore": r"#\s*type:\s*ig" + r"nore(?!\[)",
    "a merge's leftover": r"(?m)^(?:<{7}|>{7}) ",
}
_REGISTRY = r"(?:[\w.-]*py" + r"pi\.org|files\.python" + r"hosted\.org|registry\.npm" + r"js\.org)"
_PRIVATE_REGISTRY = r"(?:registry\.|[\w.-]*(?:art" + r"ifactory|ne" + r"xus|mir" + r"ror))"


def _files() -> list[Path]:
    """What is committed, or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a checkout of git's")
    return [ROOT / name for name in sorted(listed.stdout.split("\0")) if name and (ROOT / name).is_file()]


def _matches(pattern: str, files: list[Path]) -> Iterator[str]:
    found = re.compile(pattern)
    for file in files:
        for number, line in enumerate(_text(file).splitlines(), start=1):
            if match := found.search(line):
                yield f"{file.relative_to(ROOT)}:{number}: {match[0]}"


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize("what", _OF_ELSEWHERE)
def test_no_file_speaks_of_how_it_came_about(what: str) -> None:
    files = [file for file in _files() if file.name not in _LOCKS]
    assert_none(
        _matches(_OF_ELSEWHERE[what], files), f"{what}: say it in the project's own words, or not at all"
    )


@pytest.mark.parametrize("what", _UNFINISHED)
def test_nothing_is_left_unfinished(what: str) -> None:
    files = [file for file in _files() if file.name not in _LOCKS]
    assert_none(_matches(_UNFINISHED[what], files), f"{what}: finish it, or say why it is as it is")


def test_registries_are_named_in_lock_files_alone() -> None:
    files = [file for file in _files() if file.name not in _LOCKS]
    named = _matches(rf"https?://(?:{_REGISTRY}|{_PRIVATE_REGISTRY})", files)
    assert_none(named, "where packages come from is everybody's own setting")


def test_lock_files_name_public_registries_alone() -> None:
    locks = [file for file in _files() if file.name in _LOCKS]
    assert_none(_matches(rf"https?://(?!{_REGISTRY}/)\S+", locks), "lock again from the public registry")


def test_the_top_level_is_the_map() -> None:
    top = {file.relative_to(ROOT).parts for file in _files()}
    folders = {parts[0] for parts in top if len(parts) > 1 and not parts[0].startswith(".")}
    files = {parts[0] for parts in top if len(parts) == 1 and not parts[0].startswith(".")}
    assert_none(folders - _TOP_FOLDERS, f"put it under one of {sorted(_TOP_FOLDERS)}")
    assert_none(files - _TOP_FILES, "put it into the folder that it belongs to")
