"""The room on any DynamoDB, with a bus that remembers, and trouble where a test wants it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from dynamodb_engine import DynamoDBEngine
from engagement.events.customers import CustomerErased
from engagement.events.reviews import ReviewInvited, ReviewModerated
from engagement.items import from_item
from engagement.plan import engagement_plan
from engagement.review_links import STARS, review_id_of
from mail_house import Trouble, Troubled
from recording_bus import RecordingBus
from reviews.rating import Rating
from reviews.ratings_table import Ratings
from reviews.review import Draft, Review, State
from reviews.reviews_table import Reviews
from reviews.telling import Telling
from reviews.wiring import Tables, hearing, reviewing
from shop_facts import NOW, hours, review_invited
from tests.conftest import table_definition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLES = Tables(reviews_table="ReviewsTable", ratings_table="RatingsTable")
REVIEW = review_id_of("cust-asha", "assam-tea")
LATER = NOW + hours(1)
GOOD = Draft(
    rating=4, title="Lovely", text="A fine cup every morning", photo_url=None, name="Asha", language="en"
)
HELD = replace(GOOD, text="More of it at www.example.com")
REFUSED = replace(GOOD, text="What a bastard of a tea")


def erased(customer_id: str = "cust-asha", **changes: Any) -> CustomerErased:
    known = {"event_id": "evt-erased", "occurred_at": NOW + hours(2), "customer_id": customer_id}
    return CustomerErased.model_validate(known | changes)


class House:
    """`client`: of the real engine, or in memory where there is none."""

    def __init__(self, client: Any = None, tables: Tables = TABLES) -> None:
        self.client: Any = client or DynamoDBEngine(
            {name: table_definition(name) for name in ("ReviewsTable", "RatingsTable")}
        )
        self.tables = tables
        self.bus = RecordingBus()

    def hear(
        self, *facts: ReviewInvited | ReviewModerated | CustomerErased, trouble: Trouble | None = None
    ) -> None:
        """One delivery of each."""
        worker = hearing(self._client(trouble), self.tables, self.bus, pause=lambda _: None)
        for fact in facts:
            worker.apply(fact)

    def invite(self, *customers: str, product_id: str = "assam-tea") -> None:
        for customer_id in customers or ("cust-asha",):
            self.hear(review_invited(customer_id, product_id))

    def submit(
        self,
        draft: Draft = GOOD,
        now: datetime = LATER,
        review_id: str = REVIEW,
        trouble: Trouble | None = None,
    ) -> Review | None:
        worker = reviewing(
            self._client(trouble), self.tables, self.bus, engagement_plan(), pause=lambda _: None
        )
        return worker.submit(review_id, draft, now)

    def sweep(self, now: datetime, trouble: Trouble | None = None) -> int:
        reviews = Reviews(self._client(trouble), self.tables.reviews_table)
        return Telling(reviews, self.bus).sweep(now)

    def find(self, review_id: str = REVIEW) -> Review | None:
        return Reviews(self.client, self.tables.reviews_table).find(review_id)

    def review(self, review_id: str = REVIEW) -> Review:
        found = self.find(review_id)
        assert found
        return found

    def rating(self, product_id: str = "assam-tea") -> Rating:
        return Ratings(self.client, self.tables.ratings_table).of(product_id)

    def told(self) -> list[str]:
        """The kinds of facts on the bus, in order."""
        return [type(fact).__name__ for fact in self.bus.told]

    def told_ids(self) -> set[str]:
        return {fact.event_id for fact in self.bus.told}

    def recount(self, review_ids: list[str], product_id: str = "assam-tea") -> Rating:
        """A product's rating by its reviews themselves."""
        found = [review for review in map(self.find, review_ids) if review]
        stars = Counter(
            review.draft.rating
            for review in found
            if review.draft and review.state is State.PUBLISHED and review.product_id == product_id
        )
        return Rating({each: stars[each] for each in STARS})

    def item(self, review_id: str = REVIEW) -> dict[str, Any]:
        answer = self.client.get_item(
            TableName=self.tables.reviews_table, Key={"review_id": {"S": review_id}}, ConsistentRead=True
        )
        return from_item(answer.get("Item", {}))

    def _client(self, trouble: Trouble | None) -> "DynamoDBClient":
        return cast("DynamoDBClient", Troubled(self.client, trouble or Trouble()))
