"""The mails about a cart."""

import re
from typing import Any

import pytest

from cart_nudges.steps.composing import ShownLine, shown
from engagement.events.base import Line
from engagement.events.benefits import Benefit
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.money import Money
from engagement.offer_wording import offer_facts
from engagement.plan import engagement_plan
from offer_facts import CODE, an_offer
from shop_facts import NOW, a_line, a_profile, rupees

COMPOSER = MailComposer("cart_nudges", engagement_plan(), (b"k" * 32,), "https://pages.example.com")
CUP = "https://shop.example.com/cup.png?v=1&w=120"
CART = "https://pages.example.com/cart?token=k.claims.signature&lang=en"
MAILS = ["cart_reminder", "cart_second_reminder", "cart_last_call"]
WITHOUT_OFFER: dict[str, Any] = {"benefit": "none"}


def with_offer(**benefit: Any) -> dict[str, Any]:
    return offer_facts(an_offer(benefit=Benefit(**benefit)), "Asia/Kolkata", "en")


def the_lines() -> tuple[ShownLine, ...]:
    tea = a_line("Darjeeling <first flush>", quantity=2, price=rupees(50_000))
    cup = a_line("Clay cup", price=rupees(120)).model_copy(update={"image_url": CUP})
    return (shown(tea.model_copy(update={"options": {"Size": "250 g", "Tin": "red & gold"}})), shown(cup))


def the_mail(
    mail: str = "cart_reminder",
    locale: str = "en-IN",
    name: str = "Asha",
    subject: str = "subject",
    lines: tuple[ShownLine, ...] | None = None,
    **facts: Any,
) -> SendMail:
    known = {"others": 0, "total": rupees(100_120), "cart_url": CART, **WITHOUT_OFFER}
    return COMPOSER.compose(
        mail,
        a_profile(locale=locale, name=name),
        send_key="cart_nudge:cart-9:step-1",
        campaign="cart_nudge",
        useful_until=NOW,
        subject=subject,
        lines=the_lines() if lines is None else lines,
        **known | facts,
    )


@pytest.mark.parametrize("locale", ["en-IN", "hi-IN"])
@pytest.mark.parametrize("mail", MAILS)
def test_each_shows_the_items_and_the_total_in_the_shape_of_the_locale(mail: str, locale: str) -> None:
    made = the_mail(mail, locale)
    for part in (made.html, made.text):
        assert "₹1,00,000" in part
        assert "₹1,00,120" in part
        assert "× 2" in part
    assert "Size: 250 g · Tin: red &amp; gold" in made.html
    assert "- Darjeeling <first flush> (Size: 250 g · Tin: red & gold) × 2: ₹1,00,000\n" in made.text
    assert "- Clay cup: ₹120\n" in made.text


def test_a_price_is_in_the_carts_currency_whatever_the_customers_country() -> None:
    yen = Line(product_id="cup", name="Cup", unit_price=Money(amount_minor=1200, currency="JPY"))
    mail = the_mail(locale="hi-IN", lines=(shown(yen),), total=None)
    assert "JP¥1,200" in mail.text
    assert "कुल" not in mail.text, "no total where there is none"


@pytest.mark.parametrize("mail", MAILS)
def test_each_leads_to_the_cart_from_both_parts(mail: str) -> None:
    made = the_mail(mail)
    assert f'href="{CART.replace("&", "&amp;")}"' in made.html
    assert CART in made.text


def test_a_product_is_shown_by_its_picture_or_else_by_its_first_letter() -> None:
    mail = the_mail()
    picture = f'<img class="photo tint quiet" src="{CUP.replace("&", "&amp;")}" alt="Clay cup"'
    assert picture in mail.html
    assert mail.html.count("<img") == 1
    assert re.search(r'aria-hidden="true"[^>]*>D</div>', mail.html)


@pytest.mark.parametrize(("locale", "said"), [("en-IN", "and 192 more"), ("hi-IN", "और 192 अन्य")])
def test_what_is_not_shown_is_counted(locale: str, said: str) -> None:
    mail = the_mail(locale=locale, others=192)
    assert said in mail.html
    assert said in mail.text


@pytest.mark.parametrize("locale", ["en-IN", "hi-IN"])
@pytest.mark.parametrize("mail", MAILS)
def test_any_of_them_can_bring_an_offer(mail: str, locale: str) -> None:
    offers: list[tuple[dict[str, Any], str]] = [
        ({"percent": 10}, "10%"),
        ({"points": 200}, "200"),
        ({"amount": rupees(200)}, "₹200"),
        ({"gift": {"product_id": "teapot", "name": {"en": "A teapot", "hi": "A teapot"}}}, "A teapot"),
    ]
    for benefit, worth in offers:
        made = the_mail(mail, locale, **with_offer(**benefit))
        for part in (made.html, made.text):
            assert worth in part
            assert CODE in part
    plain = the_mail(mail, locale)
    assert CODE not in plain.html + plain.text
    assert "%" not in plain.subject


def test_the_last_call_says_that_it_is_the_last_and_what_it_brings() -> None:
    without, percent = the_mail("cart_last_call"), the_mail("cart_last_call", **with_offer(percent=10))
    assert without.subject == "Asha, our last mail about your cart"
    assert "We will not write about this cart again." in without.text
    assert percent.subject == "Asha, 10% off for your cart"
    assert "This is our last mail about this cart." in percent.text
    assert percent.text.index(CODE) < percent.text.index("Clay cup"), "the offer comes first"
    points = the_mail("cart_last_call", **with_offer(points=200))
    assert points.subject == "Asha, 200 points to go with your cart"


def test_the_second_reminder_can_ask() -> None:
    assert the_mail("cart_second_reminder").subject == "Asha, we kept your cart for you"
    asking = the_mail("cart_second_reminder", subject="subject_question")
    assert asking.subject == "Asha, still thinking it over?"


def test_they_speak_hindi_to_those_who_read_hindi() -> None:
    mail = the_mail(locale="hi-IN", name="आशा")
    assert mail.subject == "आशा, आपका कार्ट अब भी सुरक्षित है"
    assert '<html lang="hi-IN"' in mail.html
    assert "कुल" in mail.text


def test_they_speak_the_shops_language_to_those_whose_language_is_not_written_yet() -> None:
    assert the_mail(locale="de-DE").locale == "en-IN"


def test_what_a_shop_or_a_customer_wrote_is_escaped_in_html_and_plain_in_text() -> None:
    mail = the_mail(name="<script>alert(1)</script>")
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "Darjeeling &lt;first flush&gt;" in mail.html
    assert "Darjeeling <first flush>" in mail.text


def test_a_name_with_braces_is_a_name_and_no_instruction() -> None:
    assert "{shop} {0.__class__}" in the_mail(name="{shop} {0.__class__}").text


@pytest.mark.parametrize("mail", MAILS)
def test_each_says_how_to_unsubscribe_in_both_parts(mail: str) -> None:
    made = the_mail(mail)
    assert made.unsubscribe_url in made.text
    assert made.unsubscribe_url.replace("&", "&amp;") in made.html
    assert "@" not in made.unsubscribe_url
