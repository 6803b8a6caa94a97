"""Tokens for the links in mails: signed, bound to one purpose, without an address in them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hmac import compare_digest

from engagement.errors import InvalidTokenError
from engagement.signing_key import keyed_digest

# Kept in every token, so that a later form or key can be told from this one.
_VERSION = "1"
# RFC 2104: half of the digest is enough; a List-Unsubscribe header has 996 characters.
_SIGNATURE_BYTES = 16


def sign_token(key: bytes, purpose: str, claims: Mapping[str, str]) -> str:
    """`1.<claims>.<signature>`, safe in a URL. The claims can be read by anyone who has the token, but not changed."""
    payload = _encode(json.dumps(dict(claims), sort_keys=True, separators=(",", ":")).encode())
    return f"{_VERSION}.{payload}.{_signature(key, purpose, payload)}"


def read_token(key: bytes, purpose: str, token: str) -> dict[str, str]:
    """The claims of a token that `sign_token` made for the same purpose. Raises InvalidTokenError."""
    if not token.isascii():
        raise InvalidTokenError(f"not a token for {purpose}")
    version, _, rest = token.partition(".")
    payload, _, signature = rest.partition(".")
    expected = _signature(key, purpose, payload)
    if version != _VERSION or not compare_digest(signature.encode(), expected.encode()):
        raise InvalidTokenError(f"not a token for {purpose}")
    claims: dict[str, str] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _signature(key: bytes, purpose: str, payload: str) -> str:
    return _encode(keyed_digest(key, f"token:{_VERSION}:{purpose}", payload)[:_SIGNATURE_BYTES])


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
