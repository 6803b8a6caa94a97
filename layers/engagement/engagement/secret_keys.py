"""The stack's secrets, read from SSM on their first use. Every use of one derives a key of its own.

Two kinds: the signing keys behind the links in mails, which are rotated, and the hash key behind suppressed addresses
and offers' codes, which is not: what is kept under it could never be found again.
"""

import time
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from hmac import digest
from typing import Any

from engagement import aws
from engagement.observability import explanation, logger

type SigningKeys = Sequence[bytes]
"""The newest first: it signs. All of them verify."""

# Seconds. Anybody can make up tokens of unknown keys; they must not make us ask SSM each time.
_RENEWED_AT_MOST_EVERY = 60
# Seconds. For so long a key that was taken out, because somebody knows it, is still good.
_RENEWED_AT_LEAST_EVERY = 3600


class KeyRing(Sequence[bytes]):
    """Signing keys that are read again when a token names one that is not among them: a worker may have been running
    since before the keys were rotated. `read` gives them with commas between.
    """

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._renew()

    def __getitem__(self, position: Any) -> Any:
        if time.monotonic() - self._read_at > _RENEWED_AT_LEAST_EVERY:
            self._renew_if_possible()
        return self._keys[position]

    def __len__(self) -> int:
        return len(self._keys)

    def renewed(self) -> bool:
        """Whether they were read anew, which they are not if they were just now."""
        if time.monotonic() - self._read_at < _RENEWED_AT_MOST_EVERY:
            return False
        self._renew()
        return True

    def _renew_if_possible(self) -> None:
        try:
            self._renew()
        except Exception as error:  # noqa: BLE001 - SSM is away: those at hand go on, and it is asked again in a minute
            self._read_at += _RENEWED_AT_MOST_EVERY
            logger().warning("signing keys not read anew", extra=explanation(error))

    def _renew(self) -> None:
        self._keys = tuple(key.encode() for key in self._read().split(",") if key)
        self._read_at = time.monotonic()


@cache
def signing_keys(parameter: str) -> KeyRing:
    """The value of the SSM parameter named `parameter`: keys with commas between them."""
    return KeyRing(lambda: _value(parameter))


@cache
def hash_key(parameter: str) -> bytes:
    """The value of the SSM parameter named `parameter`."""
    return _value(parameter).encode()


def keyed_digest(key: bytes, purpose: str, message: str) -> bytes:
    """HMAC-SHA256 under a key that serves `purpose` alone, so that no signature can pass as another's."""
    return digest(digest(key, purpose.encode(), sha256), message.encode(), sha256)


def _value(parameter: str) -> str:
    return aws.ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"]
