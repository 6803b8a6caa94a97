"""In which language a page speaks."""

import re

# A language range of Accept-Language with its weight (RFC 9110, 12.5.4): `hi-IN;q=0.8`.
_RANGE = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")


def choose_language(wanted: str, accept_language: str, *, spoken: frozenset[str], fallback: str) -> str:
    """The mail's own language, else the browser's best, else the shop's: the first of them that we have pages in.

    English, should there be none.
    """
    candidates = [wanted, *_by_weight(accept_language), fallback]
    languages = (candidate.partition("-")[0].lower() for candidate in candidates)
    return next((language for language in languages if language in spoken), "en")


def _by_weight(accept_language: str) -> list[str]:
    matches = (_RANGE.fullmatch(part.strip()) for part in accept_language.split(","))
    weighted = [(float(match[2] or 1), match[1]) for match in matches if match]
    return [language for weight, language in sorted(weighted, key=lambda each: -each[0]) if weight > 0]
