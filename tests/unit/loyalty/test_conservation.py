"""Whatever a customer and a shop do, in whatever order: points are neither made nor lost, and it does not matter how
often anybody looks.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engagement.events.benefits import Benefit
from engagement.events.offers import OfferReleased
from loyalty.accounts import left_in_lots, matured, posted
from loyalty.due import next_due_at
from loyalty.entries import Entry
from loyalty.happenings import advanced
from loyalty.records import Account
from loyalty_facts import ASHA, Book, plain_terms, planned, sent_back, tier_rules
from shop_facts import (
    NOW,
    days,
    erased,
    offer_redeemed,
    order_cancelled,
    order_paid,
    order_refunded,
    registered,
    review_published,
    review_rejected,
    rupees,
)

_ORDERS = st.sampled_from(["order-1", "order-2", "order-3"])
_CODES = st.sampled_from(["ACDEFGHJKM", "BCDEFGHJKM"])
_MONEY = st.sampled_from([0, 1, 30, 100, 400])
_POINTS = st.sampled_from([1, 10, 50, 200, 1_000])
_EXPIRIES = [
    None,
    {"after": "20d", "counted_from": "earning", "ends_with": "day", "remind_before": ["7d"]},
    {"after": "20d", "counted_from": "earning", "ends_with": "month"},
    {"after": "20d", "counted_from": "activity", "ends_with": "day"},
]


class ACustomersLife(RuleBasedStateMachine):
    """`books` hear the same. Somebody looks at one every day, at one when something of it is due, at one never."""

    @initialize(
        below_zero=st.booleans(),
        expiry=st.sampled_from(_EXPIRIES),
        pending_for=st.sampled_from([None, "5d"]),
        over=st.sampled_from(["calendar_year", "rolling_year"]),
        birthday=st.sampled_from([0, 50]),
        mails=st.booleans(),
        by=st.sampled_from([{"by": "points"}, {"by": "spend", "currency": "INR"}]),
        downgrade=st.sampled_from([{"by": "one_step"}, {"by": "fully", "grace": "10d"}]),
    )
    def begins(self, over: Any, by: Any, downgrade: Any, birthday: int, mails: bool, **changes: Any) -> None:
        unit = 1 if by["by"] == "points" else 100
        steps = ((0, 100), (100 * unit, 150), (400 * unit, 200))
        tiers = tier_rules(*steps, over=over, downgrade=downgrade, **by)
        bonuses = {"sign_up": 25, "birthday": birthday, "birthday_unchanged_for": "10d"}
        self.terms = plain_terms(tiers=tiers, bonuses=bonuses, **changes)
        if mails:
            self.terms = replace(self.terms, mails=planned().mails)
        self.now, self.number = NOW, 0
        self.daily, self.when_due, self.never = self.books = [Book(self.terms) for _ in range(3)]

    def tell(self, fact: Any) -> None:
        for book in self.books:
            book.tell(fact, at=self.now)

    def at(self, **known: Any) -> dict[str, Any]:
        self.number += 1
        return {"occurred_at": self.now, "event_id": f"evt-{self.number}", **known}

    @rule(order_id=_ORDERS, amount=_MONEY, told_late=st.sampled_from([0, 0, 3]))
    def an_order_is_paid(self, order_id: str, amount: int, told_late: int) -> None:
        at = self.now - days(told_late)
        lines = ({"product_id": "assam", "quantity": 3, "amount": rupees(amount // 2)},)
        self.tell(order_paid(order_id, **self.at(amount=rupees(amount), lines=lines, occurred_at=at)))

    @rule(order_id=_ORDERS, amount=_MONEY, by_line=st.booleans())
    def it_is_refunded(self, order_id: str, amount: int, by_line: bool) -> None:
        lines = (sent_back("assam"),) if by_line else None
        known = self.at(amount=rupees(amount), lines=lines)
        self.tell(order_refunded(order_id, refund_id=f"refund-{self.number}", **known))

    @rule(order_id=_ORDERS)
    def it_is_called_off(self, order_id: str) -> None:
        self.tell(order_cancelled(order_id, **self.at()))

    @rule(order_id=_ORDERS, code=_CODES)
    def it_redeems_an_offer(self, order_id: str, code: str) -> None:
        self.tell(offer_redeemed(code, **self.at(order_id=order_id, benefit=Benefit(points=70))))

    @rule(order_id=_ORDERS, code=_CODES)
    def it_gives_an_offer_back(self, order_id: str, code: str) -> None:
        offer = offer_redeemed(code, **self.at(order_id=order_id, benefit=Benefit(points=70)))
        self.tell(OfferReleased.model_validate(offer.model_dump()))

    @rule(product_id=st.sampled_from(["assam", "nilgiri"]), is_shown=st.booleans())
    def a_review_is_decided_on(self, product_id: str, is_shown: bool) -> None:
        tell = review_published if is_shown else review_rejected
        known = self.at()
        self.tell(tell(product_id, revision=self.number, **known))

    @rule(day=st.sampled_from(["2000-03-20", "2000-02-29", "2000-12-31"]))
    def she_registers(self, day: str) -> None:
        self.tell(registered(**self.at(birthday=day)))

    @rule(reservation_id=st.sampled_from(["r1", "r2"]), points=_POINTS, order_id=_ORDERS)
    def points_are_reserved(self, reservation_id: str, points: int, order_id: str) -> None:
        for book in self.books:
            was_held = reservation_id in book.look(self.now).account.held
            refusal = book.reserve(reservation_id, points, order_id)
            assert refusal or was_held or book.account.available >= 0

    @rule(reservation_id=st.sampled_from(["r1", "r2"]))
    def they_are_committed(self, reservation_id: str) -> None:
        for book in self.books:
            book.look(self.now)
            was_held, before = reservation_id in book.account.held, book.account.available
            refusal = book.commit(reservation_id)
            assert refusal or book.account.available >= (before if was_held else min(before, 0))

    @rule(reservation_id=st.sampled_from(["r1", "r2"]))
    def they_are_released(self, reservation_id: str) -> None:
        for book in self.books:
            book.now = self.now
            book.release(reservation_id)

    @rule(points=st.sampled_from([-300, -20, 20, 300]))
    def somebody_corrects_it(self, points: int) -> None:
        self.number += 1
        for book in self.books:
            book.now = self.now
            book.adjust(points)

    @rule(span=st.sampled_from([timedelta(minutes=20), timedelta(hours=7), *map(days, (1, 5, 31, 100))]))
    def time_passes(self, span: timedelta) -> None:
        until = self.now + span
        while self.now < until:
            self.now = min(self.now + days(1), until)
            self.daily.look(self.now)
        look_when_due(self.when_due, until)

    @precondition(lambda self: self.number > 5)
    @rule()
    def she_is_forgotten(self) -> None:
        self.tell(erased(**self.at()))

    @invariant()
    def points_are_neither_made_nor_lost(self) -> None:
        for book in self.books:
            account = book.account
            assert sum(account.totals.values()) == account.balance + account.pending_points
            assert sum(book.points()) == account.balance + account.pending_points
            assert all(points >= 0 for points in [*account.pending.values(), *account.lots.values()])

    @invariant()
    def no_more_is_taken_back_than_was_earned(self) -> None:
        for book in self.books:
            for order in book.orders.values():
                of_it = [entry for entry in book.entries if entry.order_id == order.order_id]
                moved = [entry.points for entry in of_it if entry.kind.is_an_orders]
                assert sum(moved) >= order.points_in_force >= 0
                assert order.given_back <= order.spent

    @invariant()
    def the_entries_make_the_account(self) -> None:
        for book in self.books:
            folded = Account(ASHA)
            for entry in book.entries:
                folded = posted(folded, entry)
            folded = matured(folded, book.account.as_of)
            assert folded.balance == book.account.balance
            if not book.account.held:
                assert essence(folded) == essence(book.account)

    @invariant()
    def it_does_not_matter_how_often_anybody_looks(self) -> None:
        daily, when_due, never = [as_of_now(book, self.now) for book in self.books]
        assert when_due == daily
        # A birthday that nobody looked at for a week is over.
        if not self.terms.settings.bonuses.birthday:
            assert never == daily


def look_when_due(book: Book, until: datetime) -> None:
    """At the account, whenever something of it is due."""
    while (due := next_due_at(book.account, book.now, book.terms)) and due <= until:
        book.look(max(due, book.now))
    book.now = until


def as_of_now(book: Book, now: datetime) -> tuple[Account, list[Entry]]:
    """What somebody sees who looks now; whoever looked before. When it was booked is no matter."""
    draft = advanced(book.draft, now, book.terms)
    entries = [replace(entry, booked_at=now) for entry in [*book.entries, *draft.entries]]
    return replace(draft.account, version=0), entries


def essence(account: Account) -> tuple[Any, ...]:
    """Of an account what its entries make."""
    lots = {ends_on: left for ends_on, left in left_in_lots(account).items() if left}
    sums = (account.pending, lots, account.available, account.totals, account.lapsed)
    return (*sums, account.qualifying, account.tiers, account.period_from, account.last_redemption)


TestACustomersLife = ACustomersLife.TestCase
TestACustomersLife.settings = settings(
    max_examples=15 if os.environ.get("CI") else 50,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
