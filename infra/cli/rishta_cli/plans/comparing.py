"""`rishta plan diff`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE
from engagement.plan_yaml import read_yaml
from rishta_cli.plans.differences import differences
from rishta_cli.plans.followed import fault_of, last_good
from rishta_cli.plans.published import DEPLOYED, PlanParameter, Version, deployed_text
from rishta_cli.saying import say
from rishta_cli.stacks import answered


@answered
def run_diff(file: Path | None, stack: str | None, campaign: str | None) -> int:
    """Prints what the file changes; the exit code: 0 nothing, 1 something, 2 a plan cannot be read."""
    path = file or PLAN_FILE
    try:
        after = content(path.read_text(encoding="utf-8"), path.name)
        before, what = content(deployed_text(), PLAN_FILE.name), DEPLOYED
        if stack is not None:
            parameter = PlanParameter.of(stack)
            before, what = followed(parameter, parameter.present())
    except (InvalidPlanError, OSError, UnicodeDecodeError) as error:
        say(str(error), style="red")
        return 2
    known = {*before.get("campaigns", {}), *after.get("campaigns", {})}
    if campaign is not None and campaign not in known:
        say(f"No plan has a campaign {campaign}; they have {', '.join(sorted(known))}", style="red")
        return 2
    found = differences(before, after)
    if campaign is not None:
        found = {name: lines for name, lines in found.items() if name == campaign}
    say(f"{path.name} against {what}:")
    say_differences(found, before, after)
    return 1 if found else 0


def content(text: str, source: str) -> dict[str, Any]:
    """A plan's content as YAML has it. Raises InvalidPlanError, also for what is no mapping."""
    read = read_yaml(text, source=source)[0]
    if not isinstance(read, dict):
        raise InvalidPlanError(f"{source}:1: a plan has sections")
    return read


def followed(parameter: PlanParameter, present: Version) -> tuple[dict[str, Any], str]:
    """The content of what a stack follows, and what that is called; that the present version is refused, is said."""
    version = last_good(parameter, present)
    if fault_of(present):
        say(f"{present}, is refused by the functions; they follow the one before it.", style="yellow")
    if version is None:
        return content(deployed_text(), PLAN_FILE.name), DEPLOYED
    return content(version.text(), str(version)), str(version)


def say_differences(
    found: Mapping[str, list[str]], before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Each under its campaign or section, with the campaign's owner: who should know of it."""
    for name, lines in found.items():
        campaign = after.get("campaigns", {}).get(name) or before.get("campaigns", {}).get(name)
        say(f"{name} ({campaign.get('owner', 'nobody')})" if campaign else name, style="bold")
        for line in lines:
            say(f"  {line}")
    if not found:
        say("Nothing differs.")
