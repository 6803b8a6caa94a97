"""The request that SES gets, and what its answers mean."""

import re
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any, cast

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from engagement.mail_orders import SendKey, SendMail, send_key_of, send_key_tag
from engagement.plan import engagement_plan
from engagement.signed_tokens import sign_token
from mail_delivery.ses import (
    NotSentError,
    OutcomeUnknownError,
    RejectedError,
    Ses,
    StoppedError,
    ThrottledError,
    from_header,
    meaning_of,
    send_request,
)
from mail_facts import a_mail

TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
IDENTIFIERS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.@/+=~-]{0,99}", fullmatch=True)
LONGEST_HEADER = 996


def request(order: SendMail) -> dict[str, Any]:
    made = send_request(
        order,
        "asha@mail.example.com",
        sender="Chai <hello@shop.example.com>",
        configuration_set="rishta-mail",
    )
    return cast(dict[str, Any], made)


def answered(code: str, status: int = 400, message: str = "") -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "SendEmail")


def test_a_mail_goes_to_one_customer_in_html_and_text_with_one_click_unsubscribe() -> None:
    order = a_mail(subject="आशा, आपका कार्ट अब भी सुरक्षित है")
    made = request(order)
    assert made["Destination"] == {"ToAddresses": ["asha@mail.example.com"]}
    simple = made["Content"]["Simple"]
    assert simple["Subject"] == {"Data": order.subject, "Charset": "UTF-8"}
    assert simple["Body"]["Html"] == {"Data": order.html, "Charset": "UTF-8"}
    assert simple["Body"]["Text"] == {"Data": order.text, "Charset": "UTF-8"}
    assert {header["Name"]: header["Value"] for header in simple["Headers"]} == {
        "List-Unsubscribe": f"<{order.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert made["ConfigurationSetName"] == "rishta-mail"


@given(
    campaign=st.from_regex(r"[a-z][a-z_]{0,39}", fullmatch=True), subject=IDENTIFIERS, occasion=IDENTIFIERS
)
def test_every_legal_send_key_is_a_legal_tag_and_comes_back_from_it(
    campaign: str, subject: str, occasion: str
) -> None:
    send_key = f"{campaign}:{subject}:{occasion}"[:190].rstrip(":")
    if ":" not in send_key:
        return
    TypeAdapter(SendKey).validate_python(send_key)
    tags = {tag["Name"]: tag["Value"] for tag in request(a_mail(send_key, campaign=campaign))["EmailTags"]}
    assert set(tags) == {"SendKey", "Campaign", "Variant", "Locale"}
    assert all(TAG.fullmatch(value) for value in tags.values())
    assert send_key_of(tags["SendKey"]) == send_key


def test_the_longest_send_key_fits_and_a_longer_one_is_refused() -> None:
    longest = "a:" + "x" * 188
    assert len(send_key_tag(TypeAdapter(SendKey).validate_python(longest))) <= 256
    for wrong in (longest + "x", "birthday_offer:आशा:2026", "birthday_offer", "a:b c"):
        with pytest.raises(ValidationError):
            a_mail(wrong)


@given(customer_id=IDENTIFIERS, topic=st.from_regex(r"[a-z][a-z_]{0,39}", fullmatch=True))
def test_the_unsubscribe_header_fits_for_every_customer_and_topic(customer_id: str, topic: str) -> None:
    token = sign_token((b"k" * 32,), "unsubscribe", {"customer_id": customer_id, "topic": topic})
    url = f"https://a1b2c3d4e5.execute-api.ap-southeast-1.amazonaws.com/unsubscribe?token={token}&lang=hi"
    headers = request(a_mail(unsubscribe_url=url))["Content"]["Simple"]["Headers"]
    assert all(len(header["Name"] + header["Value"]) <= LONGEST_HEADER for header in headers)
    assert all((header["Name"] + header["Value"]).isascii() for header in headers)


@pytest.mark.parametrize(
    "url",
    [
        "https://pages.example.com/" + "a" * 950,
        "https://pages.example.com/ü",
        "https://pages.example.com/>\n",
        "http://pages.example.com/",
    ],
)
def test_an_unsubscribe_url_that_is_no_header_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        a_mail(unsubscribe_url=url)


@pytest.mark.parametrize(
    "name",
    [
        "Chai & Co",
        "Tea, Inc.",
        'The "Best" Tea',
        "चाय घर",
        "Café Zoë",
        "बेंगलुरु की सबसे पुरानी और सबसे प्यारी चाय की दुकान, १९४७ से आपके साथ",
    ],
)
def test_the_shops_name_reaches_the_customer_whatever_its_letters(name: str) -> None:
    header = from_header(name, "hello@shop.example.com")
    assert header.isascii()
    assert "\n" not in header
    assert all(len(word) <= 75 for word in header.split())
    encoded, address = parseaddr(header)
    assert str(make_header(decode_header(encoded))) == name
    assert address == "hello@shop.example.com"


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=200))
def test_no_name_breaks_the_header(name: str) -> None:
    header = from_header(name, "hello@shop.example.com")
    assert header.isascii()
    assert "\n" not in header


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("TooManyRequestsException", 429),
        ("ThrottlingException", 400),
        ("LimitExceededException", 400),
        ("AccountSuspendedException", 400),
        ("SendingPausedException", 400),
        ("MailFromDomainNotVerifiedException", 400),
        ("NotFoundException", 404),
        ("AccessDeniedException", 403),
        ("ExpiredTokenException", 403),
    ],
)
def test_a_throttle_or_a_stop_of_the_account_means_that_the_mail_did_not_leave(
    code: str, status: int
) -> None:
    assert isinstance(meaning_of(answered(code, status)), NotSentError)


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_refusal_is_the_mails_own(code: str) -> None:
    assert isinstance(meaning_of(answered(code)), RejectedError)


@pytest.mark.parametrize(
    "message",
    ["Sending paused for this account. For more information…", "Sending suspended for this account."],
)
def test_a_paused_account_that_calls_itself_a_refusal_costs_no_mail(message: str) -> None:
    assert isinstance(meaning_of(answered("MessageRejected", message=message)), StoppedError)


@pytest.mark.parametrize(
    ("code", "status"), [("Throttling", 400), ("RequestThrottled", 400), ("Whatever", 429)]
)
def test_a_throttle_by_another_name_stops_nobody(code: str, status: int) -> None:
    assert isinstance(meaning_of(answered(code, status)), ThrottledError)


def test_a_sender_that_is_not_verified_yet_costs_no_mail() -> None:
    refusal = answered("MessageRejected", message="Email address is not verified. The following identities…")
    assert isinstance(meaning_of(refusal), NotSentError)


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="https://email.example.com"),
        ConnectionClosedError(endpoint_url="https://email.example.com"),
        answered("InternalFailure", 500),
        answered("ServiceUnavailable", 503),
        ClientError({}, "SendEmail"),
        KeyError("MessageId"),
    ],
)
def test_where_the_request_may_have_arrived_nobody_knows(error: Exception) -> None:
    assert isinstance(meaning_of(error), OutcomeUnknownError)


@pytest.mark.parametrize(
    "error",
    [
        ConnectTimeoutError(endpoint_url="https://email.example.com"),
        EndpointConnectionError(endpoint_url="https://email.example.com"),
        ParamValidationError(report="wrong"),
    ],
)
def test_a_request_that_never_left_is_known_not_to_have(error: Exception) -> None:
    assert isinstance(meaning_of(error), NotSentError)


def test_ses_is_asked_with_the_shops_name_of_the_plan() -> None:
    asked: list[dict[str, Any]] = []

    class Client:
        def send_email(self, **request: Any) -> dict[str, str]:
            asked.append(request)
            return {"MessageId": "0107-ses-1"}

    shop = engagement_plan().shop.name
    client: Any = Client()
    ses = Ses(client, shop, "hello@shop.example.com", "rishta-mail")
    assert ses.send(a_mail(), "asha@mail.example.com") == "0107-ses-1"
    assert asked[0]["FromEmailAddress"] == f"{shop} <hello@shop.example.com>"


def test_an_answer_without_a_message_id_is_no_proof_that_nothing_left() -> None:
    class Client:
        def send_email(self, **_: Any) -> dict[str, str]:
            return {}

    client: Any = Client()
    ses = Ses(client, "Chai", "hello@shop.example.com", "rishta-mail")
    with pytest.raises(OutcomeUnknownError):
        ses.send(a_mail(), "asha@mail.example.com")
