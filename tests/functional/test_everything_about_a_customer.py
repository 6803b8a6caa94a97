"""Everything that is held on a customer is found and ended; what is told again later brings nobody back."""

import json
from typing import Any

import boto3
import pytest

from engagement.contacts import Contacts
from engagement.events.base import Event
from engagement.events.benefits import Benefit
from engagement.offers import Offers
from engagement.plan import engagement_plan
from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from rishta_cli.customers.audit_line import AuditLines
from rishta_cli.customers.catalogue import PLACES
from rishta_cli.customers.erasing import Erasing, Wanted
from rishta_cli.customers.exporting import exported
from rishta_cli.customers.holding import Holding, held_on
from rishta_cli.customers.person import Person, find_person
from rishta_cli.customers.reaching import Ground
from shop_facts import (
    NOW,
    a_line,
    cart_updated,
    days,
    erased,
    hours,
    on_the_bus,
    order_delivered,
    order_paid,
    order_placed,
    registered,
    review_invited,
)

ASHA, RAVI = "cust-asha", "cust-ravi"
ADDRESS = f"{ASHA}@mail.example.com"
WANTED = Wanted("Meera", "her letter of 1 March", patience=0)
# What no room of these two days fills for her: her address never bounced.
EMPTY = {"SuppressionTable"}

FACTS: tuple[Event, ...] = (
    registered(birthday="1990-05-01", name="Asha Iyer"),
    registered(RAVI),
    order_placed("order-1", cart_id=None, lines=(a_line("Darjeeling"),)),
    order_paid("order-1"),
    order_delivered("order-1"),
    review_invited(),
    cart_updated(),
    cart_updated("cart-guest", customer_id=None, email=ADDRESS),
    cart_updated("cart-ravi", customer_id=RAVI),
)


def lead_a_life(cloud: LocalCloud) -> None:
    """Asha buys, is nudged about a cart, and has an offer that she used; one message about her failed for good."""
    tell(cloud, *FACTS)
    cloud.advance(by=hours(1.5))
    assert any(ADDRESS in mail.to for mail in cloud.mails)
    offers = Offers(
        boto3.client("dynamodb"), cloud.resources["OffersTable"], b"key", engagement_plan().offers
    )
    offer = offers.issue(
        f"birthday:{ASHA}:2027",
        campaign="birthday_offer",
        customer_id=ASHA,
        benefit=Benefit(percent=15),
        expires_at=NOW + days(14),
        now=cloud.now,
    )
    tell(
        cloud,
        order_placed("order-2", cart_id="cart-9", offer_codes=(offer.code,), occurred_at=cloud.now),
    )
    contacts = Contacts(boto3.client("dynamodb"), cloud.resources["ContactsTable"])
    contacts.record(ASHA, ["an_older_plans_topic"], granted=True, changed_at=NOW)
    lay_dead_letter(cloud, on_the_bus(order_paid("order-3")))
    lay_dead_letter(cloud, on_the_bus(registered(RAVI)))


def lay_dead_letter(cloud: LocalCloud, body: str) -> None:
    url = Ground.of(cloud).stack.queues()["LoyaltyQueue"].dead_letters_url
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def person(cloud: LocalCloud, customer_id: str = ASHA, address: str | None = None) -> Person:
    return find_person(Ground.of(cloud).stack, customer_id, address)


def held(cloud: LocalCloud, who: Person) -> Holding:
    return held_on(Ground.of(cloud).stack, who, cloud.now)


def everything(cloud: LocalCloud) -> str:
    """All tables and dead letters as one text."""
    tables: dict[str, Any] = {name: cloud.table(name) for name in cloud.resources if name.endswith("Table")}
    return f"{tables} {json.dumps(cloud.dead_letters())}"


def test_each_place_of_the_catalogue_tells_what_a_customers_life_left_there(cloud: LocalCloud) -> None:
    lead_a_life(cloud)
    found = held(cloud, person(cloud))
    assert PLACES.keys() - found.items.keys() == EMPTY
    assert [len(bodies) for bodies in found.letters.values()] == [1]


def test_an_export_has_the_guests_cart_and_the_mails_text_and_nothing_of_others(cloud: LocalCloud) -> None:
    lead_a_life(cloud)
    who = person(cloud)
    text = json.dumps(exported(who, held(cloud, who), cloud.now))
    for told in ("Asha Iyer", "1990-05-01", "cart-guest", "<html", "order-3"):
        assert told in text
    assert RAVI not in text


def test_erasure_leaves_nothing_personal_of_one_and_all_that_is_others(cloud: LocalCloud) -> None:
    lead_a_life(cloud)
    who, others = person(cloud), held(cloud, person(cloud, RAVI))
    assert Erasing(Ground.of(cloud), who, WANTED).erase().is_empty
    left = everything(cloud)
    for personal in ("Asha Iyer", ADDRESS, "05-01", f"{who.address_hash}", "order-3"):
        assert personal not in left
    # A cart that she bought names nobody.
    for table in (
        "CartsTable",
        "CartShoppersTable",
        "NudgedOrdersTable",
        "NudgeExposuresTable",
        "OffersTable",
    ):
        assert ASHA not in str(cloud.table(table)), table
    assert held(cloud, who).left_over().is_empty
    assert held(cloud, person(cloud, RAVI)) == others


def test_erased_twice_it_ends_the_same_and_the_audit_line_names_nobody(cloud: LocalCloud) -> None:
    lead_a_life(cloud)
    who = person(cloud)
    for _ in range(2):
        assert Erasing(Ground.of(cloud), who, WANTED).erase().is_empty
    lines = AuditLines(Ground.of(cloud).stack, who).read()
    assert {(line.author, line.reason, line.finished_at) for line in lines} == {
        ("Meera", "her letter of 1 March", cloud.now)
    }
    kept = [item for item in cloud.table("CustomersTable") if "#" in item["customer_id"]]
    assert len(kept) == 1
    assert ASHA not in str(kept)


def test_the_shops_older_facts_told_again_bring_no_profile_no_consent_and_no_mail(cloud: LocalCloud) -> None:
    lead_a_life(cloud)
    who = person(cloud)
    Erasing(Ground.of(cloud), who, WANTED).erase()
    mails = len(cloud.mails)
    tell(cloud, *FACTS)
    cloud.advance(by=hours(3))
    assert not [mail for mail in cloud.mails[mails:] if ADDRESS in mail.to]
    back = held(cloud, who).left_over().items.keys()
    # Said in the decision record: these have no tombstones, no name either, and forget by themselves.
    assert back <= {
        "CartsTable",
        "CartShoppersTable",
        "NudgedOrdersTable",
        "NudgeExposuresTable",
        "ReviewRequestsTable",
        "MailLogTable",
    }
    assert "Asha Iyer" not in everything(cloud)


@pytest.mark.parametrize("killed_before", ["_tell", "_own_places"])
def test_killed_in_the_middle_and_run_again_it_ends_the_same(
    cloud: LocalCloud, killed_before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_a_life(cloud)
    who = person(cloud)

    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Erasing, killed_before, kill)
        with pytest.raises(KeyboardInterrupt):
            Erasing(Ground.of(cloud), who, WANTED).erase()
    assert Erasing(Ground.of(cloud), person(cloud), WANTED).erase().is_empty
    assert held(cloud, who).left_over().is_empty
    assert ADDRESS not in everything(cloud)


def test_what_the_shops_own_word_alone_does_not_end_the_command_finds(cloud: LocalCloud) -> None:
    lead_a_life(cloud)
    tell(cloud, erased(occurred_at=cloud.now))
    left = held(cloud, person(cloud, ASHA, ADDRESS)).left_over()
    by_address = {"CartsTable", "CartShoppersTable"}
    assert left.items.keys() - by_address == {
        "OfferOrdersTable",
        "OffersTable",
        "MailLogTable",
        "ContactsTable",
    }
    # What is left of these is a guest's, under a keyed hash.
    assert ASHA not in str([left.items.get(table) for table in by_address])
    assert "Asha Iyer" not in everything(cloud)
