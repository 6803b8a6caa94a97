"""What every mail gets from the composer, whichever capability it comes from."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from jinja2 import UndefinedError

from cart_nudges.steps.composing import shown
from engagement import wording
from engagement.brand import Logo
from engagement.mail_composer import PREFERENCES, UNSUBSCRIBE, VIEW_MAIL, MailComposer
from engagement.mail_orders import Handling, Premise, SendMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.signed_tokens import read_token
from shop_facts import NOW, a_line, a_profile, rupees

KEYS = (b"a key of the tests, 32 bytes long",)
# As long as API Gateway's own get.
PAGES = "https://abcdefghij.execute-api.ap-southeast-1.amazonaws.com"


def a_mail(
    plan: EngagementPlan | None = None, *, customer: dict[str, Any] | None = None, **changes: Any
) -> SendMail:
    known: dict[str, Any] = {
        "send_key": "cart_nudge:cart-9:step-1",
        "campaign": "cart_nudge",
        "useful_until": NOW,
        "lines": (shown(a_line()),),
        "others": 0,
        "total": rupees(450),
        "cart_url": "https://shop.example.com/cart",
        "benefit": "none",
    }
    composer = MailComposer("cart_nudges", plan or engagement_plan(), KEYS, PAGES)
    return composer.compose("cart_reminder", a_profile(**customer or {}), **known | changes)


def branded(**changes: Any) -> EngagementPlan:
    plan = engagement_plan()
    brand = plan.shop.brand.model_copy(update=changes)
    return plan.model_copy(update={"shop": plan.shop.model_copy(update={"brand": brand})})


def pages_in(mail: SendMail) -> dict[str, dict[str, str]]:
    """The pages that the foot links to, each with its query."""
    urls = [urlsplit(url) for url in re.findall(rf"{re.escape(PAGES)}\S+", mail.text)]
    return {url.path: {name: value for name, (value,) in parse_qs(url.query).items()} for url in urls}


@pytest.mark.parametrize(("locale", "language"), [("en-IN", "en"), ("hi-IN", "hi"), ("ta-IN", "en")])
def test_it_links_to_three_pages_in_the_customers_language_and_each_link_opens_one_alone(
    locale: str, language: str
) -> None:
    mail = a_mail(customer={"locale": locale})
    pages = pages_in(mail)
    who = {"customer_id": "cust-asha"}
    about = who | {"send_key": "cart_nudge:cart-9:step-1"}
    assert pages.keys() == {"/mail", "/preferences", "/unsubscribe"}
    assert {query["lang"] for query in pages.values()} == {language}
    assert read_token(KEYS, VIEW_MAIL, pages["/mail"]["token"]) == about
    assert read_token(KEYS, PREFERENCES, pages["/preferences"]["token"]) == who
    assert read_token(KEYS, UNSUBSCRIBE, pages["/unsubscribe"]["token"]) == about | {"topic": "reminders"}


def test_the_longest_ids_leave_the_unsubscribe_link_within_its_header() -> None:
    customer_id, send_key = "c" * 100, f"cart_nudge:{'k' * 179}"
    assert len(send_key) == 190
    mail = a_mail(customer={"customer_id": customer_id}, send_key=send_key)
    longest_topic = len("t" * 40) - len("reminders")
    assert len(mail.unsubscribe_url) + longest_topic * 4 / 3 + 1 <= 950


def test_variant_and_premises_go_with_the_mail_and_the_variant_into_its_links() -> None:
    premise = Premise(table="carts", key={"cart_id": "cart-9"}, still={"status": "open"})
    mail = a_mail(variant="short", handling=Handling(premises=(premise,)))
    assert (mail.variant, mail.premises) == ("short", (premise,))
    assert "utm_content=short" in mail.html
    plain = a_mail()
    assert (plain.variant, plain.premises) == ("standard", ())
    assert "utm_content=standard" in plain.html


def test_a_mail_that_lacks_a_fact_is_not_made() -> None:
    composer = MailComposer("cart_nudges", engagement_plan(), KEYS, PAGES)
    with pytest.raises(UndefinedError):
        composer.compose(
            "cart_reminder",
            a_profile(),
            send_key="cart_nudge:c:1",
            campaign="cart_nudge",
            useful_until=NOW,
            others=0,
        )


def test_a_campaign_that_nobody_can_agree_to_sends_no_mail() -> None:
    with pytest.raises(ValueError, match="no topic"):
        a_mail(campaign="loyalty")


def test_without_a_logo_the_shops_name_stands_at_the_head_and_leads_to_the_shop() -> None:
    html = a_mail(branded(logo=None)).html
    assert "<img" not in html
    assert re.search(r'<a href="https://shop\.example\.com/\?utm_source=[^"]*"[^>]*>Chai &amp; Co</a>', html)


def test_a_logo_has_the_shops_name_for_those_who_see_no_pictures() -> None:
    html = a_mail(branded(logo=Logo(url="https://shop.example.com/logo.png?a=1&b=2", width=160))).html
    (logo,) = re.findall(r"<img[^>]*>", html)
    assert 'src="https://shop.example.com/logo.png?a=1&amp;b=2"' in logo
    assert 'alt="Chai &amp; Co"' in logo
    assert 'width="160"' in logo


def test_a_shop_is_found_elsewhere_where_it_says_so() -> None:
    pages = {"Instagram": "https://social.example.com/chai?a=1&b=2"}
    mail = a_mail(branded(social=pages))
    assert 'href="https://social.example.com/chai?a=1&amp;b=2"' in mail.html
    assert "Instagram: https://social.example.com/chai?a=1&b=2" in mail.text
    assert "Instagram" not in a_mail(branded(social={})).html


def test_headings_are_set_as_the_brand_has_them() -> None:
    assert "Georgia" in a_mail(branded(headings="serif")).html
    assert "Georgia" not in a_mail(branded(headings="sans")).html


def test_a_brands_own_colours_are_all_that_a_mail_is_painted_in() -> None:
    brand = engagement_plan().shop.brand
    own = {
        colour.lower()
        for side in (brand.colours, brand.dark_colours)
        for colour in side.model_dump().values()
    }
    used = set(re.findall(r"#[0-9a-f]{6}\b", a_mail().html.lower()))
    # MJML's own: the preheader, which nobody sees.
    assert used - {"#ffffff"} <= own


def test_a_language_that_reads_from_right_to_left_is_set_so(monkeypatch: pytest.MonkeyPatch) -> None:
    english = wording.catalogue
    monkeypatch.setattr(wording, "languages", lambda: frozenset({"en", "hi", "ur"}))
    monkeypatch.setattr(wording, "catalogue", lambda package, _language: english(package, "en"))
    html = a_mail(customer={"locale": "ur-PK"}).html
    assert '<html lang="ur-PK" dir="rtl"' in html
    assert "direction:ltr" not in html
    assert "text-align:left" not in re.sub(r'<div class="mj-outlook-group-fix[^>]*>', "", html)
    assert 'align="left"' in html, "prices stand at the end of the line"
