"""Whatever the shop tells of an order, in whatever order and however often: in the end the same is known."""

from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.events.orders import RefundedLine
from review_requests.orders import Order, OrderNews, with_fact
from shop_facts import (
    NOW,
    a_line,
    case_closed,
    case_opened,
    days,
    order_cancelled,
    order_delivered,
    order_fulfilled,
    order_paid,
    order_placed,
    order_refunded,
    review_submitted,
    rupees,
)

LINES = st.lists(
    st.builds(
        lambda name, quantity, category, kind, image: a_line(name, quantity=quantity).model_copy(
            update={"category": category, "kind": kind, "image_url": image}
        ),
        st.sampled_from(["Tea", "Cup"]),
        st.integers(1, 3),
        st.sampled_from([None, "skin_care", "tea"]),
        st.sampled_from(["physical", "digital", "gift_card"]),
        st.sampled_from([None, "https://shop.example.com/a.jpg", "https://shop.example.com/b.jpg"]),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
# Few, so that facts fall on the same moment.
MOMENTS = st.integers(0, 3).map(lambda day: NOW + days(day))
PARCELS = st.sampled_from(["parcel-1", "parcel-2"])
WHERE = st.sampled_from(["domestic", "foreign"])
REFUNDED = st.sampled_from([None, (), (RefundedLine(product_id="tea"),), (RefundedLine(product_id="cup"),)])


def _facts(build: Any, **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(build, occurred_at=MOMENTS, **fields)


FACTS: st.SearchStrategy[OrderNews] = st.one_of(
    _facts(order_placed, lines=LINES),
    _facts(order_paid, amount=st.integers(1, 3).map(rupees), imported=st.booleans()),
    _facts(
        order_fulfilled,
        lines=LINES,
        fulfilment_id=PARCELS,
        destination=WHERE,
        expected_at=st.none() | MOMENTS,
    ),
    _facts(order_delivered, lines=LINES, fulfilment_id=st.none() | PARCELS, destination=WHERE),
    _facts(order_refunded, lines=REFUNDED, amount=st.integers(1, 3).map(rupees)),
    _facts(case_opened),
    _facts(case_closed),
    _facts(order_cancelled),
    _facts(review_submitted),
)


def known(facts: list[OrderNews]) -> Order | None:
    return reduce(with_fact, facts, None)


@settings(max_examples=100)
@given(data=st.data(), facts=st.lists(FACTS, min_size=2, max_size=6))
def test_all_permutations_of_an_orders_facts_end_alike_however_often_each_is_told(
    data: st.DataObject, facts: list[OrderNews]
) -> None:
    told = data.draw(st.permutations(facts + data.draw(st.lists(st.sampled_from(facts), max_size=4))))
    assert known(list(told)) == known(facts)


@settings(max_examples=50)
@given(st.lists(FACTS, min_size=1, max_size=5))
def test_what_is_kept_of_an_order_is_read_as_it_was_written(facts: list[OrderNews]) -> None:
    order = known(facts)
    assert order
    assert Order.model_validate(order.model_dump(mode="json", exclude_defaults=True)) == order


def test_a_product_on_several_lines_is_one() -> None:
    order = known([order_placed(lines=(a_line("Tea", quantity=2), a_line("Tea", quantity=3)))])
    assert order
    assert order.products["tea"].quantity == 5


def test_a_picture_with_an_endless_address_is_left_out() -> None:
    line = a_line("Tea").model_copy(update={"image_url": "https://shop.example.com/" + "a" * 600})
    order = known([order_placed(lines=(line,))])
    assert order
    assert order.products["tea"].image_url is None


def test_a_case_that_was_closed_may_be_opened_again() -> None:
    told: list[OrderNews] = [case_opened(), case_closed(occurred_at=NOW + days(1))]
    order = known([*told])
    again = known([case_opened(occurred_at=NOW + days(2)), *told])
    assert order
    assert again
    assert not order.has_open_case
    assert again.has_open_case
