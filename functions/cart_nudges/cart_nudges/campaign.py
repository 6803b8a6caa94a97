"""What the engagement plan says about cart nudges."""

from typing import ClassVar

from engagement.plan import CampaignSettings, Duration


class CartNudgeSettings(CampaignSettings):
    """`idle_for`: from the last activity to the nudge. `useful_for`: from then on, how long a nudge makes sense."""

    campaign: ClassVar[str] = "cart_nudge"

    idle_for: Duration
    useful_for: Duration
    keep_cart_for: Duration
