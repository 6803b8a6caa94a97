"""Letters as they are seen: which characters show nothing, and which make others unreadable."""

import re
import unicodedata
from functools import lru_cache

# With them Devanagari, and emoji of several parts, are written.
JOINERS = "\u200c\u200d"
# Unicode's Default_Ignorable_Code_Point beyond the category Cf, which is most of it. Some are marks, some letters.
_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
# The dot below a letter of Devanagari: many keyboards have none, and many people leave it out.
_NUKTA = "\u093c"
# A pattern of Braille without a dot.
_BLANK = "\u2800"
_MOST_MARKS = 5


def normalised(text: str) -> str:
    """One spelling for all that look the same: small letters, plain digits, no nukta, nothing that nobody sees, and
    single spaces, of which none stands at an end.
    """
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(_plain(each) for each in _IGNORED.sub("", apart))
    return " ".join(unicodedata.normalize("NFKC", kept).casefold().split())


def without_formatting(text: str) -> str:
    """Without what only tells a program how to show the rest: it may turn lines round, or hide words."""
    return "".join(each for each in text if each in JOINERS or unicodedata.category(each) != "Cf")


def with_few_marks(text: str) -> str:
    """At most five marks to a letter: a name of a thousand accents covers the lines above it. No language has more."""
    kept, marks = [], 0
    for each in text:
        if unicodedata.category(each)[0] == "M":
            marks += 1
        elif each not in JOINERS:
            marks = 0
        if marks <= _MOST_MARKS:
            kept.append(each)
    return "".join(kept)


def shows_something(text: str) -> bool:
    """Whether any character of it is seen by itself."""
    seen = _IGNORED.sub("", text).replace(_BLANK, "")
    return any(unicodedata.category(each)[0] in "LNPS" for each in seen)


@lru_cache(maxsize=4096)
def _plain(each: str) -> str:
    if each == _NUKTA or unicodedata.category(each) == "Cf":
        return ""
    if unicodedata.category(each) == "Nd":
        return str(unicodedata.decimal(each))
    return each
