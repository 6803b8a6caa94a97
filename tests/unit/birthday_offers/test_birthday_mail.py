"""The mail, as the customer reads it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engagement.events.base import Text
from engagement.events.customers import Locale
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from engagement.wording import Percent
from shop_facts import a_profile

MIDNIGHT_IN_KOLKATA = datetime(2027, 3, 15, 18, 30, tzinfo=UTC)
COMPOSER = MailComposer(
    "birthday_offers", engagement_plan(), (b"a key of the tests, 32 bytes long",), "https://pages.example.com"
)
names = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=200)
    .map(str.strip)
    .filter(bool)
)
locales = st.from_regex(r"\A(en|hi|ta|fil)(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z")


def birthday_mail(**profile: Any) -> SendMail:
    return COMPOSER.compose(
        "birthday_offer",
        a_profile(**profile),
        send_key="birthday_offer:cust-asha:2027",
        campaign="birthday_offer",
        useful_until=datetime(2027, 3, 1, 14, 30, tzinfo=UTC),
        code="GNDTAKQ7WC",
        percent=Percent(15),
        last_moment=MIDNIGHT_IN_KOLKATA - timedelta(seconds=1),
    )


@pytest.mark.parametrize(
    ("locale", "subject", "said"),
    [
        (
            "en-IN",
            "Happy birthday, Asha! A gift from Chai & Co",
            ("15% off", "Good until the end of 15 March 2027"),
        ),
        (
            "hi-IN",
            "Asha, जन्मदिन मुबारक हो! Chai & Co की ओर से एक तोहफ़ा",
            ("15% की छूट", "15 मार्च 2027 के अंत तक मान्य"),
        ),
    ],
)
def test_the_mail_wishes_and_names_code_percentage_and_last_day(
    locale: str, subject: str, said: tuple[str, ...]
) -> None:
    mail = birthday_mail(locale=locale)
    assert mail.subject == subject
    for body in (mail.html, mail.text):
        for words in (*said, "GNDTAKQ7WC", "https://shop.example.com"):
            assert words in body


def test_the_code_can_be_copied_at_a_touch_and_reads_from_left_to_right_in_every_language() -> None:
    code = re.search(
        r'<div class="code[^"]*" dir="ltr" style="([^"]*)">GNDTAKQ7WC</div>', birthday_mail().html
    )
    assert code
    assert "user-select:all" in code[1]
    assert "white-space:nowrap" in code[1]


def test_a_name_cannot_write_html() -> None:
    mail = birthday_mail(name="<img src=x>{code}")
    assert "<img" not in mail.html
    assert "Happy birthday, <img src=x>{code}!" in mail.text


@given(names, locales)
def test_no_customer_has_a_name_or_locale_that_keeps_their_mail_from_them(name: str, locale: str) -> None:
    TypeAdapter(Locale).validate_python(locale)
    mail = birthday_mail(name=TypeAdapter(Text).validate_python(name), locale=locale)
    assert "GNDTAKQ7WC" in mail.text
