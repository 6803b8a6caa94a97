"""What a statement says of an account: as of now, whoever looked at it last, and without writing a thing."""

from dataclasses import replace
from datetime import date

from loyalty.drafts import Draft
from loyalty.entries import EntryKind
from loyalty.records import Account
from loyalty.statement import Ending, Statement, Statements
from shop_facts import NOW, days, hours
from tests.unit.loyalty.shelf import CUSTOMER, Shelf

A_MONTH_AGO = NOW - days(30)


def statement(shelf: Shelf, *, before: int | None = None, limit: int = 20) -> Statement:
    return Statements(shelf, shelf.terms).of(CUSTOMER, NOW, before=before, limit=limit)


def test_of_a_customer_of_whom_nothing_is_known_it_has_nothing() -> None:
    empty = statement(Shelf())
    assert (empty.balance, empty.on_hold, empty.available, empty.pending) == (0, 0, 0, {})
    assert (empty.ending, empty.tier_until, empty.entries, empty.older) == (None, None, (), None)
    assert empty.progress.tier.name == "bronze"
    assert empty.as_of == date(2027, 3, 1)


def test_what_is_pending_stands_by_the_day_from_which_it_can_be_spent() -> None:
    shelf = Shelf()
    shelf.paid(300, "order-1", at=NOW - days(3))
    shelf.paid(200, "order-2", at=NOW - days(3))
    shelf.paid(100, "order-3", at=NOW)
    found = statement(shelf)
    assert found.pending == {date(2027, 3, 12): 500, date(2027, 3, 15): 100}
    assert list(found.pending) == sorted(found.pending)
    assert found.balance == 0


def test_what_was_refunded_altogether_is_not_pending_any_more() -> None:
    shelf = Shelf()
    shelf.paid(300)
    shelf.refunded(300)
    assert statement(shelf).pending == {}


def test_what_has_matured_since_anybody_looked_is_in_the_balance() -> None:
    shelf = Shelf()
    shelf.paid(300, at=A_MONTH_AGO)
    assert shelf.draft.account.balance == 0
    found = statement(shelf)
    assert (found.balance, found.available, found.pending) == (300, 300, {})


def test_what_is_on_hold_is_in_the_balance_and_cannot_be_spent() -> None:
    shelf = Shelf()
    shelf.paid(300, at=A_MONTH_AGO)
    shelf.reserved(120)
    found = statement(shelf)
    assert (found.balance, found.on_hold, found.available) == (300, 120, 180)


def test_a_hold_that_ended_since_anybody_looked_is_none() -> None:
    shelf = Shelf()
    shelf.paid(300, at=A_MONTH_AGO)
    shelf.reserved(120, at=NOW - hours(0.5))
    found = statement(shelf)
    assert (found.on_hold, found.available) == (0, 300)


def test_what_ends_next_is_what_is_left_of_the_oldest_points() -> None:
    shelf = Shelf()
    shelf.paid(300, "order-1", at=NOW - days(90))
    shelf.paid(200, "order-2", at=A_MONTH_AGO)
    shelf.redeemed(100)
    assert statement(shelf).ending == Ending(200, date(2028, 1, 1))


def test_points_that_are_used_up_or_never_end_do_not_end_next() -> None:
    shelf = Shelf()
    shelf.paid(300, "order-1", at=NOW - days(90))
    shelf.paid(200, "order-2", at=A_MONTH_AGO)
    shelf.redeemed(300)
    assert statement(shelf).ending == Ending(200, date(2028, 3, 1))
    assert statement(_without_expiry()).ending is None


def test_where_points_end_for_want_of_activity_all_of_them_end_next() -> None:
    shelf = _by_activity()
    shelf.paid(300, "order-1", at=NOW - days(90))
    shelf.paid(200, "order-2", at=A_MONTH_AGO)
    # A year after the later ones became spendable, and then to the end of the month.
    assert statement(shelf).ending == Ending(500, date(2028, 3, 1))


def test_what_ended_since_anybody_looked_is_gone_and_is_among_the_newest_entries() -> None:
    shelf = Shelf()
    shelf.paid(100, "order-1", at=NOW - days(500))
    shelf.paid(200, "order-2", at=NOW - days(500))
    found = statement(shelf)
    assert (found.balance, found.ending) == (0, None)
    assert [(entry.kind, entry.points) for entry in found.entries] == [
        (EntryKind.EXPIRED, -300),
        (EntryKind.PAID, 200),
        (EntryKind.PAID, 100),
    ]
    assert [entry.points for entry in statement(shelf, before=2).entries] == [100]


def test_it_tells_how_far_it_is_to_the_next_tier_and_until_when_a_tier_is_kept() -> None:
    shelf = Shelf()
    shelf.paid(620, at=A_MONTH_AGO)
    found = statement(shelf)
    assert found.progress.tier.name == "silver"
    assert found.progress.next_tier is not None
    assert (found.progress.next_tier.name, found.progress.measured, found.progress.missing) == (
        "gold",
        620,
        1380,
    )
    assert found.tier_until is not None
    assert found.tier_until > date(2028, 2, 1)


def test_to_look_writes_nothing_and_is_two_reads() -> None:
    shelf = Shelf()
    shelf.paid(620, at=A_MONTH_AGO)
    before = shelf.draft
    assert statement(shelf) == statement(shelf)
    assert shelf.draft == before
    assert shelf.reads == ["account", "page"] * 2


def test_entries_are_newest_first_and_each_is_on_one_page() -> None:
    shelf = _with_orders(7)
    pages = [statement(shelf, limit=3)]
    while pages[-1].older:
        pages.append(statement(shelf, before=pages[-1].older, limit=3))
    assert [len(page.entries) for page in pages] == [3, 3, 1]
    assert [entry.sequence for page in pages for entry in page.entries] == [7, 6, 5, 4, 3, 2, 1]


def test_what_is_booked_after_the_account_was_read_is_not_shown_without_being_in_the_sums() -> None:
    shelf = _with_orders(2)
    read = shelf.draft
    shelf.paid(100, "order-late")

    class Racing(Shelf):
        def account(self, customer_id: str) -> Account:
            return read.account

    found = statement(Racing(draft=shelf.draft))
    assert [entry.sequence for entry in found.entries] == [2, 1]
    assert sum(found.pending.values()) == 200


def test_a_place_beyond_the_newest_entry_is_the_newest_page() -> None:
    shelf = _with_orders(2)
    assert statement(shelf, before=3) == statement(shelf) == statement(shelf, before=10**9)


def test_it_says_whether_the_customer_was_erased() -> None:
    shelf = _with_orders(1)
    assert not statement(shelf).is_erased
    shelf.draft = shelf.draft.with_account(replace(shelf.draft.account, erased_at=NOW))
    assert statement(shelf).is_erased


def _with_orders(number: int) -> Shelf:
    shelf = Shelf()
    for each in range(number):
        shelf.paid(100, f"order-{each}")
    return shelf


def _without_expiry() -> Shelf:
    shelf = _planned(expiry=None)
    shelf.paid(300, at=A_MONTH_AGO)
    assert shelf.account(CUSTOMER).pending
    return shelf


def _by_activity() -> Shelf:
    expiry = Shelf().terms.settings.expiry
    assert expiry is not None
    return _planned(expiry=expiry.model_copy(update={"counted_from": "activity"}))


def _planned(**changes: object) -> Shelf:
    """By other terms than the plan's."""
    terms = Shelf().terms
    changed = replace(terms, settings=terms.settings.model_copy(update=changes))

    class Otherwise(Shelf):
        terms = changed

    return Otherwise(draft=Draft.of(Shelf().draft.account))
