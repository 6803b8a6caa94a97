"""A cart's facts in whatever order, twice, killed halfway, or all at once: they end in the same cart, on its timer."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cart_nudges.carts.rules import Cart, CartStatus, Told, shopper_of
from engagement.clock import to_text
from engagement.events.carts import CartsMerged, CartUpdated
from engagement.events.customers import CustomerErased
from engagement.events.orders import OrderPlaced
from shop_facts import NOW, a_line, cart_deleted, cart_updated, carts_merged, order_placed
from taking_turns import Wait, take_turns
from tracking_house import CartFact, Death, Killed, Moment, TrackingHouse, hashed

# Some of what happens is further apart than a shop's clocks may be, some is not.
TICK = timedelta(minutes=3)
CLOCKS_APART = timedelta(minutes=5)
# Asha's guest cart becomes part of her own.
GUEST, HERS = "cart-guest", "cart-hers"

# A clock that is so coarse that several things happen at once.
_instants = st.integers(0, 4).map(lambda number: NOW + number * TICK)
_lines = st.sampled_from([(), (a_line("Assam tea"),), (a_line("Assam tea"), a_line("Clay cups", quantity=6))])
_SOMEBODY: list[dict[str, str | None]] = [
    {"customer_id": None},
    {"customer_id": "cust-asha"},
    {"customer_id": "cust-ravi"},
    {"customer_id": None, "email": "asha@mail.example.com"},
    {"customer_id": "cust-asha", "email": "asha@mail.example.com"},
]
_identities = st.sampled_from(_SOMEBODY)
_carts = st.sampled_from([GUEST, HERS])


@st.composite
def _updates(draw: st.DrawFn) -> CartFact:
    return cart_updated(draw(_carts), occurred_at=draw(_instants), lines=draw(_lines), **draw(_identities))


_facts = st.one_of(
    _updates(),
    _updates(),
    _updates(),
    st.builds(lambda cart, at: cart_deleted(cart, occurred_at=at), _carts, _instants),
    st.builds(lambda at: carts_merged(GUEST, HERS, occurred_at=at), _instants),
    st.builds(
        lambda cart, at: order_placed(f"order-{at.minute}", cart_id=cart, occurred_at=at, lines=(a_line(),)),
        _carts,
        _instants,
    ),
)
_stories = st.lists(_facts, min_size=1, max_size=7)


class Known(NamedTuple):
    """What is known of a cart, but for its timer."""

    status: CartStatus
    activity_at: datetime | None
    begun_at: datetime | None
    lines: tuple[Any, ...]
    shopper: str | None
    address_hash: str | None
    merged_into: str | None

    @classmethod
    def of(cls, cart: Cart) -> "Known":
        return cls(
            cart.status,
            cart.activity_at,
            cart.begun_at,
            cart.lines,
            cart.shopper,
            cart.address_hash,
            cart.merged_into,
        )


def expected(cart_id: str, story: Iterable[CartFact]) -> Known | None:
    """By the newest, the earliest and the last of what was told, without any order of arrival."""
    of_carts = [fact for fact in story if not isinstance(fact, CustomerErased)]
    facts = [fact for fact in of_carts if fact.cart_id == cart_id]
    told = [_told(fact) for fact in facts if not isinstance(fact, OrderPlaced)]
    begun_at = min((each.at for each in told), default=None)
    if cart_id == HERS and any(isinstance(fact, CartsMerged) for fact in story):
        guests = (
            _told(fact) for fact in of_carts if fact.cart_id == GUEST and not isinstance(fact, OrderPlaced)
        )
        begun_at = min(each for each in (begun_at, *(guest.at for guest in guests)) if each)
    merged_into = HERS if any(each.merged_into for each in told) else None
    if len(told) < len(facts) or (cart_id == HERS and guests_was_bought_as_hers(story)):
        return Known(CartStatus.BOUGHT, None, begun_at, (), None, None, merged_into)
    if begun_at is None:
        return None
    if not told:
        return Known(CartStatus.OPEN, None, begun_at, (), None, None, None)
    newest = max(told, key=lambda each: (each.at, each.contents))
    who = max(told, key=lambda each: each.known_at or "")
    shopper = shopper_of(who.customer_id, who.address_hash)
    return Known(CartStatus.OPEN, newest.at, begun_at, newest.lines, shopper, who.address_hash, merged_into)


def guests_was_bought_as_hers(story: Iterable[CartFact]) -> bool:
    return any(
        isinstance(order, OrderPlaced)
        and order.cart_id == GUEST
        and isinstance(merger, CartsMerged)
        and merger.occurred_at <= order.occurred_at + CLOCKS_APART
        for order in story
        for merger in story
    )


def _told(fact: CartFact) -> Told:
    match fact:
        case CartUpdated():
            address = hashed(fact.email) if fact.email else None
            return Told(fact.occurred_at, fact.lines, fact.customer_id, address)
        case CartsMerged():
            return Told(fact.occurred_at, merged_into=fact.into_cart_id)
        case _:
            return Told(fact.occurred_at)


def ends_well(house: TrackingHouse, story: Sequence[CartFact]) -> None:
    rows = house.rows()
    for cart_id in (GUEST, HERS):
        cart = house.find(cart_id)
        assert (Known.of(cart) if cart else None) == expected(cart_id, story)
        if cart and cart.status is CartStatus.OPEN and cart.lines and cart.shopper:
            assert cart.timer_at
            assert (cart_id, to_text(cart.timer_at)) in rows, "nobody will ever look at this cart"


@given(story=_stories, data=st.data())
@settings(deadline=None)
def test_in_any_order_and_however_often_they_come_the_newest_wins_and_bought_is_bought(
    story: list[CartFact], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(story), max_size=4))
    house = TrackingHouse.in_memory()
    house.tell(*data.draw(st.permutations(story + again)))
    ends_well(house, story)


_deaths = st.none() | st.builds(Death, st.integers(1, 5), st.sampled_from(list[Moment](["before", "after"])))


@given(story=_stories, data=st.data())
@settings(deadline=None)
def test_killed_between_any_two_calls_and_delivered_again_later_they_end_the_same(
    story: list[CartFact], data: st.DataObject
) -> None:
    house = TrackingHouse.in_memory()
    waiting = list(story)
    for death in data.draw(st.lists(_deaths, max_size=12)):
        if waiting:
            fact = waiting.pop(0)
            house.watch = death or (lambda _moment, _call: None)
            with suppress(Killed):
                house.tell(fact)
                continue
            # It is visible again some time after others.
            waiting.insert(data.draw(st.integers(0, len(waiting))), fact)
    house.watch = lambda _moment, _call: None
    house.tell(*waiting)
    ends_well(house, story)


@given(story=st.lists(_facts, min_size=2, max_size=4), turns=st.lists(st.integers(0, 3), max_size=20))
@settings(deadline=None, max_examples=150)
@example(
    # Who was told apart from what, at once: each sees too little, until it looks at what its own write made of it.
    story=[
        cart_updated(HERS, lines=(), occurred_at=NOW + TICK),
        cart_updated(HERS, customer_id=None, occurred_at=NOW + 2 * TICK),
    ],
    turns=[0, 1, 0, 1],
)
def test_by_workers_at_once_whose_calls_fall_in_any_order_they_end_the_same(
    story: list[CartFact], turns: list[int]
) -> None:
    house = TrackingHouse.in_memory()
    left = iter(turns)

    def telling(fact: CartFact) -> Any:
        def work(wait: Wait) -> None:
            house.deliver(fact, lambda moment, _call: wait() if moment == "before" else None)

        return work

    take_turns([telling(fact) for fact in story], lambda at_work: next(left, 0) % at_work)
    ends_well(house, story)
