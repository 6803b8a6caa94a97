"""`rishta birthdays --on 2027-02-28 --dry-run`, and the same for the other occasions."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from rich.table import Table

from engagement.events.benefits import Benefit
from engagement.money import display_money
from rishta_cli.dry_running import TABLES, DryRun, Verdict
from rishta_cli.plans.followed import followed_plan
from rishta_cli.saying import console, say
from rishta_cli.stack_secrets import hash_key
from rishta_cli.stacks import answered, reached


@answered
def show_dry_run(occasion: str, on: date, stack: str | None) -> int:
    """Prints who would be mailed on the day, and of everyone else with that date why not; the exit code."""
    with _opened(stack) as run:
        campaigns = run.campaigns(occasion)
        if not campaigns:
            say(f"No campaign of the engagement plan is for the occasion {occasion!r}.", style="red")
            return 2
        with console().status(
            f"Looking at everyone who would be mailed on {on} for the occasion {occasion} …"
        ) as status:
            verdicts = list(_counted(run.verdicts(occasion, on), status.update))
    _show(occasion, on, verdicts, list(campaigns))
    return 0


def _counted[T](verdicts: Iterable[T], tell: Callable[[str], None]) -> Iterator[T]:
    for number, verdict in enumerate(verdicts, 1):
        if number % 100 == 0:
            tell(f"{number} customers looked at …")
        yield verdict


@contextmanager
def _opened(stack: str | None) -> Iterator[DryRun]:
    with reached(stack, whole=False) as found:
        tables = {name: found.physical_id(name) for name in TABLES}
        yield DryRun(found.client("dynamodb"), tables, hash_key(found.name), followed_plan(found.name).plan)


def _show(occasion: str, on: date, verdicts: list[Verdict], campaigns: list[str]) -> None:
    """Those who get a mail first, in the order in which the mails leave."""
    table = Table(title=f"{occasion}, mails of {on}: a dry run, nothing was written")
    for heading in ("customer", "campaign", "leaves at", "gets", "why not"):
        table.add_column(heading, overflow="fold")
    latest = datetime.max.replace(tzinfo=UTC)
    for each in sorted(verdicts, key=lambda each: (each.leaves_at or latest, each.customer_id)):
        table.add_row(
            each.customer_id,
            each.campaign,
            _local(each),
            shown_benefit(each.benefit) if each.benefit else "",
            each.why_not or "",
        )
    if verdicts:
        console().print(table)
    for campaign in campaigns:
        reasons = Counter(each.why_not for each in verdicts if each.campaign == campaign)
        mailed = reasons.pop(None, 0)
        others = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
        say(f"{campaign}: {mailed} would be mailed; not mailed: {others or 'nobody'}.")


def _local(verdict: Verdict) -> str:
    if verdict.leaves_at is None:
        return ""
    local = verdict.leaves_at.astimezone(ZoneInfo(verdict.time_zone))
    held = f" (waits: {verdict.waits_for})" if verdict.waits_for else ""
    return f"{local:%d %b %H:%M} {verdict.time_zone}{held}"


def shown_benefit(benefit: Benefit) -> str:
    """`15%`, `₹200`, `gift teapot-small` or `200 points`."""
    if benefit.percent is not None:
        return f"{benefit.percent}%"
    if benefit.amount is not None:
        return display_money(benefit.amount, "en")
    return f"gift {benefit.gift.product_id}" if benefit.gift else f"{benefit.points} points"
