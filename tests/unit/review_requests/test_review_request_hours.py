"""The hour on the customer's clock holds for everybody, and for those too who may be asked late."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from request_house import DUE, FIRST, FIVE, RequestHouse, house_in_memory
from review_requests.local_hour import at_local_hour, mailing_hour
from shop_facts import NOW, a_profile, case_closed, case_opened, days, hours, order_delivered

ZONES = ["Asia/Kolkata", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]
minutes = st.integers(0, 20 * 24 * 60).map(lambda each: timedelta(minutes=each))


@pytest.fixture
def house() -> RequestHouse:
    return house_in_memory()


@settings(max_examples=100)
@given(minutes, st.none() | minutes, minutes, st.integers(0, 23), st.sampled_from(ZONES))
def test_a_mail_leaves_within_an_hour_of_the_hour_and_the_next_one_is_never_far(
    due: timedelta, not_before: timedelta | None, waited: timedelta, hour: int, zone: str
) -> None:
    free = None if not_before is None else NOW + not_before
    possible = max(NOW + due, free or NOW)
    now = possible + waited
    at = mailing_hour(NOW + due, free, now, hour, zone)
    assert at >= possible
    struck = at_local_hour(at - hours(1), hour, zone)
    assert struck <= at
    assert now - hours(1) <= at <= now + days(1) + hours(1)
    # Whoever looks when that is so finds it due.
    assert mailing_hour(NOW + due, free, max(now, at), hour, zone) <= max(now, at)


def asked_at(house: RequestHouse, customer_id: str) -> datetime:
    """The sweep that asks, of those that come when they are due."""
    while True:
        moment = house.requests.read(customer_id).due_at
        assert moment
        if house.sweep(moment):
            return moment


def at_five_or_a_little_later(moment: datetime) -> bool:
    return FIVE.time() <= moment.time() <= (FIVE + hours(1)).time()


@pytest.mark.parametrize("told", [9, 12.5, 17.9, 18.1, 23, 26])
def test_of_a_case_that_is_closed_at_night_nobody_is_asked_at_night(house: RequestHouse, told: float) -> None:
    house.told(order_delivered(), case_opened())
    closed = FIVE + days(1) + hours(told)
    house.told(case_closed(occurred_at=closed), at=closed)
    asked = asked_at(house, "cust-asha")
    assert at_five_or_a_little_later(asked)
    assert asked - closed <= days(1)


@pytest.mark.parametrize(("late", "asked"), [(0, True), (5, True), (14, True), (60, True), (61, False)])
def test_a_sweep_a_few_minutes_after_five_is_on_time(house: RequestHouse, late: int, asked: bool) -> None:
    house.told(order_delivered()).sweep(DUE)
    moment = FIVE + timedelta(minutes=late)
    assert house.asked(moment) == ([FIRST] if asked else [])
    assert asked or house.customer().due_at == FIVE + days(1)


def test_sweeps_that_are_always_late_ask_all_the_same(house: RequestHouse) -> None:
    house.told(order_delivered())
    quarters = (FIVE - days(1) + timedelta(minutes=14 + 15 * each) for each in range(5 * 24 * 4))
    asked = [moment for moment in quarters if house.sweep(moment)]
    assert asked[0] == FIVE + timedelta(minutes=14)


def test_a_delivery_that_is_told_late_is_asked_about_at_five(house: RequestHouse) -> None:
    told = DUE + days(2) + hours(9)
    house.told(order_delivered(), at=told)
    assert house.asked(told) == []
    assert house.customer().due_at == FIVE + days(2)


def test_a_customer_who_is_known_late_is_asked_at_five(house: RequestHouse) -> None:
    house.told(order_delivered(customer_id="cust-ravi")).sweep(FIVE)
    house.knows(a_profile("cust-ravi"))
    assert at_five_or_a_little_later(asked_at(house, "cust-ravi"))
