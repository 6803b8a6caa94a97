"""The ledger's records as LoyaltyTable keeps them, and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from engagement.clock import from_text, to_text
from engagement.money import Money
from loyalty_accrual.ledger import Account, Entry, EntryKind, Order, Review, Rule, RuleKind


def values_of(record: Entry | Order | Review) -> dict[str, Any]:
    """A record's own values, with its money and instants as plain values. What most have not is not written."""
    values = asdict(record)
    for name in ("offers", "offered"):
        values[name] = values.get(name) or None
    for name in ("amount", "paid"):
        if isinstance(money := values.get(name), Money):
            values[name] = money.model_dump()
    for name in ("occurred_at", "booked_at", "decided_at"):
        if isinstance(instant := values.get(name), datetime):
            values[name] = to_text(instant)
    if rule := values.get("rule"):
        values["rule"] = {name: value for name, value in rule.items() if value is not None}
    return {name: value for name, value in values.items() if value is not None}


def entry_of(record: dict[str, Any]) -> Entry:
    values = {name: record[name] for name in Entry.__dataclass_fields__ if name in record}
    return Entry(
        **values
        | {
            "kind": EntryKind(record["kind"]),
            "rule": _rule(record["rule"]),
            "amount": Money(**record["amount"]) if "amount" in record else None,
            "occurred_at": from_text(record["occurred_at"]),
            "booked_at": from_text(record["booked_at"]),
        }
    )


def order_of(record: dict[str, Any]) -> Order:
    values = {name: record[name] for name in Order.__dataclass_fields__ if name in record}
    return Order(
        **values
        | {
            "paid": Money(**record["paid"]) if "paid" in record else None,
            "rule": _rule(record["rule"]) if "rule" in record else None,
        }
    )


def review_of(record: dict[str, Any]) -> Review:
    values = {name: record[name] for name in Review.__dataclass_fields__ if name in record}
    return Review(**values | {"decided_at": from_text(record["decided_at"])})


def account_of(record: dict[str, Any]) -> Account:
    return Account(**{name: record[name] for name in Account.__dataclass_fields__ if name in record})


def _rule(values: dict[str, Any]) -> Rule:
    return Rule(**values | {"kind": RuleKind(values["kind"])})
