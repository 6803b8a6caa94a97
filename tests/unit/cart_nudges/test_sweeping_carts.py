"""A cart that was left, from the shop's facts to the mailbox: when its customer is reminded, and when not."""

from datetime import timedelta
from typing import Any

import pytest

from cart_house import CartHouse
from engagement.errors import RetryLaterError
from engagement.events.carts import CartAbandoned
from engagement.mail_orders import CancelMail
from occasion_house import plan_with, without
from shop_facts import NOW, a_line, cart_deleted, cart_updated, carts_merged, days, hours, order_placed

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
STEPS = [f"cart_nudge:cart-9:step-{number}" for number in (1, 2, 3)]


@pytest.fixture
def house() -> CartHouse:
    house = CartHouse()
    house.welcome()
    return house


def test_a_cart_that_stays_left_brings_three_mails_in_their_time_and_no_more(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.pass_time(hours(1) - MINUTE)
    assert house.steps == []
    house.pass_time(hours(2))
    assert house.steps == STEPS[:1]
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == STEPS
    assert house.timers() == []
    assert house.cart().steps_over == 3


def test_activity_restarts_the_wait_and_the_next_step_is_the_next_one(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.pass_time(50 * MINUTE)
    house.tell(cart_updated(occurred_at=house.now))
    house.pass_time(50 * MINUTE)
    assert house.steps == []
    house.pass_time(20 * MINUTE)
    assert house.steps == STEPS[:1]
    house.pass_time(hours(15), every=QUARTER)
    house.tell(cart_updated(occurred_at=house.now))
    house.pass_time(hours(23), every=QUARTER)
    assert house.steps == STEPS[:1]
    house.pass_time(hours(2), every=QUARTER)
    assert house.steps == STEPS[:2]


@pytest.mark.parametrize(
    "end",
    [
        order_placed(occurred_at=NOW + MINUTE),
        order_placed(cart_id="cart-of-the-phone", lines=(a_line(),), occurred_at=NOW + MINUTE),
        order_placed(
            cart_id=None,
            customer_id="guest-77",
            email="Cust-Asha@mail.example.com",
            lines=(a_line(),),
            occurred_at=NOW + MINUTE,
        ),
        cart_updated(lines=(), occurred_at=NOW + MINUTE),
        cart_deleted(occurred_at=NOW + MINUTE),
    ],
    ids=["bought", "bought in another cart", "bought as a guest", "emptied", "deleted"],
)
@pytest.mark.parametrize("when", [MINUTE, hours(2)], ids=["before the first mail", "after it"])
def test_who_bought_or_gave_up_is_not_reminded_any_more(house: CartHouse, end: Any, when: timedelta) -> None:
    house.tell(cart_updated())
    house.pass_time(when)
    before = house.steps
    house.tell(end.model_copy(update={"occurred_at": house.now}))
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == before
    assert house.timers() == []


def test_an_order_told_before_its_cart_still_closes_it(house: CartHouse) -> None:
    house.tell(order_placed(occurred_at=NOW), cart_updated(occurred_at=NOW - MINUTE))
    house.pass_time(days(1), every=QUARTER)
    assert house.steps == []


def test_what_was_ordered_before_the_cart_was_begun_may_be_wanted_again(house: CartHouse) -> None:
    house.tell(order_placed(cart_id=None, lines=(a_line(),), occurred_at=NOW - days(2)), cart_updated())
    house.pass_time(hours(2))
    assert house.steps == STEPS[:1]


def test_what_was_bought_some_other_way_is_left_out_and_the_rest_is_shown(house: CartHouse) -> None:
    house.tell(cart_updated(lines=(a_line(), a_line("Ilam tea"))))
    house.tell(order_placed(cart_id=None, lines=(a_line(),), occurred_at=NOW + MINUTE))
    house.pass_time(hours(2))
    (mail,) = house.mailed
    assert "Ilam tea" in mail.text
    assert "Assam tea" not in mail.text


def test_a_guests_cart_brings_no_mail_until_they_log_in(house: CartHouse) -> None:
    house.tell(cart_updated(customer_id=None))
    house.pass_time(hours(2))
    assert house.steps == []
    house.tell(cart_updated(occurred_at=house.now))
    house.pass_time(hours(2))
    assert house.steps == STEPS[:1]


def test_a_guest_who_typed_their_address_is_written_to_as_the_customer_they_are(house: CartHouse) -> None:
    house.tell(cart_updated(customer_id=None, email="cust-asha@MAIL.example.com"))
    house.pass_time(hours(2))
    assert [(mail.send_key, mail.customer_id) for mail in house.mailed] == [(STEPS[0], "cust-asha")]


def test_an_address_that_is_nobodys_brings_nothing_until_it_is_somebodys(house: CartHouse) -> None:
    house.tell(cart_updated(customer_id=None, email="new@mail.example.com"))
    house.pass_time(hours(2))
    assert (house.steps, len(house.timers())) == ([], 1)
    house.welcome("cust-new", email="new@mail.example.com")
    house.pass_time(hours(1))
    assert [mail.customer_id for mail in house.mailed] == ["cust-new"]


def test_a_cart_of_nobody_that_we_ever_hear_of_is_let_go_when_its_steps_are_of_no_more_use(
    house: CartHouse,
) -> None:
    house.tell(cart_updated(customer_id="cust-unheard-of"))
    house.pass_time(days(6), every=QUARTER)
    assert (house.steps, house.timers()) == ([], [])
    assert set(house.reasons().values()) == {"too_late"}


def test_the_guests_cart_that_became_a_customers_is_not_nudged_about_and_its_steps_are_over(
    house: CartHouse,
) -> None:
    house.tell(cart_updated("guests", customer_id=None, email="cust-asha@mail.example.com"))
    house.pass_time(hours(2))
    assert house.steps == ["cart_nudge:guests:step-1"]
    house.tell(
        carts_merged("guests", into="cart-9", occurred_at=house.now),
        cart_updated(occurred_at=house.now),
    )
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == ["cart_nudge:guests:step-1", *STEPS[1:]]


def test_of_several_carts_of_one_customer_only_the_newest_brings_mails(house: CartHouse) -> None:
    house.tell(cart_updated("older"), cart_updated(occurred_at=NOW + MINUTE))
    house.tell(cart_updated("by-address", customer_id=None, email="cust-asha@mail.example.com"))
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == STEPS
    assert house.reasons()["cart_nudge:older:step-1"] == "superseded"
    assert house.reasons()["cart_nudge:by-address:step-1"] == "superseded"


def test_of_two_carts_of_the_same_instant_one_brings_mails(house: CartHouse) -> None:
    house.tell(cart_updated("cart-1"), cart_updated("cart-2"))
    house.pass_time(hours(3))
    assert house.steps == ["cart_nudge:cart-2:step-1"]


@pytest.mark.parametrize("whose", [{}, {"customer_id": None, "email": "cust-asha@mail.example.com"}])
def test_after_an_outage_what_is_too_late_is_passed_over_and_said_so(
    house: CartHouse, whose: dict[str, Any]
) -> None:
    house.tell(cart_updated(**whose))
    house.now += hours(22)
    house.pass_time(days(6), every=QUARTER)
    assert house.steps == STEPS[1:]
    assert house.reasons() == {STEPS[0]: "too_late"}


def test_that_a_cart_was_left_is_told_once_each_time(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.pass_time(days(1), every=QUARTER)
    house.tell(cart_updated(occurred_at=house.now))
    house.pass_time(days(6), every=QUARTER)
    first, second = house.told(CartAbandoned)
    assert (first.customer_id, first.occurred_at) == ("cust-asha", NOW + hours(1))
    assert second.occurred_at == NOW + days(1) + hours(1)
    assert first.event_id != second.event_id


def test_a_cart_that_was_bought_some_other_way_was_not_left(house: CartHouse) -> None:
    house.tell(cart_updated(), order_placed(cart_id=None, lines=(a_line(),), occurred_at=NOW + MINUTE))
    house.pass_time(days(2), every=QUARTER)
    assert house.told(CartAbandoned) == []
    assert house.reasons()[STEPS[0]] == "bought_already"


def test_while_the_campaign_is_switched_off_its_steps_are_passed_over() -> None:
    house = CartHouse(plan_with(*without("cart_nudge")))
    house.welcome()
    house.tell(cart_updated())
    house.pass_time(days(6), every=QUARTER)
    assert (house.steps, house.timers()) == ([], [])
    assert set(house.reasons().values()) == {"campaign_disabled"}
    assert house.told(CartAbandoned) == []


def test_one_odd_cart_costs_no_other_its_nudge(house: CartHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its template lacks a word, say: no mail of it will ever be made."""
    house.welcome("cust-odd")
    house.tell(cart_updated("odd", customer_id="cust-odd"), cart_updated())
    fail_for(monkeypatch, "odd", ValueError("no mail can be made of this"))
    house.pass_time(hours(2))
    assert house.steps == STEPS[:1]
    assert house.reasons() == {"cart_nudge:odd:step-1": "failed"}


def test_what_fails_for_a_while_is_tried_again_in_a_quarter_of_an_hour_and_the_others_are_nudged_about(
    house: CartHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.welcome("cust-unlucky")
    house.tell(cart_updated("unlucky", customer_id="cust-unlucky"), cart_updated())
    house.now += hours(1)
    with monkeypatch.context() as trouble:
        fail_for(trouble, "unlucky", ConnectionError())
        with pytest.raises(RetryLaterError, match="1 carts"):
            house.sweep()
        assert house.sweep() == 0
    house.deliver()
    assert house.steps == STEPS[:1]
    house.pass_time(QUARTER)
    assert house.steps == [*STEPS[:1], "cart_nudge:unlucky:step-1"]


def test_a_sweep_that_runs_out_of_time_leaves_the_rest_to_the_next(house: CartHouse) -> None:
    for number in range(6):
        house.welcome(f"cust-{number}")
        house.tell(cart_updated(f"cart-{number}", customer_id=f"cust-{number}"))
    house.now += hours(1)
    minutes = iter((4, 3, 2, 0))
    assert house.new_sweep().sweep(house.now, lambda: timedelta(minutes=next(minutes))) == 3
    house.now += 5 * MINUTE
    assert house.sweep() == 3


def test_an_order_that_overtakes_a_nudge_on_its_queue_cancels_it_by_its_send_key(house: CartHouse) -> None:
    house.tell(cart_updated())
    house.now += hours(1)
    house.sweep()
    house.tell(order_placed(occurred_at=house.now))
    assert house.waiting[-1] == CancelMail(send_key=STEPS[0], reason="bought")
    house.deliver()
    assert (house.steps, house.reasons()) == ([], {STEPS[0]: "bought"})


def fail_for(monkeypatch: pytest.MonkeyPatch, cart_id: str, error: Exception) -> None:
    from cart_nudges.steps.composing import CartMails

    as_it_is = CartMails.nudge

    def nudge(self: CartMails, cart: Any, *about: Any, **more: Any) -> Any:
        if cart.cart_id == cart_id:
            raise error
        return as_it_is(self, cart, *about, **more)

    monkeypatch.setattr(CartMails, "nudge", nudge)
