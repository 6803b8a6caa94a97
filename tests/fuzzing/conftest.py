"""One quick local cloud for all tests of a module: every example begins as if nothing had ever happened."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

from fuzz_cloud import FuzzCloud

# `make fuzz` takes this one: --hypothesis-profile=fuzz.
settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "2000")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def cloud() -> Iterator[FuzzCloud]:
    with FuzzCloud(now=datetime(2027, 3, 1, tzinfo=UTC)) as cloud:
        yield cloud
