"""The orders to the mail path, as they lie on its queues."""

import pytest

from engagement.bus import parse_message
from engagement.errors import MalformedMessageError
from engagement.mail_orders import CancelMail, MailOrder, SendMail, SkipMail
from mail_facts import a_cancellation, a_mail
from shop_facts import as_message

LEFT_OUT = SkipMail(
    send_key="birthday_offer:cust-asha:2027",
    campaign="birthday_offer",
    customer_id="cust-asha",
    reason="too_late",
)


@pytest.mark.parametrize("order", [a_mail(), a_cancellation(), LEFT_OUT], ids=lambda order: order.order)
def test_each_order_is_told_from_the_others(order: SendMail | CancelMail | SkipMail) -> None:
    read = parse_message(as_message(order), MailOrder).root
    assert (type(read), read) == (type(order), order)


@pytest.mark.parametrize(
    "wrong", [{"reason": "Too late!"}, {"reason": ""}, {"customer_id": ""}, {"order": "ForgetMail"}]
)
def test_a_mail_is_left_out_for_a_reason_of_one_word_and_of_a_customer(wrong: dict[str, str]) -> None:
    with pytest.raises(MalformedMessageError):
        parse_message(as_message(LEFT_OUT.model_copy(update=wrong)), MailOrder)
