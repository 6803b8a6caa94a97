"""The judge of the books: every point, coupon, star and message is accounted for. It works from the record alone."""

from collections.abc import Callable, Iterator

from tests.simulation.judges import (
    books_bus,
    books_carts,
    books_customers,
    books_erasure,
    books_loyalty,
    books_messages,
    books_offers,
    books_points,
    books_reviews,
    books_time,
)
from tests.simulation.judges.books_reading import Reading
from tests.simulation.record import Finding, Judge, Record

type Rule = Callable[[Reading], Iterator[Finding]]

# What holds at any moment between two happenings.
ALWAYS: tuple[Rule, ...] = (
    books_loyalty.ledger_findings,
    books_reviews.rating_findings,
    books_offers.redemption_findings,
    books_offers.issue_findings,
    books_carts.recovered_findings,
    books_bus.one_id_findings,
    books_messages.slip_findings,
)
# What holds once the faults are over, and all had the time to come right.
AT_THE_END: tuple[Rule, ...] = (
    books_points.points_findings,
    books_time.time_findings,
    books_reviews.told_findings,
    books_offers.told_findings,
    books_carts.counter_findings,
    books_carts.missed_findings,
    books_bus.points_told_findings,
    books_bus.tier_findings,
    books_messages.fact_findings,
    books_messages.hand_over_findings,
    books_messages.log_findings,
    books_customers.profile_findings,
    books_messages.rest_findings,
    books_erasure.erasure_findings,
)


class BooksJudge(Judge):
    def __init__(self) -> None:
        self._reading: Reading | None = None

    def look(self, record: Record) -> list[Finding]:
        if self._reading is None or self._reading.record is not record:
            self._reading = Reading(record)
        self._reading.look()
        rules = (*ALWAYS, *AT_THE_END) if record.is_over else ALWAYS
        return [finding for rule in rules for finding in rule(self._reading)]
