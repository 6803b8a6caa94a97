"""Mail addresses where they need not be read, only known again: under a keyed hash."""

from engagement.secret_keys import keyed_digest


def address_hash(key: bytes, address: str) -> str:
    """The same for one mailbox however it is written; nobody without the stack's hash key can tell whose it is."""
    return keyed_digest(key, "address", address.strip().lower()).hex()
