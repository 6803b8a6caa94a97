"""`rishta loyalty audit`: of one customer, or of all by one pass over the table."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from engagement.items import from_item, to_item
from rishta_cli.loyalty_desk import Desk, opened, room
from rishta_cli.saying import console, say
from rishta_cli.stacks import answered

_KEY = ("customer_id", "record_id")
# Somebody may book while a customer's records are read: what differs then does not when it is read again.
_READINGS = 3
_PAGE = 1000
_INTERRUPTED = 130


@dataclass
class Pass:
    """How far an audit of all customers is: how many were looked at, and what differed. `done` is the key of the last
    record of the last of them; None: of none.
    """

    customers: int = 0
    differing: int = 0
    done: dict[str, str] | None = None


@answered
def audit_one(stack: str | None, customer_id: str) -> int:
    """Prints what differs; the exit code."""
    with opened(stack) as desk:
        differences = differences_of(desk, customer_id)
        known = differences or desk.ledger.account(customer_id).version
    if not known:
        say(f"Nothing was ever booked for {customer_id}.")
        return 0
    for difference in differences:
        say(difference, style="red")
    say(f"{customer_id}: {len(differences)} differences" if differences else f"{customer_id}: all adds up")
    return 1 if differences else 0


@answered
def audit_all(stack: str | None, resume: str | None, limit: int | None) -> int:
    """Prints what differs, and how to go on where it stops before the end; the exit code."""
    progress = Pass(done=_key_of(resume) if resume else None)
    if resume and progress.done is None:
        say("That is nothing that an audit says to resume with.", style="red")
        return 2
    failed = None
    with opened(stack) as desk:
        try:
            ended = _walk(desk, progress, limit)
        except KeyboardInterrupt:
            ended, failed = False, _INTERRUPTED
        except (BotoCoreError, ClientError) as error:
            say(str(error), style="red")
            ended, failed = False, 1
    said = ("to the end" if resume else "all") if ended else "so far"
    say(f"{progress.customers} customers audited ({said}), {progress.differing} of them with differences.")
    if not ended and progress.done:
        say(f"Go on with --resume {_token_of(progress.done)}")
    return failed or (1 if progress.differing else 0)


def differences_of(desk: Desk, customer_id: str, records: Any = None) -> tuple[str, ...]:
    """What an audit finds in `records`, and finds again in those that are read anew."""
    differences: tuple[str, ...] = ()
    for _ in range(_READINGS):
        try:
            audit = room("auditing").audited(records or desk.ledger.records(customer_id), desk.plan.tiers)
            differences = audit.differences
        except ValueError as error:
            # Such as a value that no record can have. What it is may be long: its first line says where.
            differences = (f"a record of {customer_id} cannot be read: {str(error).splitlines()[0]}",)
        if not differences:
            break
        records = None
    return differences


def _walk(desk: Desk, progress: Pass, limit: int | None) -> bool:
    """Whether it came to the end of the table."""
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console(), transient=True) as shown:
        task = shown.add_task("Auditing", total=None)
        for customer_id, items in groupby(_items(desk, progress.done), key=lambda item: item["customer_id"]):
            if limit is not None and progress.customers >= limit:
                return False
            kept = list(items)
            differences = _of_items(desk, customer_id, kept)
            for difference in differences:
                say(f"{customer_id}: {difference}", style="red", on=shown.console)
            progress.customers += 1
            progress.differing += bool(differences)
            progress.done = {name: kept[-1][name] for name in _KEY}
            shown.update(
                task, description=f"Audited {progress.customers}, {progress.differing} with differences"
            )
    return True


def _of_items(desk: Desk, customer_id: str, items: list[dict[str, Any]]) -> tuple[str, ...]:
    try:
        records = room("ledger_items").records_of(customer_id, items)
    except ValueError:
        records = None
    return differences_of(desk, customer_id, records)


def _items(desk: Desk, after: dict[str, str] | None) -> Iterator[dict[str, Any]]:
    """The table's items; those of one customer follow on each other."""
    start: Any = {"ExclusiveStartKey": to_item(after)} if after else {}
    while True:
        page = desk.client.scan(TableName=desk.table, ConsistentRead=True, Limit=_PAGE, **start)
        yield from map(from_item, page["Items"])
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _token_of(key: dict[str, str]) -> str:
    return urlsafe_b64encode(json.dumps([key[name] for name in _KEY]).encode()).decode()


def _key_of(token: str) -> dict[str, str] | None:
    try:
        values = json.loads(urlsafe_b64decode(token.encode()))
    except ValueError:
        return None
    if (
        not isinstance(values, list)
        or len(values) != len(_KEY)
        or not all(isinstance(v, str) for v in values)
    ):
        return None
    return dict(zip(_KEY, values, strict=True))
