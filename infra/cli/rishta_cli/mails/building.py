"""`rishta mail build`: from what people write (MJML, plain text) to what Lambda runs (compiled templates).

A mail's body is set into the base, in build time's own delimiters `[% %]` and `[[ ]]`; MJML becomes HTML, with the
`{{ }}` and `{% %}` of run time still in it; jinja2 makes Python of that. The same sources give the same bytes on every
machine, so the result is committed beside them and a test holds it current.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError
from mjml import mjml2html
from rich.console import Console

from engagement.mail_templates import Form, environment
from rishta_cli.project import FUNCTIONS, LAYER, ROOT, rooms

BASE = LAYER / "mails"
_FONTS = {
    # What the customer's machine has; a mail loads nothing. Devanagari by name, lest it falls back to something thin.
    "sans": "-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Devanagari','Helvetica Neue',Arial,sans-serif",
    "serif": "Georgia,'Noto Serif','Noto Serif Devanagari','Times New Roman',serif",
}
# The plan chooses between them when a mail is rendered.
_FONT_VARIABLES = {
    "text": _FONTS["sans"],
    "headings": f"{{% if brand.headings == 'serif' %}}{_FONTS['serif']}{{% else %}}{_FONTS['sans']}{{% endif %}}",
}


class InvalidMailError(Exception):
    """A mail that cannot be built; the text says which, and why."""


@dataclass(frozen=True)
class MailSource:
    """A mail as it is written: the folder `functions/<room>/<room>/mails/<mail>`."""

    room: str
    folder: Path

    @property
    def mail(self) -> str:
        return self.folder.name

    def compiled_file(self, form: Form) -> Path:
        return self.folder.parent / "compiled" / f"{self.mail}_{form}.py"


def mail_sources() -> list[MailSource]:
    """Every mail of every room."""
    return [
        MailSource(room, body.parent)
        for room in rooms()
        for body in sorted((FUNCTIONS / room / room / "mails").glob("*/body.mjml"))
    ]


def build_mails(*, check: bool) -> int:
    """Writes what changed, removes what is gone; with `check` only says so. The exit code.

    A mail that is wrong is told, and nothing is written.
    """
    console = Console(soft_wrap=True, highlight=False, emoji=False, markup=False)
    try:
        wanted = dict(_compiled())
    except InvalidMailError as error:
        console.print(str(error), style="red")
        return 1
    stale = sorted(_stale(wanted))
    for file in stale:
        console.print(f"{file.relative_to(ROOT)}: {'is stale' if check else 'written'}")
        if not check and file in wanted:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
        elif not check:
            file.unlink()
    console.print(f"{len(wanted)} templates, {len(stale)} {'stale' if check else 'written'}")
    return 1 if check and stale else 0


def joined(source: MailSource, form: Form) -> str:
    """The whole mail as run time's template: its body in the base, MJML turned into HTML."""
    environment = Environment(  # noqa: S701 - what is set into each other here is our own MJML
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        loader=ChoiceLoader([FileSystemLoader(BASE), FileSystemLoader(source.folder)]),
    )
    if form == "text":
        return environment.get_template("base.txt").render(body="body.txt")
    mjml = environment.get_template("base.mjml").render(body="body.mjml", fonts=_FONT_VARIABLES)
    # Without `fonts` it would load those that it knows from the web.
    html = mjml2html(mjml, fonts={})
    # It hands on what it does not know, in silence.
    if unknown := re.search(r"<(mj-[\w-]+)", html):
        raise ValueError(f"MJML has no <{unknown[1]}>, or not there")
    return html


def _compiled() -> Iterator[tuple[Path, str]]:
    for source in mail_sources():
        path = source.folder.relative_to(ROOT)
        forms: tuple[Form, ...] = ("html", "text")
        for form in forms:
            try:
                code = environment(form).compile(
                    joined(source, form), f"{source.mail}_{form}", raw=True, defer_init=True
                )
            except (ValueError, TemplateError) as error:
                raise InvalidMailError(f"{path} ({form}): {error}") from error
            yield (
                source.compiled_file(form),
                f"# Written by `rishta mail build` from {path}; not by hand.\n{code}\n",
            )


def _stale(wanted: dict[Path, str]) -> Iterator[Path]:
    kept = {
        file for room in rooms() for file in (FUNCTIONS / room / room / "mails" / "compiled").glob("*.py")
    }
    for file in wanted.keys() | kept:
        if file not in kept or file not in wanted or file.read_text(encoding="utf-8") != wanted[file]:
            yield file
