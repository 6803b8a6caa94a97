"""What the ledger is made of: entries that are never changed, and what they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engagement.money import Money


class EntryKind(StrEnum):
    PAID = "paid"
    REFUNDED = "refunded"
    REDEEMED = "redeemed"


class RuleKind(StrEnum):
    # `points` for every `for_each_minor` of what the customer kept, fractions dropped.
    EARNING = "earning"
    # The plan of that day had no rule for the currency: the order earned nothing.
    NO_EARNING = "no_earning"
    # A refund that came before its order: it counts when the order is booked.
    ORDER_AWAITED = "order_awaited"
    # The shop took points as payment.
    REDEMPTION = "redemption"


@dataclass(frozen=True)
class Rule:
    """The rule that made an entry, as it was on that day, whatever the plan says since."""

    kind: RuleKind
    points: int = 0
    for_each_minor: int = 0
    currency: str | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `points` is signed; instants are UTC.

    `entry_id` is the business fact (`order-77:paid`); `event_id` is the telling of it that was booked. `amount` is the
    fact's own; `paid_minor` and `refunded_minor` are the order's sums after it, from which `points` was computed.
    """

    customer_id: str
    entry_id: str
    kind: EntryKind
    points: int
    rule: Rule
    event_id: str
    occurred_at: datetime
    booked_at: datetime
    order_id: str | None = None
    amount: Money | None = None
    paid_minor: int | None = None
    refunded_minor: int | None = None
    imported: bool = False


@dataclass(frozen=True)
class Order:
    """An order as far as its points are concerned. `paid` and `rule` are None until it was paid.

    `refunded` is the sum of its refunds in each currency: one that comes before the order cannot be checked against
    the order's own yet. `version` counts its changes; 0 is an order that nothing is known of.
    """

    customer_id: str
    order_id: str
    version: int = 0
    paid: Money | None = None
    rule: Rule | None = None
    refunded: Mapping[str, int] = field(default_factory=dict)
    points_in_force: int = 0
    imported: bool = False


@dataclass(frozen=True)
class Account:
    """A customer's points. `total_earned` is what the orders earned, net of what refunds took back."""

    balance: int = 0
    total_earned: int = 0
    entry_count: int = 0
