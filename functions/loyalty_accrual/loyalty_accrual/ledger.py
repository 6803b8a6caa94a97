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
    OFFER_REDEEMED = "offer_redeemed"
    OFFER_RELEASED = "offer_released"
    REVIEW_PUBLISHED = "review_published"
    REVIEW_REJECTED = "review_rejected"

    @property
    def is_an_orders(self) -> bool:
        """Whether it is about what an order is worth."""
        return self is not EntryKind.REDEEMED and not self.is_a_reviews

    @property
    def is_a_reviews(self) -> bool:
        """Whether it is about what a review is worth."""
        return self in (EntryKind.REVIEW_PUBLISHED, EntryKind.REVIEW_REJECTED)


class RuleKind(StrEnum):
    # `points` for every `for_each_minor` of what the customer kept, fractions dropped.
    EARNING = "earning"
    # The plan of that day had no rule for the currency: the money earned nothing.
    NO_EARNING = "no_earning"
    # A refund, or an offer, that came before its order was paid: it counts when the payment is booked.
    ORDER_AWAITED = "order_awaited"
    # The shop took points as payment.
    REDEMPTION = "redemption"
    # `points` for a review that is shown.
    REVIEW = "review"
    # A rejection that came before its review was published: it counts when that is told.
    REVIEW_AWAITED = "review_awaited"


@dataclass(frozen=True)
class Rule:
    """What money or a review earns, as it was on the day of the entry, of its order, or of its review's first
    publication, whatever the plan says since.
    """

    kind: RuleKind
    points: int = 0
    for_each_minor: int = 0
    currency: str | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `points` is signed; instants are UTC.

    `entry_id` is the business fact (`order-77:paid`); `event_id` is the telling of it that was booked. `amount` is the
    fact's own; `paid_minor`, `refunded_minor` and `offers` (as in `Order`) are the order's after it: with the rule
    they say what was in force from then on, and `points` is the difference to what was before. `offered` is what of
    `points` is owed to offers. `code` is the offer's that the fact is about. Of a review's entry `published` says
    whether the review is shown after it; its order is the one that the review is of.
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
    code: str | None = None
    offers: Mapping[str, int] | None = None
    offered: int = 0
    imported: bool = False
    review_id: str | None = None
    published: bool | None = None

    @property
    def earned(self) -> int:
        """What of `points` an order or a review brought, or lost again."""
        return 0 if self.kind is EntryKind.REDEEMED else self.points


@dataclass(frozen=True)
class Order:
    """An order as far as its points are concerned. `paid` and `rule` are None until it was paid.

    `refunded` is the sum of its refunds in each currency: one that comes before the order cannot be checked against
    the order's own yet. `offers` has the points of each offer of points that it redeemed, by code; 0 for one that was
    given back, which it never redeems again. `version` counts its changes; 0 is an order that nothing is known of.
    """

    customer_id: str
    order_id: str
    version: int = 0
    paid: Money | None = None
    rule: Rule | None = None
    refunded: Mapping[str, int] = field(default_factory=dict)
    offers: Mapping[str, int] = field(default_factory=dict)
    points_in_force: int = 0
    imported: bool = False

    @property
    def refunded_minor(self) -> int:
        """What of its refunds counts: those in the currency that it was paid in."""
        return self.refunded.get(self.paid.currency, 0) if self.paid else 0


@dataclass(frozen=True)
class Review:
    """A review as far as its points are concerned: a customer has one of each product.

    `points` are what the rule gave when it was first published, kept for good; None until then. `published` is the
    newest decision, taken at `decided_at` (UTC) about its `revision`. `version` as in `Order`.
    """

    customer_id: str
    review_id: str
    version: int = 0
    points: int | None = None
    published: bool = False
    decided_at: datetime | None = None
    revision: int = 0
    points_in_force: int = 0


@dataclass(frozen=True)
class Account:
    """A customer's points. `total_earned` is what orders and reviews brought, net of what was taken back: the balance,
    had the shop never taken points as payment.
    """

    balance: int = 0
    total_earned: int = 0
    entry_count: int = 0


@dataclass(frozen=True)
class Standing:
    """What a customer holds, and the tier that was found last. `tier` is None until it was another than the lowest.

    `since` (UTC) is when it became that tier: later with every change, so that it names the change. `told`: whether
    the bus is known to have taken the news of it.
    """

    customer_id: str
    balance: int = 0
    tier: str | None = None
    since: datetime | None = None
    told: bool = True
