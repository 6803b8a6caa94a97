"""Points, seen from outside Lambda: their tier, and whether the ledger says what a plain recomputation says."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from engagement.events.orders import OrderPaid
from engagement.plan import engagement_plan
from rishta_cli.project import import_from_room

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def open_ledger(client: "DynamoDBClient", table: str) -> Any:
    """The room's own reading of its table, for a command outside Lambda."""
    room = import_from_room("loyalty_accrual", "table")
    return room.Ledger(client, table) if room else None


def tier_name(points: int) -> str:
    """The tier that a customer with these points has, by the deployed plan."""
    rules, campaign = (import_from_room("loyalty_accrual", name) for name in ("rules", "campaign"))
    if rules is None or campaign is None:
        return ""
    settings = engagement_plan().settings(campaign.LoyaltyAccrualSettings)
    return str(rules.tier_of(points, settings.tiers).name)


def plain_points(orders: Iterable[OrderPaid], earning: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Points per customer, worked out once more without a ledger, a table or the rules' code."""
    rates = {rate["currency"]: (rate["points"], rate["for_each_minor"]) for rate in earning}
    points: Counter[str] = Counter()
    for order in orders:
        each, minor = rates.get(order.amount.currency, (0, 1))
        points[order.customer_id] += order.amount.amount_minor // minor * each
    return points


def point_differences(ledger: Any, customer_id: str, expected: int, in_file: Set[str]) -> Iterator[str]:
    """Whether the customer's entries for the file's orders, and their balance, are what they should be.

    The file knows of money alone: what an order's offers gave is left out of the comparison.
    """
    entries = list(ledger.entries(customer_id))
    orders = (entry for entry in entries if entry.kind.is_an_orders and entry.order_id in in_file)
    booked = sum(entry.points - entry.offered for entry in orders)
    balance, total = ledger.balance(customer_id), sum(entry.points for entry in entries)
    if booked != expected:
        yield f"{customer_id}: {booked} points booked, the file says {expected}"
    elif balance != total:
        yield f"{customer_id}: a balance of {balance}, the entries say {total}"
