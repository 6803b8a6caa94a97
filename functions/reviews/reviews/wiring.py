"""The room put together, for its doors and its tests."""

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import BaseModel

from engagement.bus import Bus
from engagement.plan import EngagementPlan
from reviews.erasing import Erasing
from reviews.forgotten import ForgottenCustomers
from reviews.hearing import Hearing
from reviews.inviting import Inviting
from reviews.moderating import Moderating
from reviews.ratings_table import Ratings
from reviews.reviewing import Reviewing
from reviews.reviews_table import Reviews
from reviews.telling import Telling

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Tables(BaseModel):
    """Their physical names."""

    reviews_table: str
    ratings_table: str


def _pause(seconds: float) -> None:
    # Two that lost the same race must not meet again.
    time.sleep(seconds * random.uniform(0.5, 1.5))  # noqa: S311


def reviewing(
    client: "DynamoDBClient",
    tables: Tables,
    bus: Bus,
    plan: EngagementPlan,
    *,
    pause: Callable[[float], None] = _pause,
) -> Reviewing:
    """What the page does."""
    reviews = Reviews(client, tables.reviews_table)
    return Reviewing(
        reviews=reviews,
        ratings=Ratings(client, tables.ratings_table),
        telling=Telling(reviews, bus),
        rules=plan.reviews.moderation,
        pause=pause,
    )


def hearing(
    client: "DynamoDBClient", tables: Tables, bus: Bus, *, pause: Callable[[float], None] = _pause
) -> Hearing:
    """What the facts' door does."""
    reviews, ratings = Reviews(client, tables.reviews_table), Ratings(client, tables.ratings_table)
    forgotten = ForgottenCustomers(client, tables.reviews_table)
    return Hearing(
        inviting=Inviting(reviews, forgotten, pause),
        moderating=Moderating(reviews, ratings, Telling(reviews, bus), pause),
        erasing=Erasing(reviews, ratings, forgotten, pause),
    )
