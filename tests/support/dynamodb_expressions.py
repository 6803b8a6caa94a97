"""DynamoDB's conditions and updates, evaluated on an item: what `DynamoDBEngine` understands of expressions."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

type Item = dict[str, Any]
type Look = Callable[[Item, "Words"], Any]

_TOKEN = re.compile(r"\s*(?:(<>|<=|>=|[()=<>,+.-])|([#:][\w:]+|[A-Za-z_][\w:]*))")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
_ABSENT = object()


class Words:
    """What `#name` and `:value` stand for in one request."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._names = request.get("ExpressionAttributeNames") or {}
        self._values = request.get("ExpressionAttributeValues") or {}

    def name(self, word: str) -> str:
        return str(self._names[word]) if word.startswith("#") else word

    def value(self, word: str) -> Any:
        return self._values[word]


def plain(value: Any) -> Any:
    """A typed attribute as something that compares as DynamoDB does; values of two types are never equal."""
    if value is _ABSENT:
        return _ABSENT
    ((kind, content),) = value.items()
    return Decimal(content) if kind == "N" else content


def copied(value: Any) -> Any:
    """An item or an attribute of its own; what is in it is text, numbers and the like."""
    if type(value) is dict:
        return {name: copied(each) for name, each in value.items()}
    return [copied(each) for each in value] if type(value) is list else value


class _Reader:
    """An expression's tokens, read one after the other."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        at = 0
        text = text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            assert found, f"not known here: {text[at:]}"
            self._tokens.append(found[1] or found[2])
            at = found.end()
        self._at = 0

    @property
    def ahead(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.ahead
        if not token or (expected and token.upper() not in expected):
            raise NotImplementedError(f"{token!r}, but {expected} was expected")
        self._at += 1
        return token

    def takes(self, *wanted: str) -> bool:
        """Takes the next one if it is one of these."""
        found = self.ahead.upper() in wanted
        self._at += found
        return found


@cache
def condition(text: str) -> Callable[[Item, Words], bool]:
    reader = _Reader(text)
    meaning = _either(reader)
    assert not reader.ahead, f"not known here: {reader.ahead} in {text}"
    return meaning


def _either(reader: _Reader) -> Callable[[Item, Words], bool]:
    ways = [_all(reader)]
    while reader.takes("OR"):
        ways.append(_all(reader))
    return lambda item, words: any(way(item, words) for way in ways)


def _all(reader: _Reader) -> Callable[[Item, Words], bool]:
    parts = [_one(reader)]
    while reader.takes("AND"):
        parts.append(_one(reader))
    return lambda item, words: all(part(item, words) for part in parts)


def _one(reader: _Reader) -> Callable[[Item, Words], bool]:
    if reader.takes("NOT"):
        inner = _one(reader)
        return lambda item, words: not inner(item, words)
    if reader.takes("("):
        inner = _either(reader)
        reader.take(")")
        return inner
    if reader.ahead in {"attribute_exists", "attribute_not_exists"}:
        wanted = reader.take() == "attribute_exists"
        reader.take("(")
        path = _path(reader)
        reader.take(")")
        return lambda item, words: (path(item, words) is not _ABSENT) is wanted
    if reader.ahead == "begins_with":
        reader.take()
        reader.take("(")
        whole = _operand(reader)
        reader.take(",")
        start = _operand(reader)
        reader.take(")")
        return lambda item, words: str(plain(whole(item, words))).startswith(plain(start(item, words)))
    return _comparison(reader)


def _comparison(reader: _Reader) -> Callable[[Item, Words], bool]:
    left = _operand(reader)
    if reader.takes("BETWEEN"):
        low = _operand(reader)
        reader.take("AND")
        high = _operand(reader)
        return lambda item, words: (
            _compare("<=", low(item, words), left(item, words))
            and _compare("<=", left(item, words), high(item, words))
        )
    if reader.takes("IN"):
        reader.take("(")
        others = [_operand(reader)]
        while reader.takes(","):
            others.append(_operand(reader))
        reader.take(")")
        return lambda item, words: any(
            _compare("=", left(item, words), other(item, words)) for other in others
        )
    operator = reader.take(*_COMPARE)
    right = _operand(reader)
    return lambda item, words: _compare(operator, left(item, words), right(item, words))


def _compare(operator: str, left: Any, right: Any) -> bool:
    if left is _ABSENT or right is _ABSENT:
        return operator == "<>"
    if left.keys() != right.keys():
        return operator == "<>"
    return _COMPARE[operator](plain(left), plain(right))


def _operand(reader: _Reader) -> Look:
    if reader.ahead.startswith(":"):
        word = reader.take()
        return lambda _, words: words.value(word)
    if reader.ahead == "if_not_exists":
        reader.take()
        reader.take("(")
        path = _path(reader)
        reader.take(",")
        otherwise = _operand(reader)
        reader.take(")")
        return lambda item, words: (
            found if (found := path(item, words)) is not _ABSENT else otherwise(item, words)
        )
    return _path(reader)


def _path(reader: _Reader) -> Look:
    names = [reader.take()]
    while reader.takes("."):
        names.append(reader.take())

    def look(item: Item, words: Words) -> Any:
        value: Any = {"M": item}
        for name in names:
            value = value.get("M", {}).get(words.name(name), _ABSENT) if value is not _ABSENT else _ABSENT
        return value

    look.names = names  # type: ignore[attr-defined]
    return look


@cache
def update(text: str) -> Callable[[Item, Words], Item]:
    reader = _Reader(text)
    changes: list[Callable[[Item, Item, Words], None]] = []
    while reader.ahead:
        section = reader.take("SET", "REMOVE", "ADD").upper()
        changes.append({"SET": _set, "REMOVE": _remove, "ADD": _add}[section](reader))
        while reader.takes(","):
            changes.append({"SET": _set, "REMOVE": _remove, "ADD": _add}[section](reader))

    def change(item: Item, words: Words) -> Item:
        seen = copied(item)  # every part sees the item as it was
        for each in changes:
            each(seen, item, words)
        return item

    return change


def _set(reader: _Reader) -> Callable[[Item, Item, Words], None]:
    names = _path(reader).names  # type: ignore[attr-defined]
    reader.take("=")
    value = _operand(reader)
    if reader.ahead in {"+", "-"}:
        sign, other = (1 if reader.take() == "+" else -1), _operand(reader)
        first = value

        def value(item: Item, words: Words) -> Any:
            return {"N": str(plain(first(item, words)) + sign * plain(other(item, words)))}

    def apply(seen: Item, item: Item, words: Words) -> None:
        found = value(seen, words)
        assert found is not _ABSENT, "SET to an attribute that there is not"
        _parent(item, names, words)[words.name(names[-1])] = copied(found)

    return apply


def _remove(reader: _Reader) -> Callable[[Item, Item, Words], None]:
    names = _path(reader).names  # type: ignore[attr-defined]
    return lambda _, item, words: (_parent(item, names, words).pop(words.name(names[-1]), None), None)[1]


def _add(reader: _Reader) -> Callable[[Item, Item, Words], None]:
    name, value = reader.take(), _operand(reader)

    def apply(seen: Item, item: Item, words: Words) -> None:
        more = value(seen, words)
        if "SS" in more:
            known = seen.get(words.name(name), {"SS": []})["SS"]
            item[words.name(name)] = {"SS": sorted({*known, *more["SS"]})}
            return
        now = plain(seen.get(words.name(name), {"N": "0"}))
        item[words.name(name)] = {"N": str(now + plain(more))}

    return apply


def _parent(item: Item, names: Sequence[str], words: Words) -> Item:
    for name in names[:-1]:
        item = item[words.name(name)]["M"]
    return item
