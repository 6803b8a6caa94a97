"""A shop's colours: whatever they are, the mails can be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engagement.brand import Brand, Colours, contrast
from engagement.plan import engagement_plan

DAYLIGHT = engagement_plan().shop.brand.colours.model_dump()
colours = st.from_regex(r"\A#[0-9a-f]{6}\Z")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#9a3412", "#9a3412", 1.0)],
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(colours, colours)
def test_contrast_is_the_same_either_way_round(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on_accent": "#e8a87c"}, "on_accent on accent"),
        ({"quiet": "#c9bfb5"}, "quiet on background"),
        ({"text": "#ffffff"}, "text on background"),
        ({"tint": "#9a3412"}, "text on tint"),
    ],
)
def test_text_that_cannot_be_read_on_its_ground_is_refused(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(
        ValidationError, match=f"{said} cannot be read: their contrast is [0-9.]+, it wants 4.5"
    ):
        Colours(**DAYLIGHT | wrong)


@pytest.mark.parametrize("colour", ["red", "#fff", "9a3412", "#9a341", "#9a3412;}", "#9a34zz"])
def test_a_colour_is_six_hex_digits_and_nothing_that_could_leave_its_place_in_a_style(colour: str) -> None:
    with pytest.raises(ValidationError):
        Colours(**DAYLIGHT | {"accent": colour})


@pytest.mark.parametrize(
    "wrong",
    [
        {"logo": {"url": "http://shop.example.com/logo.png", "width": 160}},
        {"logo": {"url": "https://shop.example.com/logo.png", "width": 2000}},
        {"social": {"Instagram": "chai-and-co"}},
        {"social": {str(number): "https://shop.example.com" for number in range(7)}},
        {"headings": "comic"},
    ],
)
def test_a_brand_that_no_mail_could_show_is_refused(wrong: dict[str, Any]) -> None:
    known = engagement_plan().shop.brand.model_dump()
    Brand.model_validate(known)
    with pytest.raises(ValidationError):
        Brand.model_validate(known | wrong)
