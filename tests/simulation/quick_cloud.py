"""The local cloud on quick ground: the same template, code, roles, schedules and clock; AWS itself in memory."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from unittest.mock import patch

from boto3.dynamodb.types import TypeDeserializer
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from local_cloud.agenda import Agenda
from local_cloud.cloud import AwsCall, LocalCloud
from local_cloud.mailbox import Mailbox
from local_cloud.runtime import Invocation
from tests.simulation.faults import Faults
from tests.simulation.quick_aws import Answer, Bus, Kept, QuickAws, answered_by
from tests.simulation.quick_engine import QuickEngine
from tests.simulation.quick_queues import Message, Poller, Queues
from tests.simulation.record import NEW_WORDS, HandedOver, Published, Record
from tests.simulation.sparse_agenda import SparseAgenda

_MAIL_QUEUES = ("MailQueueQueue", "BulkMailQueueQueue")


class QuickCloud(LocalCloud):
    """`on_handled` hears of each message that a function has taken off its queue for good. `aws` is what stands in for
    AWS. Schedules that would find nothing due do not fire, except one in so many (see SparseAgenda)."""

    def __init__(self, *, now: datetime, on_handled: Callable[[str, Message], None], seed: int) -> None:
        super().__init__(now=now)
        self._on_handled = on_handled
        self._seed = seed

    def _enter(self, exits: ExitStack) -> None:
        super()._enter(exits)
        ground = self._ground
        tables = ground.resources("AWS::DynamoDB::Table")
        self.engine = QuickEngine({properties["TableName"]: properties for properties in tables.values()})
        described = {
            name: (str(ground.resolve({"Fn::GetAtt": [name, "Arn"]})), str(ground.resolve({"Ref": name})))
            for name in ground.resources("AWS::SQS::Queue")
        }
        self.queues = Queues(ground.resources("AWS::SQS::Queue"), described.__getitem__)
        bus = Bus(ground.resources("AWS::Events::Rule"), self.queues)
        self.aws = QuickAws(self.engine, self.queues, bus, self._parameters_kept(), self._recorder)
        self.aws.send_mail = self._send_mail
        self.aws.tell_account = lambda: dict(self._mailbox._tell_account()[1])
        self._pollers: Any = [
            Poller(each.mapping, self.queues, self._run, self._on_handled) for each in self._pollers
        ]
        self._bus: Any = _OnTheBus(self.aws, ground.resources("AWS::Events::EventBus"))
        specs = [schedule for schedule, _ in self._agenda._ticks]
        self._agenda: Agenda = SparseAgenda(specs, self._start, self.engine, self.resources, self._seed)
        exits.enter_context(patch.object(BaseClient, "_make_api_call", answered_by(self.aws)))

        allowed = self._recorder._authorize
        known: set[tuple[str, tuple[tuple[str, str], ...]]] = set()

        def authorize(call: AwsCall) -> None:
            # What a role allowed once, it allows again.
            if (call.function, call.grants) not in known:
                allowed(call)
                known.add((call.function, call.grants))

        exits.enter_context(patch.object(self._recorder, "_authorize", authorize))
        self.tables, self.scheduled = sorted(tables), sorted({each.function for each in specs})
        self.runs = self.made = 0
        self._faults: Faults | None = None

    def watch(self, record: Record, faults: Faults) -> None:
        """From now on what functions do is in the record, and meets the faults."""
        self._faults, self.queues.road = faults, faults
        self.faults.append(faults.meet)

        def on_message(queue: str, body: str) -> None:
            record.handed_over.append(HandedOver(self.now, str(self._recorder.running), queue, body))

        def on_event(entry: Mapping[str, Any]) -> None:
            told = Published(
                self.now, str(self._recorder.running), entry["DetailType"], json.loads(entry["Detail"])
            )
            record.published.append(told)

        self.aws.on_message, self.aws.on_event = on_message, on_event
        self._bus.is_silent = faults.is_silent

    def pass_time(self, to: datetime, faults: Faults) -> None:
        """To this moment, which is no later than the end of what is going wrong now."""
        self.schedules_paused = faults.paused(self.now)
        self.advance(to=to)
        now = [period for period in faults.periods if period.begins == to and faults.is_on(period)]
        if any(period.kind == "release" for period in now):
            self.cold()
        self.runs += len(self.invocations)
        self.made += len(self.calls)
        self.invocations.clear()
        self.calls.clear()

    def _run(self, function: str, event: Mapping[str, Any]) -> Invocation:
        if self._faults is not None:
            self._faults.begin(function, _about(event))
        return super()._run(function, event)

    def table(self, logical_id: str) -> list[dict[str, Any]]:
        deserialize = TypeDeserializer().deserialize
        return [
            {name: deserialize(value) for name, value in item.items()}
            for item in self.engine.tables[self.resources[logical_id]].values()
        ]

    def dead_letters(self) -> dict[str, list[str]]:
        return {
            name: [message.body for message in queue.dead_letters.messages]
            for name, queue in self.queues.by_name.items()
            if queue.dead_letters is not None and queue.dead_letters.messages
        }

    def backlog(self) -> Counter[str]:
        letters = {queue.dead_letters.name for queue in self.queues.by_name.values() if queue.dead_letters}
        waiting = {
            name: len(queue.messages) for name, queue in self.queues.by_name.items() if name not in letters
        }
        return Counter({name: number for name, number in waiting.items() if number})

    def cold(self) -> None:
        """Every function starts anew, as after a release; what lies on queues is of the release before."""
        self._runtime._sandboxes.clear()
        for name in _MAIL_QUEUES:
            for message in self.queues.by_name[name].messages:
                words = json.loads(message.body)
                message.body = json.dumps({key: words[key] for key in words if key not in NEW_WORDS})

    def _parameters_kept(self) -> dict[str, list[Kept]]:
        """SSM's, as the local cloud's start has left them in moto."""
        from moto.ssm.models import ssm_backends

        from local_cloud.aws_environment import ACCOUNT, REGION

        kept = ssm_backends[ACCOUNT][REGION]._parameters
        return {name: [(str(kept[name][-1].value), self._start)] for name in kept}

    def _send_mail(self, parameters: Mapping[str, Any]) -> Answer:
        mailbox: Mailbox = self._mailbox
        context = {"local_cloud_mail": parameters}
        response, answer = mailbox._answer(context)
        if response.status_code != 200:
            raise ClientError(answer, "SendEmail")  # type: ignore[arg-type]
        return {"MessageId": answer["MessageId"]}


def _about(event: Mapping[str, Any]) -> str:
    """What a run is about, in words that are the same in a shorter story."""
    records = [
        f"{each['attributes']['ApproximateReceiveCount']} {each['body']}" for each in event.get("Records", ())
    ]
    words = "\n".join(records) if records else json.dumps(event, sort_keys=True)
    return sha256(words.encode()).hexdigest()[:16]


class _OnTheBus:
    """In the place of local_cloud's Bus: facts of the shop, and SES's."""

    def __init__(self, aws: QuickAws, buses: Mapping[str, Any]) -> None:
        self._aws = aws
        (self._name,) = (properties["Name"] for properties in buses.values())
        self.is_silent: Callable[[str, str], bool] = lambda _kind, _send_key: False

    def publish(self, events: Iterable[tuple[str, Mapping[str, Any]]], source: str) -> None:
        for detail_type, detail in events:
            entry = {"Source": source, "DetailType": detail_type, "Detail": json.dumps(detail)}
            self.put([{**entry, "EventBusName": self._name}])

    def put(self, entries: Iterable[Mapping[str, Any]]) -> None:
        for entry in entries:
            if entry["Source"] == "aws.ses":
                told = json.loads(entry["Detail"])
                (send_key,) = told["mail"]["tags"].get("SendKey", [""])
                if self.is_silent(told["eventType"], send_key):
                    continue
            self._aws.bus.put(copy.copy(entry), datetime.now(UTC))
