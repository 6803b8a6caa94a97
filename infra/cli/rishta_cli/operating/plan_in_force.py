"""Which engagement plan a stack follows: the one that was published, or the one that was deployed with its layer."""

from dataclasses import dataclass
from typing import Any

from engagement.errors import InvalidPlanError
from engagement.plan import EngagementPlan, engagement_plan, read_plan
from engagement.published_plan import unpack
from rishta_cli.plan_checking import text_faults
from rishta_cli.stacks import Stack

_SOURCE = "published plan"


@dataclass(frozen=True)
class PlanInForce:
    """`version` is the parameter's, 0 where none is published. `fault`: why the published one is refused, None if all
    is well; functions then go on with the last good one they had, and `plan` is the one that was deployed.
    """

    plan: EngagementPlan
    version: int = 0
    fault: str | None = None

    def __str__(self) -> str:
        if self.fault:
            return f"version {self.version} is refused: {self.fault}"
        return f"published, version {self.version}" if self.version else "as deployed; none is published"


def plan_in_force(stack: Stack) -> PlanInForce:
    """Raises botocore's ClientError where the parameter cannot be read; one that is not there publishes nothing."""
    ssm: Any = stack.client("ssm")
    try:
        found = ssm.get_parameter(Name=stack.parameter_name("engagement-plan"))["Parameter"]
    except ssm.exceptions.ParameterNotFound:
        return PlanInForce(engagement_plan())
    try:
        text = unpack(found["Value"])
    except InvalidPlanError as error:
        return PlanInForce(engagement_plan(), found["Version"], str(error))
    if text is None:
        return PlanInForce(engagement_plan())
    if faults := text_faults(text, source=_SOURCE):
        return PlanInForce(engagement_plan(), found["Version"], faults[0])
    return PlanInForce(read_plan(text, source=_SOURCE), found["Version"])
