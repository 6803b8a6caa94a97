"""How long functions take to start, and their first invocation; each in a process as Lambda starts it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from local_cloud.aws_environment import base_environment
from local_cloud.template import load_template
from tests.benchmarks.speed.aws_process import AwsProcess
from tests.benchmarks.speed.fake_runtime import FakeRuntimeApi, started
from tests.benchmarks.speed.pairs import Rounds, in_turn
from tests.benchmarks.speed.scenes import PATHS, Scene
from tests.benchmarks.speed.stacks import BENCH, PYTHON, REPOSITORY, Stack

BARE = "bare"


def functions() -> dict[str, tuple[str, str]]:
    """Room and handler of each function in template.yaml that has a room."""
    resources = load_template(REPOSITORY / "template.yaml")["Resources"]
    return {
        name: (Path(each["Properties"]["CodeUri"]).name, each["Properties"]["Handler"])
        for name, each in resources.items()
        if each["Type"] == "AWS::Serverless::Function" and "CodeUri" in each["Properties"]
    }


def cold_starts(
    stacks: list[Stack], bare: Path, names: list[str], rounds: int, on_step: Callable[[], None]
) -> dict[str, Rounds]:
    """By function: seconds from the process's birth until it asks for its first event, by stack, and `bare`."""
    known = functions()
    environment = base_environment(None)
    found = {}
    for name in names:
        room, handler = known[name]
        measures = {BARE: partial(cold_start, "bare.handler", (bare,), environment)}
        for stack in stacks:
            measures[stack.name] = partial(cold_start, handler, stack.roots(room), environment)
        found[name] = in_turn(measures, rounds, on_step)
    return found


def cold_start(handler: str, roots: tuple[Path, ...], environment: Mapping[str, str]) -> float:
    with (
        FakeRuntimeApi() as api,
        started(api, PYTHON, handler, roots=roots, environment=environment) as begun,
    ):
        return api.ready_at() - begun


def first_invocations(
    stacks: list[Stack],
    scenes: Mapping[str, Scene],
    aws: AwsProcess,
    certificate: Path,
    rounds: int,
    on_step: Callable[[], None],
) -> dict[str, Rounds]:
    """By hot path: how many times as long as the second the first invocation takes, by stack."""
    trusted = {stack.name: _bundle(stack, certificate) for stack in stacks}
    found = {}
    for path in PATHS:
        measures = {
            stack.name: partial(_first_to_second, stack, path, scenes[path], aws, trusted[stack.name])
            for stack in stacks
        }
        found[path] = in_turn(measures, rounds, on_step)
    return found


# Of a process that has run once, each further run is a second one.
_SECONDS = 3
# Seconds. As DynamoDB takes for an item.
ANSWERS_IN = 0.005


def _first_to_second(stack: Stack, path: str, scene: Scene, aws: AwsProcess, bundle: Path) -> float:
    environment = {**scene.environment, "AWS_ENDPOINT_URL": aws.url, "AWS_CA_BUNDLE": str(bundle)}
    with (
        FakeRuntimeApi() as api,
        started(api, PYTHON, scene.handler, roots=stack.roots(scene.room), environment=environment),
    ):
        api.ready_at()
        took = []
        for _ in range(1 + _SECONDS):
            aws.begin(path, latency=ANSWERS_IN)
            run = api.run(scene.event)
            _check(path, run.answer)
            took.append(run.seconds)
            api.ready_at()
    return took[0] / median(took[1:])


def _check(path: str, answer: Any) -> None:
    if isinstance(answer, dict) and (
        answer.get("batchItemFailures") or int(answer.get("statusCode", 200)) >= 400
    ):
        raise RuntimeError(f"{path}: the function answered {answer}")


def _bundle(stack: Stack, certificate: Path) -> Path:
    """What the stack believes, and our certificate: reading the first is what takes time."""
    roots = stack.opt / "amazon-roots.pem"
    believed = roots if roots.exists() else stack.opt / "botocore" / "cacert.pem"
    path = BENCH / f"{stack.name.replace(' ', '-')}.pem"
    ours = certificate.read_text(encoding="utf-8").partition("-----BEGIN CERTIFICATE-----")
    path.write_text(believed.read_text(encoding="utf-8") + "\n" + "".join(ours[1:]), encoding="utf-8")
    return path
