"""Profiles: the one read path to customers. The only module that spells CustomersTable's attributes."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engagement.items import from_item, to_item

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
        answer = self._client.get_item(
            TableName=self._table, Key=to_item({"customer_id": customer_id}), ConsistentRead=True
        )
        return _profile(from_item(answer["Item"])) if "email" in answer.get("Item", {}) else None

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
