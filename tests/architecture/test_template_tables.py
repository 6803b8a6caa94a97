"""Tables outlive mistakes: deleting the stack deletes no customer, and yesterday can be had back."""

import re

import pytest

from tests.architecture.stack import RESOURCES, of_type

_TABLES = of_type("AWS::DynamoDB::Table")


@pytest.mark.parametrize("table", _TABLES)
@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
def test_a_table_stays_when_its_resource_goes(table: str, policy: str) -> None:
    assert RESOURCES[table].get(policy) == "Retain", f"{table}: {policy}: Retain"


@pytest.mark.parametrize("table", _TABLES)
def test_a_table_costs_nothing_while_nothing_happens(table: str) -> None:
    assert _TABLES[table].get("BillingMode") == "PAY_PER_REQUEST", f"{table}: BillingMode: PAY_PER_REQUEST"


@pytest.mark.parametrize("table", _TABLES)
def test_a_table_is_encrypted(table: str) -> None:
    encryption = _TABLES[table].get("SSESpecification")
    assert encryption == {"SSEEnabled": True}, f"{table}: SSESpecification: {{SSEEnabled: true}}"


@pytest.mark.parametrize("table", _TABLES)
def test_a_table_can_be_put_back_to_any_moment(table: str) -> None:
    recovery = _TABLES[table].get("PointInTimeRecoverySpecification", {})
    assert recovery.get("PointInTimeRecoveryEnabled") is True, f"{table}: PointInTimeRecoverySpecification"


@pytest.mark.parametrize("table", _TABLES)
def test_what_expires_does_so_by_one_name(table: str) -> None:
    expiry = _TABLES[table].get("TimeToLiveSpecification")
    assert expiry in (None, {"AttributeName": "expires_at", "Enabled": True}), f"{table}: expires_at, Enabled"


@pytest.mark.parametrize("table", _TABLES)
def test_a_table_is_named_by_cloudformation(table: str) -> None:
    """A name of our own could not be used by two stacks in one account, nor survive a replacement."""
    assert "TableName" not in _TABLES[table], (
        f"{table}: leave TableName out; the door's Settings know the name"
    )


@pytest.mark.parametrize("table", _TABLES)
def test_keys_read_like_facts(table: str) -> None:
    vague = {"pk", "sk", "gsi1pk", "gsi1sk", "id", "key"}
    names = {each["AttributeName"].lower() for each in _TABLES[table]["AttributeDefinitions"]}
    assert not names & vague, f"{table}: name a key after what it holds, as customer_id does"


@pytest.mark.parametrize("table", _TABLES)
def test_a_tables_variable_has_its_name(table: str) -> None:
    """CartsTable is CARTS_TABLE in every function that has it, and some function has it."""
    wanted = re.sub(r"(?<!^)(?=[A-Z])", "_", table).upper()
    functions = of_type("AWS::Lambda::Function").values()
    named = {
        variable
        for properties in functions
        for variable, value in properties.get("Environment", {}).get("Variables", {}).items()
        if value == {"Ref": table}
    }
    assert named == {wanted}, f"{table} is {named or 'given to no function'}; call it {wanted}"
