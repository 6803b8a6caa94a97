"""Which engagement plan a stack follows: the newest good one that was published, or the one deployed with its layer."""

from collections.abc import Iterator
from dataclasses import dataclass

from engagement.errors import InvalidPlanError
from engagement.plan import EngagementPlan, engagement_plan, read_plan
from rishta_cli.plan_checking import text_faults
from rishta_cli.plans.published import PlanParameter, Version

_SOURCE = "published plan"


@dataclass(frozen=True)
class FollowedPlan:
    """`version` is None where it is the deployed plan. `fault`: why the newest one published is refused, None if all is
    well; functions then go on with the last good one, which `plan` is.
    """

    plan: EngagementPlan
    version: Version | None = None
    fault: str | None = None

    def __str__(self) -> str:
        if self.fault:
            return f"the newest version is refused: {self.fault}"
        return (
            f"published, version {self.version.number}" if self.version else "as deployed; none is published"
        )


def followed_plan(stack: str) -> FollowedPlan:
    """Of a stack by its name. Raises botocore's ClientError where the parameter cannot be read; one that is not there
    publishes nothing.
    """
    parameter = PlanParameter.named(stack)
    present = parameter.present()
    version = last_good(parameter, present)
    plan = read_plan(version.text(), source=_SOURCE) if version else engagement_plan()
    return FollowedPlan(plan, version, fault_of(present))


def last_good(parameter: PlanParameter, present: Version) -> Version | None:
    """The present version, or the newest before it that is not refused; None for the deployed plan."""
    for version in _back_from(parameter, present):
        if not version.publishes:
            return None
        if fault_of(version) is None:
            return version
    return None


def fault_of(version: Version) -> str | None:
    """Why a version is refused, by the rules of the code in this directory."""
    if not version.publishes:
        return None
    try:
        return next(iter(text_faults(version.text(), source=_SOURCE)), None)
    except InvalidPlanError as error:
        return str(error)


def _back_from(parameter: PlanParameter, present: Version) -> Iterator[Version]:
    found: Version | None = present
    while found is not None:
        yield found
        found = parameter.version(found.number - 1) if found.number > 1 else None
