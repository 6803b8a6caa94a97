"""AWS clients, each built on its first use and kept for the life of the execution environment.

botocore is imported with this module, which doors alone import: while it starts, a function has the CPU to itself.
"""

import encodings.idna  # noqa: F401 - looked for by the first connection to a host
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from botocore import session as botocore_session
from botocore.config import Config

from engagement.startup import prepared
from engagement.swift_parsing import SwiftParserFactory

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

# Seconds. A call that hangs must fail well inside the shortest function timeout (30 s).
_CONNECT_TIMEOUT, _READ_TIMEOUT = 2, 5
_CONNECTIONS = 25
# Amazon's own roots, where the layer has them: reading all that the world trusts takes longer than the call. Every
# commercial region's services, and GovCloud's, have their certificates from these.
_ROOTS = Path("/opt/python/amazon-roots.pem")
_ITS_PARTITIONS = ("aws", "aws-us-gov")


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


@prepared
@cache
def _session() -> botocore_session.Session:
    """botocore's, without boto3 around it, whose resources nobody here uses."""
    session = botocore_session.get_session()
    session.register_component("response_parser_factory", SwiftParserFactory())
    return session


def _client(service: str, *, max_attempts: int) -> object:
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
    session = _session()
    return session.create_client(service, config=config, verify=_roots(session))


def _roots(session: botocore_session.Session) -> str | None:
    """Whose certificates a server's must come from; None: botocore's to say, as whoever deploys wants it."""
    region = session.get_config_variable("region")
    if not _ROOTS.exists() or session.get_config_variable("ca_bundle") or not region:
        return None
    return str(_ROOTS) if session.get_partition_for_region(region) in _ITS_PARTITIONS else None
