"""Handing over: a step's mail, with its incentive, goes to the mail path."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from jinja2 import TemplateError

from cart_nudges.campaign import CartNudgeSettings, Incentive
from cart_nudges.carts.rules import Cart, Handed, send_key
from cart_nudges.carts.shoppers_table import Shoppers
from cart_nudges.steps.assigning import Form, form_of, may_bring_incentive
from cart_nudges.steps.cart_lines import are_worth_one_of
from cart_nudges.steps.composing import CartMails
from cart_nudges.steps.judging import Welcome
from cart_nudges.steps.step_rules import StepAhead
from engagement.bus import Bus
from engagement.clock import local_instant, to_text
from engagement.events.base import Line
from engagement.observability import explanation, logger
from engagement.offers import Offer, Offers, offer_issued
from engagement.queues import MessageQueue

# What a cart's own contents can make go wrong. AWS's errors are none of these: they may be over in a while.
_NO_MAIL_OF_IT = (LookupError, TemplateError, TypeError, ValueError)


@dataclass(frozen=True)
class HandingOver:
    mails: CartMails
    shoppers: Shoppers
    offers: Offers
    bus: Bus
    mail_queue: MessageQueue
    settings: CartNudgeSettings

    def hand_over(self, cart: Cart, step: StepAhead, welcome: Welcome, now: datetime) -> Handed | None:
        """The mail is on its queue; returns what the cart is to remember of it. Done again it is the same mail.

        None: of this cart no mail can ever be made.
        """
        try:
            self._hand_over(cart, step, welcome, now)
        except _NO_MAIL_OF_IT as error:
            logger().error("no mail of a cart", extra=explanation(error))
            self.take_back_incentive(cart.cart_id, step.number, welcome.customer_id)
            return None
        return remembered(step, welcome.customer_id, welcome.lines, now, written_upon=welcome.written_upon)

    def take_back_incentive(self, cart_id: str, number: int, customer_id: str) -> None:
        """The customer never heard of it, and may have one with another cart."""
        if number > len(self.settings.steps) or may_bring_incentive(self.settings.steps[number - 1]):
            self.shoppers.release_incentive(customer_id, send_key(cart_id, number))

    def _hand_over(self, cart: Cart, step: StepAhead, welcome: Welcome, now: datetime) -> None:
        form = form_of(step.plan, step.number, welcome.profile.customer_id)
        offer = self._offer(cart, step, form, welcome, now)
        mail = self.mails.nudge(
            cart, step, form, welcome.profile, welcome.lines, premises=welcome.premises, offer=offer
        )
        if offer:
            self.bus.publish([offer_issued(offer)])
        self.mail_queue.put([mail])

    def _offer(
        self, cart: Cart, step: StepAhead, form: Form, welcome: Welcome, now: datetime
    ) -> Offer | None:
        """The customer's own offer, if the step has one, the lines are worth it, and they had none lately."""
        customer_id, key = welcome.profile.customer_id, send_key(cart.cart_id, step.number)
        incentive = form.incentive
        if incentive is None or not are_worth_one_of(welcome.lines, incentive.worth_at_least):
            if welcome.incentive_key == key:
                # It was to come with a mail about more than what is left now.
                self.shoppers.release_incentive(customer_id, key)
            return None
        if not self.shoppers.claim_incentive(
            customer_id,
            key,
            now=now,
            not_again_for=incentive.not_again_for,
            keep_for=max(incentive.not_again_for, self.settings.keep_cart_for),
        ):
            return None
        return self.offers.issue(
            _offer_key(key, customer_id, step.activity_at),
            campaign=self.settings.campaign,
            customer_id=customer_id,
            # Tiers are nobody's business here yet.
            benefit=incentive.benefit_for(None),
            expires_at=_end_of_last_day(incentive, welcome.profile.time_zone, now),
            now=now,
        )


def remembered(
    step: StepAhead, customer_id: str, lines: Iterable[Line], now: datetime, *, written_upon: str
) -> Handed:
    """What a cart remembers of a step that was handed over at `now`."""
    form = form_of(step.plan, step.number, customer_id)
    return Handed(
        step=step.number,
        at=now,
        written_upon=written_upon,
        customer_id=customer_id,
        experiment=form.experiment,
        variant=form.variant,
        product_ids=tuple(dict.fromkeys(line.product_id for line in lines)),
    )


def _offer_key(key: str, customer_id: str, activity_at: datetime) -> str:
    """Under one send key a mail may be written anew, for somebody else or days later: each time with an offer that is
    theirs, and is not over.
    """
    about = sha256(f"{customer_id} {to_text(activity_at)}".encode()).hexdigest()[:16]
    return f"{key}:{about}"


def _end_of_last_day(incentive: Incentive, time_zone: str, now: datetime) -> datetime:
    """An offer ends with a day of its customer's: valid for 5 days from 1 March, it is good through all of 6 March."""
    zone = ZoneInfo(time_zone)
    return local_instant(now.astimezone(zone).date() + incentive.valid_for, 24, zone)
