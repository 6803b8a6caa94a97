"""What one plan changes of another, in words, campaign by campaign. Rules alone: nothing is read or printed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_CAMPAIGNS = "campaigns"
# By which an entry of a list is known, so that one put in front does not change all that follow.
_KNOWN_BY = ("name", "mail", "currency")
_AT_MOST = 100
_LEAVES = "leaves the plan; what still waits for it fails: better switch it off for a while before"


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """By campaign, or section of what holds for all, a line for each change, in the plan's order; {} if none.

    Both are plans' contents as YAML has them. A section is called by its key, a campaign by its name.
    """
    found: dict[str, list[str]] = {}
    for section in _union(before, after):
        if section != _CAMPAIGNS:
            found[section] = list(_changes((), before.get(section), after.get(section)))
    old, new = before.get(_CAMPAIGNS, {}), after.get(_CAMPAIGNS, {})
    for name in _union(old, new):
        found[name] = list(_of_campaign(old.get(name), new.get(name)))
    return {name: lines for name, lines in found.items() if lines}


def _of_campaign(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    if before is None or after is None:
        yield f"a new campaign: {after['purpose']}" if after else _LEAVES
        return
    was, becomes = before.get("enabled", True), after.get("enabled", True)
    if was != becomes:
        yield "switched on" if becomes else "switched off"
    yield from _changes((), _without(before, "enabled"), _without(after, "enabled"))


def _changes(path: tuple[str, ...], before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    match before, after:
        case Mapping(), Mapping():
            yield from _of_mappings(path, before, after)
        case [*_], [*_]:
            yield from _of_lists(path, before, after)
        case _:
            yield f"{_said(path)}{_value(before)} → {_value(after)}"


def _of_mappings(path: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in _union(before, after):
        # What a capability calls its settings is known without the word.
        deeper = path if key == "settings" and not path else (*path, str(key))
        if key not in after:
            yield f"{_said(deeper)}taken out, was {_value(before[key])}"
        elif key not in before:
            yield f"{_said(deeper)}new, {_value(after[key])}"
        else:
            yield from _changes(deeper, before[key], after[key])


def _of_lists(path: tuple[str, ...], before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    old, new = _named(before), _named(after)
    if old is None or new is None:
        yield from _of_words(path, before, after)
        return
    yield from _of_mappings(path, old, new)
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield f"{_said(path)}in another order: {', '.join(new)}"


def _of_words(path: tuple[str, ...], before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    added = [_value(each) for each in after if each not in before]
    gone = [_value(each) for each in before if each not in after]
    told = [f"with {', '.join(added)}"] * bool(added) + [f"without {', '.join(gone)}"] * bool(gone)
    yield f"{_said(path)}{'; '.join(told) or 'in another order, or as often in another number'}"


def _named(entries: Sequence[Any]) -> dict[str, Any] | None:
    """The entries by what each is known by; None if they are not."""
    if not all(isinstance(each, Mapping) for each in entries):
        return None
    for key in _KNOWN_BY:
        names = [each.get(key) for each in entries]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return dict(zip(names, entries, strict=True))
    return {f"number {number}": each for number, each in enumerate(entries, start=1)}


def _union(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [*after, *(key for key in before if key not in after)]


def _without(campaign: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in campaign.items() if name != key}


def _said(path: tuple[str, ...]) -> str:
    return f"{', '.join(path)}: " if path else ""


def _value(value: Any) -> str:
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= _AT_MOST else f"{written[: _AT_MOST - 1]}…"
