"""What becomes of a review: invited, written, decided about, erased; and what is told of it."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engagement.clock import to_text
from engagement.due_work import LEASE
from engagement.errors import MalformedMessageError, RetryLaterError
from engagement.review_links import review_id_of
from mail_house import Kill, Trouble
from reviews.review import State
from shop_facts import NOW, days, hours, review_invited, review_moderated
from tests.unit.reviews.house import GOOD, HELD, LATER, REFUSED, REVIEW, House, erased


@pytest.fixture
def house() -> House:
    house = House()
    house.invite()
    return house


def test_nobody_writes_a_review_uninvited(house: House) -> None:
    stranger = review_id_of("cust-zoya", "assam-tea")
    assert house.submit(review_id=stranger) is None
    assert (house.find(stranger), house.told()) == (None, [])


def test_a_good_review_is_shown_counted_and_told_at_once(house: House) -> None:
    house.submit()
    review = house.review()
    assert (review.state, review.revision, review.published_at) == (State.PUBLISHED, 2, LATER)
    assert (review.draft, review.untold) == (GOOD, ())
    assert (house.rating().count, house.rating().mean) == (1, "4.00")
    assert house.told() == ["ReviewSubmitted", "ReviewPublished"]
    assert house.told_ids() == {f"review-{REVIEW}-submitted-2", f"review-{REVIEW}-published-2"}
    submitted = house.bus.told[0].model_dump()
    assert submitted["order_id"] == "order-77"
    assert (submitted["product_id"], submitted["review_id"]) == ("assam-tea", REVIEW)


def test_a_review_is_in_each_index_while_that_concerns_it(house: House) -> None:
    assert house.item()["expires_at"] == int((NOW + days(180)).timestamp())
    house.submit(HELD)
    held = house.item()
    assert {"pending_shard", "submitted_at"} <= held.keys()
    assert not {"expires_at", "published_at", "due_at"} & held.keys()
    house.hear(review_moderated(REVIEW, published=True, revision=2))
    shown = house.item()
    assert shown["published_at"] == to_text(house.review().changed_at)
    assert not {"pending_shard", "due_at", "due_shard", "untold"} & shown.keys()


@pytest.mark.parametrize("first", [HELD, REFUSED])
def test_what_the_rules_keep_back_can_be_edited_and_is_then_shown(house: House, first: Any) -> None:
    house.submit(first)
    assert house.rating().count == 0
    house.submit(GOOD, LATER - hours(3))
    review = house.review()
    assert (review.state, review.draft, review.revision) == (State.PUBLISHED, GOOD, 3)
    # The worker's clock was behind.
    assert review.changed_at == LATER + timedelta(microseconds=1)
    assert house.told()[-1] == "ReviewPublished"


def test_what_is_shown_cannot_be_edited(house: House) -> None:
    shown = house.submit()
    told = house.told()
    after = house.submit(replace(GOOD, rating=1), LATER + hours(1))
    assert after is not None
    assert after.draft == GOOD
    assert shown is not None
    assert (house.rating().total_stars, house.told()) == (4, told)


def test_the_same_words_again_change_and_tell_nothing(house: House) -> None:
    house.submit(HELD)
    before = house.item()
    house.submit(HELD, LATER + hours(1))
    assert (house.item(), house.told()) == (before, ["ReviewSubmitted"])


def test_a_review_is_kept_while_the_bus_is_away_and_told_by_the_sweep(house: House) -> None:
    house.bus.refusals = 2
    assert house.submit()
    assert (house.rating().count, house.told()) == (1, [])
    with pytest.raises(RetryLaterError):
        house.sweep(LATER)
    assert house.sweep(LATER + LEASE) == 1
    assert house.told() == ["ReviewSubmitted", "ReviewPublished"]
    assert house.sweep(LATER + days(1)) == 0


def test_what_was_not_told_of_an_earlier_state_is_not_forgotten_by_a_later_one(house: House) -> None:
    house.bus.refusals = 2
    house.submit(REFUSED)
    house.submit(HELD, LATER + hours(1))
    house.sweep(LATER + days(1))
    assert house.told_ids() == {f"review-{REVIEW}-submitted-3", f"review-{REVIEW}-rejected-2"}


def test_a_worker_killed_after_any_call_leaves_nothing_untold_and_counts_once() -> None:
    for at in range(1, 4):
        house, trouble = House(), Trouble(at, "after", Kill)
        house.invite()
        with pytest.raises(Kill):
            house.submit(trouble=trouble)
        house.submit(now=LATER + hours(1))
        house.sweep(LATER + days(1))
        assert house.rating().count == 1
        assert len(house.told_ids()) == 2


def test_a_submission_is_three_calls_of_dynamodb(house: House) -> None:
    trouble = Trouble()
    house.submit(trouble=trouble)
    assert trouble.calls == ["batch_get_item", "transact_write_items", "update_item"]
    trouble.calls.clear()
    house.submit(trouble=trouble)
    assert trouble.calls == ["batch_get_item"]


def test_a_person_shows_what_waited_and_takes_back_what_was_shown(house: House) -> None:
    house.submit(HELD)
    show = review_moderated(REVIEW, published=True, revision=2)
    house.hear(show, show)
    assert (house.review().state, house.review().moderator) == (State.PUBLISHED, "Meera")
    assert house.rating().count == 1
    hide = review_moderated(REVIEW, published=False, revision=3)
    house.hear(hide, hide, show)
    review = house.review()
    assert (review.state, review.reason, review.revision) == (State.REJECTED, "spam", 4)
    assert (house.rating().count, house.rating().mean) == (0, None)
    assert house.told() == ["ReviewSubmitted", "ReviewPublished", "ReviewRejected"]
    instants = [fact.occurred_at for fact in house.bus.told]
    assert instants == sorted(set(instants))


def test_what_a_person_rejected_the_customer_cannot_edit(house: House) -> None:
    house.submit(HELD)
    house.hear(review_moderated(REVIEW, published=False, revision=2))
    after = house.submit(GOOD, LATER + days(1))
    assert after is not None
    assert (after.state, after.draft) == (State.REJECTED, HELD)


def test_a_decision_about_words_that_do_not_stand_any_more_is_ignored_and_warned_of(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    unknown = review_id_of("cust-zoya", "assam-tea")
    house.hear(review_moderated(REVIEW, published=True, revision=1))
    house.submit(HELD)
    house.submit(replace(HELD, rating=1), LATER + hours(1))
    with caplog.at_level(logging.WARNING):
        house.hear(
            review_moderated(REVIEW, published=True, revision=2),
            review_moderated(unknown, published=True),
        )
    assert (house.review().state, house.rating().count) == (State.PENDING, 0)
    assert {record.message for record in caplog.records} == {"decision ignored"}
    reasons = [getattr(record, "reason", None) for record in caplog.records]
    assert reasons == ["unwritten", "overtaken", "unknown"]


def test_a_rejection_without_a_reason_is_malformed(house: House) -> None:
    house.submit()
    with pytest.raises(MalformedMessageError, match="reason"):
        house.hear(review_moderated(REVIEW, published=False, revision=2, reason=None))


def test_nothing_of_a_reviews_words_is_logged(
    house: House, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    house.bus.refusals = 1
    secret = replace(GOOD, title="Zebra", text="My zebra adores it", name="Zebedee")
    house.submit(secret)
    house.hear(review_moderated(REVIEW, published=False, revision=9), erased())
    out = capsys.readouterr()
    logged = out.out + out.err + "".join(str(vars(record)) for record in caplog.records)
    assert "decision ignored" in logged
    assert "zeb" not in logged.lower()
    assert "cust-asha" not in logged


def test_a_later_order_moves_the_invitation_until_something_is_written(house: House) -> None:
    later = review_invited(
        "cust-asha", "assam-tea", order_id="order-78", occurred_at=NOW + days(3), until=NOW + days(200)
    )
    house.hear(later, later, review_invited("cust-asha", "assam-tea"))
    review = house.review()
    assert (review.order_id, review.until, review.revision) == ("order-78", NOW + days(200), 2)
    house.submit(HELD, NOW + days(4))
    house.hear(review_invited("cust-asha", "assam-tea", order_id="order-79", occurred_at=NOW + days(9)))
    review = house.review()
    assert (review.order_id, review.draft, review.revision) == ("order-78", HELD, 3)
    # For an erasure: they are still customers.
    assert review.invited_at == NOW + days(9)


def test_an_invitation_names_several_products_each_with_a_review_of_its_own(house: House) -> None:
    house.hear(review_invited("cust-zoya", "assam-tea", "chai-glass"))
    found = [house.review(review_id_of("cust-zoya", each)) for each in ("assam-tea", "chai-glass")]
    assert [review.product_name for review in found] == ["Assam tea", "Chai glass"]
    assert {review.state for review in found} == {State.INVITED}
