"""The simulation finds what people get wrong: each mistake is planted into the product's own code, one at a time."""

import json
import subprocess
import sys

import pytest

from local_cloud.template import REPOSITORY
from tests.simulation.planting import MISTAKES, Mistake


@pytest.fixture(scope="module")
def broken() -> dict[str, list[str]]:
    """By each mistake the rules that its year broke; all in one process, which takes as long to begin as a year."""
    command = [sys.executable, "-m", "tests.simulation.finding_mistakes"]
    found = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    told = [json.loads(line) for line in found.stdout.splitlines()]
    return {each["mistake"]: each["broken"] for each in told}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what)
def test_a_year_with_the_mistake_ends_badly_for_its_reason(
    mistake: Mistake, broken: dict[str, list[str]]
) -> None:
    assert mistake.rule in broken[mistake.what]
