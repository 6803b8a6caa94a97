"""Moderation by rule: whether words may be shown at once. No rule looks at the rating."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from engagement.plan_sections import Moderation
from reviews.letters import normalised
from reviews.links import leads_elsewhere
from reviews.review import Draft, State, Verdict
from reviews.rules import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from reviews.scripts import mostly_written_in


def moderate(draft: Draft, rules: Moderation) -> Verdict:
    """What becomes of a draft: the first rule that applies decides."""
    texts = [normalised(text) for text in (draft.title, draft.text, draft.name)]
    words = [_words(text) for text in texts]
    if _has_any(words, rules.words.reject):
        return Verdict(State.REJECTED, "words")
    waits = (
        ("links", any(map(leads_elsewhere, texts))),
        ("words", _has_any(words, rules.words.hold)),
        ("length", _is_of_wrong_length(draft, rules.text_at_least)),
        ("language", not mostly_written_in(texts, rules.languages)),
        ("photo", draft.photo_url is not None),
    )
    for reason, applies in waits:
        if applies:
            return Verdict(State.PENDING, reason)
    return Verdict(State.PUBLISHED)


def _words(text: str) -> str:
    """Its words with a space between them and around them. A vowel sign of Devanagari is a mark, and part of a word."""
    spaced = (each if unicodedata.category(each)[0] in "LMN" else " " for each in text)
    return f" {' '.join(''.join(spaced).split())} "


def _has_any(texts: Iterable[str], words_by_language: Mapping[str, Iterable[str]]) -> bool:
    """Whether one of the words stands in one of the texts, as a whole, whatever language the review claims to be in."""
    listed = _listed(tuple(word for words in words_by_language.values() for word in words))
    return any(word in text for text in texts for word in listed)


@cache
def _listed(words: tuple[str, ...]) -> tuple[str, ...]:
    spelled = (_words(normalised(word)) for word in words)
    return tuple(word for word in spelled if word.strip())


def _is_of_wrong_length(draft: Draft, text_at_least: int) -> bool:
    letters = sum(unicodedata.category(each)[0] in "LM" for each in draft.text)
    too_short = bool(draft.text.strip()) and letters < text_at_least
    return (
        too_short
        or len(draft.title) > TITLE_LENGTH
        or len(draft.text) > TEXT_LENGTH
        or len(draft.name) > NAME_LENGTH
    )
