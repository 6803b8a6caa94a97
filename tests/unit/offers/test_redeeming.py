"""Orders and their codes, as far as no table is asked."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.bus import parse_fact
from engagement.events.base import Event
from engagement.events.offers import OfferRedeemed
from engagement.events.orders import OrderPlaced
from engagement.offers import ALPHABET, CODE_LENGTH, Offer
from engagement.plan import engagement_plan
from offer_facts import CODE, an_offer, order_with
from offers.redeeming import Redeeming
from offers.redemptions import KeptOrder, Redemptions
from recording_bus import RecordingBus
from shop_facts import NOW, on_the_bus, order_placed

CODES = st.text(alphabet=ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


class RedemptionsOfTheTest(Redemptions):
    """Answers from a list, and keeps what it is asked for."""

    def __init__(self, *offers: Offer, order: KeptOrder | None = None) -> None:
        self.asked: list[str] = []
        self._known = {offer.code: offer for offer in offers}
        self._order = order or KeptOrder()

    def look(self, order_id: str, codes: Sequence[str]) -> tuple[KeptOrder, list[Offer | None]]:
        self.asked += codes
        return self._order, [self._known.get(code) for code in codes]

    def redeem(self, order: OrderPlaced, offers: Sequence[Offer], *, keep_until: int) -> bool:
        return True


def hear(redemptions: Redemptions, fact: OrderPlaced) -> list[Event]:
    bus = RecordingBus()
    Redeeming(redemptions, bus, engagement_plan().offers).apply(fact, NOW)
    return bus.told


def test_an_order_without_codes_asks_nobody_anything() -> None:
    nobody: Any = object()
    Redeeming(Redemptions(nobody, "no-table", "no-table"), nobody, nobody).apply(order_placed(), NOW)


def test_a_code_that_is_typed_twice_is_one_and_codes_are_tried_in_their_order() -> None:
    redemptions = RedemptionsOfTheTest(an_offer())
    told = hear(redemptions, order_with("OTHER", CODE, "acdef-34679", "other"))
    assert redemptions.asked == ["OTHER", CODE]
    assert [type(fact) for fact in told] == [OfferRedeemed]


def test_of_codes_that_are_not_ours_nothing_is_told() -> None:
    assert hear(RedemptionsOfTheTest(), order_with("OTHER")) == []


def test_an_order_that_is_known_to_be_cancelled_is_told_nothing() -> None:
    cancelled = KeptOrder(cancelled_at=NOW, kept_until=1)
    used = an_offer(redeemed_by="order-77", redeemed_at=NOW)
    for offer in (an_offer(), used):
        assert hear(RedemptionsOfTheTest(offer, order=cancelled), order_with(CODE)) == []


def test_the_shop_hears_which_code_was_refused_and_why_and_nothing_of_whose_it_is() -> None:
    noahs = an_offer(customer_id="cust-noah")
    (fact,) = hear(RedemptionsOfTheTest(noahs), order_with(CODE))
    assert fact.model_dump(exclude={"event_id", "occurred_at"}) == {
        "customer_id": "cust-asha",
        "code": CODE,
        "order_id": "order-77",
        "reason": "another_customers",
    }


@pytest.mark.parametrize("is_news", [True, False])
def test_only_a_redemption_that_is_news_counts_for_its_campaign(
    is_news: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    redeemer: dict[str, Any] = {} if is_news else {"redeemed_by": "order-77", "redeemed_at": NOW}
    hear(RedemptionsOfTheTest(an_offer(**redeemer)), order_with(CODE))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    campaigns = [line["campaign"] for line in lines if "OffersRedeemed" in line and "campaign" in line]
    assert campaigns == (["birthday_offer"] if is_news else [])


@given(CODES, st.lists(st.sampled_from("- _.·–\u00a0"), max_size=12), st.booleans(), st.randoms())
def test_a_code_is_read_from_an_order_however_it_is_typed(
    code: str, between: list[str], small: bool, chance: Any
) -> None:
    letters = list(code.lower() if small else code)
    for mark in between:
        letters.insert(chance.randint(1, len(letters)), mark)
    assert order_with("".join(letters)).offer_codes == (code,)


def as_told(offer_codes: Any) -> OrderPlaced:
    """The fact, told with this in the field for codes."""
    envelope = json.loads(on_the_bus(order_placed()))
    envelope["detail"]["offer_codes"] = offer_codes
    return parse_fact(json.dumps(envelope), OrderPlaced, now=NOW)


@given(st.text(min_size=1, max_size=60).filter(lambda typed: typed.isprintable() and typed.strip()))
def test_no_slip_in_a_code_makes_poison_of_its_order(typed: str) -> None:
    (code,) = as_told([typed]).offer_codes
    assert code


@pytest.mark.parametrize(
    "odd",
    [None, "", "  ", "AC\x00DEF", "\ud800", "A" * 201, 3467934679, 1.5, True, ["ACDEF"], {"code": CODE}],
)
def test_what_cannot_be_a_code_is_left_out_of_the_order(odd: Any) -> None:
    assert as_told([odd, CODE, odd]).offer_codes == (CODE,)
    assert as_told(odd).offer_codes in ((), ("ACDEF",))


def test_one_text_alone_is_one_code() -> None:
    assert as_told("acdef-34679").offer_codes == (CODE,)


def test_of_more_than_ten_codes_the_first_ten_count() -> None:
    many = ["", *(f"CODE{number}" for number in range(300))]
    assert as_told(many).offer_codes == tuple(f"CODE{number}" for number in range(10))


@settings(max_examples=40)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_whatever_stands_in_the_field_for_codes_an_order_is_an_order(told: Any) -> None:
    assert as_told(told).order_id == "order-77"
