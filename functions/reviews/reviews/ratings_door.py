"""Door: GET /ratings, /ratings/schema.org and /reviews, for the shop's pages, signed with AWS credentials."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from engagement import aws
from engagement.settings import DoorSettings
from engagement.startup import ready
from reviews.answering import Answering
from reviews.ratings_table import Ratings
from reviews.reviews_table import Reviews


class Settings(DoorSettings):
    ratings_table: str
    reviews_table: str


@cache
def capability() -> Answering:
    settings, client = Settings.from_environment(), aws.dynamodb()
    return Answering(Reviews(client, settings.reviews_table), Ratings(client, settings.ratings_table))


@ready
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return capability().answer(event)
