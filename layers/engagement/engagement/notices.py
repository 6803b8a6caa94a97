"""Pages with a heading, a sentence and the way to the shop, in the place of what cannot be shown. They look as the
mails do, run no script and load nothing.
"""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from markupsafe import Markup

from engagement.page_words import page_languages, page_words
from engagement.plan_sections import Shop
from engagement.private_pages import private_page_headers
from engagement.wording import direction

_PAGE = Markup("""<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{title} · {shop}</title>
<style>{style}</style>
</head>
<body><header>{shop}</header><main>{sections}</main></body>
</html>
""")
_SECTION = Markup("""<section lang="{language}" dir="{direction}">
<{h}>{title}</{h}><p>{text}</p><p><a class="button" href="{url}">{shop}</a></p>
</section>""")
# The brand's colours stand before this.
_STYLE = """
  :root {
    color-scheme: light dark;
    --sans: -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", "Helvetica Neue", Arial, sans-serif;
    --serif: Georgia, "Noto Serif", "Noto Serif Devanagari", "Times New Roman", serif;
  }
  * { box-sizing: border-box; }
  body {
    margin: 0 auto; max-width: 624px; padding: 36px 12px 48px; background: var(--background); color: var(--text);
    font: 16px/1.65 var(--sans); overflow-wrap: break-word;
  }
  header { padding: 0 8px 24px; font: 700 24px/1.4 var(--headings); text-align: center; color: var(--accent); }
  main { padding: 48px; border-radius: 16px; background: var(--card); box-shadow: 0 1px 3px rgba(40, 25, 10, .08); }
  h1, h2 { margin: 0 0 12px; font: 700 28px/1.35 var(--headings); text-wrap: balance; }
  h2 { font-size: 20px; }
  p { margin: 0 0 12px; }
  .button {
    display: inline-block; padding: 16px 32px; border-radius: 10px; background: var(--accent);
    color: var(--on-accent); font-weight: 700; line-height: 1.4; text-decoration: none;
  }
  .button:hover { text-decoration: underline; text-underline-offset: 3px; }
  :focus-visible { outline: 3px solid var(--text); outline-offset: 3px; }
  section p:last-child { margin: 24px 0 0; }
  section + section { margin-top: 32px; padding-top: 32px; border-top: 1px solid var(--line); }
  @media (max-width: 479px) {
    main { padding: 32px 20px; }
    h1 { font-size: 24px; }
    .button { display: block; padding: 16px 12px; text-align: center; }
  }
"""


class Notices:
    """A package's notices: the sections of its `pages/<language>.toml`, each with `title`, `text` and `shop`."""

    def __init__(self, package: str, shop: Shop) -> None:
        self._package = package
        self._shop = shop
        self._style = _style(shop)
        digest = b64encode(sha256(self._style.encode()).digest()).decode()
        self._headers = private_page_headers(f"style-src 'sha256-{digest}'; form-action 'none'")

    def answer(self, what: str, status: int, wanted: str, *, to_anybody: bool = False) -> dict[str, Any]:
        """API Gateway's answer (HTTP API, format 2.0), in the wanted language, else in the shop's.

        `to_anybody`: in every language, the wanted one first: a link that cannot be read says nothing about whose it
        is.
        """
        ranks = [wanted, self._shop.language]
        spoken = sorted(
            page_languages(self._package),
            key=lambda each: (ranks.index(each) if each in ranks else len(ranks), each),
        )
        body = self._page(what, spoken if to_anybody else spoken[:1])
        return {"statusCode": status, "headers": self._headers, "body": body}

    def _page(self, what: str, spoken: Sequence[str]) -> str:
        first = spoken[0]
        said = [self._section(what, each, "h1" if each == first else "h2") for each in spoken]
        return _PAGE.format(
            language=first,
            direction=direction(first),
            title=page_words(self._package, first)[what]["title"],
            shop=self._shop.name,
            style=self._style,
            sections=Markup("").join(said),
        )

    def _section(self, what: str, language: str, heading: str) -> Markup:
        words = page_words(self._package, language)[what]
        return _SECTION.format(
            language=language,
            direction=direction(language),
            h=heading,
            title=words["title"],
            text=words["text"],
            url=self._shop.website,
            shop=words["shop"].format(shop=self._shop.name),
        )


def _style(shop: Shop) -> Markup:
    light, dark = shop.brand.colours.css(), shop.brand.dark_colours.css()
    return Markup(  # noqa: S704 - our own style, and colours of a checked form
        f"\n  :root {{ {light} --headings: var(--{shop.brand.headings}); }}"
        f"\n  @media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}{_STYLE}"
    )
