"""`rishta loyalty`: what somebody asks of the loyalty ledger, and corrects in it."""

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True, help="The loyalty ledger: do the books add up, who has what, corrections."
)

_AStack = Annotated[
    str | None, typer.Option("--stack", help="A deployed stack; the local cloud's tables if left out.")
]
_Customer = Annotated[str, typer.Argument(help="A customer's id.", metavar="CUSTOMER")]


@app.command("audit")
def audit(
    customer: Annotated[
        str | None, typer.Argument(help="A customer's id; all customers if left out.", metavar="CUSTOMER")
    ] = None,
    stack: _AStack = None,
    resume: Annotated[
        str | None, typer.Option("--resume", help="Go on where an audit of all stopped: it says how.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Stop after so many customers, and say how to go on.")
    ] = None,
) -> None:
    """Fold every entry anew and compare: account, orders, reviews, reservations, tier. Fails where anything differs.

    Of all customers it reads the whole table, page by page. It writes nothing. Tiers are those of this checkout's plan.
    """
    from rishta_cli.loyalty_audit import audit_all, audit_one

    if customer and (resume or limit):
        typer.echo("--resume and --limit are for an audit of all customers.", err=True)
        raise typer.Exit(2)
    raise typer.Exit(audit_one(stack, customer) if customer else audit_all(stack, resume, limit))


@app.command("show")
def show(
    customer: _Customer,
    stack: _AStack = None,
    entries: Annotated[int, typer.Option("--entries", min=1, max=1000, help="So many, newest first.")] = 20,
) -> None:
    """Show what a customer has as of now, what is pending, the tier, and the latest entries."""
    from rishta_cli.loyalty_desk import show_customer

    raise typer.Exit(show_customer(stack, customer, entries))


@app.command("adjust")
def adjust(
    customer: _Customer,
    points: Annotated[
        int, typer.Argument(help="So many more or, after `--`, fewer: -- -50", metavar="POINTS")
    ],
    adjustment: Annotated[
        str, typer.Option("--id", help="Your id of this correction, such as a ticket's. It counts once.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why. It is kept for good: nothing personal.")],
    author: Annotated[str, typer.Option("--author", help="Who decided. Kept for good, too.")],
    stack: _AStack = None,
    unheard_of: Annotated[
        bool, typer.Option("--new-customer", help="Though nothing was ever booked for this customer.")
    ] = False,
) -> None:
    """Correct a balance by an entry of its own. Safe to repeat by --id; the facts are told within minutes."""
    from rishta_cli.loyalty_desk import Correction, adjust_points

    correction = Correction(customer, adjustment, points, reason, author)
    raise typer.Exit(adjust_points(stack, correction, unheard_of=unheard_of))
