"""AWS clients, each built on its first use and kept for the life of the execution environment."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

# Seconds. A call that hangs must fail well inside the shortest function timeout (30 s).
_CONNECT_TIMEOUT, _READ_TIMEOUT = 2, 5
_CONNECTIONS = 25


@cache
def dynamodb() -> "DynamoDBClient":
    return _client("dynamodb", max_attempts=3)  # type: ignore[return-value]


@cache
def sqs() -> "SQSClient":
    return _client("sqs", max_attempts=3)  # type: ignore[return-value]


@cache
def events() -> "EventBridgeClient":
    return _client("events", max_attempts=3)  # type: ignore[return-value]


@cache
def ssm() -> "SSMClient":
    return _client("ssm", max_attempts=3)  # type: ignore[return-value]


@cache
def sesv2() -> "SESV2Client":
    """No automatic retries: SES has no idempotency token, so a retry after a timeout could mail twice."""
    return _client("sesv2", max_attempts=1)  # type: ignore[return-value]


def _client(service: str, *, max_attempts: int) -> object:
    # Imported here: botocore is the most expensive import, and rules and events must not pay for it.
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
        # As many as a function has threads, and some; botocore's own 10 would make them wait for each other.
        max_pool_connections=_CONNECTIONS,
        # A third of a call's CPU goes into these two. mypy knows what a request may hold.
        parameter_validation=False,
        user_agent="rishta",
        retries={"total_max_attempts": max_attempts, "mode": "standard"},
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]
