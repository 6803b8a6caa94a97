"""The parts of `make bench`: what each measures, and what is promised of it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.speed import at_scale, starting, working
from tests.benchmarks.speed.aws_process import fake_aws, make_certificate
from tests.benchmarks.speed.pairs import Rounds
from tests.benchmarks.speed.report import Row
from tests.benchmarks.speed.scenes import PATHS, Scene, scenes, write
from tests.benchmarks.speed.stacks import Stack, as_usual, bare, shipped

type Steps = Callable[[str, int], Callable[[], None]]

# Whose CPU is held against their floor; the others do hardly more than one call.
HOT = ("cart update", "order accrual", "mail sent", "sweep page")
_PAGE = 100
_CALLS = 300
_LATENCY = 0.05
_SECOND = f"× the second, AWS answering in {1000 * starting.ANSWERS_IN:.0f} ms"
_TABLE = "page"
_BARE = "× a bare handler"


class Bench:
    """What several parts need, made when the first of them asks."""

    def __init__(self, folder: Path, rounds: int, steps: Steps) -> None:
        self.rounds, self.steps = rounds, steps
        self.file = folder / "scenes.json"

    @cached_property
    def ours(self) -> Stack:
        return shipped()

    @cached_property
    def usual(self) -> Stack:
        return as_usual()

    @cached_property
    def scenes(self) -> dict[str, Scene]:
        """Written to `file`, too."""
        found = scenes()
        found["page"] = _a_page(found["cart update"])
        write(found, self.file)
        return found

    @property
    def stacks(self) -> list[Stack]:
        return [self.ours, self.usual]


def measure(chosen: Sequence[str], rounds: int, steps: Steps) -> list[Row]:
    """The rows of these parts, in the order of PARTS."""
    known: Mapping[str, Callable[[Bench], Iterator[Row]]] = {
        "cold": _cold,
        "first": _first,
        "paths": _paths,
        "calls": _calls,
        "mails": _mails,
        "rate": _rate,
        "selection": _selection,
    }
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), rounds, steps)
        return [
            replace(row, part=part) for part, rows in known.items() if part in chosen for row in rows(bench)
        ]


def _cold(bench: Bench) -> Iterator[Row]:
    names = sorted(starting.functions())
    step = bench.steps("Cold starts", 3 * len(names) * bench.rounds)
    found = starting.cold_starts(bench.stacks, bare(), names, bench.rounds, step)
    ours, usual = (
        {name: each.ratio(stack.name, starting.BARE) for name, each in found.items()}
        for stack in bench.stacks
    )
    for which, of_all in (("median", median), ("slowest", max)):
        what = f"Cold start, of the {which} function"
        yield Row("cold", what, of_all(ours.values()), _BARE, of_all(usual.values()), target=8.0)
    for name in names:
        yield Row("cold", f"Cold start: {name.removesuffix('Function')}", ours[name], _BARE, usual[name])


def _first(bench: Bench) -> Iterator[Row]:
    step = bench.steps("First invocations", 2 * len(PATHS) * bench.rounds)
    known, certificate = bench.scenes, make_certificate(bench.file.with_name("certificate.pem"))
    with fake_aws(bench.file, certificate) as aws:
        found = starting.first_invocations(bench.stacks, known, aws, certificate, bench.rounds, step)
    yield Row(
        "first",
        "First invocation, of the median path",
        median(each.median(bench.ours.name) for each in found.values()),
        _SECOND,
        median(each.median(bench.usual.name) for each in found.values()),
        target=4.5,
    )
    for path, each in found.items():
        ours, usual = each.median(bench.ours.name), each.median(bench.usual.name)
        yield Row("first", f"First invocation: {path}", ours, _SECOND, usual)


def _paths(bench: Bench) -> Iterator[Row]:
    step = bench.steps("CPU of hot paths", 3 * len(HOT) * bench.rounds)
    known = bench.scenes
    with fake_aws(bench.file) as aws:
        for path, each in working.path_cpu(bench.stacks, known, HOT, aws, bench.rounds, step).items():
            ours, usual = (each.ratio(stack.name, working.FLOOR) for stack in bench.stacks)
            yield Row("paths", f"CPU: {path}", ours, "× signing and JSON alone", usual)


def _calls(bench: Bench) -> Iterator[Row]:
    known = bench.scenes
    calls = _some_calls(known)
    step = bench.steps("CPU of calls", 3 * len(calls) * bench.rounds)
    with fake_aws(bench.file) as aws:
        found = working.call_cpu(
            bench.ours, bench.usual, known["cart update"], aws, calls, bench.rounds, step
        )
    page = found.pop("page")
    ratios = {name: each.ratio(bench.ours.name, bench.usual.name) for name, each in found.items()}
    yield Row(
        "calls",
        "CPU of a call of AWS, on average",
        sum(ratios.values()) / len(ratios),
        "× boto3's default",
        1.0,
        0.72,
    )
    yield _against_floor("CPU of a page of 100 items", page, bench, target=3.0)
    for name, ratio in ratios.items():
        yield Row("calls", f"CPU: {name}", ratio, "× boto3's default", 1.0)


def _mails(bench: Bench) -> Iterator[Row]:
    step = bench.steps("Mails", 2 * bench.rounds)
    known = bench.scenes
    with fake_aws(bench.file) as aws:
        found = working.mails_a_second(
            bench.ours, bench.usual, known["mails"], aws, _LATENCY, bench.rounds, step
        )
    ratio = found.ratio(bench.ours.name, bench.usual.name)
    yield Row("mails", "Mails a second of one worker", ratio, "× one after the other", 1.0, 4.5, "at least")
    ours, usual = found.median(bench.ours.name), found.median(bench.usual.name)
    yield Row("mails", "Mails a second, AWS answering in 50 ms", ours, "a second", usual)


def _rate(bench: Bench) -> Iterator[Row]:
    step = bench.steps("SES's rate", 1)
    used = at_scale.rate_used()
    step()
    yield Row("rate", "Share of SES's rate that is used", 100 * used, "%", None, 97.0, "at least")


def _selection(bench: Bench) -> Iterator[Row]:
    sizes = (10_000, 100_000, 1_000_000, 10_000_000)
    step = bench.steps("Choosing birthdays", len(sizes) + 1)
    real = at_scale.requests_on_the_engine(sizes[0])
    step()
    for size in sizes:
        simulated = at_scale.requests_simulated(size)
        if size == sizes[0] and simulated != real:
            raise RuntimeError(f"the simulation asks {simulated}, DynamoDB Local was asked {real}")
        step()
        each = simulated.total() / at_scale.day_of(size).due
        yield Row("selection", f"Requests for a birthday, {size:,} customers", each, "each")


def _against_floor(what: str, found: Rounds, bench: Bench, *, target: float) -> Row:
    ours, usual = (found.ratio(stack.name, working.FLOOR) for stack in bench.stacks)
    return Row("calls", what, ours, "× signing, JSON and HTTP alone", usual, target)


def _some_calls(known: Mapping[str, Scene]) -> dict[str, Any]:
    scene = known["cart update"]
    table = scene.environment["CARTS_TABLE"]
    key = [each["AttributeName"] for each in scene.definitions[table]["KeySchema"]]
    item = scene.items[table][0]
    of_cart = {"TableName": table, "Key": {name: item[name] for name in key}}
    asked = {"service": "dynamodb", "scene": "cart update", "runs": _CALLS}
    update = {"UpdateExpression": "SET seen = :now", "ExpressionAttributeValues": {":now": {"S": "2027"}}}
    query = {
        "TableName": _TABLE,
        "KeyConditionExpression": "page = :page",
        "ExpressionAttributeValues": {":page": {"S": "1"}},
    }
    return {
        "an item read": {**asked, "operation": "get_item", "parameters": of_cart},
        "an item updated": {**asked, "operation": "update_item", "parameters": of_cart | update},
        "an item written": {
            **asked,
            "operation": "put_item",
            "parameters": {"TableName": table, "Item": item},
        },
        "page": {"service": "dynamodb", "scene": "page", "operation": "query", "parameters": query},
    }


def _a_page(scene: Scene) -> Scene:
    """A hundred of what is in a cart, in one partition."""
    item = json.loads(json.dumps(scene.items[scene.environment["CARTS_TABLE"]][0]))
    definition = {
        "KeySchema": [
            {"AttributeName": "page", "KeyType": "HASH"},
            {"AttributeName": "number", "KeyType": "RANGE"},
        ]
    }
    items = [item | {"page": {"S": "1"}, "number": {"S": f"{number:03d}"}} for number in range(_PAGE)]
    return replace(scene, definitions={_TABLE: definition}, items={_TABLE: items})
