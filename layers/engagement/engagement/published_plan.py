"""The plan that is published in SSM, which holds until another one is; without one, the plan deployed with the layer.

A published plan is the file without its comments, packed: SSM takes 8 KB at most. Its lines are the file's own, so a
fault names the line that its author sees.
"""

import binascii
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock
from typing import Protocol

from engagement.errors import InvalidPlanError
from engagement.metrics import count
from engagement.observability import explanation, logger
from engagement.plan import EngagementPlan, engagement_plan, read_plan
from engagement.plan_yaml import read_yaml

# The value of a parameter that publishes nothing; SSM takes no empty one.
NONE_PUBLISHED = "-"
_SOURCE = "published plan"
_PACKED = "packed:"
_LONGEST_UNPACKED = 400_000
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_LOOK_EVERY = timedelta(minutes=5)
# Where SSM did not answer and the deployed plan stands in for one that may be published.
_LOOK_SOON = timedelta(seconds=30)
# How many versions back a new execution environment looks for a good one.
_AS_FAR_BACK = 3


def pack(text: str) -> str:
    """A plan's YAML text as the value of an SSM parameter, in ASCII."""
    bare = _COMMENT.sub("", text)
    # In a text of several lines a line may begin with # and be no comment.
    if read_yaml(bare, source=_SOURCE)[0] != read_yaml(text, source=_SOURCE)[0]:
        bare = text
    return _PACKED + b64encode(zlib.compress(bare.encode(), 9)).decode()


def unpack(value: str) -> str | None:
    """The YAML text that `pack` was given, without comments; None where none is published. What was written by hand
    comes as it is. Raises InvalidPlanError for what cannot be unpacked.
    """
    if value.strip() == NONE_PUBLISHED:
        return None
    if not value.startswith(_PACKED):
        return value
    try:
        # No more than a plan may have: zlib makes eight megabytes of SSM's eight kilobytes.
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(b64decode(value.removeprefix(_PACKED), validate=True), _LONGEST_UNPACKED)
        if not unpacking.eof:
            raise InvalidPlanError(
                f"{_SOURCE}: cannot be unpacked, or not within {_LONGEST_UNPACKED:,} bytes"
            )
        return text.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        raise InvalidPlanError(f"{_SOURCE}: cannot be unpacked") from None


def read_published(value: str) -> EngagementPlan | None:
    """The plan that a parameter's value publishes; None where none is. Raises InvalidPlanError naming its lines."""
    text = unpack(value)
    try:
        return None if text is None else read_plan(text, source=_SOURCE)
    except InvalidPlanError:
        raise
    except Exception as error:  # noqa: BLE001 - what a hand can write, a YAML reader need not foresee
        raise InvalidPlanError(f"{_SOURCE}: cannot be read ({type(error).__name__})") from None


@dataclass(frozen=True)
class Parameter:
    """`version` counts from 1, and up with every publication."""

    value: str
    version: int


NEVER_PUBLISHED = Parameter(NONE_PUBLISHED, 0)


class Shelf(Protocol):
    """Where plans are published."""

    def newest(self) -> Parameter:
        """Raises whatever the call raises."""

    def version(self, number: int) -> Parameter:
        """Raises whatever the call raises, also for a version that is not kept any more."""


@dataclass(frozen=True)
class _Held:
    """`version` is 0 for the plan deployed with the layer."""

    plan: EngagementPlan
    version: int


class PublishedPlan:
    """What one execution environment follows. It is looked up every 5 minutes at most; a plan that is wrong, or that
    cannot be looked up, changes nothing: the last good one goes on. May be asked by several threads.
    """

    def __init__(self, shelf: Shelf, deployed: Callable[[], EngagementPlan] = engagement_plan) -> None:
        self._shelf = shelf
        self._deployed = deployed
        self._lock = RLock()
        self._held: _Held | None = None
        self._before: _Held | None = None
        self._seen: Parameter | None = None
        self._refused = False
        self._look_at: datetime | None = None

    def current(self, now: datetime) -> EngagementPlan:
        """Never raises for what is published: what is wrong is counted and logged. `now` is UTC."""
        with self._lock:
            # Also for a clock that was put back.
            if self._look_at is None or not self._look_at - _LOOK_EVERY <= now < self._look_at:
                self._look_at = now + _LOOK_EVERY
                self._look(now)
            return self._in_hand().plan

    def refuse(self, plan: EngagementPlan, error: InvalidPlanError) -> None:
        """A room's own rules refuse `plan`: the one before it holds again. Raises `error` for the deployed plan."""
        with self._lock:
            held = self._in_hand()
            if plan is not held.plan:
                return  # another thread refused it
            if held.version == 0:
                raise error
            if self._before and self._before.version != held.version:
                self._held, self._before = self._before, None
            else:
                self._held = self._earlier(held.version)
            self._tell(error, held.version)

    def _look(self, now: datetime) -> None:
        try:
            found = self._shelf.newest()
        except Exception as error:  # noqa: BLE001 - a plan that is hours old is better than no mail
            logger().warning("plan not looked up", extra=explanation(error))
            if self._held is None:
                self._look_at = now + _LOOK_SOON
            return
        if found == self._seen:
            if self._refused:
                count("PlanRefused")  # until it is put right, so that the alarm goes on
            return
        self._seen, self._refused = found, False
        try:
            plan = read_published(found.value)
        except InvalidPlanError as error:
            self._held = self._held or self._earlier(found.version)
            self._tell(error, found.version)
        else:
            self._before = self._held
            self._held = _Held(plan, found.version) if plan else self._the_deployed()
            if self._before:
                logger().info("plan changed", extra={"plan_version": self._held.version})

    def _in_hand(self) -> _Held:
        # Not kept: it only stands in, until a look finds what is published.
        return self._held or self._the_deployed()

    def _the_deployed(self) -> _Held:
        return _Held(self._deployed(), 0)

    def _earlier(self, version: int) -> _Held:
        """The newest good plan published before `version`; the deployed one if there is none."""
        for number in range(version - 1, max(0, version - 1 - _AS_FAR_BACK), -1):
            try:
                plan = read_published(self._shelf.version(number).value)
            except InvalidPlanError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever SSM says, there is the deployed one
                logger().warning("earlier plan not looked up", extra=explanation(error))
                break
            if plan is None:
                break
            return _Held(plan, number)
        return self._the_deployed()

    def _tell(self, error: InvalidPlanError, version: int) -> None:
        """Once for each execution environment, however many messages it handles."""
        self._refused = True
        followed = self._in_hand().version
        logger().error(
            "plan refused",
            extra={"plan_version": version, "followed_version": followed, **explanation(error)},
        )
        count("PlanRefused")
