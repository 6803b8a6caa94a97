"""Whatever is told of an order, in whatever order, it is worth what a plain recomputation says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loyalty_facts import Book, plain_terms
from points_chances import stories_of_a_review, stories_of_an_order
from points_yardstick import Spent, sums_of, worth_of_order

_RATES = st.sampled_from([(1, 10_000), (1, 100), (3, 7), (1000, 1)])


@st.composite
def plans(draw: Any) -> Any:
    points, each = draw(_RATES)
    return plain_terms(
        earning=[{"currency": "INR", "points": points, "for_each_minor": each}],
        earn_on={"tax": draw(st.booleans()), "shipping": draw(st.booleans())},
        multipliers={
            "products": draw(st.sampled_from([{}, {"assam": "0.33x"}])),
            "categories": draw(st.sampled_from([{}, {"single_estate": "2x", "blend": "1.25x"}])),
        },
        periods=[
            {"name": "Holi", "first_day": "2027-03-01", "last_day": "2027-03-01", "times": "1.5x", **only}
            for only in draw(
                st.sampled_from([[], [{}], [{"products": ["nilgiri"]}, {"categories": ["blend"]}]])
            )
        ],
    )


@given(stories_of_an_order(), plans())
def test_an_order_is_worth_what_the_yardstick_says_after_each_fact(told: list[Any], terms: Any) -> None:
    book = Book(terms)
    for number, fact in enumerate(told, 1):
        book.tell(fact)
        expected = worth_of_order(told[:number], "order-77", terms.settings, terms.days.zone)
        assert book.orders["order-77"].points_in_force == expected
        assert book.standing == expected


@given(
    stories_of_an_order(spent=True),
    stories_of_an_order("order-78", spent=True),
    stories_of_a_review(),
    st.data(),
    plans(),
)
def test_a_customer_has_what_the_yardstick_says(
    one: list[Any], other: list[Any], review: list[Any], data: Any, terms: Any
) -> None:
    told = data.draw(st.permutations([*one, *other, *review]))
    book = Book(terms).adjust(10_000)
    for fact in told:
        if isinstance(fact, Spent):
            book.adjust(fact.points).spend(fact.points, fact.order_id)
        else:
            book.tell(fact)
    spent = sum(fact.points for fact in told if isinstance(fact, Spent))
    sums = sums_of(told, terms.settings, points_for_a_review=terms.points_for_a_review, zone=terms.days.zone)
    assert book.standing == sums.standing + spent + 10_000
    totals = {str(movement): abs(points) for movement, points in book.account.totals.items()}
    assert totals.get("earned", 0) == sums.earned
    assert totals.get("taken_back", 0) == sums.taken_back
    assert totals.get("given_back", 0) == sums.given_back
