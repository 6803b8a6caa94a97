"""Composing: what the mails say of a cart."""

from dataclasses import dataclass
from typing import Any

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart, send_key
from cart_nudges.links.restore_link import restore_link
from cart_nudges.steps.assigning import Form
from cart_nudges.steps.cart_lines import total
from cart_nudges.steps.step_rules import StepAhead
from engagement.events.base import Line
from engagement.mail_composer import MailComposer
from engagement.mail_orders import Handling, Premise, SendMail
from engagement.money import Money
from engagement.offer_wording import offer_facts
from engagement.offers import Offer
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.secret_keys import SigningKeys
from engagement.wording import language_of, spoken

# A mail shows this many lines of a cart and counts the others.
LINES_SHOWN = 8


@dataclass(frozen=True)
class ShownLine:
    """A line as a mail shows it. `options`: `Size: 250 g · Colour: red`; `price`: of the whole line."""

    name: str
    quantity: int
    options: str
    image_url: str | None
    price: Money


@dataclass(frozen=True)
class CartMails:
    """`pages_url`: where our pages are."""

    composer: MailComposer
    keys: SigningKeys
    pages_url: str
    plan: EngagementPlan
    settings: CartNudgeSettings

    def nudge(
        self,
        cart: Cart,
        step: StepAhead,
        form: Form,
        profile: Profile,
        lines: tuple[Line, ...],
        *,
        premises: tuple[Premise, ...],
        offer: Offer | None,
    ) -> SendMail:
        """The mail of a step about the lines that are left of a cart, with the offer if there is one."""
        shop = self.plan.shop
        language = language_of(spoken(profile.locale, shop.locale))
        until = step.activity_at + self.settings.keep_cart_for
        return self.composer.compose(
            form.mail,
            profile,
            send_key=send_key(cart.cart_id, step.number),
            campaign=self.settings.campaign,
            useful_until=step.useful_until,
            variant=form.mail_variant,
            subject=form.subject,
            handling=Handling(
                premises=premises,
                # What changes is handed over anew, under the same send key.
                if_untrue="leave",
                in_quiet_hours=step.plan.in_quiet_hours,
                over_the_cap=step.plan.over_the_cap,
                withheld=form.withheld,
            ),
            lines=tuple(map(shown, lines[:LINES_SHOWN])),
            others=len(lines[LINES_SHOWN:]),
            total=total(lines),
            cart_url=restore_link(self.keys, self.pages_url, cart, until, language),
            **_benefit(offer, profile, shop.language),
        )


def shown(line: Line) -> ShownLine:
    return ShownLine(
        name=line.name,
        quantity=line.quantity,
        options=" · ".join(f"{name}: {value}" for name, value in line.options.items()),
        image_url=line.image_url,
        price=line.unit_price.times(line.quantity),
    )


def _benefit(offer: Offer | None, profile: Profile, shops_language: str) -> dict[str, Any]:
    if offer is None:
        return {"benefit": "none"}
    return offer_facts(offer, profile.time_zone, shops_language)
