"""Cart nudges in the local cloud, from the shop's facts to the customer's mail."""

from datetime import UTC, datetime, timedelta

import pytest

from engagement.mail_orders import send_key_of
from in_the_cloud import Kill, only_schedule, ses_at_its_rate, stride, tell
from local_cloud.cloud import LocalCloud
from local_cloud.sent_mail import SentMail
from shop_facts import (
    NOW,
    a_line,
    cart_deleted,
    cart_updated,
    carts_merged,
    days,
    hours,
    order_placed,
    product_changed,
    registered,
    rupees,
)

MINUTE = timedelta(minutes=1)
SWEEP = "CartNudgesSweepFunction"
# In Kolkata, where quiet hours end at eight in the morning: it is half past five.
DAWN = datetime(2027, 3, 2, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_schedule_but_this_rooms(cloud: LocalCloud) -> None:
    only_schedule(cloud, SWEEP)


def mails(cloud: LocalCloud) -> list[SentMail]:
    return [mail for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge"]


def nudges(cloud: LocalCloud) -> list[str]:
    """`<cart>:step-<number>` of each nudge that left, in order."""
    return [send_key_of(mail.tags["SendKey"]).partition(":")[2] for mail in mails(cloud)]


def reasons(cloud: LocalCloud) -> dict[str, str]:
    """Why what was not sent was not."""
    return {
        entry["send_key"].partition(":")[2]: entry.get("reason") or entry["cancelled_because"]
        for entry in cloud.table("MailLogTable")
        if entry["mail_status"] in ("skipped", "cancelled")
    }


def test_a_cart_that_stays_left_brings_three_mails_the_last_with_an_offer_and_no_more(
    cloud: LocalCloud,
) -> None:
    tell(cloud, registered(), cart_updated(lines=(a_line(price=rupees(1500)),)))
    cloud.advance(by=hours(1) - MINUTE)
    assert nudges(cloud) == []
    stride(cloud, days(3) + hours(6), every=hours(3))
    assert nudges(cloud) == ["cart-9:step-1", "cart-9:step-2", "cart-9:step-3"]
    assert {mail.to for mail in mails(cloud)} == {("cust-asha@mail.example.com",)}
    (offer,) = cloud.table("OffersTable")
    assert [offer["code"] in mail.text for mail in mails(cloud)] == [False, False, True]
    assert cloud.table("CartTimersTable") == []


def test_who_bought_whichever_way_or_emptied_the_cart_is_not_nudged(cloud: LocalCloud) -> None:
    names = ("id", "phone", "guest", "emptied", "deleted", "early")
    tell(cloud, *(registered(f"cust-{name}") for name in names))
    tell(
        cloud,
        *(cart_updated(f"cart-{name}", customer_id=f"cust-{name}") for name in names if name != "early"),
        order_placed("o-1", customer_id="cust-id", cart_id="cart-id"),
        order_placed("o-2", customer_id="cust-phone", cart_id=None, lines=(a_line(),)),
        order_placed(
            "o-3",
            customer_id="guest-o-3",
            cart_id="guests",
            email="Cust-Guest@mail.example.com",
            lines=(a_line(),),
        ),
        cart_updated("cart-emptied", customer_id="cust-emptied", lines=(), occurred_at=NOW + MINUTE),
        cart_deleted("cart-deleted", occurred_at=NOW + MINUTE),
        order_placed("o-4", customer_id="cust-early", cart_id="cart-early", occurred_at=NOW),
        cart_updated("cart-early", customer_id="cust-early", occurred_at=NOW - MINUTE),
    )
    stride(cloud, hours(2))
    assert nudges(cloud) == []
    assert reasons(cloud) == {"cart-phone:step-1": "bought_already", "cart-guest:step-1": "bought_already"}


def test_the_mail_that_waited_for_the_morning_says_what_is_so_then(cloud: LocalCloud) -> None:
    """Meanwhile one of three is bought under another cart, one is sold out, and one becomes cheaper."""
    stride(cloud, DAWN - cloud.now, every=hours(12))
    lines = (a_line(), a_line("Ilam tea"), a_line("Clay cup", price=rupees(999)))
    tell(cloud, registered(), cart_updated(lines=lines, occurred_at=DAWN))
    stride(cloud, hours(1))
    assert cloud.backlog()["MailQueue"] == 1
    tell(
        cloud,
        order_placed(cart_id="of-the-phone", lines=(a_line(),), occurred_at=cloud.now),
        product_changed("ilam-tea", name="Ilam tea", available=False, occurred_at=cloud.now),
        product_changed("clay-cup", name="Clay cup", prices=(rupees(799),), occurred_at=cloud.now),
    )
    stride(cloud, hours(2))
    (mail,) = mails(cloud)
    assert "Clay cup" in mail.text
    assert "₹799" in mail.text
    assert not [gone for gone in ("Assam", "Ilam", "999") if gone in mail.text]
    assert (mail.sent_at + hours(5.5)).hour == 8


def test_a_guest_becomes_known_by_address_and_by_login_and_carts_merge(cloud: LocalCloud) -> None:
    names = ("login", "checkout", "merger")
    tell(cloud, *(registered(f"cust-{name}") for name in names))
    tell(cloud, *(cart_updated(f"cart-{name}", customer_id=None) for name in names))
    stride(cloud, hours(2))
    assert nudges(cloud) == []
    now = cloud.now
    tell(
        cloud,
        cart_updated("cart-login", customer_id="cust-login", occurred_at=now),
        cart_updated(
            "cart-checkout", customer_id=None, email="cust-checkout@mail.example.com", occurred_at=now
        ),
        carts_merged("cart-merger", "cart-own", occurred_at=now),
        cart_updated("cart-own", customer_id="cust-merger", occurred_at=now),
    )
    stride(cloud, hours(2))
    assert sorted(nudges(cloud)) == ["cart-checkout:step-1", "cart-login:step-1", "cart-own:step-1"]


def test_only_the_newest_of_several_carts_and_nobody_who_did_not_agree(cloud: LocalCloud) -> None:
    tell(cloud, registered(), registered("cust-no", consents=[]), cart_updated("no", customer_id="cust-no"))
    tell(cloud, cart_updated("older"), cart_updated("newer", occurred_at=NOW + MINUTE))
    stride(cloud, hours(3))
    assert nudges(cloud) == ["newer:step-1"]
    assert reasons(cloud) == {"older:step-1": "superseded", "no:step-1": "no_consent"}


def test_what_is_bought_or_emptied_while_the_nudge_waits_in_the_mail_path_is_called_off(
    cloud: LocalCloud,
) -> None:
    names = ("buys", "empties")
    tell(cloud, *(registered(f"cust-{name}") for name in names))
    tell(cloud, *(cart_updated(f"cart-{name}", customer_id=f"cust-{name}") for name in names))
    with ses_at_its_rate(cloud):
        stride(cloud, hours(1))
    assert cloud.backlog()["MailQueue"] == 2
    tell(
        cloud,
        order_placed(customer_id="cust-buys", cart_id="cart-buys", occurred_at=cloud.now),
        cart_updated("cart-empties", customer_id="cust-empties", lines=(), occurred_at=cloud.now),
    )
    stride(cloud, hours(2))
    assert nudges(cloud) == []
    assert reasons(cloud) == {"cart-buys:step-1": "bought"}


def test_a_sweep_that_is_killed_still_leads_to_exactly_one_nudge(cloud: LocalCloud) -> None:
    tell(cloud, registered(), cart_updated())
    kill = Kill(SWEEP, "SendMessageBatch", "after")
    cloud.faults.append(kill)
    stride(cloud, hours(1) + 30 * MINUTE, every=30 * MINUTE)
    assert kill.happened
    assert nudges(cloud) == ["cart-9:step-1"]
