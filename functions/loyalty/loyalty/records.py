"""The records that change with an entry: what is known of an order, a review, a reservation, and of the account.

Days are the shop's own (its time zone), instants UTC, points and money (minor units) integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from engagement.money import Money
from loyalty.entries import Entry, Lot, Movement, OrderLine, Qualifying, Returned, Rule


@dataclass(frozen=True)
class Order:
    """An order as far as its points are concerned. `paid`, `rule` and `lot` are None until it was paid.

    `refunded` is the sum of its refunds in each currency: one that comes before the order cannot be checked against
    the order's own yet. `offers` has the points of each offer of points that it redeemed, by code; 0 for one that was
    given back, which it never redeems again. `spent` are points that paid for it, `given_back` what of them came back.
    `version` counts its changes; 0 is an order that nothing is known of.
    """

    customer_id: str
    order_id: str
    version: int = 0
    paid: Money | None = None
    tax_minor: int = 0
    shipping_minor: int = 0
    lines: tuple[OrderLine, ...] = ()
    rule: Rule | None = None
    lot: Lot | None = None
    imported: bool = False
    cancelled: bool = False
    refunded: Mapping[str, int] = field(default_factory=dict)
    refunded_shipping: Mapping[str, int] = field(default_factory=dict)
    returned: Mapping[str, Returned] = field(default_factory=dict)
    offers: Mapping[str, int] = field(default_factory=dict)
    points_in_force: int = 0
    spend_in_force: int = 0
    spent: int = 0
    given_back: int = 0

    @property
    def refunded_minor(self) -> int:
        """What of its refunds counts: those in the currency that it was paid in."""
        return self.refunded.get(self.paid.currency, 0) if self.paid else 0


@dataclass(frozen=True)
class Review:
    """A review as far as its points are concerned: a customer has one of each product.

    `rule` and `lot` are those of its first publication, kept for good; None until then. `published` is the newest
    decision, taken at `decided_at` about its `revision`. `version` as in `Order`.
    """

    customer_id: str
    review_id: str
    version: int = 0
    rule: Rule | None = None
    lot: Lot | None = None
    published: bool = False
    decided_at: datetime | None = None
    revision: int = 0
    points_in_force: int = 0


class ReservationState(StrEnum):
    HELD = "held"
    COMMITTED = "committed"
    RELEASED = "released"


@dataclass(frozen=True)
class Reservation:
    """Points that the shop holds for a checkout until `until`; then they are free again by themselves.

    A reservation that is held and no longer among the account's `held` has ended so.
    """

    customer_id: str
    reservation_id: str
    points: int
    until: datetime
    state: ReservationState = ReservationState.HELD
    order_id: str | None = None
    version: int = 0


@dataclass(frozen=True)
class Hold:
    points: int
    until: datetime


@dataclass(frozen=True)
class TierHeld:
    """The tier that a customer has since an instant."""

    tier: str
    since: datetime


@dataclass(frozen=True)
class Account:
    """A customer's points as of the day `as_of`: every day that began until then has had its effects.

    `pending` are points whose lots have not matured; `lots` those of lots that have and are not over, by the day on
    which they end, net of what was taken back of them. `used` of them are spent or held, oldest first. `lapsed` is what
    expired of lots that are over. `held` are the reservations. `emptied_on`: all that matures until then has ended.
    """

    customer_id: str
    version: int = 0
    entry_count: int = 0
    as_of: date = date.min
    pending: Mapping[Lot, int] = field(default_factory=dict)
    lots: Mapping[date, int] = field(default_factory=dict)
    used: int = 0
    lapsed: Mapping[date, int] = field(default_factory=dict)
    held: Mapping[str, Hold] = field(default_factory=dict)
    emptied_on: date | None = None
    # What was let off, and has not been made up for by points that came back.
    forgiven: int = 0
    erased_at: datetime | None = None
    # The last deed that counts against expiry by inactivity: an order, a redemption, or that points became spendable.
    active_on: date | None = None
    # All there ever was, and each month's ("2027-03") as long as its statement is to be written.
    totals: Mapping[Movement, int] = field(default_factory=dict)
    months: Mapping[str, Mapping[Movement, int]] = field(default_factory=dict)
    # What counts for the tier, by the day on which it began to.
    qualifying: Mapping[date, Qualifying] = field(default_factory=dict)
    # Oldest first; none: always the lowest.
    tiers: tuple[TierHeld, ...] = ()
    period_from: date | None = None
    # `--03-14`, since when we know of it, and the day of the last bonus for it.
    birthday: str | None = None
    birthday_known_on: date | None = None
    profile_told_at: datetime | None = None
    birthday_paid_on: date | None = None
    # Until which expiry day the customer was reminded, by the days that the reminder is ahead.
    reminded: Mapping[int, date] = field(default_factory=dict)
    last_redemption: str | None = None
    # What is still to be told or mailed, oldest first: `entry:<entry_id>`, `mail:<kind>:<occasion>`.
    outbox: tuple[str, ...] = ()

    @property
    def available(self) -> int:
        """What can be spent as of `as_of`; below zero where more was taken back than was left."""
        return sum(self.lots.values()) - self.used

    @property
    def on_hold(self) -> int:
        return sum(hold.points for hold in self.held.values())

    @property
    def balance(self) -> int:
        """What has matured and is the customer's, what is on hold included."""
        return self.available + self.on_hold

    @property
    def pending_points(self) -> int:
        return sum(self.pending.values())

    @property
    def tier(self) -> str | None:
        """None: always the lowest."""
        return self.tiers[-1].tier if self.tiers else None


@dataclass(frozen=True)
class Records:
    """All that the ledger has of a customer; `entries` by their sequence."""

    account: Account
    entries: tuple[Entry, ...] = ()
    orders: tuple[Order, ...] = ()
    reviews: tuple[Review, ...] = ()
    reservations: tuple[Reservation, ...] = ()
