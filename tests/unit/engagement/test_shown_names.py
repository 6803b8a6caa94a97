"""A customer's name in a mail: it is the shop's mail, and somebody else may have typed the name."""

import pytest

from engagement.wording import shown_name


@pytest.mark.parametrize(
    "name",
    [
        "Asha",
        "आशा",
        "J.R.R. Tolkien",
        "Anne-Marie d'Arc",
        "Ravi & Asha",
        "M. van der Berg",
        "Asha K.",
        "S/o Ravi",
    ],
)
def test_a_name_stays_as_it_is(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Your prize: example.com", "Your prize: example. com"),
        ("https://example.com/win", "https: / / example. com/ win"),
        ("http://192.0.2.1", "http: / / 192. 0. 2. 1"),
        ("asha@example.com", "asha@ example. com"),
        ("example。com", "example。 com"),
        ("Dr.Sen", "Dr. Sen"),
    ],
)
def test_nothing_in_a_name_becomes_a_link(typed: str, shown: str) -> None:
    assert shown_name(typed) == shown


def test_a_name_adds_no_lines_to_a_mail() -> None:
    assert shown_name("Asha\n\nCall us now:\r\n12345") == "Asha Call us now: 12345"


def test_a_name_is_no_longer_than_a_name() -> None:
    assert len(shown_name("win " * 50)) == 80
