"""A page in the place of a mail that cannot be shown. It looks as the mails do."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from engagement.plan_sections import Shop
from engagement.wording import direction

_PAGE = Markup("""<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; {colours} }}
  @media (prefers-color-scheme: dark) {{ :root {{ {dark_colours} }} }}
  * {{ box-sizing: border-box; }}
  body {{
    margin: 0 auto; max-width: 624px; padding: 36px 12px 48px; background: var(--background); color: var(--text);
    font: 16px/1.65 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", Arial, sans-serif;
  }}
  header {{ padding: 0 8px 24px; font-size: 24px; font-weight: 700; text-align: center; color: var(--accent); }}
  main {{ padding: 40px; border-radius: 16px; background: var(--card); }}
  h1, h2 {{ margin: 0 0 12px; font-size: 24px; line-height: 1.35; }}
  h2 {{ font-size: 20px; }}
  p {{ margin: 0 0 12px; }}
  a {{ color: var(--accent); }}
  section + section {{ margin-top: 28px; padding-top: 28px; border-top: 1px solid var(--line); }}
  @media (max-width: 480px) {{ main {{ padding: 28px 20px; }} }}
</style>
</head>
<body><header>{shop}</header><main>{sections}</main></body>
</html>
""")
_SECTION = Markup("""<section lang="{language}" dir="{direction}">
<{h}>{title}</{h}><p>{text}</p><p><a href="{url}">{shop}</a></p>
</section>""")


def notice(what: str, wanted: str, shop: Shop) -> str:
    """`gone` or `trouble`, in every language, the wanted one first: a link that cannot be read says nothing about whose
    it is.
    """
    languages = sorted(_languages(), key=lambda language: (language != wanted, language))
    words = {language: _words(language)[what] for language in languages}
    sections = Markup("").join(
        _SECTION.format(
            language=language,
            direction=direction(language),
            h="h1" if language == languages[0] else "h2",
            title=words[language]["title"],
            text=words[language]["text"],
            url=shop.website,
            shop=words[language]["shop"].format(shop=shop.name),
        )
        for language in languages
    )
    return _PAGE.format(
        language=languages[0],
        direction=direction(languages[0]),
        title=words[languages[0]]["title"],
        colours=shop.brand.colours.css(),
        dark_colours=shop.brand.dark_colours.css(),
        shop=shop.name,
        sections=sections,
    )


@cache
def _languages() -> frozenset[str]:
    names = (entry.name for entry in files("mail_delivery").joinpath("pages").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(
        files("mail_delivery").joinpath("pages", f"{language}.toml").read_text(encoding="utf-8")
    )
