"""Between Python values and DynamoDB's typed attributes. Numbers are integers; a float is refused.

As boto3's serializer and deserializer, without importing boto3, and some times as fast: no detour over Decimal.
"""

from collections.abc import Callable, Mapping, Set
from decimal import Decimal
from typing import Any

# DynamoDB keeps 38 digits of a number, and would refuse, or round, one that has more.
_TOO_LARGE = 10**38


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"points": 3}` to `{"points": {"N": "3"}}`; None is left out, for an absent attribute keeps an index sparse.

    Raises TypeError for a float.
    """
    return {name: _typed(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `to_item`; every number comes back as int."""
    return {name: _plain(value) for name, value in item.items()}


def _typed(value: Any) -> dict[str, Any]:
    # From the most frequent kind on. A bool is an int as well, and must be asked for before.
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": _number(value)}
    if isinstance(value, Mapping):
        return {"M": {name: _typed(inner) for name, inner in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [_typed(inner) for inner in value]}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bytes | bytearray):
        return {"B": value}
    if isinstance(value, Set):
        return _typed_set(value)
    raise TypeError(f"DynamoDB keeps no {type(value).__name__} of ours")


def _typed_set(values: Set[Any]) -> dict[str, Any]:
    if values and all(isinstance(value, str) for value in values):
        return {"SS": list(values)}
    if values and all(isinstance(value, int) for value in values):
        return {"NS": [_number(value) for value in values]}
    raise TypeError("DynamoDB keeps sets of texts and sets of numbers, and no empty ones")


def _number(value: int) -> str:
    if not -_TOO_LARGE < value < _TOO_LARGE:
        raise OverflowError("DynamoDB keeps 38 digits of a number")
    return f"{value:d}"


def _plain(value: Mapping[str, Any]) -> Any:
    if len(value) != 1:
        raise TypeError("an attribute has one type")
    (kind,) = value
    try:
        read = _READING[kind]
    except KeyError:
        raise TypeError(f"DynamoDB has no type {kind}") from None
    return read(value[kind])


def _as_it_is(value: Any) -> Any:
    return value


def _int(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        return int(Decimal(digits))  # as 1E+30, or with a fraction that somebody else wrote


_READING: dict[str, Callable[[Any], Any]] = {
    "S": _as_it_is,
    "N": _int,
    "BOOL": _as_it_is,
    "M": from_item,
    "L": lambda values: [_plain(value) for value in values],
    "NULL": lambda _: None,
    "B": _as_it_is,
    "SS": set,
    "NS": lambda values: {_int(value) for value in values},
    "BS": set,
}
