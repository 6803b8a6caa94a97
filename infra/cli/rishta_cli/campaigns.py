"""`rishta campaign`: what an operator asks of a deployed stack's campaigns."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from engagement.campaign_states import CampaignState
from engagement.reading import read_together
from rishta_cli.operating.pausing import campaign_states, is_by_mail, mail_campaigns, mail_counters
from rishta_cli.plans.followed import followed_plan
from rishta_cli.saying import console, say
from rishta_cli.stacks import Stack, answered

_BY_PEOPLE = ("delivered", "bounced", "complained", "opened", "clicked", "unsubscribed")
_BESIDES = (
    "delayed",
    "soft_bounced",
    "rejected",
    "opened_by_proxy",
    "opened_by_scanner",
    "clicked_by_scanner",
)


@answered
def list_campaigns(stack: str) -> int:
    """Prints every campaign by e-mail and whether it runs; the exit code."""
    found = Stack.deployed(stack, whole=False)
    plan, kept = followed_plan(stack).plan, campaign_states(found)
    readings = [kept.reading(name) for name in mail_campaigns(plan)]
    states: list[CampaignState] = read_together(found.client("dynamodb"), *readings)
    table = Table("campaign", "kind", "state", "since", title=f"Campaigns of {stack}")
    for state in states:
        campaign = plan.campaign(state.campaign)
        since = state.paused_at if state.paused_because else state.resumed_at
        table.add_row(state.campaign, campaign.kind, _state(state, enabled=campaign.enabled), _minute(since))
    console().print(table)
    return 0


@answered
def report_campaigns(stack: str, name: str | None, *, days: int) -> int:
    """Prints what was counted of mails sent in these last days (UTC), by day and variant; the exit code."""
    found, plan = Stack.deployed(stack, whole=False), followed_plan(stack).plan
    if name and not is_by_mail(plan, name):
        return 2
    counters = mail_counters(found)
    since = (datetime.now(UTC) - timedelta(days=days - 1)).date()
    for campaign in [name] if name else mail_campaigns(plan):
        counted = counters.days(campaign, since)
        if not counted:
            say(f"{campaign}: no mail was sent since {since}.")
            continue
        console().print(_by_people(campaign, counted), _besides(counted))
    return 0


def _by_people(campaign: str, counted: Sequence[Any]) -> Table:
    """Under each count its share of the mails sent."""
    table = _table(campaign, "sent", *_BY_PEOPLE)
    for each in counted:
        sent = each.counts.get("sent", 0)
        cells = [
            f"{each.counts.get(fact, 0)}\n{share(each.counts.get(fact, 0), sent)}" for fact in _BY_PEOPLE
        ]
        table.add_row(str(each.day), each.variant, str(sent), *cells)
    return table


def _besides(counted: Sequence[Any]) -> Table:
    """What servers and machines did; a share of it would say nothing."""
    table = _table(None, *_BESIDES)
    for each in counted:
        table.add_row(str(each.day), each.variant, *(str(each.counts.get(fact, 0)) for fact in _BESIDES))
    return table


def _table(title: str | None, *facts: str) -> Table:
    table = Table(title=title, box=SIMPLE_HEAD)
    for heading in ("sent on", "variant"):
        table.add_column(heading, no_wrap=True)
    for fact in facts:
        table.add_column(fact.replace("_by_", "\nby ").replace("_", "\n"), justify="right", no_wrap=True)
    return table


def share(part: int, whole: int) -> str:
    """`0.25 %`; of nothing there is no share."""
    return f"{Decimal(100 * part) / whole:.2f} %" if whole else "–"


def _state(state: CampaignState, *, enabled: bool) -> str:
    if state.paused_because:
        return f"paused: {state.paused_because}"
    return "running" if enabled else "off in the plan"


def _minute(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else ""
