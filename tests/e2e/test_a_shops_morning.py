"""Shop events go in over the AWS API, and what follows is looked at over the AWS API alone.

MiniStack's clock is the machine's. What should lie in the past is told with a time in the past; what a schedule would
call is called as it calls, with the time for which it calls.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ministack_local.deployment import Deployment, Mail, eventually
from rishta_cli.project import ROOT

NOW = datetime.now(UTC)
# Where it is eleven in the morning: no quiet hours, and birthday mails leave at nine.
_AHEAD = (11 - NOW.hour + 11) % 24 - 11
ZONE = f"Etc/GMT{-_AHEAD:+d}"
TODAY_THERE = (NOW + timedelta(hours=_AHEAD)).date()
ASHA, BEN = "cust-asha", "cust-ben"
FORM = "List-Unsubscribe=One-Click"


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat()


def sample(path: str, **fields: Any) -> dict[str, Any]:
    """The fact of a sample under events/, with some fields changed."""
    event = json.loads((ROOT / "events" / path).read_text(encoding="utf-8"))
    detail: dict[str, Any] = json.loads(event["Records"][0]["body"])["detail"]
    return detail | fields


def mails_to(deployment: Deployment, address: str) -> list[Mail]:
    return [mail for mail in deployment.mails() if address in mail.to]


def link(mail: Mail, page: str) -> str:
    found = re.search(rf"https://\S+/{page}\?\S+", mail.text)
    assert found, f"the mail {mail.subject!r} has no link to /{page}"
    return found.group(0)


@pytest.fixture(scope="module")
def shop(deployment: Deployment) -> Deployment:
    """Asha and Ben have been customers for years; it is Ben's birthday; both left a cart an hour and a half ago."""
    for customer, born in ((ASHA, "1990-01-15"), (BEN, f"1988-{TODAY_THERE:%m-%d}")):
        told = {
            "event_id": f"registered-{customer}",
            "occurred_at": ago(days=800),
            "customer_id": customer,
            "email": f"{customer}@example.org",
            "birthday": born.replace("-02-29", "-02-28"),
            "time_zone": ZONE,
            "locale": "en-IN",
            "consents": ["offers", "reminders", "reviews", "loyalty"],
        }
        deployment.tell(
            "CustomerRegistered", sample("customer_profiles/facts_door/customer_registered.json", **told)
        )
    assert eventually(lambda: len(deployment.items("ContactsTable")) == 2)
    assert eventually(lambda: len(deployment.items("CustomersTable")) == 2)
    assert eventually(
        lambda: any(item["customer_id"]["S"] == BEN for item in deployment.items("OccasionsTable"))
    )
    return deployment


def test_a_cart_that_was_left_is_nudged_about_once(shop: Deployment) -> None:
    cart = sample(
        "cart_nudges/facts_door/cart_updated.json",
        cart_id="cart-1",
        customer_id=ASHA,
        occurred_at=ago(minutes=90),
    )
    shop.tell("CartUpdated", cart)
    shop.tell("CartUpdated", cart)
    assert eventually(lambda: shop.items("CartTimersTable"))
    for _ in range(2):
        shop.call("CartNudgesSweepFunction", {"scheduled_at": NOW.isoformat()})
    assert eventually(lambda: mails_to(shop, f"{ASHA}@example.org"))
    (mail,) = mails_to(shop, f"{ASHA}@example.org")
    assert "cart" in mail.subject
    assert "Darjeeling" in mail.text


def test_a_birthday_is_celebrated_once_however_often_its_schedule_calls(shop: Deployment) -> None:
    for _ in range(2):
        shop.call("OccasionOffersRunFunction", {"scheduled_at": NOW.isoformat()})
    assert eventually(lambda: mails_to(shop, f"{BEN}@example.org"))
    (mail,) = mails_to(shop, f"{BEN}@example.org")
    assert "birthday" in mail.subject.lower()
    assert not [
        other for other in mails_to(shop, f"{ASHA}@example.org") if "birthday" in other.subject.lower()
    ]


def test_points_are_booked_once_and_told_to_the_shop_that_signs(shop: Deployment) -> None:
    paid = sample("loyalty/facts_door/order_paid.json", customer_id=ASHA, occurred_at=ago(minutes=5))
    for _ in range(2):
        shop.tell("OrderPaid", paid)
    assert eventually(lambda: entries_of(shop, ASHA))
    path = f"/points/statement?customer_id={ASHA}"
    answer = shop.http("GET", path, signed=True)
    assert answer.status == 200, answer
    earned = [entry for entry in entries_of(shop, ASHA) if paid["order_id"] in entry["record_id"]["S"]]
    assert len(earned) == 1, "told twice, booked once"
    pending = sum(each["points"] for each in json.loads(answer.body)["pending"])
    assert pending == sum(int(entry["points"]["N"]) for entry in entries_of(shop, ASHA)) > 0


def entries_of(deployment: Deployment, customer: str) -> list[dict[str, Any]]:
    items = deployment.items("LoyaltyTable")
    return [item for item in items if "sequence" in item and item["customer_id"]["S"] == customer]


def test_who_unsubscribes_by_the_mails_link_is_not_mailed_again(shop: Deployment) -> None:
    (mail,) = eventually(lambda: mails_to(shop, f"{ASHA}@example.org")) or [None]
    assert mail
    page = link(mail, "unsubscribe")
    assert shop.http("GET", page).status == 200
    assert shop.http("POST", page, FORM).status == 200
    shop.tell(
        "CartUpdated",
        sample(
            "cart_nudges/facts_door/cart_updated.json",
            event_id="cart-2-told",
            cart_id="cart-2",
            customer_id=ASHA,
            occurred_at=ago(minutes=80),
        ),
    )
    assert eventually(lambda: any(item["cart_id"]["S"] == "cart-2" for item in shop.items("CartsTable")))
    shop.call("CartNudgesSweepFunction", {"scheduled_at": NOW.isoformat()})
    skipped = eventually(
        lambda: [item for item in shop.items("MailLogTable") if "cart-2" in item["send_key"]["S"]]
    )
    assert [item["reason"]["S"] for item in skipped] == ["unsubscribed"]
    assert len(mails_to(shop, f"{ASHA}@example.org")) == 1


def test_a_forged_link_opens_nothing(shop: Deployment) -> None:
    assert (
        shop.http("GET", "/unsubscribe?token=abcd.eyJjdXN0b21lcl9pZCI6ImMifQ.aaaaaaaaaaaaaaaaaaaaaa").status
        == 400
    )


def test_a_poison_message_ends_in_its_dead_letter_queue_alone(shop: Deployment) -> None:
    """Deliveries come three minutes apart; for the test they come at once, by the queue's own setting."""
    shop.client("sqs").set_queue_attributes(
        QueueUrl=shop.resources["CustomerProfilesQueue/Queue"], Attributes={"VisibilityTimeout": "1"}
    )
    shop.tell("CustomerUpdated", {"event_id": "poison-1", "occurred_at": ago(minutes=1), "customer_id": 7})
    shop.tell(
        "CustomerUpdated",
        sample(
            "customer_profiles/facts_door/customer_updated.json",
            event_id="neighbour-1",
            customer_id=BEN,
            occurred_at=ago(minutes=1),
            name="Benjamin",
        ),
    )
    letters = eventually(lambda: shop.dead_letters().get("CustomerProfilesQueue"))
    assert [json.loads(letter)["detail"]["event_id"] for letter in letters] == ["poison-1"]
    named = {item["name"]["S"] for item in shop.items("CustomersTable") if item["customer_id"]["S"] == BEN}
    assert named == {"Benjamin"}
    assert any("customer_id" in line and "message failed" in line for line in shop.log()), (
        "the log names the field"
    )


def test_nothing_personal_is_in_the_log(shop: Deployment) -> None:
    lines = "\n".join(shop.log())
    assert lines
    for word in (ASHA, BEN, "example.org", "Benjamin"):
        assert word not in lines
