"""A person's data as a file: all of it, readable by machines, as GDPR's article 20 has it."""

import gzip
import json
import os
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from engagement.clock import to_text
from rishta_cli.customers.catalogue import PLACES
from rishta_cli.customers.holding import Holding
from rishta_cli.customers.person import Person

_OWNERS_ALONE = 0o600


def exported(person: Person, holding: Holding, now: datetime) -> dict[str, Any]:
    """All that is held, by table and queue. Instants are UTC; mails are HTML."""
    tables = {
        name: {
            "capability": PLACES[name].room,
            "what": PLACES[name].what,
            "items": [_plain(item) for item in items],
        }
        for name, items in holding.items.items()
    }
    letters = {queue: [_message(body) for body in bodies] for queue, bodies in holding.letters.items()}
    return {
        "customer_id": person.customer_id,
        "exported_at": to_text(now),
        "tables": tables,
        "messages_that_failed": letters,
    }


def write_export(file: Path, content: Mapping[str, Any]) -> None:
    """Write it where nobody but its owner may read it, from the first byte on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Another's reading rights on an older file of this name must not stay, nor its being a link be followed.
    with suppress(FileNotFoundError):
        file.unlink()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNERS_ALONE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False, indent=2, sort_keys=True)
        out.write("\n")


def _plain(value: Any) -> Any:
    """What DynamoDB has as JSON has it: sets in order, a compressed mail as its text."""
    match value:
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case set() | frozenset():
            return sorted(map(_plain, value))
        case str() | int() | bool() | None:
            return value
        case _:
            return _text(bytes(value))


def _text(value: bytes) -> str:
    try:
        return gzip.decompress(value).decode()
    except (OSError, UnicodeDecodeError):
        return b64encode(value).decode()


def _message(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
