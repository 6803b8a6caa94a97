"""Viewing a mail in the browser: the link at its top."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs

from markupsafe import Markup

from engagement.errors import InvalidTokenError
from engagement.mail_composer import VIEW_MAIL
from engagement.observability import explanation, logger
from engagement.plan import Shop
from engagement.profiles import Profiles
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token
from engagement.wording import direction
from mail_delivery.mail_pages import MailPages

# The mail's own styles and the shop's pictures; nothing that runs. Kept by no cache, found by no search, its link told
# to no other site.
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; img-src https:; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
}
_NOTICE = Markup("""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<style>
  body {{ margin: 0; padding: 12vh 24px; font: 16px/1.6 "Noto Sans", "Noto Sans Devanagari", system-ui, sans-serif; }}
  main {{ max-width: 32rem; margin: 0 auto; }}
  h1 {{ font-size: 1.5rem; line-height: 1.3; }}
  section + section {{ margin-top: 2.5rem; }}
</style></head><body><main>{sections}</main></body></html>
""")
_SECTION = Markup("""<section lang="{language}" dir="{direction}">
<{h}>{title}</{h}><p>{text}</p><p><a href="{url}">{shop}</a></p>
</section>""")


@dataclass(frozen=True)
class Viewing:
    pages: MailPages
    profiles: Profiles
    keys: SigningKeys
    shop: Shop

    def answer(self, event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0): the mail as it was sent; 404 where the link is not ours, the
        mail is too old, or its customer was erased. Changes nothing.
        """
        query = parse_qs(event.get("rawQueryString", ""))
        wanted = query.get("lang", [""])[0]
        try:
            html = self._mail(query.get("token", [""])[0], now)
        except Exception as error:  # noqa: BLE001 - a person waits for a page, whatever is the matter
            logger().error("mail not shown", extra=explanation(error))
            return {"statusCode": 503, "headers": _HEADERS, "body": _notice("trouble", wanted, self.shop)}
        if html is None:
            return {"statusCode": 404, "headers": _HEADERS, "body": _notice("gone", wanted, self.shop)}
        return {"statusCode": 200, "headers": _HEADERS, "body": html}

    def _mail(self, token: str, now: datetime) -> str | None:
        try:
            claims = read_token(self.keys, VIEW_MAIL, token)
        except InvalidTokenError:
            return None
        if self.profiles.get(claims["customer_id"]) is None:
            return None
        return self.pages.find(claims["customer_id"], claims["send_key"], now)


def _notice(what: str, wanted: str, shop: Shop) -> str:
    """In every language, the wanted one first: a link that cannot be read says nothing about whose it is."""
    languages = sorted(languages_of_pages(), key=lambda language: (language != wanted, language))
    sections = Markup("").join(
        _SECTION.format(
            language=language,
            direction=direction(language),
            h="h1" if language == languages[0] else "h2",
            title=words["title"],
            text=words["text"],
            url=shop.website,
            shop=words["shop"].format(shop=shop.name),
        )
        for language, words in ((language, _words(language)[what]) for language in languages)
    )
    return _NOTICE.format(language=languages[0], title=_words(languages[0])[what]["title"], sections=sections)


@cache
def languages_of_pages() -> frozenset[str]:
    names = (entry.name for entry in files("mail_delivery").joinpath("pages").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    text = files("mail_delivery").joinpath("pages", f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
