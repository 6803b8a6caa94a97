"""Pace: all workers together hand SES no more mails a second than it allows, and hardly fewer."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Condition

from engagement.errors import RetryLaterError
from engagement.metrics import count
from engagement.observability import logger
from mail_delivery.pace_rules import (
    DOUBTS_AT_MOST,
    SECOND,
    SLACK,
    Full,
    Places,
    Stopped,
    Timetable,
    fitting,
    horizon,
    take_places,
    try_again_at,
)
from mail_delivery.pace_table import PaceTable

# Throttled although we kept to the rate: somebody else in the account sends too. So much of it is left to them.
_AFTER_THROTTLE = SECOND // 4
# A place that is longer past than this is forgotten: mails that make up for it would come too fast.
_LATE = 2 * SLACK
_ATTEMPTS = 50
_SOON = timedelta(seconds=5)
# At more than a hundred mails a second the next threads are here as soon as DynamoDB has answered: while there is a
# queue, places are taken for as many as a worker has.
_FAST, _AHEAD = SECOND // 100, 10
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class NotNowError(RetryLaterError):
    """Surely nothing can be sent before `until` (UTC), for a reason of one word: `no_turn`, as the rate is used up."""

    def __init__(self, until: datetime, because: str) -> None:
        super().__init__(f"not now: {because}")
        self.until = until
        self.because = because


class SendingStoppedError(NotNowError):
    """The whole account may not send, or SES does not answer: everybody waits."""


class _Watch:
    """Runs on from the instant that was passed in, by the time that went by and what was slept."""

    def __init__(self, now: datetime, sleep: Callable[[float], None]) -> None:
        self._start, self._begun, self._slept, self._sleep = _micros(now), time.monotonic(), 0, sleep

    def now(self) -> int:
        return self._start + max(self._slept, int((time.monotonic() - self._begun) * SECOND))

    def sleep_until(self, instant: int) -> None:
        ahead = instant - self.now()
        if ahead > 0:
            self._sleep(ahead / SECOND)
            self._slept = max(self._slept, instant - self._start)


@dataclass
class Pace:
    """One for each execution environment. Of its threads one takes places for all that wait, with one write.

    `interval` tells, at an instant, how many microseconds lie between two mails; `sleep` is time.sleep but in a test.
    """

    table: PaceTable
    interval: Callable[[datetime], int]
    sleep: Callable[[float], None] | None = None
    _gate: Condition = field(default_factory=Condition)
    _places: deque[int] = field(default_factory=deque)
    _waiting: int = 0
    _asking: bool = False
    _seen: Timetable = field(default_factory=Timetable)

    def wait_turn(self, now: datetime, deadline: datetime, *, bulk: bool) -> datetime:
        """Wait for a place in the timetable; the instant (UTC) that it is then.

        Raises SendingStoppedError, or NotNowError if there is no place before the worker's `deadline`.
        """
        watch = _Watch(now, self.sleep or time.sleep)
        place = self._next_place(watch, _micros(deadline), bulk=bulk)
        watch.sleep_until(place)
        return _instant(max(place, watch.now()))

    def went_well(self) -> None:
        """SES took a mail."""
        if self._seen.doubts or self._seen.stopped_until is not None:
            self._seen = self.table.go_on()

    def was_throttled(self, now: datetime) -> None:
        """SES refused a mail for its rate: all slow down for a moment."""
        at = _micros(now)
        self.table.queue_up(_AFTER_THROTTLE, since=0, before=at + SECOND)

    def had_no_answer(self, now: datetime) -> None:
        """SES could not be asked, or did not answer. Again and again, and nobody asks for a while."""
        seen = self._seen = self.table.doubt()
        if seen.doubts >= DOUBTS_AT_MOST:
            until = try_again_at(_micros(now), seen.stops)
            if self.table.stop_once(until, "no_answer"):
                self._tell_stop(until, "no_answer")

    def stop(self, until: datetime, because: str) -> None:
        """Nobody asks SES until then; after that one tries."""
        self.table.stop(_micros(until), because)
        self._tell_stop(_micros(until), because)

    def _tell_stop(self, until: int, because: str) -> None:
        with self._gate:
            self._places.clear()
        count("SendingStopped", reason=because)
        logger().error("sending stopped", reason=because, until=_instant(until).isoformat())

    def _next_place(self, watch: _Watch, deadline: int, *, bulk: bool) -> int:
        with self._gate:
            self._waiting += 1
            try:
                while True:
                    while self._places and self._places[0] < watch.now() - _LATE:
                        self._places.popleft()
                    if self._places:
                        return self._places.popleft()
                    if self._asking:
                        self._gate.wait()
                    else:
                        self._ask(watch, deadline, bulk=bulk)
            finally:
                self._waiting -= 1

    def _ask(self, watch: _Watch, deadline: int, *, bulk: bool) -> None:
        """Take places for all who wait, with the gate open so that more can come to wait."""
        self._asking, wanted = True, self._waiting
        self._gate.release()
        try:
            interval = self.interval(_instant(watch.now()))
            places = self._take(wanted, interval, watch, deadline, bulk=bulk)
        finally:
            self._gate.acquire()
            self._asking = False
            self._gate.notify_all()
        self._places.extend(places.first + number * interval for number in range(places.count))

    def _take(self, wanted: int, interval: int, watch: _Watch, deadline: int, *, bulk: bool) -> Places:
        # Other threads report what they saw meanwhile: what is decided by is held fast here.
        seen = self._seen if self._seen.stopped_until is None else Timetable()  # a stop may be over by now
        for _ in range(_ATTEMPTS):
            now = watch.now()
            before = horizon(now, deadline, bulk=bulk)
            if seen.next_free > now - SLACK:
                many = fitting(
                    max(wanted, _AHEAD) if interval < _FAST else wanted, interval, before - seen.next_free
                )
                last = (many - 1) * interval
                took, seen = self.table.queue_up(many * interval, since=now - SLACK, before=before - last)
                self._seen = seen
                if took:
                    return Places(seen.next_free - many * interval, many, seen)
            match take_places(seen, wanted, interval=interval, now=now, before=before):
                case Stopped(until, because):
                    raise SendingStoppedError(_instant(until), because)
                case Full(ask_at) if ask_at > deadline:
                    break
                case Full(ask_at):
                    watch.sleep_until(ask_at)
                case Places() as places:
                    took, seen = self.table.replace(seen, places.after)
                    self._seen = seen
                    if took:
                        return places
        raise NotNowError(_instant(watch.now()) + _SOON, "no_turn")


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND
