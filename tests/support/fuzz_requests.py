"""HTTP requests that no browser and no checkout of ours makes, as API Gateway hands them over."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from hypothesis import strategies as st

from cart_nudges.links.restore_link import RESTORE_CART
from engagement.clock import to_text
from engagement.mail_composer import PREFERENCES, UNSUBSCRIBE, VIEW_MAIL
from engagement.review_links import WRITE_REVIEW
from engagement.signed_tokens import sign_token
from fuzz_words import MARK, mutated, texts, values
from local_cloud.declared import Route
from local_cloud.http_api import request_event
from loyalty.links import SEE_POINTS

PURPOSES = {
    "/cart": RESTORE_CART,
    "/carts/{token}": RESTORE_CART,
    "/mail": VIEW_MAIL,
    "/points": SEE_POINTS,
    "/preferences": PREFERENCES,
    "/preferences/erase": PREFERENCES,
    "/review": WRITE_REVIEW,
    "/unsubscribe": UNSUBSCRIBE,
}
INJECTED = f"\"'><i id={MARK}>"
_FIELDS = [
    "token",
    "lang",
    "page",
    "stars",
    "next",
    "before",
    "limit",
    "after",
    "code",
    "customer_id",
    "product_id",
    "leave",
    "pause",
    "topic",
    "topics",
    "title",
    "text",
    "name",
    "rating",
    "month",
    "day",
    "birthday",
    "language",
    "time_zone",
    "List-Unsubscribe",
    "show",
    "confirm",
    "save",
    "cart_id",
]
_FORM = "application/x-www-form-urlencoded"
_words = st.one_of(st.just(INJECTED), texts)
_names = st.one_of(st.sampled_from(_FIELDS), _words)
_known = st.sampled_from(
    [
        "cust-1042",
        "cart-5501",
        "order-9001",
        "darjeeling-ff-250",
        "reminders",
        "all",
        "month",
        "5",
        "1",
        "0",
        "-1",
        "29",
        "2",
        "hi",
        "en",
        "One-Click",
        "Asia/Kolkata",
        "checkout-7731",
        "999999999999999999999999999999",
        "٤",
    ]
)
_raw = st.sampled_from(
    (
        "%",
        "%zz",
        "%00",
        "%ff%fe",
        "&&&==&;",
        "?token=x",
        "a" * 8_000,
        "&".join(["token=1"] * 2_000),
        "%ed%a0%80",
        "+",
    )
)


@st.composite
def queries(draw: st.DrawFn, token: str) -> str:
    """A raw query string; with the token in it, for the most part."""
    pairs = draw(st.lists(st.tuples(_names, st.one_of(_known, _words)), max_size=4))
    said = urlencode([(name, _utf8(value)[:9_000]) for name, value in pairs], errors="replace")
    held = f"token={quote(token, errors='replace')}" if draw(st.integers(0, 4)) else ""
    return "&".join(part for part in (held, said, draw(st.sampled_from(("", "")) | _raw)) if part)


@st.composite
def tokens(draw: st.DrawFn, keys: Sequence[bytes], path: str, claims: Mapping[str, str]) -> tuple[str, bool]:
    """A token, and whether it is ours as it stands."""
    own = sign_token(keys, PURPOSES.get(path, "none"), claims)
    match draw(st.sampled_from(("own", "own", "own", "cut", "altered", "stranger", "another", "noise"))):
        case "own":
            return own, True
        case "cut":
            return own[: draw(st.integers(0, len(own) - 1))], False
        case "altered":
            at, sign = draw(st.integers(0, len(own) - 1)), draw(st.sampled_from("AZ.-_=é\x00"))
            return own[:at] + sign + own[at + 1 :], own[at] == sign
        case "stranger":
            return sign_token((b"guessed",), PURPOSES.get(path, "none"), claims), False
        case "another":
            return sign_token(keys, "another page's", claims), False
        case _:
            return draw(_words), False


@st.composite
def claims(draw: st.DrawFn, now: datetime) -> dict[str, str]:
    """Whatever any page asks of its token; what we signed is well-formed, but may be long past or about nobody."""
    said = {
        "customer_id": ("cust-1042", "cust-nobody"),
        "topic": ("reminders", "offers", "topic-that-left-the-plan"),
        "send_key": ("cart_nudge:cart-5501:step-1", "gone:x:1"),
        "cart_id": ("cart-5501", "cart-nobody"),
        "review_id": ("rv-nobody", "r-1"),
        "until": (to_text(now.replace(year=now.year + 1)), to_text(now.replace(year=now.year - 1))),
    }
    return {name: draw(st.sampled_from(those)) for name, those in said.items()}


@st.composite
def _bodies(draw: st.DrawFn) -> str | None:
    match draw(st.sampled_from(("none", "form", "json", "words", "long"))):
        case "none":
            return None
        case "form":
            pairs = draw(st.lists(st.tuples(_names, st.one_of(_known, _words)), max_size=6))
            return urlencode([(_utf8(name), _utf8(value)) for name, value in pairs])
        case "json":
            sample = {
                "customer_id": "cust-1042",
                "reservation_id": "checkout-7731",
                "points": 5,
                "order_id": "o-1",
            }
            return json.dumps(draw(st.one_of(st.just(sample), mutated(sample), values)))
        case "long":
            return "a=" + "%00" * draw(st.sampled_from((1_000, 30_000)))
        case _:
            return _utf8(draw(_words))


@st.composite
def requests(draw: st.DrawFn, route: Route, token: str, now: datetime) -> dict[str, Any]:
    """The event of a request on this route, with this token where the route takes one."""
    path, said = route.path, {}
    if "{" in path:
        name = path.partition("{")[2].rstrip("}")
        last = token if name == "token" else draw(st.one_of(_known, _words))
        last = quote(_utf8(last)[:4_000], safe="") or "-"
        path, said = path.replace(f"{{{name}}}", last), {name: unquote(last)}
    query = draw(queries(token))
    headers = {
        name: _utf8(draw(_words))[:8_000].replace("\n", "").replace("\r", "")
        for name in draw(
            st.sets(st.sampled_from(("accept-language", "cookie", "referer", "host", MARK)), max_size=3)
        )
    }
    headers["content-type"] = draw(st.sampled_from((_FORM, "application/json", "text/plain", MARK)))
    method = draw(st.sampled_from(("GET", "HEAD", "POST"))) if route.method == "ANY" else route.method
    body = draw(_bodies())
    event = request_event(route, said, method, f"https://{route.api}.example.com/", body, headers, now)
    event |= {"rawPath": path, "rawQueryString": query}
    event["requestContext"]["http"]["path"] = path
    pairs = dict(parse_qsl(query, keep_blank_values=True))
    event.pop("queryStringParameters", None)
    if pairs:
        event["queryStringParameters"] = pairs
    if body is not None and draw(st.booleans()):
        raw = draw(st.one_of(st.just(body.encode()), st.binary(max_size=40)))
        event |= {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
    return event


def _utf8(text: str) -> str:
    """As it comes over the wire, where there are no lone surrogates."""
    return text.encode(errors="replace").decode()
