"""What birthdays need in tests: a plan to change, run records in memory, queues that remember."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel

from birthday_offers.campaign import BirthdayOfferSettings
from birthday_offers.table import BirthdayRuns
from engagement.plan import PLAN_FILE, EngagementPlan, read_plan
from engagement.queues import MessageQueue
from engagement.time_zones import TimeZones


def plan_with(*changes: tuple[str, str]) -> EngagementPlan:
    """The deployed plan with lines of it replaced; each must be there."""
    text = PLAN_FILE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_plan(text, source=PLAN_FILE.name)


def disabled_plan() -> EngagementPlan:
    return plan_with(("  birthday_offer:\n", "  birthday_offer:\n    enabled: false\n"))


def birthday_settings(*changes: tuple[str, str]) -> BirthdayOfferSettings:
    return plan_with(*changes).settings(BirthdayOfferSettings)


class InhabitedZones(TimeZones):
    """Customers live in these zones."""

    def __init__(self, *where: ZoneInfo) -> None:
        self._where = [zone.key for zone in where]

    def inhabited(self) -> list[str]:
        return list(self._where)


@cache
def zones() -> tuple[ZoneInfo, ...]:
    """All zones of the tz database, by name."""
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()))


class RunsInMemory(BirthdayRuns):
    """Keeps the promises of the table; tests/dynamodb holds both to one suite."""

    def __init__(self) -> None:
        self.dates: dict[str, date] = {}
        self.asked: list[str] = []

    def last_dates(self, time_zones: Iterable[str]) -> dict[str, date]:
        time_zones = list(time_zones)
        self.asked += time_zones
        return {zone: self.dates[zone] for zone in time_zones if zone in self.dates}

    def record(self, time_zone: str, local_date: date) -> bool:
        if time_zone in self.dates and self.dates[time_zone] >= local_date:
            return False
        self.dates[time_zone] = local_date
        return True


class RememberingQueue[M: BaseModel](MessageQueue):
    """Takes messages one by one and remembers them; with `dies_after`, the process dies when that many are taken."""

    def __init__(self, kind: type[M], *, dies_after: int | None = None) -> None:
        self._kind = kind
        self.messages: list[M] = []
        self.dies_after = dies_after

    def put(self, messages: Iterable[BaseModel]) -> None:
        for message in messages:
            if self.dies_after is not None and len(self.messages) >= self.dies_after:
                raise ProcessDiedError
            self.messages.append(self._kind.model_validate_json(message.model_dump_json()))

    def take_all(self) -> list[M]:
        taken, self.messages = self.messages, []
        return taken


class ProcessDiedError(BaseException):
    """A BaseException: no code of ours can handle the end of its own process."""
