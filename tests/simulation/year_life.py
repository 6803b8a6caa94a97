"""A customer's life in a year, as far as the shop sees it: who they are, and what is told of them when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from engagement.events.base import Event, Line
from engagement.events.orders import OrderFact
from engagement.events.reviews import ReviewSubmitted
from tests.simulation.year_deeds import Deed, Tells
from tests.simulation.year_goods import PRODUCTS, Catalogue
from tests.simulation.year_moments import Moments, Span


@dataclass
class Life:
    """`mailbox` is the first name, and stays; the id is another one after an erasure, perhaps.

    `forgotten_at` and `back_at`: when the account was erased, and when its owner registered again, under `second_id`.
    `friends` are customers who were there before; `gift_days`: when we mean to give them an offer (UTC).
    """

    mailbox: str
    chance: Random
    moments: Moments
    span: Span
    catalogue: Catalogue
    zone: str
    currency: str
    friends: Sequence["Life"]
    joined_at: datetime
    forgotten_at: datetime | None = None
    back_at: datetime | None = None
    second_id: str = ""
    gift_days: list[datetime] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def id_at(self, at: datetime) -> str:
        return self.second_id if self.back_at and at >= self.back_at else self.mailbox

    def is_there(self, at: datetime, since: datetime | None = None) -> bool:
        """Whether they have an account then, and the same since then."""
        if at < self.joined_at:
            return False
        if self.forgotten_at is None or at < self.forgotten_at:
            return True
        return self.back_at is not None and at >= self.back_at and (since is None or since >= self.back_at)

    def tell(self, at: datetime, kind: type[Event], words: str, /, **details: Any) -> None:
        """A fact that is told as it happens. `since`, among the details, is when that began which it is part of: what
        became of an order is told even when its customer is forgotten, of nothing else a shop would tell then.
        """
        since = details.pop("since", at)
        number = self.number(kind.__name__)
        occurred_at = details.pop("occurred_at", at)
        identity = {"event_id": f"{kind.__name__}-{self.mailbox}-{number}", "occurred_at": occurred_at}
        goes_on = issubclass(kind, OrderFact) and kind is not ReviewSubmitted
        if self.is_there(at, since) or (goes_on and self.is_there(since)):
            fact = kind.model_validate(identity | details)
            self.add(Tells(at, self.id_at(since), self.mailbox, fact, words))

    def do(self, deed: Deed, *, since: datetime | None = None) -> None:
        """Something that only whoever has an account does."""
        if self.is_there(deed.at, since):
            self.add(deed)

    def add(self, deed: Deed) -> None:
        if deed.at in self.span:
            self.deeds.append(deed)

    def number(self, what: str) -> int:
        """1, 2, 3, … of each kind of thing."""
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return self._numbers[what]

    def new(self, what: str) -> str:
        """Another id: `order-asha-7`."""
        return f"{what}-{self.mailbox}-{self.number(what)}"

    def may(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    def lines(self, at: datetime, most: int = 4) -> tuple[Line, ...]:
        """Some products at their prices of then; now and then so many that it is worth a lot."""
        products = self.chance.sample(PRODUCTS, self.chance.randint(1, most))
        most_of_each = 150 if self.may(20) else 3
        return tuple(
            self.catalogue.line(each, self.chance.randint(1, most_of_each), self.currency, at)
            for each in products
        )
