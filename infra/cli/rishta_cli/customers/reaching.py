"""A stack, and how to let some time pass on it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from engagement.clock import from_text
from rishta_cli.stacks import Stack

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud

_LOOK_EVERY = 5  # seconds


@dataclass(frozen=True)
class Ground:
    """`pass_time`: lets the stack do what is to be done."""

    stack: Stack
    pass_time: Callable[[], object]

    @classmethod
    def of(cls, cloud: "LocalCloud", endpoint: str | None = None) -> "Ground":
        """A local cloud that is open; what is told there is worked through at once."""
        return cls(Stack.of(cloud, endpoint), cloud.settle)


@contextmanager
def opened(name: str | None, *, after_all: bool = False) -> Iterator[Ground]:
    """The stack of that name in AWS; without one, the local cloud kept in .local/cloud. `after_all`: on a day when all
    profiles lie in the past; the samples' do not, and nobody can be erased before they registered.
    """
    if name is not None:
        yield Ground(Stack.deployed(name), lambda: time.sleep(_LOOK_EVERY))
        return
    from rishta_cli.local_state import latest, remembering_cloud

    now = latest()
    if after_all:
        with remembering_cloud(now) as (cloud, _):
            told = [from_text(item["told_at"]) for item in cloud.table("CustomersTable") if "told_at" in item]
        now = max([now, *(each + timedelta(days=1) for each in told)])
    with remembering_cloud(now) as (cloud, endpoint):
        yield Ground.of(cloud, endpoint)
        cloud.settle()


def present() -> datetime:
    """Now (UTC), by the clock that the stack goes by: the local cloud's is this process's."""
    return datetime.now(UTC)
