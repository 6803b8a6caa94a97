"""One conditional write of a cart's item, put together from its parts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engagement.clock import to_text
from engagement.items import to_item


class CartWrite:
    """Attributes to set, or to remove where their value is None, and the conditions, all of which must hold."""

    def __init__(self) -> None:
        self._set: list[str] = []
        self._remove: list[str] = []
        self._conditions: list[str] = []
        self._values: dict[str, Any] = {}

    def set(self, **values: Any) -> None:
        """Set attributes to their values; instants as text."""
        for name, value in values.items():
            if value is None:
                self._remove.append(name)
            else:
                self._set.append(f"{name} = {self._value(name, value)}")

    def set_once(self, **values: Any) -> None:
        """Set those of them that the item does not have."""
        for name, value in values.items():
            self._set.append(f"{name} = if_not_exists({name}, {self._value(name, value)})")

    def on_condition(self, condition: str, **values: Any) -> None:
        """Only where this holds; `values` are what it compares with, as `:name`."""
        self._conditions.append(f"({condition})")
        for name, value in values.items():
            self._value(name, value)

    def as_seen(self, **values: Any) -> None:
        """Only where these attributes still have these values; None: where there is no such attribute."""
        for name, value in values.items():
            if value is None:
                self.on_condition(f"attribute_not_exists({name})")
            else:
                self.on_condition(f"{name} = :seen_{name}", **{f"seen_{name}": value})

    def request(self) -> Mapping[str, Any]:
        """What `update_item` wants to know, but table and key."""
        clauses = [("SET", self._set), ("REMOVE", self._remove)]
        return {
            "UpdateExpression": " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts),
            "ConditionExpression": " AND ".join(self._conditions),
            "ExpressionAttributeValues": to_item(self._values),
        }

    def _value(self, name: str, value: Any) -> str:
        self._values[f":{name}"] = to_text(value) if isinstance(value, datetime) else value
        return f":{name}"
