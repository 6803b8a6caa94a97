"""Profiles: the one read path to customers. The only module that spells CustomersTable's attributes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text
from engagement.reading import Read, read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Profile:
    """A customer as the shop last told us. `birthday` is `YYYY-MM-DD` or `--MM-DD`, and so are the further `dates`."""

    customer_id: str
    email: str
    name: str
    locale: str
    time_zone: str
    birthday: str | None = None
    dates: Mapping[str, str] = field(default_factory=dict)


# Every attribute that `profile_attributes` may give; one that it does not is absent from the table too.
PROFILE_ATTRIBUTES = tuple(Profile.__dataclass_fields__)


@dataclass(frozen=True)
class ToldProfile:
    """A profile, and when its newest fact occurred (UTC); with a shop's clock ahead of ours that may lie ahead too."""

    profile: Profile
    told_at: datetime


def profile_attributes(profile: Profile) -> dict[str, Any]:
    """What CustomersTable keeps of a profile."""
    return {name: value for name, value in asdict(profile).items() if value}


class Profiles:
    """CustomersTable, which `customer_profiles` owns and everyone else only reads."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, customer_id: str) -> Profile | None:
        """The profile, by a consistent read; None for a customer who is unknown or erased."""
        return read_one(self._client, self.reading(customer_id))

    def told(self, customer_id: str) -> ToldProfile | None:
        """The profile and its instant, by a consistent read; None as with `get`."""
        read: Read[ToldProfile | None] = Read(
            self._table,
            {"customer_id": customer_id},
            lambda item: (
                ToldProfile(_profile(item), from_text(item["told_at"])) if item and "email" in item else None
            ),
        )
        return read_one(self._client, read)

    def reading(self, customer_id: str) -> Read[Profile | None]:
        """The read of one profile, to be put together with others."""
        return Read(
            self._table,
            {"customer_id": customer_id},
            lambda item: _profile(item) if item and "email" in item else None,
        )


def _profile(item: dict[str, Any]) -> Profile:
    return Profile(**{name: item[name] for name in Profile.__dataclass_fields__ if name in item})
