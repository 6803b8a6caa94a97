"""What the engagement plan says about review requests."""

from typing import ClassVar, Self

from pydantic import model_validator

from engagement.plan import CampaignSettings
from engagement.plan_sections import Duration


class ReviewRequestSettings(CampaignSettings):
    """`after_delivery`: from the delivery to the request. `useful_for`: from then on, how long asking makes sense."""

    campaign: ClassVar[str] = "review_request"

    after_delivery: Duration
    useful_for: Duration
    keep_request_for: Duration

    @model_validator(mode="after")
    def _kept_while_useful(self) -> Self:
        if self.keep_request_for < self.after_delivery + self.useful_for:
            raise ValueError("keep_request_for must not end before after_delivery and useful_for are over")
        return self
