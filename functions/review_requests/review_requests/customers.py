"""All that is known of a customer: their orders, the requests that were made of them, and what they reviewed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from review_requests.campaign import ReviewRequestSettings
from review_requests.orders import Known, Order
from review_requests.rules import Reason

# Of an order and of a product of it.
type Asked = tuple[str, str]


class Handed(Known):
    """A mail that was handed over at `at` (UTC), upon what was known as of `written_upon`: about these products, and no
    more of use after `useful_until`. With a `reason` it is one that nobody gets.

    `left_at`: when it left. `over`: there is nothing more to learn of it.
    """

    at: datetime
    written_upon: str
    useful_until: datetime
    products: tuple[Asked, ...] = ()
    reason: Reason | None = None
    left_at: datetime | None = None
    over: bool = False


class Request(Known):
    """One request about one order or several, of which `lead` names it; about none, it was withdrawn."""

    lead: str
    orders: tuple[str, ...]
    first: Handed
    reminder: Handed | None = None

    @property
    def in_flight(self) -> Handed | None:
        """What the mail log has not decided yet: the first is, before there is a reminder."""
        return None if self.newest.over else self.newest

    @property
    def newest(self) -> Handed:
        return self.reminder or self.first

    @property
    def newest_key(self) -> str:
        return reminder_key(self.lead) if self.reminder else first_key(self.lead)

    @property
    def withdrawn(self) -> "Request":
        """As if it had never been: nobody got it, and its orders are asked about anew."""
        return self.model_copy(
            update={"orders": (), "first": self.first.model_copy(update={"products": (), "over": True})}
        )

    def with_newest(self, handed: Handed) -> "Request":
        return self.model_copy(update={"reminder" if self.reminder else "first": handed})


@dataclass(frozen=True)
class Customer:
    """`version` counts all writes, `revision` names the newest state of what the shop told: mails are written upon it.
    `due_at` (UTC): when somebody looks next. `reviewed`: products, and when.
    """

    customer_id: str
    version: int = 0
    revision: str = "0"
    due_at: datetime | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    requests: Mapping[str, Request] = field(default_factory=dict)
    reviewed: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def in_requests(self) -> frozenset[str]:
        """The orders that were asked about, or never will be."""
        return frozenset(order_id for request in self.requests.values() for order_id in request.orders)

    @property
    def last_mailed_at(self) -> datetime | None:
        """When the last request or reminder left."""
        mails = (mail for each in self.requests.values() for mail in (each.first, each.reminder))
        return max((mail.left_at for mail in mails if mail and mail.left_at), default=None)

    def order_expires_at(self, order_ids: Iterable[str], settings: ReviewRequestSettings) -> datetime | None:
        """When the last of these orders may be forgotten."""
        told = [self.orders[order_id].told_at for order_id in order_ids if order_id in self.orders]
        return max(told) + settings.keep_request_for if told else None

    def request_expires_at(self, request: Request, settings: ReviewRequestSettings) -> datetime:
        """Not before its orders: they would be asked about again."""
        orders = self.order_expires_at(request.orders, settings)
        return max(request.newest.at + settings.keep_request_for, orders or request.newest.at)

    def expires_at(self, now: datetime, settings: ReviewRequestSettings) -> datetime:
        """Not before anything else of theirs."""
        kept = [now + settings.keep_request_for]
        kept += [each.told_at + settings.keep_request_for for each in self.orders.values()]
        kept += [self.request_expires_at(each, settings) for each in self.requests.values()]
        kept += [each + settings.keep_reviewed_for for each in self.reviewed.values()]
        return max(kept)


def first_key(lead: str) -> str:
    """One request an order, however often its facts are told, swept or handed over."""
    return f"review_request:{lead}:first"


def reminder_key(lead: str) -> str:
    return f"review_request:{lead}:reminder"
