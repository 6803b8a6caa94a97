"""Ratings on the real engine: thousands of submissions, edits and decisions at once, with trouble among them."""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from engagement.errors import RetryLaterError
from engagement.review_links import review_id_of
from mail_house import Kill
from reviews import moderating, reviewing
from reviews.review import State
from reviews.telling import Telling
from reviews.wiring import Tables
from shop_facts import review_invited, review_moderated
from tests.unit.reviews.house import GOOD, HELD, LATER, REFUSED, House
from unreliable_client import Unreliable

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

THREADS = 20
# Each costs some 10 ms of the machine, however many threads there are. Ten thousand are as exact.
OPERATIONS = int(os.environ.get("RATINGS_OPERATIONS", "800"))
PRODUCTS = ("assam-tea", "chai-glass", "masala-mix")
# So few that they write again, and decisions meet submissions; so many that not all is decided in the end.
CUSTOMERS = OPERATIONS * 3 // 50


def test_ratings_are_exact_after_thousands_of_changes_at_once(
    dynamodb_engine: "DynamoDBLocal", dynamodb_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reviewing, moderating):
        # Metrics, logs and telling are no part of a rating, and cost as much time as all that is.
        monkeypatch.setattr(module, "count", lambda *_, **__: None)
    monkeypatch.setattr(moderating, "_warn", lambda *_: None)
    monkeypatch.setattr(Telling, "tell", lambda *_: None)
    tables = Tables(
        reviews_table=dynamodb_table("ReviewsTable"), ratings_table=dynamodb_table("RatingsTable")
    )
    # Clients of AWS are built so in the house itself; what is left out is a third of what a call costs.
    config = Config(max_pool_connections=THREADS, parameter_validation=False, user_agent="rishta")
    client = boto3.client("dynamodb", endpoint_url=dynamodb_engine.endpoint, config=config)
    unreliable = Unreliable(client)
    house = House(unreliable, tables)
    ids = {product: [review_id_of(f"cust-{n}", product) for n in range(CUSTOMERS)] for product in PRODUCTS}
    looked_at: dict[str, int] = {}

    def invite(number: int) -> None:
        House(client, tables).hear(review_invited(f"cust-{number}", *PRODUCTS))

    def operate(number: int) -> None:
        """One submission, or one decision about what was seen last of a review."""
        chance = random.Random(number)
        review_id = chance.choice(ids[chance.choice(PRODUCTS)])
        with suppress(RetryLaterError, ClientError, Kill):
            if review_id in looked_at and chance.random() < 0.4:
                decision: dict[str, Any] = {
                    "published": chance.random() < 0.5,
                    "revision": looked_at[review_id],
                }
                looked_at[review_id] += 1
                house.hear(review_moderated(review_id, **decision))
                return
            draft = replace(chance.choice([GOOD, HELD, HELD, REFUSED]), rating=chance.randint(1, 5))
            if review := house.submit(draft, LATER, review_id):
                looked_at[review_id] = review.revision

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(invite, range(CUSTOMERS)))
        list(pool.map(operate, range(OPERATIONS)))
    for product in PRODUCTS:
        rating, recounted = house.rating(product), house.recount(ids[product], product)
        assert rating == recounted
        assert rating.count > CUSTOMERS // 10
    assert min(unreliable.met[fate] for fate in ("conflict", "throttle", "kill")) > OPERATIONS // 200
    states = Counter(house.review(each).state for each in ids["assam-tea"])
    assert states.keys() >= {State.PENDING, State.PUBLISHED, State.REJECTED}
    client.close()
