"""What each thing that happens at a shop makes AWS do: `calls.yaml`, which tests measure on the local cloud."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field

CALLS = Path(__file__).with_name("calls.yaml")


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Work(_Figures):
    """One function's part: how often it runs, and how many calls of AWS its code makes in all of these runs."""

    runs: int = Field(ge=0)
    calls: int = Field(ge=0)

    def less(self, other: "Work | None") -> "Work":
        return (
            self
            if other is None
            else Work(runs=max(0, self.runs - other.runs), calls=max(0, self.calls - other.calls))
        )


_NONE = Work(runs=0, calls=0)


class Calls(_Figures):
    """All that follows from one happening until the system is at rest.

    `half_reads` are halves of read units, the least that DynamoDB counts; `events` those put on the shop's bus;
    `queue_requests` SQS's, those of EventBridge and of Lambda's poller included; `pages` requests of the HTTP API;
    `logged` bytes that functions write into their logs, `kept` bytes that are more in the tables afterwards.
    """

    functions: Mapping[str, Work]
    half_reads: int = Field(default=0, ge=0)
    writes: int = Field(default=0, ge=0)
    queue_requests: int = Field(default=0, ge=0)
    events: int = Field(default=0, ge=0)
    pages: int = Field(default=0, ge=0)
    mails: int = Field(default=0, ge=0)
    logged: int = Field(default=0, ge=0)
    kept: int = Field(default=0, ge=0)

    def less(self, other: "Calls") -> "Calls":
        """What this takes more than the other: of a sweep that finds something, what it found."""
        numbers = {
            name: max(0, number - getattr(other, name))
            for name, number in self.model_dump(exclude={"functions"}).items()
        }
        functions = {name: work.less(other.functions.get(name)) for name, work in self.functions.items()}
        return Calls(functions={name: work for name, work in functions.items() if work != _NONE}, **numbers)


class CallTable(_Figures):
    """`facts`: by what happened. `sweeps`: what a scheduled function does where nothing is due, by its logical id."""

    facts: Mapping[str, Calls]
    sweeps: Mapping[str, Calls]

    @classmethod
    def read(cls, path: Path = CALLS) -> Self:
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def call_table() -> CallTable:
    return CallTable.read()
