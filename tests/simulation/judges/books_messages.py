"""No message vanishes: each is taken in by every function that it is for, or lies among dead letters with a reason."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from moto.events.models import EventPattern

from local_cloud.template import REPOSITORY, read_runnable
from tests.simulation.judges.books_reading import Reading, found
from tests.simulation.record import NEW_WORDS, Finding

TAKEN_IN = "every fact is taken in by every function that it is for"
HANDED_ON = "every message that is handed over is taken in"
EMPTY = "nothing is left in a queue once all is quiet"
WITH_REASON = "a dead letter has its reason in the logs"
DONE = "nothing that is due is left undone"
SAYS_SO = "what a function takes in it says that it took in"
NO_SLIP = "no message fails by a slip of ours"

# What a function is called by; a release goes over to its new versions so.
_ALIAS = "Aliaslive"
_TIMERS = "CartTimersTable"
_TAKEN_IN = '"message":"fact taken in"'
# A sweep comes at least every quarter of an hour, and what fails falls due again.
_DONE_WITHIN = timedelta(days=1)
# What Python raises for a slip. A fact that is none, or an AWS that is away, is told by other names.
_SLIPS = re.compile(
    r'"error": ?"(AssertionError|AttributeError|IndexError|KeyError|NameError|NotImplementedError|RecursionError'
    r'|TypeError|UnboundLocalError|ZeroDivisionError)"'
)


@dataclass(frozen=True)
class Consumers:
    """What the template says: whose queue is whose, and which facts a rule puts on it. Queues by their own names, which
    begin with the stack's: `CartNudgesQueue` for `CartNudgesQueueQueue`.
    """

    functions: Mapping[str, str]
    patterns: Mapping[str, list[Any]]
    due_tables: tuple[str, ...]

    def of_queue(self, queue: str) -> str | None:
        return self.functions.get(queue) or self.functions.get(queue + "Queue")

    def of_fact(self, detail_type: str, source: str) -> list[tuple[str, str]]:
        """The queues, with their functions."""
        event = {"detail-type": detail_type, "source": source}
        return [
            (queue, self.functions[queue])
            for queue, patterns in self.patterns.items()
            if any(pattern.matches_event(event) for pattern in patterns)
        ]


@cache
def consumers() -> Consumers:
    template = read_runnable(REPOSITORY / "template.yaml", {})
    resources: Mapping[str, Any] = template.template["Resources"]
    functions: dict[str, str] = {}
    patterns: defaultdict[str, list[Any]] = defaultdict(list)
    for resource in resources.values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            functions[_named(properties["EventSourceArn"])] = _named(properties["FunctionName"]).removesuffix(
                _ALIAS
            )
    for resource in resources.values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Events::Rule" and "detail-type" in properties.get("EventPattern", {}):
            for target in properties["Targets"]:
                if (queue := _named(target["Arn"])) in functions:
                    patterns[queue].append(EventPattern.load(json.dumps(properties["EventPattern"])))
    due = [
        name
        for name, resource in resources.items()
        if resource["Type"] == "AWS::DynamoDB::Table"
        and any(each["AttributeName"] == "due_at" for each in resource["Properties"]["AttributeDefinitions"])
    ]
    return Consumers(functions, dict(patterns), tuple(due))


def _named(reference: Any) -> str:
    """The logical id in a `Ref`, a `Fn::GetAtt` or an ARN that is put together of one."""
    match reference:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), *_]}:
            return name
        case {"Fn::Sub": str(text)}:
            return text.partition("${")[2].partition("}")[0].partition(".")[0]
        case _:
            return str(reference)


def fact_findings(reading: Reading) -> Iterator[Finding]:
    """At the end. Of what was told twice, both tellings."""
    arrived = _arrived(reading)
    told: Counter[tuple[str, str, str]] = Counter()
    owners: dict[tuple[str, str, str], str] = {}
    for each in reading.record.told:
        name = (type(each.fact).__name__, each.fact.event_id, "shop")
        told[name] += 1
        owners[name] = getattr(each.fact, "customer_id", "")
    for published in reading.record.published:
        name = (published.detail_type, str(published.detail.get("event_id")), "rishta")
        told[name] += 1
        owners[name] = str(published.detail.get("customer_id", ""))
    for (kind, event_id, source), number in told.items():
        for _, function in consumers().of_fact(kind, source):
            if (came := arrived[function, kind, event_id]) < number:
                what = f"{kind} {event_id}: told {number} times, {function} took in {came}"
                yield found(TAKEN_IN, owners[kind, event_id, source], what)


def _arrived(reading: Reading) -> Counter[tuple[str, str, str]]:
    """By function, fact's name and event's id; dead letters count as what they are: they are not lost."""
    arrived: Counter[tuple[str, str, str]] = Counter()
    bodies = [(handled.function, handled.body) for handled in reading.record.handled]
    bodies += _dead(reading)
    for function, body in bodies:
        try:
            message = json.loads(body)
            arrived[function, message["detail-type"], str(message["detail"].get("event_id"))] += 1
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return arrived


def _dead(reading: Reading) -> list[tuple[str, str]]:
    """Dead letters as if the function of their queue had them."""
    return [
        (consumers().of_queue(queue) or queue, body)
        for queue, bodies in reading.record.dead_letters.items()
        for body in bodies
    ]


def hand_over_findings(reading: Reading) -> Iterator[Finding]:
    """At the end."""
    arrived = Counter((handled.function, _order(handled.body)) for handled in reading.record.handled)
    arrived.update((function, _order(body)) for function, body in _dead(reading))
    handed = Counter((each.queue, _order(each.body)) for each in reading.record.handed_over)
    for (queue, body), number in handed.items():
        function = consumers().of_queue(queue)
        if function is None:
            yield found(HANDED_ON, "", f"nobody takes in what is handed over to {queue}")
        elif (came := arrived[function, body]) < number:
            what = f"to {queue} {number} times, {function} took in {came}: {body[:200]}"
            yield found(HANDED_ON, _owner(body), what)


def _order(body: str) -> str:
    """A message's words, as those of the release before have them."""
    words = json.loads(body)
    return json.dumps({name: words[name] for name in sorted(words) if name not in NEW_WORDS})


def _owner(body: str) -> str:
    try:
        return str(json.loads(body).get("customer_id", ""))
    except (ValueError, AttributeError):
        return ""


def slip_findings(reading: Reading) -> Iterator[Finding]:
    """At any time, of what was logged since the last look."""
    for function, line in reading.new_logs:
        if _SLIPS.search(line):
            yield found(NO_SLIP, "", f"{function}: {line[:600]}")


def log_findings(reading: Reading) -> Iterator[Finding]:
    """At the end: a fact that is taken off a queue and does nothing would be lost as well. README says by what a log
    line names its event.
    """
    said: set[tuple[str, str]] = set()
    for function, line in reading.record.logs:
        if _TAKEN_IN in line:
            said.add((function, str(json.loads(line).get("event_ref"))))
    for function, heard in reading.heard_by.items():
        for each in heard:
            if (function, sha256(each.fact.event_id.encode()).hexdigest()[:12]) not in said:
                what = f"{function} never said so of {type(each.fact).__name__} {each.fact.event_id}"
                yield found(SAYS_SO, str(getattr(each.fact, "customer_id", "")), what, each.at)


def rest_findings(reading: Reading) -> Iterator[Finding]:
    """At the end: what lies about."""
    for queue, number in reading.record.backlog.items():
        if number:
            yield found(EMPTY, "", f"{number} messages in {queue}")
    complained = {function for function, line in reading.record.logs if "message failed" in line}
    for function, body in _dead(reading):
        if function not in complained:
            yield found(WITH_REASON, _owner(body), f"{function} never said why: {body[:200]}")
    latest = f"{reading.now - _DONE_WITHIN:%Y-%m-%dT%H:%M:%S}"
    for table in (*consumers().due_tables, _TIMERS):
        for item in reading.table(table):
            # A timer is gone once it has fired.
            due_at = str(item.get("due_at") or item.get("fires_at", "9"))
            if due_at < latest:
                what = f"{table}: since {due_at} {sorted(item.items(), key=str)[:3]}"
                yield found(DONE, str(item.get("customer_id", "")), what)
