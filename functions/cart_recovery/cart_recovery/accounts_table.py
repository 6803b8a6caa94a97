"""NudgeExposuresTable (`customer_id`, `entry`): the one module that spells its attributes.

A customer who was nudged has an `account`: their exposures, each an attribute of its own, `nudge#<cart>#<step>`, and
what was counted of them (`tallies`). Any customer has a row for each order that may be theirs,
`order#<placed_at>#<order_id>`, so that a nudge that is told late finds those that came before it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cart_recovery.booking import Account, Tally
from cart_recovery.conditional_update import delete_item, update_item
from cart_recovery.group_names import as_group, group_name
from cart_recovery.rules import Exposure, Group
from engagement.clock import from_text, to_text
from engagement.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_ACCOUNT, _NUDGE, _ORDER = "account", "nudge#", "order#"


class PlacedOrder(NamedTuple):
    """An order that may be a customer's, placed `at` (UTC)."""

    order_id: str
    at: datetime


class Accounts:
    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def expose(self, exposure: Exposure, expires_at: int) -> None:
        """Keep a nudge; told again, it stays as it was told first. Raises OvertakenError."""
        update_item(
            self._client,
            TableName=self._table,
            Key=_key(exposure.customer_id),
            UpdateExpression="SET #nudge = :nudge, expires_at = :expires_at ADD version :one",
            ConditionExpression="attribute_not_exists(#nudge)",
            ExpressionAttributeNames={
                "#nudge": f"{_NUDGE}{exposure.cart_id}#{exposure.told_as.step}",
            },
            ExpressionAttributeValues=to_item(
                {":nudge": _plain(exposure), ":expires_at": expires_at, ":one": 1}
            ),
        )

    def list_order(self, customer_id: str, order_id: str, placed_at: datetime, expires_at: int) -> None:
        """Keep that an order may be this customer's, until then if it was not kept before."""
        self._client.update_item(
            TableName=self._table,
            Key=_order_key(customer_id, order_id, placed_at),
            UpdateExpression="SET expires_at = if_not_exists(expires_at, :expires_at)",
            ExpressionAttributeValues=to_item({":expires_at": expires_at}),
        )

    def list_for_long(self, customer_id: str, order_id: str, placed_at: datetime, expires_at: int) -> None:
        """The same, until then whatever was said before."""
        row = _order_key(customer_id, order_id, placed_at) | to_item({"expires_at": expires_at})
        self._client.put_item(TableName=self._table, Item=row)

    def open(self, customer_id: str) -> Account | None:
        """The account, and none that was opened before may be written any more; None: the customer was never nudged.

        A fact is kept first, and then the accounts are opened that it may change. So of two that look at the same time
        the one that writes knows both facts, and the other one's writing is refused. Raises OvertakenError.
        """
        if not any(self._entries(customer_id, _ACCOUNT, _ACCOUNT)):
            return None
        item = update_item(
            self._client,
            TableName=self._table,
            Key=_key(customer_id),
            UpdateExpression="ADD version :one",
            ConditionExpression="attribute_exists(version)",
            ExpressionAttributeValues=to_item({":one": 1}),
        )
        return _account(item) if item else None

    def order_ids(self, account: Account) -> set[str]:
        """The orders that were placed in the time of one of the account's nudges, by consistent reads."""
        nudges = account.exposures.values()
        if not nudges:
            return set()
        first, last = min(each.at for each in nudges), max(each.counts_until for each in nudges)
        found = self._entries(account.customer_id, f"{_ORDER}{to_text(first)}", f"{_ORDER}{to_text(last)}~")
        listed = (item["entry"].split("#") for item in found)
        return {
            order_id
            for _, placed_at, order_id in listed
            if any(each.at <= from_text(placed_at) <= each.counts_until for each in nudges)
        }

    def orders_until(self, customer_id: str, until: datetime) -> list[PlacedOrder]:
        """All orders that may be the customer's and were placed until then (UTC)."""
        found = self._entries(customer_id, _ORDER, f"{_ORDER}{to_text(until)}~")
        listed = (item["entry"].split("#") for item in found)
        return [PlacedOrder(order_id, from_text(placed_at)) for _, placed_at, order_id in listed]

    def forget_order(self, customer_id: str, placed: PlacedOrder) -> None:
        delete_item(
            self._client, TableName=self._table, Key=_order_key(customer_id, placed.order_id, placed.at)
        )

    def forget_nudges(self, customer_id: str, until: datetime) -> None:
        """Delete the account; unless a nudge is newer, for then its customer has come back. Raises OvertakenError."""
        account = next(map(_account, self._entries(customer_id, _ACCOUNT, _ACCOUNT)), None)
        if account is None or any(each.at > until for each in account.exposures.values()):
            return
        delete_item(
            self._client,
            TableName=self._table,
            Key=_key(customer_id),
            ConditionExpression="version = :read",
            ExpressionAttributeValues=to_item({":read": account.version}),
        )

    def write(self, before: Account, after: Account, forget: datetime) -> "TransactWriteItemTypeDef":
        """For a transaction: what was counted, unless somebody opened the account since. A nudge for which no order
        counts after `forget` is taken out.
        """
        names = {"#tallies": "tallies"}
        sets, removes = ["#tallies = :tallies", "version = :new"], []
        values = {
            ":tallies": _plain_tallies(after.tallies),
            ":new": after.version,
            ":read": before.version,
        }
        for number, (name, exposure) in enumerate(after.exposures.items()):
            if exposure.counts_until < forget:
                names[f"#{number}"] = name
                removes.append(f"#{number}")
            elif exposure != before.exposures[name]:
                names[f"#{number}"] = name
                values[f":{number}"] = _plain(exposure)
                sets.append(f"#{number} = :{number}")
        removing = f" REMOVE {', '.join(removes)}" if removes else ""
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key(after.customer_id),
                "UpdateExpression": f"SET {', '.join(sets)}{removing}",
                "ConditionExpression": "version = :read",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": to_item(values),
            }
        }

    def _entries(self, customer_id: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="customer_id = :customer_id AND entry BETWEEN :first AND :last",
                ExpressionAttributeValues=to_item(
                    {":customer_id": customer_id, ":first": first, ":last": last}
                ),
                ConsistentRead=True,
                **start,
            )
            yield from map(from_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _key(customer_id: str) -> dict[str, Any]:
    return to_item({"customer_id": customer_id, "entry": _ACCOUNT})


def _order_key(customer_id: str, order_id: str, placed_at: datetime) -> dict[str, Any]:
    return to_item({"customer_id": customer_id, "entry": f"{_ORDER}{to_text(placed_at)}#{order_id}"})


def _account(item: dict[str, Any]) -> Account:
    exposures = {
        name: _exposure(item["customer_id"], name, value)
        for name, value in item.items()
        if name.startswith(_NUDGE)
    }
    tallies = {as_group(name): Tally(**values) for name, values in item.get("tallies", {}).items()}
    return Account(item["customer_id"], item["version"], exposures, tallies)


def _plain(exposure: Exposure) -> dict[str, Any]:
    return {
        "experiment": exposure.told_as.experiment,
        "variant": exposure.told_as.variant,
        "withheld": exposure.withheld,
        "products": sorted(exposure.products),
        "at": to_text(exposure.at),
        "counts_until": to_text(exposure.counts_until),
        "counted": exposure.counted,
    }


def _exposure(customer_id: str, name: str, values: dict[str, Any]) -> Exposure:
    _, cart_id, step = name.split("#")
    return Exposure(
        customer_id=customer_id,
        cart_id=cart_id,
        told_as=Group(values["experiment"], int(step), values["variant"]),
        withheld=values["withheld"],
        products=frozenset(values["products"]),
        at=from_text(values["at"]),
        counts_until=from_text(values["counts_until"]),
        counted=values["counted"],
    )


def _plain_tallies(tallies: Mapping[Group, Tally]) -> dict[str, Any]:
    return {
        group_name(group): {"exposures": tally.exposures, "orders": tally.orders, "net": dict(tally.net)}
        for group, tally in tallies.items()
    }
