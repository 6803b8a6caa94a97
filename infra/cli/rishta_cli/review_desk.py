"""The moderator's desk: reviews that wait for somebody's look, and what somebody decides about them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from getpass import getuser
from typing import TYPE_CHECKING, Any
from unicodedata import category

from pydantic import TypeAdapter, ValidationError
from rich.table import Table
from rich.text import Text

from engagement.bus import faults
from engagement.events.reviews import ReviewId, ReviewModerated
from engagement.items import from_item, to_item
from rishta_cli.project import import_from_room
from rishta_cli.saying import console, say
from rishta_cli.stacks import Stack, answered, reached

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TABLE = "ReviewsTable"
# Two that join letters, as Hindi needs them; all else that cannot be seen is shown as what it is not.
_JOINERS = "\u200c\u200d"
_UNSEEN = "\ufffd"
_WHY_NOT = {
    "overtaken": "was changed, or decided about, meanwhile. This is how it is now:",
    "unwritten": "is not written yet: its customer was only asked.",
}


@dataclass(frozen=True)
class Desk:
    """The room's table by its own reading, and where a decision is put."""

    client: "DynamoDBClient"
    table: str
    tell: Callable[[ReviewModerated], bool]

    def waiting(self) -> Iterator[Any]:
        """The reviews that are held, the longest waiting first."""
        room = _room("reviews_table")
        held = [review for shard in range(room.PENDING_SHARDS) for review in self._shard(f"shard-{shard}")]
        yield from sorted(held, key=lambda review: (review.submitted_at, review.review_id))

    def find(self, review_id: str) -> Any:
        return _room("reviews_table").Reviews(self.client, self.table).find(review_id)

    def _shard(self, shard: str) -> Iterator[Any]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            IndexName="pending",
            KeyConditionExpression="pending_shard = :shard",
            ExpressionAttributeValues=to_item({":shard": shard}),
        )
        for page in pages:
            yield from (_room("reviews_table").review_from(from_item(item)) for item in page["Items"])


@answered
def show_pending(stack: str | None) -> int:
    """Prints what waits; the exit code."""
    with _desk(stack) as desk:
        waiting = list(desk.waiting())
    if not waiting:
        say("No review waits for anybody's look.")
        return 0
    table = Table(
        "review", "revision", "product", "stars", "submitted", "held for", title="Reviews that wait"
    )
    for review in waiting:
        table.add_row(
            Text(review.review_id, no_wrap=True),
            str(review.revision),
            Text(f"{seen(review.product_name)} ({seen(review.product_id)})"),
            str(review.draft.rating),
            f"{review.submitted_at:%Y-%m-%d %H:%M} UTC",
            seen(review.reason or ""),
        )
    console().print(table)
    for review in waiting:
        _show(review)
    return 0


@answered
def show_review(stack: str | None, review_id: str) -> int:
    """Prints one review as it is now; the exit code."""
    try:
        TypeAdapter(ReviewId).validate_python(review_id)
    except ValidationError:
        say("A review's id has 32 digits and small letters from a to f.", style="red")
        return 2
    with _desk(stack) as desk:
        review = desk.find(review_id)
    if review is None:
        say(f"There is no review {review_id}.", style="red")
        return 1
    say(f"{seen(review.product_name)} ({seen(review.product_id)}), order {seen(review.order_id)}")
    if not review.draft:
        say(f"{review_id} {_WHY_NOT['unwritten']}")
        return 0
    since = review.published_at or review.submitted_at
    why = f", {seen(review.reason)}" if review.reason else ""
    whose = f", decided by {seen(review.moderator)}" if review.moderator else ""
    say(f"{review.draft.rating} of 5 stars, since {since:%Y-%m-%d %H:%M} UTC{why}{whose}")
    _show(review)
    return 0


@answered
def decide(
    stack: str | None,
    review_id: str,
    revision: int,
    *,
    published: bool,
    reason: str | None = None,
    by: str | None = None,
) -> int:
    """Puts the decision on the bus if it holds for the review as it is now; the exit code."""
    try:
        fact = ReviewModerated(
            event_id=f"moderated-{review_id}-{revision}-{'published' if published else 'rejected'}",
            occurred_at=datetime.now(UTC),
            review_id=review_id,
            revision=revision,
            published=published,
            reason=reason,
            moderator=by or getuser(),
        )
    except ValidationError as error:
        say(faults(error), style="red")
        return 2
    except OSError:
        say("You have no user name here: say --by.", style="red")
        return 2
    with _desk(stack) as desk:
        review = desk.find(review_id)
        if review is None:
            say(f"There is no review {review_id}.", style="red")
            return 1
        standing = _room("rules").standing_of(review, fact).value
        if standing in _WHY_NOT:
            say(f"{review_id} {_WHY_NOT[standing]}", style="red")
            if review.draft:
                _show(review)
            return 1
        if not desk.tell(fact):
            say("The bus did not take it: try again.", style="red")
            return 1
    decision = "publish" if published else "reject"
    say(f"The decision of {seen(fact.moderator)} to {decision} {review_id} is on its way.")
    return 0


def _show(review: Any) -> None:
    name = seen(review.draft.name) or "no name"
    say(f"{review.review_id}, revision {review.revision}, {review.state.value}, by {name}")
    for line in written(review.draft):
        say(f"  | {line}")


def written(draft: Any) -> Iterator[str]:
    """A draft's words, line by line; none of them can do anything to a terminal."""
    for part in (draft.title, draft.text, draft.photo_url or ""):
        yield from (seen(line) for line in part.splitlines() if line.strip())


def seen(text: str) -> str:
    """One line, as it is seen: what would move the cursor, turn the writing round or hide is replaced."""
    return "".join(
        _UNSEEN if category(letter)[0] in "CZ" and letter not in f" {_JOINERS}" else letter for letter in text
    )


@contextmanager
def _desk(stack: str | None) -> Iterator[Desk]:
    with reached(stack, whole=False) as found:
        yield Desk(found.client("dynamodb"), found.physical_id(_TABLE), partial(_put, found))


def _put(stack: Stack, fact: ReviewModerated) -> bool:
    answer = stack.client("events").put_events(
        Entries=[
            {
                "EventBusName": stack.outputs["ShopBusName"],
                "Source": "shop",
                "DetailType": type(fact).__name__,
                "Detail": fact.model_dump_json(),
            }
        ]
    )
    return bool(answer["FailedEntryCount"] == 0)


def _room(module: str) -> Any:
    room = import_from_room("reviews", module)
    assert room, f"the room reviews has its {module}"
    return room
