"""What a fact tells of a cart that was not known: the order among what was told, by rules alone."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cart_nudges.carts.rules import (
    EMPTY,
    Cart,
    CartStatus,
    Handed,
    News,
    Told,
    of_address,
    of_customer,
    send_key,
    steps_begun,
)
from shop_facts import NOW, a_line

MINUTE = timedelta(minutes=1)
TEA, CUPS = (a_line("Assam tea"),), (a_line("Clay cups"),)


def a_cart(told: Told, **changes: object) -> Cart:
    """As it stands when that was told of it, and nothing else."""
    known: dict[str, object] = {
        "activity_at": told.at,
        "begun_at": told.at,
        "customer_id": told.customer_id,
        "lines": told.lines,
        "contents": told.contents,
        "known_at": told.known_at,
    }
    return Cart("cart-9", **{"status": CartStatus.OPEN, **known, **changes})  # type: ignore[arg-type]


_told = st.builds(
    Told,
    st.integers(0, 3).map(lambda minute: NOW + minute * MINUTE),
    st.sampled_from([(), TEA, CUPS]),
    st.sampled_from([None, "cust-asha", "cust-ravi"]),
    st.sampled_from([None, "0f" * 32]),
)


def test_each_step_of_each_cart_has_a_send_key_of_its_own() -> None:
    assert send_key("cart-9", 2) == "cart_nudge:cart-9:step-2"


def test_a_cart_is_its_customers_or_else_whoevers_has_the_address() -> None:
    assert a_cart(Told(NOW)).shopper is None
    assert a_cart(Told(NOW), address_hash="0f").shopper == of_address("0f") == "address:0f"
    assert a_cart(Told(NOW, (), "cust-asha"), address_hash="0f").shopper == of_customer("cust-asha")


@given(_told)
def test_what_was_told_is_no_news_any_more(told: Told) -> None:
    assert told.news_to(a_cart(told)) == frozenset()


@given(_told)
def test_all_of_it_is_news_of_a_cart_that_nobody_knew(told: Told) -> None:
    assert told.news_to(Cart("cart-9", CartStatus.OPEN)) == told.parts | {News.BEGINNING}


@given(one=_told, other=_told)
def test_of_two_states_one_is_news_to_the_other_unless_they_are_the_same(one: Told, other: Told) -> None:
    to_other = News.ACTIVITY in one.news_to(a_cart(other))
    to_one = News.ACTIVITY in other.news_to(a_cart(one))
    assert to_other + to_one == ((one.at, one.lines) != (other.at, other.lines))
    if one.at != other.at:
        assert to_other == (one.at > other.at)


@given(one=_told, other=_told)
def test_of_two_identities_one_is_news_to_the_other_unless_they_are_the_same(one: Told, other: Told) -> None:
    if one.shopper is None or other.shopper is None:
        return
    to_other = News.IDENTITY in one.news_to(a_cart(other))
    to_one = News.IDENTITY in other.news_to(a_cart(one))
    same = (one.at, one.customer_id, one.address_hash) == (other.at, other.customer_id, other.address_hash)
    assert to_other + to_one == (not same)


def test_of_one_instant_the_empty_cart_counts_so_that_nobody_is_nudged_about_it() -> None:
    filled, emptied = Told(NOW, TEA), Told(NOW)
    assert emptied.contents == EMPTY
    assert News.ACTIVITY in emptied.news_to(a_cart(filled))
    assert News.ACTIVITY not in filled.news_to(a_cart(emptied))


def test_of_one_instant_the_customer_counts_and_not_an_address() -> None:
    address, customer = Told(NOW, TEA, None, "0f" * 32), Told(NOW, TEA, "cust-asha")
    assert News.IDENTITY in customer.news_to(a_cart(address))
    assert News.IDENTITY not in address.news_to(a_cart(customer))


def test_an_old_update_may_still_name_the_customer_and_tell_when_it_began() -> None:
    newest = a_cart(Told(NOW, TEA))
    assert Told(NOW - MINUTE, CUPS, "cust-asha").news_to(newest) == {News.IDENTITY, News.BEGINNING}


def test_a_bought_cart_hears_of_its_beginning_and_its_heir_and_of_nothing_else() -> None:
    bought = Cart("cart-9", CartStatus.BOUGHT, begun_at=NOW)
    assert Told(NOW + MINUTE, TEA, "cust-asha").news_to(bought) == frozenset()
    assert Told(NOW - MINUTE, TEA, "cust-asha").news_to(bought) == {News.BEGINNING}
    assert Told(NOW, merged_into="cart-10").news_to(bought) == {News.MERGER}


def test_a_step_whose_mail_may_have_left_has_begun() -> None:
    handed = Handed(2, NOW, "digest", "cust-asha", "step-2", "standard", ("assam-tea",))
    assert steps_begun(a_cart(Told(NOW), steps_over=1)) == 1
    assert steps_begun(a_cart(Told(NOW), steps_over=1, handed=handed)) == 2
