"""The local cloud with the occasions' schedule alone: the other capabilities' rest."""

from collections.abc import Iterator

import pytest

from in_the_cloud import only_schedule
from local_cloud.cloud import LocalCloud
from shop_facts import NOW


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        only_schedule(cloud, "OccasionOffersRunFunction")
        yield cloud
