"""What the ledger is made of: entries that are never changed, and what they add up to.

Days are the shop's own (its time zone), instants UTC, points and money (minor units) integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from engagement.money import Money

NEVER = date.max


class Movement(StrEnum):
    """What points do, as far as sums are concerned."""

    EARNED = "earned"
    TAKEN_BACK = "taken_back"
    REDEEMED = "redeemed"
    GIVEN_BACK = "given_back"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"


class EntryKind(StrEnum):
    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    OFFER_REDEEMED = "offer_redeemed"
    OFFER_RELEASED = "offer_released"
    REVIEW_PUBLISHED = "review_published"
    REVIEW_REJECTED = "review_rejected"
    SIGN_UP = "sign_up"
    BIRTHDAY = "birthday"
    REFERRAL = "referral"
    REDEEMED = "redeemed"
    GIVEN_BACK = "given_back"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"
    TIER_CHANGED = "tier_changed"
    TIER_KEPT = "tier_kept"

    @property
    def is_an_orders(self) -> bool:
        """Whether it is about what an order is worth."""
        return self in _ORDERS

    @property
    def is_a_reviews(self) -> bool:
        """Whether it is about what a review is worth."""
        return self in (EntryKind.REVIEW_PUBLISHED, EntryKind.REVIEW_REJECTED)

    @property
    def is_a_tiers(self) -> bool:
        """Whether it moves no points, but says which tier the customer has from then on."""
        return self in (EntryKind.TIER_CHANGED, EntryKind.TIER_KEPT)


_ORDERS = frozenset(
    (
        EntryKind.PAID,
        EntryKind.REFUNDED,
        EntryKind.CANCELLED,
        EntryKind.OFFER_REDEEMED,
        EntryKind.OFFER_RELEASED,
    )
)
_MOVES = {
    EntryKind.REDEEMED: Movement.REDEEMED,
    EntryKind.GIVEN_BACK: Movement.GIVEN_BACK,
    EntryKind.EXPIRED: Movement.EXPIRED,
    EntryKind.ADJUSTED: Movement.ADJUSTED,
}


class RuleKind(StrEnum):
    # So many points for so much money of what the shop kept, times the multipliers, fractions dropped.
    EARNING = "earning"
    # The plan of that day had no rate for the currency: the money earned nothing.
    NO_EARNING = "no_earning"
    # It is of a time before the customer was erased: nothing of it counts.
    ERASED = "erased"
    # What came before its order was paid: it counts when the payment is booked.
    ORDER_AWAITED = "order_awaited"
    # `points` for a review that is shown, a sign-up, a birthday, a friend.
    BONUS = "bonus"
    # A rejection that came before its review was published: it counts when that is told.
    REVIEW_AWAITED = "review_awaited"
    # The shop committed a reservation; points that paid for an order came back with it; points ended.
    REDEMPTION = "redemption"
    GIVING_BACK = "giving_back"
    EXPIRY = "expiry"
    # Somebody decided.
    ADJUSTMENT = "adjustment"
    # The plan's tiers.
    TIERS = "tiers"


@dataclass(frozen=True)
class Rule:
    """What money or a deed earns, as it was on the day of the entry, of its order, or of its review's first
    publication, whatever the plan says since. `version` is a digest of the plan's rules of that day.

    Money: `points` for every `for_each_minor` in `currency`, times `tier_times` hundredths, and each line's own times.
    """

    kind: RuleKind
    version: str = ""
    points: int = 0
    for_each_minor: int = 0
    currency: str | None = None
    tier_times: int = 100
    with_tax: bool = True
    with_shipping: bool = False


@dataclass(frozen=True)
class Lot:
    """Points that become spendable on one day (from its beginning) and end on another (at its beginning)."""

    matures_on: date
    expires_on: date = NEVER


@dataclass(frozen=True)
class Qualifying:
    """What counts for a tier."""

    points: int = 0
    spend_minor: int = 0

    def __add__(self, other: "Qualifying") -> "Qualifying":
        return Qualifying(self.points + other.points, self.spend_minor + other.spend_minor)

    def __sub__(self, other: "Qualifying") -> "Qualifying":
        return Qualifying(self.points - other.points, self.spend_minor - other.spend_minor)


@dataclass(frozen=True)
class OrderLine:
    """All that an order has of one product; `product_id` is None for what no line names.

    `times`: the product's or its category's multiplier times the period's, in ten thousandths.
    """

    product_id: str | None
    quantity: int
    paid_minor: int
    tax_minor: int = 0
    times: int = 10_000


@dataclass(frozen=True)
class Returned:
    """What of a product went back: so much money, and so many pieces of which no amount was told."""

    amount_minor: int = 0
    quantity: int = 0

    def __add__(self, other: "Returned") -> "Returned":
        return Returned(self.amount_minor + other.amount_minor, self.quantity + other.quantity)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `points` is signed.

    `entry_id` is the business fact (`order-77:paid`), `event_id` the telling of it that was booked. `sequence` counts
    the customer's entries; `day` is the shop's day on which it took effect. Of an order's fact it keeps what was told
    (`amount`, `shipping`, `tax`, `lines`, `returned`, `code` with `offered`): folding an order's entries gives its
    record. `worth` is what the fact was worth to the order or review, signed; `points` is less of a loss where points
    had expired before (`gone`) or are let off (`forgiven`).
    """

    customer_id: str
    entry_id: str
    sequence: int
    day: date
    kind: EntryKind
    points: int
    rule: Rule
    event_id: str
    occurred_at: datetime
    booked_at: datetime
    lot: Lot | None = None
    qualifying: Qualifying | None = None
    worth: int = 0
    gone: int = 0
    forgiven: int = 0
    order_id: str | None = None
    imported: bool = False
    amount: Money | None = None
    tax_minor: int = 0
    shipping_minor: int = 0
    lines: tuple[OrderLine, ...] = ()
    returned: Mapping[str, Returned] = field(default_factory=dict)
    code: str | None = None
    offered: int = 0
    review_id: str | None = None
    revision: int = 0
    redemption_id: str | None = None
    tier: str | None = None
    # Of a tier's entry: from which day on its period runs, and what was measured.
    period_from: date | None = None
    measured: int | None = None
    # Of an adjustment.
    reason: str | None = None
    author: str | None = None

    @property
    def movement(self) -> Movement | None:
        """None where no points moved."""
        if self.points == 0:
            return None
        earned = Movement.EARNED if self.points > 0 else Movement.TAKEN_BACK
        return _MOVES.get(self.kind, earned)
