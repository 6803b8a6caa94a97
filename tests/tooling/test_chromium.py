"""Which browser the browser tests take."""

import platform
from pathlib import Path

import pytest

from chromium_local import ChromiumError, chromium


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def a_program(folder: Path, name: str) -> Path:
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_the_machines_own_browser_is_taken(programs: Path, name: str) -> None:
    own = a_program(programs, name)
    assert chromium().executable == own


def test_the_one_that_is_named_is_taken_before_it(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(programs, "chromium")
    named = a_program(programs, "my-browser")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert chromium().executable == named


def test_a_name_that_is_no_program_is_a_fault_and_no_reason_to_take_another(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program(programs, "chromium")
    monkeypatch.setenv("CHROMIUM", str(programs / "missing"))
    with pytest.raises(ChromiumError, match="missing"):
        chromium()


def test_a_machine_for_which_there_is_none_to_fetch_says_what_to_install(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(ChromiumError, match="apt install chromium"):
        chromium()
