"""The mail that asks for a review."""

import pytest

from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from review_requests.rules import Product
from shop_facts import NOW, a_profile

COMPOSER = MailComposer("review_requests", engagement_plan(), (b"k" * 32,), "https://pages.example.com")
PRODUCTS = (Product("p-1", "Darjeeling <first flush>", 2), Product("p-2", "अदरक-इलायची चाय", 1))


def the_mail(locale: str = "en-IN", name: str = "Asha", others: int = 0) -> SendMail:
    return COMPOSER.compose(
        "review_request",
        a_profile(locale=locale, name=name),
        send_key="review_request:order-77:first",
        campaign="review_request",
        useful_until=NOW,
        products=PRODUCTS,
        others=others,
    )


@pytest.mark.parametrize("locale", ["en-IN", "hi-IN"])
def test_it_names_what_was_bought_and_leads_to_the_shop(locale: str) -> None:
    mail = the_mail(locale)
    for part in (mail.html, mail.text):
        assert "× 2" in part
        assert "अदरक-इलायची चाय" in part
        assert "https://shop.example.com" in part


def test_it_speaks_hindi_to_those_who_read_hindi() -> None:
    mail = the_mail("hi-IN", name="आशा")
    assert mail.subject == "आशा, आपको कैसा लगा?"
    assert '<html lang="hi-IN"' in mail.html
    assert "अपनी राय लिखें" in mail.text


@pytest.mark.parametrize(("locale", "words"), [("en-IN", "and 3 more"), ("hi-IN", "और 3 अन्य")])
def test_of_many_products_it_names_some_and_counts_the_others(locale: str, words: str) -> None:
    mail = the_mail(locale, others=3)
    assert words in mail.html
    assert words in mail.text
    assert words not in the_mail(locale).html


def test_what_a_shop_or_a_customer_wrote_is_escaped_in_html_and_plain_in_text() -> None:
    mail = the_mail(name="<script>alert(1)</script>")
    assert "<script>" not in mail.html
    assert "Darjeeling &lt;first flush&gt;" in mail.html
    assert "Darjeeling <first flush>" in mail.text


def test_it_is_about_reviews_and_can_be_unsubscribed_from() -> None:
    mail = the_mail()
    assert (mail.topic, mail.kind) == ("reviews", "marketing")
    assert mail.unsubscribe_url in mail.text
