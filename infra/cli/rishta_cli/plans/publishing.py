"""`rishta plan publish` and `withdraw`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE
from engagement.published_plan import NONE_PUBLISHED
from rishta_cli.plan_checking import text_faults
from rishta_cli.plans.comparing import content, followed, say_differences
from rishta_cli.plans.differences import differences
from rishta_cli.plans.followed import fault_of
from rishta_cli.plans.published import DEPLOYED, MOST, PlanParameter, Version, deployed_text, packed
from rishta_cli.saying import say
from rishta_cli.stacks import answered


@dataclass(frozen=True)
class Publication:
    """What is asked for: a file (the layer's own if None) or an earlier version; `note` says why."""

    file: Path | None = None
    version: int | None = None
    note: str = ""
    dry_run: bool = False


@answered
def run_publish(stack: str, wanted: Publication) -> int:
    """The exit code: 0 published, or nothing to do; 1 refused; 2 what was asked for cannot be found."""
    if wanted.file and wanted.version:
        say("Name a file or a --version, not both.", style="red")
        return 2
    parameter = PlanParameter.of(stack)
    try:
        source, text = _asked_for(parameter, wanted)
    except (OSError, UnicodeDecodeError, InvalidPlanError, LookupError) as error:
        say(error.args[0] if isinstance(error, LookupError) else str(error), style="red")
        return 2
    return publish(parameter, text, source, wanted.note, stack=stack, dry_run=wanted.dry_run)


def publish(
    parameter: PlanParameter, text: str, source: str, note: str = "", *, stack: str, dry_run: bool = False
) -> int:
    """Publishes a plan's YAML text if every rule takes it, and says what changes; the exit code, 0 or 1."""
    faults = text_faults(text, source=source)
    for fault in faults:
        say(fault, style="red")
    if faults:
        say(f"Not published: {stack} goes on as it is.", style="red")
        return 1
    try:
        value = packed(text)
    except InvalidPlanError as error:
        say(f"Not published: {error}", style="red")
        return 1
    present = parameter.present()
    before, what = followed(parameter, present)
    after = content(text, source)
    found = differences(before, after)
    say(f"{source} against {what}:")
    say_differences(found, before, after)
    # Where the present one is refused, each function follows one of those before: put it right all the same.
    if not found and not fault_of(present):
        say(f"Nothing to publish to {stack}.")
        return 0
    say(f"{len(value):,} of {MOST:,} characters.")
    why = f"{note}: {_summary(found)}" if note else _summary(found)
    return _put(parameter, present, value, why, stack=stack, dry_run=dry_run)


@answered
def run_withdraw(stack: str, *, dry_run: bool = False) -> int:
    """The exit code: 0 withdrawn, or nothing was published."""
    parameter = PlanParameter.of(stack)
    present = parameter.present()
    if not present.publishes:
        say(f"Nothing is published to {stack}: it follows the plan that was deployed with it.")
        return 0
    before, what = followed(parameter, present)
    after = content(deployed_text(), PLAN_FILE.name)
    say(f"{DEPLOYED} against {what}:")
    say_differences(differences(before, after), before, after)
    say("What was deployed may be another one than this directory's, if other code was.")
    return _put(parameter, present, NONE_PUBLISHED, "withdrawn", stack=stack, dry_run=dry_run)


def _asked_for(parameter: PlanParameter, wanted: Publication) -> tuple[str, str]:
    """What it is called, and its text."""
    if wanted.version is None:
        path = wanted.file or PLAN_FILE
        return path.name, path.read_text(encoding="utf-8")
    version = parameter.version(wanted.version)
    if version is None:
        raise LookupError(f"There is no version {wanted.version}; `rishta plan versions` lists them.")
    if not version.publishes:
        raise LookupError(
            f"Version {wanted.version} withdrew what was published: use `rishta plan withdraw`."
        )
    return f"version {wanted.version}", version.text()


def _put(
    parameter: PlanParameter, present: Version, value: str, why: str, *, stack: str, dry_run: bool
) -> int:
    if dry_run:
        say("Nothing was changed: --dry-run.")
        return 0
    number = parameter.put(value, why)
    say(f"Version {number} of {stack}; every function follows it within 5 minutes.", style="green")
    if number != present.number + 1:
        say("Somebody else published at the same time: see `rishta plan versions`.", style="yellow")
    if fault_of(present):
        return 0
    back = f"publish --version {present.number}" if present.publishes else "withdraw"
    say(f"To go back: rishta plan {back} --stack {stack}")
    return 0


def _summary(found: Mapping[str, list[str]]) -> str:
    told = [f"{name}: {line}" for name, lines in found.items() for line in lines]
    return "; ".join(told).replace("→", "->")
