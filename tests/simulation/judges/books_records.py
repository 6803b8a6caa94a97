"""Records written by hand, for the tests of the judge of the books."""

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engagement.events.base import Event
from local_cloud.template import REPOSITORY
from loyalty.ledger_items import id_of, values_of
from loyalty_books import Books
from shop_facts import NOW, on_the_bus
from tests.simulation.judges.books_judge import Rule
from tests.simulation.judges.books_reading import Reading
from tests.simulation.record import Handled, Published, Record, Told

PLAN = (REPOSITORY / "layers/engagement/engagement_plan.yaml").read_text()
type Items = list[dict[str, Any]]
type Tables = Mapping[str, Items]


def a_record(tables: Tables | None = None, *, over: bool = False, now: datetime = NOW) -> Record:
    """Of a plan as it is in the repository; with tables that have these items, and nothing else."""
    kept = copy.deepcopy(dict(tables or {}))
    return Record(start=NOW, plan=PLAN, table=lambda name: kept.get(name, []), now=now, is_over=over)


def handled(record: Record, function: str, *facts: Event, at: datetime = NOW) -> Record:
    """The shop told these, and the function took them in."""
    record.told += [Told(at, fact) for fact in facts]
    record.handled += [Handled(at, function, on_the_bus(fact)) for fact in facts]
    return record


def published(record: Record, function: str, *facts: Event, at: datetime = NOW) -> Record:
    """The function put these on the bus."""
    record.published += [
        Published(at, function, type(fact).__name__, fact.model_dump(mode="json")) for fact in facts
    ]
    return record


def ledger_items(books: Books) -> Items:
    """As LoyaltyTable has them."""
    records = books.records
    kept: list[Any] = [records.account, *records.entries, *records.orders]
    kept += [*records.reviews, *records.reservations]
    return [{**values_of(each), "customer_id": "cust-asha", "record_id": id_of(each)} for each in kept]


def rules_broken(record: Record, *rules: Rule) -> set[str]:
    """By their words: those of the judge's rules that are asked for."""
    reading = Reading(record)
    reading.look()
    return {finding.rule for rule in rules for finding in rule(reading)}
