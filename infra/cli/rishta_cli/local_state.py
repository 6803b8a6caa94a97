"""The local cloud that remembers: its tables stay from one command to the next."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from dynamodb_local import DynamoDBLocal
from local_cloud.cloud import LocalCloud
from rishta_cli.project import LOCAL_PARAMETERS, LOCAL_STATE


@contextmanager
def remembering_cloud(now: datetime, *, fresh: bool = False) -> Iterator[tuple[LocalCloud, str]]:
    """The cloud at that instant, and the endpoint of its DynamoDB; `fresh` forgets what earlier commands left."""
    if fresh and LOCAL_STATE.exists():
        shutil.rmtree(LOCAL_STATE)
    LOCAL_STATE.mkdir(parents=True, exist_ok=True)
    with (
        DynamoDBLocal(LOCAL_STATE) as engine,
        LocalCloud(now=now, dynamodb_endpoint=engine.endpoint, parameters=LOCAL_PARAMETERS) as cloud,
    ):
        yield cloud, engine.endpoint
