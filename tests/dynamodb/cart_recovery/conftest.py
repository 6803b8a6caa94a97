from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.dynamodb.cart_recovery.house import TABLES, House

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, {name: dynamodb_table(name) for name in TABLES})
