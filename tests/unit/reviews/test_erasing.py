"""Who is erased is forgotten with all that they wrote, and who comes back begins anew."""

import pytest

from engagement.clock import to_text
from engagement.review_links import review_id_of
from mail_house import Kill, Trouble
from reviews.review import State
from shop_facts import NOW, days, hours, review_invited, review_moderated
from tests.unit.reviews.house import GOOD, HELD, LATER, REVIEW, House, erased


@pytest.fixture
def house() -> House:
    house = House()
    house.invite()
    return house


def test_an_erased_customers_reviews_are_gone_with_all_that_they_counted(house: House) -> None:
    house.hear(review_invited("cust-asha", "chai-glass", "masala-mix"), review_invited("cust-zoya"))
    mine = [review_id_of("cust-asha", each) for each in ("assam-tea", "chai-glass", "masala-mix")]
    theirs = review_id_of("cust-zoya", "assam-tea")
    for review_id in (*mine[:2], theirs):
        house.submit(review_id=review_id)
    trouble = Trouble(4, "after", Kill)
    with pytest.raises(Kill):
        house.hear(erased(), trouble=trouble)
    house.hear(erased(), erased())
    assert [house.find(each) for each in mine] == [None] * 3
    assert house.review(theirs).state is State.PUBLISHED
    assert (house.rating().count, house.rating("chai-glass").count) == (1, 0)


def test_an_old_erasure_does_not_remove_what_a_customer_wrote_who_came_back(house: House) -> None:
    house.submit()
    house.hear(erased(occurred_at=NOW - days(1)))
    assert house.review().state is State.PUBLISHED
    house.hear(erased(occurred_at=LATER))
    assert house.find() is None


def test_what_was_written_after_an_erasure_that_is_told_late_stays(house: House) -> None:
    house.submit()
    house.hear(erased(occurred_at=NOW + hours(0.5)))
    assert house.review().state is State.PUBLISHED


def test_whoever_wrote_and_was_invited_again_after_the_erasure_keeps_what_they_wrote(house: House) -> None:
    house.submit(HELD)
    house.hear(review_invited("cust-asha", "assam-tea", occurred_at=NOW + days(3)), erased())
    assert house.review().draft == HELD


def test_a_decision_still_holds_about_words_that_were_invited_again_meanwhile(house: House) -> None:
    house.submit(HELD)
    house.hear(
        review_invited("cust-asha", "assam-tea", occurred_at=NOW + days(3)),
        review_moderated(REVIEW, published=True, revision=2),
    )
    assert house.review().state is State.PUBLISHED


def test_an_invitation_that_was_under_way_brings_nobody_back(house: House) -> None:
    house.hear(erased(), review_invited("cust-asha", "assam-tea"))
    assert house.find() is None
    house.hear(review_invited("cust-asha", "assam-tea", occurred_at=erased().occurred_at))
    assert house.find() is None
    house.hear(review_invited("cust-zoya", "assam-tea"))
    assert house.find(review_id_of("cust-zoya", "assam-tea"))


def test_the_latest_erasure_counts_however_they_come() -> None:
    house = House()
    house.hear(erased(), erased(occurred_at=NOW - days(9)))
    house.hear(review_invited("cust-asha", "assam-tea", occurred_at=NOW))
    assert house.find() is None


def test_no_fact_of_a_second_life_has_the_id_of_one_of_the_first(house: House) -> None:
    house.submit(HELD)
    house.submit()
    first = house.told_ids()
    house.hear(erased())
    again = review_invited("cust-asha", "assam-tea", occurred_at=NOW + days(3), until=NOW + days(99))
    house.hear(again, again)
    assert (house.review().state, house.review().revision) == (State.INVITED, 4)
    house.submit(GOOD, NOW + days(4))
    house.hear(erased(occurred_at=NOW + days(5)))
    house.hear(review_invited("cust-asha", "assam-tea", occurred_at=NOW + days(6), until=NOW + days(99)))
    house.submit(GOOD, NOW + days(7))
    told = [fact.event_id for fact in house.bus.told]
    assert len(told) == len(set(told)) == len(first) + 4
    assert house.rating().count == 1


def test_what_stays_of_an_erased_customer_has_nothing_of_them_and_goes_too(house: House) -> None:
    house.submit()
    house.hear(erased())
    (left,) = house.client.tables["ReviewsTable"].values()
    assert left.keys() == {"review_id", "erased_at", "revision", "expires_at"}
    assert left["erased_at"] == {"S": to_text(erased().occurred_at)}
    assert left["expires_at"] == {"N": str(int((erased().occurred_at + days(400)).timestamp()))}
    assert "asha" not in str(left)


def test_a_worker_killed_after_any_call_of_an_erasure_leaves_nobody_who_comes_back() -> None:
    for at in range(1, 6):
        house, trouble = House(), Trouble(at, "after", Kill)
        house.invite()
        house.submit()
        with pytest.raises(Kill):
            house.hear(erased(), trouble=trouble)
        house.hear(review_invited("cust-asha", "assam-tea", occurred_at=NOW + hours(1.5)), erased())
        assert (house.find(), house.rating().count) == (None, 0)
        house.hear(review_invited("cust-asha", "assam-tea", occurred_at=NOW + days(3)))
        assert house.review().revision == 3
