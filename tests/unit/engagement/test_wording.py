"""Figures and dates as the customer's locale has them."""

from datetime import UTC, datetime

import pytest

from engagement.money import Money
from engagement.wording import Percent, Wording, direction, spoken

LATE = datetime(2027, 3, 14, 20, 0, tzinfo=UTC)


def a_wording(locale: str = "en-IN", time_zone: str = "Asia/Kolkata", **mentions: object) -> Wording:
    return Wording(locale, time_zone, mentions)


@pytest.mark.parametrize(
    ("locale", "fact", "shown"),
    [
        ("hi-IN", Money(amount_minor=10_000_000, currency="INR"), "₹1,00,000"),
        ("en-IN", 100_000, "1,00,000"),
        ("en-US", 100_000, "100,000"),
        ("de-DE", 100_000, "100.000"),
        ("en-IN", Percent(15), "15%"),
        ("de-DE", Percent(15), "15\xa0%"),
        ("tr-TR", Percent(15), "%15"),
        ("hi-IN", LATE, "15 मार्च 2027"),
        ("en-GB", LATE, "15 March 2027"),
        ("en-GB", "as it is", "as it is"),
    ],
)
def test_a_fact_is_shown_as_the_locale_has_it(
    locale: str, fact: str | int | Percent | Money, shown: str
) -> None:
    assert a_wording(locale).show(fact) == shown


def test_a_day_is_the_one_on_the_customers_calendar() -> None:
    assert a_wording(time_zone="America/New_York").show(LATE) == "14 March 2027"


def test_sentences_mention_facts_as_the_locale_has_them() -> None:
    say = a_wording("hi-IN", others=100_000).of("cart_nudges", "cart_nudge")
    assert say("others") == "और 1,00,000 अन्य चीज़ें"


def test_a_sentence_that_wants_a_fact_that_nobody_gave_is_an_error_and_no_gap() -> None:
    with pytest.raises(KeyError):
        a_wording().of("cart_nudges", "cart_nudge")("others")


@pytest.mark.parametrize(
    ("locale", "reads"),
    [("en-IN", "ltr"), ("hi-IN", "ltr"), ("ur-PK", "rtl"), ("ar-EG", "rtl"), ("he", "rtl")],
)
def test_a_language_reads_in_its_own_direction(locale: str, reads: str) -> None:
    assert direction(locale) == reads


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ("hi-IN", "hi-IN"),
        ("hi", "hi"),
        ("en-GB", "en-GB"),
        ("en-AQ", "en"),
        ("de-DE", "en-IN"),
        ("fil-PH", "en-IN"),
    ],
)
def test_the_customers_locale_is_spoken_where_we_can_and_else_the_shops(wanted: str, locale: str) -> None:
    assert spoken(wanted, "en-IN") == locale


@pytest.mark.parametrize(
    ("wanted", "shop", "locale"),
    [
        ("th-TH", "en-TH", "en"),
        ("ta-IN", "ta-IN", "en"),
        ("hi-AE", "en-IN", "hi"),
        ("ta-IN", "hi-IN", "hi-IN"),
    ],
)
def test_every_customer_is_spoken_to_in_a_language_that_we_have_and_a_region_with_formats(
    wanted: str, shop: str, locale: str
) -> None:
    assert spoken(wanted, shop) == locale
