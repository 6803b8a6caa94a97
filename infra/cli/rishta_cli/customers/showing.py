"""What the commands about a customer say."""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from rich.table import Table

from engagement.errors import RetryLaterError
from engagement.events.base import EmailAddress, Identifier
from engagement.events.base import Text as Line
from rishta_cli.customers.audit_line import AuditLines
from rishta_cli.customers.catalogue import PLACES, Ending
from rishta_cli.customers.erasing import Erasing, Wanted
from rishta_cli.customers.exporting import exported, write_export
from rishta_cli.customers.holding import Holding, archive_days, held_on
from rishta_cli.customers.person import Person, find_person
from rishta_cli.customers.reaching import opened, present
from rishta_cli.customers.tables import Item
from rishta_cli.saying import console, counted, say
from rishta_cli.stacks import Stack, answered

_BACKUP_DAYS = 35
# By which attribute an item tells since when it is there: the first of these that it has.
_SINCE = (
    "registered_at", "told_at", "begun_at", "activity_at", "issued_at", "placed_at", "since", "left_at",
    "submitted_at", "occurred_at", "changed_at", "erased_at",
)  # fmt: skip


@answered
def run_show(stack: str | None, customer_id: str, address: str | None) -> int:
    """Prints what is held; the exit code."""
    if fault := _fault(CUSTOMER=(Identifier, customer_id), email=(EmailAddress, address)):
        return _refuse(fault)
    with opened(stack) as ground:
        person = find_person(ground.stack, customer_id, address)
        holding = held_on(ground.stack, person, present())
        _say_holding(holding)
        _say_audit(ground.stack, person)
        _say_elsewhere(ground.stack, present())
    return 0


@answered
def run_export(stack: str | None, customer_id: str, address: str | None, file: Path, *, dry_run: bool) -> int:
    """Writes the file; the exit code."""
    if fault := _fault(CUSTOMER=(Identifier, customer_id), email=(EmailAddress, address)):
        return _refuse(fault)
    with opened(stack) as ground:
        person = find_person(ground.stack, customer_id, address)
        holding = held_on(ground.stack, person, present())
        _say_holding(holding)
        if dry_run:
            say("Nothing was written.")
            return 0
        write_export(file, exported(person, holding, present()))
    say(f"Written to {file}, which only you may read. It is personal: send it safely, and delete it then.")
    return 0


@answered
def run_erase(
    stack: str | None,
    customer_id: str,
    address: str | None,
    wanted: tuple[str, str, float],
    *,
    go: bool,
) -> int:
    """Says what goes and what stays, and erases if it is to; the exit code."""
    author, reason, patience = wanted
    checks = {"CUSTOMER": (Identifier, customer_id), "email": (EmailAddress, address)}
    if go:
        checks |= {"author": (Line, author), "reason": (Line, reason)}
    if fault := _fault(**checks):
        return _refuse(fault)
    with opened(stack, after_all=True) as ground:
        person = find_person(ground.stack, customer_id, address)
        holding = held_on(ground.stack, person, present())
        _say_holding(holding)
        _say_endings(holding)
        _say_elsewhere(ground.stack, present())
        lines = AuditLines(ground.stack, person).read()
        if lines and lines[-1].finished_at and holding.left_over().is_empty:
            say(f"Nothing is left to erase: {lines[-1].told()}.")
            return 0
        if not go:
            say("Nothing was erased. Do it with --go --author NAME --reason TEXT.")
            return 0
        try:
            left = Erasing(ground, person, Wanted(author, reason, patience)).erase()
        except RetryLaterError as error:
            return _refuse(f"Not finished, {error}: run it again.", code=1)
        if left.is_empty:
            say("Erased: nothing is left but what stays, as said above.", style="green")
            _say_audit(ground.stack, person)
            return 0
        _say_left(left)
        return 1


def _say_holding(holding: Holding) -> None:
    if holding.is_empty:
        say("Nothing is held on this customer, under this id or an address that is known.")
        return
    table = Table("capability", "what", "where", "how many", "since")
    for name, items in holding.items.items():
        place = PLACES[name]
        table.add_row(place.room, place.what, name, str(len(items)), _since(items))
    for queue, bodies in holding.letters.items():
        table.add_row("", "messages that failed", f"{queue}, dead letters", str(len(bodies)), "")
    console().print(table)


def _say_endings(holding: Holding) -> None:
    for name in holding.items:
        place = PLACES[name]
        if place.ending is not Ending.NOBODY:
            say(f"{name}: {place.what} go {place.ending.value}.")
        if place.stays:
            say(f"{name}: stays: {place.stays}.")
    for queue in holding.letters:
        say(f"{queue}: its dead letters that name the customer are deleted.")


def _say_elsewhere(stack: Stack, now: datetime) -> None:
    """What no command can look into, or edit."""
    if days := archive_days(stack):
        say(
            f"The bus's archive keeps what the shop told for {days} days: until {_day(now, days)} at the latest."
        )
    say(
        f"Point-in-time backups keep what the tables held for {_BACKUP_DAYS} days: until {_day(now, _BACKUP_DAYS)}."
    )
    say("Messages on their way lie in queues for four days at most; a mail to somebody erased is not sent.")
    say("Logs have a digest in the customer's stead.")


def _say_audit(stack: Stack, person: Person) -> None:
    for line in AuditLines(stack, person).read():
        say(f"Audit line: {line.told()}.")


def _say_left(left: Holding) -> None:
    say("Not finished. Left over:", style="red")
    for name, items in left.items.items():
        say(f"  {name}: {len(items)} {PLACES[name].what}, which go {PLACES[name].ending.value}")
    for queue, bodies in left.letters.items():
        say(f"  {queue}: {counted(len(bodies), 'dead letter')}")
    say("Are queues worked through (rishta status)? Run it again: it goes on where it stopped.")


def _since(items: list[Item]) -> str:
    found = [str(item[name])[:10] for item in items for name in _SINCE[:] if name in item]
    return min(found, default="")


def _day(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).date().isoformat()


def _fault(**values: tuple[object, str | None]) -> str | None:
    """What is wrong with what was typed, without repeating it."""
    for name, (kind, value) in values.items():
        try:
            if value is not None:
                TypeAdapter(kind).validate_python(value)
        except ValidationError as error:
            return f"{name if name.isupper() else '--' + name}: {error.errors()[0]['msg']}"
    return None


def _refuse(fault: str, *, code: int = 2) -> int:
    say(fault, style="red")
    return code
