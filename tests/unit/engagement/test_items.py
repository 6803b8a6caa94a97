"""What DynamoDB keeps of our values, and gives back."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from engagement.items import from_item, to_item

_38_DIGITS = 10**38 - 1
NUMBERS = st.integers(-_38_DIGITS, _38_DIGITS)
SETS = st.sets(st.text(), min_size=1) | st.sets(NUMBERS, min_size=1)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS | SETS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=20,
)
ITEMS = st.dictionaries(st.text(min_size=1), VALUES, max_size=5)


def in_order(value: Any) -> Any:
    """A set's members have none of their own."""
    if isinstance(value, dict):
        return {name: in_order(inner) for name, inner in value.items()}
    if isinstance(value, list):
        found = [in_order(inner) for inner in value]
        return sorted(found) if found and all(isinstance(inner, str) for inner in found) else found
    return value


def as_boto3_reads(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, dict):
        return {name: as_boto3_reads(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_boto3_reads(inner) for inner in value]
    return value


@given(ITEMS)
def test_our_values_become_what_boto3_would_make_of_them(values: dict[str, Any]) -> None:
    expected = {
        name: TypeSerializer().serialize(value) for name, value in values.items() if value is not None
    }
    assert in_order(to_item(values)) == in_order(expected)


@given(ITEMS)
def test_items_are_read_as_boto3_reads_them(values: dict[str, Any]) -> None:
    item = to_item(values)
    expected = {name: as_boto3_reads(TypeDeserializer().deserialize(value)) for name, value in item.items()}
    assert from_item(item) == expected


@pytest.mark.parametrize(("written", "read"), [("100", 100), ("-7", -7), ("1E+3", 1000), ("3.5", 3)])
def test_a_number_that_somebody_else_wrote_is_read_as_an_int(written: str, read: int) -> None:
    assert from_item({"points": {"N": written}}) == {"points": read}


@pytest.mark.parametrize("value", [1.5, [0.1], {"points": 2.0}, object(), set(), {1.5}])
def test_what_dynamodb_cannot_keep_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_item({"points": value})


def test_a_number_of_more_digits_than_dynamodb_keeps_is_refused() -> None:
    with pytest.raises(ArithmeticError):
        to_item({"points": 10**38})


@pytest.mark.parametrize("attribute", [{}, {"X": "1"}, {"S": "1", "N": "1"}])
def test_what_is_no_attribute_is_refused(attribute: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        from_item({"points": attribute})
