"""The ledger's records as LoyaltyTable keeps them, and back. What has nothing in it is not written."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from loyalty.entries import Entry, Lot, Qualifying
from loyalty.records import Account, Order, Records, Reservation, Review

type Record = Entry | Order | Review | Reservation | Account

# What the keys of a customer's records begin with; of the account there is one.
ACCOUNT = "account"
ENTRY, ORDER, REVIEW, RESERVATION = "entry#", "order#", "review#", "reservation#"
# Between the days on which a lot matures and ends, in the key of what is pending.
_TO = "|"
# Between the points and the money of a day, in a third of the room that names would take.
_AND = "/"
_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def values_of(record: Record) -> dict[str, Any]:
    """A record's values as DynamoDB has them: days and instants as text, mappings by text."""
    values: dict[str, Any] = _adapter(type(record)).dump_python(record, mode="json", exclude_defaults=True)
    if isinstance(record, Account) and record.pending:
        values["pending"] = {_lot_text(lot): points for lot, points in record.pending.items()}
    if isinstance(record, Account) and record.qualifying:
        values["qualifying"] = {
            f"{day}": f"{counts.points}{_AND}{counts.spend_minor}"
            for day, counts in record.qualifying.items()
        }
    return values


def record_of[R: Record](kind: type[R], values: dict[str, Any]) -> R:
    """The record that `values_of` made these of; further attributes (keys, an index's) are passed over."""
    known = {name: value for name, value in values.items() if name in kind.__dataclass_fields__}
    if "pending" in known:
        known["pending"] = {_lot(text): points for text, points in known["pending"].items()}
    if kind is Account and "qualifying" in known:
        known["qualifying"] = {day: _qualifying(text) for day, text in known["qualifying"].items()}
    record: R = _adapter(kind).validate_python(known)
    return record


def id_of(record: Record) -> str:
    """Its key within the customer's partition."""
    match record:
        case Account():
            return ACCOUNT
        case Entry():
            return ENTRY + record.entry_id
        case Order():
            return ORDER + record.order_id
        case Review():
            return REVIEW + record.review_id
        case Reservation():
            return RESERVATION + record.reservation_id


def records_of(customer_id: str, items: Iterable[dict[str, Any]]) -> Records:
    """A customer's records from all items of the partition, in whatever order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        kind, mark, _ = item["record_id"].partition("#")
        found.setdefault(kind + mark, []).append(item)
    entries = [record_of(Entry, item) for item in found.get(ENTRY, ())]
    return Records(
        account=next((record_of(Account, item) for item in found.get(ACCOUNT, ())), Account(customer_id)),
        entries=tuple(sorted(entries, key=lambda entry: entry.sequence)),
        orders=tuple(record_of(Order, item) for item in found.get(ORDER, ())),
        reviews=tuple(record_of(Review, item) for item in found.get(REVIEW, ())),
        reservations=tuple(record_of(Reservation, item) for item in found.get(RESERVATION, ())),
    )


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once for each kind, on first use."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def _qualifying(text: str) -> Qualifying:
    points, _, spend_minor = text.partition(_AND)
    return Qualifying(int(points), int(spend_minor))


def _lot_text(lot: Lot) -> str:
    return f"{lot.matures_on}{_TO}{lot.expires_on}"


def _lot(text: str) -> Lot:
    matures_on, _, expires_on = text.partition(_TO)
    return Lot(date.fromisoformat(matures_on), date.fromisoformat(expires_on))
