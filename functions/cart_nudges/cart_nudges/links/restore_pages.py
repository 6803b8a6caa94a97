"""The link in a mail: on to the shop's page that puts the cart together again, or a page that says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.links.restoring import Restoring, WhyNot
from engagement.notices import Notices
from engagement.observability import explanation, logger
from engagement.private_pages import private_page_headers
from engagement.shop_links import tracked

# utm_content: what of the mail was followed.
_FOLLOWED = "restore"
# What the page says, and its status. Nobody did wrong; but a cart that is gone does not come back.
_NOTICES: Mapping[WhyNot, tuple[str, int]] = {
    "bought": ("bought", 200),
    "emptied": ("emptied", 200),
    "expired": ("gone", 410),
    "gone": ("gone", 410),
}


@dataclass(frozen=True)
class RestorePages:
    """`website` is the shop's."""

    restoring: Restoring
    settings: CartNudgeSettings
    website: str
    notices: Notices

    def answer(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0): 303 to the shop, or a page; HEAD gets it without the body. It
        shows nothing of the cart, whoever follows the link, and changes nothing.
        """
        query = parse_qs(event.get("rawQueryString", ""))
        token, wanted = (query.get(name, [""])[0] for name in ("token", "lang"))
        try:
            answer = self._answer(token, wanted, now)
        except Exception as error:  # noqa: BLE001 - a person waits for a page, whatever is the matter
            logger().error("cart not restored", extra=explanation(error))
            answer = self.notices.answer("trouble", 503, wanted)
        return answer if event["requestContext"]["http"]["method"] != "HEAD" else answer | {"body": ""}

    def _answer(self, token: str, wanted: str, now: datetime) -> dict[str, Any]:
        cart = self.restoring.linked(token, now)
        if cart is None:
            return self.notices.answer("invalid", 404, wanted, to_anybody=True)
        if cart.reason:
            what, status = _NOTICES[cart.reason]
            return self.notices.answer(what, status, wanted)
        headers = {**private_page_headers("form-action 'none'"), "location": self._restore_url(token)}
        return {"statusCode": 303, "headers": headers, "body": ""}

    def _restore_url(self, token: str) -> str:
        """Where to is the plan's alone; of the request it holds the token, which is one that we signed."""
        parts = urlsplit(self.settings.restore_url)
        query = "&".join(each for each in (parts.query, f"token={token}") if each)
        return tracked(
            urlunsplit(parts._replace(query=query)),
            website=self.website,
            campaign=self.settings.campaign,
            variant=_FOLLOWED,
        )
