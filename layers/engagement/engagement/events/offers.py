"""Facts about offers: what each is worth, and what became of it. All are ours (out)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engagement.events.base import Identifier, Instant
from engagement.events.benefits import Benefit
from engagement.events.customers import CustomerFact, Topic

OfferCodeIssued = Annotated[str, Field(min_length=1, max_length=40)]
# Of a code that we never issued nothing is told: it is the shop's own, or a slip.
RefusalTold = Literal["another_customers", "already_redeemed", "ended"]


class OfferFact(CustomerFact):
    """`code` names the offer, `offer_key` the business fact it was issued for, `benefit` what it is worth."""

    code: OfferCodeIssued
    offer_key: Annotated[str, StringConstraints(max_length=190)]
    campaign: Topic
    benefit: Benefit
    # From this instant (UTC) on it is worth nothing: the end of a day in the customer's zone.
    expires_at: Instant


class OfferIssued(OfferFact):
    """A customer was given an offer."""


class OfferRedeemed(OfferFact):
    """An order carried the code of the customer's own offer, in time and before any other."""

    order_id: Identifier


class OfferReleased(OfferFact):
    """The order that redeemed the offer was cancelled: the offer is as it was before, and another may redeem it.

    It may come before the OfferRedeemed that it takes back, or without it.
    """

    order_id: Identifier


class OfferRefused(CustomerFact):
    """An order carried the code of an offer that it could not redeem; `customer_id` is the order's, not the offer's."""

    code: OfferCodeIssued
    order_id: Identifier
    reason: RefusalTold


class OfferNearedExpiry(OfferFact):
    """The offer was not redeemed yet when the time came that its campaign reminds of it."""


class OfferExpired(OfferFact):
    """The offer ended without being redeemed."""
