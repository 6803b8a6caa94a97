"""`rishta customer`, as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True, help="One person: everything that is held on them, as a file, and its end."
)

_Customer = Annotated[str, typer.Argument(help="A customer's id.", metavar="CUSTOMER")]
_AStack = Annotated[
    str | None,
    typer.Option(
        "--stack",
        help="A deployed stack, in the account and region of your credentials; else the local cloud.",
    ),
]
_Address = Annotated[
    str | None,
    typer.Option(
        "--email",
        help="An address of theirs, where the profile does not tell it: a guest's, or of one erased.",
    ),
]


@app.command("show")
def show(customer: _Customer, stack: _AStack = None, email: _Address = None) -> None:
    """Show what is held on a customer: where, how much, since when. No name, address or text is printed.

    It reads some tables as a whole (carts, offers, the mail log), which is paid by what they hold: cents, for millions.
    """
    from rishta_cli.customers.showing import run_show

    raise typer.Exit(run_show(stack, customer, email))


@app.command("export")
def export(
    customer: _Customer,
    to: Annotated[Path, typer.Option("--to", help="The file; one of that name is replaced.", dir_okay=False)],
    stack: _AStack = None,
    email: _Address = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be in it.")] = False,
) -> None:
    """Write all that is held on a customer into a file, as JSON, that only you may read."""
    from rishta_cli.customers.showing import run_export

    raise typer.Exit(run_export(stack, customer, email, to, dry_run=dry_run))


@app.command("erase")
def erase(
    customer: _Customer,
    stack: _AStack = None,
    email: _Address = None,
    go: Annotated[
        bool, typer.Option("--go", help="Do it. Without it the command only looks, as with --dry-run.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look. It is what happens without --go.")
    ] = False,
    author: Annotated[str | None, typer.Option("--author", help="Who does it. It is kept for good.")] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why: a ticket's number. Kept for good: nothing personal.")
    ] = None,
    wait: Annotated[
        int, typer.Option("--wait", min=0, max=3600, help="Seconds to wait for what is on its way.")
    ] = 120,
) -> None:
    """Erase a customer: say what goes, what stays and why, and with --go do it, and look whether it is gone.

    Tells CustomerErased on the bus and deletes what no capability does. Interrupt at any time; run it again.
    Exit code 1: something is left over.
    """
    from rishta_cli.customers.showing import run_erase

    if go and not dry_run and not (author and reason):
        typer.echo("--go needs --author and --reason: both are kept, to show that it was done.", err=True)
        raise typer.Exit(2)
    wanted = (author or "", reason or "", float(wait))
    raise typer.Exit(run_erase(stack, customer, email, wanted, go=go and not dry_run))
