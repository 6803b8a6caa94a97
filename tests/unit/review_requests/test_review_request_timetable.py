"""When a customer is asked: at their own hour, whatever their clocks do, and about orders together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from request_house import SETTINGS
from review_requests.customers import Customer, Handed, Request
from review_requests.local_hour import at_local_hour
from review_requests.orders import with_fact
from review_requests.timetable import MOST_TOGETHER, Ask, deeds, next_look
from review_requests.waiting import ever_later_look
from shop_facts import NOW, days, hours, order_delivered

ZONES = [
    "Asia/Kolkata",
    "America/New_York",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "UTC",
]


@pytest.mark.parametrize(
    ("zone", "instant", "hour", "expected"),
    [
        ("Asia/Kolkata", "2027-03-08T11:30", 17, "2027-03-08T11:30"),
        ("Asia/Kolkata", "2027-03-08T11:31", 17, "2027-03-09T11:30"),
        # The clocks go forward on 14 March: the day has 23 hours, and the hour that is skipped begins after it.
        ("America/New_York", "2027-03-13T22:00", 17, "2027-03-13T22:00"),
        ("America/New_York", "2027-03-13T22:01", 17, "2027-03-14T21:00"),
        ("America/New_York", "2027-03-14T06:00", 2, "2027-03-14T07:00"),
        # And back on 7 November: of the hour that comes twice, the first.
        ("America/New_York", "2027-11-07T05:00", 1, "2027-11-07T05:00"),
        ("America/New_York", "2027-11-07T05:30", 1, "2027-11-08T06:00"),
        # A leap day, New Year, midnight at either end of a day.
        ("Asia/Kolkata", "2028-02-28T12:00", 17, "2028-02-29T11:30"),
        ("Asia/Kolkata", "2028-02-29T12:00", 17, "2028-03-01T11:30"),
        ("Asia/Kolkata", "2027-12-31T12:00", 17, "2028-01-01T11:30"),
        ("UTC", "2027-03-08T00:00", 24, "2027-03-08T00:00"),
        ("UTC", "2027-03-08T00:01", 24, "2027-03-09T00:00"),
        ("UTC", "2027-03-08T00:00", 0, "2027-03-08T00:00"),
    ],
)
def test_the_hour_on_the_customers_clock(zone: str, instant: str, hour: int, expected: str) -> None:
    found = at_local_hour(datetime.fromisoformat(instant).replace(tzinfo=UTC), hour, zone)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(st.integers(0, 400 * 24 * 60), st.integers(0, 24), st.sampled_from(ZONES))
def test_the_hour_is_never_before_and_never_much_more_than_a_day_later(
    minute: int, hour: int, zone: str
) -> None:
    instant = NOW + timedelta(minutes=minute)
    found = at_local_hour(instant, hour, zone)
    assert instant <= found <= instant + days(1) + hours(1)
    shown = found.astimezone(ZoneInfo(zone)).hour
    assert shown == hour % 24 or (found - hours(1)).astimezone(ZoneInfo(zone)).hour == hour % 24 - 1


def customer(*days_of_delivery: float) -> Customer:
    """With an order for each, due a week later."""
    orders = {
        f"order-{number:02}": with_fact(None, order_delivered(occurred_at=NOW + days(day)))
        for number, day in enumerate(days_of_delivery)
    }
    return Customer("cust-asha", orders=orders)


def ask(known: Customer) -> Ask:
    (deed,) = deeds(known, SETTINGS, NOW, None)
    assert isinstance(deed, Ask)
    return deed


def asked_before(known: Customer, at: datetime) -> Customer:
    first = Handed(at=at, written_upon="1", useful_until=at, over=True, left_at=at)
    reminder = first.model_copy(update={"left_at": None})
    request = Request(lead="order-x", orders=("order-x",), first=first, reminder=reminder)
    return replace(known, requests={"order-x": request})


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6))
def test_orders_are_asked_about_with_the_first_if_they_are_due_within_a_week_of_it(
    deliveries: list[int],
) -> None:
    deed = ask(customer(*deliveries))
    together = [day for day in deliveries if day <= min(deliveries) + 7]
    assert deed.at == NOW + days(7 + max(together))
    assert len(deed.orders) == len(together)
    assert deed.useful_until == NOW + days(7 + max(together) + 14)


@given(st.integers(0, 14), st.integers(0, 14))
def test_nobody_is_asked_again_within_a_week(delivered: int, asked: int) -> None:
    deed = ask(asked_before(customer(delivered), NOW + days(asked)))
    assert deed.at == NOW + days(max(delivered + 7, asked + 7))


def test_what_falls_due_while_a_customer_is_not_to_be_asked_joins_in() -> None:
    deed = ask(asked_before(customer(0, 8), NOW + days(9)))
    assert deed.at == NOW + days(16)
    assert len(deed.orders) == 2


def test_a_mail_is_about_so_many_orders_at_most() -> None:
    assert len(ask(customer(*([0] * (MOST_TOGETHER + 1)))).orders) == MOST_TOGETHER


def test_a_customer_of_whom_nothing_is_known_is_never_looked_at() -> None:
    assert next_look(Customer("cust-asha"), SETTINGS, NOW) is None


def test_what_may_never_come_is_looked_for_ever_more_seldom() -> None:
    assert ever_later_look(NOW, NOW) == NOW + hours(0.25)
    assert ever_later_look(NOW, NOW + hours(3)) == NOW + hours(6)
