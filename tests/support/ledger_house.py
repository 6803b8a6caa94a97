"""The ledger with all who write to it, on any DynamoDB, and a bus that remembers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

from dynamodb_engine import DynamoDBEngine
from engagement.plan import engagement_plan
from loyalty.auditing import Audit, audited
from loyalty.booking import PointsBooking
from loyalty.entries import Entry
from loyalty.facts import LedgerFact
from loyalty.outbox import Outbox
from loyalty.records import Account, Reservation
from loyalty.spending import Refusal
from loyalty.table import Ledger
from loyalty.terms import Terms
from loyalty.till import PointsSpending
from recording_bus import RecordingBus
from shop_facts import NOW
from tests.conftest import table_definition

ASHA, TABLE = "cust-asha", "LoyaltyTable"


class LedgerHouse:
    """`client`: of the real engine, or in memory where there is none."""

    def __init__(
        self,
        client: Any = None,
        table: str = TABLE,
        terms: Terms | None = None,
        pause: Callable[[float], None] = lambda _: None,
    ) -> None:
        in_memory: Any = DynamoDBEngine({TABLE: table_definition(TABLE)})
        self.client: Any = in_memory if client is None else client
        self.terms = terms or Terms.of(engagement_plan())
        self.ledger = Ledger(self.client, table)
        self.bus = RecordingBus()
        outbox = Outbox(self.ledger, self.bus, letters=None, terms=self.terms)
        self.booking = PointsBooking(self.ledger, self.bus, outbox, self.terms, pause)
        self.till = PointsSpending(self.ledger, outbox, self.terms, pause)

    def told(self, *facts: LedgerFact, now: datetime = NOW) -> Self:
        for fact in facts:
            self.booking.apply(fact, now)
        return self

    def reserve(
        self, points: int, reservation_id: str, order_id: str | None = None, now: datetime = NOW
    ) -> Refusal | None:
        asked = Reservation(ASHA, reservation_id, points, now, order_id=order_id)
        return self.till.reserve(asked, now).refusal

    def account(self, customer_id: str = ASHA) -> Account:
        return self.ledger.account(customer_id)

    def entries(self, customer_id: str = ASHA) -> list[Entry]:
        return list(self.ledger.entries(customer_id))

    def points(self, customer_id: str = ASHA) -> dict[str, int]:
        return {entry.entry_id: entry.points for entry in self.entries(customer_id)}

    def audit(self, customer_id: str = ASHA) -> Audit:
        return audited(self.ledger.records(customer_id), self.terms.tiers)

    @property
    def kinds_told(self) -> list[str]:
        return [type(fact).__name__ for fact in self.bus.told]
