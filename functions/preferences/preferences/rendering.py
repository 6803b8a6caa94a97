"""The pages, in the customer's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, get_month_names

from engagement.page_frame import PageFrame
from engagement.page_words import page_languages, page_words
from engagement.plan import EngagementPlan
from engagement.web import PageResponse
from preferences.details import Details
from preferences.rules import pause_end
from preferences.time_zones_by_region import choices, choices_by_region, known_time_zones

_PACKAGE = "preferences"
type Notice = Literal["saved", "refused", "wrong", "away"]
_STATUSES: Mapping[Notice, int] = {"saved": 200, "refused": 409, "wrong": 422, "away": 503}


def languages() -> frozenset[str]:
    """The languages that the pages are written in."""
    return page_languages(_PACKAGE)


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
    """Each page, with what it needs to know."""

    def __init__(self, plan: EngagementPlan) -> None:
        self._plan = plan
        self.frame = PageFrame(_PACKAGE, plan)

    def ask(
        self, language: str, *, topic: str, others: Iterable[str], preferences_token: str
    ) -> PageResponse:
        """May the link's topic go? And which others besides? Looking at it changes nothing."""
        return self.frame.page(
            "ask",
            language,
            topic_name=self._plan.topic_name(topic, language),
            others=[(other, self._plan.topic_name(other, language)) for other in others],
            preferences_link=_link("preferences", preferences_token, language),
        )

    def done(self, language: str, *, topics: Iterable[str], preferences_token: str) -> PageResponse:
        """What was left."""
        return self.frame.page(
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

        return self.frame.page(
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
            region_names=page_words(_PACKAGE, language)["regions"],
            months=get_month_names("wide", "stand-alone", locale=language),
            erase_link=_link("preferences/erase", view.token, language),
        )

    def confirm_erasure(self, language: str, *, token: str, failed: bool = False) -> PageResponse:
        """Does the customer mean it? `failed`: they did, and it could not be done."""
        back = _link("../preferences", token, language)
        return self.frame.page(
            "erase", language, status=503 if failed else 200, failed=failed, back_link=back
        )

    def erased(self, language: str) -> PageResponse:
        """The customer is being forgotten."""
        return self.frame.plain("erased", 200, language)

    def gone(self, language: str) -> PageResponse:
        """To a customer of whom nothing is known, or nothing any more."""
        return self.frame.plain("gone", 200, language)


def _link(page: str, token: str, language: str) -> str:
    """From one page to another of the same site, wherever that is mounted."""
    return f"{page}?{urlencode({'token': token, 'lang': language})}"
