"""Messages by the letter of the published schemas: what a shop may say, however strange, and be understood."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

from hypothesis import strategies as st

from fuzz_words import MARK
from rishta_cli.project import SCHEMAS

_LAST_INSTANT = datetime(2199, 12, 31)  # noqa: DTZ001 - hypothesis wants it so
_FIRST_INSTANT = datetime(1970, 1, 3)  # noqa: DTZ001
# What facts are about, so that they meet: most of the time one of these, by the field's name.
_POOLS: Mapping[str, tuple[Any, ...]] = {
    "customer_id": ("cust-1042", "cust-2", "CUST@=~/+.-"),
    "referrer_id": ("cust-2",),
    "friend_id": ("cust-1042",),
    "cart_id": ("cart-5501", "cart-2"),
    "into_cart_id": ("cart-5501", "cart-2", "cart-3"),
    "order_id": ("order-9001", "order-2"),
    "product_id": ("darjeeling-ff-250", "p" * 100, "p.2"),
    "email": ("asha@mail.example.com", "ASHA@mail.example.com", "a@b.cd"),
    "consents": (["loyalty", "offers", "reminders", "reviews"], ["reminders"], []),
    "topic": ("reminders", "offers", "left-the-plan"),
    "locale": ("en-IN", "hi-IN", "ar", "xx", "zh-Hant-TW", "sr-Latn", "tlh"),
    "time_zone": ("Asia/Kolkata", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns", "Etc/GMT+12"),
    "birthday": ("1992-02-29", "--02-29", "2027-03-01", "0001-01-01", "9999-12-31"),
    "currency": ("INR", "USD", "JPY", "KWD", "XAU", "ZZZ"),
    "campaign": ("cart_nudge", "birthday", "left_the_plan"),
    "amount_minor": (0, 1, 99, 10**6),
    "dates": ({}, {"anniversary": "2004-02-29"}, {"wedding": "--03-01", "x": "1970-01-01"}),
    "quantity": (1, 100_000),
    "image_url": (None, "https://shop.example.com/a.jpg"),
}
_TEXTS = (
    MARK,
    f'<script>alert("{MARK}")</script>',
    f"\N{RIGHT-TO-LEFT OVERRIDE}\N{ARABIC LETTER ALEF}{MARK}",
    "e" + "\N{COMBINING ACUTE ACCENT}" * 190,
    f"{{{{ 7 * 7 }}}} {{0.__class__}} %s ${{x}} {MARK}",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}" * 60,
    f"{MARK}\r\nBcc: a@example.com\tx\x85",
    "\u200b",
    "x" * 200,
)


def kinds() -> list[str]:
    return sorted(path.stem for path in SCHEMAS.glob("*.json"))


@cache
def _schema(kind: str) -> Any:
    return json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))


@cache
def details(kind: str, now: datetime) -> st.SearchStrategy[Any]:
    """What a message of this kind may be, told by `now` (UTC)."""
    schema = _schema(kind)
    return st.builds(
        _consistent,
        _Reading(schema.get("$defs", {}), now).meant(schema, ""),
        st.sampled_from(_POOLS["currency"]),
        st.sampled_from(("percent", "amount", "gift", "points")),
    )


def _consistent(detail: Any, currency: str, benefit: str) -> Any:
    """What a schema does not say: a fact is in one currency, and an offer is of one thing."""
    if isinstance(detail, list):
        return [_consistent(each, currency, benefit) for each in detail]
    if not isinstance(detail, dict):
        return detail
    kept = {name: each for name, each in detail.items() if not _is_benefit(detail) or name == benefit}
    told = {name: _consistent(each, currency, benefit) for name, each in (kept or detail).items()}
    return told | ({"currency": currency} if "currency" in told else {})


def _is_benefit(detail: Mapping[str, Any]) -> bool:
    return set(detail) <= {"percent", "amount", "gift", "points"}


def on_the_bus(kind: str, detail: Any) -> str:
    """As a rule puts it on a queue; an order to the mail queue has no envelope."""
    if "order" in _schema(kind)["properties"]:
        return json.dumps(detail)
    return json.dumps({"version": "0", "detail-type": kind, "source": source(kind), "detail": detail})


def of_asha(kind: str, now: datetime) -> st.SearchStrategy[Any]:
    """A good fact about one customer whom every campaign may mail; what else it says is drawn."""
    asha = {"customer_id": "cust-1042", "occurred_at": now.isoformat()}
    said: dict[str, dict[str, Any]] = {
        "CustomerRegistered": {
            "email": "asha@mail.example.com",
            "time_zone": "Asia/Kolkata",
            "consents": ["loyalty", "offers", "reminders", "reviews"],
            "birthday": f"--{now:%m-%d}",
            "dates": {},
        },
        "CartUpdated": {"cart_id": "cart-5501"},
    }
    return details(kind, now).map(lambda detail: detail | asha | said.get(kind, {}))


def source(kind: str) -> str:
    return (
        "shop" if kind.startswith(("Cart", "Order", "Customer", "Case", "Consent", "Product")) else "rishta"
    )


class _Reading:
    def __init__(self, definitions: Mapping[str, Any], now: datetime) -> None:
        self._definitions, self._now = definitions, now

    def meant(self, schema: Mapping[str, Any], name: str) -> st.SearchStrategy[Any]:
        if name == "occurred_at":
            return self._lately()
        if "$ref" in schema:
            return self.meant(self._definitions[schema["$ref"].rpartition("/")[2]], name)
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "anyOf" in schema:
            return st.one_of([self.meant(each, name) for each in schema["anyOf"]])
        plain = self._of_type(schema, name)
        if name in _POOLS:
            pooled = st.sampled_from(_POOLS[name])
            return st.one_of(pooled, pooled, pooled, plain)
        return plain

    def _of_type(self, schema: Mapping[str, Any], name: str) -> st.SearchStrategy[Any]:
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                least = schema.get("minItems", 0)
                most = min(schema.get("maxItems", 5), least + 5)
                return st.lists(self.meant(schema.get("items", {}), ""), min_size=least, max_size=most)
            case "integer":
                return _whole(schema.get("minimum", -(10**12)), schema.get("maximum", 10**15))
            case "boolean":
                return st.booleans()
            case "null":
                return st.none()
            # A key is text, which its schema need not say.
            case "string" | None:
                return self._text(schema)
            case other:
                raise NotImplementedError(other)

    def _object(self, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        if "properties" not in schema:
            words = self.meant(schema.get("propertyNames", {"type": "string"}), "")
            inner = schema.get("additionalProperties")
            values = self.meant(inner if isinstance(inner, dict) else {"type": "string"}, "")
            most = min(schema.get("maxProperties", 4), 4)
            return st.dictionaries(words, values, min_size=schema.get("minProperties", 0), max_size=most)
        fields = {name: self.meant(each, name) for name, each in schema["properties"].items()}
        required = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=fields)

    def _text(self, schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
        longest = schema.get("maxLength", 300)
        if schema.get("format") == "date-time":
            return self._instants()
        if schema.get("format") == "date":
            return st.dates().map(str)
        if "pattern" in schema:
            found = st.from_regex(schema["pattern"].removesuffix("$") + r"\Z")
            return found.filter(lambda text: schema.get("minLength", 0) <= len(text) <= longest)
        signs = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
        text = st.one_of(st.sampled_from(_TEXTS), st.text(signs, min_size=1, max_size=40))
        return text.map(lambda text: text[:longest])

    def _lately(self) -> st.SearchStrategy[str]:
        ago = st.one_of(st.integers(0, 600), st.integers(0, 60 * 24 * 40), st.just(60 * 24 * 365 * 50))
        return ago.map(lambda minutes: (self._now - timedelta(minutes=minutes)).isoformat())

    def _instants(self) -> st.SearchStrategy[str]:
        recent = st.integers(0, 60 * 24 * 40).map(lambda minutes: self._now - timedelta(minutes=minutes))
        ahead = st.integers(0, 60 * 24 * 400).map(lambda minutes: self._now + timedelta(minutes=minutes))
        any_time = st.datetimes(_FIRST_INSTANT, _LAST_INSTANT).map(lambda naive: naive.replace(tzinfo=UTC))
        offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
        return st.builds(
            lambda at, zone: at.astimezone(zone).isoformat(),
            st.one_of(recent, recent, recent, ahead, any_time),
            st.one_of(st.just(UTC), offsets),
        )


def _whole(least: int, most: int) -> st.SearchStrategy[int]:
    return st.one_of(st.sampled_from((least, most, max(least, 1))), st.integers(least, most))
