"""The till: the shop's checkout reserves points, and commits or releases them. Each may be repeated, and is safe so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from engagement.observability import explanation, logger
from engagement.races import until_won
from loyalty.drafts import Draft
from loyalty.happenings import advanced
from loyalty.outbox import Outbox, look_at
from loyalty.records import Account, Order, Reservation
from loyalty.spending import Answer, commit, release, reserve
from loyalty.table import Ledger
from loyalty.terms import Terms

_LOST = "others book on this account at the same time"


@dataclass(frozen=True)
class PointsSpending:
    """All instants are UTC. Each method raises RetryLaterError where others were faster each time."""

    ledger: Ledger
    outbox: Outbox
    terms: Terms
    pause: Callable[[float], None]

    def reserve(self, asked: Reservation, now: datetime) -> Answer:
        """Hold `asked.points` for a checkout. `asked.until` is not looked at."""

        def decide(account: Account, known: Reservation | None, _: Order | None) -> Answer:
            return reserve(Draft.of(account), known, asked, now, self.terms)

        return self._settled(asked.customer_id, asked.reservation_id, decide, now)

    def commit(
        self, customer_id: str, reservation_id: str, now: datetime, order_id: str | None = None
    ) -> Answer:
        """The points are spent, and told. `order_id`: what they pay for, where that was not known before."""

        def decide(account: Account, known: Reservation | None, order: Order | None) -> Answer:
            return commit(Draft.of(account), known, order, now, self.terms)

        return self._settled(customer_id, reservation_id, decide, now, order=lambda known: order_id or known)

    def release(self, customer_id: str, reservation_id: str, now: datetime) -> Answer:
        """The points are free again."""

        def decide(account: Account, known: Reservation | None, _: Order | None) -> Answer:
            return release(Draft.of(account), known, now, self.terms)

        return self._settled(customer_id, reservation_id, decide, now)

    def _settled(
        self,
        customer_id: str,
        reservation_id: str,
        decide: Callable[[Account, Reservation | None, Order | None], Answer],
        now: datetime,
        *,
        order: Callable[[str | None], str | None] = lambda _: None,
    ) -> Answer:
        def attempt() -> Answer | None:
            read = self.ledger.read(customer_id, reservation_id=reservation_id)
            behind = advanced(Draft.of(read.account), now, self.terms)
            if behind.full:
                self.ledger.write(behind, due_at=look_at(behind.account, now, self.terms))
                return None
            order_id = order(read.reservation.order_id) if read.reservation else None
            if order_id:
                read = self.ledger.read(customer_id, reservation_id=reservation_id, order_id=order_id)
            answer = decide(read.account, read.reservation, read.order if order_id else None)
            if answer.refusal:
                # What was read is not of one moment: it was, if it still is so.
                again = self.ledger.read(customer_id, reservation_id=reservation_id)
                same = (again.account, again.reservation) == (read.account, read.reservation)
                return answer if same else None
            if answer.reservation == read.reservation:
                # Nothing that the shop asked for changes. What time alone brought is written by who books next.
                return answer
            return self._written(answer, now)

        return until_won(attempt, self.pause, lost=_LOST)

    def _written(self, answer: Answer, now: datetime) -> Answer | None:
        account = answer.draft.account
        won = self.ledger.write(
            answer.draft,
            order=answer.order,
            reservation=answer.reservation,
            due_at=look_at(account, now, self.terms),
        )
        if not won:
            return None
        self._tell(replace(account, version=answer.draft.read.version + 1), answer, now)
        return answer

    def _tell(self, account: Account, answer: Answer, now: datetime) -> None:
        """What is not told now is told by the next look at the account: the customer at the till does not wait for it,
        and the points are spent whether it is told or not.
        """
        try:
            self.outbox.deliver(account, now, known=answer.draft.entries)
        except Exception as error:  # noqa: BLE001 - see above
            logger().warning("points spent are not told yet", extra=explanation(error))
