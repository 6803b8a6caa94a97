"""Profiles: the one read path to customers. The only module that spells CustomersTable's attributes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text
from engagement.items import from_item, to_item
from engagement.reading import Read, read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BIRTHDAY_INDEX = "birthdays"


@dataclass(frozen=True)
class Profile:
    """A customer as the shop last told us. `birthday` is `YYYY-MM-DD` or `--MM-DD`."""

    customer_id: str
    email: str
    name: str
    locale: str
    time_zone: str
    birthday: str | None = None


# Every attribute that `profile_attributes` may give; one that it does not is absent from the table too.
PROFILE_ATTRIBUTES = (*Profile.__dataclass_fields__, "birthday_in_zone")


@dataclass(frozen=True)
class ToldProfile:
    """A profile, and when its newest fact occurred (UTC); with a shop's clock ahead of ours that may lie ahead too."""

    profile: Profile
    told_at: datetime


@dataclass(frozen=True)
class ProfilePage:
    """Some of the customers asked for; `cursor` asks for the next ones, None says that there are none."""

    profiles: tuple[Profile, ...]
    cursor: str | None


def profile_attributes(profile: Profile) -> dict[str, Any]:
    """What CustomersTable keeps of a profile, with the key that files it under its birthday."""
    attributes = asdict(profile)
    if profile.birthday:
        attributes["birthday_in_zone"] = _birthday_in_zone(profile.birthday[-5:], profile.time_zone)
    return {name: value for name, value in attributes.items() if value is not None}


def _birthday_in_zone(month_day: str, time_zone: str) -> str:
    return f"{month_day}#{time_zone}"


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

    def born_on(
        self, month_day: str, time_zone: str, *, limit: int, cursor: str | None = None
    ) -> ProfilePage:
        """Customers of a zone with this birthday (`MM-DD`), in the order of their ids; reads exactly those."""
        group = _birthday_in_zone(month_day, time_zone)
        start: dict[str, Any] = {}
        if cursor:
            start = {"ExclusiveStartKey": to_item({"birthday_in_zone": group, "customer_id": cursor})}
        answer = self._client.query(
            TableName=self._table,
            IndexName=BIRTHDAY_INDEX,
            KeyConditionExpression="birthday_in_zone = :group",
            ExpressionAttributeValues=to_item({":group": group}),
            Limit=limit,
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        return ProfilePage(
            profiles=tuple(_profile(from_item(item)) for item in answer["Items"]),
            cursor=from_item(last)["customer_id"] if last else None,
        )


def _profile(item: dict[str, Any]) -> Profile:
    return Profile(**{name: item[name] for name in Profile.__dataclass_fields__ if name in item})
