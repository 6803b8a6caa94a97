"""The sweep over review requests: who is asked, who is reminded, who is let be, and what becomes of a killed worker."""

from typing import Any

import pytest

from engagement.events.orders import RefundedLine
from request_house import DUE, FIRST, FIVE, REMINDED, REMINDER, RequestHouse, asked_about, house_in_memory
from shop_facts import (
    NOW,
    a_line,
    case_closed,
    case_opened,
    days,
    hours,
    order_cancelled,
    order_delivered,
    order_paid,
    order_placed,
    order_refunded,
    review_submitted,
)


@pytest.fixture
def house() -> RequestHouse:
    return house_in_memory()


def test_an_order_is_asked_about_a_week_after_it_came_at_five_on_the_customers_clock(
    house: RequestHouse,
) -> None:
    house.told(order_delivered())
    assert house.asked(DUE) == house.asked(FIVE - hours(1 / 60)) == []
    assert house.asked(FIVE) == [FIRST]
    assert house.invited == [["assam-tea"]]


def test_what_was_sent_is_not_asked_about_again_and_is_reminded_of_once(house: RequestHouse) -> None:
    asked_about(house)
    assert house.asked(REMINDED - hours(1 / 60)) == []
    assert house.asked(REMINDED) == [REMINDER]
    house.sent(REMINDER, REMINDED)
    for later in (1, 7, 14, 60):
        assert house.asked(REMINDED + days(later)) == []
    assert house.customer().due_at is None


def test_the_reminders_links_are_those_of_the_request(house: RequestHouse) -> None:
    asked_about(house).sweep(REMINDED)
    tokens = [
        next(word for word in mail.text.split() if "/review?token=" in word).split("&")[0]
        for mail in house.mails
    ]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1


@pytest.mark.parametrize("reviewed", [review_submitted(), review_submitted(product_id="assam-tea")])
def test_whoever_has_answered_is_not_reminded(house: RequestHouse, reviewed: Any) -> None:
    asked_about(house, "Assam tea", "Cup").told(reviewed, at=FIVE + days(1))
    assert house.asked(REMINDED) == []
    assert house.let_be == [(REMINDER, "reviewed")]


def test_what_was_sent_back_is_not_reminded_of(house: RequestHouse) -> None:
    asked_about(house, "Assam tea", "Cup")
    house.told(order_refunded(lines=(RefundedLine(product_id="cup"),), occurred_at=FIVE + days(1)))
    assert house.asked(REMINDED) == [REMINDER]
    assert house.invited[-1] == ["assam-tea"]


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (order_cancelled(), "cancelled"),
        (order_paid(imported=True), "imported"),
        (order_refunded(), "refunded"),
        (review_submitted(), "reviewed"),
        (case_opened(), "case_open"),
    ],
)
def test_an_order_with_nothing_to_ask_about_is_let_be_for_a_reason_whenever_that_was_told(
    house: RequestHouse, fact: Any, reason: str
) -> None:
    house.told(fact, order_delivered())
    assert house.asked(FIVE) == []
    house.sweep(DUE + days(14))
    assert set(house.let_be) == {(FIRST, reason)}
    house.skipped(FIRST, reason, DUE + days(14))
    house.sweep(DUE + days(29))
    assert house.customer().due_at is None


@pytest.mark.parametrize("fact", [order_cancelled(), order_refunded(), order_placed(), review_submitted()])
def test_of_an_order_of_which_nothing_was_sent_nobody_says_anything(house: RequestHouse, fact: Any) -> None:
    house.told(fact)
    assert house.customer().due_at is None


def test_a_case_that_is_settled_in_time_delays_the_request(house: RequestHouse) -> None:
    house.told(order_delivered(), case_opened())
    assert house.asked(FIVE) == []
    house.told(case_closed(occurred_at=FIVE + days(2)), at=FIVE + days(2))
    assert house.asked(FIVE + days(2)) == [FIRST]


def test_five_orders_of_a_week_are_asked_about_in_one_mail(house: RequestHouse) -> None:
    for day in range(5):
        house.told(
            order_delivered(f"order-{day}", occurred_at=NOW + days(day), lines=(a_line(f"Tea {day}"),))
        )
    assert house.asked(FIVE + days(3)) == []
    assert house.asked(FIVE + days(4)) == ["review_request:order-0:first"]
    assert house.invited == [["tea-0", "tea-1", "tea-2", "tea-3", "tea-4"]]


def test_nobody_is_asked_twice_in_a_week(house: RequestHouse) -> None:
    asked_about(house)
    # Due the day after the first was asked about.
    house.told(order_delivered("order-78", occurred_at=NOW + days(2), lines=(a_line("Cup"),)))
    assert house.asked(FIVE + days(6)) == []
    assert house.asked(FIVE + days(7)) == ["review_request:order-78:first"]
    # And the reminder has its turn a week after that.
    house.sent("review_request:order-78:first", FIVE + days(7))
    house.sweep(FIVE + days(7) + hours(0.25))
    assert house.asked(FIVE + days(13)) == []
    assert house.asked(FIVE + days(14)) == [REMINDER]


def test_after_a_reminder_too_nobody_is_asked_for_a_week(house: RequestHouse) -> None:
    asked_about(house).sweep(REMINDED)
    house.sent(REMINDER, REMINDED)
    house.told(order_delivered("order-78", occurred_at=NOW + days(7), lines=(a_line("Cup"),)), at=REMINDED)
    assert house.asked(FIVE + days(13)) == []
    assert house.asked(FIVE + days(14)) == ["review_request:order-78:first"]


def test_while_one_mail_is_undecided_the_customer_gets_no_other(house: RequestHouse) -> None:
    asked_about(house).told(order_delivered("order-78", occurred_at=FIVE, lines=(a_line("Cup"),)))
    for hour in range(10 * 24):
        house.sweep(REMINDED + hours(hour))
    assert {mail.send_key for mail in house.mails} == {FIRST, REMINDER}


def test_a_product_that_is_kept_from_one_of_two_orders_is_reminded_of(house: RequestHouse) -> None:
    house.told(order_delivered(), order_delivered("order-78", occurred_at=NOW + hours(1)))
    assert house.asked(FIVE) == [FIRST]
    house.sent(FIRST, FIVE)
    house.sweep(FIVE + hours(1))
    house.told(order_refunded(occurred_at=FIVE + days(1)), at=FIVE + days(1))
    assert house.asked(REMINDED) == [REMINDER]
    assert house.invited == [["assam-tea"], ["assam-tea"]]


def test_a_mail_about_several_orders_is_of_use_as_long_as_the_last_and_waits_for_the_cap(
    house: RequestHouse,
) -> None:
    house.told(order_delivered())
    house.told(order_delivered("order-78", occurred_at=NOW + days(5), lines=(a_line("Cup"),)))
    assert house.asked(FIVE + days(5)) == [FIRST]
    (mail,) = house.mails
    assert mail.useful_until == DUE + days(5 + 14)
    assert mail.over_the_cap == "wait"


def test_what_was_told_while_the_mail_waits_has_it_written_anew(house: RequestHouse) -> None:
    house.told(order_delivered(lines=(a_line(), a_line("Cup")))).sweep(FIVE)
    refund = order_refunded(lines=(RefundedLine(product_id="cup"),), occurred_at=FIVE)
    house.told(refund, at=FIVE + hours(5 / 60))
    assert house.asked(FIVE + hours(0.25)) == [FIRST]
    assert house.invited == [["assam-tea", "cup"], ["assam-tea"]]
    first, second = house.mails
    assert first.premises != second.premises
    assert second.if_untrue == "leave"


def test_a_mail_of_which_nothing_is_left_while_it_waits_never_leaves(house: RequestHouse) -> None:
    house.told(order_delivered()).sweep(FIVE)
    house.told(order_cancelled(), at=FIVE + hours(5 / 60))
    assert house.asked(FIVE + hours(0.25)) == []
    assert house.let_be == [(FIRST, "cancelled")]


def test_a_case_that_is_opened_while_the_mail_waits_frees_the_order_to_be_asked_about_later(
    house: RequestHouse,
) -> None:
    house.told(order_delivered(), order_delivered("order-78", lines=(a_line("Cup"),))).sweep(FIVE)
    house.told(case_opened(), at=FIVE + hours(5 / 60))
    assert house.asked(FIVE + hours(0.25)) == ["review_request:order-78:first"]
    house.sent("review_request:order-78:first", FIVE + hours(20 / 60))
    house.told(case_closed(occurred_at=FIVE + days(1)), at=FIVE + days(1))
    house.sweep(FIVE + days(1))
    assert FIRST in house.asked(FIVE + days(8))
