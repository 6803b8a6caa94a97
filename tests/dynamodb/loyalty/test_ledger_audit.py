"""The audit that never ends, on the real engine: everybody gets their turn, and what differs is counted."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engagement.items import to_item
from ledger_house import LedgerHouse
from loyalty.ledger_audit import PARTS, LedgerAudit
from shop_facts import NOW, order_paid

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CUSTOMERS = [f"cust-{number}" for number in range(40)]
FEW = 12  # parts, for a test


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> LedgerHouse:
    house = LedgerHouse(dynamodb, dynamodb_table("LoyaltyTable"))
    for customer in CUSTOMERS:
        house.told(order_paid(f"order-{customer}", customer_id=customer))
    return house


def audit(house: LedgerHouse, hour: int, remaining: Callable[[], int] = lambda: 600_000) -> dict[str, int]:
    ledger_audit = LedgerAudit(house.ledger, house.terms.tiers, FEW)
    return ledger_audit.audit(NOW + timedelta(hours=hour), remaining)


def counted(told: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in told.splitlines():
        entry = json.loads(line)
        for metric in entry.get("_aws", {}).get("CloudWatchMetrics", []):
            for each in metric["Metrics"]:
                found[each["Name"]] = found.get(each["Name"], 0) + sum(entry[each["Name"]])
    return found


def spoil(house: LedgerHouse, customer: str) -> None:
    """A point that no entry tells of, as a defect or a hand would leave it."""
    house.client.update_item(
        TableName=house.ledger._table,
        Key=to_item({"customer_id": customer, "record_id": "account"}),
        UpdateExpression="SET entry_count = entry_count + :one",
        ExpressionAttributeValues=to_item({":one": 1}),
    )


def test_everybody_is_audited_once_before_anybody_is_again(house: LedgerHouse) -> None:
    assert PARTS == 30 * 24, "an hour each"
    runs = [audit(house, hour) for hour in range(FEW)]
    assert sum(run["audited"] for run in runs) == len(CUSTOMERS)
    assert {run["differ"] for run in runs} == {0}
    assert max(run["audited"] for run in runs) < len(CUSTOMERS) // 2, "no run has most of the work"


def test_a_repeated_run_looks_at_the_same_part(house: LedgerHouse) -> None:
    assert audit(house, 7) == audit(house, 7) == audit(house, 7 + FEW)


def test_what_differs_is_counted_and_logged_without_saying_who(
    house: LedgerHouse,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "stack")
    spoil(house, "cust-7")
    runs = [audit(house, hour) for hour in range(FEW)]
    assert sum(run["differ"] for run in runs) == 1
    told = capsys.readouterr().out
    assert counted(told)["LedgerDifferences"] == 1
    assert counted(told)["LedgerAudited"] == len(CUSTOMERS)
    (logged,) = (record for record in caplog.records if record.getMessage() == "the ledger differs")
    assert "cust-7" not in told + str(vars(logged))


def test_a_run_that_has_no_time_left_says_how_far_it_came(house: LedgerHouse) -> None:
    (hour,) = [hour for hour in range(FEW) if audit(house, hour)["audited"]][:1]
    assert audit(house, hour, lambda: 125_000) == {"audited": 0, "differ": 0, "done": 0}
