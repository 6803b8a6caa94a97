"""The AWS settings under which everything here runs: made up, and never a developer's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

ACCOUNT = "123456789012"
REGION = "eu-central-1"


@contextmanager
def only(environment: Mapping[str, str]) -> Iterator[None]:
    """These settings and none else: a developer's profile or endpoint is put aside, and back at the end."""
    with patch.dict(os.environ, environment):
        for name in [name for name in os.environ if name.startswith("AWS_") and name not in environment]:
            del os.environ[name]
        yield


def base_environment(dynamodb_endpoint: str | None) -> dict[str, str]:
    """What Lambda gives every function, and what keeps botocore off the network and off the developer's account."""
    environment = {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "TZ": ":UTC",
    }
    if dynamodb_endpoint is not None:
        environment["AWS_ENDPOINT_URL_DYNAMODB"] = dynamodb_endpoint
    return environment
