"""Whoever was erased is forgotten: no table holds their name, their address or their birthday."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from engagement.events.base import Event
from engagement.events.carts import CartUpdated
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.events.orders import OrderPlaced
from local_cloud.template import REPOSITORY, read_runnable
from tests.simulation.judges.books_reading import Reading, found
from tests.simulation.record import Finding

FORGOTTEN = "nothing personal is kept of whoever was erased"
NO_MORE_THAN_SAID = "of whoever was erased nothing is kept but what the decision says"

# Of these nothing at all is kept, decision 30 says, by the shop's own CustomerErased alone.
_EMPTY = ("MailPagesTable", "ReviewsTable")
# Tombstones: when it was, and what others must not bring back.
_WITHOUT = ("email", "name", "locale", "time_zone", "birthday", "dates", "address_hash")
_GZIP = b"\x1f\x8b"


def erasure_findings(reading: Reading) -> Iterator[Finding]:
    """At the end: of those who did not come back. What somebody else shares (a household's address) is theirs, too."""
    erased = _erased(reading)
    if not erased:
        return
    words = _words(reading, erased)
    for table in _tables():
        for item in reading.table(table):
            if int(item.get("expires_at", 10**11)) < reading.now.timestamp():
                continue
            text = _text(item)
            for customer_id, secrets in words.items():
                for secret in secrets:
                    if secret in text:
                        yield found(FORGOTTEN, customer_id, f"{secret!r} in {table}: {_key_of(item)}")
            if item.get("customer_id") in erased:
                yield from _too_much(table, item)


def _too_much(table: str, item: dict[str, Any]) -> Iterator[Finding]:
    customer_id = item["customer_id"]
    if table in _EMPTY:
        yield found(NO_MORE_THAN_SAID, customer_id, f"{table} has {_key_of(item)}")
    kept = [name for name in _WITHOUT if item.get(name)]
    if kept and table in ("CustomersTable", "OccasionsTable", "ContactsTable"):
        yield found(NO_MORE_THAN_SAID, customer_id, f"{table} has {kept} in {_key_of(item)}")
    if table == "LoyaltyTable" and item["record_id"] == "account":
        points = [*item.get("lots", {}).values(), *item.get("pending", {}).values()]
        if item.get("birthday") or item.get("months"):
            yield found(NO_MORE_THAN_SAID, customer_id, "the account has a birthday, or months")
        if not item.get("erased_at"):
            yield found(NO_MORE_THAN_SAID, customer_id, f"the account goes on, with {sum(points)} points")


def _erased(reading: Reading) -> set[str]:
    """Of whom nothing was told that is newer than their erasure."""
    newest: defaultdict[str, Event] = defaultdict()
    for told in reading.record.told:
        customer_id = getattr(told.fact, "customer_id", None)
        if customer_id is None:
            continue
        known = newest.get(customer_id)
        if known is None or known.occurred_at <= told.fact.occurred_at:
            newest[customer_id] = told.fact
    return {customer_id for customer_id, fact in newest.items() if isinstance(fact, CustomerErased)}


def _words(reading: Reading, erased: set[str]) -> dict[str, set[str]]:
    """What is personal, by customer, and nobody else's."""
    theirs: defaultdict[str, set[str]] = defaultdict(set)
    others: set[str] = set()
    for told in reading.record.told:
        customer_id = getattr(told.fact, "customer_id", None) or ""
        words = set(_personal(told.fact))
        if customer_id in erased:
            theirs[customer_id] |= words
        else:
            others |= words
    return {customer_id: words - others for customer_id, words in theirs.items()}


def _personal(fact: Event) -> Iterator[str]:
    if isinstance(fact, CustomerRegistered | CustomerUpdated):
        yield from (fact.email, fact.name)
        # A day without its year is anybody's.
        yield from (day for day in (fact.birthday, *fact.dates.values()) if day and day[0] in "12")
    if isinstance(fact, CartUpdated | OrderPlaced) and fact.email:
        yield fact.email


def _text(item: dict[str, Any]) -> str:
    return json.dumps(item, default=_readable, ensure_ascii=False)


def _readable(value: Any) -> str:
    data = bytes(value)
    return (gzip.decompress(data) if data.startswith(_GZIP) else data).decode(errors="replace")


def _key_of(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name.endswith(("_id", "key", "code", "kind"))}


def _tables() -> list[str]:
    resources = read_runnable(REPOSITORY / "template.yaml", {}).template["Resources"]
    return [name for name, resource in resources.items() if resource["Type"] == "AWS::DynamoDB::Table"]
