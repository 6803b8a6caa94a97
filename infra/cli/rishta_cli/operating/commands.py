"""`rishta status`, `redrive`, `replay`, `pause`, `resume`, `config check` and `drill`, as they are typed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

config_app = typer.Typer(no_args_is_help=True, help="What a deployed stack needs around it.")

_AStack = Annotated[
    str | None,
    typer.Option(
        "--stack",
        help="A deployed stack, in the account and region of your credentials; else the local cloud.",
    ),
]
_Go = Annotated[
    bool, typer.Option("--go", help="Do it. Without it the command only looks, as with --dry-run.")
]
_Looking = Annotated[bool, typer.Option("--dry-run", help="Only look. It is what happens without --go.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
_Campaign = Annotated[str, typer.Argument(help="A campaign's name in the engagement plan.")]
_INSTANTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d"]


def status(stack: _AStack = None) -> None:
    """Show queues, schedules, alarms, campaigns, today's numbers and SES; end with what wants attention.

    Exit code 0: all is well; 1: something wants attention.
    """
    from rishta_cli.operating.status import run_status

    raise typer.Exit(run_status(stack))


def redrive(
    queue: Annotated[
        str, typer.Argument(help="A queue's logical id in template.yaml, such as CartNudgesQueue.")
    ],
    stack: _AStack = None,
    go: _Go = False,
    dry_run: _Looking = False,
    per_second: Annotated[int, typer.Option(min=1, max=1000, help="Letters put back a second.")] = 10,
    at_most: Annotated[int, typer.Option(min=1, help="Letters looked at, at most.")] = 10_000,
    set_aside: Annotated[
        Path | None,
        typer.Option(
            help="With --go: a file to which letters that can never pass are written, and taken out."
        ),
    ] = None,
) -> None:
    """Look at a queue's dead letters (kinds, ages, reasons), and with --go put back those that may pass.

    A letter that no door can read stays where it is, unless it is set aside. Interrupt at any time; run it again.
    """
    from rishta_cli.operating.redriving import Redrive, run_redrive

    wanted = Redrive(go=go and not dry_run, per_second=per_second, at_most=at_most, set_aside=set_aside)
    raise typer.Exit(run_redrive(stack, queue, wanted))


def replay(
    since: Annotated[datetime, typer.Option("--from", formats=_INSTANTS, help="From then on (UTC).")],
    until: Annotated[datetime, typer.Option("--to", formats=_INSTANTS, help="Until then (UTC).")],
    stack: _AStack = None,
    rule: Annotated[
        list[str] | None, typer.Option(help="Only this rule, by its logical id; may be given again.")
    ] = None,
    capability: Annotated[
        list[str] | None, typer.Option(help="Only this capability, such as cart_nudges; may be given again.")
    ] = None,
    go: _Go = False,
    dry_run: _Looking = False,
) -> None:
    """Tell what the shop told in a span of time once more, out of the bus's archive.

    Without --go it only says what the archive holds. It doubles nothing: a capability takes a fact twice as once.
    """
    from rishta_cli.operating.replaying import Replaying, run_replay

    wanted = Replaying(
        since=since.replace(tzinfo=UTC),
        until=until.replace(tzinfo=UTC),
        rules=tuple(rule or ()),
        capabilities=tuple(capability or ()),
        go=go and not dry_run,
    )
    raise typer.Exit(run_replay(stack, wanted))


def pause(campaign: _Campaign, stack: _AStack = None, dry_run: _DryRun = False) -> None:
    """Send no mail of a campaign until it is resumed; what falls due meanwhile waits."""
    from rishta_cli.operating.pausing import run_pause

    raise typer.Exit(run_pause(stack, campaign, dry_run=dry_run))


def resume(campaign: _Campaign, stack: _AStack = None, dry_run: _DryRun = False) -> None:
    """Let a paused campaign send again; what was counted so far will not pause it once more."""
    from rishta_cli.operating.pausing import run_resume

    raise typer.Exit(run_resume(stack, campaign, dry_run=dry_run))


@config_app.command("check")
def config_check(
    stack: Annotated[
        str, typer.Option("--stack", help="The stack's name, in the account of your credentials.")
    ],
) -> None:
    """Check secrets, plan, SES, DNS as far as SES sees it, triggers, schedules, alarms' readers and logs.

    It changes nothing. Exit code 0: everything is as it must be; 1: something is not.
    """
    from rishta_cli.operating.config_checking import run_config_check

    raise typer.Exit(run_config_check(stack))


def drill() -> None:
    """Play five mishaps on the local cloud (SES away, poison, a broken plan, a table throttled, a day told again) and
    put each right with the commands above; fails if anything is lost or doubled.
    """
    from rishta_cli.operating.drill import run_drill

    raise typer.Exit(run_drill())


def mount(app: typer.Typer) -> None:
    """All of them, as commands of `rishta`."""
    for command in (status, redrive, replay, pause, resume, drill):
        app.command()(command)
    app.add_typer(config_app, name="config")
