"""What a month makes AWS count, in the units of its price table."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from rishta_cli.cost.calls import Calls, CallTable
from rishta_cli.cost.shop import Assumptions
from rishta_cli.cost.stack import Stack

_GIGABYTE = 2**30
_MINUTES_IN_A_MONTH = 30 * 24 * 60
# For so long DynamoDB keeps a table's key for a caller, and a function the engagement plan; then they ask again.
_KEPT_MINUTES = 5
# What a cold start asks KMS for: the two secrets, of which most functions read one or none.
_SECRETS = 2
# SES tells of a mail's sending and of its arrival one after the other: on the local cloud both come in one batch.
_FEEDBACK = Calls.model_validate(
    {"functions": {"MailFeedbackFunction": {"runs": 1, "calls": 0}}, "queue_requests": 2}
)

# The engagement plan forgets a cart after a month; new customers are among the customers.
_MONTHS_KEPT = {"cart_updated": 1, "customer_registered": 0}

Usage = Mapping[str, Fraction]
_Sums = defaultdict[str, Fraction]


def of_happenings(
    counts: Mapping[str, Fraction], table: CallTable, stack: Stack, assumed: Assumptions
) -> Usage:
    """Of what happens at the shop. Raises KeyError for a thing of which no calls are known."""
    usage = _nothing()
    for name, number in counts.items():
        _add(usage, table.facts[name], number, stack, assumed)
        months = _MONTHS_KEPT.get(name, assumed.months_kept)
        usage["table_gigabytes"] += Fraction(table.facts[name].kept, _GIGABYTE) * number * months
    _add(usage, _FEEDBACK, usage["mails"], stack, assumed)
    return _with_what_is_kept(usage, assumed)


def of_customers(customers: int, table: CallTable) -> Usage:
    """What the tables keep of those who are there, new ones included, whatever happens."""
    return {"table_gigabytes": Fraction(customers * table.facts["customer_registered"].kept, _GIGABYTE)}


def of_standing_still(table: CallTable, stack: Stack, assumed: Assumptions) -> Usage:
    """Of a stack at which nothing happens: schedules run, queues are looked into, alarms watch."""
    usage = _nothing()
    for function, times in stack.runs.items():
        _add(usage, table.sweeps[function], Fraction(times), stack, assumed)
    usage["schedule_runs"] += Fraction(sum(stack.runs.values()))
    usage["key_requests"] += Fraction(sum(stack.runs.values()))  # each looks into one table
    usage["queue_requests"] += Fraction(stack.polled_queues * assumed.polls_per_minute * _MINUTES_IN_A_MONTH)
    usage["alarm_metrics"] += Fraction(stack.alarm_metrics)
    usage["composite_alarms"] += Fraction(stack.composite_alarms)
    usage["dashboards"] += Fraction(stack.dashboards)
    return _with_what_is_kept(usage, assumed)


def of_what_nobody_counts(runs: Fraction, stack: Stack, assumed: Assumptions) -> Usage:
    """Reckoned high: metrics of our own; tables' keys, as if every function touched each of its tables all the time;
    secrets, by cold starts; and looks at a published plan, as if every function had one environment all the time.
    """
    cold = runs * assumed.cold_percent / 100
    times = Fraction(_MINUTES_IN_A_MONTH, _KEPT_MINUTES)
    return {
        "metric_series": Fraction(assumed.metric_series),
        "key_requests": stack.table_callers * times + _SECRETS * cold,
        "large_parameters": Fraction(1),
        "parameter_requests": len(stack.memory) * times,
    }


def together(*usages: Usage) -> dict[str, Fraction]:
    total = _nothing()
    for usage in usages:
        for unit, number in usage.items():
            total[unit] += number
    return dict(total)


def _nothing() -> _Sums:
    return defaultdict(Fraction)


def _add(usage: _Sums, calls: Calls, times: Fraction, stack: Stack, assumed: Assumptions) -> None:
    runs = sum(work.runs for work in calls.functions.values())
    usage["lambda_requests"] += runs * times
    usage["lambda_gigabyte_seconds"] += _gigabyte_seconds(calls, stack, assumed) * times
    usage["table_reads"] += Fraction(calls.half_reads, 2) * times
    usage["table_writes"] += calls.writes * times
    usage["queue_requests"] += calls.queue_requests * times
    usage["bus_events"] += calls.events * times
    usage["page_requests"] += calls.pages * times
    usage["mails"] += calls.mails * times
    usage["log_gigabytes"] += Fraction(calls.logged + runs * assumed.run_logged, _GIGABYTE) * times


def _gigabyte_seconds(calls: Calls, stack: Stack, assumed: Assumptions) -> Fraction:
    cold = Fraction(assumed.cold_ms * assumed.cold_percent, 100)
    total = Fraction()
    for function, work in calls.functions.items():
        milliseconds = work.runs * (assumed.run_ms + cold) + work.calls * assumed.call_ms
        if function == "MailDeliveryFunction":
            milliseconds += calls.mails * assumed.mail_ms
        total += Fraction(stack.memory[function], 1024) * milliseconds / 1000
    return total


def _with_what_is_kept(usage: _Sums, assumed: Assumptions) -> Usage:
    """The archive takes in each event, and keeps a fortnight's of a month; logs stay for their months."""
    archived = usage["bus_events"] * Fraction(assumed.event_bytes, _GIGABYTE)
    usage["archived_gigabytes"] = archived
    usage["archive_kept_gigabytes"] = archived / 2
    usage["log_kept_gigabytes"] = usage["log_gigabytes"] * assumed.log_months
    return dict(usage)
