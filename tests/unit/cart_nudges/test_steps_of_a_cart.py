"""When the steps about a cart are taken, and when they are passed over."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart, CartStatus, Handed
from cart_nudges.steps.step_rules import (
    Learn,
    LookLater,
    Nothing,
    StepAhead,
    TakeStep,
    abandoned_from,
    deed,
    ever_later_look,
    first_look,
    is_lost,
    next_look,
    timer_for,
)
from engagement.plan import engagement_plan
from shop_facts import NOW, a_line, days, hours

SETTINGS = engagement_plan().settings(CartNudgeSettings)
MINUTE = timedelta(minutes=1)


def a_cart(**changes: Any) -> Cart:
    known: dict[str, Any] = {"activity_at": NOW, "customer_id": "cust-asha", "lines": (a_line(),)}
    return Cart(**{"cart_id": "cart-9", "status": CartStatus.OPEN, **known, **changes})


def step(number: int, activity_at: datetime = NOW) -> StepAhead:
    return StepAhead(number, SETTINGS.steps[number - 1], activity_at)


def handed(**changes: Any) -> Handed:
    known: dict[str, Any] = {"step": 1, "at": NOW + hours(1), "written_upon": "", "product_ids": ()}
    who: dict[str, Any] = {"customer_id": "cust-asha", "experiment": "step-1", "variant": "standard"}
    return Handed(**{**known, **who, **changes})


def test_a_cart_is_looked_at_again_when_its_first_step_is_due() -> None:
    assert deed(a_cart(), SETTINGS, NOW) == LookLater(NOW + hours(1))


def test_each_step_is_due_when_the_cart_was_left_for_as_long_as_the_plan_says() -> None:
    for over, after in enumerate((1, 24, 72)):
        cart = a_cart(steps_over=over)
        assert deed(cart, SETTINGS, NOW + hours(after)) == TakeStep(step(over + 1))
        assert deed(cart, SETTINGS, NOW + hours(after) - MINUTE) == LookLater(NOW + hours(after))


def test_nothing_follows_the_last_step() -> None:
    assert deed(a_cart(steps_over=3), SETTINGS, NOW + days(9)) == Nothing()


def test_activity_restarts_the_wait_of_the_next_step() -> None:
    touched = a_cart(steps_over=1, activity_at=NOW + hours(20))
    assert deed(touched, SETTINGS, NOW + hours(24)) == LookLater(NOW + hours(44))


def test_what_is_too_late_after_an_outage_is_passed_over_and_the_next_is_taken_in_its_time() -> None:
    assert deed(a_cart(), SETTINGS, NOW + hours(21)) == LookLater(NOW + hours(24), (1,))
    assert deed(a_cart(), SETTINGS, NOW + hours(73)) == TakeStep(step(3), (1, 2))
    assert deed(a_cart(), SETTINGS, NOW + hours(120)) == Nothing((1, 2, 3))


@pytest.mark.parametrize(
    "nobodys", [{"status": CartStatus.BOUGHT}, {"lines": ()}, {"customer_id": None}, {"activity_at": None}]
)
def test_there_is_nothing_to_do_about_a_cart_that_was_bought_or_emptied_or_is_nobodys(
    nobodys: dict[str, Any],
) -> None:
    assert deed(a_cart(**nobodys), SETTINGS, NOW + hours(2)) == Nothing()


def test_who_typed_an_address_at_the_checkout_is_somebody() -> None:
    cart = a_cart(customer_id=None, address_hash="ab12")
    assert deed(cart, SETTINGS, NOW + hours(1)) == TakeStep(step(1))


@pytest.mark.parametrize("later", [{}, {"status": CartStatus.BOUGHT}, {"lines": ()}])
def test_what_became_of_a_step_is_learned_whatever_became_of_the_cart(later: dict[str, Any]) -> None:
    assert deed(a_cart(handed=handed(), **later), SETTINGS, NOW + hours(2)) == Learn(handed())


def test_a_cart_counts_as_abandoned_once_for_each_time_that_it_is_left() -> None:
    assert abandoned_from(a_cart(), SETTINGS) == NOW + hours(1)
    told = a_cart(abandoned_at=NOW)
    assert abandoned_from(told, SETTINGS) is None
    touched = replace(told, activity_at=NOW + hours(3))
    assert abandoned_from(touched, SETTINGS) == NOW + hours(4)
    assert abandoned_from(replace(touched, steps_over=3), SETTINGS) == NOW + hours(4)


@pytest.mark.parametrize(
    "nobodys", [{"status": CartStatus.BOUGHT}, {"lines": ()}, {"customer_id": None}, {"activity_at": None}]
)
def test_a_cart_that_was_bought_or_emptied_or_is_nobodys_does_not_count_as_abandoned(
    nobodys: dict[str, Any],
) -> None:
    assert abandoned_from(a_cart(**nobodys), SETTINGS) is None


def test_looks_at_what_waits_grow_rarer_from_ten_minutes_to_an_hour() -> None:
    first = first_look(handed(at=NOW))
    assert first == NOW + 10 * MINUTE
    assert next_look(NOW, first) == first + 10 * MINUTE
    assert next_look(NOW, NOW + 40 * MINUTE) == NOW + 80 * MINUTE
    assert next_look(NOW, NOW + days(1)) == NOW + days(1) + hours(1)


def test_looks_at_what_may_never_come_grow_ever_rarer() -> None:
    looks = [NOW]
    while looks[-1] < NOW + days(1):
        looks.append(ever_later_look(NOW, looks[-1]))
    assert [(look - NOW) // (10 * MINUTE) for look in looks] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256]


def test_a_timer_is_never_set_to_before_the_next_sweep() -> None:
    assert timer_for(NOW - hours(3), NOW) == NOW + 5 * MINUTE
    assert timer_for(NOW + hours(3), NOW) == NOW + hours(3)


def test_a_mail_of_which_nothing_is_heard_is_lost_an_hour_after_it_was_of_use() -> None:
    cart = a_cart(handed=handed())
    assert not is_lost(cart, handed(), SETTINGS, NOW + hours(22) - MINUTE)
    assert is_lost(cart, handed(), SETTINGS, NOW + hours(22))


def test_of_a_cart_that_was_bought_it_is_lost_by_when_it_was_handed_over() -> None:
    cart = a_cart(handed=handed(), status=CartStatus.BOUGHT, activity_at=None)
    assert not is_lost(cart, handed(), SETTINGS, NOW + hours(22) - MINUTE)
    assert is_lost(cart, handed(), SETTINGS, NOW + hours(22))


def test_what_was_handed_over_for_a_step_that_left_the_plan_is_lost() -> None:
    assert is_lost(a_cart(), handed(step=4), SETTINGS, NOW)


@dataclass
class Story:
    """A cart that is swept at some instants; what is taken is over at once."""

    cart: Cart = field(default_factory=a_cart)
    taken: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    passed_over: list[tuple[int, datetime, datetime]] = field(default_factory=list)

    def sweep(self, now: datetime) -> None:
        activity_at = self.cart.activity_at
        assert activity_at is not None
        match deed(self.cart, SETTINGS, now):
            case TakeStep(step, too_late):
                self.taken.append((step.number, now, activity_at))
                self._are_over(too_late, now, activity_at)
                self.cart = replace(self.cart, steps_over=step.number)
            case LookLater(_, too_late) | Nothing(too_late):
                self._are_over(too_late, now, activity_at)
            case Learn():
                raise AssertionError("nothing is ever left handed over here")

    def _are_over(self, too_late: Sequence[int], now: datetime, activity_at: datetime) -> None:
        self.passed_over += [(number, now, activity_at) for number in too_late]
        if too_late:
            self.cart = replace(self.cart, steps_over=too_late[-1])


_MINUTES = st.integers(0, 8 * 24 * 60).map(lambda minutes: minutes * MINUTE)


@given(sweeps=st.lists(_MINUTES, max_size=60), touches=st.lists(_MINUTES, max_size=6))
def test_each_step_comes_once_in_order_in_its_time_whenever_the_sweeps_run(
    sweeps: list[timedelta], touches: list[timedelta]
) -> None:
    story = Story()
    for after, is_sweep in sorted([(each, True) for each in sweeps] + [(each, False) for each in touches]):
        if is_sweep:
            story.sweep(NOW + after)
        else:
            story.cart = replace(story.cart, activity_at=NOW + after)
    ended = sorted(story.taken + story.passed_over)
    assert [number for number, *_ in ended] == list(range(1, len(ended) + 1))
    assert [at for _, at, _ in ended] == sorted(at for _, at, _ in ended)
    for number, at, activity_at in story.taken:
        assert step(number, activity_at).due_at <= at < step(number, activity_at).useful_until
    for number, at, activity_at in story.passed_over:
        assert at >= step(number, activity_at).useful_until


@given(offset=st.integers(0, 59))
def test_a_cart_that_stays_abandoned_gets_every_step_if_a_sweep_runs_every_hour(offset: int) -> None:
    story = Story()
    for hour in range(24 * 6):
        story.sweep(NOW + offset * MINUTE + hours(hour))
    assert [number for number, *_ in story.taken] == [1, 2, 3]
    assert story.passed_over == []
    assert deed(story.cart, SETTINGS, NOW + days(7)) == Nothing()
