"""The embedded local cloud: runs what a SAM template declares, in this process, with no Docker and no network."""

from local_cloud.aws_environment import REGION, only
from local_cloud.calls import AwsCall, Fault

# moto asks boto3 for its regions while it is imported, which would look for a developer's profile.
with only({"AWS_DEFAULT_REGION": REGION}):
    from local_cloud.cloud import LocalCloud
from local_cloud.declared import FunctionSpec
from local_cloud.http_api import HttpResponse
from local_cloud.runtime import Invocation, Killed, TimedOut
from local_cloud.sent_mail import SentMail

__all__ = [
    "AwsCall",
    "Fault",
    "FunctionSpec",
    "HttpResponse",
    "Invocation",
    "Killed",
    "LocalCloud",
    "SentMail",
    "TimedOut",
]
