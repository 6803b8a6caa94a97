"""The secrets of a stack, where its functions find them in SSM."""

from datetime import timedelta

import boto3

from rishta_cli.project import import_from_room
from rishta_cli.saying import say
from rishta_cli.stacks import answered

# As the function in the template does.
_KEPT = 12


def hash_key(stack: str) -> bytes:
    """Behind hashed addresses and offers' codes. Raises botocore's ClientError where the stack has none yet."""
    found = boto3.client("ssm").get_parameter(Name=_named(stack, "hash-key"), WithDecryption=True)
    return found["Parameter"]["Value"].encode()


@answered
def rotate(stack: str, *, forget_older: bool, dry_run: bool) -> int:
    """Puts a new signing key in front of a stack's, and says how many verify from then on; the exit code."""
    keeping = import_from_room("key_rotation", "keeping")
    assert keeping, "the room key_rotation keeps the secrets"
    ssm, name = boto3.client("ssm"), _named(stack, "signing-keys")
    keys = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"].split(",")
    kept = 1 if forget_older else _KEPT
    older = min(len(keys), kept - 1)
    say(f"{stack} has {len(keys)} signing keys. A new one signs; {older} older ones verify.")
    if dry_run:
        say("Nothing was changed: --dry-run.")
        return 0
    keeping.SecretKeeping(ssm, name, _named(stack, "hash-key"), timedelta(), kept).renew()
    say("Done. Running functions sign with it within the hour, and take its links within a minute.")
    return 0


def _named(stack: str, secret: str) -> str:
    return f"/{stack}/{secret}"
