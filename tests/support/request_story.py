"""A story of review requests as it happens: the shop tells, the schedules run, and sometimes something goes wrong."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engagement.due_work import LEASE
from engagement.events.base import Event
from engagement.events.customers import CustomerRegistered
from engagement.events.reviews import ReviewSubmitted
from request_tales import Tale, Trouble, at, fact_of, happens_to, shown_in
from request_world import Accepted, Killed, Refused, RequestWorld
from request_yardstick import Shop
from shop_facts import NOW, days, hours

# A mail that may leave leaves in minutes; one that waits asks again.
_SWEEP_TAKES, _DELIVERY_TAKES = timedelta(minutes=1), timedelta(minutes=20)
_MOST_LOOKS = 20_000


@dataclass
class _Ahead:
    trouble: Trouble
    calls: int = 0
    times: int = 0

    def is_here(self, moment: str, call: str) -> bool:
        """Counts the call, too."""
        if self.trouble.call not in ("", call):
            return False
        self.calls += moment == "before"
        return self.calls > self.trouble.calls and moment == self.trouble.moment


@dataclass(frozen=True)
class News:
    """When the shop told something new, of whom, and of which of their orders: None for all."""

    at: datetime
    customer_id: str
    order_id: str | None
    is_who: bool


class Story(ABC):
    """A shop and our world, side by side. Subclasses look at each mail and each refusal."""

    def __init__(self, tale: Tale) -> None:
        self.world = RequestWorld(NOW - days(1), self._hearing(self.mailed), self._hearing(self.refused))
        self.world.watch, self.world.refuses = self._watch, self._is_out
        # A worker takes a fault that it meets for SES's or the table's, and goes on; the story must not.
        self._faults: list[AssertionError] = []
        self.news: list[News] = []
        # What went wrong with us, and from when to when.
        self.outages = list(tale.outages)
        self._tellings = list(tale.tellings)
        self._troubles = [_Ahead(trouble) for trouble in tale.troubles]

    def _hearing[T](self, hear: Callable[[T], None]) -> Callable[[T], None]:
        def heard(each: T) -> None:
            try:
                hear(each)
            except AssertionError as fault:
                self._faults.append(fault)

        return heard

    @abstractmethod
    def mailed(self, mail: Accepted) -> None:
        """SES has it."""

    @abstractmethod
    def refused(self, refused: Refused) -> None:
        """Our sweep does not want it to be sent."""

    def shop(self, known: int | None = None) -> Shop:
        """As we know it by now, or knew it then."""
        return Shop(self.world.facts[:known])

    def goes_on(self, until: datetime) -> None:
        """From one moment at which there is something to do to the next."""
        for _ in range(_MOST_LOOKS):
            telling = self._tellings[0][0] if self._tellings else None
            sweep = self._but_for("sweep", self.world.next_sweep())
            delivery = self._but_for("delivery", self.world.next_delivery())
            moment = min(each for each in (telling, sweep, delivery, until) if each)
            self.world.now = max(self.world.now, moment)
            if self._faults:
                raise self._faults[0]
            if moment == until:
                return
            if moment == telling:
                self._tell(self._tellings.pop(0)[1])
            elif moment == sweep:
                self.world.sweep()
                self.world.now += _SWEEP_TAKES
            else:
                self.world.deliver()
                self.world.now += _DELIVERY_TAKES
        raise AssertionError("it looks and looks")

    def _but_for(self, what: str, moment: datetime | None) -> datetime | None:
        for name, start, end in sorted(self.outages, key=lambda each: each[1]):
            if moment and name == what and start <= moment < end:
                moment = end
        return moment

    def _is_out(self, what: str) -> bool:
        return any(name == what and start <= self.world.now < end for name, start, end in self.outages)

    def _tell(self, fact: Event) -> None:
        is_news = fact not in self.world.facts
        while not self.world.tell(fact):
            pass  # its message comes again
        if is_news:
            is_who = isinstance(fact, CustomerRegistered)
            # What was reviewed once is asked about in no order.
            order_id = None if isinstance(fact, ReviewSubmitted) else getattr(fact, "order_id", None)
            self.news.append(News(self.world.now, str(getattr(fact, "customer_id", None)), order_id, is_who))

    def _watch(self, moment: str, call: str) -> None:
        # Between our last look and SES there is nothing that we could do.
        if call == "send_email":
            return
        for ahead in self._troubles:
            if len(self.world.handed) < ahead.trouble.mails or not ahead.is_here(moment, call):
                continue
            ahead.times, ahead.calls = ahead.times + 1, 0
            if ahead.times == ahead.trouble.times:
                self._troubles.remove(ahead)
            self._goes_wrong(ahead.trouble)
            return

    def _goes_wrong(self, trouble: Trouble) -> None:
        now = self.world.now
        match trouble.what:
            case "dies":
                self.outages.append(("worker", now, now + LEASE))
                raise Killed
            case "sweeps":
                self.outages.append(("worker", now, now + LEASE))
                self.world.sweep()
            case "delivers":
                self.world.deliver()
            case "holds":
                self._holds(trouble)
            case _:
                event, order = trouble.happens
                self._tell(fact_of(event, order, now))

    def _holds(self, trouble: Trouble) -> None:
        """The mail that was handed over waits, and meanwhile something happens to what it is about."""
        shown = sorted(shown_in(self.world.handed[-1].text)) if self.world.handed else []
        if not shown or self.world.handed[-1].at != self.world.now:
            return
        what, told_after, length = trouble.happens
        self.outages.append(("delivery", self.world.now, self.world.now + hours(length)))
        if what is None:
            return
        order_id, product_id = shown[0]
        customer_id = next(news.customer_id for news in self.news if news.order_id == order_id)
        when = at((self.world.now - NOW) / hours(1) + told_after)
        self._tellings.append((when, fact_of(happens_to(product_id, what), (customer_id, order_id), when)))
        self._tellings.sort(key=lambda each: each[0])
