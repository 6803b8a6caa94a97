"""A handful of years in CI: the same each time, around the days on which clocks and calendars are odd, and fresh ones.

As `make simulate` plays them, in a process of its own: there a seed gives the same year, to the last call. More of
them, and longer ones: `make simulate SEEDS=1000`.
"""

import subprocess
import sys

import pytest

from local_cloud.template import REPOSITORY

_DAYS = 40
# Each with its first day: New Year; a leap day, and clocks that go forward.
_FIXED = ((2, "2027-12-12"), (3, "2028-02-16"))


def played(seed: int, start: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.simulation", "--first", str(seed), "--seeds", "1", "--jobs", "1"]
    return subprocess.run(
        [*command, "--customers", "4", "--days", str(_DAYS), "--from", start],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("seed", "start"), _FIXED)
def test_a_year_ends_well(seed: int, start: str) -> None:
    ended = played(seed, start)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_year_that_nobody_has_seen_ends_well() -> None:
    """Another one for each commit, so that who plays CI again for the same commit sees the same."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    ended = played(int(commit.stdout[:6] or "0", 16), "2028-02-16")
    assert ended.returncode == 0, ended.stdout + ended.stderr
