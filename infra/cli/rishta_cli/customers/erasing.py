"""Erasing: the rooms are told, as the shop would tell them; what they do not own is deleted; then it is looked at.

Any number of times, and killed anywhere: what is found by the address goes first, while the profile still tells the
address; what keeps a mail from being sent twice goes last, when nobody can be mailed any more.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from engagement.bus import Bus
from engagement.contacts import Contacts
from engagement.events.customers import CustomerErased
from rishta_cli.customers.audit_line import AuditLines
from rishta_cli.customers.catalogue import PLACES, Ending
from rishta_cli.customers.holding import Holding, delete_letters, held_on, items_of, places_of
from rishta_cli.customers.person import Person
from rishta_cli.customers.reaching import Ground, present
from rishta_cli.customers.tables import TableReader

# What an address leads to. Its profile gone, nobody would find it any more.
_BY_ADDRESS = ("CartsTable", "CartShoppersTable")


@dataclass(frozen=True)
class Wanted:
    """`author` and `reason` are kept for good; `patience`: seconds to wait for the rooms."""

    author: str
    reason: str
    patience: float


@dataclass(frozen=True)
class Erasing:
    ground: Ground
    person: Person
    wanted: Wanted
    clock: Callable[[], float] = time.monotonic

    def erase(self) -> Holding:
        """What is left over, at best nothing. Raises RetryLaterError where the bus takes no fact."""
        stack = self.ground.stack
        # In the local cloud nothing is under way any more after one look, and the clock stands still.
        until = self.clock() + (0 if stack.is_local else self.wanted.patience)
        lines = AuditLines(stack, self.person)
        lines.begin(present(), self.wanted.author, self.wanted.reason)
        self._delete(_BY_ADDRESS)
        self._tell(present())
        self._wait(("CustomersTable",), until)
        self._delete(self._own_places())
        for queue in stack.queues():
            delete_letters(stack, queue, self.person, present())
        self._refuse_all()
        self._wait(places_of(stack), until)
        left = held_on(stack, self.person, present()).left_over()
        if left.is_empty:
            lines.finish(present())
        return left

    def _refuse_all(self) -> None:
        """A topic that the plan does not have any more, its capability does not know either."""
        contacts = Contacts(
            self.ground.stack.client("dynamodb"), self.ground.stack.physical_id("ContactsTable")
        )
        granted = [topic for topic, yes in contacts.get(self.person.customer_id).granted.items() if yes]
        contacts.record(self.person.customer_id, granted, granted=False, changed_at=present())

    def _tell(self, now: datetime) -> None:
        """Each run tells it anew: the newest word counts, also against an account that was opened meanwhile."""
        event_id = f"erased-{self.person.erasure_digest[:16]}-{int(now.timestamp())}"
        bus = Bus(self.ground.stack.client("events"), self.ground.stack.physical_id("ShopBus"))
        bus.publish([CustomerErased(event_id=event_id, occurred_at=now, customer_id=self.person.customer_id)])

    def _wait(self, tables: Iterable[str], until: float) -> None:
        """Until the person is gone from these tables; what is ours to delete, and came since, is deleted again."""
        pending = list(tables)
        while True:
            self.ground.pass_time()
            pending = [table for table in pending if self._is_left_in(table)]
            if not pending or self.clock() >= until:
                return
            self._delete(table for table in pending if PLACES[table].ending is Ending.COMMAND)

    def _is_left_in(self, table: str) -> bool:
        return any(
            PLACES[table].is_left_over(item) for item in items_of(self.ground.stack, table, self.person)
        )

    def _own_places(self) -> Iterator[str]:
        return (
            name for name, place in places_of(self.ground.stack).items() if place.ending is Ending.COMMAND
        )

    def _delete(self, tables: Iterable[str]) -> None:
        for table in tables:
            found = items_of(self.ground.stack, table, self.person)
            TableReader.of(self.ground.stack, table).delete(
                item for item in found if PLACES[table].may_go(item)
            )
