"""The till on any DynamoDB, with a bus that remembers, and a customer who has points."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from dynamodb_engine import DynamoDBEngine
from loyalty.adjusting import adjusted
from loyalty.booking import PointsBooking
from loyalty.drafts import Draft
from loyalty.entries import Entry
from loyalty.happenings import advanced
from loyalty.outbox import Outbox, look_at
from loyalty.records import Account, Reservation
from loyalty.spending import Answer
from loyalty.spending_answers import SpendingAnswers
from loyalty.table import Ledger
from loyalty.terms import Terms
from loyalty.till import PointsSpending
from loyalty_facts import planned
from recording_bus import RecordingBus
from shop_facts import NOW, hours
from tests.conftest import table_definition

ASHA = "cust-asha"
TABLE = "LoyaltyTable"
# A reservation lasts for half an hour.
LATER = NOW + hours(0.51)


class TillHouse:
    """`client`: of the real engine, or in memory where there is none."""

    def __init__(self, client: Any = None, table: str = TABLE, terms: Terms | None = None) -> None:
        self.client: Any = client or DynamoDBEngine({TABLE: table_definition(TABLE)})
        self.ledger = Ledger(cast("Any", self.client), table)
        self.terms = terms or planned()
        self.bus = RecordingBus()
        self.pauses: list[float] = []
        self.outbox = Outbox(self.ledger, self.bus, letters=None, terms=self.terms)
        self.spending = PointsSpending(self.ledger, self.outbox, self.terms, self.pauses.append)

    def with_points(self, points: int = 100, customer_id: str = ASHA, now: datetime = NOW) -> "TillHouse":
        """A present of the shop's, which can be spent at once."""
        draft = Draft.of(self.ledger.account(customer_id))
        draft = adjusted(
            draft, f"gift-{points}", points, reason="a present", author="Meera", now=now, terms=self.terms
        )
        account = replace(draft.account, outbox=())
        assert self.ledger.write(draft.with_account(account), due_at=look_at(account, now, self.terms))
        return self

    def reserve(
        self,
        points: int = 40,
        reservation_id: str = "checkout-1",
        *,
        now: datetime = NOW,
        order_id: str | None = None,
        customer_id: str = ASHA,
    ) -> Answer:
        asked = Reservation(customer_id, reservation_id, points, until=now, order_id=order_id)
        return self.spending.reserve(asked, now)

    def commit(
        self, reservation_id: str = "checkout-1", *, now: datetime = NOW, customer_id: str = ASHA
    ) -> Answer:
        return self.spending.commit(customer_id, reservation_id, now)

    def release(
        self, reservation_id: str = "checkout-1", *, now: datetime = NOW, customer_id: str = ASHA
    ) -> Answer:
        return self.spending.release(customer_id, reservation_id, now)

    def hear(self, *facts: Any, now: datetime = NOW) -> None:
        booking = PointsBooking(
            ledger=self.ledger,
            bus=self.bus,
            outbox=self.outbox,
            terms=self.terms,
            pause=self.pauses.append,
        )
        for fact in facts:
            booking.apply(fact, now)

    def answered(
        self, page: str, body: str | dict[str, Any], now: datetime = NOW
    ) -> tuple[int, dict[str, Any]]:
        answer = SpendingAnswers(self.spending).answer(a_request(page, body), now)
        return answer["statusCode"], json.loads(answer["body"])

    def account(self, now: datetime = NOW, customer_id: str = ASHA) -> Account:
        """As it is at that instant, whoever has looked at it."""
        return advanced(Draft.of(self.ledger.account(customer_id)), now, self.terms).account

    def redemptions(self, customer_id: str = ASHA) -> list[Entry]:
        return [entry for entry in self.ledger.records(customer_id).entries if entry.redemption_id]


def a_request(page: str, body: str | dict[str, Any]) -> dict[str, Any]:
    """As API Gateway tells it."""
    text = body if isinstance(body, str) else json.dumps(body)
    return {"rawPath": f"/points/{page}", "body": text, "isBase64Encoded": False}
