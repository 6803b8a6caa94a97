"""The two mails that ask for reviews."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from engagement.mail_composer import MailComposer
from engagement.mail_orders import Handling, SendMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.review_links import read_review_token, review_id_of
from review_requests.composing import PRODUCTS_SHOWN, AskedProduct, RequestMail, RequestMails
from shop_facts import NOW, a_profile, days

KEYS = (b"k" * 32,)
# As long as an API's own address is.
PAGES = "https://a1b2c3d4e5.execute-api.ap-southeast-1.amazonaws.com"
PLAN = engagement_plan()
BOTH: tuple[RequestMail, ...] = ("review_request", "review_reminder")
TEA = AskedProduct("order-77", "tea", "Darjeeling <first flush>", 2, "https://shop.example.com/tea.jpg")
CHAI = AskedProduct("order-77", "chai", "अदरक-इलायची चाय", 1)
GMAIL_CLIPS_AT = 102 * 1024


class _Links(HTMLParser):
    """The links to the form, each with what it is called for those who do not see it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "a" and "/review?" in (attributes["href"] or ""):
            self.found.append((attributes["href"] or "", attributes.get("aria-label")))


def plan_with(*, points: int = 20, loyalty: bool = True) -> EngagementPlan:
    loyalty_campaign = PLAN.campaign("loyalty").model_copy(update={"enabled": loyalty})
    return PLAN.model_copy(
        update={
            "reviews": PLAN.reviews.model_copy(update={"points": points}),
            "campaigns": {**PLAN.campaigns, "loyalty": loyalty_campaign},
        }
    )


def the_mail(
    *products: AskedProduct,
    mail: RequestMail = "review_request",
    plan: EngagementPlan = PLAN,
    handling: Handling | None = None,
    **profile: Any,
) -> SendMail:
    composer = MailComposer("review_requests", plan, KEYS, PAGES)
    return RequestMails(composer, KEYS, PAGES, plan).request(
        mail,
        a_profile(**profile),
        products or (TEA, CHAI),
        send_key="review_request:order-77:first",
        links_until=NOW + days(180),
        useful_until=NOW + days(14),
        handling=handling or Handling(),
    )


def links_of(mail: SendMail) -> list[tuple[str, str | None]]:
    return _Links(mail.html).found


def many(number: int, name: str = "Tea", **changes: Any) -> tuple[AskedProduct, ...]:
    return tuple(AskedProduct("order-77", f"tea-{each}", name, 1, **changes) for each in range(number))


@pytest.mark.parametrize("mail", BOTH)
def test_below_each_product_five_links_lead_to_its_form_with_that_many_stars(mail: RequestMail) -> None:
    asked = the_mail(mail=mail, customer_id="cust-asha")
    links = [urlsplit(url) for url, _ in links_of(asked)]
    assert [parse_qs(link.query)["stars"] for link in links] == [["1"], ["2"], ["3"], ["4"], ["5"]] * 2
    tokens = [read_review_token(KEYS, parse_qs(link.query)["token"][0]) for link in links]
    assert [token.review_id for token in tokens] == [
        review_id_of("cust-asha", product) for product in ("tea", "chai") for _ in range(5)
    ]
    assert {token.until for token in tokens} == {NOW + days(180)}
    assert all(link.geturl().startswith(f"{PAGES}/review?") for link in links)


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("en-IN", [f"{stars} of 5 stars" for stars in range(1, 6)]),
        ("hi-IN", [f"5 में से {stars} स्टार" for stars in range(1, 6)]),
    ],
)
@pytest.mark.parametrize("mail", BOTH)
def test_who_does_not_see_the_stars_hears_how_many_and_of_what(
    mail: RequestMail, locale: str, names: list[str]
) -> None:
    asked = the_mail(TEA, mail=mail, locale=locale)
    assert [name for _, name in links_of(asked)] == names
    assert 'role="group" aria-label="Darjeeling &lt;first flush&gt;"' in asked.html


def test_no_number_of_stars_looks_like_the_one_to_choose() -> None:
    cells = re.findall(r'<td align="center" width="20%".*?</td>', the_mail(TEA).html, re.DOTALL)
    assert len(cells) == 5
    alike = {
        re.sub(r"(stars=|>|\")[1-5]( of 5 stars|\"|<)?", r"\1\2", re.sub(r"token=[^&]*", "", cell))
        for cell in cells
    }
    assert len(alike) == 1


@pytest.mark.parametrize("mail", BOTH)
def test_the_plain_text_has_one_link_for_each_product(mail: RequestMail) -> None:
    text = the_mail(mail=mail).text
    links = re.findall(rf"{re.escape(PAGES)}/review\?(\S+)", text)
    assert len(links) == 2
    assert not any("stars" in link for link in links)
    assert "Darjeeling <first flush> × 2" in text


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("hi-IN", "hi"), ("de-DE", "en")])
def test_the_form_opens_in_the_mails_language(locale: str, language: str) -> None:
    links = links_of(the_mail(locale=locale))
    assert all(parse_qs(urlsplit(url).query)["lang"] == [language] for url, _ in links)


def test_pictures_are_shown_where_the_shop_has_some() -> None:
    html = the_mail().html
    assert html.count('src="https://shop.example.com/tea.jpg"') == 1
    assert html.count("<img") == 1 + bool(PLAN.shop.brand.logo)


@pytest.mark.parametrize("mail", BOTH)
@pytest.mark.parametrize(("locale", "words"), [("en-IN", "and 3 more"), ("hi-IN", "और 3 अन्य")])
def test_of_many_products_it_shows_some_and_counts_the_others(
    mail: RequestMail, locale: str, words: str
) -> None:
    asked = the_mail(*many(PRODUCTS_SHOWN + 3), mail=mail, locale=locale)
    assert len(links_of(asked)) == 5 * PRODUCTS_SHOWN
    assert words in asked.html
    assert words in asked.text
    assert words not in the_mail(*many(PRODUCTS_SHOWN), mail=mail, locale=locale).html


def test_several_orders_are_asked_about_together_and_it_says_so() -> None:
    later = AskedProduct("order-78", "cup", "Cup", 1)
    assert "3 orders" in the_mail(TEA, later, AskedProduct("order-79", "pot", "Pot", 1)).text
    assert "2 orders" in the_mail(TEA, CHAI, later).html
    assert "orders" not in the_mail(TEA, CHAI).text
    assert "about these orders again" in the_mail(TEA, later, mail="review_reminder").text
    assert "about this order again" in the_mail(TEA, mail="review_reminder").text


@pytest.mark.parametrize("mail", BOTH)
def test_points_are_for_any_published_review_whatever_it_says(mail: RequestMail) -> None:
    for part in (the_mail(mail=mail).html, the_mail(mail=mail).text):
        assert "For each review that is published you get 20 points, whatever it says." in part
    assert "1 point," in the_mail(mail=mail, plan=plan_with(points=1)).text


@pytest.mark.parametrize("mail", BOTH)
@pytest.mark.parametrize(
    "plan", [plan_with(points=0), plan_with(loyalty=False)], ids=["none", "switched off"]
)
def test_no_points_are_promised_that_nobody_gives(mail: RequestMail, plan: EngagementPlan) -> None:
    asked = the_mail(mail=mail, plan=plan)
    assert "point" not in asked.text
    assert "whatever it says" not in asked.html


@pytest.mark.parametrize("mail", BOTH)
def test_every_opinion_is_welcome(mail: RequestMail) -> None:
    assert "Every opinion is welcome, good or not so good" in the_mail(mail=mail).text
    assert "हर राय का स्वागत है" in the_mail(mail=mail, locale="hi-IN").html


def test_the_reminder_is_the_shorter_mail_and_says_that_it_is_the_only_one() -> None:
    first, reminder = the_mail(), the_mail(mail="review_reminder")
    assert len(reminder.text) < len(first.text)
    assert "our only reminder" in reminder.text
    assert "our only reminder" in reminder.html
    assert "reminder" not in first.text


def test_it_speaks_hindi_to_those_who_read_hindi() -> None:
    mail = the_mail(locale="hi-IN", name="आशा")
    assert mail.subject == "आशा, आपको कैसा लगा?"
    assert '<html lang="hi-IN"' in mail.html
    assert "चुनिए कि आप कितने स्टार देंगे" in mail.text


def test_what_a_shop_or_a_customer_wrote_is_escaped_in_html_and_plain_in_text() -> None:
    mail = the_mail(name="<script>alert(1)</script>")
    assert "<script>" not in mail.html
    assert "Darjeeling &lt;first flush&gt;" in mail.html
    assert "Darjeeling <first flush>" in mail.text


def test_a_name_that_reads_from_the_right_keeps_to_itself() -> None:
    mail = the_mail(AskedProduct("order-77", "cups", "שתי כוסות 2", 3))
    assert "<bdi>שתי כוסות 2</bdi>" in mail.html
    assert "\u2068שתי כוסות 2\u2069 × 3" in mail.text


@pytest.mark.parametrize("mail", BOTH)
def test_eight_products_with_the_longest_names_are_not_clipped(mail: RequestMail) -> None:
    longest = many(PRODUCTS_SHOWN + 1, "ख" * 200, image_url=f"https://shop.example.com/{'p' * 300}.jpg")
    asked = the_mail(*longest, mail=mail, locale="hi-IN", name="ख" * 200, customer_id="c" * 100)
    assert len(asked.html.encode()) < GMAIL_CLIPS_AT - 2000
    assert max(len(unescape(url)) for url, _ in links_of(asked)) > 200


def test_it_is_about_reviews_can_be_unsubscribed_from_and_is_handled_as_asked() -> None:
    mail = the_mail(handling=Handling(in_quiet_hours="skip"))
    assert (mail.topic, mail.kind, mail.campaign) == ("reviews", "marketing", "review_request")
    assert mail.unsubscribe_url in mail.text
    assert (mail.in_quiet_hours, mail.useful_until) == ("skip", NOW + days(14))
