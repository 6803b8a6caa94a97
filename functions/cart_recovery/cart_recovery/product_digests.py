"""Products, as this room remembers them: by a short digest, for it only compares them, and keeps them for long."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

# So short that two of a customer's products fall together less often than once in billions.
_BYTES = 8


def product_digests(product_ids: Iterable[str]) -> frozenset[str]:
    """Eleven characters for each."""
    return frozenset(map(_digest, product_ids))


def _digest(product_id: str) -> str:
    short = sha256(product_id.encode()).digest()[:_BYTES]
    return urlsafe_b64encode(short).rstrip(b"=").decode()
