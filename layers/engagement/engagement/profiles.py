"""Profiles: the one read path to customers. The only module that spells CustomersTable's attributes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text
from engagement.items import from_item, to_item
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


# Customers by their address's hash, an attribute that `customer_profiles` writes beside each profile.
BY_ADDRESS = "by_address"
_MOST_OF_ONE_ADDRESS = 20

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

    def with_address(self, address_hash: str) -> tuple[str, ...]:
        """The customers, in the order of their ids, who have the address with this hash (`engagement.addresses`): a
        household, or somebody who bought as a guest. Nobody where they are too many to be either: of an address that
        everybody types nobody can say whose it is. An index answers, and may be a second old.
        """
        answer = self._client.query(
            TableName=self._table,
            IndexName=BY_ADDRESS,
            KeyConditionExpression="address_hash = :hash",
            ExpressionAttributeValues=to_item({":hash": address_hash}),
            Limit=_MOST_OF_ONE_ADDRESS + 1,
        )
        found = sorted(from_item(item)["customer_id"] for item in answer["Items"])
        return tuple(found) if len(found) <= _MOST_OF_ONE_ADDRESS else ()

    def reading(self, customer_id: str) -> Read[Profile | None]:
        """The read of one profile, to be put together with others."""
        return Read(
            self._table,
            {"customer_id": customer_id},
            lambda item: _profile(item) if item and "email" in item else None,
        )


def _profile(item: dict[str, Any]) -> Profile:
    return Profile(**{name: item[name] for name in Profile.__dataclass_fields__ if name in item})
