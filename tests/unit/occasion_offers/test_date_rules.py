"""What a fact about a customer changes in what is known of their days."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from date_house import NOTHING_KNOWN, an_occasion, by_name, joined, known_after, tier_changed
from occasion_offers.dates import Told
from shop_facts import NOW, days, erased, hours, profile_updated, registered

LATER, LATER_STILL, EARLIER = NOW + days(1), NOW + days(2), NOW - days(1)
TODAY = NOW.date()


def test_a_registration_tells_the_birthday_the_shops_own_days_and_the_day_of_joining() -> None:
    known = known_after(registered(birthday="1991-03-02", dates={"wedding_day": "--12-11"}))
    assert known.dates == by_name(
        an_occasion("birthday", "1991-03-02"), an_occasion("wedding_day", "--12-11"), joined(TODAY, NOW)
    )
    assert known.told == Told(
        "cust-asha", 1, told_at=NOW, registrations={NOW: TODAY}, time_zone="Asia/Kolkata"
    )


def test_where_no_zone_is_told_the_shops_own_stands_in() -> None:
    known = known_after(registered(birthday="1991-03-02", time_zone=None))
    assert {row.time_zone for row in known.dates.values()} == {"Asia/Kolkata"}


@pytest.mark.parametrize(
    ("time_zone", "day"), [("Pacific/Kiritimati", "2027-03-02"), ("Pacific/Pago_Pago", "2027-03-01")]
)
def test_the_day_of_joining_is_that_on_the_customers_own_calendar(time_zone: str, day: str) -> None:
    at = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    assert known_after(registered(time_zone=time_zone, occurred_at=at)).dates["joining"].date == day


def test_who_was_never_told_to_have_registered_has_no_day_of_joining() -> None:
    assert known_after(profile_updated(birthday="1991-03-02")).dates.keys() == {"birthday"}


def test_the_day_of_joining_is_that_of_the_first_registration_and_stays() -> None:
    for facts in (
        (registered(), registered(occurred_at=LATER)),
        (registered(occurred_at=LATER), registered()),
        (profile_updated(occurred_at=LATER_STILL), registered(occurred_at=LATER), registered()),
    ):
        known = known_after(*facts, profile_updated(occurred_at=LATER_STILL, time_zone="Asia/Tokyo"))
        assert known.dates["joining"] == replace(joined(TODAY, NOW), time_zone="Asia/Tokyo")


def test_a_date_that_a_newer_profile_does_not_have_is_gone_and_the_joining_stays() -> None:
    known = known_after(
        registered(birthday="1991-03-02", dates={"wedding_day": "--12-11"}),
        profile_updated(dates={"name_day": "--05-01"}, occurred_at=LATER),
    )
    assert known.dates == by_name(an_occasion("name_day", "--05-01", since=LATER), joined(TODAY, NOW))


@pytest.mark.parametrize("year_later", ["1992-03-02", "--03-02"])
def test_a_year_that_is_added_or_corrected_or_dropped_is_no_other_day(year_later: str) -> None:
    known = known_after(
        registered(birthday="1991-03-02"), profile_updated(birthday=year_later, occurred_at=LATER)
    )
    assert known.dates["birthday"] == an_occasion("birthday", year_later, since=NOW)


def test_another_day_counts_from_the_moment_at_which_it_was_told() -> None:
    known = known_after(
        registered(birthday="1991-03-02"), profile_updated(birthday="1991-03-03", occurred_at=LATER)
    )
    assert known.dates["birthday"] == an_occasion("birthday", "1991-03-03", since=LATER)


def test_who_moves_takes_all_days_along_as_old_as_they_are() -> None:
    before = known_after(registered(birthday="1991-03-02"))
    after = known_after(
        profile_updated(birthday="1991-03-02", time_zone="Pacific/Chatham", occurred_at=LATER), before=before
    )
    assert after.dates == {
        name: replace(row, time_zone="Pacific/Chatham") for name, row in before.dates.items()
    }


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("1970-01-01", "placeholder"),
        ("1900-01-01", "placeholder"),
        ("2027-03-14", "in_the_future"),
        ("0001-01-01", "too_long_ago"),
    ],
)
def test_a_date_that_is_not_believed_is_kept_with_its_reason(told: str, reason: str) -> None:
    known = known_after(registered(birthday=told, dates={"wedding_day": told}))
    assert known.dates["birthday"] == an_occasion("birthday", told, refused=reason)
    assert known.dates["wedding_day"].refused == reason


def test_a_date_once_told_credibly_is_like_any_other_and_as_young_as_that() -> None:
    known = known_after(
        registered(birthday="1970-01-01"), profile_updated(birthday="1988-01-01", occurred_at=LATER)
    )
    assert known.dates["birthday"] == an_occasion("birthday", "1988-01-01", since=LATER)


def test_whether_a_date_lies_in_the_future_is_asked_of_the_day_on_which_it_was_told() -> None:
    told_then = registered(birthday="2027-03-02", occurred_at=NOW)
    told_again = profile_updated(birthday="2027-03-02", occurred_at=LATER)
    assert known_after(told_then).dates["birthday"].refused == "in_the_future"
    assert known_after(told_then, told_again).dates["birthday"].refused is None


def test_an_older_profile_told_late_changes_no_date() -> None:
    newest = profile_updated(birthday="1991-03-02", occurred_at=LATER)
    older = profile_updated(birthday="1991-08-15", time_zone="Asia/Tokyo", occurred_at=EARLIER)
    known = known_after(newest)
    assert known_after(older, before=known) is known


def test_a_day_is_no_older_than_a_profile_that_told_otherwise_however_late_that_came() -> None:
    """Told first and last alike, but in between another: it was entered anew."""
    first, last = (
        registered(birthday="1991-03-02"),
        profile_updated(birthday="1991-03-02", occurred_at=LATER_STILL),
    )
    for between in (
        profile_updated(birthday="1991-08-15", occurred_at=LATER),
        profile_updated(birthday=None, occurred_at=LATER),
        profile_updated(birthday="2028-03-02", occurred_at=LATER),
    ):
        assert known_after(first, last, between).dates["birthday"].since == LATER_STILL
    alike = profile_updated(birthday="--03-02", occurred_at=LATER)
    assert known_after(first, last, alike).dates["birthday"].since == NOW


def test_a_tier_is_known_of_the_customer_and_of_each_of_their_days() -> None:
    known = known_after(tier_changed("silver", occurred_at=EARLIER), registered(birthday="1991-03-02"))
    assert {row.tier for row in known.dates.values()} == {"silver"}
    known = known_after(tier_changed("gold", occurred_at=LATER), before=known)
    assert {row.tier for row in known.dates.values()} == {known.told.tier} == {"gold"}
    assert known_after(tier_changed("silver", occurred_at=NOW), before=known) is known
    assert known_after(profile_updated(occurred_at=LATER_STILL), before=known).told.tier == "gold"


def test_an_erasure_leaves_its_own_instant_and_nothing_else() -> None:
    known = known_after(
        tier_changed(),
        registered(birthday="1991-03-02", dates={"wedding_day": "--12-11"}),
        erased(occurred_at=LATER),
    )
    assert known.told == Told("cust-asha", 3, erased_at=LATER)
    assert known.dates == {}


def test_who_was_erased_comes_back_by_a_later_registration_and_nothing_else() -> None:
    gone = known_after(registered(birthday="1991-03-02"), erased(occurred_at=LATER))
    for fact in (
        registered(occurred_at=NOW),
        registered(occurred_at=LATER),
        profile_updated(occurred_at=LATER_STILL),
        tier_changed(occurred_at=LATER_STILL),
        erased(occurred_at=NOW),
    ):
        assert known_after(fact, before=gone) is gone
    back = known_after(registered(birthday="1991-03-02", occurred_at=LATER_STILL), before=gone)
    assert back.dates["birthday"].since == LATER_STILL
    assert back.dates["joining"] == joined(date(2027, 3, 3), LATER_STILL)


def test_an_erasure_takes_a_profile_that_no_registration_stands_behind() -> None:
    known = known_after(profile_updated(birthday="1991-03-02", occurred_at=LATER), erased(occurred_at=NOW))
    assert known.told == Told("cust-asha", 2, erased_at=NOW)


@pytest.mark.parametrize("tier_told_at", [EARLIER, NOW + hours(1)])
def test_an_erasure_told_late_spares_the_account_opened_since_and_nothing_from_before(
    tier_told_at: datetime,
) -> None:
    known = known_after(
        registered(birthday="1991-03-02", occurred_at=EARLIER),
        tier_changed(occurred_at=tier_told_at),
        registered(birthday="1991-03-02", occurred_at=LATER),
        erased(occurred_at=NOW),
    )
    assert known.dates == by_name(an_occasion(since=LATER), joined(date(2027, 3, 2), LATER))
    assert known.told.tier is None
    assert known.told.registrations == {LATER: date(2027, 3, 2)}


def test_within_one_instant_an_update_comes_after_a_registration_and_an_erasure_last() -> None:
    told, corrected = registered(birthday="1991-03-02"), profile_updated(birthday="1991-03-03")
    assert known_after(told, corrected).dates == known_after(corrected, told).dates
    assert known_after(corrected, told).dates["birthday"].date == "1991-03-03"
    for order in ((told, corrected, erased()), (erased(), told, corrected), (corrected, erased(), told)):
        assert known_after(*order).told == Told("cust-asha", known_after(*order).told.version, erased_at=NOW)


def test_a_shop_that_registers_a_customer_every_night_does_not_fill_the_head() -> None:
    nights = [registered(occurred_at=NOW + days(night)) for night in range(400)]
    for facts in (nights, nights[::-1], nights[200:] + nights[:200] + nights):
        known = known_after(*facts)
        assert list(known.told.registrations) == [
            NOW + days(night) for night in (0, 1, 2, 3, 4, 5, 6, 7, 8, 399)
        ]
        assert known.dates["joining"] == joined(TODAY, NOW)


def test_of_nobody_nothing_is_known() -> None:
    assert NOTHING_KNOWN.told.version == 0
    assert NOTHING_KNOWN.told.joined_at is None
    assert NOTHING_KNOWN.dates == {}
