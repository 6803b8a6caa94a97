"""Composing: the two mails that ask for reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engagement.mail_composer import MailComposer
from engagement.mail_orders import Handling, SendMail
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.review_links import STARS, ReviewLink, review_id_of, review_url, with_stars
from engagement.review_points import points_for_a_review_today
from engagement.secret_keys import SigningKeys
from engagement.wording import Counted, language_of, spoken
from review_requests.campaign import ReviewRequestSettings

type RequestMail = Literal["review_request", "review_reminder"]

# A mail shows this many products and counts the others.
PRODUCTS_SHOWN = 8


@dataclass(frozen=True)
class AskedProduct:
    """One product of one order, as it is asked about."""

    order_id: str
    product_id: str
    name: str
    quantity: int
    image_url: str | None = None


@dataclass(frozen=True)
class ShownProduct:
    """A product as a mail shows it. `url` leads to its form with no star chosen, `star_urls` with one to five."""

    name: str
    quantity: int
    image_url: str | None
    url: str
    star_urls: tuple[str, ...]


@dataclass(frozen=True)
class RequestMails:
    """`pages_url`: where our pages are."""

    composer: MailComposer
    keys: SigningKeys
    pages_url: str
    plan: EngagementPlan

    def request(
        self,
        mail: RequestMail,
        profile: Profile,
        products: Sequence[AskedProduct],
        *,
        send_key: str,
        links_until: datetime,
        useful_until: datetime,
        handling: Handling,
    ) -> SendMail:
        """The mail about these products, of one order or several. Its links work until `links_until` (UTC)."""
        return self.composer.compose(
            mail,
            profile,
            send_key=send_key,
            campaign=ReviewRequestSettings.campaign,
            useful_until=useful_until,
            handling=handling,
            products=tuple(
                self._shown(product, profile, links_until) for product in products[:PRODUCTS_SHOWN]
            ),
            others=len(products[PRODUCTS_SHOWN:]),
            orders=len({product.order_id for product in products}),
            points=points_for_a_review(self.plan),
        )

    def _shown(self, product: AskedProduct, profile: Profile, until: datetime) -> ShownProduct:
        link = ReviewLink(review_id_of(profile.customer_id, product.product_id), until)
        language = language_of(spoken(profile.locale, self.plan.shop.locale))
        return shown(product, review_url(self.keys, self.pages_url, link, language))


def shown(product: AskedProduct, url: str) -> ShownProduct:
    return ShownProduct(
        name=product.name,
        quantity=product.quantity,
        image_url=product.image_url,
        url=url,
        star_urls=tuple(with_stars(url, stars) for stars in STARS),
    )


def points_for_a_review(plan: EngagementPlan) -> Counted | None:
    """What the mail may promise for a published review; None where it earns nothing."""
    points = points_for_a_review_today(plan)
    return Counted("points", points) if points else None
