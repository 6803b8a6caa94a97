"""Profiles: whatever was told twice, late or in another order, the newest is what is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime

from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from tests.simulation.judges.books_reading import Reading, found
from tests.simulation.record import Finding

NEWEST = "the newest profile that was told is the one that is kept"

type _Profile = CustomerRegistered | CustomerUpdated
_ROOM = "CustomerProfilesFactsFunction"
_NEVER = datetime.min.replace(tzinfo=UTC)


def profile_findings(reading: Reading) -> Iterator[Finding]:
    """At the end. Allowed: after an erasure, an update that overtakes the registration by which somebody comes back is
    lost, as the room's README says.
    """
    told = [
        each.fact
        for each in reading.heard_by[_ROOM]
        if isinstance(each.fact, CustomerRegistered | CustomerUpdated | CustomerErased)
    ]
    kept = {item["customer_id"]: item for item in reading.table("CustomersTable")}
    for customer_id in sorted({fact.customer_id for fact in told}):
        facts = [fact for fact in told if fact.customer_id == customer_id]
        good = _good(facts)
        item = kept.get(customer_id, {})
        has = (item.get("email"), item.get("name"))
        if has not in {(fact.email, fact.name) if fact else (None, None) for fact in good}:
            what = f"told last at {max(fact.occurred_at for fact in facts)}; kept is of {item.get('told_at')}"
            yield found(NEWEST, customer_id, what)


def _good(facts: list[_Profile | CustomerErased]) -> list[_Profile | None]:
    """What may be kept; None: nobody."""
    erased_at = max((fact.occurred_at for fact in facts if isinstance(fact, CustomerErased)), default=_NEVER)
    newer: list[_Profile] = [
        fact for fact in facts if not isinstance(fact, CustomerErased) and fact.occurred_at > erased_at
    ]
    registrations = [fact.occurred_at for fact in newer if isinstance(fact, CustomerRegistered)]
    if erased_at > _NEVER and not registrations:
        return [None]
    if erased_at > _NEVER:
        return [fact for fact in newer if fact.occurred_at >= max(registrations)]
    newest = max((fact.occurred_at, isinstance(fact, CustomerUpdated)) for fact in newer)
    return [fact for fact in newer if (fact.occurred_at, isinstance(fact, CustomerUpdated)) == newest]
