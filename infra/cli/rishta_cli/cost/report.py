"""A month's bill: lines by service, each with its units and its dollars."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from rishta_cli.cost.calls import CallTable
from rishta_cli.cost.prices import Price
from rishta_cli.cost.shop import Assumptions, Shop, happenings
from rishta_cli.cost.stack import Stack
from rishta_cli.cost.usage import (
    Usage,
    of_customers,
    of_happenings,
    of_standing_still,
    of_what_nobody_counts,
    together,
)

_CENT, _UNIT = Decimal("0.01"), Decimal(1)
# By service: each unit of the price table, and what it counts.
_SERVICES: Mapping[str, Mapping[str, str]] = {
    "Lambda": {"lambda_requests": "runs", "lambda_gigabyte_seconds": "GB-seconds, arm64"},
    "DynamoDB": {
        "table_writes": "write units",
        "table_reads": "read units",
        "table_gigabytes": "GB kept",
        "recovery_gigabytes": "GB with point-in-time recovery",
    },
    "SQS": {"queue_requests": "requests"},
    "EventBridge": {
        "bus_events": "events",
        "schedule_runs": "scheduled runs",
        "archived_gigabytes": "GB into the archive",
        "archive_kept_gigabytes": "GB in the archive",
    },
    "API Gateway": {"page_requests": "requests"},
    "CloudWatch": {
        "log_gigabytes": "GB logged",
        "log_kept_gigabytes": "GB of logs kept",
        "metric_series": "metrics of our own, assumed",
        "alarm_metrics": "alarms",
        "composite_alarms": "alarms of alarms",
        "dashboards": "dashboards",
    },
    "KMS": {"key_requests": "requests, reckoned high"},
    "Parameter Store": {
        "large_parameters": "published plan",
        "parameter_requests": "looks at it, reckoned high",
    },
}
_MAILS: Mapping[str, Mapping[str, str]] = {"SES": {"mails": "mails"}}


@dataclass(frozen=True)
class Line:
    """`units` and `usd` are not rounded yet."""

    service: str
    what: str
    units: Decimal
    usd: Decimal


@dataclass(frozen=True)
class Bill:
    """In US dollars; `lines` without the mails themselves, which SES has apart; `idle` is what of them stays if nothing
    happens at all.
    """

    lines: tuple[Line, ...]
    mails: tuple[Line, ...]
    idle: Decimal
    counts: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return sum((line.usd for line in self.lines), Decimal())

    @property
    def for_mails(self) -> Decimal:
        return sum((line.usd for line in self.mails), Decimal())


def bill(
    shop: Shop, assumed: Assumptions, table: CallTable, stack: Stack, priced: Mapping[str, Price]
) -> Bill:
    """A month's, once the shop has run for as long as its tables keep what happened. Raises KeyError for a unit without
    a price, or a thing without calls.
    """
    counts = happenings(shop, assumed)
    still = of_standing_still(table, stack, assumed)
    happened = of_happenings(counts, table, stack, assumed)
    used = together(happened, of_customers(shop.customers, table), still)
    used |= of_what_nobody_counts(used["lambda_requests"], stack, assumed)
    return Bill(
        lines=tuple(_lines(_SERVICES, used, priced)),
        mails=tuple(_lines(_MAILS, used, priced)),
        idle=sum((line.usd for line in _lines(_SERVICES, still, priced)), Decimal()),
        counts=counts,
    )


def cents(usd: Decimal) -> Decimal:
    """As a bill has it."""
    return usd.quantize(_CENT, ROUND_HALF_UP)


def _lines(
    services: Mapping[str, Mapping[str, str]], usage: Usage, priced: Mapping[str, Price]
) -> Iterator[Line]:
    usage = {**usage, "recovery_gigabytes": usage.get("table_gigabytes", Fraction())}
    for service, units in services.items():
        for unit, what in units.items():
            number = usage.get(unit, Fraction())
            if number:
                exact = Decimal(number.numerator) / Decimal(number.denominator)
                yield Line(service, what, exact, priced[unit].of_units(exact))
