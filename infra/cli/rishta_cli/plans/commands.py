"""`rishta plan`, as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

plan_app = typer.Typer(no_args_is_help=True, help="The engagement plan: check it, compare it, publish it.")

_Stack = Annotated[str, typer.Option("--stack", help="The stack's name, in the account of your credentials.")]
_AStack = Annotated[
    str | None,
    typer.Option("--stack", help="A deployed stack; the plan in this directory's layer if left out."),
]
_File = Annotated[
    Path | None, typer.Argument(help="The plan; the one in this directory's layer if left out.")
]
_Version = Annotated[
    int | None,
    typer.Option("--version", min=1, help="One published before, as `rishta plan versions` lists it."),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only check it, and say what would change.")]


@plan_app.command("check")
def plan_check(file: _File = None) -> None:
    """Check the engagement plan with every capability's own rules; a fault is named by its line."""
    from rishta_cli.plan_checking import check_plan

    raise typer.Exit(check_plan(file))


@plan_app.command("diff")
def plan_diff(
    file: _File = None,
    stack: _AStack = None,
    campaign: Annotated[
        str | None, typer.Option("--campaign", help="Only what changes for this campaign.")
    ] = None,
) -> None:
    """Say, campaign by campaign, what a plan changes of the one that a stack follows.

    Exit code 0: nothing differs; 1: something does; 2: a plan cannot be read.
    """
    from rishta_cli.plans.comparing import run_diff

    raise typer.Exit(run_diff(file, stack, campaign))


@plan_app.command("publish")
def plan_publish(
    stack: _Stack,
    file: _File = None,
    version: _Version = None,
    dry_run: _DryRun = False,
    note: Annotated[str, typer.Option("--note", help="Why; `rishta plan versions` tells it.")] = "",
) -> None:
    """Make a stack follow a plan, within five minutes and with no deployment, or again an earlier --version.

    A plan with a fault is refused, by the same rules as `rishta plan check`. What changes is said before.
    """
    from rishta_cli.plans.publishing import Publication, run_publish

    raise typer.Exit(run_publish(stack, Publication(file, version, note, dry_run)))


@plan_app.command("show")
def plan_show(stack: _AStack = None, version: _Version = None) -> None:
    """Print the plan that a stack follows, without comments; its lines are those of the file it came from."""
    from rishta_cli.plans.showing import run_show

    raise typer.Exit(run_show(stack, version))


@plan_app.command("versions")
def plan_versions(stack: _Stack) -> None:
    """List what was published when, by whom and why, the newest first; SSM keeps a hundred."""
    from rishta_cli.plans.showing import run_versions

    raise typer.Exit(run_versions(stack))


@plan_app.command("withdraw")
def plan_withdraw(stack: _Stack, dry_run: _DryRun = False) -> None:
    """Make a stack follow the plan again that was deployed with it; what was published can be published again."""
    from rishta_cli.plans.publishing import run_withdraw

    raise typer.Exit(run_withdraw(stack, dry_run=dry_run))
