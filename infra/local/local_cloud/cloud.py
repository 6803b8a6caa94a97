"""The local cloud: a SAM template at work in this process, under a clock that only moves when told to."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

import boto3
import time_machine
from moto import mock_aws

from local_cloud import aws_environment, http_api
from local_cloud.agenda import Agenda, Run
from local_cloud.aws_environment import REGION
from local_cloud.bus import Bus
from local_cloud.calls import AwsCall, CallRecorder, Fault
from local_cloud.declared import Declared, FunctionSpec
from local_cloud.ground import Ground
from local_cloud.http_api import HttpResponse
from local_cloud.mailbox import Mailbox
from local_cloud.moto_events import faithful_events
from local_cloud.moto_queues import swift_queues
from local_cloud.moto_replays import faithful_replays
from local_cloud.named_queues import NamedQueues
from local_cloud.queues import Poller
from local_cloud.runtime import Invocation, Killed, Runtime, TimedOut
from local_cloud.schedules import payload
from local_cloud.secrets_kept import make_secrets
from local_cloud.sent_mail import SentMail
from local_cloud.tables import all_items, create_tables
from local_cloud.template import REPOSITORY, read_runnable
from local_cloud.thrift import thrift

__all__ = ["AwsCall", "HttpResponse", "Invocation", "Killed", "LocalCloud", "SentMail", "TimedOut"]


class LocalCloud:
    """A context manager; one at a time in a process.

    `now` is an aware datetime and the time at which everything is created. `parameters` are the template's; one
    without a default gets a generated local value. With `dynamodb_endpoint` (DynamoDB Local) the tables are made
    and kept there. Functions' output goes to `logs`, and to the terminal with `echo_logs`.
    """

    def __init__(
        self,
        *,
        now: datetime,
        template: Path = REPOSITORY / "template.yaml",
        parameters: Mapping[str, str] | None = None,
        dynamodb_endpoint: str | None = None,
        echo_logs: bool = False,
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("now must be an aware datetime")
        self._start = now.astimezone(UTC)
        self._template = template
        self._parameters = dict(parameters or {})
        self._dynamodb_endpoint = dynamodb_endpoint
        self._echo_logs = echo_logs
        self._mailbox = Mailbox()
        self._recorder = CallRecorder(self._mailbox.grants)
        self._exits = ExitStack()
        # Every mail SES accepted, and every AWS call made under a function's role, in order.
        self.mails: list[SentMail] = self._mailbox.mails
        self.calls: list[AwsCall] = self._recorder.calls
        # Called before and after each call of a function's code; what they raise, the function meets.
        self.faults: list[Fault] = self._recorder.faults
        self.logs: list[tuple[str, str]] = []
        self.invocations: list[Invocation] = []
        self.schedules_paused: set[str] = set()

    def __enter__(self) -> Self:
        with ExitStack() as exits:
            self._enter(exits)
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def _enter(self, exits: ExitStack) -> None:
        environment = aws_environment.base_environment(self._dynamodb_endpoint)
        exits.enter_context(aws_environment.only(environment))
        translated = read_runnable(self._template, self._parameters)
        for ground in (mock_aws(), swift_queues(), faithful_events(), faithful_replays(), thrift()):
            exits.enter_context(ground)
        # Sessions copy botocore's handlers when they are made, so these come first.
        self._recorder.install()
        exits.callback(self._recorder.remove)
        self._mailbox.install()
        exits.callback(self._mailbox.remove)
        self._clock = exits.enter_context(time_machine.travel(self._start, tick=False))
        self._ground = Ground(translated)
        declared = Declared(self._ground)
        self._mailbox.senders = declared.senders
        self.functions: Mapping[str, FunctionSpec] = declared.functions
        self._recorder.roles = {name: spec.statements for name, spec in declared.functions.items()}
        self.resources: Mapping[str, str] = self._ground.physical_ids()
        self.outputs: Mapping[str, str] = self._ground.outputs()
        self._routes = declared.routes
        session = boto3.Session(region_name=REGION)
        make_secrets(session.client("ssm"), declared.functions.values())
        self._bus = Bus(session.client("events"), self._ground)
        self._sqs = session.client("sqs")
        self._dynamodb = session.client("dynamodb", endpoint_url=self._dynamodb_endpoint)
        if self._dynamodb_endpoint is not None:
            create_tables(self._dynamodb, self._ground.resources("AWS::DynamoDB::Table").values())
        self._runtime = Runtime(self.functions, environment, self._on_log)
        self._queues = NamedQueues(self._ground, translated.stacks)
        self._pollers = [
            Poller(mapping, self._queues.by_arn(mapping.queue_arn), self._sqs, self._recorder, self._run)
            for mapping in declared.mappings
        ]
        self._agenda = Agenda(declared.schedules, self._start)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def publish(self, detail_type: str, detail: Mapping[str, Any], *, source: str = "shop") -> None:
        """One fact on the template's bus. It is delivered at the next `settle` or `advance`."""
        self.publish_many([(detail_type, detail)], source=source)

    def publish_many(self, events: Iterable[tuple[str, Mapping[str, Any]]], *, source: str = "shop") -> None:
        """Facts on the template's bus, as (detail type, detail). Raises ValueError where there is not one bus."""
        self._bus.publish(events, source)

    def send(self, queue: str, body: str) -> None:
        """A raw message on a queue, by its logical id or that of the nested stack it is in."""
        self._sqs.send_message(
            QueueUrl=str(_known(self._queues.by_name, queue).physical_resource_id), MessageBody=body
        )

    def mail_event(self, mail: SentMail, kind: str, **part: Any) -> None:
        """SES learns, now, what became of a mail: `mail_event(mail, "Open", userAgent="…")`, by its own words."""
        self._mailbox.happened(mail, kind, part)

    def settle(self) -> int:
        """Delivers all that can be delivered now, until all is quiet. Returns the number of invocations."""
        invocations = 0
        while True:
            self._bus.put(self._mailbox.take_events())
            delivered = sum(self._drain(poller) for poller in self._pollers)
            if delivered == 0:
                return invocations
            invocations += delivered

    def advance(
        self,
        by: timedelta | None = None,
        *,
        to: datetime | None = None,
        on_step: Callable[[datetime], None] | None = None,
    ) -> None:
        """Moves the clock to the target, stopping at each instant at which a schedule fires or a message becomes
        visible; fires and settles at each, then calls `on_step(now)`. Raises ValueError for a target in the past."""
        if (by is None) == (to is None):
            raise ValueError("Say either by how much or to when")
        target = self.now + by if by is not None else cast(datetime, to).astimezone(UTC)
        if target < self.now:
            raise ValueError(f"The clock stands at {self.now}, after {target}")
        self.settle()
        while True:
            instant = min([target, *self._next_instants()])
            self._clock.move_to(instant)
            for run in self._agenda.due(instant, self.schedules_paused):
                self._fire(run)
            self.settle()
            if on_step is not None:
                on_step(instant)
            if instant >= target:
                return

    def invoke(self, function: str, event: Mapping[str, Any]) -> Invocation:
        """Runs a function with this event, now. Raises KeyError for a function the template does not have."""
        _known(self.functions, function)
        return self._run(function, event)

    def http(
        self, method: str, url: str, *, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """A request through the template's HTTP API. `url` is a full URL, or a path with its query."""
        method = method.upper()
        found = http_api.find_route(self._routes, method, url)
        if found is None:
            return HttpResponse(404, {"content-type": "application/json"}, '{"message":"Not Found"}')
        route, path_parameters = found
        if refusal := http_api.forbidden(route, headers or {}):
            return refusal
        event = http_api.request_event(route, path_parameters, method, url, body, headers or {}, self.now)
        return http_api.response(self._run(route.function, event))

    def table(self, logical_id: str) -> list[dict[str, Any]]:
        """All items of a table, as boto3's resource layer would give them (numbers are Decimal)."""
        return all_items(self._dynamodb, _known(self.resources, logical_id))

    def dead_letters(self) -> dict[str, list[str]]:
        """The bodies in each dead-letter queue, by the name of the queue they come from. Reading changes nothing."""
        return self._queues.dead_letters()

    def backlog(self) -> Counter[str]:
        """The number of messages, visible or not, in each queue that is not empty; dead letters do not count."""
        return self._queues.backlog()

    def _next_instants(self) -> list[datetime]:
        now_ms = self.now.timestamp() * 1000
        visible = (poller.next_instant(now_ms) for poller in self._pollers)
        instants = [datetime.fromtimestamp(instant / 1000, UTC) for instant in visible if instant is not None]
        scheduled = self._agenda.next_instant(self.schedules_paused)
        return instants if scheduled is None else [*instants, scheduled]

    def _drain(self, poller: Poller) -> int:
        invocations = 0
        while delivered := poller.poll(self.now.timestamp() * 1000):
            invocations += delivered
        return invocations

    def _fire(self, run: Run) -> None:
        event = payload(run.schedule, run.scheduled_at, run.attempt)
        invocation = self._run(run.schedule.function, event)
        if not invocation.ok and not self._agenda.retry(run, self.now) and run.schedule.dead_letters:
            queue = self._queues.by_arn(run.schedule.dead_letters)
            self._sqs.send_message(QueueUrl=str(queue.physical_resource_id), MessageBody=json.dumps(event))

    def _run(self, function: str, event: Mapping[str, Any]) -> Invocation:
        mails_before = len(self.mails)
        with self._recorder.attributed_to(function):
            invocation = self._runtime.run(function, event, lambda: tuple(self.mails[mails_before:]))
        self.invocations.append(invocation)
        return invocation

    def _on_log(self, function: str, line: str) -> None:
        self.logs.append((function, line))
        if self._echo_logs:
            print(f"{function}: {line}", file=sys.__stdout__)


def _known[Value](known: Mapping[str, Value], name: str) -> Value:
    if name not in known:
        raise KeyError(f"The template has no {name!r}; there are {sorted(known)}")
    return known[name]
