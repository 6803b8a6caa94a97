"""The frame of every page behind a link: its looks, its language and its headers. A page runs no script."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from babel.core import Locale
from babel.numbers import format_decimal
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from engagement.page_words import page_languages, page_words
from engagement.plan import EngagementPlan
from engagement.plan_sections import Shop
from engagement.private_pages import private_page_headers
from engagement.web import PageResponse
from engagement.wording import direction

_FRAME = "engagement"
# What is said under a key; or, where that hangs on a number, its name with what is said for each plural category (CLDR:
# `one`, `other` …): the catalogue has lines such as `points.number.one`.
type PageWords = str | Mapping[str, Mapping[str, str]]


class PageFrame:
    """Renders a room's `pages/<page>.html` with the words of its `pages/<language>.toml`. What its pages look like
    beyond the shared style sheet is in its `pages/own.css`.
    """

    def __init__(self, package: str, plan: EngagementPlan) -> None:
        self._package = package
        self._plan = plan
        self._style = _style(package, plan.shop)

    @property
    def languages(self) -> frozenset[str]:
        return page_languages(self._package)

    def page(
        self,
        page: str,
        language: str,
        *,
        words: str = "",
        status: int = 200,
        pictures_from: str = "",
        **facts: Any,
    ) -> PageResponse:
        """A page with the words of the section `words`, or of its own name. `pictures_from` is the one origin
        (`https://cdn.example.com`) whose pictures it may show. Raises jinja2.UndefinedError for a fact that is missing.
        """
        body = (
            _environment(self._package)
            .get_template(f"{page}.html")
            .render(
                t=self.wording(words or page, language),
                language=language,
                direction=direction(language),
                shop=self._plan.shop,
                style=self._style,
                **facts,
            )
        )
        return PageResponse(status=status, headers=_headers(self._style, pictures_from), body=body)

    def plain(self, words: str, status: int, *spoken: str) -> PageResponse:
        """A heading and a sentence, in one language or in several."""
        said = [(each, direction(each), self.wording(words, each)) for each in spoken]
        return self.page("plain", spoken[0], words=words, status=status, said=said)

    def trouble(self, language: str) -> PageResponse:
        """AWS does not answer; trying again helps."""
        return self.plain("trouble", 503, language)

    def invalid(self, language: str) -> PageResponse:
        """A link that cannot be read says nothing about whose it is: it is answered in every language."""
        return self.plain("invalid", 400, language, *sorted(self.languages - {language}))

    def onward(self, link: str) -> PageResponse:
        """On to another page of ours by GET, so that to load that again sends no form again."""
        headers = {**_headers(self._style, ""), "location": link}
        return PageResponse(status=303, headers=headers, body="")

    def wording(self, section: str, language: str) -> Callable[..., str]:
        """A section's words, by their keys; they may mention the shop's name and what else is told. Raises KeyError for
        a word, or a fact in it, that there is not.
        """
        words = page_words(self._package, language)[section]

        def say(key: str, **facts: Any) -> str:
            return _form(words[key], language, facts).format(shop=self._plan.shop.name, **facts)

        return say


def _form(words: PageWords, language: str, facts: dict[str, Any]) -> str:
    """Of what has several forms, the one for the number, which is then shown as the language writes it."""
    if isinstance(words, str):
        return words
    ((name, forms),) = words.items()
    number = facts[name]
    facts[name] = format_decimal(number, locale=language)
    return forms.get(Locale(language).plural_form(number), forms["other"])


def _style(package: str, shop: Shop) -> Markup:
    """The style sheet, in the brand's colours."""
    shared, own = (
        files(each).joinpath("pages", name).read_text(encoding="utf-8")
        for each, name in ((_FRAME, "style.css"), (package, "own.css"))
    )
    light, dark = shop.brand.colours.css(), shop.brand.dark_colours.css()
    headings = f"--headings: var(--{shop.brand.headings});"
    return Markup(  # noqa: S704 - our own files, and colours of a checked form
        f":root {{ {light} {headings} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{shared}{own}"
    )


def _headers(style: Markup, pictures_from: str) -> dict[str, str]:
    """A page loads nothing, but for pictures where it has any; its one style sheet is allowed by its digest."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    pictures = f"; img-src {pictures_from}" if pictures_from else ""
    return private_page_headers(f"style-src 'sha256-{digest}'; form-action 'self'{pictures}")


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader(each, "pages") for each in (package, _FRAME)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
