"""The local cloud in a world of four zones: the other six hundred would cost these tests minutes."""

import zoneinfo
from collections.abc import Iterator

import pytest

from local_cloud.cloud import LocalCloud
from shop_facts import NOW

INHABITED = frozenset({"America/St_Johns", "Asia/Kolkata", "Pacific/Chatham", "Pacific/Honolulu"})


@pytest.fixture
def whole_world() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        yield cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalCloud]:
    """Four zones are all there are, and the other capabilities' schedules rest."""
    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: set(INHABITED))
    with LocalCloud(now=NOW) as cloud:
        cloud.schedules_paused |= cloud.functions.keys() - {"BirthdayOffersRunFunction"}
        yield cloud
