"""What a customer typed into the form, and which of it can be a review. Pure rules; nothing here minds how many stars
there are, or what the words say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from engagement.review_links import STARS
from engagement.web import PageRequest
from reviews.letters import shows_something, with_few_marks, without_formatting
from reviews.review import Draft
from reviews.rules import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from reviews.scripts import mostly_written_in

PHOTO_URL_LENGTH = 500
# The most characters of each field. A browser counts no fewer than we do: what it let through is never too long.
LIMITS: Mapping[str, int] = {
    "title": TITLE_LENGTH,
    "text": TEXT_LENGTH,
    "photo_url": PHOTO_URL_LENGTH,
    "name": NAME_LENGTH,
}
# A new line and a tab are none of them.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MANY_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_NO_PART_OF_A_URL = re.compile(r"[\s\"'<>\\]")


@dataclass(frozen=True)
class Typed:
    """As the form has it: everything is text, and may be anything that somebody typed."""

    rating: str = ""
    title: str = ""
    text: str = ""
    photo_url: str = ""
    name: str = ""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """As the form shows what was written before."""
        return cls(
            rating=str(draft.rating),
            title=draft.title,
            text=draft.text,
            photo_url=draft.photo_url or "",
            name=draft.name,
        )

    @classmethod
    def by(cls, request: PageRequest) -> Self:
        """What came with a request; of what is too long one character more than fits, so that it is still too long."""
        return cls(
            # No stars are written with so many digits.
            rating=request.text("rating")[:2],
            title=_fitting("title", _line(request.text("title"))),
            text=_fitting("text", _lines(request.text("text"))),
            photo_url=_fitting("photo_url", request.text("photo_url")),
            name=_fitting("name", _line(request.text("name"))),
        )


@dataclass(frozen=True)
class Judgement:
    """`draft`, or None if something is `wrong`: the key of a reason for each field that cannot be as it is."""

    draft: Draft | None
    wrong: Mapping[str, str]


def judge(typed: Typed, language: str) -> Judgement:
    """What was typed, as a review in the page's language. Stars are needed; everything else may be left out."""
    wrong: dict[str, str] = {}
    if typed.rating not in map(str, STARS):
        wrong["rating"] = "rating_missing"
    wrong |= {field: "too_long" for field, most in LIMITS.items() if len(getattr(typed, field)) > most}
    if typed.photo_url and "photo_url" not in wrong and not _is_secure_link(typed.photo_url):
        wrong["photo_url"] = "photo_url_wrong"
    if wrong:
        return Judgement(None, wrong)
    draft = Draft(
        rating=int(typed.rating),
        title=typed.title,
        text=typed.text,
        photo_url=typed.photo_url or None,
        name=typed.name,
        # Many write to us in another language than they read our page in; then we do not know which.
        language=language if mostly_written_in((typed.title, typed.text), (language,)) else "",
    )
    return Judgement(draft, wrong)


def wished_stars(wished: str) -> str:
    """The stars that the link in the mail asks for; none if it asks for anything else."""
    return wished if wished in map(str, STARS) else ""


def _line(text: str) -> str:
    """On one line, with single spaces."""
    return _seen(" ".join(_CONTROLS.sub("", text).split()))


def _lines(text: str) -> str:
    """A browser ends its lines with CR and LF, and counts them as one character. At most one line stays empty."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return _seen(_MANY_EMPTY_LINES.sub("\n\n", plain))


def _seen(text: str) -> str:
    """What of it can be seen and read; nothing where nothing can."""
    kept = with_few_marks(without_formatting(text))
    return kept if shows_something(kept) else ""


def _fitting(field: str, text: str) -> str:
    return text[: LIMITS[field] + 1]


def _is_secure_link(url: str) -> bool:
    """Whether it leads, by https, to a named host; no password, no address in numbers."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and "@" not in parts.netloc
        and bool(_HOST.fullmatch(host))
        and not host.rpartition(".")[2].isdigit()
        and not _NO_PART_OF_A_URL.search(url)
        and url.isprintable()
    )
