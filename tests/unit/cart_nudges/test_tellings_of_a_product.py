"""Whatever a shop tells of a product, in whatever order it comes: what was told last, and since when it may be so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cart_nudges.carts.products_table import Product, Products
from dynamodb_engine import DynamoDBEngine
from engagement.events.products import ProductChanged
from engagement.reading import read_one
from shop_facts import NOW, product_changed, rupees
from taking_turns import Wait, take_turns
from tests.conftest import table_definition
from watched_client import Moment, Watched

type Watch = Callable[[Moment, str], None]

HOUR = timedelta(hours=1)
DEFINITIONS = {"ProductsTable": table_definition("ProductsTable")}


def told(prices: list[int]) -> list[ProductChanged]:
    """One price an hour."""
    return [
        product_changed(prices=(rupees(price),), occurred_at=NOW + number * HOUR)
        for number, price in enumerate(prices)
    ]


# The same again is what most catalogues tell each night.
_stories = st.lists(st.sampled_from([450, 500]), min_size=1, max_size=6).map(told)


class Catalogue:
    """What is kept of the one product that there is."""

    def __init__(self) -> None:
        self._engine = DynamoDBEngine(DEFINITIONS)

    def keep(self, fact: ProductChanged, watch: Watch = lambda _moment, _call: None) -> None:
        client: Any = Watched(self._engine, SimpleNamespace(watch=watch))
        Products(client, "ProductsTable").keep(fact)

    @property
    def product(self) -> Product:
        client: Any = self._engine
        found = read_one(client, Products(client, "ProductsTable").reading("assam-tea"))
        assert found
        return found


def so_since(story: list[ProductChanged]) -> datetime:
    """Since when the product has been as it was told last."""
    since = story[-1].occurred_at
    for fact in reversed(story):
        if fact.prices != story[-1].prices:
            break
        since = fact.occurred_at
    return since


@given(story=_stories, data=st.data())
def test_in_any_order_the_last_telling_stays_and_no_change_is_taken_for_older_than_it_is(
    story: list[ProductChanged], data: st.DataObject
) -> None:
    catalogue = Catalogue()
    again = data.draw(st.lists(st.sampled_from(story), max_size=3))
    for fact in data.draw(st.permutations(story + again)):
        catalogue.keep(fact)
    ends_well(catalogue, story)


@given(story=_stories)
def test_told_in_its_order_a_product_is_so_since_it_changed(story: list[ProductChanged]) -> None:
    catalogue = Catalogue()
    for fact in story:
        catalogue.keep(fact)
    assert catalogue.product.changed_at == so_since(story)


@given(story=_stories, turns=st.lists(st.integers(0, 3), max_size=12))
@settings(deadline=None, max_examples=50)
@example(
    # The last one meets the first, which is the same; the other one comes before it can say so.
    story=told([450, 500, 450]),
    turns=[0, 1, 0, 0],
)
def test_told_to_workers_at_once_it_ends_the_same(story: list[ProductChanged], turns: list[int]) -> None:
    catalogue, left = Catalogue(), iter(turns)

    def telling(fact: ProductChanged) -> Callable[[Wait], None]:
        return lambda wait: catalogue.keep(fact, lambda moment, _call: wait() if moment == "before" else None)

    some = story[:3]
    take_turns([telling(fact) for fact in some], lambda at_work: next(left, 0) % at_work)
    ends_well(catalogue, some)


def ends_well(catalogue: Catalogue, story: list[ProductChanged]) -> None:
    product = catalogue.product
    assert (product.prices, product.told_at) == (story[-1].prices, story[-1].occurred_at)
    assert so_since(story) <= product.changed_at <= product.told_at
