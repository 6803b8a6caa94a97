"""What the rules make of a customer's words. The plan's own lists are the words minded here."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.plan import engagement_plan
from reviews.moderation import moderate
from reviews.review import Draft, State, Verdict
from reviews.rules import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from reviews.scripts import scripts_of

RULES = engagement_plan().reviews.moderation
PLAIN = Draft(rating=4, title="", text="", photo_url=None, name="", language="en")
SHOWN = Verdict(State.PUBLISHED)


def outcome(text: str = "", **fields: object) -> Verdict:
    return moderate(replace(PLAIN, text=text, **fields), RULES)  # type: ignore[arg-type]


def held(reason: str) -> Verdict:
    return Verdict(State.PENDING, reason)


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_stars_alone_are_shown(rating: int) -> None:
    assert outcome(rating=rating) == SHOWN


@pytest.mark.parametrize(
    "text",
    [
        "A fine cup every morning",
        "Bought on 2027-03-01, came on 2027-03-04. 10/10, 250 g for 199.50",
        "Terrible. The worst tea I ever had, and cold tea at that",
        "It is classic, and I hold my own at Scunthorpe",
        "बहुत अच्छी चाय, रोज़ सुबह पीता हूँ",
        "Better than the one at work... in my view.Really",
        "अच्छा",
        "J'aime ça, über alles",
    ],
)
def test_what_people_write_is_shown(text: str) -> None:
    assert outcome(text) == SHOWN


@pytest.mark.parametrize(
    "text",
    [
        "you bastard",
        "YOU BASTARD!",
        "you\nbas\u200btard.",
        "ｂａｓｔａｒｄ",
        "सब मादरचोद हैं",
        "behenchod tea",
        "भोसड\u093cी",
        "भोस\u095cी",
        "f\u034fu\ufe0fck",
        "सब मादर चोद हैं",
        "so fucked up",
    ],
)
def test_words_to_reject_are_rejected_in_any_case_and_whatever_hides_in_them(text: str) -> None:
    assert outcome(text) == Verdict(State.REJECTED, "words")


def test_a_word_is_minded_as_a_whole_alone() -> None:
    assert outcome("A bastardised recipe, and a crab bitcheese") == SHOWN


@pytest.mark.parametrize(
    "text",
    [
        *("A total scam!", "Never a crypto again", "बेवकूफ़ लोग", "बेवकूफ लोग", "that kamina seller"),
        "My dog is a bitch, and loves this bed",
    ],
)
def test_words_to_hold_wait_for_somebody(text: str) -> None:
    assert outcome(text) == held("words")


@pytest.mark.parametrize("text", ["ok", "...", "👍👍👍👍", "a b c", "चा", "12345"])
def test_a_text_of_hardly_any_letters_waits(text: str) -> None:
    assert outcome(text) == held("length")


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "a" * (TEXT_LENGTH + 1)},
        {"title": "a" * (TITLE_LENGTH + 1)},
        {"name": "a" * (NAME_LENGTH + 1)},
    ],
)
def test_what_the_form_should_have_refused_waits(fields: dict[str, str]) -> None:
    assert outcome(**fields) == held("length")
    at_the_limit = {name: value[:-1] for name, value in fields.items()}
    assert outcome(**at_the_limit) == SHOWN


@pytest.mark.parametrize("text", ["Очень хороший чай", "とても美味しいお茶", "很好喝的茶", "شاي جيد جدا"])
def test_a_script_that_none_of_ours_is_written_in_waits(text: str) -> None:
    assert outcome(text) == held("language")


def test_a_few_foreign_letters_among_ours_do_not_matter() -> None:
    assert outcome("The label says чай, and it is very good") == SHOWN


def test_a_photo_waits_for_somebody() -> None:
    assert outcome("A fine cup", photo_url="https://example.com/a.jpg") == held("photo")


def test_the_first_rule_that_applies_decides() -> None:
    everything = {"title": "scam", "name": "чай чай чай чай", "photo_url": "https://example.com/a.jpg"}
    assert outcome("bastard www.x", **everything) == Verdict(State.REJECTED, "words")
    assert outcome("a www.", **everything) == held("links")
    assert outcome("a", **everything) == held("words")
    assert outcome("a", **everything | {"title": ""}) == held("length")
    assert outcome("", **everything | {"title": ""}) == held("language")


def test_a_listed_word_of_signs_alone_is_nobodys() -> None:
    words = RULES.words.model_copy(update={"reject": {"en": ("!!",)}})
    assert moderate(replace(PLAIN, text="Wonderful!!"), RULES.model_copy(update={"words": words})) == SHOWN


def test_a_listed_word_may_be_several() -> None:
    words = RULES.words.model_copy(update={"reject": {"en": ("Go Away",)}})
    rules = RULES.model_copy(update={"words": words})
    assert moderate(replace(PLAIN, text="so go  away, please"), rules).reason == "words"
    assert moderate(replace(PLAIN, text="so ego away please"), rules) == SHOWN


@pytest.mark.parametrize(
    ("language", "script"),
    [
        *(("en", "LATIN"), ("hi", "DEVANAGARI"), ("bn", "BENGALI"), ("or", "ORIYA"), ("ta", "TAMIL")),
        *(("ja", "HIRAGANA"), ("zh-Hant", "CJK"), ("zh", "CJK"), ("ko", "HANGUL"), ("ru", "CYRILLIC")),
        *(("ur", "ARABIC"), ("sr-Latn", "LATIN"), ("pt-BR", "LATIN"), ("el", "GREEK")),
    ],
)
def test_every_language_has_its_script(language: str, script: str) -> None:
    assert script in scripts_of((language,))


WORDS = st.sampled_from(
    ["bastard", "scam", "www.x.com", "fine tea", "ok", "чай", "अच्छी चाय", "😀", "", "98765 43210", "\u200b"]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=4).map(" ".join))


@given(
    title=TEXTS,
    text=TEXTS,
    name=TEXTS,
    photo=st.sampled_from([None, "https://example.com/a.jpg"]),
    ratings=st.tuples(st.integers(1, 5), st.integers(1, 5)),
)
def test_no_rule_looks_at_the_rating(
    title: str, text: str, name: str, photo: str | None, ratings: tuple[int, int]
) -> None:
    first, second = (moderate(Draft(rating, title, text, photo, name, "en"), RULES) for rating in ratings)
    assert first == second
    assert (first.reason is None) == (first.state is State.PUBLISHED)
