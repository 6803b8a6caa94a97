"""An HTTP API of API Gateway: finds the route, speaks payload format 2.0 with the function."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.declared import Route
from local_cloud.runtime import Invocation

# SigV4: who signed, what of the request, and the signature.
_SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/\S+, ?SignedHeaders=\S+, ?Signature=[0-9a-f]+")
_TEXTUAL = ("text/", "application/json", "application/javascript", "application/xml")


@dataclass(frozen=True)
class HttpResponse:
    """Header names are in small letters. `invocation` is None where no route matched."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    cookies: tuple[str, ...] = ()
    invocation: Invocation | None = None


def find_route(routes: Sequence[Route], method: str, url: str) -> tuple[Route, dict[str, str]] | None:
    """The most specific route for a request, with its path parameters decoded; None where there is none.

    A full URL is matched to its own API; a mere path to every API of the template.
    """
    parts = urlsplit(url)
    api = parts.netloc.partition(".")[0]
    found = [
        (route, match)
        for route in routes
        if route.method in (method, "ANY") and (not api or route.api == api)
        if (match := _pattern(route.path).fullmatch(parts.path or "/"))
    ]
    if not found:
        return None
    # API Gateway: a fixed path before a {name}, that before a {name+}, $default last; a method before ANY.
    route, match = min(found, key=lambda each: (_vagueness(each[0].path), each[0].method == "ANY"))
    return route, {name: unquote(value) for name, value in match.groupdict().items()}


def forbidden(route: Route, headers: Mapping[str, str]) -> HttpResponse | None:
    """API Gateway's refusal where a route is for signed requests alone and this is none; the signature itself is
    taken on trust, and so is what its owner may do."""
    if not route.signed or _signer(headers):
        return None
    return HttpResponse(403, {"content-type": "application/json"}, '{"message":"Forbidden"}')


def _signer(headers: Mapping[str, str]) -> str | None:
    """The access key's id that a request is signed with."""
    sent = {name.lower(): value for name, value in headers.items()}
    found = _SIGNED.fullmatch(sent.get("authorization", ""))
    return found[1] if found else None


def request_event(
    route: Route,
    path_parameters: Mapping[str, str],
    method: str,
    url: str,
    body: str | None,
    headers: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """The function's event, payload format 2.0. A body that is no text by its content type comes in base64."""
    parts = urlsplit(url)
    sent = {name.lower(): value for name, value in headers.items()}
    cookies = [cookie.strip() for cookie in sent.pop("cookie", "").split(";") if cookie.strip()]
    domain = f"{route.api}.execute-api.{REGION}.amazonaws.com"
    key = "$default" if route.path == "/$default" else f"{route.method} {route.path}"
    query: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": key,
        "rawPath": parts.path or "/",
        "rawQueryString": parts.query,
        "headers": {"host": domain, "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", **sent},
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": route.api,
            "domainName": domain,
            "domainPrefix": route.api,
            "http": {
                "method": method,
                "path": parts.path or "/",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": sent.get("user-agent", ""),
            },
            "requestId": f"local-{int(now.timestamp() * 1000)}",
            "routeKey": key,
            "stage": "$default",
            "time": f"{now:%d/%b/%Y:%H:%M:%S} +0000",
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if route.signed:
        event["requestContext"]["authorizer"] = {"iam": _identity(_signer(headers))}
    if cookies:
        event["cookies"] = cookies
    if query:
        event["queryStringParameters"] = query
    if path_parameters:
        event["pathParameters"] = dict(path_parameters)
    if body is not None:
        textual = sent.get("content-type", "text/plain").startswith(_TEXTUAL)
        event["body"] = body if textual else base64.b64encode(body.encode()).decode()
        event["isBase64Encoded"] = not textual
    return event


def _identity(access_key: str | None) -> dict[str, Any]:
    """Who signed, as the function is told: a role of this account, whoever it is."""
    role_id = "AROALOCALCHECKOUTROLE:local"
    return {
        "accessKey": access_key,
        "accountId": ACCOUNT,
        "callerId": role_id,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/local/local",
        "userId": role_id,
    }


def response(invocation: Invocation) -> HttpResponse:
    """API Gateway's reading of a result: without a statusCode it is the body itself, as JSON."""
    result = invocation.result
    if not invocation.ok:
        headers = {"content-type": "application/json"}
        return HttpResponse(500, headers, '{"message":"Internal Server Error"}', invocation=invocation)
    if not isinstance(result, dict) or "statusCode" not in result:
        text = result if isinstance(result, str) else json.dumps(result)
        return HttpResponse(200, {"content-type": "application/json"}, text, invocation=invocation)
    body = result.get("body") or ""
    if result.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    given = {name.lower(): str(value) for name, value in (result.get("headers") or {}).items()}
    return HttpResponse(
        status=int(result["statusCode"]),
        headers={"content-type": "text/plain;charset=utf-8", **given},
        body=body,
        cookies=tuple(result.get("cookies") or ()),
        invocation=invocation,
    )


def _pattern(path: str) -> re.Pattern[str]:
    if path == "/$default":
        return re.compile(".*", re.DOTALL)
    pieces = re.split(r"(\{\w+\+?\})", path)
    return re.compile(
        "".join(
            (
                f"(?P<{piece.strip('{+}')}>{'.+' if '+' in piece else '[^/]+'})"
                if piece.startswith("{")
                else re.escape(piece)
            )
            for piece in pieces
        )
    )


def _vagueness(path: str) -> int:
    if path == "/$default":
        return 1000
    return path.count("{") + (100 if "+}" in path else 0)
