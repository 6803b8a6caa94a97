"""Whether a campaign is paused, and why. The one module that spells CampaignStatesTable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import from_text, to_text
from engagement.items import to_item
from engagement.reading import Read, read_one

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Baseline = Mapping[date, Mapping[str, int]]
"""By the day (UTC) of sending, what was counted of a campaign's mails when it was resumed."""


@dataclass(frozen=True)
class CampaignState:
    """`paused_because` is one word (`complaints`, `hard_bounces`, `operator`), None while the campaign runs.

    `baseline`: what was counted before it was last resumed, and is no reason to pause it again.
    """

    campaign: str
    paused_because: str | None = None
    paused_at: datetime | None = None
    resumed_at: datetime | None = None
    baseline: Baseline = field(default_factory=dict)


class CampaignStates:
    """CampaignStatesTable (`campaign`), which `mail_feedback` owns; `mail_delivery` reads it before each mail."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def reading(self, campaign: str) -> Read[CampaignState]:
        """The read of one campaign's state, to be put together with others; one never paused is running."""
        return Read(self._table, {"campaign": campaign}, lambda item: _state(campaign, item or {}))

    def get(self, campaign: str) -> CampaignState:
        """By a consistent read."""
        return read_one(self._client, self.reading(campaign))

    def pause(self, campaign: str, reason: str, now: datetime) -> bool:
        """Pause it until somebody resumes it. False: it was paused already, and the reason of then stays."""
        return self._update(
            campaign,
            "SET paused_because = :reason, paused_at = :now",
            "attribute_not_exists(paused_because)",
            {":reason": reason, ":now": to_text(now)},
        )

    def resume(self, campaign: str, now: datetime, baseline: Baseline) -> bool:
        """Let it run again; what was counted so far, `baseline`, pauses it no more. False: it was not paused."""
        return self._update(
            campaign,
            "SET resumed_at = :now, baseline = :baseline REMOVE paused_because, paused_at",
            "attribute_exists(paused_because)",
            {
                ":now": to_text(now),
                ":baseline": {day.isoformat(): dict(counted) for day, counted in baseline.items()},
            },
        )

    def _update(self, campaign: str, update: str, condition: str, values: dict[str, Any]) -> bool:
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"campaign": campaign}),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(values),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _state(campaign: str, item: Mapping[str, Any]) -> CampaignState:
    return CampaignState(
        campaign=campaign,
        paused_because=item.get("paused_because"),
        paused_at=from_text(item["paused_at"]) if "paused_at" in item else None,
        resumed_at=from_text(item["resumed_at"]) if "resumed_at" in item else None,
        baseline={
            date.fromisoformat(day): dict(counted) for day, counted in item.get("baseline", {}).items()
        },
    )
