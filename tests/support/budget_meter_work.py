"""What each thing that happens at a shop makes each function ask AWS: measured with the bill, in the same run."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bill_meter import BillMeter
from budget_meter import Figures
from budget_meter_happenings import rarer_happenings
from local_cloud.cloud import AwsCall, LocalCloud
from rishta_cli.cost.calls import Calls
from shop_happenings import happenings, sweeps
from shop_on_the_meter import MeteredShop, shop_on_the_meter

Asked = Mapping[str, Mapping[str, int]]
"""By function: calls by operation, `half_reads` and `writes`."""


class WorkMeter(BillMeter):
    """Says of each function what its own calls took; what Lambda does for it is no work of its code."""

    def __init__(self) -> None:
        super().__init__()
        self.units: dict[str, Counter[str]] = {}

    def _add(self, parsed: dict[str, Any], model: Any, **more: Any) -> None:
        before = self.half_reads, self.writes
        super()._add(parsed, model, **more)
        call: AwsCall | None = more["context"].get("local_cloud_call")
        if call is not None and call.caller == "function":
            units = self.units.setdefault(call.function, Counter())
            units["half_reads"] += self.half_reads - before[0]
            units["writes"] += self.writes - before[1]


class Work(Calls):
    """A row of the bill that knows each function's part in it."""

    asked: Asked

    def less(self, other: Calls) -> "Work":
        calls = Calls(**self.model_dump(exclude={"asked"})).less(other)
        before: Asked = other.asked if isinstance(other, Work) else {}
        asked = {name: Counter(figures) for name, figures in self.asked.items()}
        for name, figures in asked.items():
            figures.subtract(before.get(name, {}))
        return Work(**calls.model_dump(), asked=_counted(asked))


@dataclass(frozen=True)
class WorkingShop(MeteredShop):
    """Its meter is a WorkMeter."""

    def during(self, act: Callable[[LocalCloud], Any]) -> Work:
        assert isinstance(self.meter, WorkMeter)
        made, runs = len(self.cloud.calls), len(self.cloud.invocations)
        self.meter.units.clear()
        calls = super().during(act)
        # Who ran and asked nothing is in the budget, too: so one call more of it is a difference.
        asked = {run.function: Counter[str]() for run in self.cloud.invocations[runs:]}
        for call in self.cloud.calls[made:]:
            if call.caller == "function" and not call.operation.startswith("GetParameter"):  # but when cold
                asked[call.function][call.operation] += 1
        for function, units in self.meter.units.items():
            asked[function].update(units)
        return Work(**calls.model_dump(), asked=_counted(asked))


@dataclass(frozen=True)
class Measured:
    """The rows of the bill, by what happened, and what only the budgets have."""

    facts: Mapping[str, Calls]
    sweeps: Mapping[str, Calls]
    rarer: Mapping[str, Calls]

    def figures(self) -> Figures:
        """`work`: by what happened, by function. `sweeps`: by function."""
        return {
            "work": {name: _asked(row) for name, row in {**self.facts, **self.rarer}.items()},
            "sweeps": {name: _asked(row)[name] for name, row in self.sweeps.items()},
        }


@contextmanager
def working_shop(endpoint: str) -> Iterator[WorkingShop]:
    with shop_on_the_meter(endpoint, WorkMeter()) as shop:
        yield WorkingShop(**vars(shop))


def measured_work(shop: WorkingShop) -> Measured:
    """At a shop to which nothing has happened yet: what it does when nothing is due, then from day to day."""
    idle = sweeps(shop)
    measured = Measured(happenings(shop), idle, rarer_happenings(shop))
    left = shop.cloud.backlog() + Counter(shop.cloud.dead_letters().keys())
    assert not left, f"what failed has no budget, and messages failed of {sorted(left)}"
    return measured


def _asked(row: Calls) -> Asked:
    assert isinstance(row, Work)
    return row.asked


def _counted(asked: Mapping[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {
        name: {what: number for what, number in sorted(figures.items()) if number > 0}
        for name, figures in sorted(asked.items())
    }
