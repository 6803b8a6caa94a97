"""Composing a mail: a capability's own words on the common base, in the customer's language."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.localedata import exists as is_in_cldr
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, select_autoescape

from engagement.mail_orders import SUBJECT_LENGTH, SendMail
from engagement.money import display_money
from engagement.plan import EngagementPlan
from engagement.profiles import Profile
from engagement.signed_tokens import sign_token

UNSUBSCRIBE = "unsubscribe"  # what the token in a mail's foot is good for
_BASE = "engagement"


@cache
def catalogue(package: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """A room's words in one language, from `mails/<language>.toml`: a section for each mail, or `[base]`."""
    return tomllib.loads(files(package).joinpath("mails", f"{language}.toml").read_text(encoding="utf-8"))


@cache
def languages(package: str = _BASE) -> frozenset[str]:
    """The languages that a room's mails are written in."""
    names = (entry.name for entry in files(package).joinpath("mails").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


class MailComposer:
    """Renders the mails of one room (`package`), whose templates are `mails/<mail>/body.html` and `body.txt`."""

    def __init__(self, package: str, plan: EngagementPlan, key: bytes, preferences_url: str) -> None:
        self._package = package
        self._plan = plan
        self._key = key
        self._preferences_url = preferences_url
        self._environment = _environment(package)

    def compose(
        self,
        mail: str,
        profile: Profile,
        *,
        send_key: str,
        campaign: str,
        useful_until: datetime,
        **facts: Any,
    ) -> SendMail:
        """The mail for one customer; the templates see `facts`, `profile`, `shop` and the words as `t("…")`.

        Raises KeyError for a word that the catalogue lacks, jinja2.UndefinedError for a fact that is missing.
        """
        entry = self._plan.campaign(campaign)
        if entry.topic is None:
            raise ValueError(f"campaign {campaign} has no topic")
        locale = _spoken(profile.locale, self._plan.shop.locale)
        mentions = {"name": profile.name, "shop": self._plan.shop.name, **_texts(facts)}
        language = locale.partition("-")[0]
        words = _Words(language, mentions)
        unsubscribe_url = self._unsubscribe_url(profile.customer_id, entry.topic, language)
        variables = {
            **facts,
            "t": words.of(self._package, mail),
            "base_t": words.of(_BASE, "base"),
            "locale": locale,
            "shop": self._plan.shop,
            "profile": profile,
            "unsubscribe_url": unsubscribe_url,
            "money": lambda money: display_money(money, locale),
            "day": lambda instant: _display_day(instant, profile.time_zone, locale),
        }
        return SendMail(
            send_key=send_key,
            campaign=campaign,
            topic=entry.topic,
            kind=entry.kind,
            customer_id=profile.customer_id,
            locale=locale,
            subject=_one_line(words.of(self._package, mail)("subject")),
            html=self._environment.get_template(f"room/{mail}/body.html").render(variables),
            text=self._environment.get_template(f"room/{mail}/body.txt").render(variables),
            unsubscribe_url=unsubscribe_url,
            useful_until=useful_until,
        )

    def _unsubscribe_url(self, customer_id: str, topic: str, language: str) -> str:
        token = sign_token(self._key, UNSUBSCRIBE, {"customer_id": customer_id, "topic": topic})
        return f"{self._preferences_url}/unsubscribe?token={token}&lang={language}"


class _Words:
    """The words of a language; their sentences may mention the customer's name, the shop's, and every plain fact."""

    def __init__(self, language: str, mentions: Mapping[str, Any]) -> None:
        self._language = language
        self._mentions = mentions

    def of(self, package: str, section: str) -> Callable[..., str]:
        words = catalogue(package, self._language)[section]
        return lambda key, **more: words[key].format(**{**self._mentions, **more})


def _spoken(wanted: str, fallback: str) -> str:
    """The customer's locale if we speak its language, else the shop's; no region that CLDR knows no formats for."""
    language = wanted.partition("-")[0]
    if language not in languages():
        return fallback
    return wanted if is_in_cldr(wanted.replace("-", "_")) else language


def _one_line(text: str) -> str:
    """A name may be long or hold a line break; a subject may not, and must not keep the mail from its customer."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def _texts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if isinstance(value, str | int)}


def _display_day(instant: datetime, time_zone: str, locale: str) -> str:
    return format_date(instant.astimezone(ZoneInfo(time_zone)), "d MMMM y", locale=locale.replace("-", "_"))


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=PrefixLoader({"room": PackageLoader(package, "mails"), "base": PackageLoader(_BASE, "mails")}),
        autoescape=select_autoescape(enabled_extensions=("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
