"""What the engagement plan says about cart nudges."""

from typing import ClassVar, Self

from pydantic import model_validator

from engagement.plan import CampaignSettings
from engagement.plan_sections import Duration


class CartNudgeSettings(CampaignSettings):
    """`idle_for`: from the last activity to the nudge. `useful_for`: from then on, how long a nudge makes sense."""

    campaign: ClassVar[str] = "cart_nudge"

    idle_for: Duration
    useful_for: Duration
    keep_cart_for: Duration

    @model_validator(mode="after")
    def _kept_while_useful(self) -> Self:
        if self.keep_cart_for < self.idle_for + self.useful_for:
            raise ValueError("keep_cart_for must not end before a nudge is of no more use")
        return self
