"""What is known of a customer's days: the dates that come round every year, and what was told of the customer last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engagement.birthdays import WITHOUT_YEAR


@dataclass(frozen=True)
class OccasionDate:
    """A day of a customer's that comes round every year, in the customer's zone.

    `date` is `YYYY-MM-DD`, or `--MM-DD` where the year is unknown. `since` (UTC) is when its day and month became what
    they are. A date that is not believed has the reason in `refused`, and is never celebrated. `shards` is how many
    there were when it was put into its own: the table's business.
    """

    customer_id: str
    occasion: str
    date: str
    since: datetime
    time_zone: str
    tier: str | None = None
    refused: str | None = None
    shards: int = field(default=1, compare=False)

    @property
    def month_day(self) -> str:
        return self.date[-5:]

    @property
    def year(self) -> int | None:
        return None if self.date.startswith(WITHOUT_YEAR) else int(self.date[:4])


@dataclass(frozen=True)
class Told:
    """What was told of a customer, whatever dates they have; instants are UTC. `version` counts its changes, 0 is a
    customer of whom nothing was told.

    `told_at` is the instant of the newest profile, and None of an erased customer. `registrations` are those since the
    last erasure: the instant of each, and the day that it was on the customer's calendar.
    """

    customer_id: str
    version: int = 0
    told_at: datetime | None = None
    erased_at: datetime | None = None
    registrations: Mapping[datetime, date] = field(default_factory=dict)
    time_zone: str | None = None
    tier: str | None = None
    tier_told_at: datetime | None = None

    @property
    def joined_at(self) -> datetime | None:
        """When the customer registered first; None: no registration was told since the last erasure."""
        return min(self.registrations, default=None)


@dataclass(frozen=True)
class KnownDates:
    """All that is known of one customer; `dates` by the occasion's name."""

    told: Told
    dates: Mapping[str, OccasionDate] = field(default_factory=dict)
