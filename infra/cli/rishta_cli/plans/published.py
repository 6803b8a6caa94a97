"""The plans that a stack's parameter holds, the present one and those before, and how another one gets there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import boto3

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE
from engagement.published_plan import NONE_PUBLISHED, pack, unpack
from rishta_cli.stacks import physical_name

# Characters that SSM takes in an advanced parameter; a standard one takes half as many.
MOST = 8192
_DESCRIPTION = 1024
# As people write it, for what has no file.
DEPLOYED = "the plan in this directory's layer"


@dataclass(frozen=True)
class Version:
    """`at` is UTC; `by` is an ARN; `why` what its publisher said, or what it changed."""

    number: int
    value: str
    at: datetime
    by: str = ""
    why: str = ""

    @property
    def publishes(self) -> bool:
        return self.value.strip() != NONE_PUBLISHED

    def text(self) -> str:
        """Without comments; the deployed plan's, as it is, where nothing is published. Raises InvalidPlanError."""
        text = unpack(self.value)
        return deployed_text() if text is None else text

    def __str__(self) -> str:
        if not self.number:
            return "nothing was ever published"
        return f"version {self.number}, {'published' if self.publishes else 'withdrawn'} {self.at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True)
class PlanParameter:
    """Every method raises botocore's ClientError for what SSM refuses."""

    ssm: Any
    name: str

    @classmethod
    def of(cls, stack: str) -> Self:
        """Of a stack by its name, which there must be."""
        physical_name(stack, "LogGroup")
        return cls.named(stack)

    @classmethod
    def named(cls, stack: str) -> Self:
        """As the template names it; the first publication makes it."""
        return cls(boto3.client("ssm"), f"/{stack}/engagement-plan")

    def present(self) -> Version:
        try:
            return self._version(self.name)
        except self.ssm.exceptions.ParameterNotFound:
            return Version(0, NONE_PUBLISHED, datetime.fromtimestamp(0, UTC))

    def version(self, number: int) -> Version | None:
        """None for one that there is not, or that SSM no longer keeps."""
        try:
            return self._version(f"{self.name}:{number}")
        except (self.ssm.exceptions.ParameterVersionNotFound, self.ssm.exceptions.ParameterNotFound):
            return None

    def history(self) -> list[Version]:
        """The newest first; SSM keeps a hundred."""
        if not self.present().number:
            return []
        pages = self.ssm.get_paginator("get_parameter_history").paginate(Name=self.name)
        found = [
            Version(
                number=each["Version"],
                value=each["Value"],
                at=each["LastModifiedDate"],
                by=each.get("LastModifiedUser", ""),
                why=each.get("Description", ""),
            )
            for page in pages
            for each in page["Parameters"]
        ]
        return sorted(found, key=lambda version: version.number, reverse=True)

    def put(self, value: str, why: str) -> int:
        """The version's number. Who has 4 KB pays nothing; above, SSM takes some cents a month."""
        answer = self.ssm.put_parameter(
            Name=self.name,
            Value=value,
            Description=why[:_DESCRIPTION],
            Type="String",
            Tier="Intelligent-Tiering",
            Overwrite=True,
        )
        return int(answer["Version"])

    def _version(self, name: str) -> Version:
        found = self.ssm.get_parameter(Name=name)["Parameter"]
        return Version(found["Version"], found["Value"], found["LastModifiedDate"])


def deployed_text() -> str:
    """The plan that a deployment from this directory brings."""
    return PLAN_FILE.read_text(encoding="utf-8")


def packed(text: str) -> str:
    """As `pack`, but raises InvalidPlanError, with the figures, for what SSM would not take."""
    value = pack(text)
    if len(value) > MOST:
        raise InvalidPlanError(
            f"the plan takes {len(value):,} characters packed, and SSM takes {MOST:,}:"
            " shorten it (its comments do not count)"
        )
    return value
