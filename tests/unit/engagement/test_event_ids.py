"""The same fact has the same id however often it is told, and no id is longer than an event's may be."""

from hypothesis import given
from hypothesis import strategies as st

from engagement.events.event_ids import event_id

SHOPS_IDS = st.text("abc019", min_size=1, max_size=100)


def test_an_id_can_be_read() -> None:
    assert event_id("order", "77", "recovered") == "order-77-recovered"


def test_a_long_id_stands_for_itself_by_its_digest() -> None:
    told = event_id("cart", "c" * 100, "step-1-nudged", digits=32)
    assert told == "cart-bdcdc9e9204fe2099666b438af288629-step-1-nudged"


@given(SHOPS_IDS, SHOPS_IDS)
def test_two_orders_never_share_an_id_and_every_id_is_an_events(one: str, other: str) -> None:
    assert (event_id("order", one, "recovered") == event_id("order", other, "recovered")) is (one == other)
    assert len(event_id("order", one, "recovered")) <= 100
