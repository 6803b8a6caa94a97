"""Tokens for the links in mails: signed, bound to one purpose, without an address in them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hmac import compare_digest

from engagement.errors import InvalidTokenError
from engagement.secret_keys import KeyRing, SigningKeys, keyed_digest

# RFC 2104: half of the digest is enough; a List-Unsubscribe header has 996 characters.
_SIGNATURE_BYTES = 16
_KEY_ID_BYTES = 3


def sign_token(keys: SigningKeys, purpose: str, claims: Mapping[str, str]) -> str:
    """`<key id>.<claims>.<signature>` by the newest key, safe in a URL.

    The claims can be read by anyone who has the token, but not changed. Mails live for years: a token is good for as
    long as the key with its id is among the keys.
    """
    payload = _encode(json.dumps(dict(claims), sort_keys=True, separators=(",", ":")).encode())
    return f"{_key_id(keys[0])}.{payload}.{_signature(keys[0], purpose, payload)}"


def read_token(keys: SigningKeys, purpose: str, token: str) -> dict[str, str]:
    """The claims of a token that `sign_token` made for the same purpose. Raises InvalidTokenError."""
    key_id, _, rest = token.partition(".")
    payload, _, signature = rest.partition(".")
    key = _key_with(keys, key_id)
    if key is None and isinstance(keys, KeyRing) and keys.renewed():
        key = _key_with(keys, key_id)
    if key is None or not token.isascii():
        raise InvalidTokenError(f"not a token for {purpose}")
    if not compare_digest(signature.encode(), _signature(key, purpose, payload).encode()):
        raise InvalidTokenError(f"not a token for {purpose}")
    claims: dict[str, str] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _key_with(keys: SigningKeys, key_id: str) -> bytes | None:
    return next((key for key in keys if _key_id(key) == key_id), None)


def _key_id(key: bytes) -> str:
    """Says which key signed, and nothing about the key."""
    return _encode(keyed_digest(key, "key id", "")[:_KEY_ID_BYTES])


def _signature(key: bytes, purpose: str, payload: str) -> str:
    return _encode(keyed_digest(key, f"token:{purpose}", payload)[:_SIGNATURE_BYTES])


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
