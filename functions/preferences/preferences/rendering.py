"""The pages, in the customer's language."""

import tomllib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, get_month_names
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from engagement.plan import EngagementPlan
from engagement.plan_sections import Shop
from engagement.private_pages import private_page_headers
from engagement.wording import direction
from preferences.details import Details
from preferences.rules import pause_end
from preferences.time_zones_by_region import choices, choices_by_region, known_time_zones
from preferences.web import PageResponse

_PACKAGE = "preferences"
type Notice = Literal["saved", "refused", "wrong", "away"]
_STATUSES: Mapping[Notice, int] = {"saved": 200, "refused": 409, "wrong": 422, "away": 503}


@cache
def languages() -> frozenset[str]:
    """The languages that the pages are written in."""
    names = (entry.name for entry in files(_PACKAGE).joinpath("pages").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@dataclass(frozen=True)
class CentreView:
    """What the preference centre shows. `details` are in its fields, right or `wrong` (a reason's key, by field);
    `seen` and `as_of` are what the customer started from, and `granted` what they agreed to now. `refused` has the
    topics that they wanted to join by a page that was older than their last decision.
    """

    token: str
    granted: frozenset[str]
    paused_until: datetime | None
    details: Details
    seen: Details
    as_of: str
    shown_at: str
    wrong: Mapping[str, str]
    notice: Notice | None
    refused: tuple[str, ...] = ()


class Pages:
    """Renders `pages/<page>.html` with the words of `pages/<language>.toml`."""

    def __init__(self, plan: EngagementPlan) -> None:
        self._plan = plan
        self._style = _style(plan.shop)
        self._headers = _headers(self._style)

    def ask(
        self, language: str, *, topic: str, others: Iterable[str], preferences_token: str
    ) -> PageResponse:
        """May the link's topic go? And which others besides? Looking at it changes nothing."""
        return self._page(
            "ask",
            language,
            topic_name=self._plan.topic_name(topic, language),
            others=[(other, self._plan.topic_name(other, language)) for other in others],
            preferences_link=_link("preferences", preferences_token, language),
        )

    def done(self, language: str, *, topics: Iterable[str], preferences_token: str) -> PageResponse:
        """What was left."""
        return self._page(
            "done",
            language,
            topic_names=[self._plan.topic_name(topic, language) for topic in topics],
            preferences_link=_link("preferences", preferences_token, language),
        )

    def centre(self, language: str, view: CentreView, now: datetime) -> PageResponse:
        """The form, with everything as it stands; what was wrong with it stands by its field."""
        shop, details = self._plan.shop, view.details
        wished = (details.time_zone, view.seen.time_zone)
        zone = next((each for each in wished if each in known_time_zones()), shop.time_zone)
        paused = view.paused_until is not None and view.paused_until > now

        def day(instant: datetime) -> str:
            return format_date(instant.astimezone(ZoneInfo(zone)), "d MMMM y", locale=language)

        return self._page(
            "centre",
            language,
            status=_STATUSES[view.notice or "saved"],
            view=view,
            topics=[(each, self._plan.topic_name(each, language)) for each in self._plan.topics],
            refused=", ".join(self._plan.topic_name(each, language) for each in view.refused),
            paused_until=day(view.paused_until) if paused and view.paused_until else None,
            month_ahead=day(pause_end(now, ZoneInfo(zone))),
            languages=[(each, Locale(each).get_display_name(each)) for each in sorted(languages())],
            zone=zone,
            own_zones=choices((zone, shop.time_zone), language, now),
            regions=choices_by_region(language, now),
            region_names=_words(language)["regions"],
            months=get_month_names("wide", "stand-alone", locale=language),
            erase_link=_link("preferences/erase", view.token, language),
        )

    def confirm_erasure(self, language: str, *, token: str, failed: bool = False) -> PageResponse:
        """Does the customer mean it? `failed`: they did, and it could not be done."""
        back = _link("../preferences", token, language)
        return self._page("erase", language, status=503 if failed else 200, failed=failed, back_link=back)

    def erased(self, language: str) -> PageResponse:
        """The customer is being forgotten."""
        return self._plain("erased", 200, language)

    def gone(self, language: str) -> PageResponse:
        """To a customer of whom nothing is known, or nothing any more."""
        return self._plain("gone", 200, language)

    def trouble(self, language: str) -> PageResponse:
        """AWS does not answer; trying again helps."""
        return self._plain("trouble", 503, language)

    def invalid(self, language: str) -> PageResponse:
        """A link that cannot be read says nothing about whose it is: it is answered in every language."""
        return self._plain("invalid", 400, language, *sorted(languages() - {language}))

    def _plain(self, page: str, status: int, *spoken: str) -> PageResponse:
        """A heading and a sentence, in one language or in several."""
        said = [(each, direction(each), self._wording(page, each)) for each in spoken]
        return self._page("plain", spoken[0], words=page, status=status, said=said)

    def _page(
        self, page: str, language: str, *, words: str = "", status: int = 200, **facts: Any
    ) -> PageResponse:
        template = _environment().get_template(f"{page}.html")
        body = template.render(
            t=self._wording(words or page, language),
            language=language,
            direction=direction(language),
            shop=self._plan.shop,
            style=self._style,
            **facts,
        )
        return PageResponse(status=status, headers=self._headers, body=body)

    def _wording(self, section: str, language: str) -> Any:
        words = _words(language)[section]
        return lambda key, **more: words[key].format(shop=self._plan.shop.name, **more)


def _link(page: str, token: str, language: str) -> str:
    """From one page to another of the same site, wherever that is mounted."""
    return f"{page}?{urlencode({'token': token, 'lang': language})}"


@cache
def _words(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(files(_PACKAGE).joinpath("pages", f"{language}.toml").read_text(encoding="utf-8"))


def _style(shop: Shop) -> Markup:
    """The style sheet, in the brand's colours."""
    sheet = files(_PACKAGE).joinpath("pages", "style.css").read_text(encoding="utf-8")
    light, dark = shop.brand.colours.css(), shop.brand.dark_colours.css()
    headings = f"--headings: var(--{shop.brand.headings});"
    return Markup(  # noqa: S704 - our own file, and colours of a checked form
        f":root {{ {light} {headings} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{sheet}"
    )


def _headers(style: Markup) -> dict[str, str]:
    """A page runs no script and loads nothing; its one style sheet is allowed by its digest."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return private_page_headers(f"style-src 'sha256-{digest}'; form-action 'self'")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
