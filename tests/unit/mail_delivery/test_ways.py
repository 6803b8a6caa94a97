"""A batch of mail orders."""

from engagement.mail_orders import CancelMail
from mail_delivery.ways import cancellations_first
from shop_facts import as_message, sqs_batch


def ids(event: dict[str, list[dict[str, str]]]) -> list[str]:
    return [record["messageId"] for record in event["Records"]]


def test_cancellations_come_first_and_the_others_keep_their_order() -> None:
    cancellation = as_message(CancelMail(send_key="cart_nudge:cart-9:step-1", reason="bought"))
    event = sqs_batch("{}", "nonsense", cancellation, "[]", ids=("one", "two", "off", "three"))
    assert ids(cancellations_first(event)) == ["off", "one", "two", "three"]
    assert ids(event) == ["one", "two", "off", "three"]


def test_a_mail_that_speaks_of_a_cancellation_is_none() -> None:
    event = sqs_batch('{"html": "\\"order\\":\\"CancelMail\\""}', "{}", ids=("mail", "other"))
    assert ids(cancellations_first(event)) == ["mail", "other"]
