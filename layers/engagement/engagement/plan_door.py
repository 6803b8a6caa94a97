"""What every door does that follows the engagement plan: it builds its capability anew when another is published."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from engagement import aws
from engagement.clock import utc_now
from engagement.errors import InvalidPlanError
from engagement.plan import EngagementPlan, engagement_plan
from engagement.published_plan import NEVER_PUBLISHED, Parameter, PublishedPlan
from engagement.settings import DoorSettings


class Settings(DoorSettings):
    """`plan_parameter` is the name of the SSM parameter; without one the deployed plan alone holds."""

    plan_parameter: str = ""


def current_plan() -> EngagementPlan:
    """The plan that holds now: the last good one published, or else the one deployed with the layer."""
    published = _published()
    return published.current(utc_now()) if published else engagement_plan()


def for_each_plan[T](build: Callable[[EngagementPlan], T]) -> Callable[[], T]:
    """Decorates a door's `capability(plan)`, called as `capability()`: built on the first call, and anew for another
    plan. A plan that it refuses (InvalidPlanError) changes nothing: what was built for the last good one goes on.
    """

    @wraps(build)
    def built() -> T:
        capability: T = _kept(build).now()
        return capability

    return built


class _Kept[T]:
    def __init__(self, build: Callable[[EngagementPlan], T]) -> None:
        self._build = build
        self._built: tuple[EngagementPlan, T] | None = None

    def now(self) -> T:
        while True:
            plan, built = current_plan(), self._built
            if built and built[0] is plan:
                return built[1]
            try:
                self._built = plan, self._build(plan)
            except InvalidPlanError as error:
                _refuse(plan, error)
            else:
                return self._built[1]


def _refuse(plan: EngagementPlan, error: InvalidPlanError) -> None:
    published = _published()
    if published is None:
        raise error
    published.refuse(plan, error)


# Not in the decorator's closure: an execution environment begins with nothing built, also one of the local cloud's.
@cache
def _kept(build: Callable[[EngagementPlan], Any]) -> _Kept[Any]:
    return _Kept(build)


@cache
def _published() -> PublishedPlan | None:
    parameter = Settings.from_environment().plan_parameter
    return PublishedPlan(_Ssm(parameter)) if parameter else None


class _Ssm:
    def __init__(self, name: str) -> None:
        self._name = name

    def newest(self) -> Parameter:
        try:
            return self._parameter(self._name)
        except aws.ssm().exceptions.ParameterNotFound:
            return NEVER_PUBLISHED

    def version(self, number: int) -> Parameter:
        return self._parameter(f"{self._name}:{number}")

    @staticmethod
    def _parameter(name: str) -> Parameter:
        found = aws.ssm().get_parameter(Name=name)["Parameter"]
        return Parameter(found["Value"], found["Version"])
