"""The judge of the books looks at all that holds always, and at the end at what holds then."""

from shop_facts import cart_updated, offer_redeemed
from tests.simulation.judges.books_bus import ONE_ID
from tests.simulation.judges.books_judge import BooksJudge
from tests.simulation.judges.books_messages import TAKEN_IN
from tests.simulation.judges.books_records import a_record, published
from tests.simulation.record import Told


def test_on_the_way_a_message_may_be_under_way_and_at_the_end_no_more() -> None:
    judge, record = BooksJudge(), a_record()
    record.told.append(Told(record.start, cart_updated()))
    assert judge.look(record) == []

    record.is_over = True
    assert {finding.rule for finding in judge.look(record)} == {TAKEN_IN}


def test_each_look_sees_what_came_since() -> None:
    judge, record = BooksJudge(), a_record()
    once = offer_redeemed(event_id="offer-1")
    assert judge.look(published(record, "OffersFactsFunction", once)) == []

    published(record, "OffersFactsFunction", once.model_copy(update={"order_id": "order-78"}))
    (finding,) = judge.look(record)

    assert (finding.rule, finding.customer_id) == (ONE_ID, "cust-asha")


def test_another_record_is_looked_at_from_its_beginning() -> None:
    judge, first, second = BooksJudge(), a_record(), a_record(over=True)
    second.told.append(Told(second.start, cart_updated()))

    assert judge.look(first) == []
    assert {finding.rule for finding in judge.look(second)} == {TAKEN_IN}
