"""How much CPU a hot path takes, a call of AWS, a page; and how many mails go out. Each in a process of its own."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.speed.aws_process import AwsProcess
from tests.benchmarks.speed.pairs import Measure, Rounds, in_turn
from tests.benchmarks.speed.scenes import Scene
from tests.benchmarks.speed.stacks import PYTHON, Stack

_WORKER = Path(__file__).with_name("worker.py")
FLOOR = "floor"
type Step = Callable[[], None]


def path_cpu(
    stacks: Sequence[Stack],
    scenes: Mapping[str, Scene],
    paths: Sequence[str],
    aws: AwsProcess,
    rounds: int,
    on_step: Step,
) -> dict[str, Rounds]:
    """By hot path: seconds of CPU for an invocation, by stack; and `floor`, which only signs what it asks, makes JSON
    of it and reads the answers.
    """
    found = {}
    for path in paths:
        scene = scenes[path]
        job = {"do": "invoke", "scene": path, "event": scene.event}
        measures: dict[str, Measure] = {stack.name: partial(work, stack, scene, aws, job) for stack in stacks}
        work(stacks[0], scene, aws, {**job, "runs": 1})
        asked = {"do": "floor", "asked": aws.seen()}
        measures[FLOOR] = partial(work, stacks[0], scene, aws, asked)
        found[path] = in_turn(measures, rounds, on_step)
    return found


def call_cpu(
    ours: Stack,
    default: Stack,
    scene: Scene,
    aws: AwsProcess,
    calls: Mapping[str, Any],
    rounds: int,
    on_step: Step,
) -> dict[str, Rounds]:
    """By call: seconds of CPU, by stack, and `floor`. `calls`: `service`, `operation`, `parameters` and the scene to
    ask in.
    """
    found = {}
    for name, call in calls.items():
        job = {"do": "call", **call}
        measures: dict[str, Measure] = {
            stack.name: partial(work, stack, scene, aws, job) for stack in (ours, default)
        }
        work(ours, scene, aws, {**job, "runs": 1})
        asked = {"do": "floor", "asked": aws.seen()[-1:], "wire": True}
        measures[FLOOR] = partial(work, ours, scene, aws, asked)
        found[name] = in_turn(measures, rounds, on_step)
    return found


def mails_a_second(
    ours: Stack, default: Stack, scene: Scene, aws: AwsProcess, latency: float, rounds: int, on_step: Step
) -> Rounds:
    """The scene's mails through the whole of mail delivery, in batches of ten as the queue gives them: side by side as
    we deploy it, and one after the other.
    """
    job = {"do": "mails", "scene": "mails", "event": scene.event, "latency": latency}
    at_once = {ours.name: "10", default.name: "1"}
    measures = {
        stack.name: partial(work, stack, scene, aws, job, {"MAILS_AT_ONCE": at_once[stack.name]})
        for stack in (ours, default)
    }
    return in_turn(measures, rounds, on_step)


def work(
    stack: Stack, scene: Scene, aws: AwsProcess, job: Mapping[str, Any], more: Mapping[str, str] | None = None
) -> float:
    """What `worker.py` measured. Raises CalledProcessError."""
    roots = os.pathsep.join(map(str, stack.roots(scene.room)))
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {**scene.environment, "AWS_ENDPOINT_URL": aws.url, "PYTHONPATH": roots, **(more or {})}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "POWERTOOLS_LOG_LEVEL": "ERROR"}
    told = json.dumps({"handler": scene.handler, "aws": aws.url, **job})
    done = subprocess.run(
        [PYTHON, "-P", _WORKER], input=told, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return float(done.stdout.splitlines()[-1])
