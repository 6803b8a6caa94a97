"""An office of its own for every test."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from feedback_house import TABLES, Office

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def office(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "rishta")
    return Office(dynamodb, {name: dynamodb_table(name) for name in TABLES})
