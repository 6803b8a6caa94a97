"""Cart nudges in the local cloud, from the shop's fact to the customer's mail."""

from datetime import timedelta

from engagement.events.base import Event
from local_cloud.cloud import AwsCall, Killed, LocalCloud
from shop_facts import (
    NOW,
    a_line,
    cart_updated,
    hours,
    on_the_bus,
    order_placed,
    registered,
    scheduled,
    sqs_batch,
)

MINUTE = timedelta(minutes=1)


def tell(cloud: LocalCloud, *facts: Event) -> None:
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def nudges(cloud: LocalCloud) -> list[str]:
    return [mail.to[0] for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge"]


def test_a_cart_left_for_an_hour_is_nudged_about_once(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.advance(by=hours(1) - MINUTE)
    assert nudges(cloud) == []
    cloud.advance(by=hours(30))
    assert nudges(cloud) == ["cust-asha@mail.example.com"]


def test_activity_restarts_the_wait(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.advance(by=50 * MINUTE)
    tell(cloud, cart_updated(occurred_at=NOW + 50 * MINUTE))
    cloud.advance(by=50 * MINUTE)
    assert nudges(cloud) == []
    cloud.advance(by=20 * MINUTE)
    assert len(nudges(cloud)) == 1


def test_no_nudge_when_the_cart_was_bought_meanwhile(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.advance(by=59 * MINUTE)
    tell(cloud, order_placed(occurred_at=NOW + 59 * MINUTE))
    cloud.advance(by=hours(30))
    assert nudges(cloud) == []


def test_no_nudge_when_the_order_is_told_before_the_cart(cloud: LocalCloud) -> None:
    tell(cloud, registered(), order_placed(occurred_at=NOW), cart_updated(occurred_at=NOW - MINUTE))
    cloud.advance(by=hours(30))
    assert nudges(cloud) == []


def test_no_nudge_for_an_emptied_cart(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated(), cart_updated(lines=(), occurred_at=NOW + MINUTE))
    cloud.advance(by=hours(30))
    assert nudges(cloud) == []


def test_an_order_that_overtakes_a_queued_nudge_sends_its_cancellation_after_it(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    cloud.schedules_paused.add("CartNudgesSweepFunction")
    cloud.advance(by=hours(1))
    # The sweep has claimed the cart and the order comes before the mail path has looked at its queue.
    cloud.invoke("CartNudgesSweepFunction", scheduled(cloud.now))
    assert cloud.backlog()["MailQueue"] == 1
    answer = cloud.invoke(
        "CartNudgesFactsFunction", sqs_batch(on_the_bus(order_placed(occurred_at=cloud.now)))
    )
    assert answer.result == {"batchItemFailures": []}
    assert cloud.backlog()["MailQueue"] == 2


def test_nobody_mailed_for_a_guests_cart_until_the_customer_is_known(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated(customer_id=None))
    cloud.advance(by=hours(2))
    assert nudges(cloud) == []
    tell(cloud, cart_updated(occurred_at=cloud.now))
    cloud.advance(by=hours(2))
    assert len(nudges(cloud)) == 1


def test_a_sweep_killed_at_any_call_still_leads_to_exactly_one_nudge(cloud: LocalCloud) -> None:
    for number in range(12):
        customer, cart = f"cust-{number}", f"cart-{number}"
        tell(cloud, registered(customer), cart_updated(cart, customer_id=customer, occurred_at=cloud.now))
        seen = [0]

        def kill(call: AwsCall, when: str, at: int = number, seen: list[int] = seen) -> None:
            if call.function == "CartNudgesSweepFunction" and when == ("before", "after")[at % 2]:
                seen[0] += 1
                if seen[0] == at // 2 + 5:
                    raise Killed

        cloud.advance(by=hours(1) - 5 * MINUTE)
        cloud.faults.append(kill)
        cloud.advance(by=10 * MINUTE)
        cloud.faults.clear()
        cloud.advance(by=hours(1))
        assert nudges(cloud).count(f"{customer}@mail.example.com") == 1, f"killed at call {number}"


def test_the_mail_shows_what_is_in_the_cart_as_it_is_now(cloud: LocalCloud) -> None:
    tell(cloud, registered(locale="hi-IN"), cart_updated(lines=(a_line("Old tea"),)))
    tell(cloud, cart_updated(lines=(a_line("Ilam tea", quantity=3),), occurred_at=NOW + MINUTE))
    cloud.advance(by=hours(2))
    (mail,) = [mail for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge"]
    assert "Ilam tea × 3" in mail.text
    assert "Old tea" not in mail.text
