"""The loyalty desk: what a customer has, and corrections that somebody of the shop's decided on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError
from rich.table import Table
from rich.text import Text

from engagement.errors import RetryLaterError
from engagement.events.base import Identifier
from engagement.events.base import Text as Line
from engagement.plan import EngagementPlan
from engagement.races import until_won
from rishta_cli.plans.followed import followed_plan
from rishta_cli.project import import_from_room, reach
from rishta_cli.review_desk import seen
from rishta_cli.saying import console, say
from rishta_cli.stacks import answered, reached

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TABLE = "LoyaltyTable"
# The most that one entry of money can be worth; a correction that is more is a slip of the hand.
_MOST = 10**9
_LOST = "others book for this customer at the same time"


@dataclass(frozen=True)
class Desk:
    """The room's table by its own reading, and the plan by which its books are kept."""

    client: "DynamoDBClient"
    table: str
    ledger: Any
    plan: EngagementPlan

    def terms(self) -> Any:
        return room("terms").Terms.of(self.plan)


@dataclass(frozen=True)
class Correction:
    """So many points more or fewer, once for each `adjustment_id` of a customer's."""

    customer_id: str
    adjustment_id: str
    points: int
    reason: str
    author: str

    def fault(self) -> str | None:
        """What is wrong with it by itself, in words."""
        if self.points == 0:
            return "0 points change nothing."
        if abs(self.points) > _MOST:
            return f"{_MOST:,} points are the most."
        for name, value, kind in (
            ("CUSTOMER", self.customer_id, Identifier),
            ("--id", self.adjustment_id, Identifier),
            ("--reason", self.reason, Line),
            ("--author", self.author, Line),
        ):
            try:
                TypeAdapter(kind).validate_python(value)
            except ValidationError as error:
                return f"{name}: {error.errors()[0]['msg']}"
        return None

    def is_booked_as(self, entry: Any) -> bool:
        told = entry.points, entry.reason, entry.author
        return bool(told == (self.points, self.reason.strip(), self.author.strip()))


@answered
def show_customer(stack: str | None, customer_id: str, number: int) -> int:
    """Prints what a customer has as of now; the exit code."""
    now = datetime.now(UTC)
    with opened(stack) as desk:
        statements = room("statement").Statements(desk.ledger, desk.terms())
        statement = statements.of(customer_id, now, before=None, limit=number)
    if not statement.entry_count and not statement.entries:
        say(f"Nothing was ever booked for {seen(customer_id)}.")
        return 0
    if statement.is_erased:
        say("This customer was erased.")
    say(f"{seen(customer_id)} as of {statement.as_of}: {_points(statement)}")
    for day, points in statement.pending.items():
        say(f"  {points} pending until {day}")
    if ending := statement.ending:
        say(f"  {ending.points} end on {ending.expires_on}, if they are not spent")
    progress = statement.progress
    until = f" until {statement.tier_until}" if statement.tier_until else ""
    above = f", {progress.missing} short of {progress.next_tier.name}" if progress.next_tier else ""
    say(f"  tier {progress.tier.name}{until}, {progress.measured} counted{above}")
    table = Table("#", "day", "entry", "points", "good from", "to", "about")
    for entry in statement.entries:
        lot = entry.lot
        table.add_row(
            str(entry.sequence),
            f"{entry.day}",
            Text(seen(entry.entry_id), overflow="fold"),
            f"{entry.points:+}" if entry.points else "",
            f"{lot.matures_on}" if lot else "",
            f"{lot.expires_on}" if lot and lot.expires_on != room("entries").NEVER else "",
            Text(_about(entry), overflow="fold"),
        )
    console().print(table)
    return 0


@answered
def adjust_points(stack: str | None, correction: Correction, *, unheard_of: bool) -> int:
    """Books a correction by the room's own rules, and prints what it changed; the exit code."""
    if fault := correction.fault():
        say(fault, style="red")
        return 2
    with opened(stack) as desk:
        try:
            return until_won(
                lambda: _attempt(desk, correction, unheard_of=unheard_of),
                time.sleep,
                lost="others book at the same time",
            ).said()
        except RetryLaterError as error:
            say(f"Nothing is booked, {error}: try again.", style="red")
            return 1


@dataclass(frozen=True)
class _Outcome:
    lines: tuple[str, ...]
    code: int = 0

    def said(self) -> int:
        for line in self.lines:
            say(line, style="red" if self.code else None)
        return self.code


def _attempt(desk: Desk, correction: Correction, *, unheard_of: bool) -> _Outcome | None:
    """None: somebody else booked for the customer since the account was read."""
    adjusting, drafts, now = room("adjusting"), room("drafts"), datetime.now(UTC)
    customer_id, ours = correction.customer_id, desk.terms()
    entry_id = adjusting.entry_id_of(customer_id, correction.adjustment_id)
    known = desk.ledger.read(customer_id, entry_id=entry_id)
    if known.entry:
        booked = f"{correction.adjustment_id} was booked on {known.entry.day}"
        if correction.is_booked_as(known.entry):
            return _Outcome((f"{booked} already: {_balance(known.account)}.",))
        told = f"{known.entry.points:+} points, {seen(known.entry.reason or '')}"
        return _Outcome((f"{booked}, as another correction: {told}.", "Nothing is booked."), 1)
    if known.account.erased_at:
        return _Outcome(("This customer was erased. Nothing is booked.",), 1)
    if known.account.version == 0 and not unheard_of:
        nobody = (
            f"Nothing was ever booked for {seen(customer_id)}: is it the right id? Then say --new-customer."
        )
        return _Outcome((nobody,), 1)
    # Before: with all that has happened by itself until now, so that the difference is the correction's alone.
    before = room("happenings").advanced(drafts.Draft.of(known.account), now, ours).account
    draft = adjusting.adjusted(
        drafts.Draft.of(known.account),
        correction.adjustment_id,
        correction.points,
        reason=correction.reason.strip(),
        author=correction.author.strip(),
        now=now,
        terms=ours,
    )
    due_at = room("outbox").look_at(draft.account, now, ours)
    if not desk.ledger.write(draft, due_at=due_at):
        return None
    return _Outcome(
        (
            f"before: {_balance(before)}",
            f"after:  {_balance(draft.account)}",
            f"{correction.points:+} points are booked as {entry_id}, and told within minutes.",
        )
    )


def _balance(account: Any) -> str:
    held = f", {account.on_hold} of them on hold" if account.on_hold else ""
    return f"{account.balance} points{held}, {account.pending_points} pending"


def _points(statement: Any) -> str:
    held = f", {statement.on_hold} of them on hold" if statement.on_hold else ""
    return f"{statement.balance} points{held}, {sum(statement.pending.values())} pending"


def _about(entry: Any) -> str:
    """What of an entry its id does not say."""
    parts = [
        entry.tier and f"tier {entry.tier}",
        entry.gone and f"{entry.gone} had ended",
        entry.forgiven and f"{entry.forgiven} let off",
        entry.imported and "imported",
        entry.reason and seen(entry.reason),
        entry.author and f"by {seen(entry.author)}",
    ]
    return ", ".join(part for part in parts if part)


@contextmanager
def opened(stack: str | None) -> Iterator[Desk]:
    """The ledger of a deployed stack, or the local cloud's."""
    with reached(stack, whole=False) as found:
        client, table = found.client("dynamodb"), found.physical_id(_TABLE)
        yield Desk(client, table, room("table").Ledger(client, table), followed_plan(found.name).plan)


def room(module: str) -> Any:
    """The room's module of this name."""
    reach("mail_delivery")
    found = import_from_room("loyalty", module)
    assert found, f"the room loyalty has its {module}"
    return found
