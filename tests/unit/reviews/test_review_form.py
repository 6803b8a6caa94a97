"""What can be typed into the form, and what becomes a review of it."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.web import page_request
from reviews.forms.form import LIMITS, Judgement, Typed, judge, wished_stars

GOOD = {"rating": "4", "title": "Lovely", "text": "A fine cup", "photo_url": "", "name": "Asha"}


def sent(**fields: str) -> Typed:
    """As a browser sends it."""
    event = {
        "requestContext": {"http": {"method": "POST"}},
        "body": urlencode({**GOOD, **fields}, errors="surrogatepass"),
    }
    return Typed.by(page_request(event))


def judged(*, language: str = "en", **fields: str) -> Judgement:
    return judge(sent(**fields), language)


def wrong(**fields: str) -> dict[str, str]:
    return dict(judged(**fields).wrong)


def test_what_was_typed_is_what_is_kept() -> None:
    draft = judged(photo_url="https://photos.example.com/a.jpg").draft
    assert draft
    assert (draft.rating, draft.title, draft.text, draft.name) == (4, "Lovely", "A fine cup", "Asha")
    assert (draft.photo_url, draft.language) == ("https://photos.example.com/a.jpg", "en")


def test_stars_alone_are_enough() -> None:
    draft = judged(title="", text="", name="").draft
    assert draft
    assert (draft.title, draft.text, draft.name, draft.photo_url) == ("", "", "", None)


@pytest.mark.parametrize("rating", ["", "0", "6", "11", "-1", "4.0", "४", "five", "4 4", "null", "1" * 9999])
def test_stars_are_one_to_five(rating: str) -> None:
    assert wrong(rating=rating) == {"rating": "rating_missing"}
    assert wished_stars(rating) == ""


@pytest.mark.parametrize(
    "link",
    [
        *(
            "http://photos.example.com/a.jpg",
            "photos.example.com/a.jpg",
            "ftp://photos.example.com",
            "https://",
        ),
        *(
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "//photos.example.com/a.jpg",
            "https:///a.jpg",
        ),
        *("https://user:word@example.com/a.jpg", "https://127.0.0.1/a.jpg", "https://[::1]/a.jpg"),
        *(
            "https://localhost/a.jpg",
            "https://[x/y.png",
            "https://exa℀mple.com/x.png",
            "https://a.example:x/",
        ),
        *(
            "https://a.example/a b",
            'https://a.example/"onload=',
            "https://a.example/<b>",
            "https://a.example/\\x",
        ),
        *("https://a.example/\u202egpj", "https://a.example/\x00", "https://-.", "https://a.example:99999/"),
    ],
)
def test_a_photos_link_leads_to_a_named_host_by_https(link: str) -> None:
    assert wrong(photo_url=link) == {"photo_url": "photo_url_wrong"}


@pytest.mark.parametrize("field", LIMITS)
def test_what_is_too_long_is_said_so_and_echoed_no_longer_than_it_has_to_be(field: str) -> None:
    start = "https://a.example/" if field == "photo_url" else ""
    longest = start + "x" * (LIMITS[field] - len(start))
    assert wrong(**{field: longest}) == {}
    assert wrong(**{field: longest + "x"}) == {field: "too_long"}
    echoed = getattr(sent(**{field: longest + "x" * 9000}), field)
    assert len(echoed) == LIMITS[field] + 1


def test_all_that_is_wrong_is_said_at_once() -> None:
    nonsense = {"rating": "9", "title": "x" * 121, "text": "x" * 5001, "photo_url": "x", "name": "x" * 61}
    assert wrong(**nonsense).keys() == nonsense.keys()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("one\n\n\n \n\ntwo", "one\n\ntwo"),
        ("\n\n one \n", "one"),
        ("a\x00b\x1bc\x7fd", "abcd"),
        ("a\u200bb\u202ec\u2066d\ufeffe\u00adf\U000e0041g", "abcdefg"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u200b\u200d\u034f\ufe0f", ""),
        ("❤\ufe0f", "❤\ufe0f"),
        ("👩\u200d🍳", "👩\u200d🍳"),
        ("a" + "\u0301" * 4990 + "b", "a" + "\u0301" * 5 + "b"),
        ("a" + "\u0301\u200d" * 900, "a" + "\u0301\u200d" * 5),
    ],
)
def test_a_text_keeps_its_lines_and_loses_what_nobody_sees(typed: str, kept: str) -> None:
    assert sent(text=typed).text == kept


def test_a_title_and_a_name_are_one_line() -> None:
    typed = sent(title=" A\n fine\t\tcup ", name="Asha\r\nRao")
    assert (typed.title, typed.name) == ("A fine cup", "Asha Rao")


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u2800\u200d", " \u00a0 ", "\u0301"])
def test_a_name_of_nothing_visible_is_no_name(name: str) -> None:
    assert sent(name=name).name == ""


@pytest.mark.parametrize(
    ("language", "text", "claimed"),
    [
        *(("en", "A fine cup", "en"), ("hi", "बहुत अच्छी चाय", "hi"), ("hi", "Bahut acchi chai", "")),
        *(("en", "बहुत अच्छी चाय", ""), ("hi", "", "hi"), ("en", "👍", "en")),
    ],
)
def test_words_are_in_the_pages_language_where_they_can_be(language: str, text: str, claimed: str) -> None:
    draft = judged(language=language, title="", text=text).draft
    assert draft
    assert draft.language == claimed


@given(
    st.dictionaries(
        st.sampled_from(["rating", "title", "text", "photo_url", "name", "else"]),
        st.one_of(st.text(max_size=80), st.sampled_from(["3", "https://[", "x" * 6000, "\ud800"])),
    ),
)
def test_no_nonsense_breaks_the_form_and_what_it_lets_through_fits(fields: dict[str, str]) -> None:
    result = judged(**fields)
    assert (result.draft is None) is bool(result.wrong)
    if result.draft:
        assert result.draft.rating in (1, 2, 3, 4, 5)
        assert Typed.of(result.draft) == sent(**fields)
        assert all(len(getattr(Typed.of(result.draft), field)) <= most for field, most in LIMITS.items())
