"""`rishta campaign`: what an operator asks of a deployed stack's campaigns, and tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from engagement.campaign_states import CampaignState, CampaignStates
from engagement.plan import EngagementPlan
from engagement.reading import read_together
from rishta_cli.plans.published import followed_plan
from rishta_cli.project import import_from_room
from rishta_cli.stacks import answered, physical_name

# As wide as it needs to be: a report that is piped into a file must not be cut.
_WIDTH = 120
_BY_PEOPLE = ("delivered", "bounced", "complained", "opened", "clicked", "unsubscribed")
_BESIDES = (
    "delayed",
    "soft_bounced",
    "rejected",
    "opened_by_proxy",
    "opened_by_scanner",
    "clicked_by_scanner",
)


@dataclass(frozen=True)
class Office:
    """A stack's tables about campaigns. `counters` is the room's own reading of its table."""

    plan: EngagementPlan
    client: Any
    states: CampaignStates
    counters: Any


@answered
def list_campaigns(stack: str) -> int:
    """Prints every campaign by e-mail and whether it runs; the exit code."""
    office = _open(stack)
    names = _by_mail(office.plan)
    states: list[CampaignState] = read_together(
        office.client, *(office.states.reading(name) for name in names)
    )
    table = Table("campaign", "kind", "state", "since", title=f"Campaigns of {stack}")
    for state in states:
        campaign = office.plan.campaign(state.campaign)
        since = state.paused_at if state.paused_because else state.resumed_at
        table.add_row(state.campaign, campaign.kind, _state(state, enabled=campaign.enabled), _minute(since))
    _console().print(table)
    return 0


@answered
def pause_campaign(stack: str, name: str) -> int:
    """Pauses it, until somebody resumes it; the exit code."""
    office = _open(stack)
    if not _known(office.plan, name):
        return 2
    paused = office.states.pause(name, "operator", datetime.now(UTC))
    _console().print(f"{name} is paused." if paused else f"{name} was paused already.")
    return 0


@answered
def resume_campaign(stack: str, name: str) -> int:
    """Lets it run again; what was counted until now will not pause it once more. The exit code."""
    office = _open(stack)
    if not _known(office.plan, name):
        return 2
    now = datetime.now(UTC)
    since = (now - office.plan.delivery.fuse.within).date()
    resumed = office.states.resume(name, now, office.counters.by_day(name, since))
    _console().print(f"{name} is running." if resumed else f"{name} was running already.")
    return 0


@answered
def report_campaigns(stack: str, name: str | None, *, days: int) -> int:
    """Prints what was counted of mails sent in these last days (UTC), by day and variant; the exit code."""
    office = _open(stack)
    if name and not _known(office.plan, name):
        return 2
    since = (datetime.now(UTC) - timedelta(days=days - 1)).date()
    for campaign in [name] if name else _by_mail(office.plan):
        counted = office.counters.days(campaign, since)
        if not counted:
            _console().print(f"{campaign}: no mail was sent since {since}.")
            continue
        _console().print(_by_people(campaign, counted), _besides(counted))
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


def _open(stack: str) -> Office:
    client = boto3.client("dynamodb")
    room = import_from_room("mail_feedback", "table")
    assert room, "the room mail_feedback has its table"
    return Office(
        plan=followed_plan(stack),
        client=client,
        states=CampaignStates(client, physical_name(stack, "CampaignStatesTable")),
        counters=room.MailCounters(client, physical_name(stack, "MailCountersTable")),
    )


def _by_mail(plan: EngagementPlan) -> list[str]:
    return [name for name, campaign in plan.campaigns.items() if campaign.channel == "email"]


def _known(plan: EngagementPlan, name: str) -> bool:
    known = _by_mail(plan)
    if name not in known:
        _console().print(
            f"There is no campaign by e-mail {name!r}; there are {', '.join(known)}.",
            style="red",
            markup=False,
        )
    return name in known


def _state(state: CampaignState, *, enabled: bool) -> str:
    if state.paused_because:
        return f"paused: {state.paused_because}"
    return "running" if enabled else "off in the plan"


def _minute(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else ""


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, emoji=False, width=_WIDTH)
