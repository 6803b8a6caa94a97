"""Between API Gateway's payload (HTTP API, format 2.0) and what a page needs to know."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class PageRequest:
    """`is_post`: the customer, or the mail program in their name (RFC 8058), asks for a change.

    A POST means the same whatever its body is; a form's body may tick more topics.
    """

    is_post: bool
    token: str
    wanted_language: str
    accept_language: str
    also: frozenset[str]


@dataclass(frozen=True)
class PageResponse:
    status: int
    headers: dict[str, str]
    body: str

    def payload(self) -> dict[str, Any]:
        return {"statusCode": self.status, "headers": self.headers, "body": self.body}


def page_request(event: dict[str, Any]) -> PageRequest:
    query = parse_qs(event.get("rawQueryString", ""))
    form = parse_qs(_body(event))
    return PageRequest(
        is_post=event["requestContext"]["http"]["method"] == "POST",
        token=query.get("token", [""])[0],
        wanted_language=query.get("lang", [""])[0],
        accept_language=event.get("headers", {}).get("accept-language", ""),
        also=frozenset(form.get("also", ())),
    )


def _body(event: dict[str, Any]) -> str:
    body: str = event.get("body") or ""
    # A form that comes as multipart/form-data is no text to API Gateway.
    return b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body
