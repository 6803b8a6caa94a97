"""The whole system on the local cloud, at a fixed moment."""

from collections.abc import Iterator

import pytest

from local_cloud.cloud import LocalCloud
from shop_facts import NOW


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        yield cloud
