"""The pages behind a mail's link: what each state of a review shows, and what a click and a form do."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from botocore.exceptions import EndpointConnectionError

from engagement.events.reviews import ReviewInvited
from engagement.page_words import page_words
from engagement.plan import EngagementPlan, engagement_plan
from engagement.review_links import ReviewLink, review_url
from engagement.signed_tokens import sign_token
from engagement.site import Site
from engagement.web import PageResponse, page_request
from mail_house import Meanwhile, Trouble, Troubled
from reviews.forms.form_pages import ReviewPages
from reviews.forms.review_page import ReviewPage
from reviews.wiring import reviewing
from shop_facts import NOW, days, hours, review_invited, review_moderated
from tests.unit.reviews.house import GOOD, HELD, LATER, REFUSED, REVIEW, House, erased

KEYS = (b"k" * 32,)
FILLED = {
    "rating": "4",
    "title": "Lovely",
    "text": "A fine cup every morning",
    "photo_url": "",
    "name": "Asha",
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "hi"])


@dataclass
class Browser:
    """Whoever has the link, and the room behind it."""

    house: House
    language: str = "en"
    plan: EngagementPlan = field(default_factory=engagement_plan)
    until: datetime = NOW + days(180)
    purpose: str = ""

    def __post_init__(self) -> None:
        self.trouble = Trouble()

    def get(self, method: str = "GET", now: datetime = LATER, **linked: str) -> PageResponse:
        return self._ask(method, "", now, linked)

    def post(self, now: datetime = LATER, body: str | None = None, **fields: str) -> PageResponse:
        return self._ask("POST", urlencode(FILLED | fields) if body is None else body, now, {})

    def follow(self, answer: PageResponse) -> PageResponse:
        """As after a redirect; again, when the page is loaded again."""
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        assert query.keys() <= {"token", "lang", "sent"}
        return self.get(sent=query["sent"][0])

    def says(self, answer: PageResponse, section: str, key: str) -> bool:
        said: str = page_words("reviews", self.language)[section][key].format(shop=self.plan.shop.name)
        return said in re.sub(r"&#39;", "'", answer.body)

    def _ask(self, method: str, body: str, now: datetime, linked: dict[str, str]) -> PageResponse:
        client: Any = Troubled(self.house.client, self.trouble)
        worker = reviewing(client, self.house.tables, self.house.bus, self.plan, pause=lambda _: None)
        pages = ReviewPages(self.plan)
        page = ReviewPage(reviewing=worker, keys=KEYS, pages=pages)
        query = urlsplit(review_url(KEYS, "", ReviewLink(REVIEW, self.until), self.language)).query
        if self.purpose:
            claims = {"review_id": REVIEW, "until": "2027-08-01T00:00:00.000000Z"}
            query = urlencode({"token": sign_token(KEYS, self.purpose, claims), "lang": self.language})
        event = {
            "requestContext": {"http": {"method": method}},
            "rawPath": "/review",
            "rawQueryString": f"{query}&{urlencode(linked)}",
            "body": body,
        }
        return Site({"review": page}, self.plan, pages.frame).answer(page_request(event), now)


def browser(language: str = "en", *, invitation: ReviewInvited | None = None) -> Browser:
    house = House()
    house.hear(invitation or review_invited("cust-asha", "assam-tea"))
    return Browser(house, language)


def unstyled(page: PageResponse) -> str:
    return re.sub(r"<style>.*?</style>", "", page.body, flags=re.DOTALL)


@LANGUAGES
def test_the_link_opens_the_form_with_its_stars_and_writes_nothing(language: str) -> None:
    asha = browser(language)
    before = asha.house.item()
    shown = asha.get(stars="3")
    assert (shown.status, asha.says(shown, "form", "heading")) == (200, True)
    assert re.findall(r'value="(\d)" checked', shown.body) == ["3"]
    assert "checked" not in unstyled(asha.get(stars="6"))
    probed = asha.get("HEAD", stars="5")
    assert (probed.status, probed.body) == (200, "")
    assert asha.trouble.calls == ["batch_get_item"] * 3
    assert (asha.house.item(), asha.house.told()) == (before, [])


@LANGUAGES
@pytest.mark.parametrize(
    ("words", "state"), [(GOOD, "published"), (HELD, "pending"), (REFUSED, "rejected")], ids=str
)
def test_a_form_leads_on_to_what_became_of_it_however_often_that_is_loaded(
    language: str, words: Any, state: str
) -> None:
    asha = browser(language)
    sent = asha.post(text=words.text)
    assert (sent.status, sent.body) == (303, "")
    told = asha.house.told()
    for _ in range(2):
        shown = asha.follow(sent)
        assert (shown.status, asha.says(shown, "thanks", f"heading_{state}")) == (200, True)
        assert asha.says(shown, "reasons", "words") is (state == "rejected")
        assert asha.says(shown, "thanks", "change") is (state != "published")
        assert not asha.says(shown, "thanks", "help_text")
    assert asha.house.told() == told


def test_few_stars_are_offered_help_and_shown_like_any_others() -> None:
    asha = browser()
    shown = asha.follow(asha.post(rating="1"))
    assert asha.says(shown, "thanks", "heading_published")
    assert asha.says(shown, "thanks", "help_text")


@LANGUAGES
def test_the_same_form_twice_is_one_review_even_on_the_other_languages_page(language: str) -> None:
    asha = browser(language)
    answers = [asha.post(), asha.post(now=LATER + hours(1))]
    asha.language = "hi" if language == "en" else "en"
    answers.append(asha.post(now=LATER + hours(2)))
    assert [answer.status for answer in answers] == [303, 303, 303]
    assert asha.house.told() == ["ReviewSubmitted", "ReviewPublished"]
    assert asha.house.rating().count == 1


def test_a_post_is_two_reads_and_three_writes_and_one_that_changes_nothing_two_reads() -> None:
    asha = browser()
    asha.post()
    assert asha.trouble.calls == ["batch_get_item"] * 2 + ["transact_write_items", "update_item"]
    asha.trouble.calls.clear()
    asha.post()
    assert asha.trouble.calls == ["batch_get_item"] * 2


@LANGUAGES
def test_what_waits_or_was_refused_by_the_rules_comes_back_in_the_form(language: str) -> None:
    for words, notice in ((HELD, "pending"), (REFUSED, "rejected")):
        asha = browser(language)
        asha.post(text=words.text, rating="2")
        shown = asha.get(stars="5")
        assert (shown.status, asha.says(shown, "form", notice)) == (200, True)
        assert words.text in shown.body
        assert re.findall(r'value="(\d)" checked', shown.body) == ["2"]


@LANGUAGES
def test_what_is_final_is_shown_and_other_words_are_said_to_be_unkept(language: str) -> None:
    asha = browser(language)
    asha.post()
    shown = asha.get()
    assert (shown.status, asha.says(shown, "shown", "unkept")) == (200, False)
    assert asha.says(shown, "shown", "heading")
    for other in ({"text": "From the other window"}, {"rating": "9"}):
        refused = asha.post(now=LATER + hours(1), **other)
        assert (refused.status, asha.says(refused, "shown", "unkept")) == (409, True)
        assert GOOD.text in refused.body
        assert "window" not in refused.body
    asha.house.hear(review_moderated(REVIEW, published=False, revision=2))
    decided = asha.get()
    assert (decided.status, asha.says(decided, "decided", "heading")) == (200, True)
    assert asha.says(decided, "reasons", "other")
    assert not asha.says(decided, "decided", "unkept")
    refused = asha.post(text="Once more")
    assert (refused.status, asha.says(refused, "decided", "unkept")) == (409, True)


@pytest.mark.parametrize("published", [True, False])
def test_what_a_person_decided_while_the_form_was_sent_is_said_so(*, published: bool) -> None:
    asha = browser()
    asha.post(text=HELD.text)

    decision = review_moderated(REVIEW, published=published, revision=2)
    # Between the page's own look and the writing.
    asha.trouble = Meanwhile(2, lambda: asha.house.hear(decision))
    refused = asha.post(text="Other words")
    section = "shown" if published else "decided"
    assert (refused.status, asha.says(refused, section, "unkept")) == (409, True)


@LANGUAGES
def test_what_is_wrong_is_said_and_all_that_was_typed_is_kept(language: str) -> None:
    asha = browser(language)
    shown = asha.post(rating="", title='<b>Tea & "cup"', photo_url="photo.jpg")
    assert (shown.status, asha.says(shown, "form", "wrong")) == (422, True)
    assert asha.says(shown, "form", "rating_missing")
    assert asha.says(shown, "form", "photo_url_wrong")
    assert 'value="&lt;b&gt;Tea &amp; &#34;cup&#34;"' in shown.body
    assert asha.house.told() == []


@LANGUAGES
def test_what_is_far_too_long_is_refused_and_echoed_no_further_than_it_is_judged(language: str) -> None:
    asha = browser(language)
    shown = asha.post(text='"' * 20_000)
    assert shown.status == 422
    assert len(shown.body) < 100_000
    refused = asha.post(body="rating=4&text=" + "x" * 70_000)
    assert (refused.status, asha.says(refused, "too_long", "text")) == (413, True)
    assert asha.house.told() == []
    photo = "https://a.example/" + "x" * 400
    brimful = asha.post(text="ठ" * 5000, title="ठ" * 120, name="ठ" * 60, photo_url=photo)
    assert brimful.status == 303


@LANGUAGES
def test_a_form_that_could_not_be_saved_comes_back_as_it_was(language: str) -> None:
    asha = browser(language)
    away = EndpointConnectionError(endpoint_url="https://dynamodb")
    asha.trouble = Trouble(2, "before", lambda: away)
    shown = asha.post()
    assert (shown.status, asha.says(shown, "form", "away")) == (503, True)
    assert FILLED["text"] in shown.body
    assert asha.post().status == 303


@LANGUAGES
def test_links_that_lead_nowhere_say_why(language: str) -> None:
    asha = browser(language)
    for answer in (asha.get(now=asha.until), asha.post(now=asha.until)):
        assert (answer.status, asha.says(answer, "expired", "text")) == (410, True)
    other = replace(asha, purpose="unsubscribe")
    for answer in (other.get(), other.post()):
        assert (answer.status, asha.says(answer, "invalid", "text")) == (400, True)
    asha.house.hear(erased())
    for answer in (asha.get(), asha.post()):
        assert (answer.status, asha.says(answer, "gone", "text")) == (410, True)
    assert asha.house.told() == []


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://cdn.example.com/tea.jpg", "https://cdn.example.com"),
        ("https://cdn.example.com:8443/tea.jpg", "https://cdn.example.com:8443"),
        *((each, None) for each in ("https://[x/y.png", "https://exa℀mple.com/x.png", "https://a b/c.png")),
        *((each, None) for each in ("https://a;script-src/x", "https://*/x.png", "https://u@a.example/x")),
        *((each, None) for each in ("https://чай.example/x", "https://a.example'/x", "https://[::1]/x.png")),
    ],
)
def test_a_hostile_pictures_address_is_no_picture(address: str, origin: str | None) -> None:
    asha = browser()
    asha.house.client.tables["ReviewsTable"][(REVIEW,)]["image_url"] = {"S": address}
    shown = asha.get()
    assert shown.status == 200
    assert ("<img" in shown.body) is (origin is not None)
    allowed = re.findall(r"img-src ([^;]*)", shown.headers["content-security-policy"])
    assert allowed == ([origin] if origin else [])


def test_each_part_of_a_customers_words_has_its_own_direction_and_no_language_that_is_not_known() -> None:
    asha = browser()
    asha.post(title="صباح", text="बहुत अच्छी चाय", name="آشا")
    shown = asha.get().body
    assert '<p lang="" dir="auto"><strong>صباح' in shown
    assert '<p class="written" lang="" dir="auto">बहुत' in shown
    assert '<footer dir="auto">آشا' in shown
    assert len(re.findall(r'id="(?:title|text|name)"[^>]* dir="auto"', browser().get().body)) == 3


@LANGUAGES
def test_points_are_promised_while_they_are_earned(language: str) -> None:
    asha = browser(language)
    assert "20" in unstyled(asha.get())
    off = asha.plan.campaign("loyalty").model_copy(update={"enabled": False})
    campaigns = {**asha.plan.campaigns, "loyalty": off}
    asha.plan = asha.plan.model_copy(update={"campaigns": campaigns})
    word = {"en": "point", "hi": "पॉइंट"}[language]
    assert word not in unstyled(asha.get())
    assert word not in unstyled(asha.follow(asha.post()))
