"""A door builds its capability once for each plan, and goes on with the last good one."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from engagement import aws, plan_door
from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE, EngagementPlan
from engagement.plan_door import current_plan, for_each_plan
from engagement.published_plan import pack
from shop_facts import NOW

TEXT = PLAN_FILE.read_text(encoding="utf-8")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def published_as(name: str) -> str:
    return pack(TEXT.replace("name: Chai & Co", f"name: {name}", 1))


class Ssm:
    """Stands for boto3's client."""

    def __init__(self) -> None:
        self.values = ["-"]
        self.asked: list[str] = []

    def get_parameter(self, *, Name: str) -> dict[str, dict[str, object]]:  # noqa: N803 - as boto3 has it
        self.asked.append(Name)
        version = int(Name.partition(":")[2] or len(self.values))
        return {"Parameter": {"Value": self.values[version - 1], "Version": version}}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(plan_door, "utc_now", clock)
    return clock


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ssm]:
    """A new execution environment of a function that is told the parameter's name."""
    ssm = Ssm()
    monkeypatch.setattr(aws, "ssm", lambda: ssm)
    monkeypatch.setenv("PLAN_PARAMETER", "/rishta/engagement-plan")
    plan_door._published.cache_clear()
    yield ssm
    plan_door._published.cache_clear()


def door(refused: str = "") -> tuple[Callable[[], str], list[str]]:
    """A capability that is the shop's name, and what was built."""
    built: list[str] = []

    @for_each_plan
    def capability(plan: EngagementPlan) -> str:
        built.append(plan.shop.name)
        if plan.shop.name == refused:
            raise InvalidPlanError("engagement_plan.yaml: campaigns: there is no 'cart_nudge'")
        return plan.shop.name

    return capability, built


def test_without_a_parameter_the_deployed_plan_holds_and_nobody_asks_ssm(
    monkeypatch: pytest.MonkeyPatch, ssm: Ssm
) -> None:
    monkeypatch.delenv("PLAN_PARAMETER")
    capability, built = door()
    assert [capability() for _ in range(3)] == ["Chai & Co"] * 3
    assert built == ["Chai & Co"]
    assert ssm.asked == []


def test_a_warm_door_is_built_anew_when_another_plan_is_published(ssm: Ssm, clock: Clock) -> None:
    capability, built = door()
    capability()
    ssm.values.append(published_as("Filter Coffee"))
    assert capability() == "Chai & Co"
    clock.now += minutes(5)
    assert [capability() for _ in range(3)] == ["Filter Coffee"] * 3
    assert built == ["Chai & Co", "Filter Coffee"]
    assert ssm.asked == ["/rishta/engagement-plan"] * 2


def test_a_warm_door_goes_on_as_built_when_its_room_refuses_the_new_plan(
    ssm: Ssm, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    capability, built = door(refused="Juice Bar")
    capability()
    ssm.values.append(published_as("Juice Bar"))
    clock.now += minutes(5)
    assert [capability() for _ in range(20)] == ["Chai & Co"] * 20
    assert built == ["Chai & Co", "Juice Bar"]
    assert [record.message for record in caplog.records].count("plan refused") == 1


def test_a_cold_door_whose_room_refuses_the_plan_takes_the_one_published_before(
    ssm: Ssm, clock: Clock
) -> None:
    ssm.values += [published_as("Filter Coffee"), published_as("Juice Bar")]
    capability, built = door(refused="Juice Bar")
    assert [capability(), capability()] == ["Filter Coffee"] * 2
    assert built == ["Juice Bar", "Filter Coffee"]
    assert ssm.asked == ["/rishta/engagement-plan", "/rishta/engagement-plan:2"]


def test_a_deployed_plan_that_a_room_refuses_is_an_error(ssm: Ssm, clock: Clock) -> None:
    capability, _ = door(refused="Chai & Co")
    with pytest.raises(InvalidPlanError, match="cart_nudge"):
        capability()


def test_each_door_keeps_its_own(ssm: Ssm, clock: Clock) -> None:
    ssm.values.append(published_as("Filter Coffee"))
    (first, _), (second, built) = door(), door()
    first()
    assert built == []
    assert second() == current_plan().shop.name == "Filter Coffee"
