from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.dynamodb.offers.house import House

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table("OffersTable"), dynamodb_table("OfferOrdersTable"))
