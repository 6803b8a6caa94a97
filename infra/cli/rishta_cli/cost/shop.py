"""A shop's month: how often each thing happens, from a few numbers and shares that can all be said otherwise."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

# The README's three sizes of shop, by their customers.
SIZES: Mapping[str, int] = {"small": 10_000, "medium": 100_000, "large": 1_000_000}
_OCCASION_CAMPAIGNS, _DAYS = 3, 30


class Assumptions(BaseModel):
    """What nobody counts before a shop has run for a month. Shares are whole per cent; times whole milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    # Of a month, per hundred customers.
    registered_percent: int = Field(default=2, ge=0, le=1000, description="customers who are new")
    updated_percent: int = Field(default=3, ge=0, le=1000, description="customers whose profile changes")
    celebrated_percent: int = Field(
        default=10, ge=0, le=1000, description="customers mailed for a birthday or an anniversary"
    )
    products_percent: int = Field(default=5, ge=0, le=1000, description="changes of products, of customers")
    # Per hundred carts.
    updates_percent: int = Field(default=200, ge=0, le=10_000, description="updates, of carts")
    nudges_percent: int = Field(
        default=15, ge=0, le=300, description="nudges, of carts: most are guests' or bought"
    )
    # Per hundred orders.
    refunded_percent: int = Field(default=8, ge=0, le=1000, description="refunds, of orders")
    requests_percent: int = Field(
        default=120, ge=0, le=200, description="review requests and their reminders, of orders"
    )
    statements_percent: int = Field(default=90, ge=0, le=300, description="mails about points, of orders")
    spent_percent: int = Field(
        default=10, ge=0, le=1000, description="checkouts that spend points, of orders"
    )
    points_shown_percent: int = Field(default=100, ge=0, le=10_000, description="looks at points, of orders")
    ratings_shown_percent: int = Field(
        default=1000,
        ge=0,
        le=100_000,
        description="requests for ratings, of orders: the shop keeps what it got",
    )
    # Per hundred mails.
    reminded_percent: int = Field(
        default=80, ge=0, le=100, description="offers reminded of, and not used at all"
    )
    opened_percent: int = Field(default=40, ge=0, le=1000, description="opens that SES tells of, of mails")
    clicked_percent: int = Field(
        default=5, ge=0, le=1000, description="clicks, and pages of ours that follow"
    )
    zones: int = Field(default=5, ge=1, description="time zones in which customers live")
    # How things run. A call is one of AWS's other services, as seen from a function.
    run_ms: int = Field(default=40, ge=0, description="milliseconds of a run besides its calls")
    call_ms: int = Field(default=15, ge=0, description="milliseconds of a call")
    mail_ms: int = Field(default=200, ge=0, description="milliseconds to compose a mail and hand it to SES")
    cold_percent: int = Field(default=2, ge=0, le=100, description="runs that begin cold")
    cold_ms: int = Field(default=3000, ge=0, description="milliseconds of a cold start")
    run_logged: int = Field(default=700, ge=0, description="bytes that Lambda itself logs of a run")
    event_bytes: int = Field(default=1024, ge=0, description="bytes of an event in the archive")
    metric_series: int = Field(default=100, ge=0, description="metrics of our own, each with its dimensions")
    polls_per_minute: int = Field(
        default=15,
        ge=0,
        description="times a minute that Lambda looks into an empty queue: five pollers, 20 seconds",
    )
    months_kept: int = Field(default=13, ge=1, description="months of which the tables keep what happened")
    log_months: int = Field(default=1, ge=0, description="months for which logs are kept")


class Shop(BaseModel):
    """What a month brings. Numbers that are left out follow from those that are there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    customers: int = Field(ge=0)
    carts: int = Field(ge=0)
    orders: int = Field(ge=0)
    reviews: int = Field(ge=0)
    # All mails; None: as many as the carts, orders and customers bring.
    mails: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _mails_have_their_reasons(self) -> Self:
        if self.mails and not (self.customers or self.carts or self.orders):
            raise ValueError("mails come of customers, carts and orders, and there are none")
        return self

    @classmethod
    def of_size(
        cls,
        customers: int,
        *,
        carts: int | None = None,
        orders: int | None = None,
        reviews: int | None = None,
        mails: int | None = None,
    ) -> Self:
        """Three carts a customer, one of ten carts ordered, one of twelve orders reviewed, unless said otherwise."""
        carts = 3 * customers if carts is None else carts
        orders = carts // 10 if orders is None else orders
        reviews = orders // 12 if reviews is None else reviews
        return cls(customers=customers, carts=carts, orders=orders, reviews=reviews, mails=mails)


def happenings(shop: Shop, assumed: Assumptions) -> dict[str, Fraction]:
    """How often each thing in `calls.yaml` happens in a month."""
    mails = _mails(shop, assumed)
    sent = sum(mails.values(), Fraction())
    celebrated = mails["occasion_mail"]
    return mails | {
        "customer_registered": _share(shop.customers, assumed.registered_percent),
        "customer_updated": _share(shop.customers, assumed.updated_percent),
        "product_changed": _share(shop.customers, assumed.products_percent),
        "cart_updated": _share(shop.carts, assumed.updates_percent),
        # Every cart's timer is looked at once more when it is bought, emptied or forgotten.
        "cart_bought": Fraction(shop.carts),
        "nudge_counted": mails["cart_nudge"],
        **dict.fromkeys(
            ("order_placed", "order_paid", "order_fulfilled", "order_delivered"), Fraction(shop.orders)
        ),
        "order_refunded": _share(shop.orders, assumed.refunded_percent),
        "occasion_day": Fraction(_OCCASION_CAMPAIGNS * _DAYS * assumed.zones),
        "offer_ended": _share(celebrated, assumed.reminded_percent),
        "review_written": Fraction(shop.reviews),
        "rating_shown": _share(shop.orders, assumed.ratings_shown_percent),
        "points_spent": _share(shop.orders, assumed.spent_percent),
        "points_shown": _share(shop.orders, assumed.points_shown_percent),
        "mail_opened": _share(sent, assumed.opened_percent),
        "mail_clicked": _share(sent, assumed.clicked_percent),
        "page_viewed": _share(sent, assumed.clicked_percent),
    }


def _mails(shop: Shop, assumed: Assumptions) -> dict[str, Fraction]:
    """By kind; scaled to the number that was said, if one was."""
    celebrated = _share(shop.customers, assumed.celebrated_percent)
    mails = {
        "cart_nudge": _share(shop.carts, assumed.nudges_percent),
        "occasion_mail": celebrated,
        "offer_reminder": _share(celebrated, assumed.reminded_percent),
        "review_request": _share(shop.orders, assumed.requests_percent),
        "points_mail": _share(shop.orders, assumed.statements_percent),
    }
    total = sum(mails.values(), Fraction())
    if shop.mails is None or not total:
        return mails
    return {name: number * shop.mails / total for name, number in mails.items()}


def _share(of: int | Fraction, percent: int) -> Fraction:
    return Fraction(of) * percent / 100
