"""`rishta reviews`: what a moderator types."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Reviews: which wait for somebody's look, and what is decided.")

_AStack = Annotated[
    str | None, typer.Option("--stack", help="A deployed stack; the local cloud's tables if left out.")
]
_ReviewId = Annotated[str, typer.Argument(help="A review's id, as `rishta reviews pending` shows it.")]
_AnyReviewId = Annotated[
    str, typer.Argument(help="A review's id, as `/reviews` and `rishta reviews pending` have it.")
]
_Revision = Annotated[
    int, typer.Option("--revision", help="Which of its states was looked at, shown there too.")
]
_By = Annotated[str | None, typer.Option("--by", help="Who decided; your user name if left out.")]


@app.command("pending")
def pending(stack: _AStack = None) -> None:
    """List them, the longest waiting first, with what they say and why they are held."""
    from rishta_cli.review_desk import show_pending

    raise typer.Exit(show_pending(stack))


@app.command("show")
def show(review_id: _AnyReviewId, stack: _AStack = None) -> None:
    """Show one as it is now, published or not: its words, and the revision to decide about."""
    from rishta_cli.review_desk import show_review

    raise typer.Exit(show_review(stack, review_id))


@app.command("publish")
def publish(review_id: _ReviewId, revision: _Revision, stack: _AStack = None, by: _By = None) -> None:
    """Let everybody see a review. One that was changed meanwhile has to be looked at again."""
    from rishta_cli.review_desk import decide

    raise typer.Exit(decide(stack, review_id, revision, published=True, by=by))


@app.command("reject")
def reject(
    review_id: _ReviewId,
    revision: _Revision,
    reason: Annotated[str, typer.Option("--reason", help="One word why: spam, abuse, off_topic …")],
    stack: _AStack = None,
    by: _By = None,
) -> None:
    """Do not show a review, or not any more. Not for few stars: whoever gives them may publish like anybody."""
    from rishta_cli.review_desk import decide

    raise typer.Exit(decide(stack, review_id, revision, published=False, reason=reason, by=by))
