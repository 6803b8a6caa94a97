"""The pages, in the customer's language."""

import tomllib
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from engagement.plan import EngagementPlan
from preferences.web import PageResponse

_PACKAGE = "preferences"


@cache
def languages() -> frozenset[str]:
    """The languages that the pages are written in."""
    names = (entry.name for entry in files(_PACKAGE).joinpath("pages").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


class Pages:
    """Renders `pages/<page>.html` with the words of `pages/<language>.toml`."""

    def __init__(self, plan: EngagementPlan) -> None:
        self._plan = plan

    def ask(self, language: str, *, topic: str, others: Iterable[str]) -> PageResponse:
        """May the link's topic go? And which others besides? Looking at it changes nothing."""
        names = [(other, self._plan.topic_name(other, language)) for other in others]
        topic_name = self._plan.topic_name(topic, language)
        return self._page("ask", language, 200, topic_name=topic_name, others=names)

    def done(self, language: str, *, topics: Iterable[str]) -> PageResponse:
        """What was left."""
        names = [self._plan.topic_name(topic, language) for topic in topics]
        return self._page("done", language, 200, topic_names=names)

    def invalid(self, language: str) -> PageResponse:
        """A link that cannot be read says nothing about whose it is: it is answered in every language."""
        others = sorted(languages() - {language})
        return self._page(
            "invalid", language, 400, all_words=[(each, _words(each)) for each in [language, *others]]
        )

    def _page(self, page: str, language: str, status: int, **facts: Any) -> PageResponse:
        shop = self._plan.shop

        def t(key: str) -> str:
            return _words(language)[page][key].format(shop=shop.name)

        template = _environment().get_template(f"{page}.html")
        body = template.render(t=t, language=language, shop=shop, style=_style(), **facts)
        return PageResponse(status=status, headers=_headers(), body=body)


@cache
def _words(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(files(_PACKAGE).joinpath("pages", f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _style() -> Markup:
    return Markup(files(_PACKAGE).joinpath("pages", "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def _headers() -> dict[str, str]:
    """A page that is the customer's alone: kept by no cache, found by no search, its link told to no other site.

    It runs no script and loads nothing; its one style sheet is allowed by its digest.
    """
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
        "x-content-type-options": "nosniff",
        "content-security-policy": f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'",
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
