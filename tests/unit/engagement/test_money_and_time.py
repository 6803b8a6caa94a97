"""Money is whole minor units, time is UTC: what comes in crooked is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from engagement.clock import from_text, local_instant, to_text
from engagement.events.base import Instant
from engagement.items import from_item, to_item
from engagement.money import Money, display_money

instants = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.timezones())  # noqa: DTZ001


@pytest.mark.parametrize("amount", [19.99, "1999", -1, 10**16, True, None])
def test_an_amount_that_is_not_whole_minor_units_is_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount_minor": amount, "currency": "INR"})


@pytest.mark.parametrize("currency", ["inr", "Rs", "RUPEE", "", "₹₹₹"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount_minor": 1, "currency": currency})


@pytest.mark.parametrize(
    ("money", "locale", "shown"),
    [
        (Money(amount_minor=10_000_000, currency="INR"), "hi-IN", "₹1,00,000"),
        (Money(amount_minor=10_000_050, currency="INR"), "hi-IN", "₹1,00,000.50"),
        (Money(amount_minor=10_000_000, currency="INR"), "en-US", "₹100,000"),
        (Money(amount_minor=10_000_000, currency="EUR"), "de-DE", "100.000\xa0€"),
        (Money(amount_minor=1999, currency="USD"), "en-US", "$19.99"),
        (Money(amount_minor=1000, currency="JPY"), "en-US", "¥1,000"),
        (Money(amount_minor=1234, currency="KWD"), "en-US", "KWD1.234"),
        (Money(amount_minor=2000, currency="KWD"), "en-US", "KWD2"),
    ],
)
def test_money_is_shown_as_the_locale_and_the_currency_have_it(money: Money, locale: str, shown: str) -> None:
    assert display_money(money, locale) == shown


@given(st.dictionaries(st.text(min_size=1), st.integers(-(10**30), 10**30) | st.text() | st.booleans()))
def test_an_items_values_come_back_as_they_were(values: dict[str, object]) -> None:
    assert from_item(to_item(values)) == values


def test_a_float_never_reaches_a_table() -> None:
    with pytest.raises(TypeError):
        to_item({"points": 1.5})


@given(instants, instants)
def test_text_sorts_as_time_does(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one.astimezone(UTC) < other.astimezone(UTC))
    assert from_text(to_text(one)) == one.astimezone(UTC)


def test_a_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_text(datetime(2027, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-12-31T00:00:00Z", "2027-03-01T10:00:00"],
)
def test_an_instant_that_no_shop_can_mean_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(text)


def test_any_offset_comes_in_and_utc_is_kept() -> None:
    instant = TypeAdapter(Instant).validate_python("2027-03-01T05:45:00+05:45")
    assert instant == datetime(2027, 3, 1, tzinfo=UTC)
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "day", "hour", "instant"),
    [
        ("Asia/Kathmandu", date(2027, 3, 1), 9, datetime(2027, 3, 1, 3, 15, tzinfo=UTC)),
        # Clocks go from 02:00 to 03:00: what would be 02:00 is the moment of the change.
        ("Europe/Berlin", date(2027, 3, 28), 2, datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        # 02:00 occurs twice: the first one, still in summer time.
        ("Europe/Berlin", date(2027, 10, 31), 2, datetime(2027, 10, 31, 0, 0, tzinfo=UTC)),
        ("Pacific/Kiritimati", date(2027, 1, 1), 0, datetime(2026, 12, 31, 10, 0, tzinfo=UTC)),
        ("America/New_York", date(2027, 12, 31), 24, datetime(2028, 1, 1, 5, 0, tzinfo=UTC)),
    ],
)
def test_a_local_hour_is_one_instant(zone: str, day: date, hour: int, instant: datetime) -> None:
    assert local_instant(day, hour, ZoneInfo(zone)) == instant


def test_an_offset_is_no_reason_for_another_order() -> None:
    east = datetime(2027, 3, 1, 12, tzinfo=timezone(timedelta(hours=14)))
    west = datetime(2027, 3, 1, 1, tzinfo=timezone(timedelta(hours=-11)))
    assert to_text(east) < to_text(west)
