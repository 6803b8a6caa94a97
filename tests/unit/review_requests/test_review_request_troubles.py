"""Review requests when workers die, mails wait, customers are not known yet or any more, and records are broken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any, cast

import pytest

from engagement.errors import RetryLaterError
from engagement.events.customers import CustomerErased
from engagement.items import to_item
from engagement.observability import customer_ref
from engagement.plan import engagement_plan
from request_house import (
    ASHA,
    DUE,
    FIRST,
    FIVE,
    REMINDED,
    REMINDER,
    RequestHouse,
    asked_about,
    house_in_memory,
)
from review_requests.composing import RequestMails
from shop_facts import (
    NOW,
    a_profile,
    days,
    hours,
    order_cancelled,
    order_delivered,
    order_refunded,
    review_submitted,
    rupees,
)


@pytest.fixture
def house() -> RequestHouse:
    return house_in_memory()


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize("away", ["bus", "mail_queue"])
def test_a_mail_that_nobody_takes_is_handed_over_until_somebody_does(
    house: RequestHouse, away: str, times: int
) -> None:
    house.told(order_delivered()).sweep(DUE)
    getattr(house, away).refusals = times
    for _ in range(times):
        with pytest.raises(RetryLaterError):
            house.sweep(house.customer().due_at or FIVE)
        assert house.mails == []
    house.sweep(house.customer().due_at or FIVE)
    assert [mail.send_key for mail in house.mails] == [FIRST]
    assert len({fact.event_id for fact in house.bus.told}) == 1


def test_a_reason_that_nobody_takes_is_told_until_somebody_does(house: RequestHouse) -> None:
    house.told(order_delivered(), order_cancelled())
    house.mail_queue.refusals = 2
    for _ in range(2):
        with pytest.raises(RetryLaterError):
            house.sweep(house.customer().due_at or FIVE)
    house.sweep(house.customer().due_at or FIVE)
    assert house.let_be == [(FIRST, "cancelled")]


def test_a_mail_that_waits_is_handed_over_ever_more_seldom_until_it_left(house: RequestHouse) -> None:
    house.told(order_delivered()).sweep(FIVE)
    for quarter in range(1, 40):
        house.sweep(FIVE + hours(quarter / 4))
    # At once, and after 1, 2, 4, 8, 16 and 32 quarters of an hour.
    assert [mail.send_key for mail in house.mails] == [FIRST] * 7
    house.sent(FIRST, FIVE + hours(10))
    house.sweep(FIVE + hours(16))
    assert len(house.mails) == 7
    assert house.customer().due_at == REMINDED + hours(24)


def test_a_mail_that_was_never_decided_is_let_be_and_its_customer_asked_no_more(house: RequestHouse) -> None:
    house.told(order_delivered()).sweep(FIVE)
    looks = 0
    while due := house.customer().due_at:
        house.sweep(due)
        looks += 1
    assert set(house.let_be) == {(FIRST, "lost")}
    assert looks < 40


def test_whoever_did_not_get_the_request_is_not_reminded(house: RequestHouse) -> None:
    house.told(order_delivered()).sweep(FIVE)
    house.skipped(FIRST, "no_consent", FIVE)
    house.sweep(FIVE + hours(1))
    assert house.customer().due_at is None


def test_a_customer_who_is_not_known_yet_is_asked_once_they_are(house: RequestHouse) -> None:
    house.told(order_delivered(customer_id="cust-ravi")).sweep(DUE)
    house.sweep(FIVE)
    house.knows(a_profile("cust-ravi"))
    assert house.asked(FIVE + days(2)) == [FIRST]


def test_a_customer_who_stays_unknown_is_let_be_when_it_is_too_late(house: RequestHouse) -> None:
    house.told(order_delivered(customer_id="cust-ravi"))
    looks = 0
    while not house.let_be:
        due = house.requests.read("cust-ravi").due_at
        assert due
        house.sweep(due)
        looks += 1
    assert house.let_be == [(FIRST, "too_late")]
    assert looks < 20


def test_an_erased_customer_is_forgotten_and_asked_nothing(house: RequestHouse) -> None:
    house.told(order_delivered(), review_submitted("order-1", product_id="cup"))
    house.told(CustomerErased(event_id="evt-erased", occurred_at=NOW, customer_id=ASHA))
    assert cast("Any", house.client).tables[house.table] == {}
    assert house.asked(FIVE) == []


def test_a_mail_from_before_the_erasure_is_untrue_for_ever(house: RequestHouse) -> None:
    house.told(order_delivered()).sweep(FIVE)
    (premise,) = house.mails[0].premises
    house.told(CustomerErased(event_id="evt-erased", occurred_at=FIVE, customer_id=ASHA))
    house.told(order_delivered("order-78"), at=FIVE)
    assert premise.still["revision"] != house.customer().revision


def test_what_changes_nothing_leaves_the_mail_as_true_as_it_was(house: RequestHouse) -> None:
    delivered = order_delivered()
    house.told(delivered).sweep(FIVE)
    (premise,) = house.mails[0].premises
    house.told(delivered, at=FIVE)
    assert premise.still["revision"] == house.customer().revision


@contextmanager
def no_mail_for_asha() -> Iterator[None]:
    """A word is missing."""
    compose = RequestMails.request

    def fails(self: Any, mail: Any, profile: Any, products: Any, **rest: Any) -> Any:
        if profile.customer_id == ASHA:
            raise KeyError("word")
        return compose(self, mail, profile, products, **rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RequestMails, "request", fails)
        yield


def test_a_mail_that_cannot_be_written_stops_no_other_and_is_tried_again(
    house: RequestHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house.knows(a_profile("cust-ravi"))
    house.told(order_delivered(), order_delivered("order-78", customer_id="cust-ravi"))
    with no_mail_for_asha():
        assert house.asked(FIVE) == ["review_request:order-78:first"]
    house.sent("review_request:order-78:first", FIVE)
    (entry,) = [each for each in caplog.records if each.message == "no mail of a review request"]
    assert vars(entry)["customer_ref"] == customer_ref(ASHA)
    assert vars(entry)["error"] == "KeyError"
    assert house.asked(FIVE + hours(0.25)) == [FIRST]
    assert house.let_be == []


def test_a_mail_that_can_never_be_written_is_let_be_when_it_is_too_late(house: RequestHouse) -> None:
    house.told(order_delivered())
    with no_mail_for_asha():
        while not house.let_be:
            house.sweep(house.customer().due_at or FIVE)
    assert house.let_be == [(FIRST, "too_late")]


def test_a_mail_that_cannot_be_written_again_is_the_one_that_was_handed_over(house: RequestHouse) -> None:
    house.told(order_delivered()).sweep(FIVE)
    with no_mail_for_asha():
        house.sweep(FIVE + hours(0.25))
    house.sent(FIRST, FIVE + hours(0.3))
    house.sweep(FIVE + hours(0.5))
    assert house.asked(REMINDED + days(1)) == [REMINDER]


def test_what_another_room_has_that_nobody_understands_is_looked_at_again(
    house: RequestHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house.told(order_delivered()).sweep(FIVE)
    house.sent(FIRST, FIVE)
    (entry,) = cast("Any", house.client).tables["MailLogTable"].values()
    entry["mail_status"] = {"S": "brand_new"}
    with pytest.raises(RetryLaterError):
        house.sweep(FIVE + hours(0.25))
    assert vars(caplog.records[-1])["customer_ref"] == customer_ref(ASHA)
    entry["mail_status"] = {"S": "sent"}
    house.sweep(FIVE + hours(0.5))
    assert house.asked(REMINDED) == [REMINDER]


@pytest.mark.parametrize("write", [1, 2])
def test_an_update_that_meets_a_transaction_is_a_lost_race(
    house: RequestHouse, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    """The claim, or the look that finds the hour: nothing failed, and the next sweep does it."""
    house.told(order_delivered())
    updates = count(1)
    client: Any = house.client
    update = client.update_item

    def conflicted(**request: Any) -> Any:
        if next(updates) == write:
            raise client.exceptions.TransactionConflictException({"Error": {}}, "UpdateItem")
        return update(**request)

    monkeypatch.setattr(client, "update_item", conflicted)
    house.sweep(DUE)
    house.sweep(DUE + hours(0.25))
    assert house.asked(FIVE) == [FIRST]


def test_a_past_that_is_told_late_does_not_go_before_what_is_due_today(house: RequestHouse) -> None:
    house.told(order_delivered(occurred_at=NOW - days(300)))
    assert house.customer().due_at == NOW


def test_one_customer_whose_records_nobody_understands_does_not_stop_the_rest(house: RequestHouse) -> None:
    house.knows(a_profile("cust-ravi"))
    house.told(order_delivered(), order_delivered("order-78", customer_id="cust-ravi"))
    broken = {"customer_id": ASHA, "record_id": "order#order-1", "told_at": "yesterday"}
    cast("Any", house.client).put_item(TableName=house.table, Item=to_item(broken))
    assert house.asked(FIVE) == ["review_request:order-78:first"]


def test_a_campaign_that_the_plan_disables_asks_nobody() -> None:
    plan = engagement_plan()
    entry = plan.campaign("review_request").model_copy(update={"enabled": False})
    off = plan.model_copy(update={"campaigns": {**plan.campaigns, "review_request": entry}})
    house = house_in_memory(off)
    house.told(order_delivered())
    assert house.asked(FIVE) == []
    assert house.let_be == [(FIRST, "campaign_disabled")]


def test_every_record_is_forgotten_one_day_and_the_customer_last(house: RequestHouse) -> None:
    asked_about(house).told(review_submitted(product_id="assam-tea"))
    items = cast("Any", house.client).tables[house.table].values()
    expiries = {item["record_id"]["S"]: int(item["expires_at"]["N"]) for item in items}
    assert set(expiries) == {"customer", "order#order-77", "request#order-77", "reviewed#assam-tea"}
    assert expiries["customer"] == max(expiries.values())
    assert expiries["request#order-77"] >= expiries["order#order-77"]


def test_a_request_is_kept_as_long_as_its_order_whatever_is_told_of_that_later(house: RequestHouse) -> None:
    asked_about(house)
    later = NOW + days(300)
    house.told(order_refunded(lines=(), amount=rupees(1), occurred_at=later), at=later)
    items = cast("Any", house.client).tables[house.table].values()
    expiries = {item["record_id"]["S"]: int(item["expires_at"]["N"]) for item in items}
    assert expiries["request#order-77"] >= expiries["order#order-77"] > (later + days(300)).timestamp()


def test_a_later_write_of_somebody_else_wins_over_a_look(house: RequestHouse) -> None:
    house.told(order_delivered())
    known = house.customer()
    house.told(order_cancelled(), at=FIVE)
    stale = replace(known, due_at=None)
    settings = house.tracking.settings
    assert not house.requests.write(known, stale, now=FIVE, settings=settings)
    assert house.customer().due_at is not None
