"""Handing over: the mail is written, and what goes out with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from jinja2 import TemplateError
from pydantic import BaseModel

from engagement.bus import Bus
from engagement.clock import to_text
from engagement.events.reviews import InvitedProduct, ReviewInvited
from engagement.mail_orders import Handling, SendMail, SkipMail
from engagement.observability import customer_ref, explanation, logger
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.queues import MessageQueue
from engagement.review_links import review_id_of
from review_requests.campaign import ReviewRequestSettings
from review_requests.composing import PRODUCTS_SHOWN, AskedProduct, RequestMails
from review_requests.customers import Asked, Customer, Handed, Request
from review_requests.table import ReviewRequests

# What an order's own contents or a mistake in our words can make go wrong. AWS's errors are none of these.
_NO_MAIL_OF_IT = (LookupError, TemplateError, TypeError, ValueError)


@dataclass(frozen=True)
class Parting:
    """What goes out: the invitation first, for a link must lead somewhere when its mail arrives."""

    order: BaseModel
    invited: ReviewInvited | None = None


@dataclass(frozen=True)
class HandingOver:
    mails: RequestMails
    requests: ReviewRequests
    bus: Bus
    mail_queue: MessageQueue
    plan: EngagementPlan

    def parting(self, customer: Customer, request: Request, profile: Profile | None) -> Parting | None:
        """What goes out for the newest mail of this request. None: there is no mail of it now, for the customer is not
        known, or it cannot be written; another registration or deployment may mend that.
        """
        handed, key, customer_id = request.newest, request.newest_key, customer.customer_id
        if handed.reason:
            campaign, reason = ReviewRequestSettings.campaign, handed.reason
            return Parting(SkipMail(send_key=key, campaign=campaign, customer_id=customer_id, reason=reason))
        if profile is None:
            return None
        try:
            return self._mail(customer, request, handed, profile)
        except _NO_MAIL_OF_IT as error:
            about = {"customer_ref": customer_ref(customer_id), **explanation(error)}
            logger().error("no mail of a review request", extra=about)
            return None

    def let_go(self, partings: Iterable[Parting]) -> None:
        """Done again it is the same."""
        every = list(partings)
        self.bus.publish([each.invited for each in every if each.invited])
        self.mail_queue.put([each.order for each in every])

    def _mail(self, customer: Customer, request: Request, handed: Handed, profile: Profile) -> Parting:
        products = [_product(customer, asked) for asked in handed.products]
        # Handed over again, and in the reminder, the links are the same.
        until = request.first.at + self.plan.reviews.link_valid_for
        mail: SendMail = self.mails.request(
            "review_reminder" if request.reminder else "review_request",
            profile,
            products,
            send_key=request.newest_key,
            links_until=until,
            useful_until=handed.useful_until,
            handling=Handling(
                premises=(self.requests.premise(customer),), if_untrue="leave", over_the_cap="wait"
            ),
        )
        return Parting(mail, _invited(customer.customer_id, request, products[:PRODUCTS_SHOWN], until))


def _product(customer: Customer, asked: Asked) -> AskedProduct:
    order_id, product_id = asked
    product = customer.orders[order_id].products[product_id]
    picture = product.image_url[1] if product.image_url else None
    return AskedProduct(order_id, product_id, product.name[1], product.quantity, picture)


def _invited(
    customer_id: str, request: Request, products: Iterable[AskedProduct], until: datetime
) -> ReviewInvited:
    invited = tuple(
        InvitedProduct(
            review_id=review_id_of(customer_id, product.product_id),
            order_id=product.order_id,
            product_id=product.product_id,
            name=product.name,
            image_url=product.image_url,
        )
        for product in products
    )
    told = " ".join((request.newest_key, to_text(until), *(each.model_dump_json() for each in invited)))
    return ReviewInvited(
        event_id=f"review-invited-{sha256(told.encode()).hexdigest()[:32]}",
        occurred_at=request.newest.at,
        customer_id=customer_id,
        until=until,
        products=invited,
    )
