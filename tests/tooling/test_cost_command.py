"""`rishta cost`: what an operator reads before anybody deploys."""

import json
from decimal import Decimal
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from rishta_cli.cost.options import cost


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(cost)
    return CliRunner().invoke(app, list(arguments))


def as_data(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    data: dict[str, Any] = json.loads(result.output)
    return data


def dollars(data: dict[str, Any], service: str) -> Decimal:
    return sum((Decimal(line["usd"]) for line in data["lines"] if line["service"] == service), Decimal())


def test_a_months_bill_is_listed_by_service_with_ses_apart() -> None:
    result = run("--customers", "1000000", "--carts", "3000000")
    assert result.exit_code == 0, result.output
    services = ("Lambda", "DynamoDB", "SQS", "EventBridge", "API Gateway", "CloudWatch", "SES, apart")
    assert [service for service in services if service not in result.output] == []
    for said in ("1,000,000 customers", "3,000,000 carts", "40 opened_percent", "Prices:"):
        assert said in " ".join(result.output.split())


def test_the_total_is_the_sum_of_its_lines_without_the_mails() -> None:
    data = as_data("--size", "medium")
    lines = [Decimal(line["usd"]) for line in data["lines"] if line["service"] != "SES"]
    assert abs(sum(lines) - Decimal(data["total_without_mails_usd"])) <= Decimal("0.005") * len(lines)
    assert dollars(data, "SES") == Decimal(data["mails_usd"]) > 0


def test_more_mails_cost_more_at_ses_and_more_calls_of_ours() -> None:
    few, many = (as_data("--size", "large", "--mails", number) for number in ("1000000", "2000000"))
    assert [dollars(few, "SES"), dollars(many, "SES")] == [Decimal(100), Decimal(200)]
    assert dollars(many, "DynamoDB") > dollars(few, "DynamoDB")
    assert dollars(many, "API Gateway") > dollars(few, "API Gateway")


def test_what_is_left_out_follows_from_the_customers_and_what_is_said_is_taken() -> None:
    assert as_data("--customers", "1200")["shop"] == {
        "customers": 1200,
        "carts": 3600,
        "orders": 360,
        "reviews": 30,
        "mails": None,
    }
    said = as_data("--customers", "1200", "--orders", "7", "--reviews", "0")["shop"]
    assert (said["carts"], said["orders"], said["reviews"]) == (3600, 7, 0)


def test_a_shop_at_which_nothing_happens_pays_for_standing_still() -> None:
    data = as_data("--customers", "0")
    assert {name for name, number in data["happenings"].items() if number} == {"occasion_day"}
    assert Decimal(data["total_without_mails_usd"]) >= Decimal(data["idle_usd"]) > 0
    assert data["mails_usd"] == "0.00"


def test_an_assumption_is_changed_by_its_name() -> None:
    usual = as_data("--size", "large")
    silent = as_data("--size", "large", "--assume", "metric_series=0", "--assume", "opened_percent=0")
    assert silent["assumptions"]["metric_series"] == 0
    assert silent["happenings"]["mail_opened"] == 0 < usual["happenings"]["mail_opened"]
    assert dollars(silent, "CloudWatch") < dollars(usual, "CloudWatch") - 29


def test_frankfurt_is_dearer_than_virginia() -> None:
    frankfurt, virginia = (
        as_data("--size", "large", "--region", name) for name in ("eu-central-1", "us-east-1")
    )
    assert dollars(frankfurt, "DynamoDB") > dollars(virginia, "DynamoDB")
    assert dollars(frankfurt, "SES") == dollars(virginia, "SES")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "--customers"),
        (("--size", "huge"), 2, "small|medium|large"),
        (("--size", "small", "--on", "2026-13"), 2, "2026-13"),
        (("--size", "small", "--assume", "opened_percent"), 2, "name=number"),
        (("--size", "small", "--assume", "opend_percent=4"), 2, "opend_percent"),
        (("--size", "small", "--assume", "cold_percent=101"), 2, "cold_percent"),
        (("--customers", "0", "--mails", "100"), 2, "mails come of"),
        (("--size", "small", "--region", "mars-north-1"), 1, "eu-central-1"),
        (("--size", "small", "--on", "2019-01"), 1, "2026-01"),
    ],
)
def test_what_cannot_be_reckoned_is_said_why(arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert said in " ".join(result.stderr.split())
