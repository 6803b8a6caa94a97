"""Words, numbers and whole messages that no shop means: what hypothesis draws for the tests of every door."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

# Stands in every text that is drawn; no log line and no page may have it unescaped.
MARK = "zzyzx"
_TEXTS = (
    "",
    " ",
    f"{MARK}\x00",
    f"{MARK}\ud800",
    f"{MARK}\udfff\ud800",
    f"\N{RIGHT-TO-LEFT OVERRIDE}{MARK}\N{ARABIC LETTER ALEF}",
    MARK + "e\N{COMBINING ACUTE ACCENT}" * 60,
    f"{MARK}@example.com",
    f'<script>alert("{MARK}")</script>',
    f"{MARK}' OR 1=1; --{{{{ 7*7 }}}} {{0.__class__}} %s ${{x}}",
    f"{MARK}\r\nBcc: a@example.com",
    f"{MARK}#:{MARK}",
    f"{MARK}\uffff\ufeff",
    "9" * 5_000,
    MARK + "x" * 262_144,
    "xx-ZZZZ",
    "tlh-Latn-KX-x-private",
    "Mars/Olympus_Mons",
    "../../etc/localtime",
    "XBT",
    "KWD",
    "NaN",
    "null",
)
_DATES = (
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-23:59",
    "2024-02-29T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2026-03-29T02:30:00",
    "2026-01-01",
    "0001-01-01",
    "9999-12-31",
    "2024-02-29",
    "1900-02-29",
    "--02-29",
    "02-29",
    "02-30",
    "1970-01-01T00:00:00Z",
    "1234567890",
)
_NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**38, 10**400, 1.5, -0.0, 1e308, 1e-400)
_NO_NUMBERS = (float("nan"), float("inf"), float("-inf"))

texts = st.one_of(
    st.sampled_from(_TEXTS),
    st.sampled_from(_DATES),
    st.text(max_size=40).map(lambda text: MARK + text),
)
numbers = st.one_of(st.sampled_from(_NUMBERS), st.sampled_from(_NO_NUMBERS), st.integers())
_leaves = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, sample: Any, most: int = 3) -> Any:
    """The sample with one to `most` of its places dropped, changed, doubled, or with something strange beside it."""
    changed = copy.deepcopy(sample)
    for _ in range(draw(st.integers(1, most))):
        places = list(_places(changed))
        if not places:
            return draw(values)
        holder, at = draw(st.sampled_from(places))
        match draw(st.sampled_from(("drop", "change", "word", "add", "nest", "repeat"))):
            case "drop":
                del holder[at]
            case "change":
                holder[at] = draw(values)
            case "word":
                holder[at] = draw(st.one_of(texts, numbers))
            case "add" if isinstance(holder, dict):
                holder[draw(texts)] = draw(values)
            case "nest":
                for _ in range(draw(st.sampled_from((1, 50, 200)))):
                    holder[at] = [holder[at]]
            case _ if isinstance(holder[at], list):
                holder[at] = holder[at] * draw(st.sampled_from((2, 300)))
            case _:
                holder[at] = [holder[at]]
    return changed


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and where."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for at, each in inner:
        yield value, at
        yield from _places(each)


@st.composite
def written(draw: st.DrawFn, content: Any) -> str:
    """A JSON value as text, at times not quite as JSON is written: a key twice, cut off, more behind it."""
    text = json.dumps(content, ensure_ascii=draw(st.booleans()))
    match draw(st.sampled_from(("as it is", "as it is", "as it is", "twice", "cut", "more", "tail"))):
        case "twice" if text.startswith("{") and len(text) > 2:
            return '{"detail": 7, "event_id": "first", ' + text[1:]
        case "cut":
            return text[: draw(st.integers(0, max(0, min(len(text), 400) - 1)))]
        case "more":
            return text + draw(st.sampled_from(("}", "\x00", " ", ",{}", "\ufeff")))
        case "tail":
            return draw(st.sampled_from(("\ufeff", "\n\t ", "//", ")]}'"))) + text
        case _:
            return text


noise = st.one_of(
    st.sampled_from(
        (
            "",
            "null",
            "[]",
            "{}",
            '"text"',
            "0",
            "NaN",
            "-Infinity",
            "9" * 5_000,
            "1e999999",
            "[" * 100_000,
            '{"a":' * 100_000,
            '{"a":' * 900 + "1" + "}" * 900,
            '{"detail-type": null, "detail": []}',
            '{"detail-type": "OrderPlaced"}',
            '{"detail": {}}',
            f'"{MARK}' + "x" * 262_144 + '"',
            '"\\ud800"',
        )
    ),
    st.text(max_size=60).map(lambda text: MARK + text),
    st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")),
    values.map(json.dumps),
)
