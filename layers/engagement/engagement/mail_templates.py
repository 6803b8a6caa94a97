"""The mails' templates, compiled at build time: at run time nothing is parsed, and MJML is not needed.

`rishta mail build` writes them, `mails/compiled/<mail>_html.py` and `<mail>_text.py` in each room, from MJML and plain
text. What compiles and what runs them must be the same environment; here it is.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal

from jinja2 import Environment, StrictUndefined, Template

type Form = Literal["html", "text"]


def rendered(package: str, mail: str, form: Form, facts: Mapping[str, Any]) -> str:
    """One form of a room's mail. Raises jinja2.UndefinedError for a fact that is missing."""
    return _template(package, mail, form).render(facts)


@cache
def environment(form: Form) -> Environment:
    """HTML escapes what it is told, plain text takes it as it is; neither takes nothing for something."""
    return Environment(
        autoescape=form == "html",  # noqa: S701 - plain text is no HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _template(package: str, mail: str, form: Form) -> Template:
    module = import_module(f"{package}.mails.compiled.{mail}_{form}")
    shared = environment(form)
    return Template.from_module_dict(shared, vars(module), shared.make_globals(None))
