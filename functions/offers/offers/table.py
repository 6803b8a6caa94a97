"""OffersTable (`code`), as it is read and watched over.

How an offer is kept, `engagement.offers` spells; and what orders do to it, `redemptions.py`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import to_text
from engagement.due_work import DueWork
from engagement.items import to_item
from engagement.offers import Offer, offer_from
from engagement.reading import Read, read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def offer_read(table: str, code: str) -> Read[Offer | None]:
    """The offer under a code, if there is one."""
    return Read(table, {"code": code}, lambda item: offer_from(item) if item else None)


class KeptOffers:
    """The offers that were issued, and what is due about them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self.due_work = DueWork(client, table, key_names=("code",))

    def find(self, code: str) -> Offer | None:
        """The offer as it is now, by a consistent read."""
        return read_one(self._client, offer_read(self._table, code))

    def look_again(
        self, claimed: Mapping[str, Any], at: datetime, *, reminded_at: datetime | None = None
    ) -> None:
        """The offer, claimed by a sweep, falls due again `at` that instant; it keeps that its customer was reminded.

        Where it was redeemed meanwhile, or the claim ran out, nothing is changed.
        """
        reminded = {"reminded_at": to_text(reminded_at)} if reminded_at else {}
        update = "SET " + ", ".join(f"{name} = :{name}" for name in ("due_at", *reminded))
        values = {"due_at": to_text(at), **reminded, "lease": claimed["due_at"]}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"code": claimed["code"]}),
                UpdateExpression=update,
                ConditionExpression="due_at = :lease",
                ExpressionAttributeValues=to_item({f":{name}": value for name, value in values.items()}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def was_reminded(item: Mapping[str, Any]) -> bool:
    """Whether an offer's customer was reminded of it, by its item's plain values."""
    return "reminded_at" in item
