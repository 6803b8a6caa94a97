"""How one person's items are found in each table; what is kept under several names is found under all of them."""

from typing import Any

from rishta_cli.customers.person import Person
from rishta_cli.customers.tables import Item, TableReader

AUDIT_LINE = "erasure#"
"""What the key of an audit line begins with, among the customers; no customer's id has a "#"."""


def by_customer(table: TableReader, person: Person) -> list[Item]:
    return table.partition("customer_id", person.customer_id)


def profile(table: TableReader, person: Person) -> list[Item]:
    """The profile, or its tombstone; and the line that says who erased it."""
    line = AUDIT_LINE + person.erasure_digest
    return [*table.item(customer_id=person.customer_id), *table.item(customer_id=line)]


def offers(table: TableReader, person: Person) -> list[Item]:
    return table.scan("customer_id = :customer", {":customer": person.customer_id})


def offer_orders(table: TableReader, person: Person) -> list[Item]:
    """Of orders there are, those that redeemed an offer of theirs: found before the offers are gone."""
    own = offers(table.beside("OffersTable"), person)
    orders = {each["redeemed_by"] for each in own if "redeemed_by" in each}
    return [item for order in sorted(orders) for item in table.item(order_id=order)]


def carts(table: TableReader, person: Person) -> list[Item]:
    """Open ones by who they belong to, whatever the index says; bought ones by whom their last mail was for."""
    condition = "customer_id = :customer OR handed.customer_id = :customer"
    values: dict[str, Any] = {":customer": person.customer_id}
    if person.address_hash:
        # With a customer in it, it is that customer's, who may share the address.
        condition += " OR (address_hash = :address AND attribute_not_exists(customer_id))"
        values[":address"] = person.address_hash
    return table.scan(condition, values)


def shoppers(table: TableReader, person: Person) -> list[Item]:
    found = table.item(shopper=f"customer:{person.customer_id}")
    if person.address_hash:
        found += table.item(shopper=f"address:{person.address_hash}")
    return found


def nudged_orders(table: TableReader, person: Person) -> list[Item]:
    """Those that may be theirs: an order of a household may be somebody else's as well."""
    return table.scan("contains(customers, :customer)", {":customer": person.customer_id})


def reviews(table: TableReader, person: Person) -> list[Item]:
    return table.indexed("by_customer", "customer_id", person.customer_id, key="review_id")


def logged_mails(table: TableReader, person: Person) -> list[Item]:
    return table.scan("customer_ref = :reference", {":reference": person.reference})


def suppression(table: TableReader, person: Person) -> list[Item]:
    return table.item(address_hash=person.suppression_hash) if person.suppression_hash else []
