"""The judge of the books sees a message that vanished, work that was left undone, and personal data that stayed."""

import gzip
import json
from typing import Any

import pytest

from engagement.observability import customer_ref
from shop_facts import (
    NOW,
    cart_deleted,
    cart_updated,
    days,
    erased,
    on_the_bus,
    order_placed,
    registered,
    review_published,
)
from tests.simulation.judges.books_erasure import FORGOTTEN, NO_MORE_THAN_SAID, erasure_findings
from tests.simulation.judges.books_messages import (
    DONE,
    EMPTY,
    HANDED_ON,
    NO_SLIP,
    SAYS_SO,
    TAKEN_IN,
    WITH_REASON,
    fact_findings,
    hand_over_findings,
    log_findings,
    rest_findings,
    slip_findings,
)
from tests.simulation.judges.books_records import a_record, published, rules_broken
from tests.simulation.record import HandedOver, Handled, Record, Told

_UPDATED = cart_updated()
_CARTS, _LEDGER = "CartNudgesFactsFunction", "LoyaltyFactsFunction"
_COMPLAINT = (_CARTS, '{"message":"message failed","error":"MalformedMessageError"}')


def taken_in(record: Record, function: str, *bodies: str) -> Record:
    record.handled += [Handled(NOW, function, body) for body in bodies]
    return record


def test_a_fact_is_taken_in_by_all_whom_it_is_for() -> None:
    record = a_record()
    record.told += [Told(NOW, _UPDATED), Told(NOW, _UPDATED)]
    published(record, "ReviewsFactsFunction", shown := review_published())
    body = on_the_bus(_UPDATED)
    assert rules_broken(record, fact_findings) == {TAKEN_IN}
    taken_in(record, _CARTS, body)
    taken_in(record, _LEDGER, on_the_bus(shown))
    assert rules_broken(record, fact_findings) == {TAKEN_IN}, "one of the two tellings vanished"

    record.dead_letters = {"CartNudgesQueue": [body]}
    assert rules_broken(record, fact_findings) == set()
    record.dead_letters = {}
    taken_in(record, _CARTS, body)
    assert rules_broken(record, fact_findings) == set()


def test_a_fact_for_several_is_not_settled_by_one() -> None:
    record = a_record()
    record.told.append(Told(NOW, placed := order_placed()))
    for function in ("OffersFactsFunction", "CartRecoveryFactsFunction", "ReviewRequestsFactsFunction"):
        taken_in(record, function, on_the_bus(placed))
    assert rules_broken(record, fact_findings) == {TAKEN_IN}

    assert rules_broken(taken_in(record, _CARTS, on_the_bus(placed)), fact_findings) == set()


def test_what_is_handed_over_is_taken_in() -> None:
    record = a_record()
    record.handed_over += [HandedOver(NOW, "CartNudgesSweepFunction", "MailQueue", '{"send_key": "k"}')]
    assert rules_broken(record, hand_over_findings) == {HANDED_ON}
    assert rules_broken(
        taken_in(record, "MailFeedbackFunction", '{"send_key": "k"}'), hand_over_findings
    ) == {HANDED_ON}

    assert (
        rules_broken(taken_in(record, "MailDeliveryFunction", '{"send_key": "k"}'), hand_over_findings)
        == set()
    )
    record.handed_over += [HandedOver(NOW, "CartNudgesSweepFunction", "NobodysQueue", "{}")]
    assert rules_broken(record, hand_over_findings) == {HANDED_ON}


def test_nothing_lies_about_at_the_end() -> None:
    quiet = a_record()
    quiet.dead_letters = {"CartNudgesQueue": ["{}"]}
    quiet.logs.append(_COMPLAINT)
    assert rules_broken(quiet, rest_findings) == set()

    quiet.backlog["MailQueue"] = 2
    assert rules_broken(quiet, rest_findings) == {EMPTY}
    quiet.logs[:] = [("MailDeliveryFunction", _COMPLAINT[1])]
    assert rules_broken(quiet, rest_findings) == {EMPTY, WITH_REASON}


@pytest.mark.parametrize("table", ["OffersTable", "ReviewRequestsTable", "ReviewsTable", "LoyaltyTable"])
def test_nothing_that_is_due_is_left(table: str) -> None:
    def with_due(at: Any) -> set[str]:
        due = [
            {"customer_id": "cust-asha", "due_at": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"},
            {"customer_id": "cust-ravi"},
        ]
        return rules_broken(a_record({table: due}), rest_findings)

    assert with_due(NOW + days(3)) == with_due(NOW - days(0.5)) == set()
    assert with_due(NOW - days(1.5)) == {DONE}


def test_a_timer_that_never_fired_is_seen() -> None:
    def with_timer(at: Any) -> set[str]:
        timers = [{"timer_shard": "3", "fires_at": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}#cart-9"}]
        return rules_broken(a_record({"CartTimersTable": timers}), rest_findings)

    assert with_timer(NOW + days(3)) == with_timer(NOW - days(0.5)) == set()
    assert with_timer(NOW - days(1.5)) == {DONE}


@pytest.mark.parametrize(
    ("error", "broken"), [("RetryLaterError", set()), ("ClientError", set()), ("KeyError", {NO_SLIP})]
)
def test_a_slip_is_no_reason_for_a_message_to_fail(error: str, broken: set[str]) -> None:
    record = a_record()
    record.logs.append((_CARTS, json.dumps({"message": "message failed", "error": error})))

    assert rules_broken(record, slip_findings) == broken


def test_what_is_taken_off_a_queue_is_said_to_be() -> None:
    record = taken_in(a_record(), _CARTS, on_the_bus(_UPDATED))
    assert rules_broken(record, log_findings) == {SAYS_SO}
    line = {"message": "fact taken in", "event_ref": customer_ref(_UPDATED.event_id)}
    record.logs.append((_LEDGER, json.dumps(line, separators=(",", ":"))))
    assert rules_broken(record, log_findings) == {SAYS_SO}, "another function said it"

    record.logs.append((_CARTS, record.logs[0][1]))
    assert rules_broken(record, log_findings) == set()


_JOINED = registered(name="Asha Rao", email="asha@mail.example.com", birthday="1990-08-15", occurred_at=NOW)
_GONE = erased(occurred_at=NOW + days(1))
_RAVI = registered("cust-ravi", name="Ravi", email="ravi@mail.example.com", birthday="1991-01-01")


def erased_with(
    table: str, *items: dict[str, Any], told: tuple[Any, ...] = (_JOINED, _GONE, _RAVI)
) -> set[str]:
    record = a_record({table: list(items)}, now=NOW + days(30))
    record.told += [Told(NOW, fact) for fact in told]
    return rules_broken(record, erasure_findings)


@pytest.mark.parametrize(
    ("item", "broken"),
    [
        ({"customer_id": "cust-asha", "erased_at": "2027-03-02"}, set()),
        ({"customer_id": "cust-ravi", "name": "Ravi"}, set()),
        ({"customer_id": "cust-ravi", "note": "a friend of Asha Rao"}, {FORGOTTEN}),
        ({"address": "asha@mail.example.com"}, {FORGOTTEN}),
        ({"values": {"day": "1990-08-15"}}, {FORGOTTEN}),
        ({"page": gzip.compress(b"Dear Asha Rao")}, {FORGOTTEN}),
        ({"page": gzip.compress(b"Dear Asha Rao"), "expires_at": int(NOW.timestamp())}, set()),
        ({"customer_id": "cust-asha", "birthday": "--08-15"}, {NO_MORE_THAN_SAID}),
    ],
)
def test_whoever_was_erased_is_forgotten(item: dict[str, Any], broken: set[str]) -> None:
    assert erased_with("ContactsTable", item) == broken


def test_what_is_kept_of_the_erased_is_what_the_decision_says() -> None:
    account = {"customer_id": "cust-asha", "record_id": "account"}

    assert erased_with("LoyaltyTable", {**account, "erased_at": "2027-03-02"}) == set()
    assert erased_with("LoyaltyTable", {**account, "lots": {"2028-03-01": 25}}) == {NO_MORE_THAN_SAID}
    assert erased_with("ReviewsTable", {"customer_id": "cust-asha", "review_id": "r"}) == {NO_MORE_THAN_SAID}


def test_whoever_came_back_is_kept_again() -> None:
    kept = {"customer_id": "cust-asha", "name": "Asha Rao"}
    back = _JOINED.model_copy(update={"occurred_at": NOW + days(2)})

    assert erased_with("CustomersTable", kept, told=(_JOINED, back, _GONE)) == set()
    assert FORGOTTEN in erased_with("CustomersTable", kept, told=(_GONE, _JOINED))


def test_of_a_cart_nobody_is_told_when_it_is_gone() -> None:
    """The rule goes by the template: what is for nobody is not missed by anybody."""
    record = a_record()
    record.told.append(Told(NOW, cart_deleted()))

    assert rules_broken(taken_in(record, _CARTS, on_the_bus(record.told[0].fact)), fact_findings) == set()
