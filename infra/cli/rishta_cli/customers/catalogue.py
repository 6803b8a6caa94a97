"""The catalogue: everything in the template that keeps something, and how one person's part of it is found.

A test holds that each table, queue, archive, log and parameter of the template is in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from engagement.clock import to_text
from rishta_cli.customers import finding
from rishta_cli.customers.person import Person
from rishta_cli.customers.tables import Item, TableReader

type Finder = Callable[[TableReader, Person], list[Item]]
type Judge = Callable[[Item], bool]


class Ending(Enum):
    """Who ends it when a customer is erased."""

    ROOM = "by their capability, when it hears CustomerErased"
    COMMAND = "by this command, or by their capability before"
    NOBODY = "never: they stay"


@dataclass(frozen=True)
class Place:
    """Where something on a person is kept. `what`, in the plural; `stays`: what erasure leaves of it, and why.

    `is_left_over`: whether an item that is found after an erasure should have gone. `may_go`: whether it may by now.
    """

    room: str
    what: str
    find: Finder
    ending: Ending
    stays: str = ""
    is_left_over: Judge = field(default=lambda _: True)
    may_go: Judge = field(default=lambda _: True)


def _has_more_than(*names: str) -> Judge:
    return lambda item: bool(item.keys() - set(names))


def _settled(item: Item) -> bool:
    """A mail that is being sent is its worker's until its lease ends."""
    return bool(item["mail_status"] != "sending" or item.get("lease_end", "") < to_text(datetime.now(UTC)))


def _agreed(item: Item) -> bool:
    granted = any(name.startswith("topic:") and each["granted"] for name, each in item.items())
    return granted or bool(item.keys() & {"paused_until", "recent"})


PLACES: Mapping[str, Place] = {
    "CustomersTable": Place(
        "customer_profiles",
        "profiles",
        finding.profile,
        Ending.ROOM,
        "the shop's id and when they were erased, so that an older fact brings nobody back; the audit line",
        _has_more_than("customer_id", "erased_at", "lines"),
    ),
    "OccasionsTable": Place(
        "occasion_offers",
        "dates",
        finding.by_customer,
        Ending.ROOM,
        "the shop's id and when they were erased, so that an older fact brings nobody back",
        _has_more_than("customer_id", "occasion", "version", "erased_at"),
    ),
    "OfferOrdersTable": Place(
        "offers",
        "orders that used an offer",
        finding.offer_orders,
        Ending.COMMAND,
    ),
    "OffersTable": Place("offers", "offers", finding.offers, Ending.COMMAND),
    "CartsTable": Place("cart_nudges", "carts", finding.carts, Ending.COMMAND),
    "CartShoppersTable": Place("cart_nudges", "lists of orders", finding.shoppers, Ending.COMMAND),
    "NudgedOrdersTable": Place(
        "cart_recovery",
        "orders after a nudge",
        finding.nudged_orders,
        Ending.COMMAND,
    ),
    "NudgeExposuresTable": Place(
        "cart_recovery",
        "nudges and orders",
        finding.by_customer,
        Ending.COMMAND,
        "what was counted of them stays in the experiment's sums, which name nobody",
    ),
    "ReviewRequestsTable": Place("review_requests", "records", finding.by_customer, Ending.ROOM),
    "ReviewsTable": Place(
        "reviews",
        "reviews and invitations",
        finding.reviews,
        Ending.ROOM,
        "a digest of the shop's id and when they were erased, for 400 days",
    ),
    "LoyaltyTable": Place(
        "loyalty",
        "ledger records",
        finding.by_customer,
        Ending.ROOM,
        "the ledger's entries under the shop's id, as books must be kept: points, orders and days; no name, no address,"
        " no birthday; all points have ended",
        lambda item: item["record_id"] == "account" and "erased_at" not in item,
    ),
    "MailLogTable": Place(
        "mail_delivery", "mails in the log", finding.logged_mails, Ending.COMMAND, may_go=_settled
    ),
    "MailPagesTable": Place("mail_delivery", "mails to view", finding.by_customer, Ending.ROOM),
    "SuppressionTable": Place(
        "mail_feedback",
        "entries of an address",
        finding.suppression,
        Ending.NOBODY,
        "a keyed hash of an address that must not be mailed, whoever tells it again",
        lambda _: False,
    ),
    "ContactsTable": Place(
        "preferences",
        "consents",
        finding.by_customer,
        Ending.ROOM,
        "the shop's id and that every topic is refused, so that an older consent is worth nothing",
        _agreed,
    ),
}

NOTHING: Mapping[str, str] = {
    "TimeZonesTable": "names of time zones",
    "OccasionRunsTable": "a campaign's last day in each time zone",
    "CartTimersTable": "ids of carts with a time; without the cart a timer leads nowhere, and is deleted as it fires",
    "ProductsTable": "products",
    "ExperimentCountersTable": "sums over all customers",
    "RatingsTable": "sums over all customers",
    "SendingPaceTable": "when the next mail may leave",
    "MailCountersTable": "sums over all customers",
    "CampaignStatesTable": "campaigns; who paused one is one of the shop's",
    "LogGroup": "a digest in each customer's stead; kept for LogRetentionDays",
    "AccessLogGroup": "routes and times, no address of the caller's, no link's token",
}

# The archive cannot be edited: what the shop told of the customer is forgotten ArchiveDays after it was told.
ARCHIVE = "ShopArchive"
