"""The stack's one secret, read from SSM on its first use. Every use of it derives a key of its own."""

from functools import cache
from hashlib import sha256
from hmac import digest

from engagement import aws


@cache
def signing_key(parameter: str) -> bytes:
    """The value of the SSM parameter named `parameter`."""
    return aws.ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"].encode()


def keyed_digest(key: bytes, purpose: str, message: str) -> bytes:
    """HMAC-SHA256 under a key that serves `purpose` alone, so that no signature can pass as another's."""
    return digest(digest(key, purpose.encode(), sha256), message.encode(), sha256)
