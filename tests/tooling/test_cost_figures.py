"""What stands behind the bill: prices with their pages, counts of the template, and the arithmetic."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import ValidationError

from engagement.plan import engagement_plan
from rishta_cli.cost.calls import Calls, CallTable, Work, call_table
from rishta_cli.cost.prices import UnknownPriceError, price_tables, prices
from rishta_cli.cost.report import bill, cents
from rishta_cli.cost.shop import SIZES, Assumptions, Shop, happenings
from rishta_cli.cost.stack import Stack
from rishta_cli.cost.usage import of_happenings, of_standing_still
from rishta_cli.project import ROOT

DECISION = ROOT / "infra/decisions/28-the-bill-is-counted.md"
SMALL = Stack(
    alarm_metrics=10,
    composite_alarms=0,
    dashboards=1,
    polled_queues=2,
    table_callers=3,
    memory={"CartsFunction": 512, "SweepFunction": 1024, "MailFeedbackFunction": 512},
    runs={"SweepFunction": 8640},
)
ONE_CART = CallTable(
    facts={
        "cart_updated": Calls(
            functions={"CartsFunction": Work(runs=1, calls=2)},
            writes=3,
            half_reads=5,
            queue_requests=3,
            events=1,
        )
    },
    sweeps={"SweepFunction": Calls(functions={"SweepFunction": Work(runs=1, calls=4)}, half_reads=4)},
)
NO_COLD_STARTS = Assumptions(run_ms=40, call_ms=30, cold_percent=0)


def test_a_million_updates_of_carts_take_a_million_times_what_one_takes() -> None:
    usage = of_happenings({"cart_updated": Fraction(1_000_000)}, ONE_CART, SMALL, NO_COLD_STARTS)
    assert usage["lambda_requests"] == usage["bus_events"] == 1_000_000
    assert [usage["table_writes"], usage["table_reads"]] == [Fraction(3_000_000), Fraction(2_500_000)]
    assert usage["queue_requests"] == 3_000_000
    # 100 milliseconds of half a gigabyte.
    assert usage["lambda_gigabyte_seconds"] == 50_000


def test_a_stack_that_stands_still_pays_for_schedules_empty_queues_and_alarms() -> None:
    usage = of_standing_still(ONE_CART, SMALL, Assumptions(polls_per_minute=15))
    assert usage["schedule_runs"] == usage["lambda_requests"] == 8640
    assert usage["table_reads"] == 2 * 8640
    assert usage["queue_requests"] == 2 * 15 * 60 * 24 * 30
    assert [usage["alarm_metrics"], usage["dashboards"]] == [Fraction(10), Fraction(1)]


def test_carts_are_kept_for_a_month_as_the_plan_has_it_and_orders_for_longer() -> None:
    assert engagement_plan().campaigns["cart_nudge"].settings["keep_cart_for"] == "30d"
    kept = Calls(functions={}, kept=2**30)
    table = CallTable(facts={"cart_updated": kept, "order_paid": kept}, sweeps={})
    for name, months in (("cart_updated", 1), ("order_paid", 13)):
        usage = of_happenings({name: Fraction(2)}, table, SMALL, Assumptions(months_kept=13))
        assert usage["table_gigabytes"] == 2 * months


def test_a_cold_start_is_paid_too() -> None:
    cold = Assumptions(run_ms=40, call_ms=30, cold_percent=10, cold_ms=1000)
    usage = of_happenings({"cart_updated": Fraction(1)}, ONE_CART, SMALL, cold)
    assert usage["lambda_gigabyte_seconds"] == Fraction(1, 2) * (100 + 100) / 1000


def test_money_is_exact_until_it_is_shown() -> None:
    priced = prices("eu-central-1", "2026-11")
    assert priced["bus_events"].of_units(Decimal(1)) == Decimal("0.000001")
    assert cents(Decimal("0.005")) == Decimal("0.01")


def test_a_price_that_is_not_in_quotes_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "prices.yaml"
    table.write_text("- {since: 2026-01, regions: {x: {mails: {usd: 0.10, source: 'https://x'}}}}")
    with pytest.raises(ValidationError, match="in quotes"):
        price_tables(table)


def test_every_price_names_awss_page_and_what_was_read_elsewhere_names_that() -> None:
    for table in price_tables():
        for priced in table.regions.values():
            assert {"aws.amazon.com"} == {price.source.split("/")[2] for price in priced.values()}
            assert all(price.read for price in priced.values() if price.of)


def test_all_regions_have_prices_of_the_same_units() -> None:
    for table in price_tables():
        units = [frozenset(priced) for priced in table.regions.values()]
        assert len(set(units)) == 1


def test_the_newest_prices_of_a_month_are_taken() -> None:
    assert prices("us-east-1", "2030-01") == price_tables()[-1].regions["us-east-1"]
    with pytest.raises(UnknownPriceError, match="oldest are of 2026-01"):
        prices("us-east-1", "2025-12")


def test_everything_that_happens_at_a_shop_has_its_calls_and_every_call_its_happening() -> None:
    counts = happenings(Shop.of_size(1000), Assumptions())
    assert set(counts) == set(call_table().facts)


def test_the_template_has_what_the_bill_counts() -> None:
    stack = Stack.of_template()
    assert set(stack.runs) == set(call_table().sweeps)
    assert stack.runs["CartNudgesSweepFunction"] == 12 * 24 * 30
    functions = {name for calls in call_table().facts.values() for name in calls.functions}
    assert functions <= set(stack.memory)
    assert stack.memory["CartNudgesSweepFunction"] == 1769
    assert stack.polled_queues > 10 < stack.table_callers


def test_one_alarm_more_costs_ten_cents_more() -> None:
    stack, priced = Stack.of_template(), prices("eu-central-1", "2026-11")
    more = replace(stack, alarm_metrics=stack.alarm_metrics + 1)
    bills = [
        bill(Shop.of_size(1000), Assumptions(), call_table(), each, priced).total for each in (stack, more)
    ]
    assert bills[1] - bills[0] == Decimal("0.1")


@pytest.mark.parametrize("size", SIZES)
def test_the_three_sizes_cost_what_the_decision_says(size: str) -> None:
    """To a tenth: an alarm more is no other decision."""
    found = re.search(
        rf"^\| {size} \|.*\| ([\d.]+) \| ([\d.]+) \|$", DECISION.read_text("utf-8"), re.MULTILINE
    )
    assert found, f"the decision has no row {size!r}"
    said, for_mails = map(Decimal, found.groups())
    costs = bill(
        Shop.of_size(SIZES[size]),
        Assumptions(),
        call_table(),
        Stack.of_template(),
        prices("eu-central-1", "2026-11"),
    )
    assert abs(costs.total - said) <= said / 10
    assert cents(costs.for_mails) == for_mails


@pytest.mark.parametrize("size", SIZES)
def test_a_larger_shop_pays_less_for_each_customer(size: str) -> None:
    stack, priced = Stack.of_template(), prices("eu-central-1", "2026-11")
    customers = SIZES[size]
    each = [
        bill(Shop.of_size(number), Assumptions(), call_table(), stack, priced).total / number
        for number in (customers, 2 * customers)
    ]
    assert each[1] < each[0]
