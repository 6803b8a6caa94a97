"""Scripts: which one a letter is of, and which a language is written in. By the words of Unicode's names of letters."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from babel.core import Locale, get_global, parse_locale

# CLDR's scripts that Unicode's names of letters call otherwise, or that are several.
_OTHERWISE = {
    "Beng": {"BENGALI"},
    "Hans": {"CJK"},
    "Hant": {"CJK"},
    "Jpan": {"CJK", "HIRAGANA", "KATAKANA"},
    "Kore": {"HANGUL", "CJK"},
    "Orya": {"ORIYA"},
}


def script_of(letter: str) -> str:
    """`LATIN`, `DEVANAGARI` …; empty for what has no name."""
    return unicodedata.name(letter, "").partition(" ")[0]


@cache
def scripts_of(languages: tuple[str, ...]) -> frozenset[str]:
    """All scripts that these languages (`hi`, `zh-Hant`) are most likely written in, by CLDR."""
    return frozenset(script for language in languages for script in _scripts_of(language))


def mostly_written_in(texts: Iterable[str], languages: Iterable[str]) -> bool:
    """Whether half of the letters, or more, are of these languages' scripts; so are no letters at all."""
    known = scripts_of(tuple(languages))
    letters = [each for text in texts for each in text if unicodedata.category(each)[0] == "L"]
    return 2 * sum(script_of(letter) in known for letter in letters) >= len(letters)


def _scripts_of(language: str) -> set[str]:
    name, _, script, *_ = parse_locale(language, sep="-")
    if script is None:
        likely = get_global("likely_subtags").get(name, f"{name}_Latn")
        script = parse_locale(likely)[2] or "Latn"
    if script in _OTHERWISE:
        return _OTHERWISE[script]
    return {Locale("en").scripts[script].partition(" ")[0].upper()}
