"""What goes wrong in a simulated year, all of it drawn from the seed.

Each fault has a name that is made of what it befell: the same message meets the same fate when a customer is left out
of the story, so that a story can be shortened and still ends as it did.
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from local_cloud.calls import AwsCall
from local_cloud.runtime import Killed
from tests.simulation.quick_queues import Fate, Message, Road, key_of

_HOUR, _DAY = 3_600_000, 86_400_000  # milliseconds
# How many of a hundred.
_TWICE, _LATE, _LOST, _NOT_TAKEN_OFF, _BROKEN_RUNS, _SES_IS_SILENT = 3, 5, 1.5, 2, 8, 5
# Where in a run: at so many calls, or at the first of these, by which others learn what was done.
_CALLS_AT_MOST = 8
_TELLING = ("SendEmail", "PutEvents", "SendMessageBatch", "TransactWriteItems")
# Of these nearly every run is idle.
_IDLE, _BROKEN_IDLE_RUNS = ("OccasionOffersPageFunction", "OccasionOffersRunFunction"), 2
_KINDS = ("killed before", "killed after", "throttled", "no answer before", "no answer after", "conflict")
_THROTTLED = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "sesv2": "TooManyRequestsException",
    "ssm": "ThrottlingException",
    "sqs": "RequestThrottled",
    "events": "ThrottlingException",
}
_CHANGES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


@dataclass(frozen=True)
class Fault:
    """Something that went wrong, as a story tells it."""

    at: datetime
    name: str
    what: str


@dataclass(frozen=True)
class Period:
    """For so long: SES takes no mail, a table is throttled, schedules do not fire, or (an instant) a release."""

    name: str
    begins: datetime
    ends: datetime
    kind: str
    subject: str = ""


class Faults(Road):
    """`only`: the names of those that may happen; None for all. `tables` and `schedules` are the template's names."""

    def __init__(
        self,
        seed: int,
        *,
        start: datetime,
        end: datetime,
        tables: Sequence[str],
        schedules: Sequence[str],
        only: frozenset[str] | None = None,
        clients: Callable[[str], Any],
    ) -> None:
        self._seed, self._only, self._clients = seed, only, clients
        self._end = _millis(end)
        self.happened: list[Fault] = []
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._ahead: tuple[str, str, int | str] | None = None
        self._calls = 0
        self._sent: set[str] = set()
        self._runs: dict[str, int] = {}
        self.periods = sorted(
            self._periods(start, end, sorted(tables), sorted(schedules)), key=lambda each: each.begins
        )
        self._begin = [each.begins for each in self.periods]

    # On the road: Road's own three.

    def sent(self, queue: str, message: Message) -> Sequence[int]:
        # By its words and its queue: the same fact is held up on the way to one consumer and not to another.
        # And once: what a function puts back again and again would else come back in ever greater numbers.
        about = f"{queue} {sha256(_words(message.body).encode()).hexdigest()[:16]}"
        if about in self._sent:
            return (0,)
        self._sent.add(about)
        draw, after = self._draw("sent", about), 0
        if draw.random() * 100 < _LATE:
            held_up = min(round(draw.expovariate(1 / (3 * _HOUR))), 2 * _DAY)
            what = f"a message to {queue} is held up for {held_up // 60_000} minutes"
            if self._may(message.sent_at, f"late {about}", what):
                after = held_up
        if draw.random() * 100 < _TWICE:
            again = after + draw.choice([0, 1000, 90_000, 6 * _HOUR])
            what = f"a message to {queue} comes twice, again after {again // 60_000} minutes"
            if self._may(message.sent_at, f"twice {about}", what):
                return (after, again)
        return (after,)

    def order(self, queue: str, messages: list[Message]) -> list[Message]:
        if len(messages) > 1:
            self._draw(
                "order", queue, *(sha256(_words(each.body).encode()).hexdigest() for each in messages)
            ).shuffle(messages)
        return messages

    def fate(self, queue: str, batch: Sequence[Message]) -> Fate:
        key = key_of(batch)
        draw = self._draw("fate", queue, key).random() * 100
        at = max(each.visible_at for each in batch)
        if draw < _LOST:
            what = f"a batch of {len(batch)} on {queue} is lost on its way"
            return "lost on the way" if self._may(at, f"lost {queue} {key}", what) else "handed over"
        if draw > 100 - _NOT_TAKEN_OFF:
            what = f"a batch of {len(batch)} is worked on, and not taken off {queue}"
            return "not taken off" if self._may(at, f"kept {queue} {key}", what) else "handed over"
        return "handed over"

    def is_silent(self, kind: str, send_key: str) -> bool:
        """Whether SES never tells of this."""
        draw = self._draw("silent", kind, send_key).random() * 100
        what = f"SES never tells of {kind} of {send_key}"
        return draw < _SES_IS_SILENT and self._may(_millis(self.now()), f"silent {kind} {send_key}", what)

    # Among a function's calls.

    def begin(self, function: str, key: str) -> None:
        """A run begins. `key`: what it is about, so that the same run meets the same fault in a shorter story."""
        number = self._runs[f"{function} {key}"] = self._runs.get(f"{function} {key}", 0) + 1
        draw = self._draw("run", function, key, str(number))
        self._calls, self._ahead = 0, None
        if draw.random() * 100 < (_BROKEN_IDLE_RUNS if function in _IDLE else _BROKEN_RUNS):
            kind = draw.choice(_KINDS)
            where = draw.choice((draw.randrange(_CALLS_AT_MOST), draw.choice(_TELLING)))
            self._ahead = (f"{kind} {function} {key} {number}", kind, where)

    def meet(self, call: AwsCall, moment: str) -> None:
        """LocalCloud.faults: called before and after each call of a function's code."""
        if moment == "before":
            self._calls += 1
            self._meet_period(call)
        if self._ahead is None:
            return
        name, kind, where = self._ahead
        if call.operation != where if isinstance(where, str) else self._calls <= where:
            return
        if moment != ("after" if kind.endswith("after") else "before"):
            return
        if kind == "conflict" and call.operation not in _CHANGES:
            return
        self._ahead = None
        if self._may(_millis(self.now()), name, f"{call.function} at {call.operation}: {kind}"):
            raise self._trouble(kind, call)

    def _meet_period(self, call: AwsCall) -> None:
        now = self.now()
        for period in self._current(now):
            if period.kind == "SES is away" and call.operation == "SendEmail":
                raise _throttle(self._clients("sesv2"), call)
            if (
                period.kind == "throttled"
                and call.service == "dynamodb"
                and period.subject in str(call.grants)
            ):
                raise _throttle(self._clients("dynamodb"), call)

    def paused(self, now: datetime) -> set[str]:
        """The functions whose schedules do not fire now."""
        return {each.subject for each in self._current(now) if each.kind == "schedule skipped"}

    def _current(self, now: datetime) -> list[Period]:
        return [
            period
            for period in self.periods[: bisect_right(self._begin, now)]
            if now < period.ends and self._may(None, period.name, period.name)
        ]

    def all_until(self, now: datetime) -> list[Fault]:
        """What went wrong so far, in its order."""
        lasting = [
            Fault(each.begins, each.name, f"{each.kind}: {each.subject or 'all'}, until {each.ends:%H:%M}")
            for each in self.periods
            if each.begins <= now and self.is_on(each)
        ]
        return sorted([*lasting, *self.happened], key=lambda fault: fault.at)

    def cease(self) -> None:
        """From now on all goes well."""
        self._only, self.periods, self._begin = frozenset(), [], []

    def is_on(self, period: Period) -> bool:
        return self._may(None, period.name, period.name)

    def _trouble(self, kind: str, call: AwsCall) -> BaseException:
        match kind:
            case "killed before" | "killed after":
                return Killed(kind)
            case "throttled":
                return _throttle(self._clients(call.service), call)
            case "conflict":
                return _conflict(self._clients(call.service), call)
            case _:
                return ReadTimeoutError(endpoint_url=f"https://{call.service}.example.com")

    def _periods(
        self, start: datetime, end: datetime, tables: Sequence[str], schedules: Sequence[str]
    ) -> list[Period]:
        draw = random.Random(f"{self._seed}:periods")
        days = max(1, (end - start).days)
        found: list[Period] = []

        def some(kind: str, in_a_year: int, subjects: Sequence[str], longest: timedelta) -> None:
            for number in range(max(1, in_a_year * days // 365)):
                begins = start + (end - start) * draw.random()
                lasts, subject = longest * draw.random(), draw.choice(subjects)
                found.append(Period(f"{kind} {subject} {number}", begins, begins + lasts, kind, subject))

        some("SES is away", 8, [""], timedelta(hours=4))
        some("throttled", 24, tables, timedelta(minutes=40))
        some("schedule skipped", 24, schedules, timedelta(hours=9))
        some("release", 12, [""], timedelta(0))
        return found

    def _may(self, at: int | None, name: str, what: str) -> bool:
        """Whether it may happen; notes that it did."""
        if self._only is not None and name not in self._only:
            return False
        if at is not None:
            if at >= self._end:
                return False
            self.happened.append(Fault(datetime.fromtimestamp(at / 1000, UTC), name, what))
        return True

    def _draw(self, *about: str) -> random.Random:
        return random.Random("/".join((str(self._seed), *about)))


def _words(body: str) -> str:
    """A message's own words: an event's id and time of telling are the bus's."""
    start = body.find('"detail": ')
    return body[start:] if start >= 0 else body


def _millis(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _throttle(client: Any, call: AwsCall) -> ClientError:
    code = _THROTTLED[call.service]
    return _refusal(client, code, call.operation, {})


def _conflict(client: Any, call: AwsCall) -> ClientError:
    if call.operation == "TransactWriteItems":
        each = [{"Code": "TransactionConflict"} for _ in call.parameters["TransactItems"]]
        reasons: Mapping[str, Any] = {"CancellationReasons": each}
        return _refusal(client, "TransactionCanceledException", call.operation, reasons)
    return _refusal(client, "TransactionConflictException", call.operation, {})


def _refusal(client: Any, code: str, operation: str, more: Mapping[str, Any]) -> ClientError:
    message = "Maximum sending rate exceeded." if code == "TooManyRequestsException" else code
    answer = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 429},
        **more,
    }
    refusal: ClientError = client.exceptions.from_code(code)(answer, operation)
    return refusal
