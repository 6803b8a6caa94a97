"""`rishta mail preview`: every mail of every capability, as a page to look at."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console

from engagement.mail_orders import SendMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.wording import direction
from rishta_cli.mails.building import build_mails
from rishta_cli.mails.samples import Sample, samples, spoken_languages

# Gmail shows no more of a mail than this, and hides the rest behind a link.
CLIPPED_AT = 102 * 1024
_DARK = "(prefers-color-scheme: dark)"
_PREHEADER = re.compile(r'<div style="display:none[^>]*>(.*?)</div>', re.DOTALL)
_PADDING = "\u034f\u200c\u00a0"


def preview_mails(directory: Path) -> int:
    """Builds what is stale, then writes `index.html` into `directory`. The exit code."""
    if failed := build_mails(check=False):
        return failed
    shown = list(samples())
    page = gallery_page(engagement_plan(), shown)
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "index.html"
    path.write_text(page, encoding="utf-8")
    Console(soft_wrap=True, highlight=False, emoji=False).print(
        f"{len(shown)} samples in {len(spoken_languages())} languages, light and dark, phone and desktop: {path}"
    )
    return 0


def gallery_page(plan: EngagementPlan, shown: list[Sample]) -> str:
    """One self-contained HTML page, without a script; each mail stands in sandboxed frames."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    mails = [
        {"room": room, "mail": mail, "views": [view for sample in group for view in _views(plan, sample)]}
        for (room, mail), group in groupby(shown, key=lambda sample: (sample.room, sample.mail))
    ]
    return environment.get_template("gallery.html").render(
        mails=mails,
        languages=spoken_languages(),
        shop=plan.shop,
        labels=list(dict.fromkeys(s.label for s in shown)),
    )


def in_scheme(html: str, *, dark: bool) -> str:
    """A mail's HTML as it looks on a device in the dark, or in daylight, whichever this one is in."""
    scheme = "dark" if dark else "light"
    return html.replace(_DARK, "all" if dark else "not all").replace("light dark", scheme)


def preheader(html: str) -> str:
    """What an inbox shows behind the subject."""
    found = _PREHEADER.search(html)
    return unescape(found[1]).replace(_PADDING, "").strip() if found else ""


def _views(plan: EngagementPlan, sample: Sample) -> Iterator[dict[str, Any]]:
    for language in spoken_languages():
        mail: SendMail = sample.composed(plan, language)
        yield {
            "label": sample.label,
            "language": language,
            "direction": direction(mail.locale),
            "subject": mail.subject,
            "preheader": preheader(mail.html),
            "text": mail.text,
            "size": len(mail.html.encode()),
            "too_large": len(mail.html.encode()) >= CLIPPED_AT,
            "schemes": {
                "light": in_scheme(mail.html, dark=False),
                "dark": in_scheme(mail.html, dark=True),
            },
        }
