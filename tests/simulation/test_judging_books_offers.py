"""The judge of the books sees a code that is redeemed twice, late or by somebody else, and one that nobody hears of."""

from typing import Any

import pytest

from engagement.events.base import Event
from engagement.events.offers import OfferExpired, OfferIssued, OfferReleased
from shop_facts import NOW, days, erased, offer_redeemed, order_cancelled, order_placed
from tests.simulation.judges.books_offers import (
    GOOD,
    NOT_TWICE,
    ONCE,
    OWN,
    TOLD_OF,
    issue_findings,
    redemption_findings,
    told_findings,
)
from tests.simulation.judges.books_records import a_record, handled, published, rules_broken
from tests.simulation.record import Told

_FUNCTION, _CODE = "OffersFactsFunction", "ACDEFGHJKM"
_PLACED = order_placed(offer_codes=(_CODE,), occurred_at=NOW)


def an_offer(**changes: Any) -> dict[str, Any]:
    known = {"code": _CODE, "customer_id": "cust-asha", "campaign": "birthday_offer", "offer_key": "key-1"}
    times = {
        "issued_at": f"{NOW - days(1):%Y-%m-%dT%H:%M:%S.%fZ}",
        "ends_at": f"{NOW + days(9):%Y-%m-%dT%H:%M:%S.%fZ}",
    }
    return {**known, **times, **changes}


def an_order(order_id: str = "order-77", **changes: Any) -> dict[str, Any]:
    return {"order_id": order_id, "codes": {_CODE}, **changes}


@pytest.mark.parametrize(
    ("offer", "orders", "placed", "broken"),
    [
        (an_offer(redeemed_by="order-77"), [an_order()], _PLACED, set()),
        (an_offer(), [an_order(cancelled_at="then")], _PLACED, set()),
        (an_offer(redeemed_by="order-77"), [an_order(), an_order("order-78")], _PLACED, {ONCE}),
        (an_offer(redeemed_by="order-78"), [an_order()], _PLACED, {ONCE}),
        (an_offer(), [an_order()], _PLACED, {ONCE}),
        (
            an_offer(redeemed_by="order-77"),
            [an_order()],
            _PLACED.model_copy(update={"customer_id": "cust-ravi"}),
            {OWN},
        ),
        (
            an_offer(redeemed_by="order-77"),
            [an_order()],
            _PLACED.model_copy(update={"occurred_at": NOW + days(9)}),
            {OWN},
        ),
        (
            an_offer(redeemed_by="order-77"),
            [an_order()],
            _PLACED.model_copy(update={"offer_codes": ()}),
            {OWN},
        ),
    ],
)
def test_a_code_is_its_owners_once_and_in_time(
    offer: dict[str, Any], orders: list[dict[str, Any]], placed: Event, broken: set[str]
) -> None:
    record = a_record({"OffersTable": [offer], "OfferOrdersTable": orders})

    assert rules_broken(handled(record, _FUNCTION, placed), redemption_findings) == broken


@pytest.mark.parametrize(
    ("other", "broken"),
    [
        ({"issued_at": "2026-03-01T00:00:00Z"}, set()),
        ({"campaign": "anniversary_offer"}, set()),
        ({"customer_id": "cust-ravi"}, set()),
        ({"issued_at": "2026-12-31T12:00:00Z"}, set()),
        ({"issued_at": "2027-01-02T00:00:00Z"}, {NOT_TWICE}),
        ({"issued_at": "2027-02-28T11:00:00Z"}, {NOT_TWICE}),
        ({"offer_key": "key-1", "customer_id": "cust-ravi"}, {NOT_TWICE}),
    ],
)
def test_an_occasion_brings_one_offer_a_year(other: dict[str, Any], broken: set[str]) -> None:
    second = an_offer(**{"code": "CDEFGHJKMN", "offer_key": "key-2", **other})

    assert rules_broken(a_record({"OffersTable": [an_offer(), second]}), issue_findings) == broken


def test_a_cart_brings_no_offer_to_whoever_had_one_lately() -> None:
    carts = [
        an_offer(code=f"{number}", offer_key=f"{number}", campaign="cart_nudge", issued_at=issued_at)
        for number, issued_at in enumerate(
            ("2027-01-01T00:00:00Z", "2027-03-31T00:00:00Z", "2027-07-05T00:00:00Z")
        )
    ]

    assert rules_broken(a_record({"OffersTable": carts}), issue_findings) == {NOT_TWICE}
    assert rules_broken(a_record({"OffersTable": carts[1:]}), issue_findings) == set()


def test_whoever_was_erased_and_is_back_may_have_an_offer_again() -> None:
    record = a_record({"OffersTable": [an_offer(), an_offer(code="CDEFGHJKMN", offer_key="key-2")]})
    record.told.append(Told(NOW, erased()))

    assert rules_broken(record, issue_findings) == set()


def _about(kind: type[Any], **more: Any) -> Any:
    known = offer_redeemed().model_dump(exclude={"order_id"})
    return kind.model_validate({**known, "event_id": f"offer-{kind.__name__}", **more})


_ISSUED, _EXPIRED, _REDEEMED = _about(OfferIssued), _about(OfferExpired), offer_redeemed()
_RELEASED = _about(OfferReleased, order_id="order-77")


@pytest.mark.parametrize(
    ("offer", "told", "heard", "broken"),
    [
        ({}, (_ISSUED,), (), set()),
        ({"redeemed_by": "order-77"}, (_ISSUED, _REDEEMED, _REDEEMED), (_PLACED,), set()),
        ({}, (_ISSUED, _RELEASED, _REDEEMED), (_PLACED, order_cancelled()), set()),
        ({"ends_at": "2027-02-01T00:00:00Z"}, (_ISSUED, _EXPIRED), (_PLACED,), set()),
        ({}, (_ISSUED,), (_PLACED.model_copy(update={"customer_id": "cust-ravi"}),), set()),
        ({}, (), (), {TOLD_OF}),
        ({"redeemed_by": "order-77"}, (_ISSUED,), (_PLACED,), {TOLD_OF}),
        ({}, (_ISSUED, _REDEEMED), (_PLACED, order_cancelled()), {TOLD_OF}),
        ({"ends_at": "2027-02-01T00:00:00Z"}, (_ISSUED,), (), {TOLD_OF}),
        ({}, (_ISSUED,), (_PLACED,), {GOOD}),
    ],
)
def test_what_became_of_an_offer_is_told(offer: Any, told: Any, heard: Any, broken: set[str]) -> None:
    record = published(a_record({"OffersTable": [an_offer(**offer)]}), _FUNCTION, *told)

    assert rules_broken(handled(record, _FUNCTION, *heard), told_findings) == broken
