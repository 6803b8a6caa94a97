"""The order to celebrate one page of a zone's birthdays, as it lies on BirthdayPagesQueue."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from engagement.events.base import Identifier
from engagement.events.customers import TimeZone

MonthDay = Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$")]


class CelebratePage(BaseModel):
    """Celebrate `local_date` with the customers of a zone who were born on the first of `month_days`, from those after
    `cursor` on; then with those of the next.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    time_zone: TimeZone
    local_date: date
    month_days: Annotated[tuple[MonthDay, ...], Field(min_length=1, max_length=2)]
    cursor: Identifier | None = None

    def next_page(self, cursor: str | None) -> "CelebratePage | None":
        """What is left after a page that ended at `cursor` (None: it was the last of its birthday); None: nothing."""
        if cursor is not None:
            return self.model_copy(update={"cursor": cursor})
        if len(self.month_days) > 1:
            return self.model_copy(update={"month_days": self.month_days[1:], "cursor": None})
        return None
