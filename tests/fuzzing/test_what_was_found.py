"""What fuzzing found once, each as the shortest message that showed it."""

import json

import pytest

from engagement.bus import parse_fact, parse_message
from engagement.errors import MalformedMessageError
from engagement.events.orders import OrderPaid
from engagement.mail_orders import MailOrder
from mail_feedback.events import by_source
from shop_facts import NOW


@pytest.mark.parametrize("detail_type", ["asha@mail.example.com", "Asha", "order paid", "OrderPaid\x00"])
def test_a_detail_type_that_is_no_facts_name_is_not_repeated_in_a_log(detail_type: str) -> None:
    body = json.dumps({"detail-type": detail_type, "detail": {}})
    with pytest.raises(MalformedMessageError) as raised:
        parse_fact(body, OrderPaid, now=NOW)
    assert str(raised.value) == "detail-type is not one of OrderPaid"


def test_an_order_that_is_none_of_ours_is_not_repeated_in_a_log() -> None:
    with pytest.raises(MalformedMessageError) as raised:
        parse_message(json.dumps({"order": "asha@mail.example.com"}), MailOrder)
    assert "asha" not in str(raised.value)
    assert str(raised.value).endswith("'order' should be one of 'SendMail', 'CancelMail', 'SkipMail'")


def test_a_message_of_endless_depth_is_nobodys_and_goes_to_whom_says_what_is_wrong() -> None:
    told: list[str] = []
    by_source("[" * 100_000, from_ses=told.append, from_the_shop=lambda _: told.append("shop"))
    assert told == ["[" * 100_000]
