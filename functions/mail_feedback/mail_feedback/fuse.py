"""The fuse: a campaign that harms the sender's reputation is paused, until somebody has looked and resumed it."""

from dataclasses import dataclass
from datetime import datetime

from engagement import metrics
from engagement.campaign_states import CampaignStates
from engagement.observability import logger
from engagement.plan_sections import Fuse
from mail_feedback.rules import reason_to_pause, since_resumed
from mail_feedback.table import MailCounters


@dataclass(frozen=True)
class CampaignFuse:
    counters: MailCounters
    states: CampaignStates
    rule: Fuse

    def look(self, campaign: str, now: datetime) -> None:
        """Pause the campaign if there is reason to. Whole days (UTC) of sending count, the span's first among them."""
        state = self.states.get(campaign)
        if state.paused_because:
            return
        by_day = self.counters.by_day(campaign, (now - self.rule.within).date())
        reason = reason_to_pause(since_resumed(by_day, state.baseline), self.rule)
        if reason is None:
            return
        # The alarm first: killed in between, the next look raises it again, rather than nobody ever.
        metrics.count("CampaignPaused", campaign=campaign)
        logger().error("campaign paused", campaign=campaign, reason=reason)
        self.states.pause(campaign, reason, now)
