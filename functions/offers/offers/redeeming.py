"""Redeeming: what an order's codes mean for the offers behind them, and what it means that the order was cancelled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engagement.bus import Bus
from engagement.errors import RetryLaterError
from engagement.events.base import Event
from engagement.events.offers import OfferReleased
from engagement.events.orders import OrderCancelled, OrderPlaced
from engagement.metrics import count
from engagement.observability import customer_ref, logger
from engagement.offers import Offer, first_due, kept_until
from engagement.plan_sections import OfferRules
from offers.announcing import redeemed, refused, released
from offers.redemptions import Redemptions
from offers.rules import Refusal, why_refused

_ATTEMPTS = 3


@dataclass(frozen=True)
class Redeeming:
    redemptions: Redemptions
    bus: Bus
    rules: OfferRules

    def apply(self, fact: OrderPlaced | OrderCancelled, now: datetime) -> None:
        """Any number of times, in any order: an offer is redeemed by one order that is not cancelled, a cancelled order
        holds none, and both is told at least once.

        What this order did before is told again, because whoever did it may have been killed before telling; it is the
        same fact then. A code that is refused is the customer's disappointment and no error. Raises RetryLaterError.
        """
        match fact:
            case OrderPlaced():
                news = self._placed(fact) if fact.offer_codes else []
            case OrderCancelled():
                news = list(self._cancelled(fact, now))
        if news:
            self.bus.publish(news)

    def _placed(self, order: OrderPlaced) -> list[Event]:
        codes = tuple(dict.fromkeys(order.offer_codes))
        for _ in range(_ATTEMPTS):
            known, offers = self.redemptions.look(order.order_id, codes)
            if known.cancelled_at:
                return []
            verdicts = [(offer, _verdict(offer, order)) for offer in offers]
            good = [offer for offer, reason in verdicts if offer and reason is None]
            if self._redeem(order, good, known.kept_until):
                facts = (_fact_of(offer, order, reason) for offer, reason in verdicts)
                return [fact for fact in facts if fact]
        raise RetryLaterError("other orders, or a cancellation, were faster again and again")

    def _redeem(self, order: OrderPlaced, offers: Sequence[Offer], kept: int) -> bool:
        fresh = [offer for offer in offers if offer.redeemed_by is None]
        if not fresh:
            return True
        # The order is remembered for as long as any offer that it holds.
        keep_until = max(kept, *(kept_until(offer, self.rules) for offer in offers))
        if not self.redemptions.redeem(order, fresh, keep_until=keep_until):
            return False
        for offer in fresh:
            count("OffersRedeemed", campaign=offer.campaign)
        return True

    def _cancelled(self, fact: OrderCancelled, now: datetime) -> Iterator[OfferReleased]:
        keep_until = int((now + self.rules.keep_for).timestamp())
        order = self.redemptions.cancel(fact.order_id, at=fact.occurred_at, keep_until=keep_until)
        if not order.codes:
            return
        for offer in self.redemptions.offers(sorted(order.codes)):
            due_at = first_due(offer, self.rules)
            if self.redemptions.release(offer, fact.order_id, due_at=due_at):
                count("OffersReleased", campaign=offer.campaign)
            yield released(offer, order_id=fact.order_id, at=order.cancelled_at or fact.occurred_at)


def _verdict(offer: Offer | None, order: OrderPlaced) -> Refusal | None:
    return why_refused(offer, customer_id=order.customer_id, at=order.occurred_at, order_id=order.order_id)


def _fact_of(offer: Offer | None, order: OrderPlaced, reason: Refusal | None) -> Event | None:
    if reason is not None:
        _note_refusal(offer, order, reason)
    if offer is None or reason == "unknown":
        return None
    if reason is not None:
        return refused(offer, order, reason)
    return redeemed(offer, order_id=order.order_id, at=offer.redeemed_at or order.occurred_at)


def _note_refusal(offer: Offer | None, order: OrderPlaced, reason: Refusal) -> None:
    """The code itself is not logged: as long as it is good, whoever knows it could try it."""
    count("OffersRefused", reason=reason)
    logger().info(
        "offer refused",
        customer_ref=customer_ref(order.customer_id),
        order_id=order.order_id,
        reason=reason,
        campaign=offer.campaign if offer else None,
    )
