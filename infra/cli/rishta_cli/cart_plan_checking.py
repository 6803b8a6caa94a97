"""What `rishta plan check` asks of cart nudges beyond their settings' form."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engagement.plan import EngagementPlan
from engagement.wording import catalogue, languages
from rishta_cli.project import reach

_ROOM = "cart_nudges"
# What a nudge brought is kept for some months; it has to be known long before that is over.
_LONGEST_WINDOW = timedelta(days=60)
type _Where = tuple[str | int, ...]
type _Fault = tuple[_Where, str]


def cart_faults(plan: EngagementPlan, settings: Any) -> Iterator[_Fault]:
    """Where in the plan, and what is wrong there; `settings` are those of the cart nudges, right by themselves.

    A mail's link must lead to the shop, and bring it our token; orders may not count for ever; and every subject that
    is asked for must be written.
    """
    where: _Where = ("campaigns", settings.campaign, "settings")
    if wrong := _wrong_with_link(settings, urlsplit(plan.shop.website).hostname or ""):
        yield (*where, "restore_url"), wrong
    if settings.recovered_within > _LONGEST_WINDOW:
        yield (*where, "recovered_within"), f"at most {_LONGEST_WINDOW.days}d"
    for number, step in enumerate(settings.steps):
        yield from _unwritten_subjects(step, (*where, "steps", number))


def _wrong_with_link(settings: Any, website: str) -> str | None:
    try:
        parts, host = urlsplit(settings.restore_url), settings.restore_host
    except ValueError:  # such as a slash of another script in the host
        return "is no address"
    if "\\" in settings.restore_url:
        return "has a backslash, which browsers take for a slash"
    if not f".{host}".endswith(f".{website}"):
        return f"leads away from the shop, which is at {website} and below it"
    if "@" in parts.netloc:
        return "names a user before the host"
    if "token" in parse_qs(parts.query, keep_blank_values=True):
        return "has a token of its own; ours comes there"
    return None


def _unwritten_subjects(step: Any, where: _Where) -> Iterator[_Fault]:
    """What a variant does not say is as the step has it: its mail may lack the step's subject, and the other way
    round.
    """
    yield from _unwritten(step.mail, step.subject, (*where, "subject"))
    for name, variant in step.experiment.variants.items() if step.experiment else ():
        if variant.mail or variant.subject:
            said = "subject" if variant.subject else "mail"
            at = (*where, "experiment", "variants", name, said)
            yield from _unwritten(variant.mail or step.mail, variant.subject or step.subject, at)


def _unwritten(mail: str, subject: str, where: _Where) -> Iterator[_Fault]:
    reach(_ROOM)
    for language in sorted(languages()):
        if subject not in catalogue(_ROOM, language)[mail]:
            yield where, f"{mail} has no {subject} in {language}.toml"
