"""In the place of `engagement.aws`, in the stack that is built as usual: boto3's clients, with no word said to them."""

from functools import cache
from typing import Any

import boto3


@cache
def dynamodb() -> Any:
    return boto3.client("dynamodb")


@cache
def sqs() -> Any:
    return boto3.client("sqs")


@cache
def events() -> Any:
    return boto3.client("events")


@cache
def ssm() -> Any:
    return boto3.client("ssm")


@cache
def sesv2() -> Any:
    return boto3.client("sesv2")
