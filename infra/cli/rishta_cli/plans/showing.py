"""`rishta plan show` and `versions`."""

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from engagement.errors import InvalidPlanError
from rishta_cli.plan_checking import text_faults
from rishta_cli.plans.published import DEPLOYED, PlanParameter, deployed_text
from rishta_cli.saying import console, say
from rishta_cli.stacks import answered


@answered
def run_show(stack: str | None, number: int | None) -> int:
    """Prints the text alone to stdout, so that it can be kept as a file; the exit code: 2 for no such version."""
    if stack is None and number is not None:
        say("A version is a stack's: name it with --stack.", style="red")
        return 2
    if stack is None:
        typer.echo(f"{DEPLOYED}:", err=True)
        typer.echo(deployed_text(), nl=False)
        return 0
    parameter = PlanParameter.of(stack)
    version = parameter.present() if number is None else parameter.version(number)
    if version is None:
        say(f"There is no version {number}; `rishta plan versions` lists them.", style="red")
        return 2
    try:
        text = version.text()
    except InvalidPlanError as error:
        say(str(error), style="red")
        return 1
    typer.echo(f"{version}" if version.publishes else f"{version}; {DEPLOYED}:", err=True)
    typer.echo(text, nl=False)
    faults = text_faults(text, source=f"version {version.number}")
    for fault in faults:
        typer.echo(fault, err=True)
    return 1 if faults else 0


@answered
def run_versions(stack: str) -> int:
    """Prints them, the newest first; the exit code."""
    table = Table("version", "when (UTC)", "by", "why", title=f"Plans of {stack}", box=SIMPLE_HEAD)
    for version in PlanParameter.of(stack).history():
        why = version.why or ("" if version.publishes else "none published: the plan that was deployed holds")
        by = version.by.rpartition("/")[2] or version.by
        table.add_row(str(version.number), f"{version.at:%Y-%m-%d %H:%M}", escape(by), escape(why))
    console().print(table)
    return 0
