"""Composing a mail: a capability's own words on the common base, in the customer's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engagement.mail_orders import SUBJECT_LENGTH, Handling, SendMail
from engagement.mail_templates import rendered
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.secret_keys import SigningKeys
from engagement.shop_links import tracked
from engagement.signed_tokens import sign_token
from engagement.wording import BASE, Wording, direction, language_of, shown_name, spoken

# What the tokens in a mail's foot are good for; the first's claims are `customer_id`, `topic` and `send_key`, the
# second's `customer_id`, the third's `customer_id` and `send_key`.
UNSUBSCRIBE = "unsubscribe"
PREFERENCES = "preferences"
VIEW_MAIL = "view_mail"
_AS_USUAL = Handling()


class MailComposer:
    """Renders the mails of one room (`package`), written in `mails/<mail>/body.mjml` and `body.txt`."""

    def __init__(self, package: str, plan: EngagementPlan, keys: SigningKeys, preferences_url: str) -> None:
        self._package = package
        self._plan = plan
        self._keys = keys
        self._preferences_url = preferences_url

    def compose(
        self,
        mail: str,
        profile: Profile,
        *,
        send_key: str,
        campaign: str,
        useful_until: datetime,
        variant: str = "standard",
        subject: str = "subject",
        handling: Handling = _AS_USUAL,
        **facts: Any,
    ) -> SendMail:
        """The mail for one customer. Its templates see `facts`, and what `_variables` adds to them.

        `subject` is the word of the mail's that stands above it, `handling` what the mail path is to mind.

        Raises KeyError for a word that the catalogue lacks, jinja2.UndefinedError for a fact that is missing.
        """
        entry = self._plan.campaign(campaign)
        if entry.topic is None:
            raise ValueError(f"campaign {campaign} has no topic")
        shop = self._plan.shop
        locale = spoken(profile.locale, shop.locale)
        wording = Wording(
            locale, profile.time_zone, {"name": shown_name(profile.name), "shop": shop.name, **facts}
        )
        links = self._links(profile.customer_id, entry.topic, send_key, language_of(locale))
        variables = {
            **facts,
            **self._variables(mail, locale, wording, campaign, variant),
            **links,
        }
        return SendMail(
            send_key=send_key,
            campaign=campaign,
            topic=entry.topic,
            kind=entry.kind,
            customer_id=profile.customer_id,
            locale=locale,
            subject=_one_line(wording.of(self._package, mail)(subject)),
            html=rendered(self._package, mail, "html", variables),
            text=rendered(self._package, mail, "text", variables),
            unsubscribe_url=links["unsubscribe_url"],
            useful_until=useful_until,
            variant=variant,
            **vars(handling),
        )

    def _variables(
        self, mail: str, locale: str, wording: Wording, campaign: str, variant: str
    ) -> Mapping[str, Any]:
        """What every template may say.

        `t("…")` is a word of the mail's, `base_t("…")` one of the frame's; `show(fact)` a sum, a number or a day as the
        customer's locale has it. `link(url)` is for everything that may lead to the shop, `shop_url` its front door.
        `start` and `end` are the sides on which a line begins and ends.
        """
        shop = self._plan.shop
        reading = direction(locale)

        def link(url: str) -> str:
            return tracked(url, website=shop.website, campaign=campaign, variant=variant)

        return {
            "t": wording.of(self._package, mail),
            "base_t": wording.of(BASE, "base"),
            "show": wording.show,
            "link": link,
            "shop_url": link(shop.website),
            "shop": shop,
            "brand": shop.brand,
            "light": shop.brand.colours,
            "dark": shop.brand.dark_colours,
            "locale": locale,
            "direction": reading,
            "start": "left" if reading == "ltr" else "right",
            "end": "right" if reading == "ltr" else "left",
        }

    def _links(self, customer_id: str, topic: str, send_key: str, language: str) -> dict[str, str]:
        """The links in a mail's foot, each with a token that opens nothing else."""
        who = {"customer_id": customer_id}
        mail = {**who, "send_key": send_key}
        return {
            "unsubscribe_url": self._page_url("unsubscribe", UNSUBSCRIBE, {**mail, "topic": topic}, language),
            "preferences_url": self._page_url("preferences", PREFERENCES, who, language),
            "view_url": self._page_url("mail", VIEW_MAIL, mail, language),
        }

    def _page_url(self, page: str, purpose: str, claims: Mapping[str, str], language: str) -> str:
        return (
            f"{self._preferences_url}/{page}?token={sign_token(self._keys, purpose, claims)}&lang={language}"
        )


def _one_line(text: str) -> str:
    """A name may be long or hold a line break; a subject may not, and must not keep the mail from its customer."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"
