"""Between API Gateway's payload (HTTP API, format 2.0) and what a page needs to know."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import parse_qs

# More fields than any of our forms has; a body of more is nobody's who filled one in.
_MOST_FIELDS = 100
# Characters of a body, as it comes; none of our forms, filled in to the brim in any script, has as many.
_LONGEST_BODY = 65_536


@dataclass(frozen=True)
class PageRequest:
    """`is_post`: the customer, or the mail program in their name (RFC 8058), asks for a change.

    `page` is the last part of the path, `query` what else the link says. A POST to /unsubscribe means the same whatever
    its body is; `form` is empty where the body is no form's, or is too long for one of ours.
    """

    method: str
    page: str
    token: str
    wanted_language: str = ""
    accept_language: str = ""
    form: Mapping[str, list[str]] = field(default_factory=dict)
    query: Mapping[str, list[str]] = field(default_factory=dict)
    is_too_long: bool = False

    @property
    def is_post(self) -> bool:
        return self.method == "POST"

    def linked(self, name: str) -> str:
        """What the link says under that name; nothing where it says nothing. It is a wish: anybody can write a link."""
        return self.query.get(name, [""])[0]

    def text(self, name: str) -> str:
        """What stands in a field of the form, without the space around it; nothing where there is no such field."""
        return self.form.get(name, [""])[0].strip()

    def ticked(self, name: str) -> frozenset[str]:
        """The values of the ticked boxes of that name."""
        return frozenset(self.form.get(name, ()))


@dataclass(frozen=True)
class PageResponse:
    status: int
    headers: dict[str, str]
    body: str

    def without_body(self) -> Self:
        """As HEAD is answered."""
        return replace(self, body="")

    def payload(self) -> dict[str, Any]:
        return {"statusCode": self.status, "headers": self.headers, "body": self.body}


def page_request(event: dict[str, Any]) -> PageRequest:
    query = parse_qs(event.get("rawQueryString", ""))
    is_too_long = len(event.get("body") or "") > _LONGEST_BODY
    return PageRequest(
        method=event["requestContext"]["http"]["method"],
        page=event.get("rawPath", "").rpartition("/")[2],
        token=query.get("token", [""])[0],
        wanted_language=query.get("lang", [""])[0],
        accept_language=event.get("headers", {}).get("accept-language", ""),
        form={} if is_too_long else _form(_body(event)),
        query=query,
        is_too_long=is_too_long,
    )


def _form(body: str) -> Mapping[str, list[str]]:
    try:
        return parse_qs(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def _body(event: dict[str, Any]) -> str:
    body: str = event.get("body") or ""
    # A form that comes as multipart/form-data is no text to API Gateway.
    return b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body
