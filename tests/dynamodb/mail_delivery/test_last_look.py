"""What a mail was written upon changes while it is being delivered, on the real engine."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest

from engagement.errors import RetryLaterError
from engagement.mail_orders import Premise, SendMail
from mail_facts import a_cancellation, a_mail
from mail_house import TABLES, FakeSes, House, Kill, Meanwhile, Trouble, throttled
from shop_facts import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MINUTE = timedelta(minutes=1)
# The calls of a delivery: the first look, suppression, the turn, the place under the cap, the page, the claim, and
LAST_LOOK, SES_CALL = 7, 8
type Policy = Literal["skip", "leave"]
POLICIES: tuple[Policy, ...] = ("skip", "leave")


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    house = House(dynamodb, {name: dynamodb_table(name) for name in (*TABLES, "CartsTable")})
    house.welcome()
    return house


def about_a_cart(house: House, number: int = 9, **changes: Any) -> SendMail:
    house.forget_stops()  # and the timetable: a worker's first turn takes one call
    cart = f"cart-{number}"
    return a_mail(f"cart_nudge:{cart}:step-1", **{"premises": (house.cart(cart),), **changes})


def bought(house: House, number: int = 9) -> Callable[[], object]:
    return lambda: house.cart(f"cart-{number}", cart_status="bought")


def places(house: House) -> list[str]:
    return [mail.send_key for mail in house.contacts.get("cust-asha").recent]


def what_is_left(house: House, order: SendMail) -> tuple[str, str] | None:
    entry = house.entry(order)
    return (entry["mail_status"], entry["reason"]) if entry else None


LEFT: dict[Policy, tuple[str, str] | None] = {"skip": ("skipped", "no_longer_true"), "leave": None}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_cart_bought_before_any_call_but_ses_own_is_not_mailed_about(house: House, policy: Policy) -> None:
    for at in range(1, SES_CALL):
        order = about_a_cart(house, at, if_untrue=policy)
        house.carry_out(order, NOW, Meanwhile(at, bought(house, at)))
        assert house.ses.accepted == [], f"bought before call {at}"
        assert what_is_left(house, order) == LEFT[policy], f"bought before call {at}"
        assert places(house) == []
    # Here physics ends.
    order = about_a_cart(house, SES_CALL, if_untrue=policy)
    house.carry_out(order, NOW, Meanwhile(SES_CALL, bought(house, SES_CALL)))
    assert len(house.ses.accepted) == 1
    assert house.status(order) == "sent"


def test_a_mail_called_off_before_any_call_but_ses_own_never_leaves_and_gives_its_place_back(
    house: House,
) -> None:
    for at in range(1, SES_CALL):
        order = about_a_cart(house, at)
        cancel = a_cancellation(order.send_key)
        with suppress(RetryLaterError):  # "another worker was faster"
            house.carry_out(order, NOW, Meanwhile(at, lambda cancel=cancel: house.carry_out(cancel, NOW)))  # type: ignore[misc]
        house.carry_out(order, NOW + MINUTE)
        assert house.ses.accepted == []
        assert house.status(order) == "cancelled"
        assert places(house) == []


@pytest.mark.parametrize("policy", POLICIES)
def test_a_worker_killed_while_it_gives_up_an_outdated_mail_leaves_nothing_that_could_send_it(
    house: House, policy: Policy
) -> None:
    """It stands at the last look or behind, with the claim and a place in its hands."""

    for number, kill_after in enumerate(range(LAST_LOOK, LAST_LOOK + 4)):
        order = about_a_cart(house, number, if_untrue=policy)
        trouble = Meanwhile(LAST_LOOK, bought(house, number), at=kill_after, moment="after", error=Kill)
        with suppress(Kill):
            house.carry_out(order, NOW, trouble)
        for later in (1, 2):
            house.carry_out(order, NOW + later * 6 * MINUTE)
        assert house.ses.accepted == []
        if kill_after == LAST_LOOK:
            # With the claim in hand: nobody knows that it asked nobody.
            assert house.status(order) == "unknown"
        else:
            assert what_is_left(house, order) == LEFT[policy]
            assert order.send_key not in places(house)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_mail_that_ses_throttles_is_looked_at_again_before_it_is_tried_again(
    house: House, policy: Policy
) -> None:
    asked: list[str] = []

    class Throttles(FakeSes):
        def send_email(self, **request: Any) -> dict[str, str]:
            asked.append("once")
            bought(house)()
            raise throttled()

    house.ses = Throttles()
    order = about_a_cart(house, if_untrue=policy)
    house.carry_out(order, NOW)
    assert asked == ["once"]
    assert what_is_left(house, order) == LEFT[policy]
    assert (places(house), house.queue.later) == ([], [])


def test_a_last_look_that_fails_costs_nobody_the_mail(house: House) -> None:
    order = about_a_cart(house)
    with pytest.raises(Exception, match="Throttling"):
        house.carry_out(order, NOW, Trouble(LAST_LOOK))
    assert house.status(order) is None
    house.carry_out(order, NOW + MINUTE)
    assert house.status(order) == "sent"


def test_a_mail_that_was_left_undecided_is_followed_by_another_under_its_send_key(house: House) -> None:
    old = about_a_cart(house, if_untrue="leave", useful_until=NOW + MINUTE)
    new = about_a_cart(house, if_untrue="leave").model_copy(
        update={"premises": (house.cart(activity_at="2027-03-01T11:59:00Z"),)}
    )
    # Too late for the old one, but that decides nothing about the new one.
    house.carry_out(old, NOW + 2 * MINUTE)
    assert house.status(old) is None
    house.carry_out(new, NOW + 2 * MINUTE)
    house.carry_out(old, NOW + 3 * MINUTE)
    house.carry_out(new, NOW + 3 * MINUTE)
    assert len(house.ses.accepted) == 1
    assert house.status(new) == "sent"
    assert places(house) == [new.send_key]


def test_of_many_premises_each_counts_and_what_is_not_there_has_no_attributes(house: House) -> None:
    table = house.tables["CartsTable"]
    there = house.cart("cart-1")
    same = Premise(table=table, key=there.key, still={"merged_into": None})
    absent = [
        Premise(table=table, key={"cart_id": f"cart-{number}"}, still={"told_at": None})
        for number in range(2, 120)
    ]
    house.carry_out(a_mail("cart_nudge:cart-1:step-1", premises=(there, same, *absent)), NOW)
    assert len(house.ses.accepted) == 1
    house.cart("cart-119", told_at="2027-03-01T11:59:00Z")
    house.carry_out(a_mail("cart_nudge:cart-1:step-2", premises=(there, same, *absent)), NOW)
    assert len(house.ses.accepted) == 1
    gone = Premise(table=table, key={"cart_id": "cart-0"}, still={"cart_status": "open"})
    never = a_mail("cart_nudge:cart-0:step-1", premises=(gone,))
    house.carry_out(never, NOW)
    assert house.entry(never)["reason"] == "no_longer_true"
