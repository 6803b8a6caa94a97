"""What happens in a shop's year: each a moment, a customer, and something that is done to the cloud then."""

from datetime import datetime
from typing import Protocol

from engagement.events.base import Event
from local_cloud.cloud import HttpResponse, SentMail
from tests.simulation.record import Record


class Shop(Protocol):
    """What a happening may do. It sees the record of what was before it, and decides by nothing else."""

    record: Record

    @property
    def now(self) -> datetime: ...

    def tell(self, *facts: Event) -> None:
        """Put on the bus, now. The faults may hold them up, repeat them, or bring them in another order."""

    def request(
        self, method: str, url: str, *, body: str | None = None, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        """To the open pages, or (with an `authorization` header) to the shop's own."""

    def mail_event(self, mail: SentMail, kind: str, **part: object) -> None:
        """SES learns what became of a mail: "Bounce", "Complaint", "Open", "Click", …; as LocalCloud.mail_event."""


class Happening(Protocol):
    """`at` is UTC. `customer_id` is whom it is about, so that a story can be told without somebody; "" if the shop."""

    @property
    def at(self) -> datetime: ...

    @property
    def customer_id(self) -> str: ...

    def happen(self, shop: Shop) -> None: ...

    def __str__(self) -> str:
        """One line for whoever reads the story: "asha pays order-12: 2 lines, 1,350.00 INR, 5 % off"."""
