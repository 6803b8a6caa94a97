"""What occasions need in tests: a plan to change, run records in memory, queues that remember."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel

from engagement.plan import PLAN_FILE, EngagementPlan, read_plan
from engagement.queues import MessageQueue
from occasion_offers.campaign import OccasionOfferSettings
from occasion_offers.runs_table import CampaignZone, OccasionRuns
from occasion_offers.zones import Zones

BIRTHDAY_OFFER, FIRST_ANNIVERSARY_OFFER, ANNIVERSARY_OFFER = (
    *("birthday_offer", "first_anniversary_offer"),
    "anniversary_offer",
)


@cache
def plan_with(*changes: tuple[str, str]) -> EngagementPlan:
    """The deployed plan with lines of it replaced; each must be there."""
    text = PLAN_FILE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_plan(text, source=PLAN_FILE.name)


def without(*campaigns: str) -> tuple[tuple[str, str], ...]:
    """The changes that switch campaigns off."""
    return tuple((f"  {name}:\n", f"  {name}:\n    enabled: false\n") for name in campaigns)


def birthdays_alone(*changes: tuple[str, str]) -> EngagementPlan:
    """A plan whose only enabled campaign for an occasion is that of birthdays."""
    return plan_with(*changes, *without(FIRST_ANNIVERSARY_OFFER, ANNIVERSARY_OFFER))


def disabled_plan() -> EngagementPlan:
    return birthdays_alone(*without(BIRTHDAY_OFFER))


def settings_of(campaign: str, *changes: tuple[str, str]) -> OccasionOfferSettings:
    return plan_with(*changes).all_settings(OccasionOfferSettings)[campaign]


def birthday_settings(*changes: tuple[str, str]) -> OccasionOfferSettings:
    return settings_of(BIRTHDAY_OFFER, *changes)


class InhabitedZones(Zones):
    """Customers live in these zones."""

    def __init__(self, *where: ZoneInfo, shards: int = 1) -> None:
        self.shards: dict[str, int] = {zone.key: shards for zone in where}

    def inhabited(self) -> dict[str, int]:
        return dict(self.shards)


@cache
def zones() -> tuple[ZoneInfo, ...]:
    """All zones of the tz database, by name."""
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()))


class RunsInMemory(OccasionRuns):
    """Keeps the promises of the table; tests/dynamodb holds both to one suite."""

    def __init__(self, known: Mapping[CampaignZone, date] | None = None) -> None:
        self.dates: dict[CampaignZone, date] = dict(known or {})
        self.asked: list[CampaignZone] = []

    def last_dates(self, asked: Iterable[CampaignZone]) -> dict[CampaignZone, date]:
        asked = list(asked)
        self.asked += asked
        return {where: self.dates[where] for where in asked if where in self.dates}

    def record(self, where: CampaignZone, local_date: date) -> bool:
        if where in self.dates and self.dates[where] >= local_date:
            return False
        self.dates[where] = local_date
        return True


class RememberingQueue[M: BaseModel](MessageQueue):
    """Takes messages one by one and remembers them; with `dies_after`, the process dies when that many are taken."""

    def __init__(self, *kinds: type[M], dies_after: int | None = None) -> None:
        self._kinds = kinds
        self.messages: list[M] = []
        self.dies_after = dies_after

    def put(self, messages: Iterable[BaseModel]) -> None:
        for message in messages:
            if self.dies_after is not None and len(self.messages) >= self.dies_after:
                raise ProcessDiedError
            (kind,) = (kind for kind in self._kinds if isinstance(message, kind))
            self.messages.append(kind.model_validate_json(message.model_dump_json()))

    def take_all(self) -> list[M]:
        taken, self.messages = self.messages, []
        return taken


class ProcessDiedError(BaseException):
    """A BaseException: no code of ours can handle the end of its own process."""
