"""Review requests on the real engine: closed is closed, the latest delivery counts, one sweep wins a request."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from engagement.due_work import LEASE
from engagement.errors import RetryLaterError
from engagement.events.orders import OrderDelivered
from engagement.items import from_item, to_item
from engagement.mail_composer import MailComposer
from engagement.mail_orders import CancelMail, SendMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.profiles import Profiles, profile_attributes
from recording_queue import RecordingQueue
from review_requests.asking import ReviewAsking
from review_requests.campaign import ReviewRequestSettings
from review_requests.rules import Closed, ClosingFact, Product
from review_requests.table import ReviewRequests, request_of
from review_requests.tracking import RequestTracking
from shop_facts import (
    NOW,
    a_line,
    a_profile,
    days,
    hours,
    order_cancelled,
    order_delivered,
    order_refunded,
    review_submitted,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DUE = NOW + days(7)


class House:
    """The capability on tables of its own, with Asha as its customer."""

    def __init__(self, client: "DynamoDBClient", requests: str, customers: str, plan: EngagementPlan) -> None:
        self.client = client
        self.table = requests
        self.requests = ReviewRequests(client, requests)
        self.mail_queue = RecordingQueue()
        settings = plan.settings(ReviewRequestSettings)
        self.tracking = RequestTracking(self.requests, self.mail_queue, settings)
        self.asking = ReviewAsking(
            requests=self.requests,
            profiles=Profiles(client, customers),
            composer=MailComposer("review_requests", plan, (b"k" * 32,), "https://pages.example.com"),
            mail_queue=self.mail_queue,
            plan=plan,
            settings=settings,
        )
        client.put_item(TableName=customers, Item=to_item(profile_attributes(a_profile())))

    def told(self, *facts: OrderDelivered | ClosingFact) -> "House":
        for fact in facts:
            self.tracking.apply(fact)
        return self

    def due(self, now: datetime = DUE) -> list[str]:
        return [item["order_id"] for item in self.requests.due_work.due(now, 100)]

    def item(self, order: str = "order-77") -> dict[str, Any]:
        answer = self.client.get_item(
            TableName=self.table, Key=to_item({"order_id": order}), ConsistentRead=True
        )
        return from_item(answer["Item"])

    def mails(self) -> list[str]:
        return [message.send_key for message in self.mail_queue.messages if isinstance(message, SendMail)]

    def cancelled(self) -> list[tuple[str, str]]:
        put = self.mail_queue.messages
        return [(message.send_key, message.reason) for message in put if isinstance(message, CancelMail)]


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(
        dynamodb, dynamodb_table("ReviewRequestsTable"), dynamodb_table("CustomersTable"), engagement_plan()
    )


def test_a_request_falls_due_a_week_after_the_delivery(house: House) -> None:
    house.told(order_delivered())
    assert house.due(DUE - hours(1)) == []
    assert house.due(DUE) == ["order-77"]


def test_what_is_kept_is_what_the_mail_needs_until_it_is_forgotten(house: House) -> None:
    house.told(order_delivered(lines=(a_line("Assam tea", quantity=2),)))
    item = house.item()
    assert request_of(item).products == (Product("assam-tea", "Assam tea", 2),)
    assert item["expires_at"] == int((NOW + days(365)).timestamp())


def test_the_same_delivery_twice_changes_nothing(house: House) -> None:
    house.told(order_delivered())
    before = house.item()
    house.told(order_delivered(event_id="evt-again", lines=(a_line("Something else"),)))
    assert house.item() == before


def test_the_latest_delivery_counts_in_whatever_order_they_come(house: House) -> None:
    for number, order in enumerate(permutations([0, 1, 2])):
        name = f"order-{number}"
        house.told(*(order_delivered(name, occurred_at=NOW + days(day)) for day in order))
        assert request_of(house.item(name)).delivered_at == NOW + days(2)
    assert house.due(DUE + days(2) - hours(1)) == []


def test_a_delivery_that_is_told_when_the_request_has_begun_moves_nothing(house: House) -> None:
    house.told(order_delivered())
    (seen,) = house.requests.due_work.due(DUE, 10)
    house.requests.due_work.claim(seen, DUE)
    house.told(order_delivered(occurred_at=NOW + days(3)))
    assert request_of(house.item()).delivered_at == NOW


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (order_cancelled(), Closed.CANCELLED),
        (order_refunded(), Closed.REFUNDED),
        (review_submitted(), Closed.REVIEWED),
    ],
)
def test_what_closes_a_request_closes_it_before_and_after_the_delivery(
    house: House, fact: ClosingFact, reason: Closed
) -> None:
    house.told(order_delivered(), fact)
    assert request_of(house.item()).closed is reason
    other = fact.model_copy(update={"order_id": "order-78"})
    house.told(other, order_delivered("order-78"), order_delivered("order-78", occurred_at=NOW + days(5)))
    assert request_of(house.item("order-78")).closed is reason
    assert house.due(DUE + days(99)) == []
    assert house.mail_queue.messages == []


def test_in_every_order_of_delivery_refund_and_review_nobody_is_asked(house: House) -> None:
    for number, (first, second, third) in enumerate(permutations(range(3))):
        name = f"order-{number}"
        facts = (order_delivered(name), order_refunded(name), review_submitted(name))
        house.told(facts[first], facts[second], facts[third])
    assert house.asking.sweep(DUE + days(1)) == 0


def test_the_first_reason_stays(house: House) -> None:
    house.told(order_delivered(), review_submitted(), order_refunded(), order_cancelled())
    assert request_of(house.item()).closed is Closed.REVIEWED


def test_a_closed_request_keeps_nothing_of_what_was_bought(house: House) -> None:
    house.told(order_delivered(), order_refunded())
    assert {"products", "due_at", "due_shard"}.isdisjoint(house.item())


def test_a_due_request_is_asked_once(house: House) -> None:
    house.told(order_delivered())
    assert house.asking.sweep(DUE) == 1
    assert house.asking.sweep(DUE + hours(1)) == 0
    assert house.mails() == ["review_request:order-77:first"]
    (mail,) = house.mail_queue.messages
    assert isinstance(mail, SendMail)
    assert mail.useful_until == NOW + days(21)


def test_an_order_of_many_products_names_eight_and_counts_the_others(house: House) -> None:
    house.told(order_delivered(lines=tuple(a_line(f"Tea {number:02}") for number in range(30))))
    house.asking.sweep(DUE)
    (mail,) = house.mail_queue.messages
    assert isinstance(mail, SendMail)
    assert "Tea 07" in mail.text
    assert "Tea 08" not in mail.text
    assert "and 22 more" in mail.text


def test_nobody_is_asked_who_is_unknown_or_erased(house: House) -> None:
    house.told(order_delivered(customer_id="cust-erased"))
    assert house.asking.sweep(DUE) == 0
    # The registration may be late; when a request is of no more use, it is let go.
    assert house.due(DUE + LEASE) == ["order-77"]
    assert house.asking.sweep(DUE + days(15)) == 0
    assert house.due(DUE + days(99)) == []


def test_nobody_is_asked_while_the_campaign_is_switched_off(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    plan = engagement_plan()
    off = plan.campaign("review_request").model_copy(update={"enabled": False})
    silent = plan.model_copy(update={"campaigns": {**plan.campaigns, "review_request": off}})
    house = House(dynamodb, dynamodb_table("ReviewRequestsTable"), dynamodb_table("CustomersTable"), silent)
    assert house.told(order_delivered()).asking.sweep(DUE) == 0


def test_a_refund_after_the_mail_was_handed_over_cancels_it_by_its_send_key(house: House) -> None:
    house.told(order_delivered())
    house.asking.sweep(DUE)
    house.told(order_refunded())
    assert house.cancelled() == [("review_request:order-77:first", "refunded")]


def test_a_cancellation_that_was_not_handed_over_is_handed_over_when_the_fact_comes_again(
    house: House,
) -> None:
    house.told(order_delivered())
    house.asking.sweep(DUE)
    house.mail_queue.refusals = 1
    with pytest.raises(RetryLaterError):
        house.told(review_submitted())
    house.told(review_submitted())
    assert house.cancelled() == [("review_request:order-77:first", "reviewed")]


def test_a_sweep_that_died_before_the_mail_asks_after_its_lease(house: House) -> None:
    house.told(order_delivered())
    house.mail_queue.refusals = 1
    with pytest.raises(RetryLaterError):
        house.asking.sweep(DUE)
    assert house.asking.sweep(DUE + LEASE - hours(0.1)) == 0
    assert house.asking.sweep(DUE + LEASE) == 1
    assert len(house.mails()) == 1


def test_a_sweep_that_died_after_the_mail_hands_over_the_same_send_key_again(house: House) -> None:
    house.told(order_delivered())
    (seen,) = house.requests.due_work.due(DUE, 10)
    house.requests.due_work.claim(seen, DUE)
    assert house.asking.sweep(DUE + LEASE) == 1
    assert house.mails() == ["review_request:order-77:first"]


def test_a_refund_between_the_look_and_the_claim_leaves_nothing_to_ask(house: House) -> None:
    house.told(order_delivered())
    (seen,) = house.requests.due_work.due(DUE, 10)
    house.told(order_refunded())
    assert house.requests.due_work.claim(seen, DUE) is None


def test_a_refund_between_the_claim_and_its_end_stays_closed_and_cancels(house: House) -> None:
    house.told(order_delivered())
    (seen,) = house.requests.due_work.due(DUE, 10)
    claimed = house.requests.due_work.claim(seen, DUE)
    assert claimed is not None
    house.told(order_refunded())
    house.requests.due_work.settle(claimed, asked_at="2027-03-08T12:00:00.000000Z")
    request = request_of(house.item())
    assert (request.closed, request.asked) == (Closed.REFUNDED, True)
    assert house.due(DUE + days(99)) == []
    assert len(house.cancelled()) == 1


def test_of_twenty_sweeps_at_once_one_asks(house: House) -> None:
    house.told(order_delivered())
    with ThreadPoolExecutor(20) as pool:
        asked = list(pool.map(lambda _: house.asking.sweep(DUE), range(20)))
    assert sum(asked) == 1
    assert len(house.mails()) == 1


def test_deliveries_and_closings_at_once_always_end_closed(house: House) -> None:
    facts = [order_delivered(occurred_at=NOW + hours(hour)) for hour in range(15)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(house.told, [*facts, order_refunded(), review_submitted()]))
    assert request_of(house.item()).closed is not None
    assert house.due(DUE + days(99)) == []
