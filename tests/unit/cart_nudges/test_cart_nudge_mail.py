"""The mail about a cart."""

import re

import pytest

from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from shop_facts import NOW, a_line, a_profile, rupees

COMPOSER = MailComposer("cart_nudges", engagement_plan(), (b"k" * 32,), "https://pages.example.com")
CUP = "https://shop.example.com/cup.png?v=1&w=120"


def the_mail(locale: str = "en-IN", name: str = "Asha") -> SendMail:
    lines = (
        a_line("Darjeeling <first flush>", quantity=2, price=rupees(50_000)),
        a_line("Clay cup", price=rupees(120)).model_copy(update={"image_url": CUP}),
    )
    return COMPOSER.compose(
        "cart_nudge",
        a_profile(locale=locale, name=name),
        send_key="cart_nudge:cart-9:step-1",
        campaign="cart_nudge",
        useful_until=NOW,
        lines=lines,
        others=0,
        total=rupees(100_120),
    )


@pytest.mark.parametrize("locale", ["en-IN", "hi-IN"])
def test_it_shows_the_items_and_the_total_in_the_shape_of_the_locale(locale: str) -> None:
    mail = the_mail(locale)
    for part in (mail.html, mail.text):
        assert "₹1,00,000" in part
        assert "₹1,00,120" in part
        assert "× 2" in part


def test_a_product_is_shown_by_its_picture_or_else_by_its_first_letter() -> None:
    mail = the_mail()
    assert (
        '<img class="photo tint quiet" src="https://shop.example.com/cup.png?v=1&amp;w=120" alt="Clay cup"'
        in mail.html
    )
    assert mail.html.count("<img") == 1
    assert re.search(r'aria-hidden="true"[^>]*>D</div>', mail.html)


def test_it_speaks_hindi_to_those_who_read_hindi() -> None:
    mail = the_mail("hi-IN", name="आशा")
    assert mail.subject == "आशा, आपका कार्ट अब भी सुरक्षित है"
    assert '<html lang="hi-IN"' in mail.html
    assert "कुल" in mail.text


def test_it_speaks_the_shops_language_to_those_whose_language_is_not_written_yet() -> None:
    assert the_mail("de-DE").locale == "en-IN"


def test_what_a_shop_or_a_customer_wrote_is_escaped_in_html_and_plain_in_text() -> None:
    mail = the_mail(name="<script>alert(1)</script>")
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "Darjeeling &lt;first flush&gt;" in mail.html
    assert "Darjeeling <first flush>" in mail.text


def test_a_name_with_braces_is_a_name_and_no_instruction() -> None:
    assert "{shop} {0.__class__}" in the_mail(name="{shop} {0.__class__}").text


def test_it_says_how_to_unsubscribe_in_both_parts() -> None:
    mail = the_mail()
    assert mail.unsubscribe_url in mail.text
    assert mail.unsubscribe_url.replace("&", "&amp;") in mail.html
    assert "@" not in mail.unsubscribe_url
