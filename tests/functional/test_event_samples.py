"""The samples under events/ open the doors that they lie under, and only what is called poison fails."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from local_cloud.cloud import Invocation, LocalCloud
from local_cloud.template import read_template
from rishta_cli.invoking import moment_of
from rishta_cli.project import ROOT
from shop_facts import failures

_EVENTS = ROOT / "events"


def _moment(sample: Path) -> datetime:
    return moment_of(json.loads(sample.read_text(encoding="utf-8")))


_SAMPLES = sorted(_EVENTS.glob("*/*/*.json"), key=lambda sample: (_moment(sample), sample))
_RESOURCES = read_template(ROOT / "template.yaml").template["Resources"]
_HANDLERS = {
    name: resource["Properties"]["Handler"]
    for name, resource in _RESOURCES.items()
    if resource["Type"] == "AWS::Lambda::Function"
}
_FED_BY_QUEUES = {
    resource["Properties"]["FunctionName"]["Ref"].removesuffix("Aliaslive")
    for resource in _RESOURCES.values()
    if resource["Type"] == "AWS::Lambda::EventSourceMapping"
}
_POISON = "poison-"
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class _Clouds:
    """One cloud for all samples of one moment: what they leave behind must not make the others fail either."""

    def __init__(self) -> None:
        self._moment: datetime | None = None
        self._open = ExitStack()

    def at(self, moment: datetime) -> LocalCloud:
        if moment != self._moment:
            self.close()
            self._moment, self._cloud = moment, self._open.enter_context(LocalCloud(now=moment))
        return self._cloud

    def close(self) -> None:
        self._open.close()


@pytest.fixture(scope="module")
def clouds() -> Iterator[_Clouds]:
    clouds = _Clouds()
    yield clouds
    clouds.close()


def _name(sample: Path) -> str:
    return str(sample.relative_to(_EVENTS))


def _message_ids(event: dict[str, Any]) -> list[str]:
    return [record["messageId"] for record in event.get("Records", [])]


@pytest.mark.parametrize("sample", _SAMPLES, ids=_name)
def test_a_sample_opens_its_door_and_only_poison_fails(clouds: _Clouds, sample: Path) -> None:
    event = json.loads(sample.read_text(encoding="utf-8"))
    invocation = _invoked(clouds, sample, event)
    assert invocation.ok, invocation.trace
    if "Records" in event:
        poison = [each for each in _message_ids(event) if each.startswith(_POISON)]
        assert failures(invocation.result) == poison, "\n".join(invocation.logs)
    elif "requestContext" in event:
        assert invocation.result["statusCode"] < 500
    told = [person for person in _people_in(event) for line in invocation.logs if person in line]
    assert told == [], f"the log of {invocation.function} tells who it is"


@pytest.mark.parametrize("function", sorted(_FED_BY_QUEUES))
def test_a_queues_door_has_samples_of_all_that_queues_bring(function: str) -> None:
    """Sooner or later each of them comes: the same again, what cannot be read, and both amid the rest."""
    room, door, _ = _HANDLERS[function].split(".")
    for name in ("duplicate", "malformed", "mixed_batch"):
        sample = _EVENTS / room / door / f"{name}.json"
        assert sample.is_file(), f"write {_name(sample)}"
    ids = {
        name: _message_ids(json.loads((_EVENTS / room / door / f"{name}.json").read_text(encoding="utf-8")))
        for name in ("malformed", "mixed_batch")
    }
    assert all(each.startswith(_POISON) for each in ids["malformed"]), "malformed.json is poison alone"
    assert len({each.startswith(_POISON) for each in ids["mixed_batch"]}) == 2, "mixed_batch.json has both"


@pytest.mark.parametrize("sample", _SAMPLES, ids=_name)
def test_a_sample_names_each_message_once(sample: Path) -> None:
    ids = _message_ids(json.loads(sample.read_text(encoding="utf-8")))
    assert len(ids) == len(set(ids)), "failures could not be told apart"


def _invoked(clouds: _Clouds, sample: Path, event: dict[str, Any]) -> Invocation:
    room, door = sample.relative_to(_EVENTS).parts[:2]
    functions = [name for name, handler in _HANDLERS.items() if handler == f"{room}.{door}.handler"]
    assert len(functions) == 1, f"template.yaml calls {room}.{door}.handler from {functions or 'nowhere'}"
    return clouds.at(moment_of(event)).invoke(functions[0], event)


def _people_in(event: Any) -> set[str]:
    """Every e-mail address in an event, and the name that stands beside one."""
    return set(_ADDRESS.findall(json.dumps(event, ensure_ascii=False))) | set(_names_in(event))


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _names_in(each)
    if isinstance(value, dict):
        if "email" in value and isinstance(value.get("name"), str):
            yield value["name"]
        for name, each in value.items():
            yield from _names_in(_content(each) if name == "body" else each)


def _content(body: Any) -> Any:
    try:
        return json.loads(body)
    except (TypeError, ValueError):
        return None
