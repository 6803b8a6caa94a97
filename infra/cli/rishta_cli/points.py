"""Points, seen from outside Lambda: whether the ledger says what a plain recomputation says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engagement.events.orders import OrderPaid
from engagement.plan import engagement_plan
from rishta_cli.project import import_from_room

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def open_ledger(client: "DynamoDBClient", table: str) -> Any:
    """The room's own reading of its table, for a command outside Lambda."""
    room = import_from_room("loyalty", "table")
    return room.Ledger(client, table) if room else None


def plain_points(order: OrderPaid, earning: Sequence[Mapping[str, Any]]) -> int:
    """An imported order's points, worked out once more without a ledger, a table or the rules' code: by the plain rate,
    fractions dropped. It is of a time before tiers, multipliers and periods.
    """
    rates = {rate["currency"]: (rate["points"], rate["for_each_minor"]) for rate in earning}
    points, minor = rates.get(order.amount.currency, (0, 1))
    return int(order.amount.amount_minor * points // minor)


def point_differences(
    ledger: Any, customer_id: str, orders: Iterable[OrderPaid], earning: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Whether each of a customer's orders earned what the file says, and whether all that is booked adds up.

    The file knows of money alone: what an order's offers gave is left out, and an order is passed over of which the
    ledger heard that money went back before it heard that it was paid.
    """
    records = ledger.records(customer_id)
    paid = {entry.order_id: entry for entry in records.entries if entry.kind == "paid"}
    went_back = {
        entry.order_id: entry.sequence
        for entry in reversed(records.entries)
        if entry.kind in ("refunded", "cancelled")
    }
    for order in orders:
        entry, expected = paid.get(order.order_id), plain_points(order, earning)
        if entry is None:
            yield f"{customer_id}: {order.order_id} is not booked"
        elif went_back.get(order.order_id, entry.sequence) < entry.sequence:
            continue
        elif entry.worth - entry.offered != expected:
            earned = entry.worth - entry.offered
            yield f"{customer_id}: {order.order_id} earned {earned} points, the file says {expected}"
    if auditing := import_from_room("loyalty", "auditing"):
        differences = auditing.audited(records, engagement_plan().tiers).differences
        yield from (f"{customer_id}: {difference}" for difference in differences)
