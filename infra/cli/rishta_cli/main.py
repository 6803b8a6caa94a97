"""`rishta`: what a developer or an operator does with the system from a terminal."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rishta_cli import loyalty, reviews
from rishta_cli.cost.options import cost
from rishta_cli.customers import commands as customers
from rishta_cli.operating import commands as operating
from rishta_cli.plans.commands import plan_app

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
import_app = typer.Typer(no_args_is_help=True, help="Bring in what a shop already has.")
mail_app = typer.Typer(no_args_is_help=True, help="The mails that capabilities send.")
keys_app = typer.Typer(no_args_is_help=True, help="The secrets of a deployed stack.")
campaign_app = typer.Typer(no_args_is_help=True, help="The campaigns of a deployed stack.")
app.add_typer(campaign_app, name="campaign")
app.add_typer(customers.app, name="customer")
app.add_typer(import_app, name="import")
app.add_typer(keys_app, name="keys")
app.add_typer(loyalty.app, name="loyalty")
app.add_typer(mail_app, name="mail")
app.add_typer(plan_app, name="plan")
app.add_typer(reviews.app, name="reviews")
app.command()(cost)
operating.mount(app)

_Stack = Annotated[str, typer.Option("--stack", help="The stack's name, in the account of your credentials.")]

# Commands import what they need when they run: `rishta --help` must not wait for the local cloud's imports.


@app.command()
def demo(
    directory: Annotated[
        Path, typer.Option("--into", help="Where the report and the mailbox page go.")
    ] = Path(".local/demo"),
) -> None:
    """Tell two days at a shop on the local cloud; fails when the story ends differently from how it should."""
    from rishta_cli.demo.command import run_demo

    raise typer.Exit(run_demo(directory))


@app.command()
def invoke(
    function: Annotated[str, typer.Argument(help="A function's logical id in template.yaml.")],
    event: Annotated[Path, typer.Argument(help="An event file, such as those under events/.", exists=True)],
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what earlier calls left in the local cloud.")
    ] = False,
) -> None:
    """Run one function on one event in the local cloud, let what follows from it happen, and show the mails."""
    from rishta_cli.invoking import run_invoke

    raise typer.Exit(run_invoke(function, event, fresh=fresh))


@import_app.command("orders")
def import_orders(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with the columns order_id, customer_id, ordered_on (YYYY-MM-DD, the shop's date), amount_minor"
            " (whole cents, paise, …) and currency (ISO 4217); further columns are ignored.",
            exists=True,
            dir_okay=False,
        ),
    ],
    bus: Annotated[
        str | None, typer.Option(help="Publish to this bus in AWS (the stack's output ShopBusName) instead.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what earlier calls left in the local cloud.")
    ] = False,
) -> None:
    """Publish a shop's past orders, so that their points are booked; they trigger no mails. Safe to repeat.

    Into the local cloud unless --bus is given. Lines that are wrong are named and left out; the others are imported.
    """
    from rishta_cli.importing import import_into_aws, import_into_local_cloud

    raise typer.Exit(import_into_aws(file, bus) if bus else import_into_local_cloud(file, fresh=fresh))


_On = Annotated[
    datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The day on which mails would leave.")
]
_DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only look: runs are the schedule's, no command starts one.")
]
_AStack = Annotated[
    str | None, typer.Option("--stack", help="A deployed stack; the local cloud's tables if left out.")
]


@app.command()
def birthdays(on: _On, dry_run: _DryRun = False, stack: _AStack = None) -> None:
    """List who would get a birthday mail on a day and, of everyone else with that birthday, why not."""
    occasion("birthday", on, dry_run, stack)


@app.command()
def anniversaries(on: _On, dry_run: _DryRun = False, stack: _AStack = None) -> None:
    """The same for those who joined on that day in an earlier year."""
    occasion("joining", on, dry_run, stack)


@app.command()
def occasion(
    name: Annotated[str, typer.Argument(help="birthday, joining, or a name among customers' `dates`.")],
    on: _On,
    dry_run: _DryRun = False,
    stack: _AStack = None,
) -> None:
    """The same for any occasion that the engagement plan has a campaign for."""
    if not dry_run:
        typer.echo(
            "Runs are the schedule's; this command looks ahead, and writes nothing: add --dry-run.", err=True
        )
        raise typer.Exit(2)
    from rishta_cli.project import reach

    reach("mail_delivery", "occasion_offers")
    from rishta_cli.occasions import show_dry_run

    raise typer.Exit(show_dry_run(name, on.date(), stack))


@app.command()
def experiment(
    name: Annotated[
        str,
        typer.Argument(help="cart_nudges for all of them, or one experiment's name in the engagement plan."),
    ],
    stack: _AStack = None,
    directory: Annotated[Path, typer.Option("--into", help="Where the picture goes.")] = Path(
        ".local/experiments"
    ),
) -> None:
    """Show what each variant of each step recovered, and whether customers were shared out as planned."""
    from rishta_cli.experiments.command import show_experiments

    raise typer.Exit(show_experiments(name, stack, directory))


@campaign_app.command("list")
def campaign_list(stack: _Stack) -> None:
    """Say of every campaign whether it runs, or since when and why it is paused."""
    from rishta_cli.campaigns import list_campaigns

    raise typer.Exit(list_campaigns(stack))


@campaign_app.command("report")
def campaign_report(
    stack: _Stack,
    name: Annotated[str | None, typer.Argument(help="One campaign; all if left out.")] = None,
    days: Annotated[
        int, typer.Option(min=1, help="Of mails sent in so many days (UTC), today included.")
    ] = 14,
) -> None:
    """What became of the mails, by day of sending and variant, with shares of those sent."""
    from rishta_cli.campaigns import report_campaigns

    raise typer.Exit(report_campaigns(stack, name, days=days))


@mail_app.command("build")
def mail_build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a template is stale.")
    ] = False,
) -> None:
    """Compile the mails' MJML and plain text into the templates that Lambda runs."""
    from rishta_cli.mails.building import build_mails

    raise typer.Exit(build_mails(check=check))


@mail_app.command("preview")
def mail_preview(
    directory: Annotated[Path, typer.Option("--into", help="Where the page goes.")] = Path(".local/mails"),
) -> None:
    """Write a page with every mail of every capability in every language, light and dark, phone and desktop."""
    from rishta_cli.mails.gallery import preview_mails

    raise typer.Exit(preview_mails(directory))


@keys_app.command("rotate")
def keys_rotate(
    stack: _Stack,
    forget_older: Annotated[
        bool, typer.Option("--forget-older", help="No link may work any more that was sent until now.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
) -> None:
    """Put a new signing key in front, now; by itself that happens every 90 days."""
    from rishta_cli.stack_secrets import rotate

    raise typer.Exit(rotate(stack, forget_older=forget_older, dry_run=dry_run))


@app.command()
def schemas(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is stale.")] = False,
) -> None:
    """Write events/schemas/ from the event models."""
    from rishta_cli.schemas import publish_schemas

    raise typer.Exit(publish_schemas(check=check))


@app.command()
def readme(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if the table is stale.")
    ] = False,
) -> None:
    """Write the README's table of functions from template.yaml."""
    from rishta_cli.readme import write_readme

    raise typer.Exit(write_readme(check=check))
