"""Figures and dates as the customer's locale has them."""

from datetime import UTC, datetime

import pytest

from engagement.money import Money
from engagement.wording import (
    BASE,
    Counted,
    Percent,
    Reduction,
    Sayable,
    Translated,
    Wording,
    direction,
    spoken,
)

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
        ("en-IN", Reduction(Percent(15)), "15% off"),
        ("hi-IN", Reduction(Money(amount_minor=10_000_000, currency="INR")), "₹1,00,000 की छूट"),
        ("en-IN", Counted("points", 1), "1 point"),
        ("en-IN", Counted("points", 100_000), "1,00,000 points"),
        ("hi-IN", Counted("years", 1), "1 साल"),
        ("hi-IN", Counted("years", 3), "3 साल"),
        ("hi-IN", LATE, "15 मार्च 2027"),
        ("en-GB", LATE, "15 March 2027"),
        ("en-GB", "as it is", "as it is"),
    ],
)
def test_a_fact_is_shown_as_the_locale_has_it(locale: str, fact: Sayable, shown: str) -> None:
    assert a_wording(locale).show(fact) == shown


def test_a_day_is_the_one_on_the_customers_calendar() -> None:
    assert a_wording(time_zone="America/New_York").show(LATE) == "14 March 2027"


def test_sentences_mention_facts_as_the_locale_has_them() -> None:
    say = a_wording("hi-IN", others=100_000).of(BASE, "base")
    assert say("others") == "और 1,00,000 अन्य"


def test_a_sentence_that_wants_a_fact_that_nobody_gave_is_an_error_and_no_gap() -> None:
    with pytest.raises(KeyError):
        a_wording().of(BASE, "base")("others")


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"en": "A teapot", "hi": "चायदानी"}, "चायदानी"),
        ({"fr": "Une théière", "en": "A teapot"}, "A teapot"),
        ({"fr": "Une théière"}, "Une théière"),
    ],
)
def test_a_name_is_the_one_in_the_readers_language_else_in_the_shops_else_any(
    names: dict[str, str], shown: str
) -> None:
    assert a_wording("hi-IN").show(Translated(names, otherwise="en")) == shown


@pytest.mark.parametrize(
    ("day", "heading"),
    [("ahead", "Your birthday is on its way, Jo"), ("today", "Happy birthday, Jo!")],
)
def test_of_a_word_with_several_forms_that_of_the_fact_is_said_or_else_the_one_for_all_others(
    day: str, heading: str
) -> None:
    say = a_wording(day=day, name="Jo").of("occasion_offers", "birthday_offer")
    assert say("heading") == heading


def test_a_word_whose_form_hangs_on_a_fact_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(KeyError):
        a_wording(name="Jo").of("occasion_offers", "birthday_offer")("heading")


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
