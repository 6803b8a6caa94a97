"""Points for a birthday: once a year, on the day, at the shop; and not for one that was only just entered."""

from datetime import date
from typing import Any

import pytest

from engagement.events.customers import NO_DAY
from loyalty.due import next_due_at
from loyalty_facts import Book, plain_terms
from shop_facts import NOW, days, erased, profile_updated, registered

BONUS: dict[str, Any] = {"sign_up": 0, "birthday": 50, "birthday_unchanged_for": "30d"}


def years_of(birthday: str, *, years: int = 5, zone: str = "Asia/Kolkata", entered: Any = NOW) -> list[str]:
    """The days on which the bonus came, where somebody looks whenever something is due."""
    book = Book(plain_terms(bonuses=BONUS, zone=zone)).tell(
        registered(birthday=birthday, occurred_at=entered), at=entered
    )
    end = entered + days(365.25 * years)
    while (due := next_due_at(book.account, book.now, book.terms)) and due < end:
        book.look(due)
    return [f"{entry.day}" for entry in book.entries]


def test_it_comes_once_a_year_on_the_day() -> None:
    assert years_of("1990-06-15", years=3) == ["2027-06-15", "2028-06-15", "2029-06-15"]


def test_of_the_leap_day_it_comes_on_the_28th_in_common_years() -> None:
    assert years_of("2000-02-29") == ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


@pytest.mark.parametrize("birthday", ["1990-01-01", "1990-12-31"])
def test_around_new_year_it_comes_once_a_year(birthday: str) -> None:
    assert len(years_of(birthday)) == 5


@pytest.mark.parametrize(
    ("zone", "birthday", "begins"),
    [
        ("Asia/Kolkata", "1990-04-15", "2027-04-14T18:30:00+00:00"),
        # On the first of each two days the clocks go back.
        ("Europe/Berlin", "1990-10-31", "2027-10-30T22:00:00+00:00"),
        ("Europe/Berlin", "1990-11-01", "2027-10-31T23:00:00+00:00"),
        ("America/New_York", "1990-11-07", "2027-11-07T04:00:00+00:00"),
        ("America/New_York", "1990-11-08", "2027-11-08T05:00:00+00:00"),
    ],
)
def test_it_comes_when_the_day_begins_at_the_shop(zone: str, birthday: str, begins: str) -> None:
    book = Book(plain_terms(bonuses=BONUS, zone=zone)).tell(registered(birthday=birthday))
    due = next_due_at(book.account, NOW, book.terms)
    assert due is not None
    assert due.isoformat() == begins
    assert book.look(due).points() == [50]


def test_one_that_was_entered_more_lately_than_planned_earns_nothing_this_year() -> None:
    assert years_of("1990-03-30", years=2) == ["2028-03-30"]
    assert years_of("1990-03-31", years=2) == ["2027-03-31", "2028-03-31"]


def test_moved_within_the_year_it_does_not_come_twice() -> None:
    book = Book(plain_terms(bonuses=BONUS)).tell(registered(birthday="1990-06-15"))
    book.look(NOW + days(110)).tell(
        profile_updated(birthday="1990-09-15", occurred_at=NOW + days(110)), at=NOW + days(110)
    )
    assert book.look(NOW + days(200)).points() == [50]
    assert f"{book.account.birthday_paid_on}" == "2027-06-15"
    due = next_due_at(book.account, book.now, book.terms)
    assert due is not None
    assert book.look(due).entries[-1].day == date(2028, 9, 15)


def test_one_that_nobody_looked_at_for_a_week_is_over() -> None:
    book = Book(plain_terms(bonuses=BONUS)).tell(registered(birthday="1990-06-15"))
    assert book.look(NOW.replace(month=6, day=23)).points() == []
    again = Book(plain_terms(bonuses=BONUS)).tell(registered(birthday="1990-06-15"))
    assert again.look(NOW.replace(month=6, day=22)).points() == [50]


def test_the_newest_profile_counts_whichever_is_told_last() -> None:
    newest = profile_updated(birthday="1990-06-15", occurred_at=NOW + days(1))
    older = profile_updated(birthday="1990-07-15")
    for facts in ((newest, older), (older, newest)):
        book = Book(plain_terms(bonuses=BONUS)).tell(*facts, at=NOW + days(2))
        assert book.account.birthday == "--06-15"


@pytest.mark.parametrize("birthday", [None, NO_DAY])
def test_a_birthday_that_is_withdrawn_earns_nothing(birthday: Any) -> None:
    book = Book(plain_terms(bonuses=BONUS)).tell(registered(birthday="1990-06-15"))
    book.tell(profile_updated(birthday=birthday, occurred_at=NOW + days(1)), at=NOW + days(1))
    assert next_due_at(book.account, book.now, book.terms) is None


def test_nothing_of_a_forgotten_customers_birthday_is_kept() -> None:
    book = Book(plain_terms(bonuses=BONUS)).tell(registered(birthday="1990-06-15"))
    book.tell(erased(occurred_at=NOW + days(1)), at=NOW + days(1))
    assert (book.account.birthday, book.account.birthday_known_on) == (None, None)
    assert next_due_at(book.account, book.now, book.terms) is None


def test_without_a_bonus_no_birthday_is_kept_at_all() -> None:
    book = Book(plain_terms(bonuses=BONUS | {"birthday": 0})).tell(registered(birthday="1990-06-15"))
    assert book.account.birthday is None


def test_moved_to_the_other_end_of_the_year_it_may_come_twice_in_a_calendar_year() -> None:
    """Eleven months apart is a year's; and nothing else of the customer's is held up."""
    moved = Book(plain_terms(bonuses=BONUS)).tell(registered(birthday="1990-01-05", occurred_at=NOW))
    moved.look(NOW + days(312)).tell(profile_updated(birthday="1990-12-10", occurred_at=NOW + days(320)))
    moved.look(NOW + days(652))
    ids = [entry.entry_id for entry in moved.entries]
    assert ids == ["cust-asha:birthday:2028-01-05", "cust-asha:birthday:2028-12-10"]
