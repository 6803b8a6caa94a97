"""The built template, deployed to MiniStack once for all tests here."""

from collections.abc import Iterator

import pytest

from ministack_local import MiniStack
from ministack_local.deployment import Deployment
from ministack_local.server import ENVIRONMENT
from rishta_cli.project import ROOT

LOG = ROOT / ".local" / "e2e" / "ministack.log"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def deployment() -> Iterator[Deployment]:
    """A new stack. Its secrets are made: EventBridge Scheduler would begin a `rate` at once, MiniStack does not."""
    assert ENVIRONMENT.is_dir(), "`make e2e` installs MiniStack and builds the template"
    with MiniStack(LOG) as engine:
        stack = Deployment(engine, {"SenderDomain": "shop.example.com", "AlarmEmail": "ops@shop.example.com"})
        stack.call("KeyRotationFunction", {"scheduled_at": "2027-03-01T00:00:00Z"})
        yield stack
