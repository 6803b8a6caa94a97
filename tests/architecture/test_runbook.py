"""The runbook is read at night: what it says to type exists, and what it names is called so."""

import ast
import re
import shlex
from collections.abc import Iterator

import pytest
from typer.core import TyperArgument, TyperGroup
from typer.main import get_command

from rishta_cli.main import app
from rishta_cli.project import ROOT, rooms
from tests.architecture.source_code import assert_none, called_name, modules_of
from tests.architecture.stack import of_type

_FILE = ROOT / "infra" / "runbook.md"
_TEXT = _FILE.read_text(encoding="utf-8")
_TYPED = sorted(
    {
        " ".join(line.partition("  #")[0].split())
        for line in re.findall(r"`(rishta [^`]+)`|^ {4}(rishta .+)$", _TEXT, re.MULTILINE)
        for line in line
        if line
    }
)
_LOGGED = {
    str(call.args[0].value)
    for package in ("engagement", *rooms())
    for module in modules_of(package)
    for call in module.calls()
    if called_name(call).rpartition(".")[2] in ("info", "warning", "error") and call.args
    if isinstance(call.args[0], ast.Constant)
}
_PLACEHOLDER = re.compile(r"^(?:[A-Z]+|…|-?\d+)$")


def _about_alarms() -> dict[str, str]:
    """The sections that alarms point to, by heading."""
    _, _, rest = _TEXT.partition("# When an alarm rings\n")
    sections = rest.partition("\n# ")[0].split("\n## ")[1:]
    return {heading: text for heading, _, text in (section.partition("\n") for section in sections)}


def _faults(typed: str) -> Iterator[str]:
    """What the `rishta` command would not understand of it."""
    command = get_command(app)
    words = shlex.split(typed)[1:]
    while isinstance(command, TyperGroup):
        if not words or words[0] not in command.commands:
            yield f"`{typed}`: there is no such command"
            return
        command = command.commands[words.pop(0)]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    yield from (f"`{typed}`: no option {word}" for word in words if word[:2] == "--" and word not in options)
    takes = [each for each in command.params if isinstance(each, TyperArgument)]
    given = [word for before, word in zip(["", *words], words, strict=False) if before[:2] != "--"]
    plain = [word for word in given if word[:2] != "--"]
    yield from (f"`{typed}`: what is {word!r}?" for word in plain[len(takes) :])
    yield from (f"`{typed}`: {word!r} is an example" for word in plain if not _PLACEHOLDER.match(word))


def test_what_it_says_to_type_is_a_command() -> None:
    assert len(_TYPED) > 15
    assert_none((fault for typed in _TYPED for fault in _faults(typed)), "say what `rishta --help` says")


def test_what_it_looks_for_in_the_log_is_logged() -> None:
    searched = set(re.findall(r'message = "([^"]+)"', _TEXT))
    assert searched
    assert_none(searched - _LOGGED, f"nobody logs that; there are {sorted(_LOGGED)}")


def test_the_graphs_that_it_points_to_are_on_the_dashboard() -> None:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    titles = re.findall(r'"title": "([^"]+)"', str(dashboard["DashboardBody"]))
    flat = " ".join(_TEXT.split())
    named = re.findall(r'"([^"]+)" on the dashboard', flat) + re.findall(r'the dashboard\'s "([^"]+)"', flat)
    assert len(named) > 3
    assert_none(
        (name for name in named if not any(title.startswith(name.rstrip(",")) for title in titles)),
        "retitled?",
    )


def test_what_it_names_is_in_a_template() -> None:
    """Parameters, outputs, resources, metrics and settings."""
    written = "".join(
        file.read_text(encoding="utf-8")
        for file in (ROOT / "template.yaml", *(ROOT / "infra" / "stacks").glob("*.yaml"))
    )
    named = set(re.findall(r"`([A-Z][a-z]+[A-Z]\w+)`", _TEXT))
    assert len(named) > 8
    assert_none((name for name in named if not re.search(rf"\b{name}\b", written)), "renamed, or gone?")


@pytest.mark.parametrize("heading", _about_alarms())
def test_a_section_about_an_alarm_says_where_to_look_and_what_to_do(heading: str) -> None:
    text = _about_alarms()[heading]
    assert "**Look**" in text
    assert "**Do**" in text
    assert "**Over**" in text, "when may one go back to bed?"


def test_it_can_be_read_in_one_sitting() -> None:
    lines = _TEXT.splitlines()
    assert len(lines) <= 250
    assert max(map(len, lines)) <= 130
