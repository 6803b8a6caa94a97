"""The mails of an experiment's holdout, which are to meet all that the others meet, on the real engine."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest

from engagement.errors import RetryLaterError
from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from mail_facts import a_cancellation, a_mail
from mail_house import TABLES, House, Kill, Meanwhile, Trouble, unanswered
from shop_facts import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
# The first look, suppression, the turn, the place under the cap, the last look, and the log.
CALLS = ["batch_get_item", "get_item", "update_item", "update_item", "batch_get_item", "put_item"]
CAP = engagement_plan().delivery.frequency_cap


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    house = House(dynamodb, {name: dynamodb_table(name) for name in (*TABLES, "CartsTable")})
    house.welcome()
    return house


def withheld(house: House, number: int = 9, **changes: Any) -> SendMail:
    house.forget_stops()  # and the timetable: a worker's first turn takes one call
    known = {"premises": (house.cart(f"cart-{number}"),), "withheld": True, "variant": "holdout"}
    return a_mail(f"cart_nudge:cart-{number}:step-2", **{**known, **changes})


def became(house: House, order: SendMail) -> tuple[str | None, str | None]:
    entry = house.entry(order)
    return entry.get("mail_status"), entry.get("reason")


def places(house: House, customer_id: str = "cust-asha") -> list[str]:
    return [mail.send_key for mail in house.contacts.get(customer_id).recent]


WITHHELD = ("skipped", "withheld")


def test_a_mail_that_is_withheld_goes_the_way_of_any_up_to_ses(house: House) -> None:
    order, trouble = withheld(house), Trouble()
    house.carry_out(order, NOW, trouble)
    assert trouble.calls == CALLS
    assert became(house, order) == WITHHELD
    assert house.entry(order)["variant"] == "holdout"
    assert house.ses.accepted == []
    unwelcome = withheld(house, 10, customer_id="cust-nobody")
    house.carry_out(unwelcome, NOW)
    assert became(house, unwelcome) == ("skipped", "no_profile")


def test_later_mails_meet_the_same_cap_in_the_holdout_as_outside_it(house: House) -> None:
    for customer, held_out in (("cust-mailed", False), ("cust-held-out", True)):
        house.welcome(customer)
        for number in range(CAP.mails - 1):
            house.carry_out(a_mail(f"cart_nudge:{customer}:early-{number}", customer_id=customer), NOW)
        second = a_mail(f"cart_nudge:{customer}:step-2", customer_id=customer, withheld=held_out)
        house.carry_out(second, NOW)
        house.carry_out(second, NOW)  # told twice
        third = a_mail(f"cart_nudge:{customer}:step-3", customer_id=customer)
        house.carry_out(third, NOW + MINUTE)
        assert became(house, second) == (WITHHELD if held_out else ("sent", None))
        assert became(house, third) == ("skipped", "frequency_cap")
        assert len(places(house, customer)) == CAP.mails


def test_a_mail_over_the_cap_is_not_withheld_but_skipped_or_waits_as_any(house: House) -> None:
    for number in range(CAP.mails):
        house.carry_out(a_mail(f"cart_nudge:cart-{number}:step-1"), NOW)
    for held_out in (False, True):
        over = a_mail(f"cart_nudge:over-{held_out}:step-2", withheld=held_out)
        house.carry_out(over, NOW + MINUTE)
        assert became(house, over) == ("skipped", "frequency_cap")
        patient = over.model_copy(
            update={
                "send_key": f"cart_nudge:patient-{held_out}:step-2",
                "over_the_cap": "wait",
                "useful_until": NOW + 2 * CAP.within,
            }
        )
        house.carry_out(patient, NOW + MINUTE)
        assert house.entry(patient) == {}
        assert house.queue.later.pop()[0] == patient


def test_while_ses_takes_nothing_a_holdouts_mail_waits_too_and_may_become_too_late(house: House) -> None:
    for held_out in (False, True):
        order = withheld(house, held_out, withheld=held_out, useful_until=NOW + 10 * MINUTE)
        house.worker().pace.stop(NOW + 15 * MINUTE, "daily_quota")
        house.carry_out(order, NOW)
        assert (house.entry(order), house.queue.later.pop()[0]) == ({}, order)
        house.carry_out(order, NOW + 16 * MINUTE)
        assert became(house, order) == ("skipped", "too_late")
    assert places(house) == []


@pytest.mark.parametrize(
    ("policy", "left"), [("skip", ("skipped", "no_longer_true")), ("leave", (None, None))]
)
def test_a_cart_bought_before_the_last_look_is_not_withheld_about(
    house: House, policy: Literal["skip", "leave"], left: tuple[str | None, str | None]
) -> None:
    for at in range(1, len(CALLS)):
        order = withheld(house, at, if_untrue=policy)
        bought = Meanwhile(at, lambda at=at: house.cart(f"cart-{at}", cart_status="bought"))  # type: ignore[misc]
        house.carry_out(order, NOW, bought)
        assert became(house, order) == left, f"bought before call {at}"
        assert places(house) == []


def test_one_that_is_called_off_before_it_is_withheld_gives_its_place_back(house: House) -> None:
    for at in range(1, len(CALLS) + 1):
        order = withheld(house, at)
        cancel = a_cancellation(order.send_key)
        house.carry_out(order, NOW, Meanwhile(at, lambda cancel=cancel: house.carry_out(cancel, NOW)))  # type: ignore[misc]
        assert house.status(order) == "cancelled"
        assert places(house) == []


@pytest.mark.parametrize("error", [Kill, unanswered])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_whatever_happens_at_any_call_it_is_withheld_once_and_keeps_one_place(
    house: House, error: Callable[[], BaseException], moment: Literal["before", "after"]
) -> None:
    for at in range(1, len(CALLS) + 1):
        customer = f"cust-{at}"
        house.welcome(customer)
        order = withheld(house, at, customer_id=customer)
        with suppress(Kill, Exception):
            house.carry_out(order, NOW, Trouble(at, moment, error))
        for later in (1, 2):
            house.carry_out(order, NOW + later * MINUTE)
        assert became(house, order) == WITHHELD
        assert places(house, customer) == [order.send_key]


def test_a_receipt_whose_worker_died_and_that_is_withheld_by_now_stays_unknown(house: House) -> None:
    order = a_mail("order_receipt:order-1:paid", kind="transactional")
    with suppress(Kill):
        house.carry_out(order, NOW, Trouble(6, error=Kill))
    again = order.model_copy(update={"withheld": True})
    with pytest.raises(RetryLaterError):
        house.carry_out(again, NOW + MINUTE)
    house.carry_out(again, NOW + 6 * MINUTE)
    assert house.status(order) == "unknown"
