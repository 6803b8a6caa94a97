"""The options of `rishta cost`. What it needs is imported when it runs: `rishta --help` must not wait for it."""

from typing import Annotated

import typer


def cost(
    *,
    customers: Annotated[int | None, typer.Option(min=0, help="Whom the shop knows.")] = None,
    carts: Annotated[
        int | None, typer.Option(min=0, help="In the month, guests' included; left out: 3 a customer.")
    ] = None,
    orders: Annotated[int | None, typer.Option(min=0, help="Left out: 1 of 10 carts.")] = None,
    reviews: Annotated[int | None, typer.Option(min=0, help="Left out: 1 of 12 orders.")] = None,
    mails: Annotated[
        int | None, typer.Option(min=0, help="All of the month; left out: as many as the rest brings.")
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(help="Instead of --customers: small (10,000), medium (100,000), large (a million)."),
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(help="NAME=NUMBER for anything else that is assumed; the output lists all. Repeatable."),
    ] = None,
    region: Annotated[str, typer.Option(help="Of whose prices.")] = "eu-central-1",
    on: Annotated[
        str | None, typer.Option("--on", help="By the prices of a month, YYYY-MM; left out: this one's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As data.")] = False,
) -> None:
    """What a month would cost on AWS, service by service, with SES apart; nothing is called, nothing is changed.

    From the calls that tests count, the template's schedules, queues and alarms, and a dated price table.
    """
    from rishta_cli.cost.command import show_cost

    numbers = {"customers": customers, "carts": carts, "orders": orders, "reviews": reviews, "mails": mails}
    raise typer.Exit(
        show_cost(size=size, numbers=numbers, assume=assume or (), region=region, on=on, as_json=as_json)
    )
