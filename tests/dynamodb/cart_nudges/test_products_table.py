"""Products on the real engine: what the shop told last is how it is sold now."""

from collections.abc import Callable
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from cart_nudges.carts.products_table import Product, Products
from engagement.reading import read_one
from shop_facts import NOW, dollars, hours, product_changed, rupees

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def products(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> Products:
    return Products(dynamodb, dynamodb_table("ProductsTable"))


def known(products: Products, product_id: str = "assam-tea") -> Product | None:
    return read_one(products._client, products.reading(product_id))


def test_a_product_comes_back_as_it_was_told(products: Products) -> None:
    url = "https://shop.example.com/assam.jpg"
    assert products.keep(product_changed(prices=(rupees(500), dollars(6)), image_url=url))
    found = known(products)
    assert found
    assert set(found.prices) == {dollars(6), rupees(500)}
    assert (found.name, found.available, found.image_url, found.told_at) == ("Assam tea", True, url, NOW)


def test_of_a_product_that_nobody_told_us_of_nothing_is_known(products: Products) -> None:
    assert known(products) is None
    premise = products.premise("assam-tea", None)
    assert (premise.key, set(premise.still.values())) == ({"product_id": "assam-tea"}, {None})


def test_what_was_told_last_stays_in_whatever_order_it_comes(products: Products) -> None:
    facts = [product_changed(name=f"Tea {hour}", occurred_at=NOW + hours(hour)) for hour in range(3)]
    for number, way in enumerate(permutations(facts)):
        product_id = f"tea-{number}"
        for fact in way:
            products.keep(fact.model_copy(update={"product_id": product_id}))
        assert (found := known(products, product_id))
        assert found.name == "Tea 2"


def test_the_same_again_is_no_news(products: Products) -> None:
    fact = product_changed()
    assert products.keep(fact)
    assert not products.keep(fact)


def test_what_is_told_again_unchanged_is_no_news_and_no_mail_about_it_is_untrue(products: Products) -> None:
    products.keep(product_changed())
    before = products.premise("assam-tea", known(products))
    assert products.keep(product_changed(occurred_at=NOW + hours(24)))
    assert (found := known(products))
    assert (found.changed_at, found.told_at) == (NOW, NOW + hours(24))
    assert products.premise("assam-tea", found) == before
    # Its last telling counts none the less against what comes late.
    products.keep(product_changed(prices=(rupees(500),), occurred_at=NOW + hours(12)))
    assert (found := known(products))
    assert found.prices == (rupees(450),)
    # But in between it was something else.
    assert found.changed_at == NOW + hours(24)
    assert products.premise("assam-tea", found) != before


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Assam"},
        {"prices": ()},
        {"available": False},
        {"image_url": "https://shop.example.com/a.jpg"},
    ],
)
def test_whatever_changes_of_what_a_mail_shows_makes_it_untrue(
    products: Products, change: dict[str, Any]
) -> None:
    products.keep(product_changed())
    before = products.premise("assam-tea", known(products))
    products.keep(product_changed(occurred_at=NOW + hours(1), **change))
    assert products.premise("assam-tea", known(products)) != before


def test_of_one_instant_sold_out_counts_and_a_mail_written_before_is_not_true_any_more(
    products: Products,
) -> None:
    in_stock, sold_out = product_changed(), product_changed(available=False)
    for way in ((in_stock, sold_out), (sold_out, in_stock)):
        premises = []
        for fact in way:
            products.keep(fact)
            premises.append(products.premise("assam-tea", known(products)))
        assert (found := known(products))
        assert not found.available
        products._client.delete_item(TableName=products._table, Key={"product_id": {"S": "assam-tea"}})
        assert len({premise.model_dump_json() for premise in premises}) == (2 if way[0] is in_stock else 1)
