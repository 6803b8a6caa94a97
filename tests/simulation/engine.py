"""A shop's year on the local cloud, from one seed: what happens, what goes wrong, and what the judges find."""

import heapq
import itertools
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import boto3

from engagement.events.base import Event
from local_cloud.cloud import HttpResponse, SentMail
from local_cloud.template import REPOSITORY
from tests.simulation.faults import Fault, Faults
from tests.simulation.happening import Happening
from tests.simulation.quick_cloud import QuickCloud
from tests.simulation.quick_queues import Message
from tests.simulation.record import Asked, Finding, Handled, Judge, Record, Told

START = datetime(2027, 7, 1, tzinfo=UTC)  # 29 February, New Year and two changes of the clocks lie ahead
YEAR = timedelta(days=366)
# After the last that happens and the last fault: all that waits comes right, or never does.
_TO_COME_RIGHT = timedelta(days=7)
_LOOK_EVERY = timedelta(days=5)
_PLAN = REPOSITORY / "layers/engagement/engagement_plan.yaml"


@dataclass(frozen=True)
class Story:
    """One year. `left_out`: happenings by their number; `faults`: the names of those that may be, None for all."""

    seed: int
    customers: int = 12
    start: datetime = START
    length: timedelta = YEAR
    left_out: frozenset[int] = frozenset()
    faults: frozenset[str] | None = None


@dataclass
class Ending:
    """`until`: how far the year came before the first finding."""

    story: Story
    findings: list[Finding]
    happened: list[tuple[datetime, str]]
    faults: list[Fault]
    until: datetime
    figures: dict[str, int] = field(default_factory=dict)


class _Shop:
    """What a happening may do; see Shop."""

    def __init__(self, cloud: QuickCloud, record: Record) -> None:
        self._cloud, self.record = cloud, record

    @property
    def now(self) -> datetime:
        return self._cloud.now

    def tell(self, *facts: Event) -> None:
        for fact in facts:
            self.record.told.append(Told(self.now, fact))
            self._cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))

    def request(
        self, method: str, url: str, *, body: str | None = None, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        answer = self._cloud.http(method, url, body=body, headers=headers)
        self.record.asked.append(Asked(self.now, method, url, answer.status, str(answer.body)))
        return answer

    def mail_event(self, mail: SentMail, kind: str, **part: object) -> None:
        self._cloud.mail_event(mail, kind, **part)


def play(
    story: Story,
    happenings: Sequence[Happening],
    judges: Sequence[Judge],
    *,
    on_day: Callable[[datetime], None] = lambda _: None,
) -> Ending:
    """Plays the year to its end, or to the first finding."""
    with _same_chance(story.seed):
        return _play(story, happenings, judges, on_day)


def _play(
    story: Story,
    happenings: Sequence[Happening],
    judges: Sequence[Judge],
    on_day: Callable[[datetime], None],
) -> Ending:
    handled: list[Handled] = []
    end = story.start + story.length

    def on_handled(function: str, message: Message) -> None:
        handled.append(Handled(cloud.now, function, message.body))

    with QuickCloud(now=story.start, on_handled=on_handled, seed=story.seed) as cloud:
        record = Record(story.start, _PLAN.read_text("utf-8"), cloud.table, handled=handled)
        record.mails, record.logs = cloud.mails, cloud.logs
        faults = _faults(story, cloud, end)
        cloud.watch(record, faults)
        shop = _Shop(cloud, record)
        happened: list[tuple[datetime, str]] = []
        ahead: list[tuple[datetime, int, Happening | None]] = [
            (each.at, number, each) for number, each in enumerate(happenings) if number not in story.left_out
        ]
        numbers = itertools.count(len(happenings))
        ahead += [(period.begins, next(numbers), None) for period in faults.periods]
        ahead += [(period.ends, next(numbers), None) for period in faults.periods]
        ahead += [
            (story.start + _LOOK_EVERY * n, next(numbers), None)
            for n in range(1, story.length // _LOOK_EVERY)
        ]
        heapq.heapify(ahead)
        look_at = story.start + _LOOK_EVERY
        while ahead:
            at, _, happening = heapq.heappop(ahead)
            if at > end:
                continue
            cloud.pass_time(at, faults)
            if happening is not None:
                happened.append((at, str(happening)))
                happening.happen(shop)
                cloud.settle()
            if at >= look_at:
                look_at = at + _LOOK_EVERY
                on_day(at)
                if findings := _look(cloud, record, judges):
                    return Ending(story, findings, happened, faults.all_until(cloud.now), cloud.now)
        went_wrong = faults.all_until(end)
        faults.cease()
        cloud.pass_time(end + _TO_COME_RIGHT, faults)
        record.is_over = True
        findings = _look(cloud, record, judges)
        figures = {
            "runs": cloud.runs,
            "calls": cloud.made,
            "mails": len(record.mails),
            "facts": len(record.told),
            "faults": len(went_wrong),
        }
        return Ending(story, findings, happened, went_wrong, cloud.now, figures)


def _look(cloud: QuickCloud, record: Record, judges: Sequence[Judge]) -> list[Finding]:
    record.now = cloud.now
    record.dead_letters, record.backlog = cloud.dead_letters(), cloud.backlog()
    return [finding for judge in judges for finding in judge.look(record)]


def _faults(story: Story, cloud: QuickCloud, end: datetime) -> Faults:
    session = boto3.Session(region_name="eu-central-1")
    clients = {name: session.client(name) for name in ("dynamodb", "sqs", "events", "sesv2", "ssm")}
    return Faults(
        story.seed,
        start=story.start,
        end=end,
        tables=[cloud.resources[name] for name in cloud.tables],
        schedules=cloud.scheduled,
        only=story.faults,
        clients=clients.__getitem__,
    )


@contextmanager
def _same_chance(seed: int) -> Iterator[None]:
    """Whatever is drawn in the functions' own code, is drawn from the seed."""
    source = random.Random(f"{seed}:entropy")
    random.seed(seed)
    with (
        patch.object(os, "urandom", source.randbytes),
        patch.object(random, "_urandom", source.randbytes),
    ):
        yield
