"""The judge of the books sees a profile that is not the newest one that was told."""

from typing import Any

import pytest

from shop_facts import NOW, days, erased, profile_updated, registered
from tests.simulation.judges.books_customers import NEWEST, profile_findings
from tests.simulation.judges.books_records import a_record, handled, rules_broken

_JOINED = registered(name="Asha", occurred_at=NOW)
_MARRIED = profile_updated(name="Asha Rao", occurred_at=NOW + days(1))
_GONE = erased(occurred_at=NOW + days(2))
_BACK = registered(name="Asha R.", occurred_at=NOW + days(3))
_MOVED = profile_updated(name="A. Rao", occurred_at=NOW + days(4))
_OLD, _NEW = "Asha", "Asha Rao"


@pytest.mark.parametrize(
    ("told", "kept", "broken"),
    [
        ((_JOINED, _MARRIED), _NEW, set()),
        ((_MARRIED, _JOINED), _NEW, set()),
        ((_MARRIED, _JOINED, _GONE), None, set()),
        ((_GONE, _MARRIED, _JOINED), None, set()),
        ((_JOINED, _GONE, _BACK), "Asha R.", set()),
        ((_BACK, _GONE, _JOINED), "Asha R.", set()),
        ((_GONE, _MOVED, _BACK), "Asha R.", set()),
        ((_GONE, _BACK, _MOVED), "A. Rao", set()),
        ((_JOINED, _MARRIED), _OLD, {NEWEST}),
        ((_MARRIED, _JOINED), _OLD, {NEWEST}),
        ((_JOINED,), None, {NEWEST}),
        ((_JOINED, _GONE), _OLD, {NEWEST}),
        ((_GONE, _JOINED), _OLD, {NEWEST}),
        ((_JOINED, _GONE, _BACK), None, {NEWEST}),
        ((_BACK, _GONE, _JOINED), _OLD, {NEWEST}),
        ((_GONE, _MOVED), "A. Rao", {NEWEST}),
    ],
)
def test_the_newest_profile_is_kept(told: Any, kept: str | None, broken: set[str]) -> None:
    item: dict[str, Any] = {"customer_id": "cust-asha"}
    if kept:
        item |= {"name": kept, "email": _JOINED.email}

    record = handled(a_record({"CustomersTable": [item]}), "CustomerProfilesFactsFunction", *told)

    assert rules_broken(record, profile_findings) == broken
