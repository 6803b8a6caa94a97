"""The simulation finds what people get wrong: each mistake is planted into the product's own code, one at a time."""

import json
import subprocess
import sys

import pytest

from local_cloud.template import REPOSITORY
from tests.simulation.planting import MISTAKES


@pytest.mark.parametrize("number", range(len(MISTAKES)), ids=[mistake.what for mistake in MISTAKES])
def test_a_year_with_the_mistake_ends_badly_for_its_reason(number: int) -> None:
    command = [sys.executable, "-m", "tests.simulation.finding_mistakes", str(number)]
    found = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    told = json.loads(found.stdout)
    assert told["wanted"] in told["broken"]
