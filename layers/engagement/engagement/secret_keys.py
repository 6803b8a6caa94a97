"""The stack's secrets, read from SSM on their first use. Every use of one derives a key of its own.

Two kinds: the signing keys behind the links in mails, which are rotated, and the hash key behind suppressed addresses
and offers' codes, which is not: what is kept under it could never be found again.
"""

from functools import cache
from hashlib import sha256
from hmac import digest

from engagement import aws

type SigningKeys = tuple[bytes, ...]
"""The newest first: it signs. All of them verify."""


@cache
def signing_keys(parameter: str) -> SigningKeys:
    """The value of the SSM parameter named `parameter`: keys with commas between them."""
    return tuple(key.encode() for key in _value(parameter).split(",") if key)


@cache
def hash_key(parameter: str) -> bytes:
    """The value of the SSM parameter named `parameter`."""
    return _value(parameter).encode()


def keyed_digest(key: bytes, purpose: str, message: str) -> bytes:
    """HMAC-SHA256 under a key that serves `purpose` alone, so that no signature can pass as another's."""
    return digest(digest(key, purpose.encode(), sha256), message.encode(), sha256)


def _value(parameter: str) -> str:
    return aws.ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
