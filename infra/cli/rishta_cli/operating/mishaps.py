"""What goes wrong in a drill: SES or a table refuses for a while, and what no door can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Literal

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from local_cloud.cloud import AwsCall, LocalCloud

_GET_ACCOUNT = "before-call.sesv2.GetAccount"
# Cut off in the middle, as a shop's connector might.
BROKEN_PLAN = "shop: {name: Chai & Co"
UNREADABLE = '{"detail-type": "CartUpdated", "detail": {"cart_id":'


@contextmanager
def ses_paused(cloud: LocalCloud) -> Iterator[None]:
    """As AWS pauses an account whose mails bounce too often."""

    def refuse(call: AwsCall, moment: Literal["before", "after"]) -> None:
        if call.operation == "SendEmail" and moment == "before":
            raise _error("SendingPausedException", "Sending paused for this account.", "SendEmail")

    # Whoever asks SES from now on is told so.
    boto3.client("sesv2")
    session: Any = boto3.DEFAULT_SESSION
    session.events.register_first(_GET_ACCOUNT, _tell_paused)
    try:
        with _fault(cloud, refuse):
            yield
    finally:
        session.events.unregister(_GET_ACCOUNT, _tell_paused)


@contextmanager
def table_throttled(cloud: LocalCloud, *tables: str) -> Iterator[None]:
    """Every write to these tables, by logical id, and every read of them is one too many."""
    names = {cloud.resources[table] for table in tables}

    def refuse(call: AwsCall, moment: Literal["before", "after"]) -> None:
        touched = {arn.partition(":table/")[2].partition("/")[0] for arn in call.resources}
        if call.service == "dynamodb" and moment == "before" and touched & names:
            raise _error(
                "ThrottlingException", "Throughput exceeds the maximum of the table.", call.operation
            )

    with _fault(cloud, refuse):
        yield


def _tell_paused(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
    quota = {"SentLast24Hours": 0.0, "Max24HourSend": 50_000.0, "MaxSendRate": 14.0}
    account = {"SendingEnabled": False, "ProductionAccessEnabled": True, "SendQuota": quota}
    return AWSResponse("https://email.local", HTTPStatus.OK, HTTPHeaders(), None), account


@contextmanager
def _fault(cloud: LocalCloud, fault: Any) -> Iterator[None]:
    cloud.faults.append(fault)
    try:
        yield
    finally:
        cloud.faults.remove(fault)


def _error(code: str, message: str, operation: str) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": HTTPStatus.BAD_REQUEST.value},
    }
    return ClientError(answer, operation)
