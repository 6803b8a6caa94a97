"""Whose an address is: a household's, or nobody's in particular."""

import pytest

from dynamodb_engine import DynamoDBEngine
from engagement.items import to_item
from engagement.profiles import Profiles
from tests.conftest import table_definition

HASH = "0f" * 32


def customers(number: int) -> tuple[str, ...]:
    """Whose the address is found to be, where so many have it."""
    client = DynamoDBEngine({"CustomersTable": table_definition("CustomersTable")})
    for each in reversed(range(number)):
        item = to_item({"customer_id": f"cust-{each:02}", "address_hash": HASH})
        client.put_item(TableName="CustomersTable", Item=item)
    return Profiles(client, "CustomersTable").with_address(HASH)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [0, 1, 20])
def test_a_household_is_everybody_in_it(number: int) -> None:
    assert customers(number) == tuple(f"cust-{each:02}" for each in range(number))


def test_an_address_that_everybody_types_is_nobodys() -> None:
    """Among those who are not looked at there may be somebody who refused."""
    assert customers(21) == ()
