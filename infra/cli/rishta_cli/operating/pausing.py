"""`rishta pause CAMPAIGN` and `rishta resume CAMPAIGN`."""

from datetime import UTC, datetime
from typing import Any

from engagement.campaign_states import CampaignStates
from engagement.plan import EngagementPlan
from rishta_cli.plans.followed import followed_plan
from rishta_cli.project import import_from_room
from rishta_cli.saying import say
from rishta_cli.stacks import Stack, answered, reached


@answered
def run_pause(stack: str | None, campaign: str, *, dry_run: bool) -> int:
    """Pauses it, until somebody resumes it; the exit code."""
    with reached(stack, whole=False) as found:
        return pause(found, campaign, dry_run=dry_run)


@answered
def run_resume(stack: str | None, campaign: str, *, dry_run: bool) -> int:
    """Lets it run again; what was counted until now will not pause it once more. The exit code."""
    with reached(stack, whole=False) as found:
        return resume(found, campaign, dry_run=dry_run)


def pause(stack: Stack, campaign: str, *, dry_run: bool = False) -> int:
    """0: it is paused now, or was; 2: the plan has no such campaign by e-mail."""
    if not is_by_mail(followed_plan(stack.name).plan, campaign):
        return 2
    states = campaign_states(stack)
    if states.get(campaign).paused_because:
        say(f"{campaign} was paused already.")
    elif dry_run:
        say(f"{campaign} is running, and would be paused; its mail would wait. Nothing was changed.")
    else:
        states.pause(campaign, "operator", datetime.now(UTC))
        say(f"{campaign} is paused; its mail waits. `rishta resume {campaign}` lets it run again.")
    return 0


def resume(stack: Stack, campaign: str, *, dry_run: bool = False) -> int:
    """0: it runs now, or did; 2: the plan has no such campaign by e-mail."""
    plan = followed_plan(stack.name).plan
    if not is_by_mail(plan, campaign):
        return 2
    states, now = campaign_states(stack), datetime.now(UTC)
    because = states.get(campaign).paused_because
    if because is None:
        say(f"{campaign} was running already.")
    elif dry_run:
        say(f"{campaign} is paused ({because}), and would run again. Nothing was changed.")
    else:
        since = (now - plan.delivery.fuse.within).date()
        states.resume(campaign, now, mail_counters(stack).by_day(campaign, since))
        say(f"{campaign} is running; what waited leaves as its hours and its rate allow.")
    return 0


def campaign_states(stack: Stack) -> CampaignStates:
    return CampaignStates(stack.client("dynamodb"), stack.physical_id("CampaignStatesTable"))


def mail_counters(stack: Stack) -> Any:
    """The room mail_feedback's own reading of MailCountersTable."""
    room = import_from_room("mail_feedback", "table")
    assert room, "the room mail_feedback has its table"
    return room.MailCounters(stack.client("dynamodb"), stack.physical_id("MailCountersTable"))


def mail_campaigns(plan: EngagementPlan) -> list[str]:
    return [name for name, campaign in plan.campaigns.items() if campaign.channel == "email"]


def is_by_mail(plan: EngagementPlan, campaign: str) -> bool:
    """Whether it is a campaign by e-mail; if not, says which there are."""
    known = mail_campaigns(plan)
    if campaign not in known:
        say(f"There is no campaign by e-mail {campaign!r}; there are {', '.join(known)}.", style="red")
    return campaign in known
