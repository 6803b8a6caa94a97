"""The order to celebrate one page of a day's customers, as it lies on OccasionPagesQueue."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from engagement.events.base import Identifier
from engagement.events.customers import TimeZone, Topic

MonthDay = Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$")]


class CelebratePage(BaseModel):
    """Celebrate with the customers of one shard of a zone whose date is `month_day`, from those after `cursor` on; or
    with one customer alone, if their date is still that.

    `local_date` is the mailing day, `occasion_day` the day that it is for: as the plan had it when the day was ordered.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    campaign: Topic
    time_zone: TimeZone
    local_date: date
    occasion_day: date
    month_day: MonthDay
    shard: Annotated[int, Field(strict=True, ge=0)] = 0
    cursor: Identifier | None = None
    customer_id: Identifier | None = None

    def of_one(self, customer_id: str) -> "CelebratePage":
        """The same day of one of its customers alone."""
        return self.model_copy(update={"customer_id": customer_id, "cursor": None})

    def next_page(self, cursor: str | None) -> "CelebratePage | None":
        """What is left after a page that ended at `cursor`; None: nothing."""
        return self.model_copy(update={"cursor": cursor}) if cursor is not None else None
